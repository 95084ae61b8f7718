"""A made-up region for the tests of the app: three villages, one GP, a supermarket, and no streets at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast, get_args

import numpy as np
import pytest
import streamlit as st

from accessibility.nearest_times import PERCENTS, NearestTimes
from accessibility.origins import place_origins
from accessibility.travel_times import MODES
from accessibility.world import World
from data.build_report import BuildReport
from data.columns import take
from data.on_demand.services import NO_ON_DEMAND
from data.outlines import Outline
from data.places import Facilities, Places
from data.projection import Projection
from data.study_area.region_toml import LayerSource, Region
from network.transit.departures import Window
from scenarios.comparison.compare import Change, Comparison, Group, Outcome
from scenarios.edits.facilities import CloseFacility
from scenarios.edits.scenario import EMPTY, Scenario
from ui.views.day import DayView, Step
from ui.views.design import Basis, DesignView, PlaceRow, design_view
from ui.views.edits import EditView

RD = Projection("EPSG:28992")
NAMES = ("Aa", "Bee", "Cee", "Elders")
PEOPLE = (1, 20, 1_240, 9_000)
INF = float("inf")
LAYERS = (
    LayerSource("places", "places.csv", True, "modelled", "CBS", "2018", "CC BY 4.0", ""),
    LayerSource("timetable", "gtfs.zip", True, "modelled", "line list", "2026", "CC0", ""),
    LayerSource("outlines", "o.geojson", True, "observed", "Kadaster", "2026", "CC BY 4.0", ""),
)
REGION = Region("toy", "Toyland", Path(), RD.crs, date(2026, 10, 6), 9 * 3600, 11 * 3600, "", 0, LAYERS)
HUB_IN_BEE = EditView("hub", "Bee", near=False, kinds=("gp",), lon_deg=6.7, lat_deg=52.8)
HUB_NEAR_CEE = EditView("hub", "Cee", near=True, kinds=("gp",), lon_deg=6.9, lat_deg=52.8)
CLOSED_GP = EditView("closure", "GP Aa", near=False, kinds=("gp",), lon_deg=6.6, lat_deg=52.8)


def toy_world() -> World:
    """Aa, Bee and Cee from west to east, and Elders outside the region; the only GP is in Aa."""
    lon, lat = np.array([6.6, 6.7, 6.8, 7.0]), np.full(4, 52.8)
    x_m, y_m = RD.to_metres(lon, lat)
    ages = np.zeros((4, 4), np.int32)
    ages[:, 1] = PEOPLE
    inside = np.array([True, True, True, False])
    places = Places(
        ("aa", "bee", "cee", "elders"),
        NAMES,
        ("M",) * 4,
        ("village",) * 4,
        x_m,
        y_m,
        ages,
        inside,
        ~inside,
        np.full(4, np.nan),
    )
    facilities = Facilities(
        ("gp-aa", "shop-bee"),
        ("gp", "supermarket"),
        ("GP Aa", "Shop Bee"),
        x_m[:2],
        y_m[:2],
        np.ones(2),
        ("", ""),
        np.array([True, False]),
        ("", "2026-07-28"),
        np.array([True, False]),
        np.array([np.nan, 39.0]),
    )
    ring = ((6.5, 52.7), (6.9, 52.7), (6.9, 52.9), (6.5, 52.9), (6.5, 52.7))
    network = cast("Any", SimpleNamespace(on_demand=NO_ON_DEMAND))  # no view may look at the streets
    return World(
        REGION,
        "digest",
        RD,
        places,
        facilities,
        None,
        (Outline("M", (ring,)),),
        network,
        BuildReport(),
        Window(9 * 3600, 60, 120),
    )


def toy_outcome(seconds: tuple[float, ...], facility: tuple[int, ...]) -> Outcome:
    """By bike to a GP, everybody living at the point of the village."""
    places, times = toy_world().places, toy_times(seconds, facility)
    reason = tuple("" if np.isfinite(time) else "no way over the streets" for time in seconds)
    return Outcome(places, times, reason, place_origins(places), times, known=True)


def toy_times(seconds: tuple[float, ...], facility: tuple[int, ...]) -> NearestTimes:
    """Times by bike to a GP."""
    times = np.array(seconds)
    shape = (len(times), len(PERCENTS))
    served = np.isfinite(times).astype(np.float64)
    rows = np.array(facility, np.int32)
    bike = next(mode for mode in MODES if mode.name == "bike")
    return NearestTimes(
        "gp",
        bike,
        times,
        rows,
        times.copy(),
        np.broadcast_to(times[:, None], shape).copy(),
        served,
        times.copy(),
        times.copy(),
    )


def toy_comparison() -> Comparison:
    """Aa stays at 2 minutes, Bee goes from 20 to 3, Cee from not reached to 9, Elders does not count."""
    before = toy_outcome((120.0, 1200.0, INF, 60.0), (0, 0, -1, 0))
    after = toy_outcome((120.0, 180.0, 540.0, 60.0), (0, 0, 0, 0))
    return Comparison(before, after)


def toy_view(scenario: Scenario = EMPTY) -> DesignView:
    """View of the toy comparison with a limit of 10 minutes."""
    world = toy_world()
    closed = {edit.facility_id for edit in scenario.edits if isinstance(edit, CloseFacility)}
    kept = [row for row, id_ in enumerate(world.facilities.id) if id_ not in closed]
    after = replace(world, facilities=take(world.facilities, np.array(kept, np.int64)))
    return design_view(world, after, scenario, toy_comparison(), 10)


def toy_day(kind: str = "supermarket", mode: str = "transit") -> DayView:
    """Leave Bee at 9:00, walk 4 minutes, wait 6, ride line 27 for 10, visit for 30, and walk home in 40: 90 minutes."""
    steps = (
        Step("street", 32_400, 32_640, "", "Bee, Kerk"),
        Step("wait", 32_640, 33_000, "", "Bee, Kerk"),
        Step("ride", 33_000, 33_600, "27", "Aa, Markt"),
        Step("visit", 33_600, 35_400, "", "Shop Aa"),
        Step("street", 35_400, 37_800, "", ""),
    )
    return DayView(
        kind, mode, steps, "Shop Aa", 30, True, 60.0, 90.0, 130.0, 0.2, 0.0, 25_200, 79_200, 68_640
    )


def row(before: float | None, after: float | None, inhabitants: int = 10) -> PlaceRow:
    """One place with the given minutes."""
    return PlaceRow(
        0,
        "Aa",
        "M",
        inhabitants,
        before,
        after,
        "GP Aa",
        "Hub Aa",
        "",
        modelled_inhabitants=False,
        modelled_service=False,
    )


def view_of(
    within_before: int, within_after: int, edits: tuple[EditView, ...], rows: tuple[PlaceRow, ...] = ()
) -> DesignView:
    """View with made-up totals: a GP within 10 minutes by bike, of 5,000 inhabitants who live as the rows say."""
    basis = Basis(
        REGION.service_date,
        "adult",
        9 * 3600,
        11 * 3600,
        arrives=False,
        uses_timetable=False,
        cells=False,
        layers=LAYERS[:1],
    )
    return DesignView(
        "gp", "bike", 10, edits, rows, within_before, within_after, 5_000, effect_of(rows), basis
    )


def effect_of(rows: tuple[PlaceRow, ...]) -> dict[Change, Group]:
    """What happens to the inhabitants of some rows, added up by hand."""
    groups: dict[Change, Group] = {}
    for change in get_args(Change):
        changed = [row for row in rows if row.change == change]
        people = sum(row.inhabitants for row in changed)
        person_s = sum(abs(row.difference_min or 0.0) * 60.0 * row.inhabitants for row in changed)
        groups[change] = Group(people, person_s / max(people, 1))
    return groups


def begin_at(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Let the app begin at the page of a path, "" for the first: without a browser there is no path to ask for."""
    real = st.Page

    def chosen(
        page: Callable[[], None], *, title: str, url_path: str, default: bool = False, **more: Any
    ) -> object:
        del default
        return real(page, title=title, url_path=url_path or "first", default=url_path == path, **more)

    monkeypatch.setattr(st, "Page", chosen)

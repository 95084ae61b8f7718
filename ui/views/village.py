"""What the page "My village" shows, as plain frozen values: one village, its services, and how others fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accessibility.indicators import mean_seconds
from accessibility.nearest_times import NearestTimes
from accessibility.world import World
from data.columns import Strings
from data.places import AGE_BANDS
from data.study_area.published_figures import NEAREST, Control
from scenarios.comparison.compare import Outcome
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from ui.views.day import DayView
from ui.views.design import Basis, basis_of, facility_name, minutes

USUAL_INHABITANTS = 1_600
CBS = "CBS"


class Summary(NamedTuple):
    """One kind and mode, small enough to keep many of."""

    times: NearestTimes
    """Of the points of the places."""
    reason: Strings
    mean_s: Mapping[str, float]
    """Of the residents of each municipality of the region, and under "" of all."""


def summary(outcome: Outcome) -> Summary:
    """Times of the places, and the means of those who live in each municipality."""
    places, residents = outcome.places, outcome.residents
    seconds, people = outcome.resident_times.seconds, residents.people
    names = np.array(["", *places.municipality], dtype=object)[residents.place + 1]
    inside = residents.in_region
    groups = {name: inside & (names == name) for name in sorted(set(places.municipality) - {""})}
    means = {name: mean_seconds(seconds[rows], people[rows]) for name, rows in groups.items()}
    return Summary(
        outcome.times, outcome.reason, {"": mean_seconds(seconds[inside], people[inside]), **means}
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """From the village to the nearest service of a kind by one mode; None where it is not reached."""

    mode: str
    minutes: float | None
    well_min: float | None
    missed_min: float | None
    served_share: float
    km: float | None
    """Along the street; None with public transport."""
    facility: str
    municipality_min: float | None
    region_min: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of service as the village has it, now and with the changes; one reading per mode."""

    kind: str
    nearest_id: str
    """Id of the facility people go to now by their own means, "" for none."""
    nearest: str
    modelled: bool
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]


class Published(NamedTuple):
    """Mean distance over the road of the inhabitants of a municipality, as Statistics Netherlands (CBS) published it."""

    kind: str
    km: float
    year: str


@dataclass(frozen=True, slots=True)
class VillageView:
    """Everything about one village."""

    row: int
    id: str
    name: str
    municipality: str
    inhabitants: int
    old: int
    """Persons of 75 and older."""
    modelled_inhabitants: bool
    lon_deg: float
    lat_deg: float
    modes: tuple[str, ...]
    services: tuple[Service, ...]
    days: tuple[DayView, ...]
    """Trips there and back, with the changes."""
    published: tuple[Published, ...]
    """Of the municipality."""
    basis: Basis

    def service(self, kind: str) -> Service | None:
        """The service of a kind, None where the region knows none."""
        return next((service for service in self.services if service.kind == kind), None)


def reading(before: Summary, row: int, municipality: str, facility: str) -> Reading:
    """One village in a summary."""
    times = before.times
    return Reading(
        mode=times.mode.name,
        minutes=minutes(float(times.seconds[row])),
        well_min=minutes(float(times.planned_s[row])),
        missed_min=minutes(float(times.missed_s[row])),
        served_share=float(times.served_share[row]),
        km=None if not np.isfinite(times.metres[row]) else float(times.metres[row]) / 1000.0,
        facility=facility,
        municipality_min=minutes(before.mean_s.get(municipality, np.inf)),
        region_min=minutes(before.mean_s[""]),
        reason=before.reason[row],
    )


def village_view(
    worlds: tuple[World, World],
    row: int,
    found: Mapping[str, tuple[tuple[Summary, Summary], ...]],
    days: tuple[DayView, ...],
    controls: tuple[Control, ...],
) -> VillageView:
    """Put together what is known of the place in `row`.

    Parameters
    ----------
    worlds
        Before and after the changes.
    row
        Row of Places.
    found
        For each kind, in order, the summaries before and after of every mode, in order.
    days
        Trips there and back that the page tells.
    controls
        Published figures of the region.

    """
    world, places = worlds[0], worlds[0].places
    lon, lat = world.projection.to_lonlat(places.x_m[row : row + 1], places.y_m[row : row + 1])
    modes = tuple(before.times.mode.name for before, _ in next(iter(found.values())))
    return VillageView(
        row=row,
        id=places.id[row],
        name=places.name[row],
        municipality=places.municipality[row],
        inhabitants=int(places.inhabitants[row]),
        old=int(places.inhabitants_by_age[row, AGE_BANDS.index("75plus")]),
        modelled_inhabitants=bool(places.modelled[row]),
        lon_deg=float(lon[0]),
        lat_deg=float(lat[0]),
        modes=modes,
        services=tuple(_service(worlds, row, kind, pairs) for kind, pairs in found.items()),
        days=days,
        published=published(controls, places.municipality[row]),
        basis=basis_of(world, "transit"),
    )


def published(controls: tuple[Control, ...], municipality: str) -> tuple[Published, ...]:
    """Distances that CBS published of a municipality; figures of others, or of another source, are left out."""
    return tuple(
        Published(NEAREST[control.indicator], control.value, control.year)
        for control in controls
        if control.indicator in NEAREST
        and control.area == municipality
        and control.unit == "km"
        and control.source.startswith(CBS)
    )


def _service(
    worlds: tuple[World, World], row: int, kind: str, pairs: tuple[tuple[Summary, Summary], ...]
) -> Service:
    municipality = worlds[0].places.municipality[row]
    # Nearest by own means: the quickest of the modes that do not ride, on foot or by bike, not by car.
    own = next((before.times for before, _ in pairs if before.times.mode.name in {"bike", "ebike"}), None)
    times = own if own is not None else pairs[0][0].times
    at = int(times.facility[row])
    facilities = worlds[0].facilities
    sides = tuple(
        tuple(
            reading(
                pair[side],
                row,
                municipality,
                facility_name(worlds[side].facilities, int(pair[side].times.facility[row])),
            )
            for pair in pairs
        )
        for side in (0, 1)
    )
    return Service(
        kind=kind,
        nearest_id=facilities.id[at] if at >= 0 else "",
        nearest=facility_name(facilities, at),
        modelled=at >= 0 and bool(facilities.modelled[at]),
        before=sides[0],
        after=sides[1],
    )


def what_if(choice: str, village: VillageView, offers: tuple[str, ...]) -> Scenario | None:
    """Scenario of one click: a hub in the village, or its own service closed; None where there is nothing to try."""
    if choice == "hub":
        return Scenario("", "", (PlaceHub(place_id=village.id, kinds=offers),))
    service = village.service(choice.removeprefix("close-"))
    if service is None or not service.nearest_id:
        return None
    return Scenario("", "", (CloseFacility(service.nearest_id),))


def place_row(world: World, place_id: str) -> int:
    """Row of a place of the region; for an unknown id that of a usual village, so that every visit has an answer."""
    places = world.places
    if place_id in places.id and places.in_region[places.id.index(place_id)]:
        return places.id.index(place_id)
    # Neither a town nor a hamlet: the village whose size is nearest to what a village of one's own usually is.
    villages = places.in_region & (np.array(places.kind, dtype=object) == "village")
    candidates = np.flatnonzero(villages if villages.any() else places.in_region)
    if not len(candidates):
        return 0
    return int(candidates[np.argmin(np.abs(places.inhabitants[candidates] - USUAL_INHABITANTS))])

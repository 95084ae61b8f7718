"""What the pages show, as plain frozen values in minutes and persons: no streamlit and no arrays in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import inf, isfinite

import numpy as np

from accessibility.world import World
from data.places import Facilities
from data.study_area.region_toml import LayerSource
from network.transit.departures import Window
from scenarios.comparison.compare import Change, Comparison, Group, effect
from scenarios.edits.facilities import HUB_ID, NEW_ID
from scenarios.edits.scenario import Scenario
from ui.views.edits import EditView, edit_views
from ui.views.services import PLANNED, Known
from ui.words.words import KINDS, NOT_FOR_HUBS, TIMETABLE_MODES

SAME_BELOW_MIN = 1.0
SECONDS_PER_MINUTE = 60.0
HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of the region before and after; None where it is not reached or no service was found."""

    row: int
    name: str
    municipality: str
    inhabitants: int
    before_min: float | None
    after_min: float | None
    facility_before: str
    facility_after: str
    reason: str
    modelled_inhabitants: bool
    modelled_service: bool

    @property
    def difference_min(self) -> float | None:
        """Minutes after minus before, None unless the place is reached both times."""
        if self.before_min is None or self.after_min is None:
            return None
        return self.after_min - self.before_min

    @property
    def change(self) -> Change:
        """What happens to the travel time of this place."""
        if self.before_min is None:
            return "never" if self.after_min is None else "won"
        if self.after_min is None:
            return "lost"
        difference = self.after_min - self.before_min
        if abs(difference) < SAME_BELOW_MIN:
            return "same"
        return "shorter" if difference < 0 else "longer"


def order(row: PlaceRow) -> tuple[float, float, int]:
    """Winners and losers first, the largest change on top; without changes the longest travel time."""
    size = {"won": inf, "lost": inf, "same": 0.0, "never": 0.0}.get(
        row.change, abs(row.difference_min or 0.0)
    )
    return (-size, -(row.before_min if row.before_min is not None else inf), -row.inhabitants)


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures rest on."""

    service_date: date
    traveller: str
    """Id of the traveller."""
    window_start: int
    window_end: int
    arrives: bool
    """Whether people must be there at the end of it, and leave as late as they can."""
    uses_timetable: bool
    cells: bool
    """Whether people are counted in cells, not at the points of their places."""
    layers: tuple[LayerSource, ...]

    @property
    def modelled(self) -> tuple[LayerSource, ...]:
        """The layers that were made by a rule instead of observed."""
        return tuple(layer for layer in self.layers if layer.origin == "modelled")


@dataclass(frozen=True, slots=True)
class Standing:
    """A service of the kind that is shown, on the map; a closed one where it stood."""

    id: str
    name: str
    lon_deg: float
    lat_deg: float
    known: Known
    closed: bool = False


@dataclass(frozen=True, slots=True)
class DesignView:
    """Everything the design page shows for one scenario, kind, mode and limit."""

    kind: str
    mode: str
    limit_min: int
    edits: tuple[EditView, ...]
    rows: tuple[PlaceRow, ...]
    within_before: int
    within_after: int
    inhabitants: int
    effect: Mapping[Change, Group]
    basis: Basis
    known: bool = True
    """Whether it is known where the kind is, before and after; if not, nobody's time is."""
    services_before: tuple[Standing, ...] = ()
    services_after: tuple[Standing, ...] = ()
    """Services of the kind as they stand, and with the changes."""

    def inhabitants_with(self, *changes: Change) -> int:
        """Persons to whom one of these `changes` happens."""
        return sum(self.effect[change].people for change in changes)

    def mean_minutes(self, change: Change) -> float:
        """Mean change in minutes of the inhabitants with this `change`, "shorter" or "longer"; 0 when there are none."""
        return self.effect[change].mean_s / SECONDS_PER_MINUTE

    @property
    def hubs_offer_kind(self) -> bool:
        """Whether each hub of the scenario offers the kind that is shown."""
        return all(self.kind in (*edit.kinds, "hub") for edit in self.in_force if edit.action == "hub")

    @property
    def in_force(self) -> tuple[EditView, ...]:
        """Those of the changes that hold in the year that it is."""
        return tuple(edit for edit in self.edits if edit.holds)


def kinds_in(world: World) -> tuple[str, ...]:
    """Kinds that can be chosen: those that occur, and the hub."""
    present = {*world.facilities.kind, "hub"}
    return tuple(kind for kind in KINDS if kind in present)


def hub_kinds(world: World) -> tuple[str, ...]:
    """Kinds that a hub can offer here."""
    return tuple(kind for kind in kinds_in(world) if kind not in NOT_FOR_HUBS)


def minutes(seconds: float) -> float | None:
    """Seconds as minutes; infinity becomes None."""
    return seconds / SECONDS_PER_MINUTE if isfinite(seconds) else None


def place_rows(world: World, after_world: World, comparison: Comparison) -> tuple[PlaceRow, ...]:
    """One row per place of the region, in the order of the places table."""
    rows = world.places.in_region.nonzero()[0].tolist()
    people = world.places.inhabitants[rows].tolist()
    return tuple(
        _place_row(row, inhabitants, world, after_world.facilities, comparison)
        for row, inhabitants in zip(rows, people, strict=True)
    )


def _place_row(
    row: int, inhabitants: int, world: World, facilities_after: Facilities, comparison: Comparison
) -> PlaceRow:
    before, after, places = comparison.before.times, comparison.after.times, world.places
    goes_to = ((world.facilities, int(before.facility[row])), (facilities_after, int(after.facility[row])))
    return PlaceRow(
        row=row,
        name=places.name[row],
        municipality=places.municipality[row],
        inhabitants=inhabitants,
        before_min=minutes(float(before.seconds[row])),
        after_min=minutes(float(after.seconds[row])),
        facility_before=facility_name(*goes_to[0]),
        facility_after=facility_name(*goes_to[1]),
        reason=comparison.after.reason[row],
        modelled_inhabitants=bool(places.modelled[row]),
        modelled_service=any(
            at >= 0 and bool(facilities.modelled[at]) and not is_plan(facilities.id[at])
            for facilities, at in goes_to
        ),
    )


def standing(
    facilities: Facilities, kind: str, world: World, *, closed: frozenset[str] | None = None
) -> tuple[Standing, ...]:
    """Services of a kind on the map: all of them, or those of the ids in `closed`, as closed."""
    rows = [
        row
        for row, of in enumerate(facilities.kind)
        if of == kind and (closed is None or facilities.id[row] in closed)
    ]
    lon_deg, lat_deg = world.projection.to_lonlat(facilities.x_m[rows], facilities.y_m[rows])
    return tuple(
        Standing(
            facilities.id[row],
            facilities.name[row],
            lon,
            lat,
            PLANNED if is_plan(facilities.id[row]) else Known.of(facilities, row),
            closed is not None,
        )
        for row, lon, lat in zip(rows, lon_deg.tolist(), lat_deg.tolist(), strict=True)
    )


def is_plan(facility_id: str) -> bool:
    """Whether a scenario brings it: then it is neither observed nor modelled."""
    return facility_id.startswith((HUB_ID, NEW_ID))


def facility_name(facilities: Facilities, row: int) -> str:
    """Name of a facility, "" for none."""
    return "" if row < 0 else facilities.name[row]


def nearest_inside(world: World, lon_deg: float, lat_deg: float) -> int:
    """Row of the place of the region closest to a point, straight-line."""
    places = world.places
    x_m, y_m = world.projection.to_metres(np.array([lon_deg]), np.array([lat_deg]))
    squared = (places.x_m - x_m[0]) ** 2 + (places.y_m - y_m[0]) ** 2
    return int(np.where(places.in_region, squared, np.inf).argmin())


def nearest_stop(world: World, lon_deg: float, lat_deg: float) -> str:
    """Id of the stop closest to a point, straight-line; "" without a timetable."""
    x_m, y_m = world.projection.to_metres(np.array([lon_deg]), np.array([lat_deg]))
    stops = world.network.service.stops
    if not len(stops.x_m):
        return ""
    squared = (stops.x_m - x_m[0]) ** 2 + (stops.y_m - y_m[0]) ** 2
    return world.network.service.timetable.stops.id[int(squared.argmin())]


def departures_of(window: Window) -> Window:
    """Departures that trips there and back, and areas within reach, are told of: the hour before where one must be there by a time."""
    return Window(max(window.last - HOUR_S, 0), 60, 60) if window.arrives else window


def as_departures(basis: Basis) -> Basis:
    """Basis of figures over `departures_of` the window."""
    if not basis.arrives:
        return basis
    return replace(basis, window_start=max(basis.window_end - HOUR_S, 0), arrives=False)


def basis_of(world: World, mode: str) -> Basis:
    """Traveller, day, hours and layers behind figures of `mode`."""
    uses_timetable = mode in TIMETABLE_MODES
    ignored = {"outlines", "broadband"} | (set() if uses_timetable else {"timetable"})
    window = world.window
    return Basis(
        service_date=world.region.service_date,
        traveller=world.traveller.id,
        window_start=window.first,
        window_end=window.last if window.arrives else window.first + window.n * window.step_s,
        arrives=window.arrives,
        uses_timetable=uses_timetable,
        cells=world.grid is not None,
        layers=tuple(layer for layer in world.region.layers if layer.layer not in ignored),
    )


def design_view(
    world: World, after_world: World, scenario: Scenario, comparison: Comparison, limit_min: int
) -> DesignView:
    """Put together what the design page shows."""
    before, after = (
        side.totals(limit_min * SECONDS_PER_MINUTE) for side in (comparison.before, comparison.after)
    )
    times = comparison.before.times
    gone = frozenset({*world.facilities.id} - {*after_world.facilities.id})
    return DesignView(
        kind=times.kind,
        mode=times.mode.name,
        limit_min=limit_min,
        edits=edit_views(world, scenario),
        rows=place_rows(world, after_world, comparison),
        within_before=before.people_within,
        within_after=after.people_within,
        inhabitants=before.people,
        effect=effect(comparison, comparison.after.residents.people, SAME_BELOW_MIN * SECONDS_PER_MINUTE),
        basis=basis_of(world, times.mode.name),
        known=comparison.known,
        services_before=standing(world.facilities, times.kind, world),
        services_after=(
            *standing(after_world.facilities, times.kind, world),
            *standing(world.facilities, times.kind, world, closed=gone),
        ),
    )

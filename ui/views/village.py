"""What the page "My village" shows, as plain frozen values: one village, its services, and how others fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility.indicators import mean_seconds
from accessibility.nearest_times import NearestTimes
from accessibility.world import World
from data.columns import Floats, Int32s, Strings
from data.places import AGE_BANDS, Facilities
from data.study_area.published_figures import NEAREST, Control
from scenarios.comparison.compare import Outcome
from scenarios.edits.facilities import CloseFacility, FacilityEdit, PlaceHub
from ui.views.day import DayView
from ui.views.design import SECONDS_PER_MINUTE, Basis, basis_of, facility_name, is_plan, minutes

USUAL_INHABITANTS = 1_600
SPREAD = (0.05, 0.95)
"""Shares of the residents of a place between whose times its spread lies."""
BESIDE_S, SPREAD_FROM_S = 90.0, 60.0
"""A dot nearer than this to a facility stands beside it; and how much residents must differ for that to be told."""
CBS = "CBS"


class Summary(NamedTuple):
    """One kind and mode, small enough to keep many of."""

    times: NearestTimes
    """Of the points of the places."""
    reason: Strings
    mean_s: Mapping[str, float]
    """Of the residents of each municipality of the region, and under "" of all."""
    spread_s: tuple[Floats, Floats]
    """(P,) each: between these lie the times of nine in ten residents of a place; inf where one of the ends is not reached."""
    known: bool
    """Whether it is known where the kind is."""


def summary(outcome: Outcome) -> Summary:
    """Times of the places, and the means of those who live in each municipality."""
    places, residents = outcome.places, outcome.residents
    seconds, people = outcome.resident_times.seconds, residents.people
    names, of_place = np.unique(["", *places.municipality], return_inverse=True)
    number, inside = of_place[residents.place + 1], residents.in_region
    groups = {str(name): inside & (number == row) for row, name in enumerate(names) if name}
    means = {name: mean_seconds(seconds[rows], people[rows]) for name, rows in groups.items()}
    return Summary(
        outcome.times,
        outcome.reason,
        {"": mean_seconds(seconds[inside], people[inside]), **means},
        spread(residents.place, seconds, people, len(places.id)),
        outcome.known,
    )


def spread(place: Int32s, seconds: Floats, people: Int32s, n_places: int) -> tuple[Floats, Floats]:
    """(P,) each: the least time that one in twenty residents of a place needs at most, and that all but one in twenty do."""
    counted = np.flatnonzero((people > 0) & (place >= 0))
    order = counted[np.lexsort((seconds[counted], place[counted]))]
    up_to = np.cumsum(people[order], dtype=np.int64)
    total = np.bincount(place[order], people[order], n_places)
    before = np.cumsum(total) - total
    lived_in = np.flatnonzero(total)
    ends = [np.full(n_places, np.inf) for _ in SPREAD]
    for end, share in zip(ends, SPREAD, strict=True):
        end[lived_in] = seconds[order[np.searchsorted(up_to, (before + share * total)[lived_in])]]
    return ends[0], ends[1]


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
    spread_min: tuple[float, float] | None = None
    """Between these lie the times of nine in ten inhabitants, where the dot of the village stands beside the facility."""
    on_foot: bool = False
    """Whether walking all the way is what is quickest, though a bus might be taken."""
    in_village: bool = False
    """Whether the facility stands in the village."""


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of service as the village has it, now and with the changes; one reading per mode."""

    kind: str
    nearest_id: str
    """Id of the facility people go to by their own means, with the changes; "" for none."""
    nearest: str
    """Its name; "" where each mode has its own, or none has any."""
    modelled: bool
    before: tuple[Reading, ...]
    after: tuple[Reading, ...]
    known: bool = True
    """Whether it is known where the kind is."""


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


def reading(found: Summary, row: int, municipality: str, facilities: Facilities) -> Reading:
    """One village in a summary."""
    times = found.times
    low_s, high_s = (float(end[row]) for end in found.spread_s)
    seconds = float(times.seconds[row])
    beside = seconds < BESIDE_S and np.isfinite(high_s) and high_s - low_s >= SPREAD_FROM_S
    return Reading(
        mode=times.mode.name,
        minutes=minutes(seconds),
        well_min=minutes(float(times.planned_s[row])),
        missed_min=minutes(float(times.missed_s[row])),
        served_share=float(times.served_share[row]),
        km=None if not np.isfinite(times.metres[row]) else float(times.metres[row]) / 1000.0,
        facility=facility_name(facilities, int(times.facility[row])),
        municipality_min=minutes(found.mean_s.get(municipality, np.inf)),
        region_min=minutes(found.mean_s[""]),
        reason=found.reason[row],
        spread_min=(low_s / SECONDS_PER_MINUTE, high_s / SECONDS_PER_MINUTE) if beside else None,
    )


def readings(world: World, row: int, found: tuple[Summary, ...]) -> tuple[Reading, ...]:
    """One village by every mode; with public transport it is told where walking all the way is as quick."""
    municipality, facilities = world.places.municipality[row], world.facilities
    on_foot = next((of.times for of in found if of.times.mode.name == "walk"), None)
    told = []
    for of in found:
        times, at = of.times, int(of.times.facility[row])
        walks = (
            on_foot is not None
            and times.mode.rides
            and bool(np.isfinite(times.seconds[row]))
            and bool(times.planned_s[row] >= on_foot.seconds[row])
        )
        in_village = (
            at >= 0 and place_near(world, float(facilities.x_m[at]), float(facilities.y_m[at])) == row
        )
        told.append(replace(reading(of, row, municipality, facilities), on_foot=walks, in_village=in_village))
    return tuple(told)


def place_near(world: World, x_m: float, y_m: float) -> int:
    """Row of the place nearest to a point, straight-line."""
    places = world.places
    return int(np.hypot(places.x_m - x_m, places.y_m - y_m).argmin())


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
    before, after = (
        readings(world, row, tuple(pair[side] for pair in pairs)) for side, world in enumerate(worlds)
    )
    # Nearest by own means: the quickest of the modes that do not ride, on foot or by bike, not by car.
    own = next((of.times for _, of in pairs if of.times.mode.name in {"bike", "ebike"}), pairs[0][1].times)
    at, facilities = int(own.facility[row]), worlds[1].facilities
    visited = {of.facility for of in after if of.facility}
    return Service(
        kind=kind,
        nearest_id=facilities.id[at] if at >= 0 else "",
        nearest=facility_name(facilities, at) if len(visited) == 1 else "",
        modelled=at >= 0 and bool(facilities.modelled[at]) and not is_plan(facilities.id[at]),
        before=before,
        after=after,
        known=all(of.known for pair in pairs for of in pair),
    )


def what_if(choice: str, village: VillageView, offers: tuple[str, ...]) -> FacilityEdit | None:
    """Change of one click: a hub in the village, or its own service closed; None where there is nothing to try."""
    if choice == "hub":
        return PlaceHub(place_id=village.id, kinds=offers)
    service = village.service(choice.removeprefix("close-"))
    return CloseFacility(service.nearest_id) if service is not None and service.nearest_id else None


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

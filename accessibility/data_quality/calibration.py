"""Results beside published figures: distances to services, inhabitants, areas within reach by car, and observed journeys.

Statistics Netherlands measures from each home address over car roads to the nearest service in the country, and weights
by persons. Here every population cell stands for its addresses, the way is the shortest, and services outside the
country are left out; the walk from the middle of a cell to the road is not counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accessibility.data_quality.car_area import GAP_M, CarOutlines, car_area, car_outlines
from accessibility.data_quality.flows import FlowCheck, check_flows
from accessibility.data_quality.road_distance import RoadDistances
from accessibility.travel_network import Points
from accessibility.world import World
from data.columns import Bools, Floats, Int32s
from data.gtfs.tracks import RAIL_TYPES
from data.live.areas import Areas
from data.study_area.observed_flows import Flows
from data.study_area.published_figures import AGED, CAR_AREA, INHABITANTS, NEAREST, POSTCODE, Control

OUTLIER_SHARE = 0.2
"""A deviation of more than this share of the published figure is looked into."""
OTHER_GAPS_M = (500.0, 1500.0)
"""How much an area within reach by car depends on what is filled is shown by these."""
AGED_BANDS = slice(2, None)
"""65 and over, among `data.places.AGE_BANDS`."""
_MINUTES = re.compile(CAR_AREA.format(minutes=r"(\d+)"))
_AGED = re.compile(rf"{AGED}\b")
_INHABITANTS = re.compile(rf"{INHABITANTS}(?! aged)\b")


@dataclass(frozen=True, slots=True)
class Deviation:
    """A modelled mean distance beside a published one.

    Attributes
    ----------
    control
        The published figure, in km.
    kind
        What is nearest.
    level
        ``municipality``, ``neighbourhood``, ``place`` (the code is the id of one), or ``other area``: one that holds the region,
        or is not quite it.
    modelled_km
        Mean over the persons who reach one; inf when nobody does.
    people
        Persons it is the mean of.
    reason
        Why it may differ, in words.

    """

    control: Control
    kind: str
    level: str
    modelled_km: float
    people: int
    reason: str

    @property
    def deviation_km(self) -> float:
        """Modelled less published."""
        return self.modelled_km - self.control.value

    @property
    def share(self) -> float:
        """Deviation as a share of the published figure."""
        return self.deviation_km / self.control.value if self.control.value else np.inf

    @property
    def is_outlier(self) -> bool:
        """Whether it differs by more than `OUTLIER_SHARE`."""
        return abs(self.share) > OUTLIER_SHARE


@dataclass(frozen=True, slots=True)
class AreaCheck:
    """A modelled area within reach by car beside a published one, in km2.

    `others_km2` are those with `OTHER_GAPS_M`, `outlines` those by other definitions.
    """

    control: Control
    minutes: int
    km2: float
    others_km2: tuple[float, ...]
    edge_share: float
    outlines: CarOutlines
    reason: str


@dataclass(frozen=True, slots=True)
class PeopleCheck:
    """Persons in the region's cells beside those published; `level` as of a `Deviation`, or ``postcode``."""

    control: Control
    level: str
    persons: int

    @property
    def share(self) -> float:
        """Deviation as a share of the published figure; nan where nobody was published."""
        return self.persons / self.control.value - 1 if self.control.value else np.nan


@dataclass(frozen=True, slots=True)
class Calibration:
    """A region beside all its published figures; `left_out` are those of which nothing here is the like."""

    title: str
    deviations: tuple[Deviation, ...]
    areas: tuple[AreaCheck, ...]
    people: tuple[PeopleCheck, ...]
    left_out: tuple[Control, ...]
    flows: tuple[FlowCheck, ...] = ()

    def mean_and_median(self, level: str) -> tuple[float, float, int]:
        """Mean and median deviation in km of one level, and of how many; nan of none."""
        found = [row.deviation_km for row in self.deviations if row.level == level]
        found = [value for value in found if np.isfinite(value)]
        if not found:
            return np.nan, np.nan, 0
        return float(np.mean(found)), float(np.median(found)), len(found)


class _Ground:
    """Who lives where, and what is nearest to them, each worked out once."""

    def __init__(self, world: World, controls: Sequence[Control], hoods: Areas, country: Areas) -> None:
        self.world, self.residents, self.hoods = world, world.residents, hoods
        lon_deg, lat_deg = world.projection.to_lonlat(*self.residents.points)
        # Neighbourhoods and postcodes lie over each other: a resident is of several areas.
        self._resident, self._hood = hoods.pairs(lon_deg, lat_deg)
        self._municipality = np.array([*world.places.municipality, ""])[self.residents.place]
        self._country = country
        self._hospitals = sorted(
            {(one.lon_deg, one.lat_deg) for one in controls if _MINUTES.fullmatch(one.indicator)}
        )
        self._roads = RoadDistances(world.network)
        self._metres: dict[str, Floats] = {}

    def within(self, control: Control) -> tuple[str, Bools]:
        """Level of a figure, and which residents it is of."""
        inside = self.residents.in_region
        if control.code in self.hoods.code:
            there = np.zeros(len(inside), np.bool_)
            there[self._resident[self._hood == self.hoods.code.index(control.code)]] = True
            return "postcode" if control.code.startswith(POSTCODE) else "neighbourhood", there
        if control.code in self.world.places.id:
            return "place", self.residents.place == self.world.places.id.index(control.code)
        here = (self._municipality == control.area) & inside
        if here.any():
            return "municipality", here
        # A code names one area exactly: nothing else is the like of it.
        return "other area", inside & (not control.code)

    def targets(self, kind: str) -> Points:
        """Where there is one of a kind; those outside the country are left out."""
        world = self.world
        if kind == "station":
            trips = world.network.service.timetable.trips
            call = np.repeat(np.isin(trips.route_type, RAIL_TYPES), np.diff(trips.call_offset))
            stops = np.unique(trips.call_stop[call])
            points = Points(world.network.service.stop_x_m[stops], world.network.service.stop_y_m[stops])
        elif kind in ("hospital", "gp_post"):
            lonlat = np.array(self._hospitals, np.float64).reshape(-1, 2)
            points = Points(*world.projection.to_metres(lonlat[:, 0], lonlat[:, 1]))
        else:
            rows = [row for row, of in enumerate(world.facilities.kind) if of == kind]
            points = Points(world.facilities.x_m[rows], world.facilities.y_m[rows])
        if len(self._country.name):
            lon_deg, lat_deg = world.projection.to_lonlat(*points)
            own = self._country.holding(lon_deg, lat_deg) >= 0
            points = Points(points.x_m[own], points.y_m[own])
        return points

    def metres(self, kind: str) -> Floats:
        """(O,) float64, from each resident to the nearest of a kind."""
        if kind not in self._metres:
            self._metres[kind] = self._roads.to_nearest_m(self.residents.points, self.targets(kind))
        return self._metres[kind]


def calibrate(
    world: World, controls: Sequence[Control], hoods: Areas, country: Areas, flows: Flows
) -> Calibration:
    """Compare a region with published figures.

    Parameters
    ----------
    world
        The region as it is.
    controls
        The figures.
    hoods
        Neighbourhoods and postcodes that some of the figures and flows are of, may be none.
    country
        One area outside of which services do not count; none where all do.
    flows
        Observed journeys, may be none.

    """
    ground = _Ground(world, controls, hoods, country)
    deviations: list[Deviation] = []
    areas: list[AreaCheck] = []
    people: list[PeopleCheck] = []
    left_out: list[Control] = []
    for control in controls:
        minutes = _MINUTES.fullmatch(control.indicator)
        level, here = ground.within(control)
        if minutes:
            areas.append(_area(world, control, int(minutes[1])))
            continue
        distance = control.indicator in NEAREST and control.area != "Netherlands"
        row = _deviation(ground, control, level, here) if distance else None
        persons = _persons(ground, control, here) if level != "other area" else None
        if row is not None and row.people:
            deviations.append(row)
        elif persons is not None:
            people.append(PeopleCheck(control, level, persons))
        else:
            left_out.append(control)
    return Calibration(
        world.region.title,
        tuple(deviations),
        tuple(areas),
        tuple(people),
        tuple(left_out),
        check_flows(world, flows, hoods),
    )


def _persons(ground: _Ground, control: Control, here: Bools) -> int | None:
    if control.unit != "persons":
        return None
    by_age: Int32s = ground.residents.people_by_age[here]
    if _AGED.match(control.indicator):
        by_age = by_age[:, AGED_BANDS]
    elif not _INHABITANTS.match(control.indicator):
        return None
    return int(by_age.sum(dtype=np.int64))


def _deviation(ground: _Ground, control: Control, level: str, here: Bools) -> Deviation:
    kind = NEAREST[control.indicator]
    metres, people = ground.metres(kind), ground.residents.people
    counted = here & np.isfinite(metres)
    n_people = int(people[counted].sum(dtype=np.int64))
    mean_km = float((metres[counted] * people[counted]).sum() / n_people / 1000) if n_people else np.inf
    row = Deviation(control, kind, level, mean_km, n_people, "")
    return Deviation(control, kind, level, mean_km, n_people, _reason(ground, row))


def _reason(ground: _Ground, row: Deviation) -> str:
    """Most likely reasons of a deviation, from what is known of the data; none of them is proven."""
    facilities, kind = ground.world.facilities, row.kind
    found = []
    if row.level == "other area":
        found.append(f"the published figure is of {row.control.area}, not of the region")
    if kind == "gp_post":
        found.append("taken to be at the hospitals of the table, which is an assumption")
    if kind in ("hospital", "gp_post"):
        found.append(
            f"only {len(ground.targets(kind).x_m)} hospitals are known here; a nearer one outside the table is missed"
        )
    rows = [at for at, of in enumerate(facilities.kind) if of == kind]
    modelled = int(facilities.modelled[rows].sum())
    if modelled:
        found.append(f"{modelled} of {len(rows)} services of this kind are placed by a rule, not looked up")
    if ground.world.region.is_modelled("streets"):
        found.append("local streets are modelled")
    if row.is_outlier and rows and not modelled:
        found.append(
            "services closed since, or counted in the map and not by CBS"
            if row.deviation_km < 0
            else "services that nobody mapped, or roads that are missing"
        )
    return "; ".join(found)


def _area(world: World, control: Control, minutes: int) -> AreaCheck:
    centre = Points(*world.projection.to_metres(np.array([control.lon_deg]), np.array([control.lat_deg])))
    found = car_area(world.network, centre, 60 * minutes, GAP_M)
    others = tuple(car_area(world.network, centre, 60 * minutes, gap_m).km2 for gap_m in OTHER_GAPS_M)
    reasons = ["the published car drives freely, this one loses time at lights and where it gives way"]
    if found.edge_share > 0.1:
        reasons.append(f"{found.edge_share:.0%} of the rim lies where the roads of the data end")
    if world.region.is_modelled("streets"):
        reasons.append("the roads are modelled: through roads that no bus takes are missing")
    outlines = car_outlines(world.network, centre, 60 * minutes)
    return AreaCheck(control, minutes, found.km2, others, found.edge_share, outlines, "; ".join(reasons))

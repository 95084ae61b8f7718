"""Observed journeys beside the model: how many go to the nearest, and how fast it falls off with distance.

Of an observed journey the area is known, not the home. Homes are spread over the cells of an area like the people of
the age that travels. Distances are the shortest ways for cyclists.

Two models say who goes where: everybody to the nearest; or each to a facility at d km in proportion to `exp(-b d)`, whatever
its size, with the b under which what was observed is likeliest (a conditional logit with one parameter: McFadden, 1974).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from accessibility.data_quality.road_distance import RoadDistances
from accessibility.nearest_times import of_kind
from accessibility.travel_network import Points
from accessibility.world import World
from data.columns import Floats, Int32s, Int64s, Strings
from data.live.areas import Areas
from data.places import AGE_BANDS
from data.study_area.observed_flows import Flows

BY = "bike"
"""Profile whose ways are measured: pupils go by bike, and where they walk the ways are nearly the same."""
LIMITS_KM = (1.0, 2.0, 3.0)
STEEPEST_PER_KM = 20.0
"""Above, a facility that is 250 m further away draws less than a hundredth: as good as the nearest."""


class Within(NamedTuple):
    """Shares of the persons within a distance: of the observed journeys, and of those of both models."""

    limit_km: float
    observed: float
    """Homes within an area as the decay has them: who goes to a facility is likelier to live near it."""
    observed_anywhere: float
    """Homes of every journey all over its area."""
    nearest: float
    decay: float


class LeftOut(NamedTuple):
    """Journeys that are not compared, and why."""

    reason: str
    journeys: Strings


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """Observed journeys to one kind of facility beside the model.

    Attributes
    ----------
    kind, date, source
        Of the facilities and of the count.
    persons
        That are compared.
    left_out
        By reason.
    nearest_share, decay_share
        Persons whom a model sends from their area to the facility that they do go to, at most: the more of an area
        both send there, the more are right.
    decay_per_km
        b of the decay.
    nearest_by_decay
        Share of the persons whom the decay sends to the nearest.
    within
        By distance.

    """

    kind: str
    date: str
    source: str
    persons: int
    left_out: tuple[LeftOut, ...]
    nearest_share: float
    decay_share: float
    decay_per_km: float
    nearest_by_decay: float
    within: tuple[Within, ...]


class _Ground(NamedTuple):
    """A areas with C homes and S facilities.

    Attributes
    ----------
    persons
        (A, S) float64, observed.
    area, weight
        (C,) int64 ascending, and float64, the part of an area's people who live there: 1 in all.
    km
        (C, S) float64.

    """

    area_code: Strings
    facility: Int32s
    persons: Floats
    area: Int64s
    weight: Floats
    km: Floats

    def by_area(self, of_homes: Floats) -> Floats:
        """(A, ...) sums over the homes of each area, by weight."""
        first = np.searchsorted(self.area, np.arange(len(self.persons) + 1))
        shape = len(self.persons), len(self.area)
        weights = csr_array((self.weight, np.arange(len(self.area)), first), shape=shape)
        return np.asarray(weights @ of_homes)

    def sent(self, chance: Floats) -> Floats:
        """(C, S) persons from each home to each facility, by a model."""
        journeys: Floats = chance * (self.weight * self.persons.sum(axis=1)[self.area])[:, None]
        return journeys

    def spread(self, chance: Floats) -> Floats:
        """(C, S) persons likewise, as observed: of an area to a facility from the homes that make it likely, (C, S) or (C, 1)."""
        of_area = np.broadcast_to(self.by_area(chance), self.persons.shape)
        rate = np.divide(self.persons, of_area, out=np.zeros_like(self.persons), where=of_area > 0)
        # Tables of all homes and facilities are the largest of a check: one is changed in place.
        journeys: Floats = rate[self.area]
        journeys *= self.weight[:, None]
        journeys *= chance
        return journeys

    def within(self, journeys: Floats) -> list[float]:
        """Share of all persons whose journey, (C, S), is at most as long as each of `LIMITS_KM`."""
        persons = self.persons.sum()
        return [float(journeys.sum(where=self.km <= limit_km) / persons) for limit_km in LIMITS_KM]

    def nearest(self) -> Floats:
        """(C, S) chance of each home to go to each facility, when all go to the nearest."""
        chance: Floats = (self.km.argmin(axis=1)[:, None] == np.arange(self.km.shape[1])).astype(np.float64)
        return chance

    def decay(self, per_km: float) -> Floats:
        """(C, S), when chances fall with distance."""
        chance: Floats = self.km - self.km.min(axis=1, keepdims=True)
        chance *= -per_km
        np.exp(chance, out=chance)
        chance /= chance.sum(axis=1, keepdims=True)
        return chance


def check_flows(world: World, flows: Flows, areas: Areas) -> tuple[FlowCheck, ...]:
    """Hold the model against observed journeys, kind by kind.

    Parameters
    ----------
    world
        The region as it is.
    flows
        Observed journeys.
    areas
        Outlines of the areas that they come from, by code.

    """
    return tuple(
        _check(kind, flows.date[row], flows.source[row], ground, left_out)
        for kind, ground, left_out, row in _grounds(world, flows, areas)
    )


def flow_table(world: World, flows: Flows, areas: Areas) -> pd.DataFrame:
    """One row per area and facility between which people were counted, or are sent by the nearest.

    Columns: kind, origin, facility_id, facility, persons (counted), nearest and decay (persons by the models), km (mean of
    the area).
    """
    frames = []
    for kind, ground, _, _ in _grounds(world, flows, areas):
        if not len(ground.persons):
            continue
        total = ground.persons.sum(axis=1, keepdims=True)
        nearest, decay = (
            ground.by_area(chance) * total for chance in (ground.nearest(), ground.decay(_fitted(ground)))
        )
        area, column = np.nonzero((ground.persons > 0) | (nearest >= 0.5))
        facility = ground.facility[column]
        frames.append(
            pd.DataFrame(
                {
                    "kind": kind,
                    "origin": [ground.area_code[row] for row in area],
                    "facility_id": [world.facilities.id[row] for row in facility],
                    "facility": [world.facilities.name[row] for row in facility],
                    "persons": ground.persons[area, column].astype(np.int64),
                    "nearest": nearest[area, column].round(1),
                    "decay": decay[area, column].round(1),
                    "km": ground.by_area(ground.km)[area, column].round(2),
                }
            )
        )
    columns = ["kind", "origin", "facility_id", "facility", "persons", "nearest", "decay", "km"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _grounds(
    world: World, flows: Flows, areas: Areas
) -> Iterator[tuple[str, _Ground, tuple[LeftOut, ...], int]]:
    """By kind what is compared, what is not, and the first row of its flows."""
    kinds = _kinds(world, flows)
    if not kinds:
        return
    roads = RoadDistances(world.network, BY)
    for kind, rows in kinds:
        yield kind, *_ground(world, roads, flows, areas, kind, rows), rows[0]


def _kinds(world: World, flows: Flows) -> list[tuple[str, list[int]]]:
    """Rows of the flows by kind of the facility; those to facilities that are not here go with the first kind."""
    kind_of = dict(zip(world.facilities.id, world.facilities.kind, strict=True))
    found: dict[str, list[int]] = {}
    lost = []
    for row, facility in enumerate(flows.facility):
        if facility in kind_of:
            found.setdefault(kind_of[facility], []).append(row)
        else:
            lost.append(row)
    return [(kind, rows if number else rows + lost) for number, (kind, rows) in enumerate(found.items())]


def _ground(
    world: World, roads: RoadDistances, flows: Flows, areas: Areas, kind: str, rows: list[int]
) -> tuple[_Ground, tuple[LeftOut, ...]]:
    """What is compared of one kind, and what is not."""
    residents = world.residents
    facility = of_kind(world.facilities, kind)
    column = {world.facilities.id[row]: at for at, row in enumerate(facility.tolist())}
    point, area = areas.pairs(*world.projection.to_lonlat(*residents.points))
    listed = {flows.origin[row] for row in rows}
    bands = {flows.ages[row] for row in rows}
    band = AGE_BANDS.index(bands.pop()) if len(bands) == 1 and "" not in bands else slice(None)
    people = residents.people_by_age[:, band].reshape(len(residents.place), -1).sum(axis=1)
    lives = np.array([code in listed for code in areas.code], np.bool_)[area]
    lives &= (people > 0)[point] & residents.in_region[point]
    point, area = point[lives], area[lives]
    points = Points(residents.points.x_m[point], residents.points.y_m[point])
    of = world.facilities
    targets = Points(of.x_m[facility], of.y_m[facility])
    km = roads.between_m(points, targets)
    km /= 1000
    reached = np.flatnonzero(np.isfinite(km).any(axis=1))
    order = reached[np.argsort(area[reached], kind="stable")]
    codes, area = np.unique(area[order], return_inverse=True)
    weight = people[point[order]] / np.bincount(area, people[point[order]])[area]
    row_of = {areas.code[code]: number for number, code in enumerate(codes.tolist())}
    ground = _Ground(
        tuple(areas.code[code] for code in codes.tolist()),
        facility,
        np.zeros((len(codes), len(facility))),
        area,
        weight,
        km[order],
    )
    left_out: dict[str, list[str]] = {}
    for row in rows:
        origin, target = flows.origin[row], flows.facility[row]
        if target not in column:
            reason = "there is no such facility"
        elif origin not in row_of:
            reason = "nobody lives in such an area"
        elif not np.isfinite(ground.km[ground.area == row_of[origin], column[target]]).any():
            reason = "no way leads there"
        else:
            ground.persons[row_of[origin], column[target]] += flows.persons[row]
            continue
        left_out.setdefault(reason, []).append(f"{origin} - {target} ({flows.persons[row]})")
    return ground, tuple(LeftOut(reason, tuple(journeys)) for reason, journeys in left_out.items())


def _check(kind: str, date: str, source: str, ground: _Ground, left_out: tuple[LeftOut, ...]) -> FlowCheck:
    persons = ground.persons.sum()
    if not persons:
        nothing = (np.nan, np.nan, np.nan, np.nan, ())
        return FlowCheck(kind, date, source, 0, left_out, *nothing)
    per_km = _fitted(ground)
    total = ground.persons.sum(axis=1, keepdims=True)

    def agreed(chance: Floats) -> float:
        return float(np.minimum(ground.persons, ground.by_area(chance) * total).sum() / persons)

    nearest = ground.nearest()
    nearest_share, to_nearest = agreed(nearest), ground.within(ground.sent(nearest))
    decay = ground.decay(per_km)
    sent = ground.sent(decay)
    by_decay = float(sent.sum(where=nearest > 0) / persons)
    shares = (
        ground.within(ground.spread(decay)),
        ground.within(ground.spread(np.ones((len(decay), 1)))),
        to_nearest,
        ground.within(sent),
    )
    return FlowCheck(
        kind,
        date,
        source,
        int(persons),
        left_out,
        nearest_share,
        agreed(decay),
        per_km,
        by_decay,
        tuple(map(Within, LIMITS_KM, *shares)),
    )


def _fitted(ground: _Ground) -> float:
    """The decay per km under which the observed journeys are likeliest."""
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 -- 20 MB that no other question needs

    counted = ground.persons > 0

    def unlikely(per_km: float) -> float:
        chance = ground.by_area(ground.decay(per_km))[counted]
        return -float((ground.persons[counted] * np.log(np.maximum(chance, np.finfo(np.float64).tiny))).sum())

    return float(minimize_scalar(unlikely, bounds=(0.0, STEEPEST_PER_KM), method="bounded").x)

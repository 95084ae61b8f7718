"""Measures of one world as a table: one row per area, kind, mode, measure, group of people and limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import indicators
from accessibility.catchments import Catchments, catchments, k_nearest
from accessibility.groups import BANDS, GROUPS, MODELLED_GROUPS, people_of
from accessibility.nearest_times import NearestTimes, Start, nearest_times, of_kind
from accessibility.opportunities import cumulative, demand_by_age, floating_catchment, gravity
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.behaviour import Behaviour
from data.columns import Floats, Int32s, Int64s
from data.norms import NO_NORM, Group, Norms
from scenarios.report import basis, whole

MINUTE_S = 60
WORST_SHARE = 0.1
"""The worst tenth."""
N_CHOICES = 2
"""The nearest, and the one to choose instead."""
REGION = "region"


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """What times are held against.

    Attributes
    ----------
    norms, behaviour
        As the region has them.
    limits_s
        Limits to look at besides the norms.
    digital_share
        Share of the contacts with a kind of service that broadband replaces; 0 for a kind not named.
    language
        Of the text of a norm, "nl" or "en".

    """

    norms: Norms
    behaviour: Behaviour
    limits_s: tuple[float, ...]
    digital_share: Mapping[str, float]
    language: str

    def limits_of(self, kind: str, mode: TravelMode) -> tuple[Limit, ...]:
        """Limits of the norms, then the others."""
        norms = [
            Limit(
                norm.limit_s or np.inf,
                norm.limit_m or np.inf,
                norm.people,
                norm.source,
                norm.text(self.language),
            )
            for norm in self.norms.of(kind, mode.name)
            # Public transport has no metres.
            if norm.limit_s or not mode.rides
        ]
        laid_down = {limit.limit_s for limit in norms}
        others = [limit_s for limit_s in self.limits_s if limit_s not in laid_down]
        return (*norms, *(Limit(limit_s, np.inf, "all", NO_NORM, "") for limit_s in others))


class Limit(NamedTuple):
    """One limit of time or of metres, the other one infinite."""

    limit_s: float
    limit_m: float
    people: Group
    source: str
    note: str


class Found(NamedTuple):
    """What was searched for one kind and mode, for the residents of a world."""

    times: NearestTimes
    second_s: Floats
    """(O,) seconds to the second nearest."""
    worth: dict[str, tuple[Floats, str]]
    """Facilities within reach and places per person by name of the measure: (O,) each, and its source."""


class Row(NamedTuple):
    """One figure of one area; seconds, persons, a share, minutes a day or facilities, as the unit says."""

    measure: str
    people: Group
    value: float
    unit: str
    limit_s: float = np.inf
    limit_m: float = np.inf
    source: str = ""
    note: str = ""


def find(world: World, start: Start, kind: str, mode: TravelMode, yardsticks: Yardsticks) -> Found:
    """Search everything for one kind and mode; `start` is of the residents."""
    network, facilities = world.network, world.facilities
    times = nearest_times(network, start, facilities, kind, mode)
    several = k_nearest(network, start, facilities, kind, mode, N_CHOICES)
    behaviour = yardsticks.behaviour
    limits_s = [limit.limit_s for limit in yardsticks.limits_of(kind, mode) if np.isfinite(limit.limit_s)]
    far_s = behaviour.catchment.gravity_minutes * MINUTE_S
    reach = catchments(network, start, facilities, kind, mode, max([far_s, *limits_s]))
    worth = _opportunities(world, reach, sorted(set(limits_s)), behaviour)
    return Found(times, several.seconds[:, 1], worth | _floating(world, reach, kind, behaviour))


def _opportunities(
    world: World, reach: Catchments, limits_s: list[float], behaviour: Behaviour
) -> dict[str, tuple[Floats, str]]:
    """Facilities within each limit, and units weighed by each decay."""
    units = world.facilities.units[reach.facility]
    one_each = np.ones(len(units))
    near = reach.within(behaviour.catchment.gravity_minutes * MINUTE_S)
    return {
        f"facilities_within_{limit_s / MINUTE_S:g}_min": (cumulative(reach, one_each, limit_s), "")
        for limit_s in limits_s
    } | {
        f"gravity_{decay.name}": (gravity(near, units, decay), decay.source)
        for decay in behaviour.decays
        if decay.form != "steps"
    }


def _floating(
    world: World, reach: Catchments, kind: str, behaviour: Behaviour
) -> dict[str, tuple[Floats, str]]:
    """Places per person where capacity and contacts by age are known of the kind."""
    capacity, contacts = behaviour.capacity_of(kind), behaviour.contacts_with(kind)
    if capacity is None or contacts is None:
        return {}
    near = reach.within(behaviour.catchment.minutes * MINUTE_S)
    demand = demand_by_age(world.residents.people_by_age, np.array(contacts.per_year), contacts.average)
    places = world.facilities.units[reach.facility] * capacity.people_per_unit
    return {
        name: (floating_catchment(near, places, demand, decay).per_person, capacity.source)
        for name, decay in (
            ("places_per_person_2sfca", None),
            ("places_per_person_e2sfca", behaviour.decay("e2sfca")),
        )
    }


def measures_table(world: World, results: Sequence[Found], yardsticks: Yardsticks) -> pd.DataFrame:
    """One row per area, kind, mode and figure; empty where a figure is infinite, with the unreached in a row of their own."""
    residents = world.residents
    groups = {group: people_of(residents, group, yardsticks.behaviour) for group in GROUPS}
    tables = []
    for area, inside in areas(world).items():
        people = {group: persons[inside] for group, persons in groups.items()}
        for found in results:
            rows = list(_rows(world, found, inside, people, yardsticks))
            tables.append(_framed(world, area, found.times, rows))
    return pd.concat(tables, ignore_index=True)


def areas(world: World) -> dict[str, Int64s]:
    """Rows of the residents of the region, and of each of its municipalities by name."""
    residents, names = world.residents, np.array([*world.places.municipality, ""], dtype=np.str_)
    of_resident = names[residents.place]
    inside = residents.in_region
    found = {REGION: np.flatnonzero(inside)}
    for name in np.unique(of_resident[inside]).tolist():
        if name:
            found[name] = np.flatnonzero(inside & (of_resident == name))
    return found


def _rows(
    world: World, found: Found, inside: Int64s, people: Mapping[Group, Int32s], yardsticks: Yardsticks
) -> Iterator[Row]:
    """All figures of one area, kind and mode."""
    seconds = found.times.seconds[inside]
    for group, persons in people.items():
        yield from _time_rows(seconds, group, persons)
    everybody = people["all"]
    yield Row("second_nearest_mean", "all", indicators.mean_seconds(found.second_s[inside], everybody), "s")
    yield from _fairness_rows(world, seconds, inside, everybody)
    for limit in yardsticks.limits_of(found.times.kind, found.times.mode):
        yield from _limit_rows(found, inside, people, limit)
    for name, (worth, source) in found.worth.items():
        total = max(int(everybody.sum(dtype=np.int64)), 1)
        mean = float((worth[inside] * everybody).sum() / total)
        yield Row(name, "all", mean, "mean per person", source=source)
    yield from _travel_rows(world, found, inside, yardsticks)


def _time_rows(seconds: Floats, group: Group, persons: Int32s) -> Iterator[Row]:
    total = int(persons.sum(dtype=np.int64))
    yield Row("inhabitants", group, total, "persons")
    yield Row("unreached", group, indicators.people_unreached(seconds, persons), "persons")
    yield Row("mean", group, indicators.mean_seconds(seconds, persons), "s")
    yield Row("median", group, indicators.seconds_of_share(seconds, persons, 0.5), "s")
    yield Row(
        "within_reach_of_nine_tenths",
        group,
        indicators.seconds_of_share(seconds, persons, 1 - WORST_SHARE),
        "s",
    )
    yield Row("worst_tenth_mean", group, indicators.mean_of_worst(seconds, persons, WORST_SHARE), "s")


def _fairness_rows(world: World, seconds: Floats, inside: Int64s, people: Int32s) -> Iterator[Row]:
    """Differences between places: each place counts with the mean of its people, by their number."""
    place = world.residents.place[inside]
    counted = np.isfinite(seconds) & (place >= 0)
    n_places = len(world.places.id)
    persons = np.bincount(place[counted], people[counted], minlength=n_places)
    person_s = np.bincount(place[counted], people[counted] * seconds[counted], minlength=n_places)
    mean_s = person_s / np.maximum(persons, 1)
    yield Row("gini_between_places", "all", indicators.gini(mean_s, persons.astype(np.int32)), "0 to 1")
    yield Row("palma_between_places", "all", indicators.palma(mean_s, persons.astype(np.int32)), "ratio")


def _limit_rows(found: Found, inside: Int64s, people: Mapping[Group, Int32s], limit: Limit) -> Iterator[Row]:
    """Persons within a limit and their share, of the people it is meant for and of every other group."""
    beyond = (
        found.times.metres > limit.limit_m
        if np.isfinite(limit.limit_m)
        else found.times.seconds > limit.limit_s
    )
    at_limit = np.where(beyond, np.inf, 0.0)[inside]
    for group, persons in people.items():
        within = indicators.people_within(at_limit, persons, 0.0)
        share = within / max(int(persons.sum(dtype=np.int64)), 1)
        # Of a norm that is meant for some, the figures of the others are told without it.
        meant = limit.people in (group, "all")
        text = (limit.source, limit.note) if meant else (NO_NORM, "")
        yield Row("people_within", group, within, "persons", limit.limit_s, limit.limit_m, *text)
        yield Row("share_within", group, share, "0 to 1", limit.limit_s, limit.limit_m, *text)


def _travel_rows(world: World, found: Found, inside: Int64s, yardsticks: Yardsticks) -> Iterator[Row]:
    """Time on the way per day, where it is known how often people go."""
    contacts = yardsticks.behaviour.contacts_with(found.times.kind)
    if contacts is None:
        return
    digital_share = yardsticks.digital_share.get(found.times.kind, 0.0)
    per_year = indicators.visits_per_year(np.array(contacts.per_year), contacts.on_site_share, digital_share)
    by_age = world.residents.people_by_age[inside]
    travel = indicators.travel_per_day(found.times.seconds[inside], by_age, per_year)
    yield Row("travel_per_day", "all", travel.person_minutes, "person-minutes", source=contacts.source)
    yield Row("visits_per_day", "all", travel.visits, "visits", source=contacts.source)
    yield Row("visits_impossible_per_day", "all", travel.visits_unreached, "visits", source=contacts.source)


def _framed(world: World, area: str, times: NearestTimes, rows: list[Row]) -> pd.DataFrame:
    columns: dict[str, object] = {"area": area, "kind": times.kind, "mode": times.mode.name}
    columns |= {name: [getattr(row, name) for row in rows] for name in ("measure", "people")}
    values = np.array([row.value for row in rows])
    columns["value"] = np.where(np.isfinite(values), values, np.nan)
    columns["unit"] = [row.unit for row in rows]
    for name in ("limit_s", "limit_m"):
        columns[name] = whole(np.array([getattr(row, name) for row in rows]))
    columns |= {"source": [row.source for row in rows], "note": [row.note for row in rows]}
    columns["group_modelled"] = [row.people in MODELLED_GROUPS for row in rows]
    return pd.DataFrame(columns | basis(world, times.mode))


def curve_table(world: World, found: Found, behaviour: Behaviour) -> pd.DataFrame:
    """Persons of the region within every limit at which their number grows, by group of people."""
    inside = areas(world)[REGION]
    tables = []
    for group in GROUPS:
        persons = people_of(world.residents, group, behaviour)[inside]
        stair = indicators.curve(found.times.seconds[inside], persons)
        share = stair.people / max(int(persons.sum(dtype=np.int64)), 1)
        columns = {"kind": found.times.kind, "mode": found.times.mode.name, "people": group}
        tables.append(
            pd.DataFrame(
                columns
                | {"limit_s": whole(stair.limit_s), "people_within": stair.people, "share_within": share}
            )
        )
    return pd.concat(tables, ignore_index=True)


def viability_table(world: World, later: World, found: Found) -> pd.DataFrame:
    """Persons for whom each facility of a kind is the nearest, now and in another year of the same world.

    `later` differs in its inhabitants only, see `accessibility.population.in_year`; `found` serves both.
    """
    facilities, kind = world.facilities, found.times.kind
    rows = of_kind(facilities, kind)
    columns: dict[str, object] = {
        "facility_id": [facilities.id[row] for row in rows],
        "facility": [facilities.name[row] for row in rows],
        "kind": kind,
        "mode": found.times.mode.name,
    }
    for name, one in (("", world), ("later_", later)):
        for group in ("all", "75plus"):
            bands = list(BANDS[group])
            persons = one.residents.people_by_age[:, bands].sum(axis=1, dtype=np.int32)
            nearest = indicators.people_of_nearest(found.times.facility, persons, len(facilities.id))
            columns[f"{name}people_{group}"] = nearest[rows]
    return pd.DataFrame(columns | basis(world, found.times.mode))

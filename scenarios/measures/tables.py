"""Measures as tables: one row per area, kind, mode, measure, group of people and limit; curves, facilities and gains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
import pandas as pd

from accessibility import indicators
from accessibility.catchments import KNearest
from accessibility.digital import broadband_at, digital_share
from accessibility.groups import BANDS, GROUPS, MODELLED_GROUPS, people_by_age_of, people_of
from accessibility.nearest_times import NearestTimes, of_kind
from accessibility.travel_times import TravelMode
from accessibility.world import NOT_IN_DATA, World
from data.columns import Floats, Int32s, Int64s
from data.parameters.behaviour import Behaviour
from data.parameters.norms import NO_NORM, Group
from scenarios.comparison.report import REGION, areas, basis, whole
from scenarios.measures.measures import MINUTE_S, Found, Limit, Yardsticks

WORST_SHARE = 0.1
"""The worst tenth."""
WHOLE: tuple[Group, ...] = ("all", "without_car")
"""Groups of whom every measure is told; of the others their times and who is within limits."""


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


def measures_table(world: World, results: Sequence[Found], yardsticks: Yardsticks) -> pd.DataFrame:
    """One row per area, kind, mode and figure; empty where a figure is infinite, with the unreached in a row of their own."""
    residents, behaviour = world.residents, yardsticks.behaviour
    groups = {group: people_of(residents, group, behaviour) for group in GROUPS}
    ends = [(odds, people_of(residents, "without_car", behaviour, odds)) for odds in yardsticks.odds]
    tables = []
    for area, inside in areas(world).items():
        people = {group: persons[inside] for group, persons in groups.items()}
        for found in results:
            rows = list(_rows(world, found, inside, people, yardsticks))
            at_ends = [
                list(_rows(world, found, inside, {"without_car": persons[inside]}, yardsticks, odds))
                for odds, persons in ends
            ]
            if not world.knows(found.times.kind):
                rows, *at_ends = [[_unknown(row) for row in of] for of in (rows, *at_ends)]
            tables.append(_framed(world, area, found.times, rows, at_ends))
    return pd.concat(tables, ignore_index=True)


def _unknown(row: Row) -> Row:
    """Figure of a kind of which it is unknown where it is: only the number of people is left."""
    return row if row.measure == "inhabitants" else row._replace(value=np.nan, note=NOT_IN_DATA)


def _rows(
    world: World,
    found: Found,
    inside: Int64s,
    people: Mapping[Group, Int32s],
    yardsticks: Yardsticks,
    odds: float = 1.0,
) -> Iterator[Row]:
    """All figures of one area, kind and mode, of some groups of people."""
    seconds = found.times.seconds[inside]
    for group, persons in people.items():
        yield from _time_rows(seconds, group, persons)
    for limit in yardsticks.limits_of(found.times.kind, found.times.mode):
        yield from _limit_rows(found, inside, people, limit)
    for group in WHOLE:
        if group not in people:
            continue
        persons = people[group]
        # Public transport has no metres; the row is there all the same, and empty.
        yield Row(
            "mean_along_street", group, indicators.mean_seconds(found.times.metres[inside], persons), "m"
        )
        yield Row("second_nearest_mean", group, indicators.mean_seconds(found.second_s[inside], persons), "s")
        yield from _fairness_rows(world, seconds, inside, group, persons)
        for name, (per_origin, source) in found.opportunities.items():
            total = max(int(persons.sum(dtype=np.int64)), 1)
            mean = float((per_origin[inside] * persons).sum() / total)
            yield Row(name, group, mean, "mean per person", source=source)
        yield from _travel_rows(world, found, inside, group, yardsticks, odds)


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


def _fairness_rows(
    world: World, seconds: Floats, inside: Int64s, group: Group, people: Int32s
) -> Iterator[Row]:
    """Differences between places: each place counts with the mean of its people, by their number."""
    place = world.residents.place[inside]
    counted = np.isfinite(seconds) & (place >= 0)
    n_places = len(world.places.id)
    persons = np.bincount(place[counted], people[counted], minlength=n_places)
    person_s = np.bincount(place[counted], people[counted] * seconds[counted], minlength=n_places)
    mean_s = person_s / np.maximum(persons, 1)
    yield Row("gini_between_places", group, indicators.gini(mean_s, persons.astype(np.int32)), "0 to 1")
    yield Row("palma_between_places", group, indicators.palma(mean_s, persons.astype(np.int32)), "ratio")


def _limit_rows(found: Found, inside: Int64s, people: Mapping[Group, Int32s], limit: Limit) -> Iterator[Row]:
    """Persons within a limit and their share, of the people it is meant for and of every other group."""
    at_limit = _at_limit(found, limit)[inside]
    for group, persons in people.items():
        within = indicators.people_within(at_limit, persons, 0.0)
        share = within / max(int(persons.sum(dtype=np.int64)), 1)
        # Of a norm that is meant for some, the figures of the others are told without it.
        meant = limit.people in (group, "all")
        text = (limit.source, limit.note) if meant else (NO_NORM, "")
        yield Row("people_within", group, within, "persons", limit.limit_s, limit.limit_m, *text)
        yield Row("share_within", group, share, "0 to 1", limit.limit_s, limit.limit_m, *text)


def _travel_rows(
    world: World, found: Found, inside: Int64s, group: Group, yardsticks: Yardsticks, odds: float
) -> Iterator[Row]:
    """Time on the way per day, where it is known how often people go."""
    contacts = yardsticks.behaviour.contacts_with(found.times.kind)
    if contacts is None:
        return
    residents = world.residents
    per_year = indicators.visits_per_year(np.array(contacts.per_year), contacts.on_site_share, 0.0)
    by_age = people_by_age_of(residents, group, yardsticks.behaviour, odds)[inside]
    online = digital_share(world, found.times.kind, residents)[inside]
    travel = indicators.travel_per_day(found.times.seconds[inside], by_age * (1 - online)[:, None], per_year)
    yield Row("travel_per_day", group, travel.person_minutes, "person-minutes", source=contacts.source)
    yield Row("visits_per_day", group, travel.visits, "visits", source=contacts.source)
    yield Row("visits_impossible_per_day", group, travel.visits_unreached, "visits", source=contacts.source)
    if found.times.kind in dict(world.digital_share) and world.broadband is not None:
        people, share = by_age.sum(axis=1), broadband_at(world, residents)[inside]
        known = np.isfinite(share)
        yield Row("people_without_broadband", group, float((people * (1 - share))[known].sum()), "persons")
        yield Row("people_broadband_unknown", group, float(people[~known].sum()), "persons")


def _framed(
    world: World, area: str, times: NearestTimes, rows: list[Row], at_ends: list[list[Row]]
) -> pd.DataFrame:
    """Rows as a table; `at_ends` are those of people without a car again, at the ends of what their number may be."""
    columns: dict[str, object] = {"area": area, "kind": times.kind, "mode": times.mode.name}
    columns |= {name: [getattr(row, name) for row in rows] for name in ("measure", "people")}
    values = np.array([row.value for row in rows])
    columns["value"] = np.where(np.isfinite(values), values, np.nan)
    of_group = np.array([row.people in MODELLED_GROUPS for row in rows])
    known = np.array([[row.value for row in of] for of in (*at_ends, list(compress(rows, of_group)))])
    for name, end in (("value_low", known.min(axis=0)), ("value_high", known.max(axis=0))):
        filled = np.full(len(rows), np.nan)
        filled[of_group] = np.where(np.isfinite(end), end, np.nan)
        columns[name] = filled
    columns["unit"] = [row.unit for row in rows]
    for name in ("limit_s", "limit_m"):
        columns[name] = whole(np.array([getattr(row, name) for row in rows]))
    columns |= {"source": [row.source for row in rows], "note": [row.note for row in rows]}
    columns["group_modelled"] = of_group
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
    """Persons for whom each facility of a kind is the nearest, now and in another year.

    Those of the region count; those around it, as far as they are known, have columns of their own.
    `later` differs in its inhabitants only, see `accessibility.population.in_year`; `found` serves both.
    """
    facilities, kind = world.facilities, found.times.kind
    rows = of_kind(facilities, kind)
    columns: dict[str, object] = {
        "facility_id": [facilities.id[row] for row in rows],
        "facility": [facilities.name[row] for row in rows],
        "facility_modelled": facilities.modelled[rows],
        "kind": kind,
        "mode": found.times.mode.name,
    }
    for name, one in (("", world), ("later_", later)):
        for group in ("all", "75plus"):
            persons = one.residents.people_by_age[:, BANDS[group]].sum(axis=1, dtype=np.int32)
            for where, counted in (("", one.residents.in_region), ("outside_", ~one.residents.in_region)):
                nearest = indicators.people_of_nearest(
                    found.times.facility, np.where(counted, persons, 0), len(facilities.id)
                )
                columns[f"{name}{where}people_{group}"] = nearest[rows]
    return pd.DataFrame(columns | basis(world, found.times.mode))


def nearest_table(world: World, kind: str, mode: TravelMode, near: KNearest) -> pd.DataFrame:
    """One row per place of the region and rank: which facilities are the nearest, in seconds and metres.

    `near` is of the points of the places; ranks that are not reached have empty times, so that no place is missing.
    """
    places, facilities = world.places, world.facilities
    n_nearest = near.seconds.shape[1]
    inside = np.flatnonzero(places.in_region)
    place, reached = np.repeat(inside, n_nearest), near.facility[inside].ravel()
    columns: dict[str, object] = {
        "place_id": [places.id[row] for row in place],
        "place": [places.name[row] for row in place],
        "inhabitants": places.inhabitants[place],
        "kind": kind,
        "mode": mode.name,
        "rank": np.tile(np.arange(1, n_nearest + 1), len(inside)),
        "facility_id": [facilities.id[row] if row >= 0 else "" for row in reached],
        "facility": [facilities.name[row] if row >= 0 else "" for row in reached],
        "travel_time_s": whole(near.seconds[inside].ravel()),
        "street_m": whole(near.metres[inside].ravel()),
    }
    return pd.DataFrame(columns | basis(world, mode))


def gains_table(
    worlds: tuple[World, World],
    results: Sequence[tuple[Found, Found]],
    cost_per_year: float,
    yardsticks: Yardsticks,
) -> pd.DataFrame:
    """Persons of the region whom a scenario brings within each limit, and its whole cost for each of them.

    `worlds` and `results` are before and after; the cost is that of all the scenario does, for every kind and limit anew.
    """
    before, after = worlds
    rows = []
    for old, new in results:
        known = before.knows(new.times.kind) and after.knows(new.times.kind)
        for limit in yardsticks.limits_of(new.times.kind, new.times.mode):
            for group in GROUPS:
                within = [
                    _within(world, found, group, limit, yardsticks)
                    for world, found in ((before, old), (after, new))
                ]
                cost = indicators.cost_per_person(cost_per_year, within[0], within[1])
                row = (*within, within[1] - within[0], cost) if known else (np.nan,) * 4
                rows.append((new.times.kind, new.times.mode.name, group, limit, *row))
    kinds, modes, groups, limits, old_within, new_within, gained, costs = (
        zip(*rows, strict=True) if rows else ((),) * 8
    )
    return pd.DataFrame(
        {
            "kind": kinds,
            "mode": modes,
            "people": groups,
            "limit_s": whole(np.array([limit.limit_s for limit in limits])),
            "limit_m": whole(np.array([limit.limit_m for limit in limits])),
            "within_before": whole(np.array(old_within, np.float64)),
            "within_after": whole(np.array(new_within, np.float64)),
            "gained": whole(np.array(gained, np.float64)),
            "cost_per_year": cost_per_year,
            "cost_per_person": np.where(np.isfinite(costs), costs, np.nan),
            "source": [limit.source for limit in limits],
            "note": [limit.note for limit in limits],
        }
    )


def limit_lines(world: World, results: Sequence[Found], yardsticks: Yardsticks) -> list[str]:
    """Persons of the region within each limit, in words, and after that what each norm means."""
    lines, notes = [], []
    for found in results:
        if not world.knows(found.times.kind):
            lines.append(f"{found.times.kind} by {found.times.mode.name}: unknown, as it is {NOT_IN_DATA}")
            continue
        for limit in yardsticks.limits_of(found.times.kind, found.times.mode):
            within = _within(world, found, limit.people, limit, yardsticks)
            persons = people_of(world.residents, limit.people, yardsticks.behaviour)[areas(world)[REGION]]
            total = int(persons.sum(dtype=np.int64))
            reach = (
                f"{limit.limit_m:g} m" if np.isfinite(limit.limit_m) else f"{limit.limit_s / MINUTE_S:g} min"
            )
            lines.append(
                f"{found.times.kind} by {found.times.mode.name}: {within:,} of {total:,} ({limit.people}) within {reach}; "
                f"norm: {limit.source}"
            )
            if limit.note:
                notes.append(f"  {limit.note}")
    return lines + list(dict.fromkeys(notes))


def _within(world: World, found: Found, group: Group, limit: Limit, yardsticks: Yardsticks) -> int:
    """Persons of a group in the region within a limit."""
    inside = areas(world)[REGION]
    persons = people_of(world.residents, group, yardsticks.behaviour)[inside]
    return indicators.people_within(_at_limit(found, limit)[inside], persons, 0.0)


def _at_limit(found: Found, limit: Limit) -> Floats:
    """(O,) 0 within the limit, inf beyond it."""
    in_metres = np.isfinite(limit.limit_m)
    beyond = found.times.metres > limit.limit_m if in_metres else found.times.seconds > limit.limit_s
    return np.where(beyond, np.inf, 0.0)

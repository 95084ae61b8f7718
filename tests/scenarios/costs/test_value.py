"""What people get for the money: by hand in the valley of toys/region.py, and by plain loops on random people and times."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accessibility.origins import Origins
from accessibility.world import World
from data.parameters.behaviour import load_behaviour
from scenarios.comparison.compare import Comparison
from scenarios.costs.euros import Euros, exactly
from scenarios.costs.tables import value_line, value_table
from scenarios.costs.value import Hours, Value, limit_of, value_of
from support.toys.ui import toy_comparison, toy_world

BEHAVIOUR = load_behaviour(None)
TEN = limit_of(10)


def found(cost: Euros | None, world: World | None = None) -> Value:
    """Bee goes from 20 to 3 minutes, Cee from not reached to 9, Aa stays at 2; all are of 20 to 64 years."""
    before = toy_world()
    return value_of((before, world or before), toy_comparison(), TEN, cost, BEHAVIOUR)


def test_persons_and_hours_by_hand() -> None:
    # The 20 of Bee and the 1,240 of Cee come within ten minutes. Each goes to the GP 4.6 x 0.67 times a year; those of Bee are
    # 17 minutes quicker there, and back. Those of Cee could not go at all: their visits are in no sum of hours.
    value, visits = found(exactly(126_000)), 4.6 * 0.67
    assert value.hours is not None
    assert value.gained == 1_260
    assert value.hours.saved == pytest.approx(20 * visits * 17 * 2 / 60)
    assert value.hours.visits_won == pytest.approx(1_240 * visits)
    assert value.per_person == exactly(100)
    assert value.per_hour is not None
    assert value.per_hour.used == pytest.approx(126_000 / (20 * visits * 34 / 60))


def test_visits_that_go_online_save_travel_too() -> None:
    # Half of the visits: the one of Aa no longer travels half of his 2 minutes, the 20 of Bee keep half of 3 out of 20 minutes.
    online = replace(toy_world(), digital_share=(("gp", 0.5),))
    value, visits = found(exactly(0), online), 4.6 * 0.67
    assert value.hours is not None
    assert value.hours.saved == pytest.approx(visits * (1 * (2 - 1) + 20 * (20 - 1.5)) * 2 / 60)


@pytest.mark.parametrize(
    ("cost", "within", "hours", "person", "hour"),
    [
        (None, (0, 5), 5.0, "cost unknown", "cost unknown"),
        (exactly(10), (None, None), None, "times unknown", "times unknown"),
        (exactly(10), (0, 5), None, "", "visits unknown"),
        (exactly(10), (5, 5), -1.0, "nobody gains", "nobody gains"),
        (exactly(10), (6, 5), 0.0, "nobody gains", "nobody gains"),
        (exactly(-10), (0, 5), 5.0, "saves money", "saves money"),
        (exactly(0), (0, 5), 5.0, "", ""),
    ],
)
def test_nothing_is_divided_by_nothing_or_by_what_is_unknown(
    cost: Euros | None, within: tuple[int | None, int | None], hours: float | None, person: str, hour: str
) -> None:
    told = None if hours is None else Hours(hours, 0.0, 0.0)
    value = Value("gp", "bike", TEN, *within, told, cost)
    assert (value.why_not_person, value.why_not_hour) == (person, hour)
    assert (value.per_person is None, value.per_hour is None) == (bool(person), bool(hour))
    row = value_table([("as it is", "plan", value)]).iloc[0]
    assert (np.isnan(row["per_person_eur"]), np.isnan(row["per_hour_eur"])) == (bool(person), bool(hour))


def test_what_costs_nothing_costs_nothing_each() -> None:
    value = Value("gp", "bike", TEN, 0, 5, Hours(5.0, 0.0, 0.0), exactly(0))
    assert (value.per_person, value.per_hour) == (exactly(0), exactly(0))


def random_comparison(seed: int) -> tuple[Comparison, Origins]:
    """The toy comparison with other times and people, inside and outside the region."""
    draw, toy = np.random.default_rng(seed), toy_comparison()
    n = len(toy.before.residents.place)
    by_age = draw.integers(0, 30, (n, 4)).astype(np.int32)
    residents = replace(toy.after.residents, people_by_age=by_age, in_region=draw.random(n) < 0.7)
    sides = []
    for side in (toy.before, toy.after):
        seconds = np.where(draw.random(n) < 0.3, np.inf, draw.integers(0, 1_800, n).astype(float))
        times = replace(side.resident_times, seconds=seconds)
        sides.append(replace(side, residents=residents, resident_times=times))
    return Comparison(*sides), residents


@pytest.mark.parametrize("seed", range(20))
def test_plain_loops_count_the_same(seed: int) -> None:
    comparison, residents = random_comparison(seed)
    world = toy_world()
    value = value_of((world, world), comparison, TEN, exactly(1), BEHAVIOUR)
    contacts = BEHAVIOUR.contacts_with("gp")
    assert contacts is not None
    gained, saved, won, lost = 0, 0.0, 0.0, 0.0
    for row in range(len(residents.place)):
        if not residents.in_region[row]:
            continue
        before, after = (side.resident_times.seconds[row] for side in (comparison.before, comparison.after))
        people = residents.people_by_age[row]
        visits = sum(int(people[age]) * contacts.per_year[age] * 0.67 for age in range(4))
        gained += int(people.sum()) * (int(after <= 600) - int(before <= 600))
        if np.isfinite(before) and np.isfinite(after):
            saved += visits * (before - after) * 2 / 3600
        won += visits * (np.isinf(before) and np.isfinite(after))
        lost += visits * (np.isfinite(before) and np.isinf(after))
    assert value.gained == gained
    assert value.hours == pytest.approx((saved, won, lost))


def test_the_line_says_who_gains_and_why_there_is_no_cost_for_each() -> None:
    assert value_line(found(exactly(126_000))) == (
        "gp by bike: 1,260 people more within 10 min, € 100 each; 35 hours of travel a year saved, € 3,607 an hour; 3,822 visits a "
        "year become possible."
    )
    assert value_line(found(None)).startswith(
        "gp by bike: 1,260 people more within 10 min (no cost each: part of the cost is unknown)"
    )

"""Questions of placement that contradict themselves: what is said, and that all of it is said at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import ScenarioError
from scenarios.placement.solve import best_answer, first_answer
from scenarios.placement.task import (
    CapacityConstraint,
    Fewest,
    LeastTime,
    LeastWorst,
    MostWithin,
    Rules,
    ShareConstraint,
    Task,
)
from support.toys.placement import PATIENT, demand_of, every_set, random_task, sites_at

#   Four villages on a road, ten minutes from one to the next, 100 people in each; from the isle one goes nowhere.
#
#   a ── b ── c ── d          isle
SECONDS = np.column_stack([np.abs(np.arange(4)[:, None] - np.arange(4)) * 600.0, np.full(4, np.inf)])
IDS = ["a", "b", "c", "d"]
COST = np.array([2000.0, 3000.0, 4000.0, 5000.0])


def task(rules: Rules, on_isle: float = 0.0) -> Task:
    sites = sites_at(IDS, np.arange(4) * 3000.0, np.zeros(4), COST)
    demand = demand_of([100, 100, 100, 100, on_isle], [np.inf] * 5, SECONDS.tolist())
    return Task(sites, replace(demand, name=("A", "B", "C", "D", "Isle")), LeastTime(), rules)


def share(of: float, limit_s: float) -> tuple[ShareConstraint, ...]:
    return (ShareConstraint("75plus", np.array([100.0, 100, 100, 100, 0]), limit_s, of),)


def load(at_least: float, at_most: float = np.inf) -> tuple[CapacityConstraint, ...]:
    return (CapacityConstraint("2040", np.array([100.0, 100, 100, 100, 0]), at_least, np.full(4, at_most)),)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        (Rules(5), "5 hubs are asked for, but there are 4 sites"),
        (Rules(4, forbidden=("a",)), "4 hubs are asked for, but there are 3 sites"),
        (Rules(0), "number of hubs must be 1 or more"),
        (Rules(1, fixed=("a", "b")), "2 sites are fixed, more than the 1 hubs"),
        (Rules(2, fixed=("a",), forbidden=("a",)), "a cannot be both fixed and forbidden"),
        (Rules(2, fixed=("x",)), "no site x to be fixed"),
        (Rules(2, forbidden=("y",)), "no site y to be forbidden"),
        (Rules(2, budget=1999), "below the cheapest site, a (€ 2,000 a year)"),
        (Rules(2, budget=6000, fixed=("b", "c")), "The fixed sites cost € 7,000 a year, more than the budget"),
        (Rules(2, fixed=("a", "b"), apart_m=3001), "a and b (3,000 m)"),
        (Rules(2, forbidden=("d",), longest_s=300), "longer than 5 min, but 100 people would even with a hub at every site: D"),
        (Rules(2, forbidden=("d",), shares=share(0.9, 60)), "90.0% of 75plus must be within 1 min, but even with a hub at every site it is 75.0%"),
        (Rules(2, loads=load(401)), "nearest for 401 people (2040), but no site gets more than 400"),
    ],
)  # fmt: skip
def test_what_can_be_seen_at_once_is_said_with_what_to_do(rules: Rules, says: str) -> None:
    for answer in (first_answer, best_answer):
        with pytest.raises(ScenarioError) as error:
            answer(task(rules), PATIENT)
        assert says in str(error.value)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(ScenarioError) as error:
        best_answer(task(Rules(9, budget=100, shares=share(1.0, 60), forbidden=("d",))), PATIENT)
    for says in ("9 hubs are asked for", "below the cheapest", "beyond it: D"):
        assert says in str(error.value)


def test_who_reaches_no_site_is_named() -> None:
    with pytest.raises(ScenarioError, match="3 people reach no site at all: Isle"):
        best_answer(task(Rules(2), on_isle=3), PATIENT)
    # It is no contradiction where not reaching one counts as something, or where reach is what is counted.
    counted = best_answer(task(Rules(2, unreached_s=7200), on_isle=3), PATIENT)
    # Hubs at b and c, or at a and c: two of four villages ten minutes off, and three people at two hours.
    assert counted.value == 2 * 100 * 600 + 3 * 7200
    assert best_answer(replace(task(Rules(2), on_isle=3), objective=MostWithin(600.0)), PATIENT).value == 400
    with pytest.raises(ScenarioError, match="Isle"):
        best_answer(replace(task(Rules(2), on_isle=3), objective=LeastWorst()), PATIENT)


def test_fewest_hubs_need_something_to_be_fewest_for() -> None:
    with pytest.raises(ScenarioError, match="Say who must be within which limit"):
        best_answer(replace(task(Rules(4)), objective=Fewest()), PATIENT)


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        # One hub leaves two villages beyond ten minutes; two reach everybody.
        (
            Rules(1, longest_s=600),
            ("- nobody further than 10 min\n- at most 1 hubs", "At least 2 hubs are needed"),
        ),
        # Two hubs within ten minutes of all are b and c, b and d, or a and c (and d): none costs 5,000 or less.
        (Rules(4, longest_s=600, budget=5000), ("- nobody further than 10 min\n- a budget of € 5,000 a year",)),
        # Each needs 150 of 400 people, so at most two are open, and nobody walks at all only with all four.
        (Rules(4, longest_s=0, loads=load(150)), ("at least 150 people", "nobody further than 0 min")),
        (Rules(2, shares=share(1.0, 0)), ("- 100.0% of 75plus within 0 min\n- at most 2 hubs", "At least 4 hubs are needed")),
        (Rules(4, shares=share(1.0, 0), apart_m=3001), ("- hubs at least 3,001 m apart\n- 100.0% of 75plus within 0 min",)),
    ],
)  # fmt: skip
def test_rules_that_cannot_hold_together_are_named_and_no_others(rules: Rules, says: tuple[str, ...]) -> None:
    with pytest.raises(ScenarioError) as error:
        best_answer(task(rules), PATIENT)
    for words in says:
        assert words in str(error.value)
    assert "cannot hold together" in str(error.value)
    assert "forbidden" not in str(error.value)


def test_whatever_is_refused_has_no_answer_and_whatever_is_said_to_conflict_does() -> None:
    """Random rules: leaving out all that is named leaves an answer."""
    n_conflicts = 0
    for seed in range(1000, 1120):
        asked = random_task(seed)
        try:
            best_answer(asked, PATIENT)
        except ScenarioError as error:
            if "cannot hold together" in str(error):
                n_conflicts += 1
                assert not every_set(asked), seed
    assert n_conflicts > 8

"""Rounds that are found: held against every plan of small tasks, and against plans worked out by hand."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from data.clock import clock_text
from data.errors import InputError
from scenarios.rounds.solve import solve
from scenarios.rounds.task import NOT_PLANNED, Plan, RoundsTask, Visits, alone
from scenarios.rounds.verify import costs, faults
from support.toys.rounds import Best, every_plan, random_task, staff_of, visits_of

QUICK = 3000
"""Steps per visit that do for four visits."""


def comes_to(task: RoundsTask, plan: Plan) -> Best:
    return Best(len(plan.begin_s) - plan.n_planned, costs(task, plan).total_s)


@pytest.mark.parametrize("seed", range(40))
def test_the_plan_is_the_best_of_all(seed: int) -> None:
    task = random_task(seed)
    plan = solve(task, QUICK)
    assert not faults(task, plan)
    assert comes_to(task, plan) == every_plan(task)


@pytest.mark.parametrize("seed", range(40, 100))
def test_what_nobody_can_make_alone_is_in_no_plan(seed: int) -> None:
    task = random_task(seed)
    for visit, why in enumerate(alone(task)):
        every = task.visits
        one = Visits(
            every.client[[visit]], every.care_s[[visit]], every.earliest_s[[visit]], every.latest_s[[visit]]
        )
        single = replace(task, visits=one)
        assert bool(why) == (every_plan(single).n_left_out == 1)


DAY, EVENING = (0, "7:00", "15:00", 1800, "9:00", "12:30"), (0, "16:00", "23:00", 0, "16:00", "16:00")
MIN = 60.0


def valley(*staff: tuple[int, str, str, int, str, str]) -> RoundsTask:
    """Base, and Alie, Bea and Cor around it.

    Cor ── 20 min ── Base ── 10 min ── Alie ── 5 min ── Bea        no way leads from Cor to the other two

    Alie has a visit in the morning and one in the evening, Bea and Cor one in the morning; all take 30 minutes.
    """
    no = np.inf
    minutes = np.array([[0, 10, 15, 20], [10, 0, 5, no], [15, 5, 0, no], [20, no, no, 0]])
    visits = visits_of(
        (0, 30, "7:30", "9:00"), (0, 30, "19:00", "21:00"), (1, 30, "8:00", "8:00"), (2, 30, "7:00", "12:00")
    )
    return RoundsTask(minutes * MIN, visits, staff_of(*staff), 1, 4 * 3600)


def test_a_day_worked_out_by_hand() -> None:
    task = valley(DAY, DAY, EVENING)
    plan = solve(task, QUICK)
    # Bea must be visited at 8:00. To be done with Alie before, one would begin there by 7:25, which is too early. So Bea is
    # first (15 minutes out, leaving at 7:45), Alie follows at 8:35 (5), and then home (10): 30 minutes on the way. Cor is
    # somebody else's: 20 out and 20 home. In the evening Alie is 10 minutes out and 10 home.
    assert sorted(plan.rounds[:2]) == [(2, 0), (3,)]
    assert plan.rounds[2] == (1,)
    first = plan.rounds.index((2, 0))
    clocks = [plan.leave_s[first], plan.begin_s[2], plan.begin_s[0], plan.back_s[first]]
    assert [clock_text(int(at)) for at in clocks] == ["07:45", "08:00", "08:35", "09:15"]
    assert clock_text(int(plan.break_s[first])) == "09:15"
    found = costs(task, plan)
    assert sorted(found.travel_s / MIN) == [20, 30, 40]
    # Of the 5 minutes between them Bea and Alie account for half each; the ways from and to the base are whole.
    assert (found.client_s / MIN).tolist() == [2.5 + 10 + 20, 15 + 2.5, 40]
    assert found.travel_share == pytest.approx(90 / (90 + 4 * 30))


def test_who_has_no_room_is_left_out() -> None:
    # Nobody comes by the base between two visits, so one person in the morning does either Cor, or Bea and Alie.
    plan = solve(valley(DAY, EVENING), QUICK)
    assert plan.reason == ("", "", "", "no_room")
    assert plan.begin_s[3] == NOT_PLANNED


@pytest.mark.parametrize(
    ("staff", "visit", "reason"),
    [
        (DAY, 1, "no_shift"),  # the evening visit begins from 19:00 on, and work ends at 15:00
        ((0, "7:00", "8:05", 0, "7:00", "7:00"), 0, "too_far"),  # 7:30, 30 minutes and 10 home: 8:10
        ((0, "7:00", "7:50", 0, "7:00", "7:00"), 2, "no_shift"),  # at 8:00 nobody works any more
    ],
)
def test_a_visit_that_nobody_can_make_says_why(
    staff: tuple[int, str, str, int, str, str], visit: int, reason: str
) -> None:
    assert alone(valley(staff))[visit] == reason


def test_a_client_without_a_way_home_is_named_and_not_planned() -> None:
    task = valley(DAY, DAY, EVENING)
    seconds = task.seconds.copy()
    seconds[3, 0] = np.inf
    plan = solve(replace(task, seconds=seconds), QUICK)
    assert plan.reason == ("", "", "", "no_way")


def test_a_base_where_nobody_works_is_no_stop() -> None:
    # A second base in the same place: once it was visited as if it were a client.
    task = valley(DAY, DAY, EVENING)
    again = np.array([0, 0, 1, 2, 3])
    task = replace(task, seconds=task.seconds[np.ix_(again, again)], n_bases=2)
    assert comes_to(task, solve(task, QUICK)) == Best(0, 90 * MIN)


def test_two_visits_of_one_client_keep_their_distance_also_by_two_people() -> None:
    # Both may begin from 8:00 to 12:00, and the second 4 hours after the first has ended at 8:30 at the earliest: 12:30.
    both = visits_of((0, 30, "8:00", "12:00"), (0, 30, "8:00", "12:00"))
    task = replace(valley(DAY, DAY), visits=both)
    assert solve(task, QUICK).n_planned == 1
    near = replace(task, gap_s=3600)
    plan = solve(near, QUICK)
    assert plan.n_planned == 2
    assert abs(int(plan.begin_s[0] - plan.begin_s[1])) >= 1800 + 3600


def test_a_break_that_does_not_fit_keeps_a_visit_away() -> None:
    # One visit from 9:00 to 12:00, and a break of half an hour that begins from 9:30 to 11:00: somebody is at work all along.
    long = visits_of((0, 180, "9:00", "9:00"))
    paused = (0, "7:00", "13:00", 1800, "9:30", "11:00")
    without = (0, "7:00", "13:00", 0, "9:30", "11:00")
    assert solve(replace(valley(paused), visits=long), QUICK).reason == ("too_far",)
    assert solve(replace(valley(without), visits=long), QUICK).reason == ("",)


def test_the_same_question_has_the_same_plan() -> None:
    task = random_task(7)
    one, other = (solve(task, QUICK) for _ in range(2))
    assert one.rounds == other.rounds
    assert one.begin_s.tolist() == other.begin_s.tolist()


def test_a_plan_to_begin_from_is_not_made_worse() -> None:
    task = valley(DAY, DAY, EVENING)
    best = solve(task, QUICK)
    assert comes_to(task, solve(task, 1, best)) == comes_to(task, best)
    fewer = valley(DAY, EVENING)
    assert solve(fewer, QUICK, best).n_planned == 3


def test_who_stops_the_search_keeps_what_was_found() -> None:
    told = list[float]()

    def stop(share: float) -> bool:
        told.append(share)
        return False

    task = valley(DAY, DAY, EVENING)
    plan = solve(task, 10**6, None, stop)
    assert plan.n_planned == 4
    assert len(told) == 1


def test_an_error_while_progress_is_told_is_not_lost() -> None:
    def broken(_share: float) -> bool:
        raise RuntimeError("nobody listens")

    with pytest.raises(RuntimeError, match="nobody listens"):
        solve(valley(DAY, DAY, EVENING), 10**6, None, broken)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools", None)
    monkeypatch.setitem(sys.modules, "ortools.constraint_solver", None)
    with pytest.raises((InputError, ModuleNotFoundError), match="ortools"):
        solve(valley(DAY, EVENING), QUICK)

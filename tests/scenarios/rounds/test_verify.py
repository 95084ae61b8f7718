"""Plans are looked at without the solver: every rule that is broken is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import DorpshubError
from scenarios.rounds.task import NOT_PLANNED, Plan, RoundsTask
from scenarios.rounds.verify import faults, refuse_broken, timed
from support.toys.networks import clock
from support.toys.rounds import staff_of, visits_of

TASK = RoundsTask(
    # Base, Alie (10 minutes away) and Bea (15; 5 from Alie).
    np.array([[0, 10, 15], [10, 0, 5], [15, 5, 0]]) * 60.0,
    visits_of((0, 30, "8:00", "9:00"), (1, 30, "8:00", "12:00"), (0, 30, "11:00", "13:00")),
    staff_of((0, "7:00", "15:00", 1800, "9:00", "12:30")),
    1,
    3600,
)


def clocks(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([clock(text) if text else NOT_PLANNED for text in texts], np.int64)


GOOD = Plan(
    # Alie 8:00-8:30, Bea 8:35-9:05, a break of half an hour there, Alie again 11:00-11:30, home at 11:40.
    ((0, 1, 2),),
    clocks("8:00", "8:35", "11:00"),
    clocks("7:50"),
    clocks("11:40"),
    clocks("9:05"),
    ("", "", ""),
)


def test_a_plan_that_keeps_all_rules_has_no_faults() -> None:
    assert faults(TASK, GOOD) == []


def test_times_are_worked_out_from_when_visits_begin() -> None:
    plan = timed(TASK, GOOD.rounds, GOOD.begin_s, GOOD.reason)
    assert plan.leave_s.tolist() == GOOD.leave_s.tolist()
    assert plan.back_s.tolist() == GOOD.back_s.tolist()
    assert plan.break_s.tolist() == GOOD.break_s.tolist()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"begin_s": clocks("7:50", "8:35", "11:00"), "leave_s": clocks("7:40")}, "visit 0 begins at 07:50"),
        ({"begin_s": clocks("8:00", "8:34", "11:00")}, "cannot be at visit 1 in time"),
        ({"leave_s": clocks("7:51")}, "cannot be at visit 0 in time"),
        ({"back_s": clocks("11:39")}, "cannot be at the base in time"),
        ({"leave_s": clocks("6:50")}, "out beyond the shift"),
        ({"back_s": clocks("15:01")}, "out beyond the shift"),
        ({"break_s": clocks("8:59")}, "no break"),
        ({"break_s": clocks("12:31")}, "no break"),
        ({"break_s": clocks("")}, "no break"),
        (
            {"break_s": clocks("10:31")},
            "no break",
        ),  # it would last until 11:01, and Alie's visit begins at 11:00
        ({"rounds": ((0, 1, 1, 2),)}, "visit 1 is made 2 times"),
        ({"rounds": ((0, 2),)}, "visit 1 is told otherwise"),
        ({"reason": ("", "no_room", "")}, "visit 1 is told otherwise"),
    ],
)
def test_a_broken_rule_is_found(changed: dict[str, object], told: str) -> None:
    plan = replace(GOOD, **changed)  # type: ignore[arg-type]
    assert any(told in fault for fault in faults(TASK, plan)), faults(TASK, plan)


def test_visits_of_one_client_too_near_each_other_are_found() -> None:
    # Alie's first visit ends at 8:30 and the next begins at 11:00: two and a half hours.
    assert faults(replace(TASK, gap_s=150 * 60), GOOD) == []
    assert any("of one client" in fault for fault in faults(replace(TASK, gap_s=150 * 60 + 1), GOOD))


def test_a_plan_with_a_fault_is_never_handed_on() -> None:
    with pytest.raises(DorpshubError, match="not shown"):
        refuse_broken(TASK, replace(GOOD, back_s=clocks("11:39")))


def test_a_way_that_there_is_not_is_found() -> None:
    seconds = TASK.seconds.copy()
    seconds[1, 2] = np.inf
    assert any("visit 1 in time" in fault for fault in faults(replace(TASK, seconds=seconds), GOOD))


def test_seconds_must_be_whole() -> None:
    with pytest.raises(ValueError, match="whole"):
        replace(TASK, seconds=TASK.seconds + 0.5)

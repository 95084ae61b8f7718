"""Small tasks of rounds, and every plan of them tried out: the oracle for `scenarios.rounds.solve`."""

from __future__ import annotations

from itertools import pairwise, permutations, product
from typing import NamedTuple

import numpy as np

from scenarios.rounds.task import RoundsTask, Staff, Visits
from support.toys.networks import clock

Rounds = tuple[tuple[int, ...], ...]


class Best(NamedTuple):
    """What no plan of a task betters: visits left out, then seconds on the way."""

    n_left_out: int
    travel_s: float


def staff_of(*rows: tuple[int, str, str, int, str, str]) -> Staff:
    """People of rows of base, shift from and until, seconds of the break, and between when it begins."""
    base, start, end, pause, first, last = zip(*rows, strict=True)
    clocks = [np.array([clock(text) for text in column], np.int64) for column in (start, end, first, last)]
    return Staff(np.array(base, np.int32), clocks[0], clocks[1], np.array(pause, np.int64), *clocks[2:])


def visits_of(*rows: tuple[int, int, str, str]) -> Visits:
    """Visits of rows of client, minutes of care, and from and until when they may begin."""
    client, care, first, last = zip(*rows, strict=True)
    return Visits(
        np.array(client, np.int32),
        np.array(care, np.int64) * 60,
        np.array([clock(text) for text in first], np.int64),
        np.array([clock(text) for text in last], np.int64),
    )


def random_task(seed: int) -> RoundsTask:
    """One or two bases, up to three clients and four visits, one or two people, with tight shifts, windows, breaks and gaps."""
    random = np.random.default_rng(seed)
    n_bases, n_clients, n_visits, n_staff = (int(random.integers(1, most + 1)) for most in (2, 3, 4, 2))
    xy = random.uniform(0, 30, (n_bases + n_clients, 2))
    away = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    seconds = np.ceil(away * random.uniform(40, 80, away.shape))
    np.fill_diagonal(seconds, 0)
    # Some streets are one-way or missing; whatever leads there by way of another stop is a way as well, as on real streets.
    seconds[(random.random(away.shape) < 0.15) & (seconds > 0)] = np.inf
    for by in range(len(seconds)):
        seconds = np.minimum(seconds, seconds[:, [by]] + seconds[by])
    earliest = random.integers(7 * 3600, 13 * 3600, n_visits)
    visits = Visits(
        random.integers(0, n_clients, n_visits).astype(np.int32),
        random.integers(600, 5400, n_visits),
        earliest,
        earliest + random.integers(0, 9000, n_visits),
    )
    start = random.integers(7 * 3600, 9 * 3600, n_staff)
    end = start + random.integers(3 * 3600, 7 * 3600, n_staff)
    first = start + random.integers(0, 3600, n_staff)
    staff = Staff(
        random.integers(0, n_bases, n_staff).astype(np.int32),
        start,
        end,
        random.choice([0, 1800], n_staff).astype(np.int64),
        first,
        np.minimum(first + random.integers(0, 7200, n_staff), end - 1800),
    )
    return RoundsTask(seconds, visits, staff, n_bases, int(random.choice([0, 3600, 7200])))


def every_plan(task: RoundsTask) -> Best:
    """Best of all plans: each way to hand out the visits, each order, and each place of the breaks."""
    n_visits, n_staff = len(task.visits.client), len(task.staff.base)
    best = Best(n_visits, 0.0)
    for handed in product(range(n_staff + 1), repeat=n_visits):
        n_left_out = handed.count(n_staff)
        if n_left_out > best.n_left_out:
            continue
        own = [[visit for visit in range(n_visits) if handed[visit] == one] for one in range(n_staff)]
        for rounds in product(*(permutations(visits) for visits in own)):
            travel_s = sum(sum(_ways(task, one, round_)) for one, round_ in enumerate(rounds))
            if Best(n_left_out, travel_s) < best and _is_possible(task, rounds):
                best = Best(n_left_out, travel_s)
    return best


def _ways(task: RoundsTask, person: int, round_: tuple[int, ...]) -> list[float]:
    at = [int(task.staff.base[person])] * bool(round_)
    at += [task.n_bases + int(task.visits.client[visit]) for visit in round_] + at
    return [float(task.seconds[one, other]) for one, other in pairwise(at)]


def _is_possible(task: RoundsTask, rounds: Rounds) -> bool:
    """Whether the rounds can be made with some place of each break: leg 0, 1, ... or after the round."""
    places = [
        range(len(round_) + 2) if task.staff.break_s[one] and round_ else (-1,)
        for one, round_ in enumerate(rounds)
    ]
    return any(_in_time(task, rounds, chosen) for chosen in product(*places))


def _in_time(task: RoundsTask, rounds: Rounds, breaks: tuple[int, ...]) -> bool:
    """Whether everybody who begins each visit as early as he or she can is in time, visits of one client kept apart."""
    made = {visit for round_ in rounds for visit in round_}
    pairs = [
        (one, other)
        for one in made
        for other in made
        if one != other
        and task.visits.client[one] == task.visits.client[other]
        and _comes_first(task, one, other)
    ]
    not_before = dict.fromkeys(made, 0.0)
    while True:
        begin: dict[int, float] = {}
        for person, round_ in enumerate(rounds):
            if round_ and not _run(task, person, round_, breaks[person], not_before, begin):
                return False
        later = {
            other: max(
                [begin[one] + task.visits.care_s[one] + task.gap_s for one, to in pairs if to == other],
                default=0.0,
            )
            for other in made
        }
        if later == not_before:
            return True
        not_before = later


def _comes_first(task: RoundsTask, one: int, other: int) -> bool:
    """Whether `one` is the visit right before `other` in the day of their client."""

    def key(visit: int) -> tuple[int, int, int]:
        return int(task.visits.earliest_s[visit]), int(task.visits.latest_s[visit]), visit

    own = sorted(
        (visit for visit, client in enumerate(task.visits.client) if client == task.visits.client[one]),
        key=key,
    )
    return own.index(other) == own.index(one) + 1


def _run(
    task: RoundsTask,
    person: int,
    round_: tuple[int, ...],
    break_leg: int,
    not_before: dict[int, float],
    begin: dict[int, float],
) -> bool:
    """Make a round as early as possible, writing when each visit begins; whether that keeps windows, shift and break."""
    staff, visits = task.staff, task.visits
    now = float(staff.start_s[person])
    pause, first, last, end = (
        float(column[person])
        for column in (staff.break_s, staff.break_from_s, staff.break_until_s, staff.end_s)
    )
    for leg, way_s in enumerate(_ways(task, person, round_)):
        if leg == break_leg:
            if now > last:
                return False
            now = max(now + way_s, first) + pause
        else:
            now += way_s
        if leg == len(round_):
            break
        visit = round_[leg]
        now = max(now, float(visits.earliest_s[visit]), not_before[visit])
        if now > visits.latest_s[visit]:
            return False
        begin[visit] = now
        now += float(visits.care_s[visit])
    if now > end:
        return False
    return break_leg <= len(round_) or (now <= last and max(now, first) + pause <= end)

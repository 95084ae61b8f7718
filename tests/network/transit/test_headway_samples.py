"""Times of lines of which only the headway is known: a line every ten minutes, from 7:00 until 8:00, and one that has times.

Aa ── every 10 min, 5 min ── Bee ── 8:02, 8:32 ── Cee
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np
import pytest

from data.timetable import NO_HEADWAYS, Headways, Stops, Timetable, Trips
from network.hierarchy.within import as_within
from network.lanes import as_seconds
from network.transit import headway_samples
from network.transit.departures import Access, Departing, Window, access
from network.transit.event_graph import EventGraph, build_events
from network.transit.event_sweep import plain
from network.transit.headway_samples import SampledGraphs, headway_shifts, shifted
from network.transit.transfers import transfer_times
from network.transit.window_percentiles import to_nearest
from scenarios.edits.trip_tables import with_runs
from support.toys.networks import NO_RULES, clock, run, trips

AA, BEE, CEE = range(3)
N_SAMPLES = 20
HEADWAY_S = 600
HOME: Access = access(as_within(np.array([[0.0, np.inf, np.inf]])))
STRANGERS = transfer_times(as_within(np.full((3, 3), np.inf)), NO_RULES, 60)
"""Changes at one stop take a minute, and nobody walks to another."""


def timetable(of: Trips, names: tuple[str, ...] = ("Aa", "Bee", "Cee")) -> Timetable:
    """Trips at three stops, a kilometre or so apart."""
    place = np.arange(3) / 100
    stops = Stops(names, names, np.arange(3, dtype=np.int32), 6.5 + place, 52.5 + place)
    return Timetable("2026-10-06", stops, of, NO_RULES)


def every(
    headway_s: int, calls: list[tuple[int, int]], group: str, first: str = "7:00", end: str = "8:00"
) -> Trips:
    """A line by headway: `calls` are stops with the seconds from the start of a run to each."""
    starts = range(clock(first), clock(end), headway_s)
    runs = trips([[(stop, start + after, start + after) for stop, after in calls] for start in starts])
    whole = np.ones(len(starts), np.int32)
    rows = np.arange(len(starts), dtype=np.int32)
    return replace(
        runs, headways=Headways(rows, (group,) * len(starts), headway_s * whole, clock(end) * whole)
    )


def together(*lines: Trips) -> Trips:
    """Lines one after the other in one table."""
    return reduce(with_runs, lines)


TO_BEE = [(AA, 0), (BEE, 300)]
TIMED = trips([run((BEE, "8:02"), (CEE, "8:10")), run((BEE, "8:32"), (CEE, "8:40"))])
LINE = together(every(HEADWAY_S, TO_BEE, "A@07:00:00"), TIMED)


def samples(of: Timetable, n_samples: int) -> list[Trips]:
    return [shifted(of.trips, shift_s) for shift_s in headway_shifts(of, n_samples)]


def graphs(of: Timetable, n_samples: int) -> tuple[EventGraph, ...]:
    return tuple(build_events(sample, STRANGERS) for sample in samples(of, n_samples))


def test_without_headways_there_is_one_sample() -> None:
    of = trips([run((AA, "8:00"), (BEE, "8:05"))])
    shift_s = headway_shifts(timetable(of), N_SAMPLES)
    assert shift_s.shape == (1, 0)
    assert shifted(of, shift_s[0]) is of


def test_the_phases_of_a_line_are_anywhere_in_equal_parts_of_its_headway() -> None:
    # Of twenty samples each has its bus in another half minute, at any second of it: that they all fall on the same second
    # of their half minute, as middles would, has a chance of nothing.
    shift_s = headway_shifts(timetable(LINE), N_SAMPLES)[:, 0]
    assert sorted((shift_s // 30).tolist()) == list(range(20))
    assert len(set((shift_s % 30).tolist())) > 5
    # One after the other they tell nothing: neither rising nor falling.
    assert abs(np.corrcoef(np.arange(N_SAMPLES), shift_s)[0, 1]) < 0.5


def test_all_runs_of_a_line_shift_together_and_none_starts_after_the_end() -> None:
    for sample in samples(timetable(LINE), N_SAMPLES):
        starts = sample.call_departure[sample.call_offset[:6]]
        assert (np.diff(starts) == HEADWAY_S).all()
        # Six runs start within the hour whatever the phase, and the timed line stays where it is.
        assert starts.max() < clock("8:00")
        assert sample.call_pickup[sample.call_offset[:6]].all()
        assert sample.call_departure[sample.call_offset[6]] == clock("8:02")
        assert not len(sample.headways.trip)


def test_a_run_that_would_start_too_late_does_not_run() -> None:
    # Until 7:55 the last run, of 7:50, is gone where the phase is five minutes or more: in half of the samples.
    until = replace(LINE.headways, end=np.full(6, clock("7:55"), np.int32))
    found = samples(timetable(replace(LINE, headways=until)), N_SAMPLES)
    last = [(bool(sample.call_pickup[10]), bool(sample.call_dropoff[11])) for sample in found]
    assert sorted(last) == [(False, False)] * 10 + [(True, True)] * 10


def test_other_names_leave_the_samples_as_they_are() -> None:
    # The same lines, their groups, trips, routes and stops called otherwise, and in another order of the table.
    lines = [
        every(HEADWAY_S, TO_BEE, "A"),
        every(HEADWAY_S, [(BEE, 0), (AA, 300)], "B"),
        every(900, TO_BEE, "C"),
    ]
    named = [
        replace(line, headways=replace(line.headways, group=(name,) * len(line.id)))
        for line, name in zip(lines, "zya", strict=True)
    ]
    one = headway_shifts(timetable(together(*lines)), N_SAMPLES)
    other = headway_shifts(timetable(together(*named[::-1]), ("p", "q", "r")), N_SAMPLES)
    first = np.cumsum([0, 6, 6])
    turned = np.cumsum([0, 4, 6])[::-1]
    assert (one[:, first] == other[:, turned]).all()
    # And no two of them go together.
    assert len({tuple(one[:, row].tolist()) for row in first.tolist()}) == 3


def test_lines_that_do_the_same_are_sampled_apart() -> None:
    # Twice the line every ten minutes: whichever is named first, one has the samples of the line alone.
    alone = headway_shifts(timetable(every(HEADWAY_S, TO_BEE, "A")), N_SAMPLES)
    twice = [
        headway_shifts(
            timetable(together(every(HEADWAY_S, TO_BEE, one), every(HEADWAY_S, TO_BEE, other))), N_SAMPLES
        )[:, [0, 6]]
        for one, other in ("AB", "BA")
    ]
    assert (np.sort(twice[0], axis=1) == np.sort(twice[1], axis=1)).all()
    assert (twice[0][:, 0] == alone[:, 0]).all()
    assert (twice[0][:, 0] != twice[0][:, 1]).sum() > N_SAMPLES // 2


@pytest.mark.parametrize(
    "changed",
    [
        every(600, [(AA, 0), (BEE, 301)], "A"),
        every(601, TO_BEE, "A"),
        every(600, TO_BEE, "A", end="8:10"),
        every(600, TO_BEE, "A", first="7:10"),
        every(600, [(AA, 0), (CEE, 300)], "A"),
    ],
)
def test_a_change_elsewhere_keeps_the_samples_of_a_line(changed: Trips) -> None:
    # Whatever line 'A' becomes, line 'B' keeps its samples, and 'A' gets others as it is another line now.
    kept = every(900, [(BEE, 0), (CEE, 400)], "B")
    before = headway_shifts(timetable(together(every(600, TO_BEE, "A"), kept)), N_SAMPLES)
    after = headway_shifts(timetable(together(changed, kept)), N_SAMPLES)
    assert (before[:, -1] == after[:, -1]).all()
    assert (before[:, 0] != after[:, 0]).any()


def test_waiting_for_a_headway_is_anything_up_to_the_headway() -> None:
    # To a shop at Bee one rides five minutes and waits for anything from nothing to ten, evenly: of 200 samples one in each
    # 3 s. So the best takes 300 to 303 s, the 101st 600 to 603 s, the worst 897 to 900 s. Over ten minutes as well.
    egress, direct = plain(np.array([np.inf, 0.0, np.inf])), plain(np.array([np.inf]))
    every_sample = graphs(timetable(LINE), 200)
    for n in (1, 10):
        departing = Departing(HOME, Window(clock("7:15"), 60, n), 7200)
        found = to_nearest(every_sample, egress, departing, direct, (0.0, 50.0, 100.0))
        least, middle, most = as_seconds(found.values)[0].tolist()
        assert 300 <= least < 303
        assert 600 <= middle < 603
        assert 897 <= most < 900
        assert found.served_share[0] == 1


def test_two_lines_in_a_row_are_waited_for_independently() -> None:
    # Aa to Bee every 20 minutes in 5, Bee to Cee every 20 minutes in 10, a minute to change: 16 minutes and two waits of up
    # to 20. Their sum has the median 20 and, as 0.05 = w^2 / 2 for w of a headway, 5 % below 6.32 and 5 % above 33.68. In
    # one sample the second wait is the same for everybody, so the standard error is 20 / sqrt(12 M), of 418 samples 0.28
    # minutes, for all three.
    of = timetable(
        together(
            every(1200, TO_BEE, "A", "5:00", "10:00"),
            every(1200, [(BEE, 0), (CEE, 600)], "B", "5:00", "10:00"),
        )
    )
    egress, direct = plain(np.array([np.inf, np.inf, 0.0])), plain(np.array([np.inf]))
    departing = Departing(HOME, Window(clock("7:00"), 60, 120), 4 * 3600)
    found = to_nearest(graphs(of, 418), egress, departing, direct, (5.0, 50.0, 95.0))
    minutes = as_seconds(found.values)[0] / 60
    assert np.abs(minutes - [16 + 6.32, 16 + 20, 16 + 33.68]).max() < 3 * 0.28


def test_changing_to_a_timed_line_depends_on_the_sample() -> None:
    # From Aa at 7:50 to Cee: with the phase p the bus is at Bee at 7:55 + p, and p + 60 s for changing must not pass 8:02, so
    # where it is up to 360 s (12 of 20 parts of 30 s) one arrives at 8:10, in the others at 8:40; from 8:00 on no bus leaves.
    egress, direct = plain(np.array([np.inf, np.inf, 0.0])), plain(np.array([np.inf]))
    departing = Departing(HOME, Window(clock("7:50"), 60, 1), 7200)
    percents = (0.0, 55.0, 60.0, 100.0)
    found = to_nearest(graphs(timetable(LINE), N_SAMPLES), egress, departing, direct, percents)
    assert (as_seconds(found.values)[0] / 60).tolist() == [20, 20, 50, 50]


@pytest.mark.parametrize("kept_bytes", [0, 10**9])
def test_graphs_are_the_same_whether_kept_or_made_again(
    monkeypatch: pytest.MonkeyPatch, kept_bytes: int
) -> None:
    monkeypatch.setattr(headway_samples, "KEPT_BYTES", kept_bytes)
    expected, n_made = graphs(timetable(LINE), 3), []

    def make(sample: int) -> EventGraph:
        n_made.append(sample)
        return expected[sample]

    found = SampledGraphs(3, make)
    assert len(found) == 3
    assert list(found) == list(expected)
    assert found[1] is expected[1]
    assert n_made == ([0, 1, 2] if kept_bytes else [0, 1, 2, 1])


def test_published_times_are_left_alone_beside_headways() -> None:
    timed_only = replace(LINE, headways=NO_HEADWAYS)
    assert headway_shifts(timetable(timed_only), N_SAMPLES).shape == (1, 0)

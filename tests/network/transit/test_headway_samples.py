"""Times drawn for headways: a line every ten minutes, from 7:00 until 8:00, that takes five; and one that has times.

Aa ── every 10 min ── Bee ── 8:02, 8:32 ── Cee
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import NO_RULES, clock, run, trips

from data.timetable import Headways, Trips
from network.lanes import as_seconds
from network.transit.departures import Access, Departing, Window, access
from network.transit.event_graph import build_events
from network.transit.event_sweep import plain
from network.transit.headway_samples import headway_samples
from network.transit.transfers import transfer_times
from network.transit.window_percentiles import door_to_door

AA, BEE, CEE = range(3)
N_DRAWS = 20
HEADWAY_S = 600
HOME: Access = access(np.array([[0.0, np.inf, np.inf]]))


def line(group: str = "A@07:00:00") -> Trips:
    starts = range(clock("7:00"), clock("8:00"), HEADWAY_S)
    timetable = trips(
        [
            *([(AA, start, start), (BEE, start + 300, start + 300)] for start in starts),
            run((BEE, "8:02"), (CEE, "8:10")),
            run((BEE, "8:32"), (CEE, "8:40")),
        ]
    )
    n_runs = len(starts)
    whole = np.ones(n_runs, np.int32)
    of_line = Headways(
        np.arange(n_runs, dtype=np.int32), (group,) * n_runs, HEADWAY_S * whole, clock("8:00") * whole
    )
    return replace(timetable, headways=of_line)


def test_without_headways_nothing_is_drawn() -> None:
    timetable = trips([run((AA, "8:00"), (BEE, "8:05"))])
    assert headway_samples(timetable, N_DRAWS) == (timetable,)


def test_the_draws_of_a_line_come_evenly() -> None:
    # Twenty samples of ten minutes: the first bus comes 15, 45, 75 ... 585 s after seven, each once.
    first = sorted(
        int(sample.call_departure.min()) - clock("7:00") for sample in headway_samples(line(), N_DRAWS)
    )
    assert first == list(range(15, 600, 30))


def test_all_runs_of_a_group_shift_together_and_none_starts_after_the_end() -> None:
    for sample in headway_samples(line(), N_DRAWS):
        starts = sample.call_departure[sample.call_first[:-3]]
        assert (np.diff(starts) == HEADWAY_S).all()
        assert starts.max() < clock("8:00")
        # Six runs start within the hour whatever the phase, and the timed line stays where it is.
        assert len(sample.id) == 8
        assert sample.call_departure[sample.call_first[-3]] == clock("8:02")
        assert not len(sample.headways.trip)


def test_a_run_that_would_start_too_late_does_not_start() -> None:
    # Until 7:55 the last run, of 7:50, is gone where the phase is five minutes or more: in half of the samples.
    timetable = line()
    until = replace(timetable.headways, end=np.full(6, clock("7:55"), np.int32))
    n_runs = [len(sample.id) for sample in headway_samples(replace(timetable, headways=until), N_DRAWS)]
    assert sorted(n_runs) == [7] * 10 + [8] * 10


def test_a_group_has_the_same_phases_whatever_the_others_are() -> None:
    alone, other = headway_samples(line("A"), N_DRAWS), headway_samples(line("B"), N_DRAWS)
    assert [sample.call_departure[0] for sample in alone] == [
        sample.call_departure[0] for sample in headway_samples(line("A"), N_DRAWS)
    ]
    assert [sample.call_departure[0] for sample in alone] != [sample.call_departure[0] for sample in other]


def test_waiting_for_a_headway_is_anything_up_to_the_headway() -> None:
    # To a shop at Bee one rides five minutes and waits for anything from nothing to ten, evenly: leaving at 7:15 that is
    # 15, 45, ... 585 s over the samples. Best 315 s, worst 885 s; the middle of two, the longer, 615 s.
    ways = transfer_times(np.full((3, 3), np.inf), NO_RULES, 60)
    graphs = tuple(build_events(sample, ways) for sample in headway_samples(line(), N_DRAWS))
    egress, direct = plain(np.array([[np.inf], [0.0], [np.inf]])), plain(np.array([[np.inf]]))
    departing = Departing(HOME, Window(clock("7:15"), 60, 1), 7200)
    found = door_to_door(graphs, egress, departing, direct, (0.0, 50.0, 100.0))
    assert as_seconds(found.values)[0, 0].tolist() == [315, 615, 885]
    # Over ten minutes the same, whichever sample: 200 times from 315 s, that is 300 + 15 + 30 k.
    departing = Departing(HOME, Window(clock("7:15"), 60, 10), 7200)
    found = door_to_door(graphs, egress, departing, direct, (0.0, 50.0, 100.0))
    assert as_seconds(found.values)[0, 0].tolist() == [315, 615, 885]
    assert found.served_share[0, 0] == 1


def test_changing_to_a_timed_line_depends_on_the_draw() -> None:
    # From Aa at 7:50 to Cee: with the phase p the bus is at Bee at 7:55 + p, and p + 60 s for changing must not pass 8:02,
    # so in the samples up to 345 s (12 of 20) one arrives at 8:10, in the others at 8:40; 8:00 and later no bus leaves.
    ways = transfer_times(np.full((3, 3), np.inf), NO_RULES, 60)
    graphs = tuple(build_events(sample, ways) for sample in headway_samples(line(), N_DRAWS))
    egress, direct = plain(np.array([[np.inf], [np.inf], [0.0]])), plain(np.array([[np.inf]]))
    departing = Departing(HOME, Window(clock("7:50"), 60, 1), 7200)
    found = door_to_door(graphs, egress, departing, direct, (0.0, 55.0, 60.0, 100.0))
    assert (as_seconds(found.values)[0, 0] / 60).tolist() == [20, 20, 50, 50]


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 40), st.integers(20, 4000))
def test_the_phases_are_the_middles_of_equal_parts(n_samples: int, headway_s: int) -> None:
    one = trips([[(AA, 0, 0), (BEE, 60, 60)]])
    whole = np.ones(1, np.int32)
    of_line = Headways(np.zeros(1, np.int32), ("g",), headway_s * whole, 10_000 * whole)
    first = sorted(
        int(sample.call_departure[0]) for sample in headway_samples(replace(one, headways=of_line), n_samples)
    )
    assert first == [int((part + 0.5) / n_samples * headway_s + 1e-9) for part in range(n_samples)]

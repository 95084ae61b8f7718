"""How much quicker the pass over the event graph is than a profile connection scan, and what a window costs.

Run from the root of the repository with a feed and a service day::

    PYTHONPATH=. python tests/benchmarks/bench_transit.py feed.zip 2022-09-13

Rivals take turns within one run, so that a busy machine slows both; the best of the turns counts. Both give the same
clock times, which is checked. Prints a table in Markdown.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from transit_oracle import connections

from data.columns import Bools, Int32s, Int64s, Strings
from data.gtfs import read_timetable
from data.projection import utm_projection
from data.timetable import Timetable, Trips
from network.changes import NEVER, Changes, changes
from network.departures import Access, Departing, Window, worthwhile
from network.event_sweep import never, packed, plain, sweep, sweep_into, sweep_rides
from network.events import EventGraph, build_events
from network.jit import kernel
from network.windows import window_statistics

WALKING_MPS = 1.33
CHANGE_WALK_MAX_M = 600.0
MIN_CHANGE_S = 60
START, END = 7 * 3600, 19 * 3600
TURNS = 9
N_CELLS, N_ACCESS = 50_000, 10
PERCENTS = (5.0, 25.0, 50.0, 75.0, 95.0)
TRAVEL_MAX_S = 4 * 3600
TARGETS_SHARE = 0.03
LONGEST_EGRESS_S = 900


class Scan(NamedTuple):
    """What a profile connection scan reads: connections by departure, and the ways from each stop."""

    trip: Int32s
    departure: Int32s
    arrival: Int32s
    from_stop: Int32s
    to_stop: Int32s
    may_board: Bools
    may_alight: Bools
    way_first: Int64s
    way_to: Int32s
    way_s: Int32s


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def race(*rivals: Callable[[], object]) -> list[float]:
    """Best milliseconds of each rival, which take turns; the first call, which compiles, does not count."""
    best = [np.inf] * len(rivals)
    for turn in range(TURNS + 1):
        for number, rival in enumerate(rivals):
            start = time.perf_counter()
            rival()
            if turn:
                best[number] = min(best[number], (time.perf_counter() - start) * 1e3)
    return best


def walks(timetable: Timetable) -> Changes:
    """Changes by straight walks."""
    stops = timetable.stops
    x_m, y_m = utm_projection(stops.lon_deg, stops.lat_deg).to_metres(stops.lon_deg, stops.lat_deg)
    metres = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    walk_s = np.where(metres <= CHANGE_WALK_MAX_M, np.rint(metres / WALKING_MPS), np.inf)
    return changes(walk_s, timetable.transfers, MIN_CHANGE_S)


def chosen(trips: Trips, kept: Bools) -> Trips:
    """Only some of the trips."""
    n_calls = np.diff(trips.call_first)
    of_call = np.repeat(kept, n_calls)

    def text(column: Strings) -> Strings:
        return tuple(np.array(column, object)[kept])

    return Trips(
        id=text(trips.id),
        route=text(trips.route),
        headsign=text(trips.headsign),
        agency=text(trips.agency),
        route_type=trips.route_type[kept],
        block=text(trips.block),
        call_first=np.concatenate([[0], np.cumsum(n_calls[kept])]),
        call_stop=trips.call_stop[of_call],
        call_arrival=trips.call_arrival[of_call],
        call_departure=trips.call_departure[of_call],
        call_pickup=trips.call_pickup[of_call],
        call_dropoff=trips.call_dropoff[of_call],
    )


def copies(trips: Trips, ways: Changes, n: int) -> tuple[Trips, Changes]:
    """The same service in n places that have nothing to do with each other."""
    n_stops, n_calls = len(ways.first) - 1, len(trips.call_stop)
    places = np.arange(n, dtype=np.int32)[:, None]
    way_first = np.append((ways.first[:-1] + len(ways.to_stop) * places).ravel(), n * len(ways.to_stop))
    way_to = (ways.to_stop + n_stops * places).ravel()
    larger = Trips(
        id=trips.id * n,
        route=trips.route * n,
        headsign=trips.headsign * n,
        agency=trips.agency * n,
        route_type=np.tile(trips.route_type, n),
        block=trips.block * n,
        call_first=np.append((trips.call_first[:-1] + n_calls * places).ravel(), n * n_calls),
        call_stop=(trips.call_stop + n_stops * places).ravel(),
        call_arrival=np.tile(trips.call_arrival, n),
        call_departure=np.tile(trips.call_departure, n),
        call_pickup=np.tile(trips.call_pickup, n),
        call_dropoff=np.tile(trips.call_dropoff, n),
    )
    return larger, Changes(way_first, way_to, np.tile(ways.seconds, n))


def scan_of(trips: Trips, ways: Changes) -> Scan:
    """Connections in the order of the scan."""
    rides = connections(trips, int(trips.call_departure.min()), int(trips.call_departure.max()))
    start, end = rides.from_call, rides.from_call + 1
    return Scan(
        rides.trip,
        trips.call_departure[start],
        trips.call_arrival[end],
        trips.call_stop[start],
        trips.call_stop[end],
        trips.call_pickup[start],
        trips.call_dropoff[end],
        ways.first,
        ways.to_stop,
        ways.seconds,
    )


@kernel
def scan_lane(
    scan: Scan, slots: Int64s, departure: Int32s, arrival: Int32s, egress: Int32s, n_trips: int
) -> Int64s:
    """Profile connection scan of one lane: per stop the departures worth waiting for, filled from the last slot down.

    The entries of stop s are `begin[s]:slots[s + 1]`; those nearest in time, looked at first, were put there last.
    """
    by_trip = np.full(n_trips, NEVER)
    begin = slots[1:].copy()
    for ride in range(len(scan.trip) - 1, -1, -1):
        best = by_trip[scan.trip[ride]]
        if scan.may_alight[ride]:
            stop, clock = scan.to_stop[ride], scan.arrival[ride]
            if egress[stop] < NEVER:
                best = min(best, clock + egress[stop])
            for way in range(scan.way_first[stop], scan.way_first[stop + 1]):
                to, ready = scan.way_to[way], clock + scan.way_s[way]
                entry, end = begin[to], slots[to + 1]
                while entry < end and departure[entry] < ready:
                    entry += 1
                if entry < end:
                    best = min(best, arrival[entry])
            by_trip[scan.trip[ride]] = best
        stop = scan.from_stop[ride]
        entry = begin[stop]
        if scan.may_board[ride] and best < (arrival[entry] if entry < slots[stop + 1] else NEVER):
            begin[stop] = entry - 1
            departure[entry - 1], arrival[entry - 1] = scan.departure[ride], best
    return begin


@kernel
def scan_lanes(  # noqa: C901 -- one loop, as in the paper
    scan: Scan,
    slots: Int64s,
    departure: Int32s,
    arrival: NDArray[np.int32],
    egress: NDArray[np.int32],
    n_trips: int,
) -> Int64s:
    """The same for many lanes: an entry is a row of lanes, kept when any of them arrives earlier by it."""
    n_lanes = egress.shape[1]
    by_trip = np.full((n_trips, n_lanes), NEVER)
    begin = slots[1:].copy()
    for ride in range(len(scan.trip) - 1, -1, -1):
        trip = scan.trip[ride]
        if scan.may_alight[ride]:
            stop, clock = scan.to_stop[ride], scan.arrival[ride]
            for lane in range(n_lanes):
                there = np.int32(egress[stop, lane] + clock) if egress[stop, lane] < NEVER else NEVER
                by_trip[trip, lane] = min(by_trip[trip, lane], there)
            for way in range(scan.way_first[stop], scan.way_first[stop + 1]):
                to, ready = scan.way_to[way], clock + scan.way_s[way]
                entry, end = begin[to], slots[to + 1]
                while entry < end and departure[entry] < ready:
                    entry += 1
                if entry < end:
                    for lane in range(n_lanes):
                        by_trip[trip, lane] = min(by_trip[trip, lane], arrival[entry, lane])
        if not scan.may_board[ride]:
            continue
        stop = scan.from_stop[ride]
        entry = begin[stop]
        is_first, improves = entry == slots[stop + 1], False
        for lane in range(n_lanes):
            before = NEVER if is_first else arrival[entry, lane]
            arrival[entry - 1, lane] = min(before, by_trip[trip, lane])
            improves |= by_trip[trip, lane] < before
        if improves:
            begin[stop] = entry - 1
            departure[entry - 1] = scan.departure[ride]
    return begin


def read_all(block: Int32s, times: int) -> int:
    """Read the block so many times; it must be larger than the caches, and written once, or all pages are one."""
    return sum(int(block.max()) for _ in range(times))


class Bench(NamedTuple):
    trips: Trips
    changes: Changes
    graph: EventGraph
    rng: np.random.Generator

    def egress(self, n_lanes: int) -> NDArray[np.int32]:
        """Some stops within walking distance of each lane's destination."""
        shape = (len(self.changes.first) - 1, n_lanes)
        near = self.rng.random(shape) < TARGETS_SHARE
        return plain(np.where(near, self.rng.integers(0, LONGEST_EGRESS_S, shape), np.inf))


def profile_rows(bench: Bench) -> list[str]:
    """One lane and many against the connection scan."""
    graph, scan, rows = bench.graph, scan_of(bench.trips, bench.changes), []
    slots, n_trips = graph.wait_first, len(bench.trips.id)
    departure = np.empty(len(graph.wait_event) + 1, np.int32)
    for n_lanes in (1, 16, 64, 256):
        egress = bench.egress(n_lanes)
        arrival = np.empty((len(departure), n_lanes), np.int32)
        lane_arrival, lane_egress = arrival.reshape(-1), egress.reshape(-1)

        def rival(
            egress: NDArray[np.int32] = egress,
            arrival: NDArray[np.int32] = arrival,
            n_lanes: int = n_lanes,
            lane: tuple[Int32s, Int32s] = (lane_arrival, lane_egress),
        ) -> Int64s:
            if n_lanes == 1:
                return scan_lane(scan, slots, departure, *lane, n_trips)
            return scan_lanes(scan, slots, departure, arrival, egress, n_trips)

        check(graph, sweep(graph, egress), rival(), departure, arrival)
        table = np.empty((graph.n_events + 1, n_lanes), np.int32)
        ours, theirs = race(lambda egress=egress, table=table: sweep_into(graph, egress, table), rival)  # type: ignore[misc]
        rows.append(
            row(
                f"profile of all stops, {n_lanes} lanes, per lane",
                ours / n_lanes,
                "connection scan",
                theirs / n_lanes,
            )
        )
    near = bench.egress(1)[:, 0]
    nearest = packed(np.where(near < NEVER, near, np.inf), np.zeros(len(near), np.int32))[:, None]
    one = bench.egress(1)
    ours, theirs = race(lambda: sweep(graph, nearest), lambda: sweep(graph, one))
    rows.append(row("nearest of a kind and which (int64), one lane", ours, "int32 lane", theirs))
    ours, theirs = race(lambda: sweep_rides(graph, one, 3), lambda: sweep(graph, one))
    rows.append(row("at most 3 rides, one lane", ours, "any number of rides", theirs))
    return rows


def check(
    graph: EventGraph, table: NDArray[np.int32], begin: Int64s, departure: Int32s, arrival: NDArray[np.int32]
) -> None:
    """Both must tell the same clock time from each departure."""
    for stop in range(len(begin)):
        start, end = graph.wait_first[stop], graph.wait_first[stop + 1]
        clocks = graph.wait_departure[start:end]
        entry = begin[stop] + np.searchsorted(departure[begin[stop] : end], clocks)
        ours = table[graph.wait_event[start + np.searchsorted(clocks, clocks)]]
        in_time = np.minimum(entry, len(arrival) - 1)
        theirs = np.where((entry < end)[:, None], arrival[in_time], never(np.int32))
        if not np.array_equal(ours, theirs):
            msg = f"the connection scan and the sweep differ at stop {stop}"
            raise ValueError(msg)


def window_row(bench: Bench) -> list[str]:
    """Many cells to the nearest of a kind, a departure each minute."""
    n_stops = len(bench.changes.first) - 1
    stop = np.concatenate([bench.rng.choice(n_stops, N_ACCESS, replace=False) for _ in range(N_CELLS)])
    seconds = bench.rng.integers(0, 1800, len(stop), dtype=np.int32)
    ways = Access(np.arange(N_CELLS + 1, dtype=np.int64) * N_ACCESS, stop.astype(np.int32), seconds)
    window = Window(START, 60, (END - START) // 60)
    departing = Departing(ways, window, TRAVEL_MAX_S)
    direct = plain(np.full((N_CELLS, 1), 5400.0))
    table = sweep(bench.graph, bench.egress(1))
    block = np.ones(N_CELLS * window.n, np.int32)
    ours, reading, sorting = race(
        lambda: window_statistics((worthwhile(bench.graph, table),), departing, direct, PERCENTS),
        lambda: read_all(block, N_ACCESS),
        lambda: worthwhile(bench.graph, table),
    )
    what = f"{N_CELLS:,} cells x {N_ACCESS} stops x {window.n} minutes, {len(PERCENTS)} percentiles"
    return [
        row(what, ours, "reading as many int32", reading),
        row("of which sorting out the departures", sorting, "the whole", ours),
    ]


def copy_rows(bench: Bench) -> list[str]:
    """How time grows with the timetable."""
    rows = []
    before = 0.0
    for n in (1, 4, 16):
        trips, ways = copies(bench.trips, bench.changes, n)
        larger = Bench(trips, ways, build_events(trips, ways), bench.rng)
        egress, one = larger.egress(64), larger.egress(1)
        build_ms, one_ms, many_ms = race(
            lambda trips=trips, ways=ways: build_events(trips, ways),  # type: ignore[misc]
            lambda graph=larger.graph, one=one: sweep(graph, one),  # type: ignore[misc]
            lambda graph=larger.graph, egress=egress: sweep(graph, egress),  # type: ignore[misc]
        )
        before = before or one_ms
        say(
            f"{n} copies: {len(trips.call_stop):,} calls, build {build_ms:.1f} ms, "
            f"one lane {one_ms:.3f} ms, 64 lanes {many_ms / 64:.4f} ms per lane"
        )
        rows.append(row(f"one lane on {n} copies of the feed", one_ms, "one copy", before))
    return rows


def row(what: str, ours_ms: float, rival: str, rival_ms: float) -> str:
    return f"| {what} | {ours_ms:.4g} | {rival} | {rival_ms:.4g} | {rival_ms / ours_ms:.2f} |"


def main() -> None:
    """Run all."""
    timetable, _ = read_timetable([Path(sys.argv[1])], dt.date.fromisoformat(sys.argv[2]))
    ways = walks(timetable)
    all_trips = timetable.trips
    leaves = all_trips.call_departure[all_trips.call_first[:-1]]
    trips = chosen(all_trips, (leaves >= START) & (leaves < END))
    bench = Bench(trips, ways, build_events(trips, ways), np.random.default_rng(1))
    graph = bench.graph
    n_arrives = np.count_nonzero(~graph.is_wait)
    n_changes = int(np.diff(graph.first)[~graph.is_wait].sum())
    say(
        f"{len(trips.id):,} trips, {len(trips.call_stop):,} calls, {len(timetable.stops.id):,} stops, "
        f"{len(ways.to_stop):,} ways to change; {graph.n_events:,} events, {n_changes / n_arrives:.2f} changes per arrival"
    )
    kept = np.ones(len(trips.id), np.bool_)
    kept[len(kept) // 2] = False
    build_ms, edit_ms = race(
        lambda: build_events(trips, ways), lambda: build_events(chosen(trips, kept), ways)
    )
    table = [
        row("build", build_ms, "a trip dropped, built again", edit_ms),
        *profile_rows(bench),
        *window_row(bench),
        *copy_rows(bench),
    ]
    say("\n| what | ms | rival | ms | times quicker |\n| --- | --- | --- | --- | --- |")
    say("\n".join(table))


if __name__ == "__main__":
    main()

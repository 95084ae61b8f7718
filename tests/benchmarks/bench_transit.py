"""The transit engine against a profile connection scan of our own, the bytes of its own question, and nigiri.

Rivals are compared before they are timed: the scan gives the same clock times to the second, nigiri the same minutes over
ways of whole minutes.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmarks import nigiri
from benchmarks.measure import Row, dearer, demand_equal, missing, quicker, side_by_side
from numpy.typing import NDArray

from accessibility.world import open_world
from data.columns import Bools, Floats, Int32s, Int64s
from data.gtfs.timetable import read_timetable
from data.projection import utm_projection
from data.study_area.region_toml import embedded_regions
from data.timetable import NO_IN_SEAT_TRANSFERS, Timetable, Trips, picked
from network.hierarchy.sweep import LANES_PER_PASS
from network.hierarchy.within import as_within
from network.jit import kernel
from network.lanes import UNREACHED_INT32, as_seconds, unreached
from network.transit.departures import Access, Departing, Window, access, caught_in, pareto_departures
from network.transit.event_graph import EventGraph, build_events, mirrored
from network.transit.event_sweep import (
    SHORT_MAX_S,
    packed,
    part_of_day,
    plain,
    sweep,
    sweep_into,
    sweep_part,
)
from network.transit.transfers import TransferTimes, transfer_times
from network.transit.window_lanes import to_each
from network.transit.window_percentiles import to_nearest, window_statistics, window_values
from support.files import SHARED
from support.oracles.transit import connections

WALKING_MPS = 1.33
CHANGE_WALK_MAX_M = 600.0
MIN_CHANGE_S = 60
START, END = 7 * 3600, 19 * 3600
TURNS = 15
COPIES = (1, 4, 16)
FEEDS = {
    "Newport": (SHARED / "newport" / "newport-20230613_gtfs.zip", dt.date(2023, 6, 13)),
    "Heidelberg": (SHARED / "heidelberg" / "vrn_gtfs_cut.zip", dt.date(2022, 9, 13)),
}
NIGIRI_FEED, N_QUERIES, LONGEST_CHANGE_MIN = "Heidelberg", 10_000, 9
SCAN_TARGET, LANES_TARGET, READ_TARGET, NIGIRI_TARGET = 3, 50, 2, 1000
INSTALL = "not installed: run `make bench`, which installs it"
N_CELLS, N_ACCESS = 50_000, 10
PERCENTS = (5.0, 25.0, 50.0, 75.0, 95.0)
TRAVEL_MAX_S = 4 * 3600
N_POINTS, MATRIX_PERCENTS = 512, (25.0, 50.0, 75.0)
MATRIX_TARGET, ARRIVING_TARGET = 12, 1.3
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
    way_offset: Int64s
    way_to: Int32s
    way_s: Int32s


def walks(timetable: Timetable, limit_m: float = CHANGE_WALK_MAX_M) -> TransferTimes:
    """Changes by straight walks."""
    stops = timetable.stops
    x_m, y_m = utm_projection(stops.lon_deg, stops.lat_deg).to_metres(stops.lon_deg, stops.lat_deg)
    metres = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    walk_s = np.where(metres <= limit_m, np.rint(metres / WALKING_MPS), np.inf)
    return transfer_times(as_within(walk_s), timetable.transfers, MIN_CHANGE_S)


def copies(trips: Trips, ways: TransferTimes, n: int) -> tuple[Trips, TransferTimes]:
    """The same service in n places that have nothing to do with each other."""
    n_stops, n_calls = len(ways.offset) - 1, len(trips.call_stop)
    places = np.arange(n, dtype=np.int32)[:, None]
    way_offset = np.append((ways.offset[:-1] + len(ways.to_stop) * places).ravel(), n * len(ways.to_stop))
    way_to = (ways.to_stop + n_stops * places).ravel()
    larger = Trips(
        id=trips.id * n,
        route=trips.route * n,
        headsign=trips.headsign * n,
        agency=trips.agency * n,
        route_type=np.tile(trips.route_type, n),
        block=trips.block * n,
        call_offset=np.append((trips.call_offset[:-1] + n_calls * places).ravel(), n * n_calls),
        call_stop=(trips.call_stop + n_stops * places).ravel(),
        call_arrival=np.tile(trips.call_arrival, n),
        call_departure=np.tile(trips.call_departure, n),
        call_pickup=np.tile(trips.call_pickup, n),
        call_dropoff=np.tile(trips.call_dropoff, n),
    )
    return larger, TransferTimes(way_offset, way_to, np.tile(ways.seconds, n))


def scan_of(trips: Trips, ways: TransferTimes) -> Scan:
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
        ways.offset,
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
    by_trip = np.full(n_trips, UNREACHED_INT32)
    begin = slots[1:].copy()
    for ride in range(len(scan.trip) - 1, -1, -1):
        best = by_trip[scan.trip[ride]]
        if scan.may_alight[ride]:
            stop, clock = scan.to_stop[ride], scan.arrival[ride]
            if egress[stop] < UNREACHED_INT32:
                best = min(best, clock + egress[stop])
            for way in range(scan.way_offset[stop], scan.way_offset[stop + 1]):
                to, ready = scan.way_to[way], clock + scan.way_s[way]
                entry, end = begin[to], slots[to + 1]
                while entry < end and departure[entry] < ready:
                    entry += 1
                if entry < end:
                    best = min(best, arrival[entry])
            by_trip[scan.trip[ride]] = best
        stop = scan.from_stop[ride]
        entry = begin[stop]
        if scan.may_board[ride] and best < (arrival[entry] if entry < slots[stop + 1] else UNREACHED_INT32):
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
    by_trip = np.full((n_trips, n_lanes), UNREACHED_INT32)
    begin = slots[1:].copy()
    for ride in range(len(scan.trip) - 1, -1, -1):
        trip = scan.trip[ride]
        if scan.may_alight[ride]:
            stop, clock = scan.to_stop[ride], scan.arrival[ride]
            for lane in range(n_lanes):
                there = (
                    np.int32(egress[stop, lane] + clock)
                    if egress[stop, lane] < UNREACHED_INT32
                    else UNREACHED_INT32
                )
                by_trip[trip, lane] = min(by_trip[trip, lane], there)
            for way in range(scan.way_offset[stop], scan.way_offset[stop + 1]):
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
            before = UNREACHED_INT32 if is_first else arrival[entry, lane]
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
    title: str
    timetable: Timetable
    trips: Trips
    transfer_times: TransferTimes
    graph: EventGraph
    rng: np.random.Generator

    def egress(self, n_lanes: int) -> NDArray[np.int32]:
        """Some stops within walking distance of each lane's destination."""
        shape = (len(self.transfer_times.offset) - 1, n_lanes)
        near = self.rng.random(shape) < TARGETS_SHARE
        return plain(np.where(near, self.rng.integers(0, LONGEST_EGRESS_S, shape), np.inf))


def check(
    graph: EventGraph, table: NDArray[np.int32], begin: Int64s, departure: Int32s, arrival: NDArray[np.int32]
) -> None:
    """Both must tell the same clock time from each departure."""
    for stop in range(len(begin)):
        start, end = graph.wait_offset[stop], graph.wait_offset[stop + 1]
        clocks = graph.wait_departure[start:end]
        entry = begin[stop] + np.searchsorted(departure[begin[stop] : end], clocks)
        ours = table[graph.wait_event[start + np.searchsorted(clocks, clocks)]]
        in_time = np.minimum(entry, len(arrival) - 1)
        theirs = np.where((entry < end)[:, None], arrival[in_time], unreached(np.int32))
        if not np.array_equal(ours, theirs):
            msg = f"the connection scan and the sweep differ at stop {stop}"
            raise ValueError(msg)


def rows() -> list[Row]:
    """Measure everything on the feeds that are here; none without them."""
    found: list[Row] = []
    for name, (file, day) in FEEDS.items():
        if not file.exists():
            continue
        bench = bench_of(name, file, day)
        found += [*profiles(bench), *windows(bench), *many_to_many(bench), *growth(bench)]
        if file == FEEDS[NIGIRI_FEED][0]:
            found.append(pairs(bench))
    return [*found, edit()] if found else []


def bench_of(name: str, file: Path, day: dt.date) -> Bench:
    """Trips of twelve hours, with changes by straight walks."""
    timetable, _ = read_timetable([file], day)
    ways, trips = walks(timetable), timetable.trips
    leaves = trips.call_departure[trips.call_offset[:-1]]
    trips = picked(trips, np.flatnonzero((leaves >= START) & (leaves < END)))
    # A connection scan knows nothing of staying seated.
    trips = replace(trips, in_seat_transfers=NO_IN_SEAT_TRANSFERS)
    title = f"{name}, 12 hours, {len(trips.call_stop):,} calls"
    return Bench(title, timetable, trips, ways, build_events(trips, ways), np.random.default_rng(1))


def profiles(bench: Bench) -> list[Row]:
    """Exact profiles of all stops to one kind, and to many destinations side by side, against the scan."""
    graph, scan = bench.graph, scan_of(bench.trips, bench.transfer_times)
    slots, n_trips = graph.wait_offset, len(bench.trips.id)
    departure = np.empty(len(graph.wait_event) + 1, np.int32)
    one, arrival = bench.egress(1), np.empty((len(departure), 1), np.int32)
    table = np.empty((graph.n_events + 1, 1), np.int32)

    def single() -> Int64s:
        return scan_lane(scan, slots, departure, arrival.reshape(-1), one.reshape(-1), n_trips)

    check(graph, sweep(graph, one), single(), departure, arrival)
    times = side_by_side({"engine": lambda: sweep_into(graph, one, table), "peer": single}, TURNS, 1)
    question, peer = "exact profile of all stops to one kind", "profile connection scan of our own"
    found = [quicker(question, bench.title, peer, (times["engine"], times["peer"]), SCAN_TARGET)]
    for n_lanes in (64, 256):
        found += lanes(bench, scan, single, n_lanes)
    return found


def lanes(bench: Bench, scan: Scan, single: Callable[[], Int64s], n_lanes: int) -> list[Row]:
    """Many destinations at once, per lane: against the scan lane by lane, and against the same scan with lanes."""
    graph, slots, n_trips = bench.graph, bench.graph.wait_offset, len(bench.trips.id)
    departure, egress = np.empty(len(graph.wait_event) + 1, np.int32), bench.egress(n_lanes)
    arrival = np.empty((len(departure), n_lanes), np.int32)
    first = int(graph.clock[0])
    span = part_of_day(graph, first, first + SHORT_MAX_S)
    n_rows = span.end - span.begin + 1

    def wide() -> Int64s:
        return scan_lanes(scan, slots, departure, arrival, egress, n_trips)

    whole = sweep(graph, egress)
    short = sweep_part(graph, egress, span, np.empty((n_rows, n_lanes), np.uint16))
    reached = whole[: span.end] - first <= SHORT_MAX_S
    demand_equal(
        "short lanes",
        short[:-1][reached].astype(np.float64) + first,
        whole[: span.end][reached].astype(np.float64),
    )
    check(graph, whole, wide(), departure, arrival)
    blocks = [
        np.ascontiguousarray(egress[:, at : at + LANES_PER_PASS]) for at in range(0, n_lanes, LANES_PER_PASS)
    ]
    room = np.empty((n_rows, LANES_PER_PASS), np.uint16)

    def engine() -> None:
        for block in blocks:
            sweep_part(graph, block, span, room)

    rivals: dict[str, Callable[[], object]] = {"engine": engine, "single": single, "wide": wide}
    times = side_by_side(rivals, TURNS, 1)
    engine_ms = times["engine"] / n_lanes
    question, peer = f"per lane with {n_lanes} lanes", "profile connection scan of our own"
    return [
        quicker(question, bench.title, f"{peer}, one lane", (engine_ms, times["single"]), LANES_TARGET),
        quicker(question, bench.title, f"{peer}, as many", (engine_ms, times["wide"] / n_lanes), None),
    ]


def cells(bench: Bench) -> Departing:
    """Cells with ten stops each, leaving each minute."""
    n_stops = len(bench.transfer_times.offset) - 1
    n_access = min(N_ACCESS, n_stops)
    stop = np.concatenate([bench.rng.choice(n_stops, n_access, replace=False) for _ in range(N_CELLS)])
    seconds = bench.rng.integers(0, 1800, len(stop), dtype=np.int32)
    ways = Access(np.arange(N_CELLS + 1, dtype=np.int64) * n_access, stop.astype(np.int32), seconds)
    return Departing(ways, Window(START, 60, (END - START) // 60), TRAVEL_MAX_S)


def windows(bench: Bench) -> list[Row]:
    """Many cells to the nearest of a kind, a departure each minute, against reading as many numbers."""
    departing, direct = cells(bench), plain(np.full(N_CELLS, 5400.0))
    table = sweep(bench.graph, bench.egress(1))
    block = np.ones(N_CELLS * departing.window.n, np.int32)
    rivals: dict[str, Callable[[], object]] = {
        "engine": lambda: window_statistics(
            caught_in(pareto_departures(bench.graph, table), departing), departing, direct, PERCENTS
        ),
        "peer": lambda: read_all(block, N_ACCESS),
    }
    times = side_by_side(rivals, TURNS, 1)
    question = f"{N_CELLS:,} cells x {N_ACCESS} stops x {departing.window.n} minutes, fused, {len(PERCENTS)} percentiles"
    peer = "reading as many int32"
    return [dearer(question, bench.title, peer, (times["engine"], times["peer"]), READ_TARGET)]


def many_to_many(bench: Bench) -> list[Row]:
    """Percentiles of an hour between many points, side by side against one after the other, and by time of arrival."""
    window = Window((START + END) // 2, 60, 60)
    leaving = part_of_cells(cells(bench), N_POINTS)._replace(window=window)
    egress, direct = bench.egress(N_POINTS), plain(np.full((N_POINTS, N_POINTS), 5400.0))
    to_lanes = access(as_within(as_seconds(egress).T))
    graph, back_graph = bench.graph, build_events(*mirrored(bench.trips, bench.transfer_times))
    back = Departing(to_lanes, window._replace(arrives=True).forward, TRAVEL_MAX_S)

    def engine() -> Int32s:
        return to_each(graph, to_lanes, leaving, direct, MATRIX_PERCENTS).seconds

    def one_by_one() -> list[NDArray[np.signedinteger[Any]]]:
        return [
            to_nearest(graph, egress[:, lane], leaving, direct[:, lane], MATRIX_PERCENTS).values
            for lane in range(N_POINTS)
        ]

    found = engine().astype(np.float64)
    demand_equal("lanes of a window", found, np.stack(one_by_one(), axis=1).astype(np.float64))
    times = side_by_side(
        {
            "engine": engine,
            "peer": one_by_one,
            "arriving": lambda: to_each(back_graph, leaving.access, back, direct, MATRIX_PERCENTS),
        },
        3,
        1,
    )
    question = f"{N_POINTS} x {N_POINTS} points, 60 departures, {len(MATRIX_PERCENTS)} percentiles"
    return [
        quicker(
            question, bench.title, "by steps, pair by pair", (times["engine"], times["peer"]), MATRIX_TARGET
        ),
        dearer(
            f"{question.replace('departures', 'times of arrival')}",
            bench.title,
            "departures",
            (times["arriving"], times["engine"]),
            ARRIVING_TARGET,
        ),
    ]


def part_of_cells(departing: Departing, n: int) -> Departing:
    """The first of the cells."""
    ways = departing.access
    n_ways = ways.offset[n]
    return departing._replace(access=Access(ways.offset[: n + 1], ways.stop[:n_ways], ways.seconds[:n_ways]))


def growth(bench: Bench) -> list[Row]:
    """How time grows with the timetable: per copy, against one copy."""
    found, before = [], (0.0, 0.0)
    for n in COPIES:
        trips, ways = copies(bench.trips, bench.transfer_times, n)
        graph = build_events(trips, ways)
        larger = bench._replace(trips=trips, transfer_times=ways, graph=graph)
        one, many, first = larger.egress(1), larger.egress(64), int(graph.clock[0])
        span = part_of_day(graph, first, first + SHORT_MAX_S)
        shape = (span.end - span.begin + 1, 64)
        rivals: dict[str, Callable[[], object]] = {
            "one": partial(sweep_into, graph, one, sweep(graph, one)),
            "many": partial(sweep_part, graph, many, span, np.empty(shape, np.uint16)),
        }
        times = side_by_side(rivals, TURNS, 1)
        here = (times["one"] / n, times["many"] / n)
        before = before if n > COPIES[0] else here
        for lane, taken, of_one in zip(("one lane", "64 lanes"), here, before, strict=True):
            question = f"{lane}, time per copy of the feed, {n} copies"
            found.append(dearer(question, bench.title, "one copy", (taken, of_one), None))
    return found


def edit() -> Row:
    """The headway of one line halved, all made ready again and swept for one kind, on the embedded region."""
    name = embedded_regions()[0]
    world = open_world(name, lambda _label, _share: None)
    service, trips = world.network.service, world.network.service.timetable.trips
    line = max(set(trips.route), key=trips.route.count)
    rows_of_line = [row for row, route in enumerate(trips.route) if route == line][::2]
    kept = np.setdiff1d(np.arange(len(trips.id)), rows_of_line)
    egress = packed(np.where(np.arange(len(service.stop_x_m)) % 30 == 0, 60.0, np.inf), np.zeros(1, np.int32))

    def engine() -> object:
        graph = build_events(picked(trips, kept), service.transfer_times)
        return pareto_departures(graph, sweep(graph, egress[:, None]))

    taken_ms = side_by_side({"engine": engine}, 5, 1)["engine"]
    question = f"timetable edit (every other run of line {line} out), rebuilt and swept"
    return dearer(question, name, "one second", (taken_ms, 1000.0), 1)


def pairs(bench: Bench) -> Row:
    """Per cell and departure the earliest arrival at the nearest of a kind, against a query of nigiri.

    Both get the same trips and the same ways in whole minutes, as nigiri counts, and must answer the same.
    """
    question, peer = (
        "earliest arrival at a kind, per cell and departure of 12 hours",
        "nigiri (pynigiri), a query each",
    )
    if importlib.util.find_spec("pynigiri") is None:
        return missing(question, bench.title, peer, NIGIRI_TARGET, INSTALL)
    departing, egress = in_minutes(cells(bench)), nigiri.whole_minutes(bench.egress(1))
    ways = minute_walks(bench.timetable)
    graph, nowhere = build_events(bench.trips, ways), plain(np.full(N_CELLS, np.inf))
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.zip"
        nigiri.write_feed(feed, bench.timetable, bench.trips, ways)
        ask = nigiri.asker(feed, LONGEST_CHANGE_MIN, departing, egress[:, 0], TRAVEL_MAX_S)

    def engine() -> object:
        return window_statistics(
            caught_in(pareto_departures(graph, sweep(graph, egress)), departing), departing, nowhere, (50.0,)
        )

    seconds = as_seconds(window_values(pareto_departures(graph, sweep(graph, egress)), 0, departing, nowhere))
    # nigiri leaves out rides that are no quicker than walking by way of stops.
    rides = np.argwhere(seconds < afoot(departing, ways, egress[:, 0])[:, None])
    queries = bench.rng.choice(rides, N_QUERIES, replace=False).tolist()
    answers = np.array([ask(*query) * 60 for query in queries])
    demand_equal(question, answers, np.array([seconds[cell, minute] for cell, minute in queries]))
    times = side_by_side({"engine": engine, "peer": lambda: [ask(*query) for query in queries]}, 3, 1)
    ours_ms, theirs_ms = times["engine"] / (N_CELLS * departing.window.n), times["peer"] / N_QUERIES
    note = f"all {N_QUERIES:,} answers are equal, over ways of whole minutes, where riding is quicker than walking"
    return replace(quicker(question, bench.title, peer, (ours_ms, theirs_ms), NIGIRI_TARGET), note=note)


def afoot(departing: Departing, ways: TransferTimes, egress: Int32s) -> Floats:
    """(O,) seconds to the nearest of the kind without a ride, from stop to stop or at one stop."""
    near = egress.astype(np.float64)
    while True:
        nearer = np.minimum(np.minimum.reduceat(near[ways.to_stop] + ways.seconds, ways.offset[:-1]), near)
        if (nearer == near).all():
            break
        near = nearer
    access = departing.access
    return np.minimum.reduceat(access.seconds + near[access.stop], access.offset[:-1])


def in_minutes(departing: Departing) -> Departing:
    """The same with ways to the stops in whole minutes."""
    ways = departing.access
    return departing._replace(access=ways._replace(seconds=nigiri.whole_minutes(ways.seconds)))


def minute_walks(timetable: Timetable) -> TransferTimes:
    """Changes by straight walks, in whole minutes, all up to the longest that nigiri may chain together."""
    ways = walks(timetable, (LONGEST_CHANGE_MIN * 60 - MIN_CHANGE_S) * WALKING_MPS)
    return replace(ways, seconds=nigiri.whole_minutes(ways.seconds))

"""Scenarios on the embedded region: thousands of placements at once, a hub moved, and a timetable edited.

Targets in milliseconds are what a planner notices; that of the large table is a share of the speed at which this machine
reads memory, measured in the same turns. Before anything is timed the answers are compared with those of plain numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

import numpy as np
from benchmarks.measure import Row, dearer, demand_equal, quicker, side_by_side
from benchmarks.row_minimum import Choices, Sums, as_table, sums
from numpy.typing import NDArray

from accessibility.travel_network import Points, street_matrix
from accessibility.travel_times import TravelMode
from accessibility.world import World, open_world
from data.columns import Int32s, Int64s
from data.parameters.facility_kinds import load_facility_kinds
from network.jit import kernel
from network.transit.departures import Window
from network.transit.event_sweep import sweep
from scenarios.comparison.compare import outcome, world_access
from scenarios.edits.apply import apply
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.lines import ChangeHeadway
from scenarios.edits.scenario import Scenario

REGION = "zuid-oost-drenthe"
N_PLACEMENTS, MOST_HUBS = 10_000, 10
LIMIT_S = 15 * 60
BATCH_MS, MOVED_MS, TIMETABLE_MS = 50.0, 300.0, 1000.0
BANDWIDTH_SHARE = 0.8
N_READ = 2**25
"""Words of the array that is read to measure memory: 256 MB, more than any cache."""
DAY = Window(7 * 3600, 60, 15 * 60)
TRANSIT = "transit"


def rows() -> list[Row]:
    """Measure everything."""
    world = open_world(REGION, lambda _label, _share: None)
    return [*placements(world), hub_moved(world), timetable_edited(world)]


def placements(world: World) -> list[Row]:
    """10,000 placements of 1 to 10 hubs, over the places and over the population cells."""
    places, residents = world.places, world.residents
    chosen = _choices(np.random.default_rng(1), len(places.id))
    sites = Points(places.x_m, places.y_m)
    memory = np.ones(N_READ, np.int64)
    found = []
    for what, points, people in (
        ("places", sites, places.inhabitants),
        ("population cells", residents.points, residents.people),
    ):
        table = as_table(street_matrix(world.network, "bike", points, sites, np.inf).T)
        elsewhere = np.full(len(people), 3600, np.uint16)
        ask = _asking(table, elsewhere, people, chosen)
        _check(ask(), table, elsewhere, people, chosen)
        question = f"{N_PLACEMENTS:,} placements of 1 to {MOST_HUBS} hubs over {len(people):,} {what}"
        n_bytes = (len(chosen.site) + N_PLACEMENTS) * len(people) * table.itemsize
        if what == "places":
            times = side_by_side({"engine": ask}, 9, 3)
            found.append(dearer(question, REGION, f"{BATCH_MS:.0f} ms", (times["engine"], BATCH_MS), 1.0))
            continue
        times = side_by_side({"engine": ask, "memory": lambda: _read(memory)}, 9, 1)
        read_ms = times["memory"] * n_bytes / memory.nbytes
        row = quicker(
            question, REGION, "reading as many bytes from memory", (times["engine"], read_ms), BANDWIDTH_SHARE
        )
        speed = f"the table at {n_bytes / times['engine'] / 1e6:,.1f} GB/s, memory at {n_bytes / read_ms / 1e6:,.1f} GB/s"
        found.append(replace(row, note=speed))
    return found


def hub_moved(world: World) -> Row:
    """A hub put somewhere else, and the profile of the whole day by public transport of every cell to the nearest."""
    kinds, day = load_facility_kinds(), replace(world, window=DAY)
    mode = _mode(world, TRANSIT)
    access = world_access(day, mode)
    where = cycle(world.places.id[:: len(world.places.id) // 20])

    def move() -> object:
        hub = PlaceHub(place_id=next(where), kinds=("gp",))
        return outcome(apply(day, Scenario(edits=(hub,)), kinds), "hub", mode, access)

    times = side_by_side({"engine": move}, 11, 1)
    question = f"a hub moved: {DAY.n} departures of {len(world.residents.place):,} cells by public transport"
    return dearer(question, REGION, f"{MOVED_MS:.0f} ms", (times["engine"], MOVED_MS), 1.0)


def timetable_edited(world: World) -> Row:
    """A headway changed: the service built anew, and one pass over its day."""
    kinds, trips = load_facility_kinds(), world.network.service.timetable.trips
    line = max(set(trips.route), key=trips.route.count)
    headways: Iterator[int] = cycle(range(7, 29, 2))

    def edit() -> object:
        change = ChangeHeadway(line=line, headway_min=next(headways))
        service = apply(world, Scenario(edits=(change,)), kinds).network.service
        return sweep(service.events, np.zeros((len(service.stop_x_m), 1), np.int32))

    times = side_by_side({"engine": edit}, 7, 1)
    question = f"a headway changed on {len(trips.id):,} trips, with a pass over the day"
    return dearer(question, REGION, f"{TIMETABLE_MS:.0f} ms", (times["engine"], TIMETABLE_MS), 1.0)


def _choices(rng: np.random.Generator, n_sites: int) -> Choices:
    n_hubs = rng.integers(1, MOST_HUBS + 1, N_PLACEMENTS)
    first = np.concatenate([[0], np.cumsum(n_hubs)]).astype(np.int64)
    return Choices(first, rng.integers(0, n_sites, first[-1]).astype(np.int32))


def _asking(
    table: NDArray[np.uint16], elsewhere: NDArray[np.uint16], people: Int32s, chosen: Choices
) -> Callable[[], Sums]:
    return lambda: sums(table, elsewhere, people, chosen, LIMIT_S)


def _check(
    found: Sums, table: NDArray[np.uint16], elsewhere: NDArray[np.uint16], people: Int32s, chosen: Choices
) -> None:
    """The first few placements by numpy."""
    for placement in range(20):
        open_sites = chosen.site[chosen.first[placement] : chosen.first[placement + 1]]
        best = np.minimum(elsewhere, table[open_sites].min(axis=0)).astype(np.float64)
        expected = np.array([people[best <= LIMIT_S].sum(), (best * people).sum()])
        answer = np.array([found.people_within[placement], found.person_s[placement]], np.float64)
        demand_equal(f"placement {placement}", answer, expected)


def _mode(world: World, name: str) -> TravelMode:
    return next(mode for mode in world.modes if mode.name == name)


@kernel
def _read(memory: Int64s) -> int:
    """Read every word once."""
    total = 0
    for word in memory:
        total += word
    return total

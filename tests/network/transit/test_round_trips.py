"""There and back over a line with a bus each way, and over random mischief against a plain search.

Aa ───────── Bee     A house 120 s from Aa, a shop 60 s beyond Bee, open from 8:20 to 8:50.
8:00         8:10
9:00         8:45    The buses back leave Bee at 8:45 and 9:45 and take 15 minutes.
10:00        9:45
"""

from __future__ import annotations

import numpy as np
import pytest

from network.hierarchy.within import as_within
from network.lanes import UNREACHED_INT32, as_seconds
from network.transit.departures import Window, access
from network.transit.event_graph import build_events
from network.transit.event_sweep import plain
from network.transit.round_trips import Destinations, Limits, TourStarts, appointments, tour_times
from network.transit.transfers import transfer_times
from support.oracles.transit import arrivals_by_states
from support.random_timetables import N_STOPS, Case, random_case
from support.toys.networks import NO_RULES, clock, run, trips
from support.transit_cases import N_SLOW_CASES

AA, BEE = range(2)
HOUR_S = 3600
LINE = build_events(
    trips(
        [
            run((AA, "8:00"), (BEE, "8:10")),
            run((BEE, "8:45"), (AA, "9:00")),
            run((BEE, "9:45"), (AA, "10:00")),
        ]
    ),
    transfer_times(as_within(np.full((2, 2), np.inf)), NO_RULES, 60),
)
NO_WAY = plain(np.array([[np.inf]]))


def house(direct_s: float = np.inf) -> TourStarts:
    """The house, from which the shop may also be so many seconds away on foot."""
    ways, direct = access(as_within(np.array([[120.0, np.inf]]))), plain(np.array([[direct_s]]))
    zero = np.zeros(1, np.int32)
    return TourStarts(zero, ways, ways, zero, zero, direct, direct)


def shop(*hours: tuple[str, str]) -> Destinations:
    """The shop, open in these spans."""
    return Destinations(
        row=np.zeros(1, np.int32),
        egress_s=plain(np.array([[np.inf], [60.0]])),
        access=access(as_within(np.array([[np.inf, 60.0]]))),
        open_offset=np.array([0, len(hours)]),
        opens=np.array([clock(opens) for opens, _ in hours], np.int32),
        closes=np.array([clock(closes) for _, closes in hours], np.int32),
    )


def away(there: Destinations, departure: str, stay_s: int, home: TourStarts | None = None) -> float:
    leaving = Window(clock(departure), 60, 1)
    found = tour_times(LINE, home or house(), there, leaving, stay_s, Limits(2 * HOUR_S, 0))
    return float(as_seconds(found.seconds)[0, 0])


def test_one_waits_for_the_doors_to_open_and_for_the_bus_back() -> None:
    # 7:58 to the 8:00, at the shop 8:11, open at 8:20, 20 minutes inside: out at 8:40, at Bee 8:41, home 9:02. 64 minutes.
    assert away(shop(("8:20", "8:50")), "7:58", 20 * 60) == 64 * 60
    # 24 minutes inside: out at 8:44, at the stop at 8:45 sharp, still the same bus.
    assert away(shop(("8:20", "8:50")), "7:58", 24 * 60) == 64 * 60
    # One second longer misses it, and the next is an hour later.
    assert away(shop(("8:20", "8:50")), "7:58", 24 * 60 + 1) == 124 * 60


def test_a_visit_must_fit_before_closing_time() -> None:
    assert away(shop(("8:20", "8:50")), "7:58", 30 * 60) == 124 * 60
    assert away(shop(("8:20", "8:50")), "7:58", 30 * 60 + 1) == np.inf
    # A break in between: 25 minutes do not fit before 8:40, but after 8:45 they do; out at 9:10, home with the 9:45.
    assert away(shop(("8:20", "8:40"), ("8:45", "9:30")), "7:58", 25 * 60) == 124 * 60


def test_without_a_bus_back_it_cannot_be_done_but_one_may_walk() -> None:
    all_day = shop(("0:00", "24:00"))
    # After the last bus out nobody gets there by bus. On foot, an hour each way, one is there at 8:59 and out at 9:19;
    # the 9:45 is home at 10:02, before the walk at 10:19.
    assert away(all_day, "7:59", 20 * 60) == np.inf
    assert away(all_day, "7:59", 20 * 60, house(HOUR_S)) == 123 * 60
    # An hour inside, out at 9:59: the last bus has gone, so on foot both ways.
    assert away(all_day, "7:59", 60 * 60, house(HOUR_S)) == 180 * 60
    # Out by bus (8:11), an hour and a half inside (9:41), and of the bus (9:45, home 10:02) and the walk (10:41) the bus.
    assert away(all_day, "7:58", 90 * 60, house(HOUR_S)) == 124 * 60


def test_an_appointment_is_left_for_as_late_as_possible() -> None:
    # For 8:30 one must take the 8:00: leave at 7:58. Out at 8:40, home at 9:02.
    found = appointments(
        LINE, house(), shop(("8:00", "9:00")), (clock("8:30"), clock("8:40")), Limits(2 * HOUR_S, 0)
    )
    assert (found.departure[0], found.home[0]) == (clock("7:58"), clock("9:02"))
    # Closed until 8:35: there is no such appointment.
    found = appointments(
        LINE, house(), shop(("8:35", "9:00")), (clock("8:30"), clock("8:40")), Limits(2 * HOUR_S, 0)
    )
    assert (found.home[0], found.destination[0]) == (UNREACHED_INT32, -1)


def some_ways(rng: np.random.Generator, n_rows: int) -> np.ndarray:
    near = rng.random((n_rows, N_STOPS)) < 0.5
    return np.where(near, rng.integers(0, 200, near.shape), np.inf)


class World:
    """Random starts and destinations over a random timetable, as tables that a plain search can read."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.case: Case = random_case(rng)
        self.n_starts, self.n_places = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        self.out_s, self.back_s = some_ways(rng, self.n_starts), some_ways(rng, self.n_starts)
        self.egress_s, self.access_s = some_ways(rng, self.n_places), some_ways(rng, self.n_places)
        pairs = (self.n_starts, self.n_places)
        self.outbound_direct_s = rng.choice([50.0, 300.0, np.inf], pairs)
        self.inbound_direct_s = rng.choice([50.0, 300.0, np.inf], pairs)
        starts = np.sort(rng.integers(-500, 900, (self.n_places, 2)), axis=1)
        self.hours = [
            [(int(start), int(start) + int(rng.integers(50, 300))), (int(end) + 300, int(end) + 600)]
            for start, end in starts
        ]
        # Homes that share a result row, and two starts that end at one search for the way back.
        self.row = np.minimum(np.arange(self.n_starts), rng.integers(0, 2)).astype(np.int32)
        self.max_rides = int(rng.integers(0, 3))
        self.last_s = rng.integers(0, 60, self.n_starts).astype(np.int32)
        self.share_end = self.n_starts > 1 and rng.random() < 0.5
        if self.share_end:
            self.back_s[1] = self.back_s[0]

    @property
    def starts(self) -> TourStarts:
        end = np.arange(self.n_starts, dtype=np.int32)
        back = self.back_s
        if self.share_end:
            end, back = np.maximum(end - 1, 0).astype(np.int32), self.back_s[1:]
        ways = access(as_within(back))
        return TourStarts(
            self.row,
            access(as_within(self.out_s)),
            ways,
            end,
            self.last_s,
            plain(self.outbound_direct_s),
            plain(self.inbound_direct_s),
        )

    @property
    def places(self) -> Destinations:
        spans = [span for of_place in self.hours for span in of_place]
        return Destinations(
            row=np.zeros(self.n_places, np.int32),
            egress_s=np.ascontiguousarray(plain(self.egress_s.T)),
            access=access(as_within(self.access_s)),
            open_offset=np.cumsum([0, *(len(of_place) for of_place in self.hours)]),
            opens=np.array([opens for opens, _ in spans], np.int32),
            closes=np.array([closes for _, closes in spans], np.int32),
        )

    def arrival(
        self, to_stops: np.ndarray, from_stops: np.ndarray, direct_s: float, departure: float
    ) -> float:
        """Earliest arrival of one way, by trying every call of every trip."""
        ready = np.where(
            np.isfinite(to_stops), departure + np.where(np.isfinite(to_stops), to_stops, 0), UNREACHED_INT32
        )
        arrived = arrivals_by_states(
            self.case.trips, self.case.transfer_times, ready.astype(np.int32), self.max_rides or 99
        )
        by_ride = np.where(arrived < UNREACHED_INT32, arrived, np.inf) + from_stops
        return float(min(by_ride.min(), departure + direct_s))

    def home(self, tour: int, place: int, leave: float, longest_s: float) -> float:
        """Clock time of being home, inf where not within the longest time."""
        last = self.back_s[tour] + self.last_s[tour]
        home = self.arrival(self.access_s[place], last, self.inbound_direct_s[tour, place], leave)
        return home if home - leave <= longest_s else np.inf

    def visit_end(self, place: int, arrival: float, stay_s: float) -> float:
        ends = [
            max(arrival, opens) + stay_s
            for opens, closes in self.hours[place]
            if max(arrival, opens) + stay_s <= closes
        ]
        return min(ends, default=np.inf)


def test_random_rounds_are_equal_to_a_plain_search() -> None:
    rng = np.random.default_rng(5)
    n_done = 0
    for _ in range(N_SLOW_CASES // 4):
        world = World(rng)
        window, stay_s = (
            Window(int(rng.integers(-500, 300)), int(rng.choice([7, 60])), 3),
            int(rng.integers(0, 120)),
        )
        graph = build_events(world.case.trips, world.case.transfer_times)
        found = tour_times(graph, world.starts, world.places, window, stay_s, Limits(500, world.max_rides))
        for column, departure in enumerate(window.clocks.tolist()):
            expected = np.full(world.row[-1] + 1, np.inf)
            for tour in range(world.n_starts):
                for place in range(world.n_places):
                    at = world.arrival(
                        world.out_s[tour],
                        world.egress_s[place],
                        world.outbound_direct_s[tour, place],
                        departure,
                    )
                    leave = world.visit_end(place, at, stay_s) if at - departure <= 500 else np.inf
                    if np.isfinite(leave):
                        home = world.home(tour, place, leave, 500)
                        expected[world.row[tour]] = min(expected[world.row[tour]], home - departure)
            assert as_seconds(found.seconds)[:, column].tolist() == expected.tolist()
            n_done += int(np.isfinite(expected).sum())
    assert n_done > N_SLOW_CASES // 10


def test_random_appointments_are_equal_to_trying_every_second() -> None:
    rng = np.random.default_rng(6)
    n_done = 0
    for _ in range(max(N_SLOW_CASES // 100, 3)):
        world = World(rng)
        start = int(rng.integers(0, 700))
        end, longest_s = start + int(rng.integers(0, 60)), 400
        graph = build_events(world.case.trips, world.case.transfer_times)
        found = appointments(
            graph, world.starts, world.places, (start, end), Limits(longest_s, world.max_rides)
        )
        expected = np.full(world.row[-1] + 1, np.inf)
        for tour in range(world.n_starts):
            for place in range(world.n_places):
                is_open = any(opens <= start and end <= closes for opens, closes in world.hours[place])
                home = world.home(tour, place, end, longest_s)
                if not is_open or np.isinf(home):
                    continue
                for departure in range(start, start - longest_s - 1, -1):
                    direct_s = world.outbound_direct_s[tour, place]
                    if world.arrival(world.out_s[tour], world.egress_s[place], direct_s, departure) <= start:
                        expected[world.row[tour]] = min(expected[world.row[tour]], home - departure)
                        break
        done = found.home < UNREACHED_INT32
        tour_s = np.where(done, found.home - found.departure, np.inf)
        assert tour_s.tolist() == expected.tolist()
        n_done += int(done.sum())
    assert n_done > 0


@pytest.mark.parametrize("n_lanes", [1, 130])
def test_blocks_make_no_difference(n_lanes: int) -> None:
    # So many equal houses and shops that several blocks of each are needed; every house gets the same answer.
    there = shop(("8:20", "8:50"))
    row = np.arange(n_lanes, dtype=np.int32)
    ways = access(as_within(np.repeat([[120.0, np.inf]], n_lanes, axis=0)))
    none = np.full((n_lanes, n_lanes), UNREACHED_INT32, np.int32)
    houses = TourStarts(row, ways, ways, row, np.zeros(n_lanes, np.int32), none, none)
    shops = Destinations(
        row=np.zeros(n_lanes, np.int32),
        egress_s=np.repeat(there.egress_s, n_lanes, axis=1),
        access=access(as_within(np.repeat([[np.inf, 60.0]], n_lanes, axis=0))),
        open_offset=np.arange(n_lanes + 1),
        opens=np.repeat(there.opens, n_lanes),
        closes=np.repeat(there.closes, n_lanes),
    )
    found = tour_times(LINE, houses, shops, Window(clock("7:58"), 60, 1), 20 * 60, Limits(2 * HOUR_S, 0))
    assert found.seconds[:, 0].tolist() == [64 * 60] * n_lanes
    assert found.destination[:, 0].tolist() == [0] * n_lanes

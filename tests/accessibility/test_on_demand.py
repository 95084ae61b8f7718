"""Rides on demand on one straight road, on which a car drives 20 m/s (72 km/h) and a walker needs 75 s for 100 m.

    0 m ─────── 1,000 ─────── 3,000 ─────── 6,000 ─────────────── 18,000 ── 20,000
                Home          near target   Town                  far target

The taxi of `TAXI` asks for an hour's notice, comes within ten minutes of the time agreed, takes 1.5 times as long as a
car, and drives 3 to 15 km, between eight and six.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from accessibility.assumptions import Assumptions
from accessibility.on_demand import (
    Booking,
    OnDemandRequest,
    RideTimes,
    next_pickup,
    on_demand_access,
    on_demand_matrix,
    on_demand_nearest,
)
from accessibility.travel_network import Points, TravelNetwork, build_travel_network
from data.on_demand.services import NO_LIMIT_M, Area, OnDemand, OnDemandServices, Pole
from data.timetable import NO_TIMETABLE
from network.modes.modes import PROFILES
from network.transit.departures import Window
from support.toys.networks import CORNER_M, RD, clock, street_map

HOUR = 3600
ALWAYS = ((0, 24 * HOUR),)
PERCENTS = (0.0, 25.0, 50.0, 75.0, 100.0)


def zone(west_m: float, east_m: float) -> Area:
    """Everything 100 m around a stretch of the road."""
    corners = np.array(
        [(west_m, -100), (east_m, -100), (east_m, 100), (west_m, 100), (west_m, -100)], np.float64
    )
    lon_deg, lat_deg = RD.to_lonlat(*(corners + CORNER_M).T)
    return Area(outlines=((tuple(zip(lon_deg.tolist(), lat_deg.tolist(), strict=True)),),))


def stops(*along_m: float) -> Area:
    lon_deg, lat_deg = RD.to_lonlat(*points(*along_m))
    return Area(
        stops=tuple(Pole(f"{m:g}", lon, lat) for m, lon, lat in zip(along_m, lon_deg, lat_deg, strict=True))
    )


def points(*along_m: float) -> Points:
    return Points(np.array(along_m, np.float64) + CORNER_M[0], np.full(len(along_m), CORNER_M[1]))


TAXI = OnDemand(
    id="taxi",
    name="Taxi",
    pickup=zone(-100, 20_100),
    dropoff=zone(-100, 20_100),
    hours="08:00-18:00",
    periods=((8 * HOUR, 18 * HOUR),),
    lead_s=3600,
    margin_s=600,
    min_m=3000.0,
    max_m=15_000.0,
    detour=1.5,
    source="made by hand",
    date="2026",
)
BUS_ON_CALL = replace(TAXI, id="call", pickup=stops(1000, 9000), dropoff=stops(1000, 9000))
"""The same from stop to stop."""


@pytest.fixture(scope="module")
def road() -> TravelNetwork:
    tags = {"highway": "secondary", "maxspeed": "80", "foot": "yes"}
    streets = street_map({"A": (0, 0), "B": (20_000, 0)}, [("AB", tags)])
    network, _ = build_travel_network(streets, NO_TIMETABLE, RD, PROFILES, Assumptions(), lambda _l, _s: None)
    return network


def request(
    first: str = "9:00", n: int = 5, step_s: int = 60, booking: Booking = "prebooked", walk_max_s: int = 900
) -> OnDemandRequest:
    return OnDemandRequest(Window(clock(first), step_s, n), booking, walk_max_s, walk_max_s)


def to_nearest(
    network: TravelNetwork,
    services: tuple[OnDemand, ...],
    homes: tuple[float, ...],
    targets: tuple[float, ...],
    how: OnDemandRequest,
) -> RideTimes:
    out = on_demand_access(network, OnDemandServices(services, RD), how, points(*homes))
    return on_demand_nearest(network, out, points(*targets), PERCENTS)


# --- door to door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("booking", "seconds"), [("prebooked", 975), ("immediate", 4575)])
def test_a_planned_ride_is_margin_and_detour_and_one_ordered_on_leaving_has_the_lead_as_well(
    road: TravelNetwork, booking: Booking, seconds: int
) -> None:
    found = to_nearest(road, (TAXI,), (1000,), (3000, 6000, 18_000), request(booking=booking))
    # 2 km are refused; 5 km take a car 250 s, the taxi 375 s, plus 600 s; ordered on leaving, plus an hour. Every minute.
    assert found.percentiles_s.tolist() == [[seconds] * 5]
    assert found.target.tolist() == [[1] * 5]
    assert found.metres[0] == pytest.approx([5000] * 5, abs=0.5)
    assert found.served_share.tolist() == [1]


@pytest.mark.parametrize(
    ("target", "share"),
    [(3980, 0), (4000, 1), (4020, 1), (15_980, 1), (16_000, 1), (16_020, 0)],
)
def test_a_ride_as_long_as_a_limit_is_allowed(road: TravelNetwork, target: float, share: int) -> None:
    # From 1,000 m these are 2,980, 3,000, ... 15,020 m; a decimetre of rounding aside.
    service = replace(TAXI, min_m=2999.9, max_m=15_000.1)
    found = to_nearest(road, (service,), (1000,), (target,), request())
    assert np.isfinite(found.percentiles_s).all() == bool(share)
    assert found.served_share.tolist() == [share]


def test_a_vehicle_on_demand_is_not_parked(road: TravelNetwork) -> None:
    # Whatever drivers need to get in and to park: the 5 km still take the taxi 975 s.
    profiles = tuple(replace(profile, terminal_s=300.0 * (profile.name == "car")) for profile in PROFILES)
    found = to_nearest(replace(road, profiles=profiles), (TAXI,), (1000,), (6000,), request())
    assert found.percentiles_s.tolist() == [[975] * 5]


def test_both_ends_must_lie_in_the_zone(road: TravelNetwork) -> None:
    west = replace(TAXI, pickup=zone(0, 8000), dropoff=zone(0, 8000))
    found = to_nearest(road, (west,), (1000, 12_000), (6000, 9000), request())
    # From home only the target at 6 km is in the zone; who lives at 12 km is not.
    assert found.target[:, 0].tolist() == [0, -1]
    assert np.isinf(found.percentiles_s[1]).all()
    assert found.served_share.tolist() == [1, 0]


def test_from_one_zone_to_another_there_is_no_way_back(road: TravelNetwork) -> None:
    eastward = replace(TAXI, pickup=zone(0, 5000), dropoff=zone(5000, 20_000))
    assert np.isfinite(to_nearest(road, (eastward,), (1000,), (6000,), request()).percentiles_s).all()
    assert np.isinf(to_nearest(road, (eastward,), (6000,), (1000,), request()).percentiles_s).all()


def test_a_ride_without_any_way_over_the_streets_is_none(road: TravelNetwork) -> None:
    # 50 m beside the road one walks to the car; 5 km beyond its end nothing goes.
    far = replace(TAXI, pickup=zone(-100, 30_000), dropoff=zone(-100, 30_000), max_m=NO_LIMIT_M)
    assert np.isinf(to_nearest(road, (far,), (25_000,), (6000,), request()).percentiles_s).all()


# --- hours -----------------------------------------------------------------------------------------------------------


def test_who_leaves_before_it_opens_waits(road: TravelNetwork) -> None:
    found = to_nearest(road, (TAXI,), (1000,), (6000,), request("7:58"))
    # 7:58 and 7:59 wait two minutes and one; 8:00, 8:01 and 8:02 do not.
    assert found.percentiles_s.tolist() == [[975, 975, 975, 975 + 60, 975 + 120]]
    assert (found.planned_s.tolist(), found.missed_s.tolist()) == ([975], [975 + 120])
    assert found.served_share.tolist() == [1]


def test_who_leaves_after_it_closes_has_no_ride(road: TravelNetwork) -> None:
    found = to_nearest(road, (TAXI,), (1000,), (6000,), request("17:58"))
    # At 17:58 and 17:59 it still comes, at 18:00 no more.
    assert found.percentiles_s.tolist() == [[975, 975, np.inf, np.inf, np.inf]]
    assert found.served_share.tolist() == [0.4]
    # Ordered on leaving it is needed an hour earlier.
    found = to_nearest(road, (TAXI,), (1000,), (6000,), request("16:58", booking="immediate"))
    assert found.served_share.tolist() == [0.4]


def test_a_wait_beyond_the_longest_travel_time_is_no_connection(road: TravelNetwork) -> None:
    # Four hours are the longest: leaving at 4:16:15 one is there at 8:16:15, a minute before that is too long.
    found = to_nearest(road, (TAXI,), (1000,), (6000,), request("4:15", n=5, step_s=75))
    # Departures 4:15:00, 4:16:15, 4:17:30, ...: only the first takes longer than 14,400 s.
    assert found.percentiles_s.tolist() == [[14_175, 14_250, 14_325, 14_400, np.inf]]


def test_the_next_pickup_is_now_or_at_the_next_opening() -> None:
    periods = ((clock("8:00"), clock("12:00")), (clock("14:00"), clock("18:00")))
    ready = np.array([clock(text) for text in ("7:00", "8:00", "11:59", "12:00", "15:00", "18:00")])
    expected = [clock("8:00"), clock("8:00"), clock("11:59"), clock("14:00"), clock("15:00"), np.inf]
    assert next_pickup(periods, ready).tolist() == expected


# --- stops -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("booking", "seconds"), [("prebooked", 1425), ("immediate", 4875)])
def test_from_stop_to_stop_one_walks_at_both_ends(
    road: TravelNetwork, booking: Booking, seconds: int
) -> None:
    found = to_nearest(road, (BUS_ON_CALL,), (1200,), (9100,), request(booking=booking))
    # 200 m on foot are 150 s, 8 km by car 400 s and on call 600 s, 100 m on foot 75 s, the margin 600 s: 1,425 s.
    # The walk to the stop is done within the hour of notice: 3,600 + 600 + 600 + 75 s.
    assert found.percentiles_s.tolist() == [[seconds] * 5]
    assert found.metres[0] == pytest.approx([8000] * 5, abs=0.5)


def test_a_stop_too_far_to_walk_to_is_none(road: TravelNetwork) -> None:
    # 1,300 m are 977 s, more than a quarter of an hour; so it is at the far end.
    for home, target in ((2300, 9100), (1200, 10_300)):
        found = to_nearest(road, (BUS_ON_CALL,), (home,), (target,), request())
        assert np.isinf(found.percentiles_s).all()


def test_of_several_services_the_quickest_counts_at_each_minute(road: TravelNetwork) -> None:
    late = replace(TAXI, id="late", periods=((clock("9:02"), 18 * HOUR),), margin_s=0)
    found = to_nearest(road, (BUS_ON_CALL, late), (1200,), (9000,), request())
    # On call: 150 + 600 + 600 s = 1,350 s. From door to door 7.8 km: 390 s x 1.5 = 585 s, but not before 9:02.
    # At 9:00 that is 705 s, at 9:01 645 s: it always wins; were it to open at 9:20, waiting would lose.
    assert found.percentiles_s.tolist() == [[585, 585, 585, 645, 705]]
    later = replace(late, periods=((clock("9:15"), 18 * HOUR),))
    found = to_nearest(road, (BUS_ON_CALL, later), (1200,), (9000,), request())
    # 9:15 is 15 to 11 minutes away: 1,485, 1,425, 1,365, 1,305 and 1,245 s against 1,350 s.
    assert found.percentiles_s.tolist() == [[1245, 1305, 1350, 1350, 1350]]


def test_no_service_and_no_target_reach_nobody(road: TravelNetwork) -> None:
    for services, targets in (((), (6000.0,)), ((TAXI, BUS_ON_CALL), ())):
        found = to_nearest(road, services, (1000,), targets, request())
        assert np.isinf(found.percentiles_s).all()
        assert found.target.tolist() == [[-1] * 5]
        assert found.served_share.tolist() == [0]


# --- against plain loops ---------------------------------------------------------------------------------------------


def walk_s(metres: float) -> int:
    return round(metres / 1.33)


def slow_times(
    service: OnDemand, home: float, target: float, how: OnDemandRequest, along: dict[str, list[float]]
) -> list[float]:
    """Seconds at each departure, one pick-up and drop-off after the other; `along` tells where stops and zones lie."""
    at = {}
    for side, door in (("pickup", home), ("dropoff", target)):
        spots = along[f"{service.id} {side}"]
        if getattr(service, side).stops:
            at[side] = [(spot, walk_s(abs(spot - door))) for spot in spots]
            at[side] = [(spot, seconds) for spot, seconds in at[side] if seconds <= how.access_max_s]
        else:
            at[side] = [(door, 0)] if spots[0] <= door <= spots[1] else []
    times = []
    # The hours of times of arrival begin with the last.
    for clock_s in how.window.clocks.tolist()[:: -1 if how.window.arrives else 1]:
        best = np.inf
        for start, to_start_s in at["pickup"]:
            for end, from_end_s in at["dropoff"]:
                metres = abs(start - end)
                before_s = max(to_start_s, service.lead_s if how.booking == "immediate" else 0)
                after_s = service.margin_s + round(round(metres / 20) * service.detour) + from_end_s
                if how.window.arrives:
                    in_time = clock_s - after_s
                    pickups = [
                        min(in_time, closes - 1) for opens, closes in service.periods if opens <= in_time
                    ]
                    waits = [clock_s - pickup + before_s for pickup in pickups]
                else:
                    ready = clock_s + before_s
                    pickups = [max(ready, opens) for opens, closes in service.periods if closes > ready]
                    waits = [pickup - clock_s + after_s for pickup in pickups]
                if service.min_m <= metres <= service.max_m and waits:
                    best = min(best, min(waits) if min(waits) <= 4 * HOUR else np.inf)
        times.append(best)
    return times


def test_one_who_must_be_there_orders_a_ride_in_time(road: TravelNetwork) -> None:
    # Door to door 5 km: 250 s x 1.5 = 375 s, and a margin of TAXI's own. Its hours end at 18:00, so the last pick-up is at
    # 17:59:59: who must be there at 19:00 leaves then, whatever the ride takes; who must be there at noon leaves just in time.
    at_noon, at_seven = (
        to_nearest(
            road,
            (replace(TAXI, periods=((9 * HOUR, 18 * HOUR),)),),
            (1000,),
            (6000,),
            request()._replace(window=Window(clock_s, 60, 1, arrives=True)),
        ).percentiles_s[0, 0]
        for clock_s in (12 * HOUR, 19 * HOUR)
    )
    assert at_noon == TAXI.margin_s + 375
    assert at_seven == HOUR + 1
    # At nine, when the hours begin, nobody can be there by such a ride.
    early = request()._replace(window=Window(9 * HOUR, 60, 1, arrives=True))
    taxi = replace(TAXI, periods=((9 * HOUR, 18 * HOUR),))
    assert np.isinf(to_nearest(road, (taxi,), (1000,), (6000,), early).percentiles_s).all()


@pytest.mark.parametrize("seed", range(60))
def test_random_services_equal_plain_loops(road: TravelNetwork, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 -- no secret
    spots = range(0, 20_001, 20)
    along: dict[str, list[float]] = {}
    services = []
    for number in range(rng.randint(1, 3)):
        areas = {}
        for side in ("pickup", "dropoff"):
            places = sorted(float(spot) for spot in rng.sample(spots, rng.randint(2, 6)))
            if rng.random() < 0.5:
                areas[side] = stops(*places)
            else:
                # Between the spots on the road, so that no home lies on the edge of a zone.
                places = [places[0] - 7, places[-1] + 7]
                areas[side] = zone(*places)
            along[f"{number} {side}"] = places
        edges = sorted(rng.sample(range(7 * 60, 12 * 60), 4))
        periods = ((edges[0] * 60, edges[1] * 60), (edges[2] * 60, edges[3] * 60))
        services.append(
            OnDemand(
                id=str(number),
                name="",
                pickup=areas["pickup"],
                dropoff=areas["dropoff"],
                hours="",
                periods=periods[: rng.randint(1, 2)],
                lead_s=rng.choice((0, 300, 3600)),
                margin_s=rng.choice((0, 600)),
                min_m=rng.choice((0.0, 2990.0)),
                max_m=rng.choice((5010.0, NO_LIMIT_M)),
                detour=rng.choice((1.0, 1.3)),
                source="",
                date="",
            )
        )
    homes, targets = ([float(spot) for spot in rng.sample(spots, 4)] for _ in range(2))
    booking: Booking = rng.choice(("prebooked", "immediate"))
    how = request(rng.choice(("7:00", "8:30", "10:00")), 5, rng.choice((60, 1700)), booking, 1800)
    how = how._replace(window=how.window._replace(arrives=rng.random() < 0.5))
    out = on_demand_access(road, OnDemandServices(tuple(services), RD), how, points(*homes))
    each = on_demand_matrix(road, out, points(*targets), PERCENTS)
    nearest = on_demand_nearest(road, out, points(*targets), PERCENTS)
    for row, home in enumerate(homes):
        slow = np.array(
            [
                np.min([slow_times(service, home, target, how, along) for service in services], axis=0)
                for target in targets
            ]
        )
        assert each.percentiles_s[row].tolist() == np.sort(slow, axis=1).tolist()
        assert each.served_share[row].tolist() == np.isfinite(slow).mean(axis=1).tolist()
        assert nearest.percentiles_s[row].tolist() == np.sort(slow.min(axis=0)).tolist()
        # Five departures: one hour, or two of two and three departures where they are spread over more.
        hours = [slow.min(axis=0)] if how.window.step_s == 60 else np.split(slow.min(axis=0), [2])
        middle = len(hours) // 2
        assert nearest.planned_s[row] == sorted(hour.min() for hour in hours)[middle]
        assert nearest.missed_s[row] == sorted(hour.max() for hour in hours)[middle]
        # The target named is one that is reached in that time.
        for percentile, target in zip(nearest.percentiles_s[row], nearest.target[row], strict=True):
            assert (target == -1) if np.isinf(percentile) else percentile in slow[target]

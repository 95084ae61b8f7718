"""Rules of transfers.txt for certain trips and routes, and stays, on three lines that meet at Bee.

route R    T1 Aa 8:00 ── Bee 8:10 ── Cee 8:30        T2 an hour later
route Q    T3 Bee 8:15 ── Dee 8:30                   T4 Bee 8:45 ── Dee 9:00
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.build_report import BuildReport
from data.timetable import Timetable
from network.hierarchy.within import as_within
from network.transit.transfers import TransferTimes, transfer_times
from support.toys.gtfs import STOPS, TIMES, TRIPS, VALID, lines, read, tally

HEADER = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id,from_route_id,to_route_id"
COLUMNS = HEADER.split(",")
CALLS = {
    "T1": (("A", "8:00"), ("B", "8:10"), ("C", "8:30")),
    "T2": (("A", "9:00"), ("B", "9:10"), ("C", "9:30")),
    "T3": (("B", "8:15"), ("D", "8:30")),
    "T4": (("B", "8:45"), ("D", "9:00")),
}
ROUTE = {"T1": "R", "T2": "R", "T3": "Q", "T4": "Q"}
TABLES: dict[str, str | bytes] = {
    "stops": lines(
        STOPS,
        "S,Station,52.8,6.1,1,", "A,Aa,52.8,6.0,,", "B,Bee,52.8,6.1,0,S", "D,Dee,52.8,6.15,0,S", "C,Cee,52.8,6.4,,",
    ),
    "routes": VALID["routes"] + "Q,Q,2,Bee - Dee,3\n",
    "trips": lines(TRIPS, *(f"{route},WK,{trip}," for trip, route in ROUTE.items())),
    "stop_times": lines(
        TIMES,
        *(f"{trip},{at}:00,{at}:00,{stop},{n}" for trip, of in CALLS.items() for n, (stop, at) in enumerate(of)),
    ),
}  # fmt: skip
CHANGE_S = 60
WALK_S = 200.0


def with_rules(tmp_path: Path, *rules: str) -> tuple[Timetable, BuildReport]:
    return read(tmp_path, {**TABLES, "transfers": lines(HEADER, *rules)})


def ways(timetable: Timetable) -> TransferTimes:
    """Changes with every stop 200 s on foot from every other; rows of one stop are as far apart as they may be."""
    n_stops = len(timetable.stops.id)
    return transfer_times(as_within(np.full((n_stops, n_stops), WALK_S)), timetable.transfers, CHANGE_S)


def change_s(timetable: Timetable, from_trip: str, from_stop: str, to_trip: str, to_stop: str) -> float:
    """Seconds from alighting from one trip to boarding the other; inf where that is forbidden."""
    found = ways(timetable)

    def row(trip: str, stop: str) -> int:
        trips, at = timetable.trips, timetable.trips.id.index(trip)
        rows = trips.call_stop[trips.call_offset[at] : trips.call_offset[at + 1]]
        (here,) = [int(row) for row in rows if timetable.stops.id[row] == stop]
        return here

    start = row(from_trip, from_stop)
    begin, end = found.offset[start], found.offset[start + 1]
    seconds = found.seconds[begin:end][found.to_stop[begin:end] == row(to_trip, to_stop)]
    return float(seconds[0]) if len(seconds) else np.inf


def test_a_rule_for_two_trips_holds_for_them_alone(tmp_path: Path) -> None:
    # At Bee nobody may change from T1 to T3, and from R to Q it takes at least four minutes.
    timetable, report = with_rules(tmp_path, "B,B,3,,T1,T3,,", "B,B,2,240,,,R,Q")
    assert report == BuildReport()
    assert change_s(timetable, "T1", "B", "T3", "B") == np.inf
    assert change_s(timetable, "T1", "B", "T4", "B") == 240
    assert change_s(timetable, "T2", "B", "T4", "B") == 240
    # The other way round there is no rule: one stop, whatever its rows.
    assert change_s(timetable, "T3", "B", "T1", "B") == CHANGE_S
    # T1, T2, T3 and T4 have rules of their own at Bee, elsewhere they have none.
    assert timetable.stops.id == ("A", "B", "B", "B", "B", "D", "C")


def test_a_stop_without_rules_for_trips_keeps_its_one_row(tmp_path: Path) -> None:
    timetable, _ = with_rules(tmp_path, "B,B,2,240,,,,", "A,B,2,60,T9,,,")
    assert timetable.stops.id == ("A", "B", "D", "C")


@pytest.mark.parametrize("kind", ["0", "1", ""])
def test_a_recommended_change_of_two_trips_lifts_the_ban_of_the_station(tmp_path: Path, kind: str) -> None:
    timetable, report = with_rules(tmp_path, "S,S,3,,,,,", f"B,B,{kind},,T1,T3,,")
    assert change_s(timetable, "T1", "B", "T3", "B") == CHANGE_S
    assert change_s(timetable, "T1", "B", "T4", "B") == np.inf
    assert change_s(timetable, "T3", "D", "T1", "B") == np.inf
    assert [count for _, count in tally(report).values()] == [1]


def plainly(rules: list[dict[str, str]], start: tuple[str, str], end: tuple[str, str]) -> float:
    """Look up the rule for alighting from one trip at a stop and boarding another: plain loops over the table."""
    best: tuple[int, int] = (-1, -1)
    found: dict[str, str] = {}
    for rule in rules:
        weight, wholes = 0, 0
        for side, (trip, stop) in (("from", start), ("to", end)):
            place, of_trip, of_route = (rule[f"{side}_{what}_id"] for what in ("stop", "trip", "route"))
            if place not in (stop, "S" if stop in "BD" else stop):
                break
            if (of_trip and of_trip != trip) or (not of_trip and of_route and of_route != ROUTE[trip]):
                break
            weight += 3 if of_trip else 1 if of_route else 0
            wholes += place == "S"
        else:
            if (weight, -wholes) > best or not found:
                best, found = (weight, -wholes), rule
    walk_s = 0.0 if start[1] == end[1] else WALK_S
    if found.get("transfer_type") == "3":
        return np.inf
    if found.get("transfer_type") == "2":
        return max(float(found["min_transfer_time"]), walk_s, 1.0)
    return walk_s + CHANGE_S


def test_hundreds_of_random_tables_are_read_as_by_a_plain_look_up(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    n_ruled = 0
    for _ in range(120):
        rules = []
        for _ in range(rng.integers(1, 7)):
            rule = dict.fromkeys(COLUMNS, "")
            rule["transfer_type"] = str(rng.choice(["0", "1", "2", "2", "3"]))
            rule["min_transfer_time"] = str(rng.choice([0, 90, 240, 400]))
            for side in ("from", "to"):
                rule[f"{side}_stop_id"] = str(rng.choice(["A", "B", "B", "B", "D", "S", "S"]))
                rule[f"{side}_trip_id"] = str(rng.choice(["", "", "T1", "T2", "T3", "T4"]))
                rule[f"{side}_route_id"] = str(rng.choice(["", "", "R", "Q"]))
            rules.append(rule)
        timetable, _ = with_rules(tmp_path, *(",".join(rule.values()) for rule in rules))
        for one, calls in CALLS.items():
            for other, others in CALLS.items():
                for stop, _ in calls:
                    for to_stop, _ in others:
                        expected = plainly(rules, (one, stop), (other, to_stop))
                        assert change_s(timetable, one, stop, other, to_stop) == expected
                        n_ruled += expected not in (CHANGE_S, WALK_S + CHANGE_S)
    assert n_ruled > 400


# -------------------------------------------------------------------------------------------------------- stays


def in_seat_transfers(timetable: Timetable) -> list[tuple[str, str]]:
    ids, of = timetable.trips.id, timetable.trips.in_seat_transfers
    return [(ids[one], ids[other]) for one, other in zip(of.from_trip, of.to_trip, strict=True)]


def test_the_trips_of_a_block_follow_each_other_where_the_place_is_the_same(tmp_path: Path) -> None:
    # The vehicle of T1 goes on as T2 from elsewhere; that of T3 ends at Dee, in the station where T4 starts.
    blocks = lines(TRIPS, "R,WK,T1,v", "R,WK,T2,v", "Q,WK,T3,w", "Q,WK,T4,w")
    timetable, report = read(tmp_path, {**TABLES, "trips": blocks})
    assert in_seat_transfers(timetable) == [("T3", "T4")]
    assert [count for _, count in tally(report).values()] == [1]


def test_rules_allow_and_forbid_staying(tmp_path: Path) -> None:
    blocks = lines(TRIPS, "R,WK,T1,", "R,WK,T2,", "Q,WK,T3,w", "Q,WK,T4,w")
    rules = (",,4,,T1,T4,,", ",,5,,T3,T4,,", ",,4,,T4,T1,,", ",,4,,T1,T9,,")
    timetable, report = read(tmp_path, {**TABLES, "trips": blocks, "transfers": lines(HEADER, *rules)})
    # T1 is over at 8:30, before T4 leaves at 8:45; T4 to T1 would be back in time.
    assert in_seat_transfers(timetable) == [("T1", "T4")]
    assert tally(report) == {
        "in-seat rules (transfer_type 4) without two trips that trips.txt has": ("dropped", 1),
        "stays from a trip to one that starts before it is over": ("dropped", 1),
    }

"""Times of transfers.txt between stops of one straight street, and what people can walk in them.

    Aa ──────────────── Bee        Cee ──────────────── Dee
     8:00               8:10  walk   8:15 and each 5 min
                                     from there to 9:25

A walker does 4.8 km/h (80 m a minute); nobody is taken to walk more than 600 m for a change, and a change takes a minute
on top of the walk where no rule is given.
"""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.assumptions import Assumptions
from accessibility.travel_network import TravelNetwork, build_travel_network
from data.build_report import BuildReport
from data.timetable import Stops, Timetable, Transfers
from network.modes.modes import PROFILES
from support.toys.networks import CORNER_M, RD, clock, run, street_map, trips

AA, BEE, CEE, DEE = range(4)
VOID = "transfer times between stops too far apart to walk in that time: there is no transfer"


def valley(apart_m: float, *rules: tuple[int, int, int]) -> tuple[TravelNetwork, BuildReport]:
    """Network with Cee `apart_m` east of Bee, and rules (from, to, least seconds)."""
    x_m = np.array([0.0, 2_000.0, 2_000.0 + apart_m, 4_000.0 + apart_m])
    lon, lat = RD.to_lonlat(x_m + CORNER_M[0], np.full(4, CORNER_M[1]))
    stops = Stops(("a", "b", "c", "d"), ("Aa", "Bee", "Cee", "Dee"), np.arange(4, dtype=np.int32), lon, lat)
    runs = [run((AA, "8:00"), (BEE, "8:10"))]
    runs += [
        run((CEE, f"{at // 60}:{at % 60:02}"), (DEE, f"{(at + 5) // 60}:{(at + 5) % 60:02}"))
        for at in range(clock("8:15") // 60, clock("9:30") // 60, 5)
    ]
    table = np.array(rules, np.int32).reshape(-1, 3)
    transfers = Transfers(
        table[:, 0].copy(), table[:, 1].copy(), table[:, 2].copy(), np.zeros(len(rules), np.bool_)
    )
    streets = street_map(
        {"A": (-100, 0), "B": (2_000, 0), "Z": (4_100 + apart_m, 0)}, [("ABZ", {"highway": "residential"})]
    )
    timetable = Timetable("2026-06-02", stops, trips(runs), transfers)
    return build_travel_network(streets, timetable, RD, PROFILES, Assumptions(), lambda _l, _s: None)


def change_s(network: TravelNetwork, one: int, other: int) -> float:
    """Seconds from alighting to boarding; inf where there is no transfer."""
    ways = network.service.transfer_times
    rows = slice(ways.offset[one], ways.offset[one + 1])
    found = ways.seconds[rows][ways.to_stop[rows] == other]
    return float(found[0]) if len(found) else np.inf


@pytest.mark.parametrize(
    ("apart_m", "rule_s", "expected"),
    [
        # 400 m are 5 minutes: longer than the rule of two; shorter than that of seven.
        (400, None, 300 + 60),
        (400, 120, 300),
        (400, 420, 420),
        # 560 m are 7 minutes, within what people walk. 640 m and 3 km are not, and do not fit two minutes.
        (560, 120, 420),
        (640, 120, np.inf),
        (640, None, np.inf),
        (3_000, 120, np.inf),
        # Whoever publishes eight minutes for 640 m (eight on foot) or fifteen for 1,000 m (12.5) means that one walks.
        (640, 481, 481),
        (640, 470, np.inf),
        (1_000, 900, 900),
        (3_000, 2_000, np.inf),
        (3_000, 2_400, 2_400),
    ],
)
def test_a_least_time_never_replaces_the_walk(apart_m: float, rule_s: int | None, expected: float) -> None:
    rules = [] if rule_s is None else [(BEE, CEE, rule_s)]
    network, report = valley(apart_m, *rules)
    # Streets are rounded to whole seconds, and a degree is not quite a straight line.
    assert change_s(network, BEE, CEE) == pytest.approx(expected, abs=2)
    told = [(found.what, found.examples) for found in report.findings if found.layer == "timetable"]
    assert told == ([(VOID, ("Bee to Cee",))] if rules and np.isinf(expected) else [])


def test_a_rule_holds_one_way_and_a_stop_needs_no_walk_to_itself() -> None:
    network, report = valley(1_000, (BEE, CEE, 900), (BEE, BEE, 240), (CEE, BEE, 30))
    assert change_s(network, BEE, CEE) == 900
    assert change_s(network, CEE, BEE) == np.inf
    assert change_s(network, BEE, BEE) == 240
    assert [found.examples for found in report.findings if found.what == VOID] == [("Cee to Bee",)]


def test_many_rules_agree_with_the_walk_of_each_pair() -> None:
    # All four stops with each other; a rule is void exactly where its own walk takes longer than it allows.
    rng = np.random.default_rng(3)
    for _ in range(5):
        apart_m = float(rng.integers(300, 1_500))
        x_m = np.array([0.0, 2_000.0, 2_000.0 + apart_m, 4_000.0 + apart_m])
        rules = [
            (one, other, int(rng.integers(0, 4_000)))
            for one in range(4)
            for other in range(4)
            if one != other
        ]
        network, _ = valley(apart_m, *rules)
        for one, other, least_s in rules:
            walk_s = abs(x_m[one] - x_m[other]) * 60 / 80
            if abs(walk_s - least_s) < 3 or abs(walk_s - 450) < 3:
                continue
            expected = max(walk_s, least_s, 1) if walk_s <= max(450, least_s) else np.inf
            assert change_s(network, one, other) == pytest.approx(expected, abs=2)

"""Alie's two visits a day, worked out on the embedded region: a client in Valthe, and a team in Exloo."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from accessibility.travel_network import Points, street_matrix
from accessibility.world import World, open_world
from data.clock import clock_text
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.home_care import load_home_care
from scenarios.edits.apply import apply
from scenarios.edits.base import Spot
from scenarios.edits.scenario import Scenario
from scenarios.edits.streets import DrawPath
from scenarios.rounds.answer import answered, compared
from scenarios.rounds.clients import Demand, Drawing, drawn, listed
from scenarios.rounds.question import usual_question
from scenarios.rounds.tables import answer_lines, villages_table

ALIE = "client,place,minutes,from,until\nalie,Valthe,30,07:30,09:00\nalie,Valthe,20,18:00,21:30\n"
CARE = load_home_care(None)
TEAM = usual_question(CARE.staff, ("Exloo",), 1, "ebike")
STEPS = 1000


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("zuid-oost-drenthe", lambda _label, _share: None)


@pytest.fixture(scope="module")
def alie(world: World, tmp_path_factory: pytest.TempPathFactory) -> Demand:
    path: Path = tmp_path_factory.mktemp("alie") / "visits.csv"
    path.write_text(ALIE, encoding="utf-8")
    return listed(world, path)


def spot(world: World, name: str) -> tuple[Points, Spot]:
    row = [world.places.name.index(name)]
    x_m, y_m = world.places.x_m[row], world.places.y_m[row]
    lon, lat = world.projection.to_lonlat(x_m, y_m)
    return Points(x_m, y_m), (float(lon[0]), float(lat[0]))


def way_s(world: World) -> int:
    """Seconds by e-bike from Exloo to Valthe, without anything of rounds."""
    base, client = spot(world, "Exloo")[0], spot(world, "Valthe")[0]
    return math.ceil(float(street_matrix(world.network, "ebike", base, client, 7200)[0, 0]))


def test_two_visits_are_four_ways(world: World, alie: Demand) -> None:
    answer = answered(world, TEAM, alie, STEPS)
    # About 5.5 km at 18.7 km/h: 17 and a half minutes there, the same back, in the morning and in the evening.
    way = way_s(world)
    assert 17 * 60 < way < 18 * 60
    assert answer.costs.total_s == 4 * way
    # 70 minutes on the way for 50 minutes of care.
    assert answer.costs.travel_share == pytest.approx(4 * way / (4 * way + 50 * 60))
    assert 0.55 < answer.costs.travel_share < 0.60
    # The morning visit begins when it may at the earliest; who makes it leaves just in time for that.
    begun = [clock_text(int(at)) for at in answer.plan.begin_s]
    assert (begun[0], begun[1] >= "18:00") == ("07:30", True)
    assert clock_text(int(answer.plan.leave_s[0])) == clock_text(7 * 3600 + 30 * 60 - way)


def test_with_the_team_in_a_hub_in_valthe_she_takes_no_way(world: World, alie: Demand) -> None:
    before, after = compared((world, TEAM), (world, replace(TEAM, bases=("Valthe",))), alie, STEPS)
    assert (before.plan.n_planned, after.plan.n_planned) == (2, 2)
    assert after.costs.total_s == 0
    (row,) = villages_table(before, after).to_dict("records")
    assert (row["place"], row["difference_s"]) == ("Valthe", -4 * way_s(world))


def test_a_straight_cycle_path_makes_each_of_the_four_ways_shorter(world: World, alie: Demand) -> None:
    path = DrawPath(line=(spot(world, "Exloo")[1], spot(world, "Valthe")[1]), kind="cycle_path")
    changed = apply(world, Scenario("", "", (path,)), load_facility_kinds())
    before, after = compared((world, TEAM), (changed, TEAM), alie, STEPS)
    # The straight line is 4.6 km: 880 seconds at 18.7 km/h, and somewhat more with the streets at both ends.
    assert 850 < way_s(changed) < way_s(world)
    assert after.costs.total_s == 4 * way_s(changed) < before.costs.total_s


def test_a_day_shift_alone_leaves_the_evening_visit(world: World, alie: Demand) -> None:
    day = replace(TEAM, shifts=((7 * 3600, 15 * 3600),))
    answer = answered(world, day, alie, STEPS)
    assert answer.plan.reason == ("", "no_shift")
    assert answer.costs.total_s == 2 * way_s(world)
    assert "  Not planned: 1 visits, as: may begin when nobody works." in answer_lines(answer)


def test_forty_clients_with_fewer_people(world: World) -> None:
    demand = drawn(world, CARE, spot(world, "Exloo")[0], "ebike", Drawing(40))
    # 75 and over and 65 to 74 within 20 minutes of Exloo by e-bike, as many of them as have home care.
    assert (round(demand.people), len(demand.visits.client)) == (126, 52)
    five, three = compared((world, replace(TEAM, staff=5)), (world, replace(TEAM, staff=3)), demand, 2000)
    assert five.plan.n_planned == 52
    # In the mornings 3 people have from 7:30 to 12:00 to begin 40 visits of half an hour: not all can be made.
    assert three.plan.n_planned < 45
    assert set(three.plan.reason) == {"", "no_room"}
    # Some eight minutes on the way for each client, a fifth of the time.
    assert 6 < five.travel_per_client_s / 60 < 10
    assert 0.15 < five.costs.travel_share < 0.25

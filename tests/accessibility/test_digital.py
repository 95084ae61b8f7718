"""Contacts go online only where there is fast internet; the valley of three villages and a farm is drawn in toys/region.py."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from accessibility.digital import DigitalReach, digital_lines, digital_reach, digital_share
from accessibility.world import World, open_world
from data.broadband import Broadband
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import compare_worlds
from scenarios.costs.value import hours_saved
from scenarios.edits.apply import apply
from scenarios.edits.people import DigitalContacts
from scenarios.edits.scenario import Scenario
from support.toys.region import write_toy_region

LAYER = """
[[layer]]
name = "broadband"
file = "broadband.csv"
origin = "observed"
source = "made by hand"
date = "2026"
licence = "MIT"
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """West (400 people) has it for three in four, Mid (200) not at all, East (100) everywhere; of Lone (4) nobody knows."""
    folder = write_toy_region(tmp_path_factory.mktemp("digital") / "valley")
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + LAYER)
    (folder / "broadband.csv").write_text("place,share\nwest,0.75\nmid,0\neast,1\n")
    return open_world(folder)


def online(world: World, share: float) -> World:
    return apply(world, Scenario("", "", (DigitalContacts("gp", share),)), load_facility_kinds())


def test_a_build_keeps_where_there_is_fast_internet(world: World) -> None:
    assert world.broadband is not None
    assert world.broadband.share[:3].tolist() == [0.75, 0.0, 1.0]
    assert np.isnan(world.broadband.share[3])


def test_the_share_that_goes_online_differs_by_village(world: World) -> None:
    share = digital_share(online(world, 0.4), "gp", world.residents)
    assert share.tolist() == pytest.approx([0.3, 0.0, 0.4, 0.0])
    assert not digital_share(online(world, 0.4), "supermarket", world.residents).any()


def test_who_is_left_out_without_and_unknown_apart(world: World) -> None:
    # A quarter of the 400 of West and the 200 of Mid; the 4 of Lone are unknown.
    assert digital_reach(world) == DigitalReach(people_with=400.0, people_without=300.0, people_unknown=4.0)
    assert digital_lines(world) == []
    (line,) = digital_lines(online(world, 0.4))
    assert line == (
        "Online (40% of gp): 300 people have no fast internet and travel as before; of 4 it is unknown, and they do too."
    )


def test_a_region_that_says_nothing_lets_a_scenario_speak_for_everybody(world: World) -> None:
    silent = replace(online(world, 0.4), broadband=None)
    assert digital_share(silent, "gp", silent.residents).tolist() == [0.4] * 4
    assert digital_reach(silent) is None
    assert "does not say where there is fast internet" in digital_lines(silent)[0]


def test_travel_is_saved_only_where_visits_can_go_online(world: World) -> None:
    after = online(world, 0.4)
    (results,) = compare_worlds(world, [after], ["gp"], ["bike"])
    contacts = load_behaviour(None).contacts_with("gp")
    assert contacts is not None
    saved, residents = 0.0, world.residents
    for row, part in enumerate((0.3, 0.0, 0.4, 0.0)):
        seconds = results[0].before.resident_times.seconds[row]
        visits = sum(residents.people_by_age[row, age] * contacts.per_year[age] * 0.67 for age in range(4))
        saved += 0.0 if np.isinf(seconds) else float(visits) * part * seconds * 2 / 3600
    found = hours_saved((world, after), results[0], load_behaviour(None))
    assert found is not None
    assert found.saved == pytest.approx(saved)
    assert saved > 0


def test_more_internet_never_means_more_travel(world: World) -> None:
    after, draw = online(world, 0.5), np.random.default_rng(1)
    (results,) = compare_worlds(world, [after], ["gp"], ["bike"])
    for _ in range(20):
        low, more = draw.random(4), draw.random(4)
        few, many = (
            hours_saved((world, replace(after, broadband=Broadband(share))), results[0], load_behaviour(None))
            for share in (low, np.minimum(low + more, 1))
        )
        assert few is not None
        assert many is not None
        assert many.saved >= few.saved

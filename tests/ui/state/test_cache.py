"""What the caches of the app give is what is worked out without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.asked import mode_of
from accessibility.world import World, open_world
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.compare import Outcome, outcomes
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.people import DigitalContacts
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import DrawPath
from support.toys.region import lonlat, write_toy_region
from ui.state import cache
from ui.state.cached import forget_all
from ui.views.village import summary

HUB = PlaceHub(place_id="west", kinds=("gp",))
PATH = DrawPath(line=(lonlat("west"), lonlat("lone"), lonlat("east")), kind="cycle_path")


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> World:
    return open_world(write_toy_region(Path(tmp_path_factory.mktemp("regions")) / "valley"))


@pytest.fixture(autouse=True)
def empty_caches() -> Iterator[None]:
    forget_all()
    yield
    forget_all()


@pytest.mark.parametrize("edits", [(PATH,), (HUB, PATH), (HUB,), ()])
def test_scenarios_that_share_how_people_set_out_give_the_same_times_as_each_by_itself(
    valley: World, edits: tuple[Edit, ...]
) -> None:
    scenario = Scenario("", "", edits)
    # Asked for first, so that the scenario finds how people set out in the cache.
    cache.worked_out(valley, Scenario("", "", (*edits, DigitalContacts(kind="gp", share=0.5))), "gp", "bike")
    found = cache.worked_out(valley, scenario, "gp", "bike").comparison.after
    alone = apply(valley, scenario, load_facility_kinds())
    (expected,) = outcomes(alone, ["gp"], [mode_of(alone, "bike")])
    np.testing.assert_array_equal(found.times.seconds, expected.times.seconds)
    np.testing.assert_array_equal(found.resident_times.seconds, expected.resident_times.seconds)


def test_only_edits_that_keep_the_network_are_left_out_of_what_tells_networks_apart(valley: World) -> None:
    (gp, *_) = (
        id_ for id_, kind in zip(valley.facilities.id, valley.facilities.kind, strict=True) if kind == "gp"
    )
    keeping: tuple[Edit, ...] = (HUB, CloseFacility(gp), DigitalContacts(kind="gp", share=0.5))
    for edit in keeping:
        scenario = Scenario("", "", (edit,))
        assert cache.of_network(scenario) == Scenario()
        assert apply(valley, scenario, load_facility_kinds()).network is valley.network
    drawn = Scenario("", "", (HUB, PATH))
    assert cache.of_network(drawn).edits == (PATH,)
    assert apply(valley, drawn, load_facility_kinds()).network is not valley.network


def closed(valley: World, kind: str) -> CloseFacility:
    """The first service of a kind closed: all rows behind it get another number."""
    return CloseFacility(valley.facilities.id[valley.facilities.kind.index(kind)])


@pytest.mark.parametrize("also", [(), (PATH,), (DigitalContacts(kind="gp", share=0.5),)])
@pytest.mark.parametrize("mode", ["walk", "transit"])
def test_times_to_services_that_a_scenario_leaves_alone_are_those_that_it_has_by_itself(
    valley: World, also: tuple[Edit, ...], mode: str
) -> None:
    for edit in (HUB, closed(valley, "gp")):
        scenario = Scenario("", "", (edit, *also))
        after = apply(valley, scenario, load_facility_kinds())
        for kind in sorted(set(valley.facilities.kind)):
            found = cache.summed_up(valley, scenario, kind, mode)
            (alone,) = outcomes(after, [kind], [mode_of(after, mode)])
            expected = summary(alone)
            np.testing.assert_array_equal(found.times.facility, expected.times.facility)
            np.testing.assert_array_equal(found.times.percentiles_s, expected.times.percentiles_s)
            np.testing.assert_array_equal(found.spread_s, expected.spread_s)
            assert (found.reason, found.mean_s, found.known) == (
                expected.reason,
                expected.mean_s,
                expected.known,
            )


def test_only_times_to_what_a_scenario_changes_are_worked_out_anew(
    valley: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds, worked_out = sorted(set(valley.facilities.kind)), []
    make = cache._made

    def counted(world: World, scenario: Scenario, kind: str, mode: str) -> Outcome:
        worked_out.append((kind, mode))
        return make(world, scenario, kind, mode)

    monkeypatch.setattr(cache, "_made", counted)
    later = replace(valley, window=valley.window._replace(first=valley.window.first + 3600))
    for world, edits in (
        (valley, ()),
        (valley, (closed(valley, "gp"),)),
        (later, ()),
    ):
        for kind in kinds:
            for mode in ("walk", "transit"):
                cache.summed_up(world, Scenario(edits=edits), kind, mode)
    # All without a scenario; the closed kind of service again; and by bus at another hour, which a walk does not know.
    everything = [(kind, mode) for kind in kinds for mode in ("walk", "transit")]
    assert worked_out == [
        *everything,
        ("gp", "walk"),
        ("gp", "transit"),
        *((kind, "transit") for kind in kinds),
    ]

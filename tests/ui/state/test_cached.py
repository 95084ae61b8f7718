"""The one recipe of the caches: by value, bounded, and worked out once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from accessibility.travellers import TRAVELLERS
from network.transit.departures import Window
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.people import ChangeTraveller, ChangeYear
from scenarios.edits.scenario import Scenario
from scenarios.edits.streets import DrawPath
from support.toys.ui import toy_world
from ui.state.cache import of_network
from ui.state.cached import array_bytes, cached, key_of, of_data

HUB = PlaceHub(place_id="bee", kinds=("gp",))


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """A table with two columns."""

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    kind: str


PATH = DrawPath(line=((6.7, 52.8), (6.8, 52.8)), kind="cycle_path")


def test_results_are_kept_by_the_values_of_the_arguments() -> None:
    asked: list[str] = []

    @cached(4)
    def size(world: Any, scenario: Scenario, kind: str) -> int:
        asked.append(kind)
        return len(world.places.id) + len(scenario.edits)

    one, same = Scenario("One", "", (HUB,)), Scenario("Same", "by another name", (HUB,))
    # Another object with the same contents is the same question; four places and one change.
    assert size(toy_world(), one, "gp") == size(toy_world(), same, "gp") == 5
    assert asked == ["gp"]
    assert size(toy_world(), Scenario(), "gp") == 4
    assert size.known(toy_world(), Scenario(), "gp") == 4
    assert size.known(toy_world(), Scenario(), "library") is None
    assert asked == ["gp", "gp"]


def test_worlds_differ_by_region_data_traveller_and_hours() -> None:
    world = toy_world()
    others = (
        replace(world, digest="of other files"),
        replace(world, traveller=next(each for each in TRAVELLERS if each != world.traveller)),
        replace(world, window=Window(0, 60, 60)),
        replace(world, region=replace(world.region, name="elsewhere")),
    )
    assert len({key_of(each) for each in (world, *others)}) == 5
    # Of their data only the files and the region count.
    assert len({key_of(each, of_data) for each in (world, *others)}) == 3


def test_what_has_no_value_is_refused_instead_of_told_apart_by_identity() -> None:
    for value in (object(), lambda: 1, toy_world().places, ["a list"]):
        with pytest.raises(TypeError, match="has no key by value"):
            key_of(value)


def test_keywords_tell_nothing_apart_and_nothing_is_a_result_too() -> None:
    times: list[str] = []

    @cached(4)
    def made(name: str, *, progress: Any) -> tuple[str, ...]:
        progress(name)
        return ()

    assert made("a", progress=times.append) == made("a", progress=print) == ()
    assert times == ["a"]
    assert made.renew("a", progress=times.append) == ()
    assert times == ["a", "a"]


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    @cached(2)
    def same(name: str) -> str:
        return name

    for name in "abac":
        same(name)
    assert [same.known(name) for name in "abc"] == ["a", None, "c"]
    same.forget()
    assert same.known("a") is None


def test_visitors_who_ask_at_the_same_time_share_one_answer() -> None:
    asked: list[int] = []

    @cached(4)
    def slow(number: int) -> int:
        asked.append(number)
        time.sleep(0.05)
        return number

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(slow, [1, 2] * 4)) == [1, 2] * 4
    assert sorted(asked) == [1, 2]


def test_a_failure_is_told_to_everybody_and_not_kept() -> None:
    attempts: list[int] = []

    @cached(4)
    def fails_first(number: int) -> int:
        attempts.append(number)
        if len(attempts) == 1:
            raise ValueError("not now")
        return number

    with pytest.raises(ValueError, match="not now"):
        fails_first(7)
    assert fails_first(7) == 7


def test_scenarios_with_the_same_streets_set_out_alike() -> None:
    hubs, closed = Scenario("", "", (HUB, PATH)), Scenario("", "", (PATH, CloseFacility("gp-aa")))
    assert of_network(hubs) == of_network(closed) == Scenario(edits=(PATH,))
    assert of_network(Scenario("Named", "", (HUB, ChangeYear(year=2030)))) == Scenario()
    # Another traveller has another pace.
    slow = ChangeTraveller(traveller="frame")
    assert of_network(Scenario("", "", (HUB, slow))).edits == (slow,)


def test_no_more_is_kept_than_fits_into_so_many_mb() -> None:
    # Each answer is an array of 1 MB with a view of it, which is no memory of its own: three fit into 3.5 MB.
    asked: list[int] = []

    @cached(100, most_mb=3.5)
    def answer(number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        asked.append(number)
        whole = np.full(2**17, float(number))
        return whole, whole[5:]

    for number in (1, 2, 3, 1, 4):
        answer(number)
    assert asked == [1, 2, 3, 4]
    # The second was asked for longest ago.
    assert answer.known(2) is None
    assert all(answer.known(number) is not None for number in (3, 1, 4))
    # Asked for anew it counts once, not twice.
    answer.renew(4)
    assert all(answer.known(number) is not None for number in (3, 1, 4))


def test_what_alone_is_too_large_is_kept_until_the_next() -> None:
    @cached(100, most_mb=1.0)
    def answer(number: int) -> NDArray[np.float64]:
        return np.full(2**18, float(number))

    answer(1)
    assert answer.known(1) is not None
    answer(2)
    assert answer.known(1) is None


def test_arrays_on_disk_take_no_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "column.npy", np.zeros(1000))
    table = Spots(np.load(tmp_path / "column.npy", mmap_mode="r"), np.zeros(500), "gp")
    assert array_bytes({"table": (table, table)}) == 500 * 8
    assert array_bytes("nothing in it") == 0

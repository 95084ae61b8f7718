"""Observed journeys beside the nearest and a decay, on the road of three villages that lie 2 km apart.

West (100 persons under 20) ── 2 km ── Mid (50) ── 2 km ── East (20)
"""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import numpy as np
import pytest
import shapely

from accessibility.data_quality.flows import FlowCheck, LeftOut, check_flows, flow_table
from accessibility.world import World, open_world, silent
from data.errors import InputError
from data.live.areas import Areas
from data.study_area.observed_flows import NO_FLOWS, Flows, read_flows
from support.toys.region import lonlat, write_toy_region


def valley_with_schools(folder: Path, *spots: str) -> World:
    write_toy_region(folder)
    with (folder / "facilities.csv").open("a") as stream:
        for spot in spots:
            lon, lat = lonlat(spot)
            stream.write(f"school-{spot},primary_school,School {spot},{lon},{lat},1,observed\n")
    return open_world(folder, silent)


@pytest.fixture(scope="module")
def mid_and_east(tmp_path_factory: pytest.TempPathFactory) -> World:
    return valley_with_schools(tmp_path_factory.mktemp("flows") / "valley", "mid", "east")


def areas(**spots: tuple[str, ...]) -> Areas:
    """Around the spots of each code."""
    shapes = [
        shapely.union_all([shapely.Point(lonlat(at)).buffer(0.005) for at in of]) for of in spots.values()
    ]
    return Areas(tuple(spots), tuple(spots), np.array(shapes, object))


def pupils(*journeys: tuple[str, str, int]) -> Flows:
    origin, facility, persons = zip(*journeys, strict=True)
    n = len(journeys)
    return Flows(origin, facility, np.array(persons, np.int32), ("0_19",) * n, ("2024",) * n, ("DUO",) * n)


def checked(world: World, flows: Flows, of: Areas) -> FlowCheck:
    (check,) = check_flows(world, flows, of)
    return check


def test_a_quarter_that_passes_the_nearest_school_tells_how_fast_it_falls_off(mid_and_east: World) -> None:
    # Of 100 pupils of West 75 go to Mid, 2 km, and 25 on to East, 4 km. The nearest is right for 75 of them.
    flows = pupils(("W", "school-mid", 75), ("W", "school-east", 25))
    check = checked(mid_and_east, flows, areas(W=("west",)))
    assert (check.kind, check.persons, check.left_out) == ("primary_school", 100, ())
    assert check.nearest_share == pytest.approx(0.75)
    # Two kilometres further draw a third, so one draws the root of a third; that decay is right for all.
    assert exp(-check.decay_per_km) == pytest.approx((1 / 3) ** 0.5, rel=0.01)
    assert check.decay_share == pytest.approx(1, abs=0.001)
    assert check.nearest_by_decay == pytest.approx(0.75, abs=0.001)
    within = {row.limit_km: row for row in check.within}
    # Nobody has a school within 1 km; within 3 km those of Mid, which by the nearest are all.
    assert within[1] == (1, 0, 0, 0, 0)
    assert within[3][1:] == pytest.approx((0.75, 0.75, 1, 0.75), abs=0.001)


def test_where_in_its_area_a_journey_begins_follows_from_the_decay(tmp_path: Path) -> None:
    """Schools in West and East, pupils from an area of West (two thirds of the young) and Mid (one third).

    80 of 100 go to West: all of Mid being as far from both, 1 / (1 + exp(-4 b)) of West must be 0.95, that is ln 19 / 4.
    Of the 80 then 0.95 * 2/3 / 0.8 = 0.79 live in West itself, next door, where a spread all over the area has two thirds.
    """
    world = valley_with_schools(tmp_path / "valley", "west", "east")
    flows = pupils(("V", "school-west", 80), ("V", "school-east", 20))
    check = checked(world, flows, areas(V=("west", "mid")))
    assert check.decay_per_km == pytest.approx(log(19) / 4, rel=0.01)
    within = {row.limit_km: row for row in check.within}
    assert within[1].observed == pytest.approx(0.95 * 2 / 3, abs=0.002)
    assert within[1].observed_anywhere == pytest.approx(0.8 * 2 / 3, abs=0.002)
    # Of the 20 those of Mid have 2 km to go: by the decay five in six, all over the area one in three.
    assert within[3].observed == pytest.approx(0.8 + 0.2 * 5 / 6, abs=0.002)
    assert within[3].observed_anywhere == pytest.approx(0.8 + 0.2 / 3, abs=0.002)


def test_what_cannot_be_compared_is_told(mid_and_east: World) -> None:
    flows = pupils(
        ("W", "school-mid", 75), ("W", "school-gone", 9), ("X", "school-mid", 6), ("L", "school-mid", 5)
    )
    check = checked(mid_and_east, flows, areas(W=("west",), L=("lone",)))
    # The farm has no pupils and no street; nobody drew an area X.
    assert check.persons == 75
    assert check.left_out == (
        LeftOut("nobody lives in such an area", ("X - school-mid (6)", "L - school-mid (5)")),
        LeftOut("there is no such facility", ("W - school-gone (9)",)),
    )
    nothing = checked(mid_and_east, pupils(("X", "school-mid", 6)), areas(W=("west",)))
    assert (nothing.persons, nothing.within) == (0, ())
    assert check_flows(mid_and_east, NO_FLOWS, areas(W=("west",))) == ()


def test_the_table_has_who_was_counted_and_who_is_sent(mid_and_east: World) -> None:
    table = flow_table(
        mid_and_east, pupils(("E", "school-mid", 8), ("W", "school-mid", 75)), areas(W=("west",), E=("east",))
    )
    told = table[["origin", "facility_id", "persons", "nearest"]].to_numpy().tolist()
    # Nobody of East was counted at the school next door, where the nearest would send the eight.
    assert told == [
        ["W", "school-mid", 75, 75.0],
        ["E", "school-mid", 8, 0.0],
        ["E", "school-east", 0, 8.0],
    ]
    assert table["km"].tolist() == pytest.approx([2, 2, 0], abs=0.01)


def test_the_table_of_flows_is_read_with_all_its_faults_at_once(mid_and_east: World) -> None:
    path = mid_and_east.region.folder / "flows.csv"
    head = "origin,facility_id,persons,ages,date,source\n"
    path.write_text(f"{head}PC1,school-mid,75,0_19,2024-10-01,DUO\n")
    flows = read_flows(mid_and_east.region)
    assert (flows.origin, flows.persons.tolist(), flows.ages) == (("PC1",), [75], ("0_19",))
    path.write_text(f"{head}PC1,school-mid,many,0_19,2024,DUO\nPC1,school-mid,5,pupils,2024,DUO\n")
    with pytest.raises(InputError, match=r"flows\.csv: line 2: persons 'many'.*line 3: ages 'pupils'"):
        read_flows(mid_and_east.region)
    path.unlink()
    assert read_flows(mid_and_east.region) is NO_FLOWS

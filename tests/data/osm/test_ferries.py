"""Ferries as they are mapped: what stands on a way, and what on the relation of its route."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from data.osm.extract import OsmExtract, read_osm
from data.parameters.facility_kinds import load_facility_kinds
from network.modes.speeds import ferry_seconds, ferry_wait_s

NODES = "".join(f'<node id="{n}" lon="{6 + n / 1000}" lat="52.0"/>' for n in range(1, 5))
"""Four places in a row, as far apart as each other."""
JUNE = dt.date(2026, 6, 2)


def tagged(**tags: str) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def way(number: int, start: int, end: int, **tags: str) -> str:
    return f'<way id="{number}"><nd ref="{start}"/><nd ref="{end}"/>{tagged(**tags)}</way>'


def route(number: int, members: str, **tags: str) -> str:
    """Ferry route over ways spelled like "1 2:forward"."""
    pairs = [member.partition(":") for member in members.split()]
    refs = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, _, role in pairs)
    return f'<relation id="{number}">{refs}{tagged(type="route", route="ferry", **tags)}</relation>'


def read(folder: Path, *parts: str, at: dt.date | None = None) -> OsmExtract:
    file = folder / "ferries.osm"
    file.write_text(f'<osm version="0.6">{NODES}{"".join(parts)}</osm>')
    return read_osm(file, load_facility_kinds(), at)


def sailing(extract: OsmExtract) -> dict[int, tuple[float | None, float]]:
    """Duration and wait of each way, in seconds."""
    streets = extract.streets
    sets = [streets.tag_sets[row] for row in streets.way_tags]
    return {
        int(number): (ferry_seconds(tags), ferry_wait_s(tags))
        for number, tags in zip(streets.way_id, sets, strict=True)
    }


def told(extract: OsmExtract) -> dict[str, tuple[str, ...]]:
    return {row.what: row.examples for row in extract.report.findings}


@pytest.mark.parametrize("text", ["10", "00:10", "0:10", "00:10:00", "PT10M", "PT600S", "10.0"])
def test_a_ferry_takes_the_duration_of_its_route(tmp_path: Path, text: str) -> None:
    extract = read(tmp_path, way(1, 1, 2, route="ferry"), route(9, "1", duration=text))
    assert sailing(extract) == {1: (600, 0)}
    assert told(extract) == {"ferries that take their share of the duration of their route": ("way/1",)}


@pytest.mark.parametrize("text", ["20", "00:20", "00:20:00", "PT20M"])
def test_half_the_interval_is_waited_whether_way_or_route_says_it(tmp_path: Path, text: str) -> None:
    on_way = read(tmp_path, way(1, 1, 2, route="ferry", duration="10", interval=text))
    on_route = read(tmp_path, way(1, 1, 2, route="ferry", duration="10"), route(9, "1", interval=text))
    assert sailing(on_way) == sailing(on_route) == {1: (600, 600)}
    assert told(on_way) == told(on_route) == {"ferries of which half the interval is waited": ("way/1",)}


def test_what_a_way_says_goes_before_its_route(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        way(1, 1, 2, route="ferry", duration="5", interval="8"),
        route(9, "1", duration="10", interval="60"),
    )
    assert sailing(extract) == {1: (300, 240)}


def test_the_ways_of_a_route_share_by_length(tmp_path: Path) -> None:
    # 30 minutes and half of 40 over one part and two parts of three: the wait is waited once.
    extract = read(
        tmp_path,
        way(1, 1, 2, route="ferry"),
        way(2, 2, 4, route="ferry"),
        route(9, "1 2", duration="30", interval="40"),
    )
    assert sailing(extract) == {1: (600, 400), 2: (1200, 800)}


def test_ways_of_one_direction_share_with_those_of_both(tmp_path: Path) -> None:
    # There over 1, 2 and back over 3, 1: each crossing takes the whole 20 minutes.
    extract = read(
        tmp_path,
        way(1, 1, 2, route="ferry"),
        way(2, 2, 3, route="ferry", oneway="yes"),
        way(3, 3, 2, route="ferry", oneway="yes"),
        route(9, "1 2:forward 3:backward", duration="20"),
    )
    assert sailing(extract) == {1: (600, 0), 2: (600, 0), 3: (600, 0)}


def test_a_route_without_all_its_ways_has_no_known_duration(tmp_path: Path) -> None:
    extract = read(tmp_path, way(1, 1, 2, route="ferry"), route(9, "1 77", duration="30"))
    assert sailing(extract) == {1: (None, 0)}
    assert told(extract) == {"durations of ferry routes of which the file lacks ways": ("relation/9",)}


def test_the_street_to_the_landing_is_part_of_the_route_and_no_ferry(tmp_path: Path) -> None:
    extract = read(
        tmp_path, way(1, 1, 2, highway="service"), way(2, 2, 3, route="ferry"), route(9, "1 2", duration="10")
    )
    assert sailing(extract) == {1: (None, 0), 2: (600, 0)}


def test_ways_are_ferries_by_their_route_alone(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        way(1, 1, 2),
        way(2, 2, 3, man_made="pier"),
        way(3, 3, 4, highway="service"),
        route(9, "1 2", duration="10"),
    )
    assert sailing(extract) == {1: (600, 0), 3: (None, 0)}
    assert told(extract)["ways that are ferries by their route only"] == ("way/1",)


def test_of_several_routes_the_quickest_and_the_most_frequent_count(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        way(1, 1, 2, route="ferry"),
        route(8, "1", duration="30", interval="10"),
        route(9, "1", duration="20", interval="60"),
    )
    assert sailing(extract) == {1: (1200, 300)}
    assert "ferries of several routes: the quickest and the most frequent count" in told(extract)


def test_a_route_says_who_may_board_where_the_way_does_not(tmp_path: Path) -> None:
    def access(*parts: str) -> dict[str, str]:
        streets = read(tmp_path, *parts).streets
        return {key: value for key, value in streets.tag_sets[streets.way_tags[0]] if key != "route"}

    cars = route(9, "1", motor_vehicle="yes", foot="no")
    assert access(way(1, 1, 2, route="ferry"), cars) == {"motor_vehicle": "yes", "foot": "no"}
    assert access(way(1, 1, 2, route="ferry", bicycle="yes"), cars) == {"bicycle": "yes"}


def test_spans_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        way(1, 1, 2, route="ferry", interval="on demand"),
        way(2, 2, 3, route="ferry"),
        route(9, "2", duration="a while"),
    )
    assert sailing(extract) == {1: (None, 0), 2: (None, 0)}
    assert told(extract) == {
        "ferries with an interval that cannot be read: boarded without waiting": ("way/1",),
        "durations and intervals of ferry routes that cannot be read": ("relation/9",),
    }


@pytest.mark.parametrize("place", ["way", "route"])
def test_a_ferry_out_of_season_does_not_sail(tmp_path: Path, place: str) -> None:
    season = {"opening_hours": "Apr-Sep 09:00-18:00"}
    parts = (
        way(1, 1, 2, route="ferry", **(season if place == "way" else {})),
        way(2, 2, 3, highway="service"),
        route(9, "1", duration="10", **(season if place == "route" else {})),
    )
    january = JUNE.replace(month=1)
    for at, expected in ((JUNE, (600, 0)), (None, (600, 0)), (january, (None, 0))):
        extract = read(tmp_path, *parts, at=at)
        assert sailing(extract)[1] == expected
        is_closed = any("out of season" in what for what in told(extract))
        assert is_closed == (at is january)


def test_hours_of_a_square_are_not_those_of_a_ferry(tmp_path: Path) -> None:
    extract = read(tmp_path, way(1, 1, 2, highway="pedestrian", opening_hours="Sa 08:00-13:00"), at=JUNE)
    assert [dict(tags) for tags in extract.streets.tag_sets] == [{}, {"highway": "pedestrian"}]
    assert told(extract) == {}

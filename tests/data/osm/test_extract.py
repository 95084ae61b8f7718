"""OSM files: five-line snippets whose content is known, broken files, and three real towns."""

from __future__ import annotations

import datetime as dt
import gzip
import os
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.build_report import BuildReport
from data.errors import InputError
from data.osm.extract import OsmExtract, map_day, read_osm
from data.osm.streets import RawWays, build_street_map
from data.parameters.facility_kinds import load_facility_kinds
from data.streets import StreetMap
from support.files import SHARED

NEWPORT = SHARED / "newport" / "newport-2023-06-13.osm.pbf"
HEIDELBERG = SHARED / "heidelberg" / "heidelberg.test.pbf"
LIECHTENSTEIN = SHARED / "liechtenstein" / "liechtenstein.osm.pbf"
KINDS = load_facility_kinds()
real = pytest.mark.skipif(not SHARED.exists(), reason="needs the shared test data")

STREET = """
<node id="901" lon="6.5" lat="52.5"/><node id="902" lon="6.6" lat="52.5"/>
<way id="900"><nd ref="901"/><nd ref="902"/><tag k="highway" v="residential"/></way>"""
SQUARE = """
<node id="11" lon="6.000" lat="52.000"/><node id="12" lon="6.002" lat="52.000"/>
<node id="13" lon="6.002" lat="52.002"/><node id="14" lon="6.000" lat="52.002"/>"""
RING = '<nd ref="11"/><nd ref="12"/><nd ref="13"/><nd ref="14"/><nd ref="11"/>'


def tags(**values: str) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in values.items())


def node(number: int, lon: float, lat: float, **values: str) -> str:
    return f'<node id="{number}" lon="{lon}" lat="{lat}">{tags(**values)}</node>'


def document(*parts: str) -> str:
    """Put nodes before ways before relations, each by id, as in every sorted file."""
    objects = [chunk for chunk in "".join(parts).replace("><", ">\n<").splitlines() if chunk]
    groups: dict[str, list[list[str]]] = {"node": [], "way": [], "relation": []}
    for line in objects:
        name = line[1:].split(" ")[0].split("/")[0].rstrip(">")
        if name in groups:
            groups[name].append([line])
            current = groups[name][-1]
        else:
            current.append(line)
    ordered = [
        "".join(lines)
        for group in groups.values()
        for lines in sorted(group, key=lambda lines: int(lines[0].split('"')[1]))
    ]
    return '<osm version="0.6">' + "".join(ordered) + "</osm>"


def read(folder: Path, *parts: str) -> OsmExtract:
    path = folder / "snippet.osm"
    path.write_text(document(*parts))
    return read_osm(path, KINDS)


def way_nodes(streets: StreetMap) -> list[tuple[int, list[int]]]:
    bounds = zip(streets.way_id, streets.way_offset[:-1], streets.way_offset[1:], strict=True)
    return [(int(way), streets.node_id[streets.way_node[first:end]].tolist()) for way, first, end in bounds]


def counts(report: BuildReport) -> dict[str, int]:
    return {row.what: row.count for row in report.findings}


# --- streets -------------------------------------------------------------------------------------------------------


def test_a_way_keeps_only_the_tags_that_decide(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        node(5_000_000_001, 6.1, 52.1, barrier="bollard", bicycle="yes", material="wood"),
        node(2, 6.2, 52.2, highway="street_lamp"),
        node(3, 6.3, 52.3, highway="crossing"),
        '<way id="7"><nd ref="5000000001"/><nd ref="2"/><nd ref="3"/>',
        tags(highway="tertiary", name="Brink", ref="N34", maxspeed="60", oneway__bicycle="no", route="bus"),
        "</way>",
    )
    streets = extract.streets
    assert way_nodes(streets) == [(7, [5_000_000_001, 2, 3])]
    assert streets.node_id.tolist() == [2, 3, 5_000_000_001]
    assert streets.lon_deg.tolist() == [6.2, 6.3, 6.1]
    assert streets.lat_deg.tolist() == [52.2, 52.3, 52.1]
    assert streets.tag_sets[0] == ()
    assert streets.tag_sets[streets.way_tags[0]] == (
        ("highway", "tertiary"),
        ("maxspeed", "60"),
        ("oneway:bicycle", "no"),
    )
    assert [streets.tag_sets[row] for row in streets.node_tags] == [
        (),
        (("highway", "crossing"),),
        (("barrier", "bollard"), ("bicycle", "yes")),
    ]
    assert extract.report.findings == ()


def test_combinations_of_tags_are_stored_once_in_order_of_appearance(tmp_path: Path) -> None:
    way = '<nd ref="901"/><nd ref="902"/><tag k="highway" v="path"/><tag k="foot" v="no"/></way>'
    streets = read(tmp_path, STREET, f'<way id="901">{way}', f'<way id="902">{way}').streets
    assert streets.tag_sets == ((), (("highway", "residential"),), (("foot", "no"), ("highway", "path")))
    assert streets.way_tags.tolist() == [1, 2, 2]


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "construction", "construction": "primary"}, False),
        ({"highway": "proposed"}, False),
        ({"highway": "proposed", "railway": "platform"}, False),
        ({"route": "ferry", "duration": "00:05"}, True),
        ({"route": "bus"}, False),
        ({"railway": "platform"}, True),
        ({"public_transport": "platform"}, True),
        ({"railway": "rail"}, False),
        ({"waterway": "river"}, False),
    ],
)
def test_which_ways_are_streets(tmp_path: Path, values: dict[str, str], kept: bool) -> None:  # noqa: FBT001
    extract = read(tmp_path, STREET, f'<way id="5"><nd ref="901"/><nd ref="902"/>{tags(**values)}</way>')
    assert (5 in extract.streets.way_id) is kept
    assert sum(counts(extract.report).values()) == (values.get("highway") in ("construction", "proposed"))


def test_a_clipped_way_is_cut_into_its_known_runs(tmp_path: Path) -> None:
    # Nodes 50 to 53 are outside the extract: 1-2 and 3-4-5 remain, the lone 6 between two gaps does not.
    known = "".join(node(number, 6 + number / 100, 52.0) for number in range(1, 7))
    refs = "".join(f'<nd ref="{ref}"/>' for ref in (50, 1, 2, 51, 3, 4, 4, 5, 52, 6, 53))
    lost = '<way id="8"><nd ref="1"/><nd ref="50"/><tag k="highway" v="path"/></way>'
    extract = read(tmp_path, known, f'<way id="7">{refs}<tag k="highway" v="path"/></way>', lost)
    assert way_nodes(extract.streets) == [(7, [1, 2]), (7, [3, 4, 5])]
    assert extract.streets.node_id.tolist() == [1, 2, 3, 4, 5]
    assert [(row.action, row.count, row.examples) for row in extract.report.findings] == [
        ("dropped", 4, ("50", "51", "52", "53")),
        ("repaired", 1, ("7",)),
        ("dropped", 1, ("8",)),
    ]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(1, 6), max_size=8), min_size=1, max_size=5), st.sets(st.integers(1, 6)))
def test_cutting_agrees_with_plain_loops(ways: list[list[int]], known: set[int]) -> None:
    raw = RawWays()
    expected = []
    for number, refs in enumerate(ways):
        raw.add(number, refs, {"highway": "path"})
        run: list[int] = []
        for position, ref in enumerate([*refs, 0]):
            if position and refs[position - 1] == ref:
                continue
            if ref in known:
                run.append(ref)
            else:
                if len(run) > 1:
                    expected.append((number, run))
                run = []
    streets, _ = build_street_map(raw, lambda ids: (ids / 10.0, ids / 10.0, np.isin(ids, list(known))))
    assert way_nodes(streets) == expected
    assert set(streets.node_id.tolist()) == {ref for _, refs in expected for ref in refs}


def test_deleted_objects_are_skipped(tmp_path: Path) -> None:
    gone = f'<way id="5" visible="false"><nd ref="901"/><nd ref="902"/>{tags(highway="path")}</way>'
    shop = '<node id="903" visible="false" lon="6" lat="52"><tag k="shop" v="supermarket"/></node>'
    extract = read(tmp_path, STREET, gone, shop)
    assert extract.streets.way_id.tolist() == [900]
    assert extract.facilities.id == ()


def test_a_square_gives_its_outline(tmp_path: Path) -> None:
    extract = read(tmp_path, SQUARE, f'<way id="5">{RING}{tags(highway="pedestrian", area="yes")}</way>')
    assert way_nodes(extract.streets) == [(5, [11, 12, 13, 14, 11])]
    assert counts(extract.report) == {"squares and other areas, of which the outline is a street": 1}


def test_a_square_with_a_hole_gives_both_rings_under_the_negative_relation_id(tmp_path: Path) -> None:
    hole = "".join(
        node(20 + number, 6.001 + dx, 52.001 + dy)
        for number, (dx, dy) in enumerate([(0, 0), (0.0005, 0), (0.0005, 0.0005)], start=1)
    )
    extract = read(
        tmp_path,
        SQUARE + hole,
        f'<way id="5">{RING}</way>',
        '<way id="6"><nd ref="21"/><nd ref="22"/><nd ref="23"/><nd ref="21"/></way>',
        '<relation id="3"><member type="way" ref="5" role="outer"/><member type="way" ref="6" role="inner"/>',
        tags(type="multipolygon", highway="pedestrian"),
        "</relation>",
    )
    assert [(way, sorted(set(nodes))) for way, nodes in way_nodes(extract.streets)] == [
        (-3, [11, 12, 13, 14]),
        (-3, [21, 22, 23]),
    ]


# --- turn restrictions ---------------------------------------------------------------------------------------------

CROSSING = "".join(node(number, 6 + number / 100, 52.0) for number in range(1, 6)) + "".join(
    f'<way id="{way}"><nd ref="1"/><nd ref="{end}"/>{tags(highway="residential")}</way>'
    for way, end in ((12, 2), (13, 3), (14, 4))
)
"""Three streets that meet at node 1; node 5 is on none of them."""


def relation(number: int, members: str, **values: str) -> str:
    """Relation with members spelled like "from way 12", "via node 1"."""
    refs = "".join(
        f'<member type="{kind}" ref="{ref}" role="{role}"/>'
        for role, kind, ref in (member.split() for member in members.split(", "))
    )
    return f'<relation id="{number}">{refs}{tags(**({"type": "restriction"} | values))}</relation>'


def turns(streets: StreetMap) -> list[tuple[int, int, int, int, bool]]:
    """Restrictions in OSM ids."""
    return list(
        zip(
            streets.turn_relation.tolist(),
            streets.way_id[streets.turn_from_way].tolist(),
            streets.node_id[streets.turn_via_node].tolist(),
            streets.way_id[streets.turn_to_way].tolist(),
            streets.turn_only.tolist(),
            strict=True,
        )
    )


LEFT = "from way 12, via node 1, to way 13"


def test_turn_restrictions_are_read(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        CROSSING,
        relation(1, LEFT, restriction="no_left_turn"),
        relation(2, "to way 14, from way 12, via node 1", restriction="only_straight_on"),
        relation(3, "from way 12, from way 13, via node 1, to way 14", restriction="no_entry"),
        relation(4, "from way 14, via node 1, to way 12, to way 13", restriction="no_exit"),
        relation(5, "from way 13, via node 1, to way 13", restriction="no_u_turn"),
    )
    assert turns(extract.streets) == [
        (1, 12, 1, 13, False),
        (2, 12, 1, 14, True),
        (3, 12, 1, 14, False),
        (3, 13, 1, 14, False),
        (4, 14, 1, 12, False),
        (4, 14, 1, 13, False),
        (5, 13, 1, 13, False),
    ]
    assert extract.report.findings == ()


@pytest.mark.parametrize(
    ("values", "only"),
    [
        ({"restriction__motorcar": "no_left_turn"}, False),
        ({"restriction__motor_vehicle": "only_left_turn"}, True),
        # The more specific key decides.
        ({"restriction": "only_left_turn", "restriction__motorcar": "no_left_turn"}, False),
        ({"restriction": "no_left_turn", "except": "bicycle;psv"}, False),
    ],
)
def test_turn_restrictions_that_bind_cars(tmp_path: Path, values: dict[str, str], only: bool) -> None:  # noqa: FBT001
    extract = read(tmp_path, CROSSING, relation(1, LEFT, **values))
    assert turns(extract.streets) == [(1, 12, 1, 13, only)]
    assert extract.report.findings == ()


@pytest.mark.parametrize(
    ("members", "values", "reason"),
    [
        (LEFT, {"restriction": "no_left_turn", "except": "bicycle; motorcar"}, "do not hold for cars"),
        (LEFT, {"restriction": "no_left_turn", "except": "motor_vehicle"}, "do not hold for cars"),
        (LEFT, {"restriction": "no_parking"}, "of an unknown kind"),
        (LEFT, {"restriction__conditional": "no_left_turn @ (07:00-09:00)"}, "at certain times"),
        (LEFT, {"restriction": "no_left_turn", "day_on": "Monday"}, "at certain times"),
        ("from way 12, via way 99, to way 14", {"restriction": "no_u_turn"}, "do not meet"),
        ("from way 12, to way 14", {"restriction": "no_u_turn"}, "without one street"),
        (
            "from way 12, from way 13, via node 1, to way 14",
            {"restriction": "no_left_turn"},
            "without one street",
        ),
        ("from way 12, via node 1", {"restriction": "no_exit"}, "without one street"),
        ("from way 12, via node 1, to way 99", {"restriction": "no_left_turn"}, "do not meet"),
        ("from way 12, via node 5, to way 13", {"restriction": "no_left_turn"}, "do not meet"),
        ("from way 12, via node 99, to way 13", {"restriction": "no_left_turn"}, "do not meet"),
        ("from way 12, via node 2, to way 13", {"restriction": "no_left_turn"}, "do not meet"),
        (
            "from way 12, via node 1, via node 2, to way 13",
            {"restriction": "no_left_turn"},
            "without one street",
        ),
    ],
)
def test_turn_restrictions_that_are_left_out_are_reported(
    tmp_path: Path, members: str, values: dict[str, str], reason: str
) -> None:
    extract = read(tmp_path, CROSSING, relation(7, members, **values))
    assert turns(extract.streets) == []
    (found,) = extract.report.findings
    assert (found.action, found.count, found.examples) == ("dropped", 1, ("relation/7",))
    assert reason in found.what


ROW = "".join(node(number, 6 + number / 100, 52.0) for number in range(1, 7)) + "".join(
    f'<way id="{way}"><nd ref="{start}"/><nd ref="{end}"/>{tags(highway="path")}</way>'
    for way, start, end in ((12, 1, 2), (23, 2, 3), (34, 3, 4), (45, 4, 5), (26, 2, 6), (36, 3, 6))
)
"""Streets 1-2-3-4-5 in a row, and 2-6 and 3-6."""


def courses(streets: StreetMap) -> list[tuple[int, int, list[tuple[int, int]], bool]]:
    """Relation, way to come from, nodes with the ways by which one goes on there, whether only this; in OSM ids."""
    nodes, ways = streets.node_id[streets.turn_via_node], streets.way_id[streets.turn_to_way]
    first = streets.turn_offset.tolist()
    return [
        (
            int(relation),
            int(streets.way_id[streets.turn_from_way[turn]]),
            [(int(nodes[at]), int(ways[at])) for at in range(first[turn], first[turn + 1])],
            bool(streets.turn_only[turn]),
        )
        for turn, relation in enumerate(streets.turn_relation.tolist())
    ]


def test_turn_restrictions_over_ways_are_read(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        ROW,
        relation(1, "from way 12, via way 23, to way 34", restriction="no_straight_on"),
        # The streets between in any order of the members, and back again.
        relation(2, "from way 12, via way 34, via way 23, to way 45", restriction="only_straight_on"),
        relation(3, "to way 12, via way 23, from way 34", restriction__motorcar="no_straight_on"),
        relation(4, "from way 12, from way 26, via way 23, to way 34", restriction="no_entry"),
    )
    assert courses(extract.streets) == [
        (1, 12, [(2, 23), (3, 34)], False),
        (2, 12, [(2, 23), (3, 34), (4, 45)], True),
        (3, 34, [(3, 23), (2, 12)], False),
        (4, 12, [(2, 23), (3, 34)], False),
        (4, 26, [(2, 23), (3, 34)], False),
    ]
    assert extract.report.findings == ()


@pytest.mark.parametrize(
    ("members", "values", "reason"),
    [
        ("from way 12, via way 34, to way 45", {}, "do not meet"),
        ("from way 12, via way 99, to way 34", {}, "do not meet"),
        ("from way 12, via way 23, to way 34", {"except": "motorcar"}, "do not hold for cars"),
        ("from way 12, via way 23", {}, "without one street"),
    ],
)
def test_turn_restrictions_over_ways_that_are_left_out_are_reported(
    tmp_path: Path, members: str, values: dict[str, str], reason: str
) -> None:
    extract = read(tmp_path, ROW, relation(7, members, restriction="no_straight_on", **values))
    assert courses(extract.streets) == []
    (found,) = extract.report.findings
    assert (found.action, found.examples) == ("dropped", ("relation/7",))
    assert reason in found.what


TUESDAY = dt.date(2026, 6, 2)


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"restriction__conditional": "no_left_turn @ (Mo-Fr 07:00-19:00)"}, [False]),
        ({"restriction__motorcar__conditional": "only_left_turn @ (Mo-Fr 07:00-19:00)"}, [True]),
        ({"restriction__conditional": "no_left_turn @ (Sa,Su)"}, []),
        ({"restriction__conditional": "no_left_turn @ (Mo-Fr 10:00-19:00)"}, []),
        # A condition goes before what holds else.
        ({"restriction": "only_left_turn", "restriction__conditional": "no_left_turn @ (Tu)"}, [False]),
        ({"restriction": "only_left_turn", "restriction__conditional": "none @ (Tu)"}, []),
        ({"restriction": "only_left_turn", "restriction__conditional": "none @ (Su)"}, [True]),
    ],
)
def test_turns_that_are_forbidden_at_times_are_judged_on_the_date(
    tmp_path: Path, values: dict[str, str], kept: list[bool]
) -> None:
    path = tmp_path / "timed.osm"
    path.write_text(document(CROSSING, relation(1, LEFT, **values)))
    extract = read_osm(path, KINDS, TUESDAY)
    assert extract.streets.turn_only.tolist() == kept
    (found,) = extract.report.findings
    assert (found.action, found.examples) == ("kept", ("relation/1",))
    assert "judged at the service date" in found.what
    # Without a date it is as if there were no condition, and told.
    undated = read_osm(path, KINDS)
    assert undated.streets.turn_only.tolist() == ([True] if "restriction" in values else [])
    assert "there is no date" in undated.report.findings[0].what


def test_a_condition_on_vehicles_or_weather_leaves_the_turn_out(tmp_path: Path) -> None:
    path = tmp_path / "timed.osm"
    path.write_text(
        document(CROSSING, relation(1, LEFT, restriction__conditional="no_left_turn @ (weight>7.5)"))
    )
    extract = read_osm(path, KINDS, TUESDAY)
    assert turns(extract.streets) == []
    (found,) = extract.report.findings
    assert (found.action, found.examples) == ("dropped", ("relation/1",))


def test_other_relations_are_no_turn_restrictions(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        CROSSING,
        relation(1, LEFT, restriction__hgv="no_left_turn"),
        relation(2, LEFT, restriction="no_left_turn", type="enforcement"),
    )
    assert turns(extract.streets) == []
    assert extract.report.findings == ()


def test_a_turn_is_on_the_run_of_a_clipped_way_that_has_its_node(tmp_path: Path) -> None:
    # Node 50 is outside the extract: way 20 is cut into 3-2 and 4-1, and the turn is at node 1.
    cut = '<way id="20"><nd ref="3"/><nd ref="2"/><nd ref="50"/><nd ref="4"/><nd ref="1"/>'
    extract = read(
        tmp_path,
        CROSSING,
        f"{cut}{tags(highway='path')}</way>",
        relation(1, "from way 20, via node 1, to way 13", restriction="no_left_turn"),
    )
    streets = extract.streets
    assert turns(streets) == [(1, 20, 1, 13, False)]
    way = streets.turn_from_way[0]
    assert way_nodes(streets)[way] == (20, [4, 1])


# --- places and facilities -----------------------------------------------------------------------------------------


def test_places_are_nodes_and_areas(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        STREET,
        SQUARE,
        node(31, 6.3, 52.3, place="village", name="Sleen", population="2,530"),
        node(32, 6.4, 52.4, place="hamlet"),
        node(33, 6.4, 52.4, place="locality", name="Zwarte Veen"),
        node(34, 6.5, 52.4, place="hamlet", name="Diphoorn", population="some"),
        f'<way id="5">{RING}{tags(place="neighbourhood", name="Kerkbuurt")}</way>',
    )
    places = extract.places
    assert places.id == ("node/31", "node/34", "way/5")
    assert places.name == ("Sleen", "Diphoorn", "Kerkbuurt")
    assert places.kind == ("village", "hamlet", "neighbourhood")
    assert places.population.tolist() == [2530, -1, -1]
    assert 6.0 < places.lon_deg[2] < 6.002
    assert 52.0 < places.lat_deg[2] < 52.002
    assert counts(extract.report) == {"places without a name": 1, "populations that are not a number": 1}


def test_a_place_node_takes_the_population_of_its_area(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        STREET,
        SQUARE,
        node(31, 6.0001, 52.0001, place="village", name="Sleen"),
        node(32, 6.0019, 52.0019, place="hamlet", name="Sleen"),
        f'<way id="5">{RING}{tags(place="village", name="Sleen", population="2530")}</way>',
    )
    # The hamlet of that name is of another kind and stays.
    assert extract.places.id == ("node/31", "node/32")
    assert extract.places.lon_deg.tolist() == [6.0001, 6.0019]
    assert extract.places.population.tolist() == [2530, -1]


def facilities(extract: OsmExtract) -> list[tuple[str, str, str]]:
    table = extract.facilities
    return list(zip(table.id, table.kind, table.name, strict=True))


def test_nodes_ways_and_relations_are_facilities(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        STREET,
        SQUARE,
        node(31, 6.3, 52.3, shop="supermarket", name="Coop", brand="Coop Groep"),
        f'<way id="5">{RING}{tags(amenity="library")}</way>',
        '<way id="6"><nd ref="901"/><nd ref="11"/><nd ref="902"/></way><way id="7"><nd ref="902"/><nd ref="901"/></way>',
        '<relation id="3"><member type="way" ref="6" role="outer"/><member type="way" ref="7" role="outer"/>',
        tags(type="multipolygon", amenity="pharmacy", brand="BENU"),
        "</relation>",
    )
    assert facilities(extract) == [
        ("node/31", "supermarket", "Coop"),
        ("way/5", "library", ""),
        ("relation/3", "pharmacy", "BENU"),
    ]
    # The relation is the triangle (6.0, 52.0), (6.5, 52.5), (6.6, 52.5): the point must be inside it.
    lon, lat = extract.facilities.lon_deg[2], extract.facilities.lat_deg[2]
    assert 52.0 < lat < 52.5
    assert 6.0 + (lat - 52.0) < lon < 6.0 + 1.2 * (lat - 52.0)


def test_a_feature_of_two_kinds_has_two_rows(tmp_path: Path) -> None:
    extract = read(
        tmp_path, STREET, node(31, 6.3, 52.3, shop="supermarket", post_office="post_partner", name="Coop")
    )
    assert facilities(extract) == [("node/31", "supermarket", "Coop"), ("node/31#post", "post", "Coop")]
    assert extract.facilities.lon_deg.tolist() == [6.3, 6.3]


@pytest.mark.parametrize("hours", ["closed", "off", "Off"])
def test_closed_for_good_is_dropped(tmp_path: Path, hours: str) -> None:
    shop = node(31, 6.3, 52.3, shop="supermarket", opening_hours=hours)
    extract = read(tmp_path, STREET, shop, node(32, 6.3, 52.3, shop="supermarket", opening_hours="Su off"))
    assert facilities(extract) == [("node/32", "supermarket", "")]
    assert counts(extract.report) == {"facilities whose opening hours say closed": 1}


@pytest.mark.parametrize(
    ("area", "inside", "left"),
    [
        ("Coop", ["Coop"], [("node/31", "Coop")]),
        ("Coop", ["COOP"], [("node/31", "COOP")]),
        ("", ["Coop"], [("node/31", "Coop")]),
        # The building says more than the node in it.
        ("Coop", [""], [("way/5", "Coop")]),
        ("", [""], [("node/31", "")]),
        # Two names in one nameless building are two shops; the building says nothing more.
        ("", ["Coop", "Jumbo"], [("node/31", "Coop"), ("node/32", "Jumbo")]),
        ("Coop", ["Coop", "Jumbo"], [("node/31", "Coop"), ("node/32", "Jumbo")]),
        ("Coop", ["Jumbo"], [("node/31", "Jumbo"), ("way/5", "Coop")]),
        # Both nodes are the Coop of the building.
        ("Coop", ["Coop", ""], [("node/31", "Coop")]),
    ],
)
def test_an_area_gives_way_to_what_is_inside(
    tmp_path: Path, area: str, inside: list[str], left: list[tuple[str, str]]
) -> None:
    building = {"shop": "supermarket"} | ({"name": area} if area else {})
    shops = [
        node(
            31 + number,
            6.0002 + 0.0014 * number,
            52.0003,
            shop="supermarket",
            **({"name": name} if name else {}),
        )
        for number, name in enumerate(inside)
    ]
    extract = read(tmp_path, STREET, SQUARE, *shops, f'<way id="5">{RING}{tags(**building)}</way>')
    assert [(row, name) for row, _, name in facilities(extract)] == left
    # Each is told of: as merged, as the ground of both shops, or as a shop within another.
    ways = {"facilities mapped twice, merged", "grounds and buildings of several facilities of one kind"}
    told = counts(extract.report)
    assert sum(told.get(way, 0) for way in ways) == 1 + len(inside) - len(left)
    assert told.get("facilities in the outline of another of their kind", 0) == (
        "Jumbo" in inside and area != ""
    )


def test_another_kind_inside_an_area_stays(tmp_path: Path) -> None:
    shop = f'<way id="5">{RING}{tags(shop="supermarket", name="Coop")}</way>'
    extract = read(tmp_path, STREET, SQUARE, node(31, 6.001, 52.001, amenity="pharmacy"), shop)
    assert facilities(extract) == [("node/31", "pharmacy", ""), ("way/5", "supermarket", "Coop")]


def test_the_same_name_on_the_same_spot_is_one(tmp_path: Path) -> None:
    # At 52 degrees north a ten-thousandth of a degree of longitude is 6.8 m, of latitude 11.1 m: 31 and 32 are 13.7 m
    # apart, and 33 is 44.5 m and more from both; two cash machines are 6.8 m apart.
    extract = read(
        tmp_path,
        '<node id="901" lon="6.1" lat="52.0"/><node id="902" lon="6.2" lat="52.0"/>',
        f'<way id="900"><nd ref="901"/><nd ref="902"/>{tags(highway="path")}</way>',
        node(31, 6.0, 52.0, shop="supermarket", name="Coop"),
        node(32, 6.0002, 52.0, shop="supermarket", name="Coop"),
        node(33, 6.0, 52.0004, shop="supermarket", name="Coop"),
        node(34, 6.0, 52.0, shop="supermarket", name="Jumbo"),
        node(35, 6.0, 52.0, shop="convenience", name="Coop"),
        node(36, 6.0, 52.0, amenity="atm"),
        node(37, 6.0001, 52.0, amenity="atm"),
        node(38, 6.0, 52.0, amenity="atm", brand="Geldmaat"),
    )
    left = [row for row, _, _ in facilities(extract)]
    assert left == ["node/31", "node/33", "node/34", "node/35", "node/36", "node/38"]


def test_an_outline_that_crosses_itself_is_placed_at_its_nodes(tmp_path: Path) -> None:
    bow_tie = '<nd ref="11"/><nd ref="13"/><nd ref="12"/><nd ref="14"/><nd ref="11"/>'
    extract = read(tmp_path, STREET, SQUARE, f'<way id="5">{bow_tie}{tags(amenity="library")}</way>')
    assert facilities(extract) == [("way/5", "library", "")]
    assert extract.facilities.lon_deg[0] == pytest.approx(6.001)
    assert extract.facilities.lat_deg[0] == pytest.approx(52.001)
    assert counts(extract.report) == {"areas without a proper outline, placed at their nodes' mean": 1}


def test_areas_outside_the_extract_are_counted(tmp_path: Path) -> None:
    extract = read(
        tmp_path,
        STREET,
        f'<way id="5"><nd ref="71"/><nd ref="72"/><nd ref="73"/><nd ref="71"/>{tags(amenity="library")}</way>',
        f'<relation id="3"><member type="way" ref="99" role="outer"/>{tags(type="boundary", place="town", name="A")}</relation>',
    )
    assert facilities(extract) == []
    assert extract.places.id == ()
    (lost,) = [row for row in extract.report.findings if row.layer == "features"]
    assert (lost.action, lost.examples) == ("dropped", ("relation/3", "way/5"))


def test_what_is_assumed_is_counted(tmp_path: Path) -> None:
    extract = read(
        tmp_path, STREET, node(31, 6.3, 52.3, amenity="school"), node(32, 6.4, 52.3, amenity="doctors")
    )
    assert [(row.action, row.what, row.examples) for row in extract.report.findings] == [
        ("assumed", "schools without a level, taken for primary schools", ("node/31",)),
        ("assumed", "doctors without a speciality, taken for GPs", ("node/32",)),
    ]


def test_the_day_of_the_map_decides_what_is_there(tmp_path: Path) -> None:
    """The head of the file says which day that is, else when it was written; a day that is asked for goes before."""
    shop = node(31, 6.3, 52.3, shop="supermarket", end_date="2020-06-30")
    path = tmp_path / "map.osm"
    path.write_text(document(STREET, shop))
    written = dt.datetime(2020, 6, 30, 12, tzinfo=dt.UTC).timestamp()
    os.utime(path, (written, written))
    assert map_day(path) == dt.date(2020, 6, 30)
    assert len(read_osm(path, KINDS).facilities.id) == 1
    assert len(read_osm(path, KINDS, dt.date(2020, 7, 1)).facilities.id) == 0
    # The same in a packed file whose head is of the day after.
    packed, head = tmp_path / "map.osm.pbf", osmium.io.Header()
    head.set("osmosis_replication_timestamp", "2020-07-01T04:00:00Z")
    with osmium.SimpleWriter(str(packed), header=head) as writer:
        for entity in osmium.FileProcessor(path):
            writer.add(entity)
    assert map_day(packed) == dt.date(2020, 7, 1)
    assert len(read_osm(packed, KINDS).facilities.id) == 0


# --- files ---------------------------------------------------------------------------------------------------------


def test_all_formats_give_the_same(tmp_path: Path) -> None:
    text = document(STREET, SQUARE, node(31, 6.3, 52.3, shop="supermarket"))
    plain, packed, binary = tmp_path / "a.osm", tmp_path / "a.osm.gz", tmp_path / "a.osm.pbf"
    plain.write_text(text)
    packed.write_bytes(gzip.compress(text.encode()))
    with osmium.SimpleWriter(str(binary)) as writer:
        for entity in osmium.FileProcessor(plain):
            writer.add(entity)
    for path in (plain, packed, binary):
        extract = read_osm(path, KINDS)
        assert way_nodes(extract.streets) == [(900, [901, 902])]
        assert extract.streets.lon_deg.tolist() == [6.5, 6.6]
        assert facilities(extract) == [("node/31", "supermarket", "")]


def test_a_file_in_another_order_is_sorted_first(tmp_path: Path) -> None:
    # As Overpass writes it: relations and ways, then their nodes, in no order.
    path = tmp_path / "export.osm"
    path.write_text(
        f'<osm version="0.6"><way id="5">{RING}{tags(amenity="library")}</way>'
        f'<way id="4"><nd ref="14"/><nd ref="12"/>{tags(highway="path")}</way>'
        + "".join(reversed(SQUARE.strip().replace("><", ">\n<").splitlines()))
        + "</osm>"
    )
    extract = read_osm(path, KINDS)
    assert way_nodes(extract.streets) == [(4, [14, 12])]
    assert facilities(extract) == [("way/5", "library", "")]
    assert counts(extract.report) == {"files not in the order nodes, ways, relations": 1}


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.osm.pbf", b"", "is empty"),
        ("a.osm.pbf", b"\x00\x01 this is no pbf", "cannot be read as an OSM file"),
        ("a.osm", b"<html></html>", "cannot be read as an OSM file"),
        ("a.osm", b'<osm version="0.6"><node id="1" lon="6" la', "cannot be read as an OSM file"),
        (
            "a.osm",
            b'<osm version="0.6"><node id="1" lon="400" lat="52"/></osm>',
            "cannot be read as an OSM file",
        ),
        (
            "a.osm",
            b'<osm version="0.6"><node id="x" lon="4" lat="52"/></osm>',
            "cannot be read as an OSM file",
        ),
        ("a.osm.gz", gzip.compress(document(STREET).encode())[:-20], "cannot be read as an OSM file"),
        ("a.zip", b"PK", "is not an OSM file by its name"),
        ("a.osm", b'<osm version="0.6"><node id="1" lon="4" lat="52"/></osm>', "contains no streets"),
        ("a.osm", b'<osm version="0.6"></osm>', "contains no streets"),
        ("a.osm", document(STREET).replace('"901"', '"-901"').encode(), "negative ids"),
    ],
)
def test_bad_files_are_refused_by_name(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint) as caught:
        read_osm(path, KINDS)
    assert name in str(caught.value)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"drenthe\.osm\.pbf: there is no such file"):
        read_osm(tmp_path / "drenthe.osm.pbf", KINDS)
    with pytest.raises(InputError, match="is a folder"):
        read_osm(tmp_path, KINDS)


@real
def test_half_a_download_is_refused(tmp_path: Path) -> None:
    content = NEWPORT.read_bytes()
    path = tmp_path / "half.osm.pbf"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match=r"half\.osm\.pbf cannot be read"):
        read_osm(path, KINDS)


# --- real towns ----------------------------------------------------------------------------------------------------


def plain_count(path: Path) -> Counter[str]:
    """Count tagged objects one by one, without any of the reader's rules."""
    count: Counter[str] = Counter()
    for entity in osmium.FileProcessor(path).with_filter(osmium.filter.EmptyTagFilter()):
        found = dict(entity.tags)
        if isinstance(entity, osmium.osm.Way):
            count["highway ways"] += "highway" in found
            count["planned ways"] += found.get("highway") in ("construction", "proposed")
            count["other ways"] += "highway" not in found and (
                found.get("route") == "ferry"
                or "platform" in (found.get("railway"), found.get("public_transport"))
            )
        for key in ("shop", "amenity", "place"):
            count[found.get(key, "")] += 1
    return count


@real
def test_newport() -> None:
    plain = plain_count(NEWPORT)
    assert plain["highway ways"] == 8965
    extract = read_osm(NEWPORT, KINDS)
    # 18 of the 8,965 are proposed or being built; 5 platforms without highway=* join. All are in the file whole.
    ids = extract.streets.way_id
    assert plain["planned ways"] == 18
    assert len(np.unique(ids[ids > 0])) == 8965 - 18 + 5
    assert (ids > 0).sum() == 8965 - 18 + 5
    # Three squares are relations, with outer and inner rings.
    assert sorted(set(ids[ids < 0].tolist())) == [-11706112, -11540709, -11035363]
    place = Counter(extract.places.kind)
    # Of 30 suburbs one is the boundary of another; of two cities one is the boundary, cut off by the extract.
    assert (plain["village"], plain["suburb"], plain["city"]) == (3, 30, 2)
    assert (place["village"], place["suburb"], place["city"]) == (3, 29, 1)
    kind = Counter(extract.facilities.kind)
    assert (plain["supermarket"], plain["pharmacy"], plain["doctors"]) == (23, 12, 6)
    # No supermarket or pharmacy is mapped twice. Two clinics whose speciality is general are GPs too; a practice is
    # mapped as an outline with a name and as a node without one, 7 m beside it.
    assert (kind["supermarket"], kind["pharmacy"], kind["gp"]) == (23, 12, 6 + 2 - 1)
    assert extract.facilities.also[extract.facilities.name.index("Beechwood Surgery")] == "node/7868534694"
    # 49 features are schools. Four say or are called something else than a primary school, and one is a building of
    # these; 10, 4 and 1 of the other 44 are mapped beside their schools as buildings or grounds.
    assert kind["primary_school"] == 49 - 4 - 1 - 15
    assert len(set(extract.facilities.id)) == len(extract.facilities.id)


@real
def test_heidelberg() -> None:
    plain = plain_count(HEIDELBERG)
    extract = read_osm(HEIDELBERG, KINDS)
    ids = extract.streets.way_id
    # 30 of 25,359 are planned; 248 platforms and 6 ferries without highway=* join.
    assert (plain["highway ways"], plain["planned ways"], plain["other ways"]) == (25359, 30, 254)
    assert (ids > 0).sum() == 25359 - 30 + 254
    assert_heidelbergs_turns(extract)
    # The only amenity=doctors is a urologist's practice.
    assert plain["doctors"] == 1
    assert "gp" not in extract.facilities.kind


def assert_heidelbergs_turns(extract: OsmExtract) -> None:
    """Count restrictions one by one: all have two ways and a node, and hold for cars; six reach beyond the extract."""
    relations = [
        {member.role: member.ref for member in entity.members}
        for entity in osmium.FileProcessor(HEIDELBERG, osmium.osm.RELATION)
        if isinstance(entity, osmium.osm.Relation) and entity.tags.get("type") == "restriction"
    ]
    assert len(relations) == 476
    present = set(extract.streets.way_id.tolist())
    whole = [
        (found["from"], found["via"], found["to"])
        for found in relations
        if {found["from"], found["to"]} <= present
    ]
    assert len(whole) == 476 - 6
    assert [turn[1:4] for turn in turns(extract.streets)] == whole
    assert counts(extract.report)["turn restrictions whose streets do not meet in the file"] == 6


@real
def test_liechtenstein() -> None:
    extract = read_osm(LIECHTENSTEIN, KINDS)
    assert plain_count(LIECHTENSTEIN)["highway ways"] == 4660
    # Seven platforms join.
    assert len(extract.streets.way_id) == 4667
    assert Counter(extract.places.kind) == {"village": 15, "hamlet": 4, "neighbourhood": 4}
    # Of the 11 supermarkets one is a building with its own node inside.
    assert Counter(extract.facilities.kind)["supermarket"] == 10
    assert Counter(extract.facilities.kind)["pharmacy"] == 3

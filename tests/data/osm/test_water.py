"""Water of an OSM file: which of it hides the street on the other side."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.toys.osm_map import OsmMap


@pytest.mark.parametrize(
    ("tags", "is_water"),
    [
        ({"waterway": "river"}, True),
        ({"waterway": "canal"}, True),
        ({"natural": "coastline"}, True),
        # There are planks and culverts over these that no map shows.
        ({"waterway": "ditch"}, False),
        ({"waterway": "stream"}, False),
        # One walks over what runs below ground.
        ({"waterway": "river", "tunnel": "culvert"}, False),
        ({"natural": "tree_row"}, False),
    ],
)
def test_rivers_canals_and_coasts_are_lines_of_water(
    tmp_path: Path, tags: dict[str, str], *, is_water: bool
) -> None:
    osm = OsmMap()
    osm.way([osm.node(0, 0), osm.node(50, 0), osm.node(100, 0)], **tags)
    streets = osm.read(tmp_path).streets
    assert streets.water_offset.tolist() == ([0, 3] if is_water else [0])


def test_a_lake_is_its_shore_and_the_shores_of_its_islands(tmp_path: Path) -> None:
    osm = OsmMap()
    outer, inner = osm.area(0, 0, 400, 300), osm.area(100, 100, 50, 50)
    osm.relation([("way", outer, "outer"), ("way", inner, "inner")], type="multipolygon", natural="water")
    osm.area(1000, 0, 200, 200, natural="water")
    osm.area(2000, 0, 200, 200, natural="wood")
    streets = osm.read(tmp_path).streets
    # Three rings of four corners, each closed: the pool, the lake and its island.
    assert streets.water_offset.tolist() == [0, 5, 10, 15]


def test_where_a_river_leaves_the_file_it_is_cut(tmp_path: Path) -> None:
    osm = OsmMap()
    inside = [osm.node(0, 0), osm.node(50, 0), osm.node(100, 0), osm.node(150, 0)]
    osm.way([*inside[:2], 999_999, *inside[2:]], waterway="river")
    assert osm.read(tmp_path).streets.water_offset.tolist() == [0, 2, 4]

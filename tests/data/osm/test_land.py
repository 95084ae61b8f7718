"""Water, woods, built-up areas and railways of an OSM file."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from data.osm.land import read_land

NODES = "".join(
    f'<node id="{1 + row * 4 + column}" version="1" lon="{6.80 + 0.01 * column:.2f}" lat="{52.80 + 0.01 * row:.2f}"/>'
    for row in range(4)
    for column in range(4)
)
"""A grid of four by four nodes, a hundredth of a degree apart; node 1 is the south-west corner, node 4 the south-east."""
INNER, OUTER = [6, 7, 11, 10, 6], [1, 4, 16, 13, 1]


def way(number: int, nodes: list[int], **tags: str) -> str:
    refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
    return f'<way id="{number}" version="1">{refs}{_tags(tags)}</way>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def read(folder: Path, *objects: str) -> dict[str, float]:
    """Area, or length where there is none, by kind."""
    path = folder / "map.osm"
    path.write_text(f'<osm version="0.6">{NODES}{"".join(objects)}</osm>')
    land = read_land(path)
    sizes = zip(land.kind, shapely.area(land.shape), shapely.length(land.shape), strict=True)
    return {kind: round(float(area or length), 6) for kind, area, length in sizes}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"natural": "water"}, "water"),
        ({"landuse": "forest"}, "wood"),
        ({"natural": "wood"}, "wood"),
        ({"landuse": "residential"}, "built"),
    ],
)
def test_closed_ways_are_areas(tmp_path: Path, tags: dict[str, str], kind: str) -> None:
    assert read(tmp_path, way(1, INNER, **tags)) == {kind: 0.0001}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [({"railway": "rail"}, "rail"), ({"waterway": "canal"}, "river"), ({"waterway": "stream"}, "stream")],
)
def test_open_ways_are_lines(tmp_path: Path, tags: dict[str, str], kind: str) -> None:
    assert read(tmp_path, way(1, [1, 2, 3], **tags)) == {kind: 0.02}


def test_an_island_is_cut_out_of_its_lake(tmp_path: Path) -> None:
    members = '<member type="way" ref="1" role="outer"/><member type="way" ref="2" role="inner"/>'
    lake = f'<relation id="3" version="1">{members}{_tags({"type": "multipolygon", "natural": "water"})}</relation>'
    # The grid is 0.03 by 0.03 degrees, the island 0.01 by 0.01.
    assert read(tmp_path, way(1, OUTER), way(2, INNER), lake) == {"water": 0.0008}


@pytest.mark.parametrize(
    "tags",
    [
        {"railway": "abandoned"},
        {"railway": "rail", "service": "siding"},
        {"railway": "rail", "tunnel": "yes"},
        {"highway": "residential"},
        {"landuse": "farmland"},
    ],
)
def test_what_is_gone_below_ground_or_something_else_is_left_out(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    assert read(tmp_path, way(1, INNER, **tags)) == {}


def test_an_area_that_does_not_close_and_a_line_without_its_nodes_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, way(1, [1, 2, 3], natural="water"), way(2, [1, 99], railway="rail")) == {}


def test_a_garden_pond_is_left_out(tmp_path: Path) -> None:
    near = "".join(
        f'<node id="{id_}" version="1" lon="6.9{lon}" lat="52.9{lat}"/>'
        for id_, lon, lat in [(21, "", ""), (22, "0001", ""), (23, "0001", "0001")]
    )
    assert read(tmp_path, near, way(1, [21, 22, 23, 21], natural="water")) == {}

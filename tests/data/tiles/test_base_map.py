"""The base map as another program (GDAL) reads it, and what is drawn at which zoom."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from data.land import NO_LAND, Land
from data.streets import StreetMap
from data.tiles.archive import Archive, open_archive
from data.tiles.base_map import write_base_map
from data.tiles.vector_tile import TileFeature, encode_tile

NAMES = (("", ""), ("N34", "Hondsrugweg"), ("", "Dorpsstraat"))
TAGS = (
    (),
    (("highway", "secondary"),),
    (("highway", "residential"),),
    (("highway", "footway"),),
    (("highway", "platform"),),
)


def silent(_step: str, _share: float) -> None:
    pass


def streets() -> StreetMap:
    """Four ways of two kilometres from west to east near Exloo, a hundred metres apart: N34, Dorpsstraat, a path, a platform."""
    n = 4
    return StreetMap(
        node_id=np.arange(1, 2 * n + 1),
        lon_deg=np.tile([6.85, 6.88], n),
        lat_deg=np.repeat(52.88 + 0.001 * np.arange(n), 2),
        node_tags=np.zeros(2 * n, dtype=np.int32),
        way_id=np.arange(1, n + 1),
        way_offset=np.arange(0, 2 * n + 1, 2),
        way_node=np.arange(2 * n, dtype=np.int32),
        way_tags=np.arange(1, n + 1, dtype=np.int32),
        tag_sets=TAGS,
        way_name=np.array([1, 2, 0, 0], dtype=np.int32),
        names=NAMES,
    )


def land() -> Land:
    """A lake with an island, a wood and a railway."""
    lake = shapely.box(6.86, 52.885, 6.87, 52.89).difference(shapely.box(6.864, 52.887, 6.866, 52.888))
    rail = shapely.linestrings([(6.85, 52.87), (6.88, 52.89)])
    shapes = np.empty(3, dtype=object)
    shapes[:] = [lake, shapely.box(6.84, 52.86, 6.85, 52.87), rail]
    return Land(("water", "wood", "rail"), shapes)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    path = tmp_path_factory.mktemp("tiles") / "base_map.pmtiles"
    write_base_map(path, streets(), land(), silent)
    found = open_archive(path)
    assert found is not None
    return found


def read(archive: Archive, layer: str, zoom: int) -> dict[tuple[str, ...], float]:
    """Length or area in degrees of what GDAL finds in a layer at a zoom, by class, number and name."""
    frame = pyogrio.read_dataframe(archive.path, layer=layer, ZOOM_LEVEL=zoom)
    frame = frame.to_crs("EPSG:4326")
    fields = [name for name in ("class", "ref", "name") if name in frame]
    sizes: dict[tuple[str, ...], float] = {}
    for _, row in frame.iterrows():
        told = tuple(row[name] for name in fields if isinstance(row[name], str))
        size = row.geometry.area or row.geometry.length
        sizes[told] = sizes.get(told, 0.0) + size
    return sizes


def test_another_program_reads_the_streets_with_class_number_and_name(archive: Archive) -> None:
    found = read(archive, "roads", 13)
    assert set(found) == {("main", "N34", "Hondsrugweg"), ("street", "Dorpsstraat"), ("path",)}
    # Each way spans 0.03 degrees of longitude. Borders of tiles may double 64 of 4096 units of 0.044 degrees on both sides.
    assert all(0.03 - 1e-4 <= length <= 0.03 + 2 * 64 / 4096 * 360 / 2**13 for length in found.values())


def test_streets_come_forward_as_one_comes_closer(archive: Archive) -> None:
    assert set(read(archive, "roads", 8)) == {("main",)}
    assert set(read(archive, "roads", 9)) == {("main", "N34")}
    assert {told[0] for told in read(archive, "roads", 12)} == {"main", "street"}


def test_water_keeps_its_island_and_a_railway_is_a_line(archive: Archive) -> None:
    areas = read(archive, "areas", 13)
    lake = 0.01 * 0.005 - 0.002 * 0.001
    # A unit is two metres: along an outline of some 2 km that is under two per cent of this lake; borders double a strip.
    assert lake * 0.98 <= areas["water",] <= lake * 1.05
    assert set(areas) == {("water",), ("wood",)}
    assert set(read(archive, "lines", 13)) == {("rail",)}


def test_a_tile_without_anything_is_none_and_so_is_one_outside_the_world(archive: Archive) -> None:
    assert archive.tile((13, 0, 0)) is None
    assert archive.tile((5, 40, 40)) is None
    assert archive.tile((14, 0, 0)) is None
    assert archive.tile((-1, 0, 0)) is None
    # Exloo at zoom 8: column (6.87 + 180) / 360 * 256 = 132, row 83 by the formula of Web Mercator.
    tile = archive.tile((8, 132, 83))
    assert tile is not None
    assert b"main" in gzip.decompress(tile)


def test_the_same_region_gives_the_same_file(archive: Archive, tmp_path: Path) -> None:
    again = tmp_path / "again.pmtiles"
    write_base_map(again, streets(), land(), silent)
    assert again.read_bytes() == archive.path.read_bytes()


def test_a_region_without_land_has_streets_only(tmp_path: Path) -> None:
    write_base_map(tmp_path / "some.pmtiles", streets(), NO_LAND, silent)
    found = open_archive(tmp_path / "some.pmtiles")
    assert found is not None
    assert set(read(found, "roads", 12)) == {("main", "N34"), ("street",)}
    assert not read(found, "areas", 12)


def test_a_region_without_anything_to_draw_has_no_file(tmp_path: Path) -> None:
    nothing = replace(
        streets(),
        way_id=np.empty(0, np.int64),
        way_offset=np.zeros(1, np.int64),
        way_node=np.empty(0, np.int32),
        way_tags=np.empty(0, np.int32),
        way_name=np.empty(0, np.int32),
    )
    write_base_map(tmp_path / "none.pmtiles", nothing, NO_LAND, silent)
    assert open_archive(tmp_path / "none.pmtiles") is None


def part(points: list[tuple[int, int]]) -> TileFeature:
    return TileFeature((("class", "x"),), np.array(points), np.array([0, len(points)]), is_area=False)


def test_a_line_is_written_as_the_specification_says() -> None:
    # Its own example, 4.3.5.3: move to (2,2), lines to (2,10) and (10,10).
    assert bytes([9, 4, 4, 18, 0, 16, 16, 0]) in encode_tile([("a", [part([(2, 2), (2, 10), (10, 10)])])])


def test_a_polygon_is_written_as_the_specification_says() -> None:
    # Its own example, 4.3.5.5: (3,6), (8,12), (20,34), closed.
    ring = part([(3, 6), (8, 12), (20, 34), (3, 6)])._replace(is_area=True)
    assert bytes([9, 6, 12, 18, 10, 12, 24, 44, 15]) in encode_tile([("a", [ring])])


def test_what_shrinks_to_a_point_is_left_out() -> None:
    assert encode_tile([("a", [part([(2, 2), (2, 2)])])]) == b""


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(-64, 4160), st.integers(-64, 4160)), min_size=2, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_gdal_reads_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[tuple[int, int]]]
) -> None:
    offset = np.cumsum([0, *map(len, parts)])
    points = np.array([point for some in parts for point in some])
    data = encode_tile([("a", [TileFeature((("class", "x"),), points, offset, is_area=False)])])
    moved = [[point for at, point in enumerate(some) if not at or point != some[at - 1]] for some in parts]
    expected = [some for some in moved if len(some) > 1]
    if not expected:
        assert not data
        return
    path = tmp_path_factory.mktemp("one") / "0.mvt"
    path.write_bytes(data)
    frame = pyogrio.read_dataframe(path, layer="a", CLIP="NO")
    found = [shapely.get_coordinates(line).tolist() for line in shapely.get_parts(frame.geometry.array)]
    # GDAL counts y upwards from the lower edge of the tile.
    assert [[list(map(round, point)) for point in line] for line in found] == [
        [[x, 4096 - y] for x, y in some] for some in expected
    ]

"""Ways by way of lines of text, against what pyosmium says of them itself."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import osmium
import pytest
from osmium.osm import Way as OsmWay

from data.osm import written
from data.osm.written import read_ways, writer_of_lines

HOSTILE = "a b,c=d%e@f 100%20% ü\t日本 %2c%"


class Way(NamedTuple):
    """One of a block, by itself."""

    id: int
    refs: list[int]
    tags: dict[str, str]
    is_closed: bool


def ways_of(path: Path, folder: Path) -> list[Way]:
    lines = folder / "lines.opl"
    with writer_of_lines(lines) as writer, osmium.io.Reader(str(path)) as reader:
        osmium.apply(reader, writer)
    return [
        Way(way, block.refs[start:end].tolist(), dict(block.tag_sets[row]), closed)
        for block in read_ways(lines)
        for way, start, end, row, closed in zip(
            block.id.tolist(),
            block.offset[:-1],
            block.offset[1:],
            block.tags,
            block.is_closed.tolist(),
            strict=True,
        )
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.osm.pbf"
    mutable = osmium.osm.mutable
    with osmium.SimpleWriter(str(path)) as writer:
        writer.add_node(mutable.Node(id=1, location=(6.5, 52.5), tags={"name": "w5 dV T N"}))
        writer.add_way(mutable.Way(id=5, nodes=[1, 2, 3, 1], tags={"highway": "path", HOSTILE: HOSTILE}))
        writer.add_way(mutable.Way(id=6, nodes=[4_000_000_000_000, 1], tags={}))
        writer.add_way(mutable.Way(id=7, nodes=[], tags={"name": ""}))
        writer.add_relation(
            mutable.Relation(id=8, members=[("w", 5, "outer")], tags={"type": "multipolygon"})
        )
    return path


@pytest.mark.parametrize("at_once", [1, written.BLOCK], ids=["a way each", "all in one block"])
def test_ways_have_the_nodes_and_tags_that_pyosmium_gives(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(written, "BLOCK", at_once)
    expected = [
        Way(way.id, [node.ref for node in way.nodes], dict(way.tags), way.id == 5)
        for way in osmium.FileProcessor(str(file), osmium.osm.WAY)
        if isinstance(way, OsmWay)
    ]
    found = ways_of(file, tmp_path)
    assert found == expected
    assert found[0].tags[HOSTILE] == HOSTILE


def test_a_way_is_closed_that_ends_where_it_begins(file: Path, tmp_path: Path) -> None:
    assert [way.is_closed for way in ways_of(file, tmp_path)] == [True, False, False]


def test_deleted_ways_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "some.osh"
    path.write_text(
        '<osm version="0.6"><way id="5" version="2" visible="false"><tag k="highway" v="path"/></way>'
        '<way id="6" version="1" visible="true"><nd ref="1"/><nd ref="2"/></way></osm>',
        encoding="utf-8",
    )
    assert [way.id for way in ways_of(path, tmp_path)] == [6]

"""Files that libosmium would misread: objects deleted in an editor, and places that stand on the ways."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import osmium
import pytest
from osmium.osm import Node, Way

from data.errors import InputError
from data.osm.extract import OsmExtract, read_osm
from data.osm.file_names import osm_ending
from data.parameters.facility_kinds import load_facility_kinds

EDITED = """<?xml version='1.0' encoding='UTF-8'?>
<osm version='0.6' generator='JOSM' upload='never'>
  <node id='1' visible='true' version='1' lat='52.8' lon='6.8'/>
  <node id='2' action='modify' visible='true' version='1' lat='52.8' lon='6.81'/>
  <node id='3' action='delete' visible='true' version='1' lat='52.8' lon='6.82'>
    <tag k='shop' v='supermarket'/>
  </node>
  <node id='4' visible='true' version='1' lat='52.8' lon='6.83'><tag k='shop' v='supermarket'/></node>
  <node id='5' visible='false' version='2'/>
  <way id='1' action='modify' visible='true' version='1'>
    <nd ref='1'/><nd ref='2'/>
    <tag k='highway' v='residential'/><tag k='name' v='Ž &amp; Ø'/>
  </way>
  <way id='2' action='delete' visible='true' version='1'>
    <nd ref='2'/><nd ref='4'/>
    <tag k='highway' v='residential'/>
  </way>
  <relation id='9' action='delete' visible='true' version='1'>
    <member type='way' ref='1' role='from'/><member type='node' ref='2' role='via'/>
    <member type='way' ref='2' role='to'/>
    <tag k='type' v='restriction'/><tag k='restriction' v='no_left_turn'/>
  </relation>
</osm>"""
KINDS = load_facility_kinds()


def packed(folder: Path, ending: str, text: str) -> Path:
    file = folder / f"edited{ending}"
    content = text.encode()
    packed = {".osm": content, ".osm.gz": gzip.compress(content), ".osm.bz2": bz2.compress(content)}
    file.write_bytes(packed[ending])
    return file


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_what_was_deleted_in_the_editor_is_gone(tmp_path: Path, ending: str) -> None:
    extract = read_osm(packed(tmp_path, ending, EDITED), KINDS)
    assert extract.streets.way_id.tolist() == [1]
    assert extract.streets.names == (("", ""), ("", "Ž & Ø"))
    assert extract.facilities.id == ("node/4",)
    (found,) = extract.report.findings
    assert (found.what, found.count) == ("objects that were deleted in the editor", 4)
    assert found.examples == ("node/3", "node/5", "way/2", "relation/9")


@pytest.mark.parametrize("ending", [".osm", ".osm.gz", ".osm.bz2"])
def test_a_map_is_known_by_its_first_bytes_whatever_it_is_called(tmp_path: Path, ending: str) -> None:
    # As downloads are called by browsers and mail programs.
    file = packed(tmp_path, ending, EDITED).rename(tmp_path / "map (1)")
    assert osm_ending(file) == ending


def test_nothing_is_told_of_a_file_that_was_only_changed(tmp_path: Path) -> None:
    text = EDITED.replace("action='delete'", "action='modify'").replace(
        "visible='false' version='2'", "version='2'"
    )
    extract = read_osm(packed(tmp_path, ".osm", text), KINDS)
    assert extract.streets.way_id.tolist() == [1, 2]
    assert len(extract.facilities.id) == 2
    assert all("deleted" not in row.what for row in extract.report.findings)


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read as an OSM file"):
        read_osm(packed(tmp_path, ".osm", EDITED[:-30]), KINDS)


def both_ways(tmp_path: Path) -> tuple[OsmExtract, OsmExtract]:
    """The same small map as libosmium writes it, and with the places of untagged nodes on the ways only."""
    usual, on_ways = tmp_path / "usual.osm.pbf", tmp_path / "on-ways.osm.pbf"
    nodes = {10: (6.50, 52.80), 7: (6.51, 52.80), 30: (6.52, 52.80), 41: (6.51, 52.81), 42: (6.50, 52.81)}
    ways = [
        (5, {"highway": "residential"}, [10, 7, 30]),
        (6, {"shop": "supermarket", "building": "yes"}, [10, 7, 41, 42, 10]),
    ]
    with osmium.SimpleWriter(str(usual)) as writer:
        for number, place in sorted(nodes.items()):
            tags = {"highway": "crossing"} if number == 7 else {}
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags))
        for number, tags, refs in ways:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags))
    placed = osmium.FileProcessor(str(usual)).with_locations()
    target = osmium.io.File(str(on_ways), "pbf,locations_on_ways=true")
    with osmium.SimpleWriter(target) as writer:
        for entity in placed:
            if isinstance(entity, Way) or (isinstance(entity, Node) and len(entity.tags)):
                writer.add(entity)
    return read_osm(usual, KINDS), read_osm(on_ways, KINDS)


def test_places_that_stand_on_the_ways_are_read(tmp_path: Path) -> None:
    usual, on_ways = both_ways(tmp_path)
    assert on_ways.streets.node_id.tolist() == [7, 10, 30]
    assert on_ways.streets.lon_deg.tolist() == [6.51, 6.5, 6.52]
    for name in ("node_id", "lon_deg", "lat_deg", "node_tags", "way_id", "way_node", "tag_sets"):
        assert str(getattr(on_ways.streets, name)) == str(getattr(usual.streets, name)), name
    # The shop has its outline too: its place is inside it.
    assert on_ways.facilities.id == usual.facilities.id == ("way/6",)
    assert on_ways.facilities.lon_deg.tolist() == usual.facilities.lon_deg.tolist()
    assert on_ways.report == usual.report

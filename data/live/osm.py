"""OpenStreetMap extracts: which ones a box needs, and the streets and features of the box cut out of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import osmium
import shapely
import shapely.geometry
from osmium.osm import Node, Relation, Way

from data.download import Progress, SourceError
from data.features import FacilityKinds
from data.live.area import Box
from data.osm_points import PLACE_KINDS
from data.osm_streets import NODE_KEYS, NODE_TAGS
from data.osm_turns import TURN_KEYS
from data.store import write_file

_STREET_KEYS = frozenset({"highway", "route", "railway", "public_transport"})
_AREA_TYPES = ("multipolygon", "boundary")
_FAR_DEG = 0.5
"""No street or service is longer than this between two of its nodes: a way that starts further off need not be looked at."""
_TINY_DEG2 = 1e-8
"""About 100 m2: less than this left of a box is rounding."""


def needed_extracts(index: Path, box: Box) -> tuple[str, ...]:
    """Addresses of the smallest extracts that together cover `box`, the one that covers most first.

    Parameters
    ----------
    index
        Geofabrik's list of extracts with outlines: GeoJSON with the properties id, parent and urls.pbf.
    box
        What must be covered; parts that no extract covers, such as sea, are left.

    Raises
    ------
    SourceError
        When the file is no such list, or no extract covers any of the box.

    """
    try:
        features = json.loads(index.read_text(encoding="utf-8"))["features"]
        parents = {feature["properties"].get("parent") for feature in features}
        outlines = {
            feature["properties"]["urls"]["pbf"]: shapely.make_valid(
                shapely.geometry.shape(feature["geometry"])
            )
            for feature in features
            if feature["properties"]["id"] not in parents and feature["geometry"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{index.name} is not Geofabrik's list of extracts with outlines ({error!r})."
        raise SourceError(msg) from error
    left: shapely.Geometry = box.polygon
    chosen = []
    while outlines:
        covered = {
            address: shapely.area(shapely.intersection(outlines[address], left)) for address in outlines
        }
        address = max(covered, key=lambda address: covered[address])
        if covered[address] <= _TINY_DEG2:
            break
        chosen.append(address)
        left = shapely.difference(left, outlines.pop(address))
    if not chosen:
        raise SourceError("None of the extracts covers the region; name one yourself in [source.extracts].")
    return tuple(chosen)


def cut_extracts(
    files: Sequence[Path], box: Box, kinds: FacilityKinds, out: Path, progress: Progress
) -> None:
    """Write streets, places, facilities and turn restrictions with a node in `box`, complete, to one file.

    What several extracts hold is written once, in its newest version.

    Raises
    ------
    SourceError
        When a file is damaged.

    """
    with TemporaryDirectory(dir=out.parent, prefix=".cut-") as folder:
        parts = []
        ordered = Path(folder) / "sorted.osm.pbf"
        for number, file in enumerate(files):
            progress("cutting the extracts", number / len(files))
            parts.append(Path(folder) / f"{number}.osm.pbf")
            try:
                in_order = _in_order(file)
                if not in_order:
                    merge_files([file], ordered)
                _cut(file if in_order else ordered, box, kinds, parts[-1])
            except RuntimeError as error:
                msg = f"The extract {file.name} cannot be read to its end ({error}). Download it again later."
                raise SourceError(msg) from error
        write_file(out, lambda beside: merge_files(parts, beside))
    progress("cutting the extracts", 1.0)


def merge_files(parts: Sequence[Path], out: Path) -> None:
    """Write the objects of all parts in the order nodes, ways, relations, each id once."""
    merge = osmium.MergeInputReader()
    for part in parts:
        merge.add_file(str(part))
    nothing = osmium.io.FileBuffer(b'<osm version="0.6"></osm>', "osm")
    writer = osmium.io.Writer(osmium.io.File(str(out), "osm.pbf"), overwrite=True)
    with osmium.io.Reader(nothing) as reader:
        merge.apply_to_reader(reader, writer)
    writer.close()


def _in_order(file: Path) -> bool:
    """Whether the file says that it holds nodes, ways, relations, each by id: those of the known publishers do."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        return reader.header().get("sorting") == "Type_then_ID"


def extract_date(file: Path) -> str:
    """ISO date of the map data, "" where the file does not say."""
    with osmium.io.Reader(str(file), osmium.osm.NOTHING) as reader:
        return reader.header().get("osmosis_replication_timestamp")[:10]


def _cut(file: Path, box: Box, kinds: FacilityKinds, out: Path) -> None:
    keys = kinds.keys | _STREET_KEYS | NODE_KEYS | {key for key, _ in NODE_TAGS} | TURN_KEYS | {"place"}
    wanted, members = _relations(file, kinds)
    telling = osmium.filter.KeyFilter(*sorted(keys))
    telling.enable_for(osmium.osm.NODE)
    kept, near = osmium.IdTracker(), set()
    for entity in osmium.FileProcessor(file).with_locations().with_filter(telling):
        if isinstance(entity, Node):
            if entity.location.valid() and _inside(box, entity.lon, entity.lat):
                kept.add_node(entity.id)
        elif isinstance(entity, Way):
            if not _starts_near(box, entity):
                continue
            told = not keys.isdisjoint(key for key, _ in entity.tags)
            if (told or entity.id in members) and _enters(box, entity):
                near.add(entity.id)
                if told:
                    kept.add_way(entity.id)
        elif isinstance(entity, Relation) and entity.id in wanted and not near.isdisjoint(_ways(entity)):
            kept.add_relation(entity.id)
            kept.add_references(entity)
    kept.complete_backward_references(str(file))
    with osmium.io.Reader(str(file)) as reader, osmium.SimpleWriter(str(out), overwrite=True) as writer:
        osmium.apply(reader, kept.id_filter(), writer)


def _relations(file: Path, kinds: FacilityKinds) -> tuple[set[int], set[int]]:
    """Ids of the areas and turn restrictions in the file, wherever they are, and of the ways they consist of."""
    wanted, members = set(), set()
    for relation in osmium.FileProcessor(file, osmium.osm.RELATION):
        if not isinstance(relation, Relation):
            continue
        tags = dict(relation.tags)
        is_area = tags.get("type") in _AREA_TYPES and (
            tags.get("place") in PLACE_KINDS or bool(kinds.matches(tags)) or not _STREET_KEYS.isdisjoint(tags)
        )
        if is_area or not TURN_KEYS.isdisjoint(tags):
            wanted.add(relation.id)
            members |= _ways(relation)
    return wanted, members


def _ways(relation: Relation) -> set[int]:
    return {member.ref for member in relation.members if member.type == "w"}


def _starts_near(box: Box, way: Way) -> bool:
    """Whether the way is worth a closer look: most ways of a large extract are not."""
    first = next((node.location for node in way.nodes if node.location.valid()), None)
    return first is not None and _inside(box, first.lon, first.lat, _FAR_DEG)


def _enters(box: Box, way: Way) -> bool:
    """Whether a node of the way is in the box."""
    return any(
        _inside(box, node.location.lon, node.location.lat) for node in way.nodes if node.location.valid()
    )


def _inside(box: Box, lon: float, lat: float, margin: float = 0.0) -> bool:
    in_width = box.west - margin <= lon <= box.east + margin
    return in_width and box.south - margin <= lat <= box.north + margin

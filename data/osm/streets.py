"""From raw OSM ways to a StreetMap: which ways are streets, which of their tags decide, where the extract cuts them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Int64s, distinct
from data.osm.written import WayBlock
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap, TagSet

ACCESS_KEYS = ("access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar")
_DIRECTED = (*ACCESS_KEYS, "maxspeed")
SEASON_KEYS = ("seasonal", "opening_hours")
FERRY_KEYS = frozenset(["duration", "interval", "opening_hours"])
"""Keys that count on a ferry only: the hours of a square are those of its market."""

WAY_KEYS = frozenset(
    [
        *("highway", "service", "tracktype", "surface", "smoothness"),
        *(*ACCESS_KEYS, *SEASON_KEYS, *FERRY_KEYS),
        *("motorroad", "junction"),
        *("bridge", "tunnel", "layer", "level", "covered", "indoor", "location"),
        *(
            "oneway",
            "oneway:bicycle",
            "bicycle:oneway",
            "oneway:foot",
            "oneway:motor_vehicle",
            "oneway:motorcar",
        ),
        *("bicycle_road", "cyclestreet"),
        *(f"cycleway{side}{what}" for side in ("", ":left", ":right", ":both") for what in ("", ":oneway")),
        *("maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic"),
        *(f"{key}:{direction}" for key in _DIRECTED for direction in ("forward", "backward")),
        *(f"{key}:conditional" for key in (*_DIRECTED, "oneway", "oneway:bicycle")),
        *(f"{key}:{direction}:conditional" for key in _DIRECTED for direction in ("forward", "backward")),
    ]
)
"""Keys of a way that decide who may use it, in which direction, how fast, and whether doors open on it; names would multiply the combinations."""

WAY_TAGS = frozenset(
    [("route", "ferry"), ("railway", "platform"), ("public_transport", "platform"), ("area", "yes")]
)
"""Single tags of a way that decide too, while other values of the same key (bus route, rail) say nothing of a street."""

LEVEL_KEYS = frozenset(["layer", "level"])
INSIDE_KEYS = frozenset(["covered", "indoor"])

NODE_KEYS = frozenset(["barrier", "locked", *ACCESS_KEYS, *(f"{key}:conditional" for key in ACCESS_KEYS)])
"""Keys of a node on a street that decide who may pass."""

NODE_TAGS = frozenset(("highway", value) for value in ("crossing", "traffic_signals", "stop", "give_way"))
"""Single tags of a node on a street that may cost time."""

NOT_YET_OR_NO_MORE = frozenset(
    [
        *("construction", "proposed", "planned", "no"),
        *("abandoned", "disused", "razed", "demolished", "dismantled", "removed", "historic"),
    ]
)
"""Values of highway=* under which nobody can travel."""

Locate: TypeAlias = Callable[[Int64s], tuple[Floats, Floats, Bools]]
"""Node ids to (lon_deg, lat_deg, known)."""


class WayKind(NamedTuple):
    """What the tags of a way say of it as a street; the deciding ones, number and name where it is one."""

    is_unusable: bool
    is_street: bool
    is_area: bool
    tags: TagSet
    name: tuple[str, str]


def way_kind(tags: Tags) -> WayKind:
    """What tags say of a way as a street."""
    is_unusable, found = tags.get("highway") in NOT_YET_OR_NO_MORE, is_street(tags)
    deciding = deciding_way_tags(tags) if found else ()
    return WayKind(
        is_unusable, found, tags.get("area") == "yes", deciding, (tags.get("ref", ""), tags.get("name", ""))
    )


@dataclass(slots=True)
class RawWays:
    """Ways as they are read, one entry per way (`refs` flat), with number and name, and the deciding tags of nodes."""

    way_id: array[int] = field(default_factory=partial(array, "q"))
    n_refs: array[int] = field(default_factory=partial(array, "q"))
    refs: array[int] = field(default_factory=partial(array, "q"))
    tags: list[TagSet] = field(default_factory=list)
    names: list[tuple[str, str]] = field(default_factory=list)
    node_tags: dict[int, TagSet] = field(default_factory=dict)
    unusable: list[int] = field(default_factory=list)
    areas: list[int] = field(default_factory=list)

    def add(self, way_id: int, refs: Sequence[int], tags: Tags) -> None:
        """Keep a way if its tags make it a street."""
        ids, offset = np.array([way_id], np.int64), np.array([0, len(refs)], np.int64)
        block = WayBlock(ids, offset, np.array(refs, np.int64), (tags,), np.zeros(1, np.int64))
        self.extend(block, (way_kind(tags),))

    def extend(self, block: WayBlock, kinds: Sequence[WayKind]) -> None:
        """Keep those ways of a block that its tags make streets; `kinds` is what each combination of them says."""
        is_unusable, found, is_area = (
            np.array(column)[block.tags]
            for column in zip(
                *((kind.is_unusable, kind.is_street, kind.is_area) for kind in kinds), strict=True
            )
        )
        n_refs = np.diff(block.offset)
        self.way_id.frombytes(block.id[found].tobytes())
        self.n_refs.frombytes(n_refs[found].tobytes())
        self.refs.frombytes(block.refs[np.repeat(found, n_refs)].tobytes())
        for row in block.tags[found].tolist():
            self.tags.append(kinds[row].tags)
            self.names.append(kinds[row].name)
        self.unusable.extend(block.id[is_unusable].tolist())
        self.areas.extend(block.id[found & is_area].tolist())


def is_street(tags: Tags) -> bool:
    """Whether a way with `tags` can be travelled: any highway in use, a ferry, a platform."""
    if "highway" in tags:
        return tags["highway"] not in NOT_YET_OR_NO_MORE
    return (
        tags.get("route") == "ferry"
        or tags.get("railway") == "platform"
        or tags.get("public_transport") == "platform"
    )


def deciding_way_tags(tags: Tags) -> TagSet:
    """Return the tags of a way that decide access, direction and speed, sorted by key."""
    found = [(key, tags[key]) for key in WAY_KEYS.intersection(tags)]
    found += [tag for tag in WAY_TAGS if tags.get(tag[0]) == tag[1]]
    if tags.get("route") != "ferry":
        found = [tag for tag in found if tag[0] not in FERRY_KEYS]
    if INSIDE_KEYS.isdisjoint(tags) and tags.get("highway") != "corridor":
        # On which level a way runs matters where it runs under a roof; elsewhere it would multiply the combinations.
        found = [tag for tag in found if tag[0] not in LEVEL_KEYS]
    return tuple(sorted(found))


def deciding_node_tags(tags: Tags) -> TagSet:
    """Return the tags of a node that decide who may pass and what it costs, sorted by key."""
    return tuple(sorted(tag for tag in tags.items() if tag[0] in NODE_KEYS or tag in NODE_TAGS))


def build_street_map(raw: RawWays, locate: Locate) -> tuple[StreetMap, BuildReport]:
    """Lay out the ways over the nodes whose place is known.

    A node that follows itself is taken once. A way that leaves the extract is cut into its runs of two or more
    consecutive known nodes, each a way with the same id; what is left of one or no known node is dropped. The map has no
    turn restrictions yet.
    """
    way, ref = _without_repeats(raw)
    ids, row = np.unique(ref, return_inverse=True)
    lon_deg, lat_deg, known = locate(ids)
    keep, first, run_way = known_runs(way, known[row])
    used, way_node = np.unique(row[keep], return_inverse=True)
    numbers: dict[TagSet, int] = {(): 0}
    way_tags = [numbers.setdefault(raw.tags[index], len(numbers)) for index in run_way.tolist()]
    roads: dict[tuple[str, str], int] = {("", ""): 0}
    way_name = [roads.setdefault(raw.names[index], len(roads)) for index in run_way.tolist()]
    node_tags = np.zeros(len(used), dtype=np.int32)
    for node, number in _tagged(ids[used], raw.node_tags, numbers):
        node_tags[node] = number
    way_id = np.array(raw.way_id, dtype=np.int64)
    streets = StreetMap(
        node_id=ids[used],
        lon_deg=lon_deg[used],
        lat_deg=lat_deg[used],
        node_tags=node_tags,
        way_id=way_id[run_way],
        way_offset=first,
        way_node=way_node.astype(np.int32),
        way_tags=np.array(way_tags, dtype=np.int32),
        tag_sets=tuple(numbers),
        way_name=np.array(way_name, dtype=np.int32),
        names=tuple(roads),
    )
    cut = distinct(way[~known[row]])
    gone = np.setdiff1d(np.arange(len(way_id)), run_way)
    report = (
        finding("streets", "dropped", "ways that are planned, being built or out of use", raw.unusable)
        + finding("streets", "kept", "squares and other areas, of which the outline is a street", raw.areas)
        + finding("streets", "dropped", "nodes of streets without a place in the file", ids[~known])
        + finding(
            "streets", "repaired", "ways cut where their nodes are missing", way_id[np.setdiff1d(cut, gone)]
        )
        + finding("streets", "dropped", "ways with fewer than two known nodes", way_id[gone])
    )
    return streets, report


def _without_repeats(raw: RawWays) -> tuple[Int64s, Int64s]:
    """(R,) int64 way and node id of every node of every way, where a node does not follow itself."""
    way = np.repeat(np.arange(len(raw.way_id), dtype=np.int64), raw.n_refs)
    ref = np.array(raw.refs, dtype=np.int64)
    new = np.ones(len(ref), dtype=bool)
    new[1:] = (ref[1:] != ref[:-1]) | (way[1:] != way[:-1])
    return way[new], ref[new]


def known_runs(way: Int64s, known: Bools) -> tuple[Bools, Int64s, Int64s]:
    """Find the runs of at least two known nodes within one way.

    Returns
    -------
    keep, first, run_way
        (R,) bool, the entries that belong to a run; (U + 1,) int64, where each run starts among those; (U,) int64,
        the way of each run.

    """
    starts = known.copy()
    starts[1:] &= ~known[:-1] | (way[1:] != way[:-1])
    run = np.cumsum(starts) - 1
    length = np.bincount(run[known], minlength=int(starts.sum()))
    long_enough = length >= 2
    keep = known.copy()
    keep[known] = long_enough[run[known]]
    first = np.concatenate([[0], np.cumsum(length[long_enough])]).astype(np.int64)
    return keep, first, way[starts][long_enough]


def _tagged(ids: Int64s, tags: dict[int, TagSet], numbers: dict[TagSet, int]) -> list[tuple[int, int]]:
    """Rows of `ids` that have tags, each with the number of its combination; new ones are added to `numbers`."""
    tagged = np.array(sorted(tags), dtype=np.int64)
    rows: Int32s = np.flatnonzero(np.isin(ids, tagged)).astype(np.int32)
    return [(row, numbers.setdefault(tags[int(ids[row])], len(numbers))) for row in rows.tolist()]

"""Streets as they are mapped: nodes, ways and their tags, before any mode of travel looks at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from data.columns import Bools, Floats, Int32s, Int64s, freeze

TagSet: TypeAlias = tuple[tuple[str, str], ...]
"""Tags as (key, value) pairs sorted by key: the few thousand combinations in use are stored once."""


@dataclass(frozen=True, slots=True, eq=False)
class StreetMap:
    """Nodes and ways in OSM's own terms, restricted to the tags that decide access, direction and speed.

    Attributes
    ----------
    node_id
        (N,) int64, OSM ids; only nodes used by a kept way.
    lon_deg, lat_deg
        (N,) float64, WGS84.
    node_tags
        (N,) int32, row of `tag_sets`; 0 for the many nodes without a deciding tag.
    way_id
        (W,) int64, OSM ids.
    way_offset
        (W + 1,) int64; the nodes of way w are `way_node[way_offset[w]:way_offset[w + 1]]`, at least two.
    way_node
        (R,) int32, rows of the node columns, in the direction of the way.
    way_tags
        (W,) int32, row of `tag_sets`.
    tag_sets
        The combinations of tags in use; the first is empty.
    way_name
        (W,) int32, row of `names`; no rows at all where names were not read.
    names
        Numbers and names of the roads, (ref, name) as tagged; the first is empty.
    turn_relation
        (T,) int64, OSM ids of the turn restrictions that hold for cars; several rows may be of one relation.
    turn_from_way
        (T,) int32, row of the way one comes from.
    turn_offset
        (T + 1,) int64; restriction t is about the steps `turn_offset[t]:turn_offset[t + 1]`, one unless it is over ways.
    turn_via_node, turn_to_way
        (S,) int32, rows: at the node one goes on by the way. The way of the last step is the one that is meant.
    turn_only
        (T,) bool, whether one must take these steps (true) or must not end with the last of them (false).
    water_offset
        (V + 1,) int64; line v of the rivers, canals and shores is the points `water_offset[v]:water_offset[v + 1]`.
    water_lon_deg, water_lat_deg
        (P,) float64, WGS84.

    """

    node_id: Int64s
    lon_deg: Floats
    lat_deg: Floats
    node_tags: Int32s
    way_id: Int64s
    way_offset: Int64s
    way_node: Int32s
    way_tags: Int32s
    tag_sets: tuple[TagSet, ...]
    way_name: Int32s = field(default_factory=lambda: np.empty(0, np.int32))
    names: tuple[tuple[str, str], ...] = (("", ""),)
    turn_relation: Int64s = field(default_factory=lambda: np.empty(0, np.int64))
    turn_from_way: Int32s = field(default_factory=lambda: np.empty(0, np.int32))
    turn_offset: Int64s = field(default_factory=lambda: np.zeros(1, np.int64))
    turn_via_node: Int32s = field(default_factory=lambda: np.empty(0, np.int32))
    turn_to_way: Int32s = field(default_factory=lambda: np.empty(0, np.int32))
    turn_only: Bools = field(default_factory=lambda: np.empty(0, np.bool_))
    water_offset: Int64s = field(default_factory=lambda: np.zeros(1, np.int64))
    water_lon_deg: Floats = field(default_factory=lambda: np.empty(0))
    water_lat_deg: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        ways = ("way_id", "way_offset", "way_node", "way_tags", "way_name")
        turns, steps = ("turn_relation", "turn_from_way", "turn_only"), ("turn_via_node", "turn_to_way")
        water = ("water_offset", "water_lon_deg", "water_lat_deg")
        freeze(self, len(self.node_id), *ways, "tag_sets", "names", *turns, "turn_offset", *steps, *water)
        n_ways = len(self.way_id)
        if (len(self.way_offset), len(self.way_tags)) != (n_ways + 1, n_ways) or len(self.way_name) not in {
            0,
            n_ways,
        }:
            msg = "the way columns of a StreetMap differ in length"
            raise ValueError(msg)
        n_turns, n_steps = ({len(getattr(self, name)) for name in names} for names in (turns, steps))
        if (n_turns, n_steps) != ({len(self.turn_offset) - 1}, {int(self.turn_offset[-1])}):
            msg = "the turn columns of a StreetMap differ in length"
            raise ValueError(msg)

    def segments(self) -> tuple[Int32s, Int32s, Int64s]:
        """(G,) first node, second node and way of every pair of neighbouring nodes, in the order of the ways."""
        way = np.repeat(np.arange(len(self.way_id)), np.diff(self.way_offset))
        same_way = way[1:] == way[:-1]
        return self.way_node[:-1][same_way], self.way_node[1:][same_way], way[1:][same_way]


NO_STREETS = StreetMap(
    node_id=np.empty(0, np.int64),
    lon_deg=np.empty(0),
    lat_deg=np.empty(0),
    node_tags=np.empty(0, np.int32),
    way_id=np.empty(0, np.int64),
    way_offset=np.zeros(1, np.int64),
    way_node=np.empty(0, np.int32),
    way_tags=np.empty(0, np.int32),
    tag_sets=((),),
)
"""A map without any street."""

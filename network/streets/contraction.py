"""A street map contracted: chains of segments between junctions become edges with one pair of speeds per mode.

A node of degree two says nothing about the way through it. Chains of such nodes become one edge, broken only where the
speeds change, where a barrier stops some mode, at traffic lights, and where a turn is restricted, so that every edge has
one pair of speeds per mode along its whole length and any point on it is found by a fraction.

Chains of street segments between junctions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.build_report import BuildReport
from data.columns import Bools, Floats, Int8s, Int32s, Int64s
from data.errors import InputError
from data.projection import Projection, geod
from data.streets import StreetMap
from network.jit import kernel
from network.modes.access import Passage, has_doors
from network.modes.modes import Profile, barrier_table, way_tables
from network.modes.speeds import ferry_seconds, ferry_wait_s
from network.streets.mapped import ENDS_ONLY, THROUGH, UNPUSHED, MappedStreets
from network.streets.trip_ends import settled
from network.streets.turns import edge_ends, forbidden_turns


def trace_chains(
    n_nodes: int, tail: Int32s, head: Int32s, speed: Int32s, mirror: Int32s, is_break: Bools
) -> tuple[Int64s, Int32s]:
    """Join segments at nodes that only lead on.

    A node leads on when exactly two segments meet there, it is no break, and the speeds on the way in are those on
    the way out. A ring without any junction is cut at the tail of its first segment.

    Parameters
    ----------
    n_nodes
        Number of nodes.
    tail, head
        (G,) int32, nodes at the ends of each segment.
    speed
        (G,) int32, class of the segment's speeds from tail to head; `mirror[speed]` is the class of head to tail.
    is_break
        (n_nodes,) bool, nodes that must stay junctions.

    Returns
    -------
    chain_offset
        (C + 1,) int64.
    chain_segment
        (G,) int32; chain c runs over the segments `chain_segment[chain_offset[c]:chain_offset[c + 1]]`, where ~g stands
        for segment g from head to tail. Every segment is in exactly one chain.

    """
    n_segments = len(tail)
    ends = np.concatenate([tail, head])
    # Incidences sorted by node: first the segments that leave it, then those that enter it (written as ~segment).
    leaving = np.concatenate([np.arange(n_segments, dtype=np.int32), ~np.arange(n_segments, dtype=np.int32)])
    order = np.argsort(ends, kind="stable")
    incident = leaving[order]
    first = np.zeros(n_nodes + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=n_nodes), out=first[1:])
    outward = np.concatenate([speed, mirror[speed]])[order]  # class when leaving the node along the incidence
    leads_on = (np.diff(first) == 2) & ~is_break
    one, other = first[:-1][leads_on], first[:-1][leads_on] + 1
    same_speeds = mirror[outward[one]] == outward[other]
    same_segment = (incident[one] == ~incident[other]) | (incident[one] == incident[other])
    leads_on[leads_on] = same_speeds & ~same_segment
    return _walk(tail, head, first, incident, leads_on)


@kernel
def _walk(
    tail: Int32s, head: Int32s, first: Int64s, incident: Int32s, leads_on: Bools
) -> tuple[Int64s, Int32s]:
    """Follow the chains from every junction, then the rings that no junction interrupts."""
    n_segments = len(tail)
    chain_offset = np.zeros(n_segments + 1, np.int64)
    chain_segment = np.empty(n_segments, np.int32)
    taken = np.zeros(n_segments, np.bool_)
    n_chains = 0
    n_taken = 0
    for ring in range(2):
        for node in range(len(leads_on)):
            if leads_on[node] and ring == 0:
                continue
            for row in range(first[node], first[node + 1]):
                step = incident[row]
                if taken[step if step >= 0 else ~step]:
                    continue
                while True:
                    segment = step if step >= 0 else ~step
                    taken[segment] = True
                    chain_segment[n_taken] = step
                    n_taken += 1
                    end = head[segment] if step >= 0 else tail[segment]
                    if not leads_on[end]:
                        break
                    at = first[end]
                    one, other = incident[at], incident[at + 1]
                    step = other if one == ~step else one
                    if taken[step if step >= 0 else ~step]:
                        break
                n_chains += 1
                chain_offset[n_chains] = n_taken
    return chain_offset[: n_chains + 1].copy(), chain_segment


SIGNALS = ("highway", "traffic_signals")


def contract(
    streets: StreetMap, profiles: tuple[Profile, ...], projection: Projection, kept: tuple[Profile, ...]
) -> tuple[MappedStreets, BuildReport]:
    """Contract a street map for the modes of `profiles`, and keep some of them; what restrictions could not be held to is reported.

    Where edges end depends on all profiles, so that times, rounded once per edge, do not depend on which are kept.

    Raises
    ------
    InputError
        When no way may be used by any mode, or the map lies outside the reach of the projection.

    """
    if not projection.reaches(streets.lon_deg, streets.lat_deg):
        msg = f"The streets lie outside the reach of {projection.crs}. Name a coordinate system of that area."
        raise InputError(msg)
    segments = _segments(streets, profiles)
    if not len(segments.tail):
        msg = "The street file has no way that may be walked, cycled or driven on."
        raise InputError(msg)
    x_m, y_m = projection.to_metres(streets.lon_deg, streets.lat_deg)
    barrier = barrier_table(streets.tag_sets, profiles)[:, streets.node_tags]  # (M, mapped nodes)
    has_signals = np.array([SIGNALS in tags for tags in streets.tag_sets])[streets.node_tags]
    roads, way_road = _roads(streets)
    chains = _chains(streets, segments, way_road, np.any(barrier != Passage.OPEN, axis=0) | has_signals)
    junction_row, inverse = np.unique(chains.end_row, return_inverse=True)
    end_node: Int32s = inverse.astype(np.int32)
    is_bound = np.array([profile.obeys_turn_restrictions for profile in profiles])
    ends = edge_ends(end_node, chains.speed, segments.speed_mps, is_bound)
    forbidden, report = forbidden_turns(streets, junction_row, ends, chains.end_way)
    water_x_m, water_y_m = projection.to_metres(streets.water_lon_deg, streets.water_lat_deg)
    every = MappedStreets(
        node_x_m=x_m[junction_row],
        node_y_m=y_m[junction_row],
        node_closed=barrier[:, junction_row] == Passage.CLOSED,
        has_signals=has_signals[junction_row],
        edge_tail=end_node[::2].copy(),
        edge_head=end_node[1::2].copy(),
        edge_length_m=chains.length_m,
        edge_speed=chains.speed,
        edge_road=chains.road,
        road_class=tuple(road[0] for road in roads),
        road_ref=tuple(road[1] for road in roads),
        road_name=tuple(road[2] for road in roads),
        speed_mps=segments.speed_mps,
        use=segments.use,
        has_doors=segments.has_doors,
        pushed_as=_pushed_as(profiles),
        forbidden=forbidden.turns,
        forbidden_over=forbidden.over,
        forbidden_over_offset=forbidden.over_offset,
        is_bound=is_bound,
        signals_s=np.array([profile.signals_s for profile in profiles]),
        give_way_s=np.array([profile.give_way_s for profile in profiles]),
        base_edge=np.arange(len(chains.speed), dtype=np.int32),
        base_span=np.tile([0.0, 1.0], (len(chains.speed), 1)),
        vertex_offset=chains.vertex_offset,
        vertex_x_m=x_m[chains.vertex_row],
        vertex_y_m=y_m[chains.vertex_row],
        water_offset=streets.water_offset,
        water_x_m=water_x_m,
        water_y_m=water_y_m,
    )
    row = [profiles.index(profile) for profile in kept]
    return settled(every.of_modes(row), (barrier[:, junction_row] == Passage.ENDS)[row]), report


def _pushed_as(profiles: tuple[Profile, ...]) -> Int32s:
    """(M,) int32, see `MappedStreets`."""
    names = [profile.name for profile in profiles]
    rows = [
        names.index(profile.pushed_as) if profile.pushed_as in names else row
        for row, profile in enumerate(profiles)
    ]
    return np.array(rows, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class _Chains:
    """Edges in the rows of the map: `end_row` and `end_way` are (2 E,) by end, `vertex_row` is (X,)."""

    end_row: Int32s
    end_way: Int32s
    length_m: Floats
    speed: Int32s
    road: Int32s
    vertex_offset: Int64s
    vertex_row: Int32s


def _roads(streets: StreetMap) -> tuple[list[tuple[str, str, str]], Int32s]:
    """Class, number and name of each road, the first of them unknown, and the (W,) int32 road of each way."""
    classes = [dict(tags).get("highway", "") for tags in streets.tag_sets]
    way_name = streets.way_name if len(streets.way_name) else np.zeros_like(streets.way_tags)
    # Many ways are of one class and name: those that differ are named in the order of the ways.
    key = streets.way_tags * np.int64(len(streets.names)) + way_name
    _, first, alike = np.unique(key, return_index=True, return_inverse=True)
    rows, road = {("", "", ""): 0}, np.empty(len(first), np.int32)
    for number in np.argsort(first).tolist():
        way = first[number]
        name = classes[streets.way_tags[way]], *streets.names[way_name[way]]
        road[number] = rows.setdefault(name, len(rows))
    return list(rows), road[alike]


@kernel
def _longest(chain_offset: Int64s, road: Int32s, length_m: Floats, n_roads: int) -> Int32s:
    """(E,) int32, of each chain the road with the most metres of its segments; of equal ones the first."""
    longest, along_m = np.empty(len(chain_offset) - 1, np.int32), np.zeros(n_roads)
    for chain in range(len(longest)):
        begin, end = chain_offset[chain], chain_offset[chain + 1]
        for step in range(begin, end):
            along_m[road[step]] += length_m[step]
        best = road[begin]
        for step in range(begin, end):
            one = road[step]
            if along_m[one] > along_m[best] or (along_m[one] == along_m[best] and one < best):
                best = one
        longest[chain] = best
        for step in range(begin, end):
            along_m[road[step]] = 0.0
    return longest


def _chains(streets: StreetMap, segments: _Segments, way_road: Int32s, is_break: Bools) -> _Chains:
    """Edges between junctions; `is_break` is (mapped nodes,), where an edge must end apart from restricted turns."""
    is_break = is_break.copy()
    is_break[streets.turn_via_node] = True
    first, step = trace_chains(
        len(streets.node_id), segments.tail, segments.head, segments.speed, segments.mirror, is_break
    )
    reversed_ = step < 0
    segment = np.where(reversed_, ~step, step)
    start = np.where(reversed_, segments.head[segment], segments.tail[segment])
    end = np.where(reversed_, segments.tail[segment], segments.head[segment])
    speed = np.where(reversed_, segments.mirror[segments.speed[segment]], segments.speed[segment])
    way, last = segments.way[segment], first[1:] - 1
    vertex_row, vertex_offset = _vertices(first, start, end[last])
    return _Chains(
        end_row=np.column_stack([start[first[:-1]], end[last]]).ravel(),
        end_way=np.column_stack([way[first[:-1]], way[last]]).ravel(),
        length_m=np.add.reduceat(segments.length_m[segment], first[:-1]),
        speed=speed[first[:-1]].astype(np.int32),
        road=_longest(first, way_road[way], segments.length_m[segment], int(way_road.max()) + 1),
        vertex_offset=vertex_offset,
        vertex_row=vertex_row,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """Straight pieces of way that some mode may use; `mirror[k]` is the class of `speed[k]` turned round."""

    tail: Int32s
    head: Int32s
    way: Int32s
    length_m: Floats
    speed: Int32s
    speed_mps: Floats
    use: Int8s
    has_doors: Bools
    mirror: Int32s


def _segments(streets: StreetMap, profiles: tuple[Profile, ...]) -> _Segments:
    n_ways = len(streets.way_id)
    tail, head, way = streets.segments()
    lon, lat = streets.lon_deg, streets.lat_deg
    length_m = np.asarray(geod().inv(lon[tail], lat[tail], lon[head], lat[head])[2], dtype=np.float64)
    speeds_mps, allowed = way_tables(streets.tag_sets, profiles)
    way_speed_mps = _way_speeds(streets, speeds_mps, np.bincount(way, length_m, n_ways).astype(np.float64))
    usable = np.any(way_speed_mps > 0, axis=(0, 2))
    use = np.where(allowed == Passage.ENDS, ENDS_ONLY, THROUGH)
    use[_unpushed(streets, profiles)] = UNPUSHED
    doors = np.array([has_doors(dict(tags)) for tags in streets.tag_sets])
    # Ways of equal tags are alike, but for those that have a speed of their own (ferries).
    is_own = np.any(way_speed_mps != speeds_mps[:, streets.way_tags], axis=(0, 2))
    kind = np.where(is_own, len(streets.tag_sets) + np.arange(n_ways), streets.way_tags)
    _, first, of_way = np.unique(kind, return_index=True, return_inverse=True)
    n_kinds, tags = len(first), streets.way_tags[first]
    # One row per combination of speeds and use, together with the same combination turned round.
    one_way = np.concatenate(
        [way_speed_mps[:, first], use[:, tags], np.repeat(doors[tags][None, :, None], 2, axis=2)]
    )
    flat = np.moveaxis(one_way, 1, 0)
    both = np.concatenate([flat, flat[:, :, ::-1]]).reshape(2 * n_kinds, 2 * flat.shape[1])
    rows, row = np.unique(both, axis=0, return_inverse=True)
    mirror = np.empty(len(rows), np.int32)
    mirror[row[:n_kinds]] = row[n_kinds:]
    mirror[row[n_kinds:]] = row[:n_kinds]
    kept = usable[way]
    n_modes = len(profiles)
    table = np.ascontiguousarray(np.moveaxis(rows.reshape(len(rows), flat.shape[1], 2), 0, 1))
    return _Segments(
        tail=tail[kept],
        head=head[kept],
        way=way[kept].astype(np.int32),
        length_m=length_m[kept],
        speed=row[of_way[way[kept]]].astype(np.int32),
        speed_mps=table[:n_modes].copy(),
        use=table[n_modes:-1].astype(np.int8),
        has_doors=table[-1, :, 0] > 0,
        mirror=mirror,
    )


def _unpushed(streets: StreetMap, profiles: tuple[Profile, ...]) -> Bools:
    """(M, S) bool, ferries that do not take the mode aboard: there is no walking beside a bicycle that stays ashore."""
    return np.array(
        [
            [
                tags.get("route") == "ferry" and tags.get(profile.access.keys[-1]) == "no"
                for tags in map(dict, streets.tag_sets)
            ]
            for profile in profiles
        ]
    ).reshape(len(profiles), len(streets.tag_sets))


def _way_speeds(streets: StreetMap, speeds_mps: Floats, way_length_m: Floats) -> Floats:
    """(M, W, 2) float64, from those of the tags, (M, S, 2).

    A ferry goes as its duration and the wait for it say, in every mode that may board.
    """
    speed_mps = speeds_mps[:, streets.way_tags]
    for row, tags in enumerate(streets.tag_sets):
        duration_s, wait_s = ferry_seconds(tags), ferry_wait_s(tags)
        if duration_s is not None or wait_s:
            ways = np.flatnonzero(streets.way_tags == row)
            length_m, free_mps = way_length_m[ways][:, None], speed_mps[:, ways]
            is_open = free_mps > 0
            sailing_s = length_m / np.where(is_open, free_mps, 1.0) if duration_s is None else duration_s
            speed_mps[:, ways] = np.where(is_open, length_m / (sailing_s + wait_s), 0.0)
    return speed_mps


def _vertices(chain_offset: Int64s, start: Int32s, head_row: Int32s) -> tuple[Int32s, Int64s]:
    """Map node of every vertex of every edge, and where each edge's vertices start: its segments' starts, its head."""
    first = chain_offset + np.arange(len(chain_offset))
    row = np.empty(first[-1], np.int32)
    last = first[1:] - 1
    inner = np.ones(len(row), np.bool_)
    inner[last] = False
    row[inner], row[last] = start, head_row
    return row, first

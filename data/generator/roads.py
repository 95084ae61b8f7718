"""Through roads as ways: class and speed by length and built-up area, with cycle paths beside the main ones."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from data.columns import Bools, Floats, Int64s
from data.generator.bends import Roads
from data.generator.draft import LENGTH_OBSERVED, MODELLED, Draft, Way, tag_set
from data.generator.facts import Facts, LinkFacts
from data.generator.fast_roads import links_along, refs_of_links
from data.generator.junctions import Joined
from data.generator.rules import Rules
from data.generator.villages import Pattern

MAIN = ("secondary", "tertiary")
LINK_TAG = "dorpshub:link"
"""Names the two stops of the link that a way is part of, so that its metres can be checked."""


class Stretch(NamedTuple):
    """Part of a link with one class and speed."""

    link: int
    nodes: tuple[int, ...]
    built_up: bool


def built_up_pieces(roads: Roads, pattern: Pattern, inhabitants: Int64s, rules: Rules) -> Bools:
    """(S,) whether each piece of road lies in the built-up area of a place larger than a ribbon of houses."""
    a, b, link = roads.pieces()
    village = inhabitants[pattern.place] >= rules.ribbon_inhabitants
    corners = cKDTree(np.column_stack([pattern.x_m, pattern.y_m])[village])
    middle = np.column_stack([(roads.x_m[a] + roads.x_m[b]) / 2, (roads.y_m[a] + roads.y_m[b]) / 2])
    near, _ = corners.query(middle, distance_upper_bound=rules.near_built_m)
    length_m = np.hypot(roads.x_m[a] - roads.x_m[b], roads.y_m[a] - roads.y_m[b])
    flags = np.isfinite(near)
    for rows in np.split(np.arange(len(link)), np.flatnonzero(np.diff(link)) + 1):
        flags[rows] = _without_short_runs(flags[rows], length_m[rows], rules.short_run_m)
    return flags


def _without_short_runs(flags: Bools, length_m: Floats, shortest_m: float) -> Bools:
    """Flags of one road, where inner runs shorter than `shortest_m` take the value around them."""
    runs = [list(rows) for _, rows in groupby(range(len(flags)), key=lambda row: bool(flags[row]))]
    smooth = flags.copy()
    for run in runs[1:-1]:
        if length_m[run].sum() < shortest_m:
            smooth[run] = ~flags[run[0]]
    return smooth


def stretches(roads: Roads, joined: Joined, built_up: Bools) -> list[Stretch]:
    """Cut every link at the borders of built-up areas; junctions become nodes of it."""
    a, b, link = roads.pieces()
    cuts = joined.road_cuts.by_piece()
    found = []
    for (row, inside), pieces in groupby(
        range(len(link)), key=lambda piece: (int(link[piece]), bool(built_up[piece]))
    ):
        nodes: list[int] = []
        for piece in pieces:
            nodes.extend([int(a[piece]), *cuts.get(piece, ())])
            last = int(b[piece])
        found.append(Stretch(row, (*nodes, last), inside))
    return found


def road_ways(facts: Facts, parts: list[Stretch], rules: Rules) -> list[Way]:
    """One way per stretch, without thought of cycle paths; a link that is a fast road itself leaves a path beside it."""
    links, names = facts.links, facts.stops.id
    fast = links_along(facts.roads, links)
    refs = refs_of_links(facts.roads, links, len(names))
    ways = []
    for part in parts:
        highway, speed_kmh = _class(links, part, rules)
        tags = {
            "highway": highway,
            "maxspeed": str(speed_kmh),
            "surface": "asphalt",
            "source": LENGTH_OBSERVED if links.origin[part.link] == "observed" else MODELLED,
            LINK_TAG: f"{names[links.from_stop[part.link]]}/{names[links.to_stop[part.link]]}",
        }
        texts = {"note": links.note[part.link], "ref": refs.get(part.link, "")}
        tags |= {key: text for key, text in texts.items() if text}
        if part.link in fast:
            tags = dict(CYCLEWAY_TAGS) | {LINK_TAG: tags[LINK_TAG], "note": f"path beside {fast[part.link]}"}
        ways.append(Way(part.nodes, tag_set(tags)))
    return ways


def _class(links: LinkFacts, part: Stretch, rules: Rules) -> tuple[str, int]:
    lesser = links.note[part.link] in ("gap", "join")
    in_town = part.built_up or links.kind[part.link] == "urban"
    if lesser:
        return "unclassified", rules.speed_urban_kmh if in_town else rules.speed_lesser_kmh
    highway = "secondary" if links.kind[part.link] == "express" else "tertiary"
    return highway, rules.speed_urban_kmh if in_town else rules.speed_rural_kmh


def add_cycleways(draft: Draft, rules: Rules) -> tuple[Draft, list[str]]:
    """Lay a cycle path beside every main road outside built-up areas, from junction to junction.

    The road is then closed to bicycles between those junctions. Returns the draft and the links they run along.
    """
    degree = np.bincount([node for way in draft.ways for node in (*way.nodes, *way.nodes[1:-1])])
    ways: list[Way] = []
    along: list[str] = []
    for way in draft.ways:
        tags = dict(way.tags)
        if tags["highway"] not in MAIN or tags["maxspeed"] != str(rules.speed_rural_kmh):
            ways.append(way)
            continue
        for nodes in _between_junctions(way.nodes, degree):
            rows = np.array(nodes)
            inner = _room_beside(draft.x_m[rows], draft.y_m[rows], rules)
            if inner is None:
                ways.append(Way(nodes, way.tags))
                continue
            draft, beside = draft.with_nodes(*inner)
            path = (nodes[0], *(int(node) for node in beside), nodes[-1])
            ways.append(Way(nodes, tag_set(tags | {"bicycle": "use_sidepath"})))
            ways.append(Way(path, CYCLEWAY_TAGS))
            along.append(tags[LINK_TAG])
    return Draft(draft.x_m, draft.y_m, tuple(ways)), along


CYCLEWAY_TAGS = tag_set({"highway": "cycleway", "foot": "yes", "surface": "asphalt", "source": MODELLED})


def _between_junctions(nodes: tuple[int, ...], degree: Int64s) -> list[tuple[int, ...]]:
    """Parts of a way between nodes that other ways use too (an inner node of one way counts twice)."""
    cuts = [0, *(place for place in range(1, len(nodes) - 1) if degree[nodes[place]] > 2), len(nodes) - 1]
    return [nodes[first : last + 1] for first, last in pairwise(cuts)]


def _room_beside(x_m: Floats, y_m: Floats, rules: Rules) -> tuple[Floats, Floats] | None:
    """Inner points of a path to the right of a road; None where the road is short or winds too much for one."""
    road_m = _length_m(x_m, y_m)
    if len(x_m) < len(("start", "bend", "end")) or road_m < rules.shortest_cycleway_m:
        return None
    step_x, step_y = x_m[2:] - x_m[:-2], y_m[2:] - y_m[:-2]
    length_m = np.maximum(np.hypot(step_x, step_y), 1e-9)
    beside_x = x_m[1:-1] + step_y / length_m * rules.cycleway_offset_m
    beside_y = y_m[1:-1] - step_x / length_m * rules.cycleway_offset_m
    path_m = _length_m(np.r_[x_m[0], beside_x, x_m[-1]], np.r_[y_m[0], beside_y, y_m[-1]])
    return (beside_x, beside_y) if abs(path_m - road_m) <= rules.cycleway_tolerance_share * road_m else None


def _length_m(x_m: Floats, y_m: Floats) -> float:
    return float(np.hypot(np.diff(x_m), np.diff(y_m)).sum())

"""Short-cuts across country, where neighbours are close and the way round is long."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from data.columns import Floats, Int64s, Strings
from data.generator.bends import generator_for
from data.generator.draft import Draft
from data.generator.facts import Facts
from data.generator.joins import draw_way, street_tags
from data.generator.near import distance_m, nearest
from data.generator.roads import CYCLEWAY_TAGS
from data.generator.rules import Rules
from data.generator.villages import CONNECTION, Pattern

N_BATCHES = 8
N_AT_ONCE = 50
"""Searches side by side: 50 rows of distances over all nodes are some 30 MB."""


def add_shortcuts(
    draft: Draft, facts: Facts, pattern: Pattern, corner: Int64s, rules: Rules, seed: int
) -> tuple[Draft, list[str], list[str]]:
    """Lay a short-cut between neighbouring places, and from a place to its nearest stop, where the way is a detour.

    Neighbours are the pairs of the Gabriel graph (no third place inside the circle over the two; Gabriel & Sokal
    1969) within `shortcut_reach_m`. It is a lesser road where the way by car is more than `road_detour` times the
    straight line, otherwise a cycle path. Returns the draft and the names of the pairs with a road and with a path.
    """
    wishes = _wishes(draft, facts, pattern, corner, rules)
    place_of = dict(zip(corner.tolist(), pattern.place.tolist(), strict=True))
    corners_of = np.split(corner, np.searchsorted(pattern.place, np.arange(1, len(facts.places.at.id))))
    roads: list[str] = []
    paths: list[str] = []
    # Short ones first, measured again after each batch: a short-cut may spare the next one.
    for rows in np.array_split(np.argsort(wishes.straight_m, kind="stable"), N_BATCHES):
        straight_m = wishes.straight_m[rows]
        by_car_m = _street_metres(draft, wishes, rows, "car", rules)
        by_bike_m = _street_metres(draft, wishes, rows, "bike", rules)
        least_m = straight_m + rules.shortcut_saving_m
        wants_road = by_car_m > np.maximum(rules.road_detour * straight_m, least_m)
        wants_path = by_bike_m > np.maximum(rules.shortcut_detour * straight_m, least_m)
        for row, road in zip(rows[wants_road | wants_path], wants_road[wants_road | wants_path], strict=True):
            name = wishes.names[row]
            between = _facing(draft, int(wishes.start[row]), int(wishes.end[row]), place_of, corners_of)
            tags = (street_tags(CONNECTION, rules.speed_lesser_kmh) if road else dict(CYCLEWAY_TAGS)) | {
                "note": f"short-cut {name}"
            }
            detour = rules.joint_detour if road else rules.path_detour
            draft = draw_way(draft, between, detour, tags, rules, generator_for(seed, name))
            (roads if road else paths).append(name)
    return draft, roads, paths


class Wishes(NamedTuple):
    """Pairs that may want a path: (K,) nodes of both ends, straight metres and a name."""

    start: Int64s
    end: Int64s
    straight_m: Floats
    names: Strings


def _wishes(draft: Draft, facts: Facts, pattern: Pattern, corner: Int64s, rules: Rules) -> Wishes:
    """Neighbouring places of which at least one lies in the region, and places in the region with their nearest stop."""
    places, stops = facts.places, facts.stops
    at = np.column_stack([places.at.x_m, places.at.y_m])
    centre = corner[np.searchsorted(pattern.place, np.arange(len(at)))]
    to_stop_m, stop = nearest(np.column_stack([stops.x_m, stops.y_m]), at)
    near = (to_stop_m > rules.block_around_m) & (to_stop_m < rules.stop_reach_m) & places.in_region
    pairs = _gabriel(at, rules.shortcut_reach_m)
    pairs = pairs[places.in_region[pairs].any(axis=1)]
    starts = np.concatenate([centre[pairs[:, 0]], centre[near]])
    ends = np.concatenate([centre[pairs[:, 1]], stop[near]])
    names = [f"{places.at.name[a]} - {places.at.name[b]}" for a, b in pairs]
    names += [f"{places.at.name[place]} - stop {stops.name[stop[place]]}" for place in np.flatnonzero(near)]
    straight_m = np.hypot(draft.x_m[starts] - draft.x_m[ends], draft.y_m[starts] - draft.y_m[ends])
    kept = np.flatnonzero(straight_m > rules.block_around_m)
    return Wishes(starts[kept], ends[kept], straight_m[kept], tuple(names[row] for row in kept))


def _gabriel(at: Floats, reach_m: float) -> Int64s:
    """Pairs of points, (K, 2), sorted: no third point in the circle over them, and not farther apart than `reach_m`."""
    corners = Delaunay(at).simplices
    sides = np.unique(
        np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    middle = at[sides].mean(axis=1)
    half_m = distance_m(at[sides[:, 0]], at[sides[:, 1]]) / 2
    nearest_m, _ = nearest(at, middle)
    chosen: Int64s = sides[(nearest_m >= half_m - 1e-6) & (2 * half_m <= reach_m)].astype(np.int64)
    return chosen


def _street_metres(draft: Draft, wishes: Wishes, rows: Int64s, mode: str, rules: Rules) -> Floats:
    """Metres by `mode` between the pairs in `rows`; inf beyond twice the reach."""
    graph = draft.edges(mode).graph(len(draft.x_m)).tocsr()
    sources, row = np.unique(wishes.start[rows], return_inverse=True)
    ends = wishes.end[rows]
    found = np.empty(len(rows))
    for first in range(0, len(sources), N_AT_ONCE):
        block = dijkstra(graph, indices=sources[first : first + N_AT_ONCE], limit=2 * rules.shortcut_reach_m)
        here = np.flatnonzero((row >= first) & (row < first + N_AT_ONCE))
        found[here] = block[row[here] - first, ends[here]]
    return found


def _facing(
    draft: Draft, start: int, end: int, place_of: dict[int, int], corners_of: list[Int64s]
) -> tuple[int, int]:
    """Corners of the two patterns that face each other; a stop that is no corner faces with itself."""
    facing = []
    for own, other in ((start, end), (end, start)):
        rows = corners_of[place_of[own]] if own in place_of else np.array([own])
        apart_m = np.hypot(draft.x_m[rows] - draft.x_m[other], draft.y_m[rows] - draft.y_m[other])
        facing.append(int(rows[np.argmin(apart_m)]))
    return facing[0], facing[1]

"""Streets that hold the rest together: to stops, to the next quarter, and to places no through road passes."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import cKDTree

from data.columns import Floats, Int64s
from data.generator.bends import bend, generator_for
from data.generator.draft import Draft, Way, tag_set
from data.generator.facts import Facts
from data.generator.near import distance_m, nearest
from data.generator.roads import MODELLED
from data.generator.rules import Rules
from data.generator.villages import CONNECTION, STREET, Pattern


def street_tags(highway: str, speed_kmh: int) -> dict[str, str]:
    """Tags of a modelled street."""
    return {"highway": highway, "maxspeed": str(speed_kmh), "source": MODELLED}


def stop_streets(draft: Draft, corner: Int64s, n_stops: int, rules: Rules) -> list[Way]:
    """A short street from every stop inside a pattern to the nearest corner, unless the stop is that corner."""
    apart_m, target = nearest(_points(draft, corner), _points(draft, np.arange(n_stops)))
    tags = tag_set(street_tags(STREET, rules.speed_local_kmh))
    return [
        Way((stop, int(corner[target[stop]])), tags)
        for stop in range(n_stops)
        if 0 < apart_m[stop] < rules.block_m and corner[target[stop]] != stop
    ]


def seams(draft: Draft, pattern: Pattern, corner: Int64s, rules: Rules) -> list[Way]:
    """Streets between the patterns of neighbouring places: from a corner to the nearest one of another place."""
    at = _points(draft, corner)
    pairs = cKDTree(at).query_pairs(1.3 * rules.block_around_m, output_type="ndarray")
    pairs = pairs[pattern.place[pairs[:, 0]] != pattern.place[pairs[:, 1]]]
    length_m = distance_m(at[pairs[:, 0]], at[pairs[:, 1]])
    taken = np.zeros(len(corner), dtype=np.bool_)
    tags = tag_set(street_tags(STREET, rules.speed_local_kmh))
    ways = []
    for row in np.lexsort((pairs[:, 1], pairs[:, 0], length_m)):
        a, b = (int(one) for one in pairs[row])
        if not taken[a] and not taken[b] and corner[a] != corner[b]:
            taken[a] = taken[b] = True
            ways.append(Way((int(corner[a]), int(corner[b])), tags))
    return ways


def connect_points(
    draft: Draft, x_m: Floats, y_m: Floats, reach_m: float, targets: Int64s, rules: Rules
) -> tuple[Draft, Int64s]:
    """A street to each point, unless a street corner is within `rules.reach_facility_m`; none farther than `reach_m`.

    Returns the draft and the rows of the points that got a street.
    """
    apart_m, target = nearest(_points(draft, targets), np.column_stack([x_m, y_m]))
    wanted = np.flatnonzero((apart_m > rules.reach_facility_m) & (apart_m <= reach_m))
    draft, nodes = draft.with_nodes(x_m[wanted], y_m[wanted])
    tags = tag_set(street_tags(CONNECTION, rules.speed_local_kmh))
    ends = targets[target[wanted]]
    ways = [Way((int(end), int(node)), tags) for end, node in zip(ends, nodes, strict=True)]
    return draft.with_ways(ways), wanted


def connect_components(
    draft: Draft, facts: Facts, pattern: Pattern, corner: Int64s, rules: Rules, seed: int
) -> tuple[Draft, list[str], list[str]]:
    """Invent a road from each part that cars cannot reach to the nearest one they can, nearest part first.

    The roads are `joint_detour` times the straight line. Returns the draft, the names of the places of those parts,
    and the names of those that got a second road.
    """
    label, used = draft.components("car")
    main = int(np.bincount(label[used]).argmax())
    inside = np.flatnonzero(used & (label == main))
    parts = {
        int(part): np.flatnonzero(used & (label == part)) for part in np.unique(label[used]) if part != main
    }
    place_of = dict(zip(corner.tolist(), pattern.place.tolist(), strict=True))
    best = {part: _closest(draft, rows, inside) for part, rows in parts.items()}
    boxes = {part: _box(draft, rows) for part, rows in parts.items()}
    joined: list[str] = []
    second: list[str] = []
    while best:
        part = min(best, key=lambda one: (best[one][0], one))
        _, start, end = best.pop(part)
        rows = parts.pop(part)
        # A part without any corner would be a road that is joined to nothing: links join at stops.
        place = next(place_of[row] for row in rows.tolist() if row in place_of)
        joined.append(facts.places.at.name[place])
        draft = _invent_road(draft, start, end, rules, seed)
        if facts.places.inhabitants[place] >= rules.second_road_inhabitants:
            draft, n_roads = _second_road(draft, facts, rows, (start, end), rules, seed)
            second.extend([facts.places.at.name[place]] * n_roads)
        for other, others in parts.items():
            if _gap_m(boxes[part], boxes[other]) < best[other][0]:
                best[other] = min(best[other], _closest(draft, others, rows))
    return draft, joined, second


def _second_road(
    draft: Draft, facts: Facts, rows: Int64s, road: tuple[int, int], rules: Rules, seed: int
) -> tuple[Draft, int]:
    """A road from the part to the nearest stop that lies on the side away from the first road; 0 if there is none."""
    middle = _points(draft, rows).mean(axis=0)
    stops = np.column_stack([facts.stops.x_m, facts.stops.y_m]) - middle
    first = _points(draft, np.array([road[1]]))[0] - middle
    apart_m = np.where(stops @ first < 0, distance_m(stops, np.zeros(2)), np.inf)
    stop = int(np.argmin(apart_m))
    if apart_m[stop] > rules.second_road_reach_m:
        return draft, 0
    _, own, _ = _closest(draft, rows[rows != road[0]], np.array([stop]))
    return _invent_road(draft, own, stop, rules, seed), 1


def _box(draft: Draft, rows: Int64s) -> tuple[float, float, float, float]:
    """Least x and y, and greatest x and y."""
    x_m, y_m = draft.x_m[rows], draft.y_m[rows]
    return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())


def _gap_m(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    """Metres between two boxes: no pair of their points is closer."""
    across_m = max(one[0] - other[2], other[0] - one[2], 0.0)
    along_m = max(one[1] - other[3], other[1] - one[3], 0.0)
    return math.hypot(across_m, along_m)


def _closest(draft: Draft, rows: Int64s, targets: Int64s) -> tuple[float, int, int]:
    """Metres, row and target of the closest pair."""
    apart_m, target = nearest(_points(draft, targets), _points(draft, rows))
    row = int(np.argmin(apart_m))
    return float(apart_m[row]), int(rows[row]), int(targets[target[row]])


def _invent_road(draft: Draft, start: int, end: int, rules: Rules, seed: int) -> Draft:
    tags = street_tags(CONNECTION, rules.speed_lesser_kmh) | {"note": "joins a place that no bus passes"}
    rng = generator_for(seed, f"road {start} {end}")
    return draw_way(draft, (start, end), rules.joint_detour, tags, rules, rng)


def draw_way(
    draft: Draft,
    between: tuple[int, int],
    detour: float,
    tags: dict[str, str],
    rules: Rules,
    rng: np.random.Generator,
) -> Draft:
    """Draft with a bent way between two nodes, `detour` times the straight line long."""
    ends = _points(draft, np.array(between))
    length_m = float(distance_m(ends[1], ends[0])) * detour
    points = bend(ends[0], ends[1], length_m, rules, rng)[1:-1]
    draft, nodes = draft.with_nodes(points[:, 0], points[:, 1])
    way = (between[0], *(int(node) for node in nodes), between[1])
    return draft.with_ways([Way(way, tag_set(tags))])


def _points(draft: Draft, rows: Int64s) -> Floats:
    return np.column_stack([draft.x_m[rows], draft.y_m[rows]])

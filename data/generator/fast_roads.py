"""Where roads with a number run: motorways and autowegen as ways of their own, other roads over the links of the buses.

Nobody observed it: it follows from the stops and places that pin their junctions.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from data.columns import Floats, Int64s, distinct
from data.errors import InputError
from data.generator.bends import bend, generator_for
from data.generator.draft import LENGTH_OBSERVED, MODELLED, Draft, Way, tag_set
from data.generator.facts import Facts, LinkFacts
from data.generator.near import distance_m, nearest
from data.generator.numbered_roads import FAST, NumberedRoad
from data.generator.rules import Rules


def links_along(roads: tuple[NumberedRoad, ...], links: LinkFacts) -> dict[int, str]:
    """Links that are part of a fast road themselves, and its numbers: buses were driven from junction to junction.

    Their metres go to that road (`section_metres`), so that it is not there twice for cars.
    """
    return {
        row: road.ref
        for road in roads
        if road.kind in FAST
        for row, _, _ in _links_between_junctions(road, links)
    }


def _links_between_junctions(road: NumberedRoad, links: LinkFacts) -> list[tuple[int, int, int]]:
    """Row of each observed link between two junctions of a road, and which these are; the shortest spans first."""
    place = {stop: number for number, stop in enumerate(road.stop) if stop >= 0}
    found = [
        (row, min(place[int(a)], place[int(b)]), max(place[int(a)], place[int(b)]))
        for row, (a, b) in enumerate(zip(links.from_stop, links.to_stop, strict=True))
        if int(a) in place and int(b) in place and links.origin[row] == "observed"
    ]
    return sorted(found, key=lambda one: (one[2] - one[1], one[0]))


def section_metres(road: NumberedRoad, links: LinkFacts, rules: Rules) -> tuple[Floats, list[bool]]:
    """Metres between neighbouring junctions, and whether a link says so.

    Where a link spans several sections, those of which nothing is known share what is left by their straight lines.
    """
    straight_m = np.hypot(np.diff(road.x_m), np.diff(road.y_m))
    length_m = straight_m * rules.fast_road_detour
    known = np.zeros(len(length_m), dtype=np.bool_)
    for row, first, last in _links_between_junctions(road, links):
        span = np.arange(first, last)
        open_ones = span[~known[span]]
        left_m = links.length_m[row] - length_m[span[known[span]]].sum()
        if len(open_ones):
            share = straight_m[open_ones] / straight_m[open_ones].sum()
            length_m[open_ones] = np.maximum(left_m * share, straight_m[open_ones])
            known[span] = True
    return length_m, known.tolist()


def refs_of_links(roads: tuple[NumberedRoad, ...], links: LinkFacts, n_stops: int) -> dict[int, str]:
    """Numbers of the links that a road without a way of its own runs over: the shortest way between its junctions."""
    a, b = links.from_stop.astype(np.int64), links.to_stop.astype(np.int64)
    graph = coo_array((links.length_m, (a, b)), shape=(n_stops, n_stops)).tocsr()
    row_of = {pair: row for row, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True))}
    refs: dict[int, str] = {}
    for road in roads:
        if road.kind in FAST:
            continue
        for start, end in pairwise(road.stop):
            apart_m, before = dijkstra(graph, directed=False, indices=[start], return_predecessors=True)
            if not np.isfinite(apart_m[0, end]):
                raise InputError(
                    f"roads.csv: no links lead along {road.ref} from row {start} to row {end} of stops.csv."
                )
            at = end
            while at != start:
                last, at = at, int(before[0, at])
                row = row_of.get((at, last), row_of.get((last, at), -1))
                refs[row] = ";".join(dict.fromkeys([*refs.get(row, "").split(";"), road.ref])).strip(";")
    return refs


def add_fast_roads(draft: Draft, facts: Facts, rules: Rules, seed: int) -> tuple[Draft, list[str]]:
    """Draw motorways and autowegen from junction to junction, and a link road from each junction to the nearest street.

    Nothing else meets them. A junction lies beside its stop or place, not on it; roads that name the same one meet there.
    Returns the draft and the names of the sections.
    """
    wide = replace(rules, half_wave_m=rules.fast_half_wave_m)
    edges = draft.edges("car")
    streets: Int64s = distinct(np.concatenate([edges.a, edges.b]))
    node_of: dict[str, int] = {}
    sections: list[str] = []
    for road in facts.roads:
        if road.kind not in FAST:
            continue
        highway = FAST[road.kind]
        closed = {"foot": "no", "bicycle": "no", "oneway": "no", "surface": "asphalt", "source": MODELLED}
        closed |= {"motorroad": "yes"} if highway == "trunk" else {}
        along = np.column_stack([np.gradient(road.x_m), np.gradient(road.y_m)])
        for number, at in enumerate(road.at):
            if at in node_of:
                continue
            pin = np.array([road.x_m[number], road.y_m[number]])
            aside = (
                np.array([-along[number, 1], along[number, 0]]) / np.hypot(*along[number]) * rules.link_road_m
            )
            _, street = nearest(np.column_stack([draft.x_m[streets], draft.y_m[streets]]), pin[None, :])
            draft, (node,) = draft.with_nodes(*(pin + aside)[:, None])
            node_of[at] = int(node)
            tags = closed | {"highway": f"{highway}_link", "maxspeed": str(rules.speed_rural_kmh)}
            draft = draft.with_ways([Way((int(streets[street[0]]), int(node)), tag_set(tags))])
        length_m, known = section_metres(road, facts.links, rules)
        for number, (one, other) in enumerate(pairwise(road.at)):
            ends = np.array([node_of[one], node_of[other]])
            start, end = np.column_stack([draft.x_m[ends], draft.y_m[ends]])
            # Junctions lie aside of the points that the metres are between: never shorter than the straight line.
            metres = max(float(length_m[number]), float(distance_m(start, end)))
            name = f"{road.ref} {one} - {other}"
            points = bend(start, end, metres, wide, generator_for(seed, name))[1:-1]
            draft, inner = draft.with_nodes(points[:, 0], points[:, 1])
            tags = closed | {"highway": highway, "maxspeed": str(road.limit_kmh[number]), "ref": road.ref}
            tags |= {"source": LENGTH_OBSERVED} if known[number] else {}
            draft = draft.with_ways([Way((int(ends[0]), *inner.tolist(), int(ends[1])), tag_set(tags))])
            sections.append(name.replace(";", " / "))
    return draft, sections

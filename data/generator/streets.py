"""All streets of the region, put together and proved to hang together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from data.build_report import BuildReport, finding
from data.columns import Bools, Int64s, distinct
from data.generator.bends import draw_links, generator_for
from data.generator.draft import Draft, Way, tag_set
from data.generator.facts import Facts
from data.generator.fast_roads import add_fast_roads, links_along
from data.generator.joins import connect_components, connect_points, seams, stop_streets, street_tags
from data.generator.junctions import Joined, join
from data.generator.paths import add_shortcuts
from data.generator.roads import add_cycleways, built_up_pieces, road_ways, stretches
from data.generator.rules import Rules
from data.generator.street_names import street_of, with_street_names
from data.generator.villages import CONNECTION, CYCLEWAY, FOOTWAY, Pattern, draw_villages


def draw_streets(facts: Facts, rules: Rules, seed: int) -> tuple[Draft, Pattern, Int64s, BuildReport]:
    """Draw every street; returns the draft, the local pattern, the node of each of its corners, and the findings."""
    roads, too_short = draw_links(facts, rules, seed)
    pattern = draw_villages(facts, rules, seed)
    joined = join(roads, pattern, rules)
    built_up = built_up_pieces(roads, pattern, facts.places.inhabitants.astype(np.int64), rules)
    ways = road_ways(facts, stretches(roads, joined, built_up), rules)
    draft = Draft(joined.x_m, joined.y_m, (*ways, *_local_ways(pattern, joined, rules)))
    draft = draft.with_ways(stop_streets(draft, joined.corner, len(facts.stops.id), rules))
    draft = draft.with_ways(seams(draft, pattern, joined.corner, rules))
    draft, connected = _connect(draft, facts, pattern, joined, rules, seed)
    draft, fast = add_fast_roads(draft, facts, rules, seed)
    draft, cycleways = add_cycleways(draft, rules)
    draft = with_street_names(draft, facts, roads, joined.road_cuts, rules)
    draft, lesser_roads, shortcuts = add_shortcuts(draft, facts, pattern, joined.corner, rules, seed)
    draft, oneway = _oneway(draft, facts, pattern, joined, rules, seed)
    _check(draft)
    report = (
        _link_findings(facts, too_short)
        + connected
        + _numbered_findings(facts, fast)
        + finding("streets", "assumed", "cycle path beside a main road", cycleways)
        + finding("streets", "assumed", "lesser road across country between neighbours", lesser_roads)
        + finding("streets", "assumed", "cycle path across country between neighbours", shortcuts)
        + finding("streets", "assumed", "one-way street", oneway)
        + finding("streets", "assumed", "place whose local streets follow a pattern", facts.places.at.name)
    )
    return draft, pattern, joined.corner, report


def _link_findings(facts: Facts, too_short: Bools) -> BuildReport:
    ids, links = facts.stops.id, facts.links
    names = [f"{ids[a]} - {ids[b]}" for a, b in zip(links.from_stop, links.to_stop, strict=True)]
    short = [names[row] for row in np.flatnonzero(too_short)]
    made = [names[row] for row, origin in enumerate(links.origin) if origin == "modelled"]
    return (
        finding(
            "streets", "repaired", "driven metres of a link below the straight line: drawn straight", short
        )
        + finding("streets", "assumed", "course of a through road: only its length is known", names)
        + finding("streets", "assumed", "length of a through road modelled by the facts tables", made)
    )


def _numbered_findings(facts: Facts, fast: list[str]) -> BuildReport:
    """What is made up about roads with numbers and streets with names."""
    ids, links, roads = facts.stops.id, facts.links, facts.roads
    along = [f"{ids[links.from_stop[row]]} - {ids[links.to_stop[row]]}" for row in links_along(roads, links)]
    named = [name for name in facts.stops.name if street_of(name)]
    return (
        finding(
            "streets",
            "assumed",
            "course, class and limit of a road with a number",
            [one.ref.replace(";", " / ") for one in roads],
        )
        + finding("streets", "assumed", "motorway or autoweg between two junctions", fast)
        + finding(
            "streets", "assumed", "link that is such a road itself: for cars its metres are there", along
        )
        + finding("streets", "assumed", "street named after the stop beside it", named)
    )


def _local_ways(pattern: Pattern, joined: Joined, rules: Rules) -> list[Way]:
    """Ways of the sides of the pattern; a ribbon of farms has the speed of a country road."""
    speed_kmh = {CONNECTION: rules.speed_lesser_kmh}
    tags = {
        highway: tag_set(street_tags(highway, speed_kmh.get(highway, rules.speed_local_kmh)))
        for highway in set(pattern.highway)
    }
    for highway in {FOOTWAY, CYCLEWAY} & set(tags):
        tags[highway] = tuple(pair for pair in tags[highway] if pair[0] != "maxspeed")
    return [
        Way(nodes, tags[highway])
        for nodes, highway in zip(joined.sides, pattern.highway, strict=True)
        if len(nodes) > 1
    ]


def _connect(
    draft: Draft, facts: Facts, pattern: Pattern, joined: Joined, rules: Rules, seed: int
) -> tuple[Draft, BuildReport]:
    """Join lonely places, railway stations and facilities."""
    draft, joined_places, second = connect_components(draft, facts, pattern, joined.corner, rules, seed)
    edges = draft.edges("car")
    targets = distinct(np.concatenate([edges.a, edges.b]))
    at, stations = facts.facilities.at, facts.stations
    draft, lone = connect_points(draft, at.x_m, at.y_m, np.inf, targets, rules)
    close = replace(rules, reach_facility_m=0.0)
    draft, met = connect_points(draft, stations.x_m, stations.y_m, rules.reach_station_m, targets, close)
    made = [*(at.name[row] for row in lone), *(stations.name[row] for row in met)]
    report = (
        finding(
            "streets", "assumed", "place without a through road: joined to the nearest street", joined_places
        )
        + finding("streets", "assumed", "second road to a place without a through road", second)
        + finding("streets", "assumed", "street to a station or facility off the pattern", made)
    )
    return draft, report


def _oneway(
    draft: Draft, facts: Facts, pattern: Pattern, joined: Joined, rules: Rules, seed: int
) -> tuple[Draft, list[str]]:
    """Make some residential streets of towns one-way for cars, but none that would leave a corner without way back."""
    rng = generator_for(seed, "one-way streets")
    town = facts.places.inhabitants[pattern.place] >= rules.oneway_inhabitants
    corners = set(joined.corner[town].tolist())
    lucky = rng.uniform(0, 1, len(draft.ways)) < rules.oneway_share
    chosen = {
        row
        for row, way in enumerate(draft.ways)
        if lucky[row]
        and dict(way.tags)["highway"] == "residential"
        and corners.issuperset((way.nodes[0], way.nodes[-1]))
    }
    trial = _with_oneway(draft, chosen)
    label, _ = trial.components("car")
    # Two-way again wherever a part would be cut off: what is left is connected in both directions.
    safe = {row for row in chosen if len({int(label[node]) for node in draft.ways[row].nodes}) == 1}
    return _with_oneway(draft, safe), [f"way {row + 1}" for row in sorted(safe)]


def _with_oneway(draft: Draft, rows: set[int]) -> Draft:
    ways = list(draft.ways)
    for row in rows:
        tags = dict(ways[row].tags) | {"oneway": "yes", "oneway:bicycle": "no"}
        ways[row] = Way(ways[row].nodes, tag_set(tags))
    return replace(draft, ways=tuple(ways))


def _check(draft: Draft) -> None:
    """Assert that nobody is cut off: one part for walkers, cyclists and (strongly) cars."""
    for mode in ("walk", "bike", "car"):
        label, used = draft.components(mode)
        n_parts = len(np.unique(label[used]))
        assert n_parts == 1, f"{n_parts} parts for {mode}"  # noqa: S101 -- a slip in the generator, not in its input
    edges = draft.edges("walk")
    n_parts, _ = connected_components(edges.graph(len(draft.x_m)), directed=False)
    lonely = len(draft.x_m) - len(distinct(np.concatenate([edges.a, edges.b])))
    assert n_parts == 1 + lonely  # noqa: S101

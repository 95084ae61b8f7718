"""Names of streets, as far as the names of stops tell them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

import numpy as np

from data.columns import Strings
from data.generator.bends import Roads
from data.generator.draft import PATHS, Draft, Way, tag_set
from data.generator.facts import Facts
from data.generator.junctions import Cuts
from data.generator.roads import LINK_TAG
from data.generator.rules import Rules

STREET = re.compile(
    r"(?:.*[\w.'-])?(?:straat|weg|laan|dijk|kade|singel|plein|steeg|dreef|pad|brink|diep|vaart|str\.)",
    re.IGNORECASE,
)
"""What a Dutch street is called: it ends in a word for a street, square, dyke or canal."""
AFTER_STREET = re.compile(r"\s+(?:(?:no\.?|[OWNZ]Z)\s*)?(?:\d+\w?|[OWNZ]Z)$", re.IGNORECASE)
"""House number or side of a canal behind the name: "Zuiderdiep 143", "Hoofdkanaal WZ"."""


def street_of(stop_name: str) -> str:
    """Street that a stop is named after, "" where its name tells none: "Exloo, Dennenlaan" is at the Dennenlaan.

    The text behind the comma, without house number, counts where it ends like the name of a street; two names in one
    ("A / B"), buildings, districts and numbers of roads do not.
    """
    _, _, text = stop_name.partition(", ")
    name = AFTER_STREET.sub("", text.strip())
    if "/" in name or "," in name or not STREET.fullmatch(name):
        return ""
    return re.sub(r"str\.$", "straat", name)


def with_street_names(draft: Draft, facts: Facts, roads: Roads, cuts: Cuts, rules: Rules) -> Draft:
    """Draft with names on the ways of links, which are split where the name changes.

    To be done after the cycle paths: these are laid from junction to junction, and a name ends where no road does.
    """
    a, _, link = roads.pieces()
    street = _streets_of_pieces(facts, roads, rules)
    ids, links = facts.stops.id, facts.links
    row_of = {
        f"{ids[one]}/{ids[other]}": row
        for row, (one, other) in enumerate(zip(links.from_stop, links.to_stop, strict=True))
    }
    onward = dict(zip(zip(link.tolist(), a.tolist(), strict=True), street, strict=True))
    at_cut = zip(link[cuts.piece].tolist(), cuts.node.tolist(), strict=True)
    onward |= dict(zip(at_cut, (street[piece] for piece in cuts.piece.tolist()), strict=True))
    ways: list[Way] = []
    for way in draft.ways:
        tags = dict(way.tags)
        if LINK_TAG not in tags or tags["highway"] in PATHS:
            ways.append(way)
            continue
        row, last = row_of[tags[LINK_TAG]], len(way.nodes) - 1
        for name, places in groupby(range(last), key=lambda place: onward[row, way.nodes[place]]):
            here = list(places)
            nodes = way.nodes[here[0] : here[-1] + 2]
            ways.append(Way(nodes, tag_set(tags | {"name": name}) if name else way.tags))
    return replace(draft, ways=tuple(ways))


def _streets_of_pieces(facts: Facts, roads: Roads, rules: Rules) -> Strings:
    """Name of each piece of road, "" for none: that of the stop it leads from, as far as `named_reach_m` and half-way.

    A link between two stops at the same street has its name all along.
    """
    a, b, link = roads.pieces()
    street = np.array([street_of(name) for name in facts.stops.name])
    length_m = np.hypot(roads.x_m[a] - roads.x_m[b], roads.y_m[a] - roads.y_m[b])
    total_m = np.bincount(link, weights=length_m)
    before_m = np.concatenate([[0.0], np.cumsum(total_m)])[link]
    from_start_m = np.cumsum(length_m) - length_m / 2 - before_m
    to_end_m = total_m[link] - from_start_m
    reach_m = np.where(
        street[facts.links.from_stop] == street[facts.links.to_stop],
        np.inf,
        np.minimum(rules.named_reach_m, total_m / 2),
    )[link]
    at_start, at_end = street[facts.links.from_stop][link], street[facts.links.to_stop][link]
    named = np.where(from_start_m <= reach_m, at_start, np.where(to_end_m <= reach_m, at_end, ""))
    return tuple(named.tolist())

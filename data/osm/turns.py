"""Turn restrictions for cars: from OSM relations to rows of a StreetMap.

Source: OSM wiki, Relation:restriction. A relation forbids the way from one street over a node, or over other streets, into
another (`no_*`), or all the others (`only_*`); `restriction:<vehicle>` goes before `restriction`, `except` names who is free.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise, permutations, product
from typing import NamedTuple, TypeAlias

import numpy as np

from data.build_report import BuildReport, finding
from data.osm.conditions import judge
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap

_CAR = ("motorcar", "motor_vehicle", "vehicle")
"""Vehicles that a car is, the most specific first."""
_KEYS = (*(f"restriction:{vehicle}" for vehicle in _CAR), "restriction")
_CONDITIONAL = tuple(f"{key}:conditional" for key in _KEYS)
_OLD_CONDITIONAL = frozenset(["day_on", "day_off", "hour_on", "hour_off"])
TURN_KEYS = frozenset([*_KEYS, *_CONDITIONAL, *_OLD_CONDITIONAL])
"""Keys by which a relation can be recognised as one that may bind a car."""

_TURNS = ("left_turn", "right_turn", "straight_on", "u_turn")
_ONLY = frozenset(f"only_{turn}" for turn in _TURNS)
_NO = frozenset([*(f"no_{turn}" for turn in _TURNS), "no_entry", "no_exit"])

_NONE = frozenset(["none", "no", "yes"])
"""What a condition may say instead of a restriction: that there is none."""
_MOST_BETWEEN = 4
"""Streets between of which the order is looked for; more are taken as they are listed."""

_NO_DATE = "turn restrictions that hold at certain times, taken as if they never did: there is no date to judge them by"
_UNREAD = (
    "turn restrictions under conditions that cannot be read as days and hours: taken as if they never held"
)
_JUDGED = "turn restrictions that hold at certain times, judged at the service date and the first departure"
_FOR_OTHERS = "turn restrictions that do not hold for cars"
_UNKNOWN = "turn restrictions of an unknown kind"
_INCOMPLETE = (
    "turn restrictions without one street to come from, one node or streets between, and one street to go to"
)
_NOT_HERE = "turn restrictions whose streets do not meet in the file"

Member = tuple[str, int, str]
"""Type of an object (`n`, `w` or `r`), its id, and its role."""


class Turn(NamedTuple):
    """A restriction in OSM ids: whoever comes over `from_way` must not, or must, take `to_way`.

    Between these are one node or some ways.
    """

    relation: int
    from_way: int
    via_node: int | None
    via_ways: tuple[int, ...]
    to_way: int
    only: bool


@dataclass(slots=True)
class RawTurns:
    """Restrictions as they are read at a moment, and the relations that are told of, by what is told."""

    at: dt.datetime | None = None
    turns: list[Turn] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    judged: list[str] = field(default_factory=list)

    def add(self, relation: int, tags: Tags, members: Iterable[Member]) -> None:
        """Keep a relation if it is a restriction that binds cars at this moment."""
        if tags.get("type") != "restriction":
            return
        said = judge({key: tags[key] for key in (*_KEYS, *_CONDITIONAL) if key in tags}, self.at)
        kind = next((said.tags[key] for key in _KEYS if key in said.tags), "none")
        old = not _OLD_CONDITIONAL.isdisjoint(tags)
        if (said.is_conditional or old) and self.at is None:
            self._leave_out(relation, _NO_DATE)
        elif said.is_unread or old:
            self._leave_out(relation, _UNREAD)
        elif said.is_conditional:
            self.judged.append(f"relation/{relation}")
        if kind in _NONE or old:
            return
        free = {vehicle.strip() for vehicle in tags.get("except", "").split(";")}
        if not free.isdisjoint(_CAR):
            self._leave_out(relation, _FOR_OTHERS)
        elif kind not in _ONLY | _NO:
            self._leave_out(relation, _UNKNOWN)
        else:
            self._add_pairs(relation, kind, list(members))

    def _add_pairs(self, relation: int, kind: str, members: list[Member]) -> None:
        """Keep every pair of a street to come from and one to go to: `no_entry` and `no_exit` may have several."""
        come_from = [number for type_, number, role in members if (type_, role) == ("w", "from")]
        go_to = [number for type_, number, role in members if (type_, role) == ("w", "to")]
        nodes, between = (
            [number for type_, number, role in members if (type_, role) == (wanted, "via")] for wanted in "nw"
        )
        n_from = len(come_from) if kind == "no_entry" else 1
        n_to = len(go_to) if kind == "no_exit" else 1
        is_complete = (between or len(nodes) == 1) and come_from and go_to
        if not is_complete or (len(come_from), len(go_to)) != (n_from, n_to):
            self._leave_out(relation, _INCOMPLETE)
            return
        via_node = None if between else nodes[0]
        for one, other in product(come_from, go_to):
            self.turns.append(Turn(relation, one, via_node, tuple(between), other, kind in _ONLY))

    def _leave_out(self, relation: int, reason: str) -> None:
        self.left_out.setdefault(reason, []).append(f"relation/{relation}")


Steps: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Rows of a street map: the way to come from, then the nodes and the ways by which one goes on there."""


def with_turns(streets: StreetMap, raw: RawTurns) -> tuple[StreetMap, BuildReport]:
    """Put restrictions on a street map: ids become rows; a way in several runs is the run that has the node."""
    here: list[tuple[Turn, Steps]] = []
    elsewhere: list[str] = []
    runs = _Runs(streets, {way for turn in raw.turns for way in (turn.from_way, *turn.via_ways, turn.to_way)})
    for turn in raw.turns:
        steps = runs.steps(turn)
        if steps is not None:
            here.append((turn, steps))
        else:
            elsewhere.append(f"relation/{turn.relation}")
    restricted = replace(
        streets,
        turn_relation=np.array([turn.relation for turn, _ in here], np.int64),
        turn_from_way=np.array([come_from for _, (come_from, _, _) in here], np.int32),
        turn_offset=np.cumsum([0, *(len(nodes) for _, (_, nodes, _) in here)]).astype(np.int64),
        turn_via_node=np.array([node for _, (_, nodes, _) in here for node in nodes], np.int32),
        turn_to_way=np.array([way for _, (_, _, ways) in here for way in ways], np.int32),
        turn_only=np.array([turn.only for turn, _ in here], np.bool_),
    )
    report = finding("streets", "kept", _JUDGED, raw.judged)
    for reason, relations in (raw.left_out | {_NOT_HERE: elsewhere}).items():
        report += finding("streets", "dropped", reason, relations)
    return restricted, report


class _Runs:
    """Rows of the ways that restrictions name."""

    def __init__(self, streets: StreetMap, wanted: set[int]) -> None:
        self._streets = streets
        self._rows: dict[int, list[int]] = {}
        for row in np.flatnonzero(np.isin(streets.way_id, sorted(wanted))).tolist():
            self._rows.setdefault(int(streets.way_id[row]), []).append(row)

    def steps(self, turn: Turn) -> Steps | None:
        """Rows of a restriction, None where its streets do not meet in the one way that it may mean."""
        if turn.via_node is not None:
            row = int(np.searchsorted(self._streets.node_id, turn.via_node))
            known = row < len(self._streets.node_id) and self._streets.node_id[row] == turn.via_node
            ways = [turn.from_way, turn.to_way]
            return self._on((row,), ways) if known else None
        # Streets between are not always listed in the order in which one travels them.
        is_short = len(turn.via_ways) <= _MOST_BETWEEN
        for between in permutations(turn.via_ways) if is_short else [turn.via_ways]:
            ways = [turn.from_way, *between, turn.to_way]
            meetings = [self._nodes(one) & self._nodes(other) for one, other in pairwise(ways)]
            if all(len(nodes) == 1 for nodes in meetings):
                return self._on(tuple(node for (node,) in meetings), ways)
        return None

    def _on(self, nodes: tuple[int, ...], ways: list[int]) -> Steps | None:
        """The runs of `ways` on which the nodes lie: of each way the node where one comes to it and that where one leaves."""
        met = zip(ways, [(nodes[0],), *pairwise(nodes), (nodes[-1],)], strict=True)
        runs = [self._run(way, *both) for way, both in met]
        found = [run for run in runs if run is not None]
        return (found[0], nodes, tuple(found[1:])) if len(found) == len(ways) else None

    def _run(self, way: int, *nodes: int) -> int | None:
        return next((row for row in self._rows.get(way, []) if {*nodes} <= self._nodes_of(row)), None)

    def _nodes(self, way: int) -> set[int]:
        return {node for row in self._rows.get(way, []) for node in self._nodes_of(row)}

    def _nodes_of(self, row: int) -> set[int]:
        first = self._streets.way_offset
        return set(self._streets.way_node[first[row] : first[row + 1]].tolist())

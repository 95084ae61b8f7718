"""Turn restrictions for cars: from OSM relations to rows of a StreetMap.

Source: OSM wiki, Relation:restriction. A relation forbids the way from one street over a node into another (`no_*`), or
all the others (`only_*`); `restriction:<vehicle>` goes before `restriction`, `except` names who is free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.parameters.facility_kinds import Tags
from data.streets import StreetMap

_CAR = ("motorcar", "motor_vehicle", "vehicle")
"""Vehicles that a car is, the most specific first."""
_KEYS = (*(f"restriction:{vehicle}" for vehicle in _CAR), "restriction")
_CONDITIONAL = (*(f"{key}:conditional" for key in _KEYS), "day_on", "hour_on")
TURN_KEYS = frozenset([*_KEYS, *_CONDITIONAL])
"""Keys by which a relation can be recognised as one that may bind a car."""

_TURNS = ("left_turn", "right_turn", "straight_on", "u_turn")
_ONLY = frozenset(f"only_{turn}" for turn in _TURNS)
_NO = frozenset([*(f"no_{turn}" for turn in _TURNS), "no_entry", "no_exit"])

_AT_TIMES = "turn restrictions that hold at certain times: taken as if they never did"
_FOR_OTHERS = "turn restrictions that do not hold for cars"
_UNKNOWN = "turn restrictions of an unknown kind"
_OVER_WAYS = "turn restrictions over a way instead of a node"
_INCOMPLETE = "turn restrictions without one street to come from, one node and one street to go to"
_NOT_HERE = "turn restrictions whose streets do not meet in the file"

Member = tuple[str, int, str]
"""Type of an object (`n`, `w` or `r`), its id, and its role."""


class Turn(NamedTuple):
    """A restriction in OSM ids: whoever comes over `from_way` to `via_node` must not, or must, take `to_way`."""

    relation: int
    from_way: int
    via_node: int
    to_way: int
    only: bool


@dataclass(slots=True)
class RawTurns:
    """Restrictions as they are read, and the relations that are left out, by reason."""

    turns: list[Turn] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def add(self, relation: int, tags: Tags, members: Iterable[Member]) -> None:
        """Keep a relation if it is a restriction that binds cars at all times."""
        if tags.get("type") != "restriction":
            return
        at_times = any(key in tags for key in _CONDITIONAL)
        if at_times:
            self._leave_out(relation, _AT_TIMES)
        kind = next((tags[key] for key in _KEYS if key in tags), None)
        if kind is None or "day_on" in tags or "hour_on" in tags:
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
        via = [(type_, number) for type_, number, role in members if role == "via"]
        if any(type_ == "w" for type_, _ in via):
            self._leave_out(relation, _OVER_WAYS)
            return
        n_from = len(come_from) if kind == "no_entry" else 1
        n_to = len(go_to) if kind == "no_exit" else 1
        is_complete = [type_ for type_, _ in via] == ["n"] and come_from and go_to
        if not is_complete or (len(come_from), len(go_to)) != (n_from, n_to):
            self._leave_out(relation, _INCOMPLETE)
            return
        for one, other in product(come_from, go_to):
            self.turns.append(Turn(relation, one, via[0][1], other, kind in _ONLY))

    def _leave_out(self, relation: int, reason: str) -> None:
        self.left_out.setdefault(reason, []).append(f"relation/{relation}")


def with_turns(streets: StreetMap, raw: RawTurns) -> tuple[StreetMap, BuildReport]:
    """Put restrictions on a street map: ids become rows; a way in several runs is the run that has the node."""
    run = _finder(streets, {way for turn in raw.turns for way in (turn.from_way, turn.to_way)})
    here: list[tuple[int, int, int, int, bool]] = []
    elsewhere: list[str] = []
    for turn in raw.turns:
        node = int(np.searchsorted(streets.node_id, turn.via_node))
        come_from, go_to = run(turn.from_way, node), run(turn.to_way, node)
        known = node < len(streets.node_id) and streets.node_id[node] == turn.via_node
        if known and come_from is not None and go_to is not None:
            here.append((turn.relation, come_from, node, go_to, turn.only))
        else:
            elsewhere.append(f"relation/{turn.relation}")
    relation, from_way, via_node, to_way, only = zip(*here, strict=True) if here else ((),) * 5
    restricted = replace(
        streets,
        turn_relation=np.array(relation, np.int64),
        turn_from_way=np.array(from_way, np.int32),
        turn_via_node=np.array(via_node, np.int32),
        turn_to_way=np.array(to_way, np.int32),
        turn_only=np.array(only, np.bool_),
    )
    report = BuildReport()
    for reason, relations in (raw.left_out | {_NOT_HERE: elsewhere}).items():
        report += finding("streets", "dropped", reason, relations)
    return restricted, report


def _finder(streets: StreetMap, wanted: set[int]) -> Callable[[int, int], int | None]:
    """Return a function that gives the first row of a way id, among those wanted, on which a node (row) lies."""
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(np.isin(streets.way_id, sorted(wanted))).tolist():
        rows.setdefault(int(streets.way_id[row]), []).append(row)

    def run(way: int, node: int) -> int | None:
        first = streets.way_first
        return next(
            (row for row in rows.get(way, []) if node in streets.way_node[first[row] : first[row + 1]]), None
        )

    return run

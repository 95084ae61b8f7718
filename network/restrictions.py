"""Turn restrictions of the map as pairs of ends of edges: coming by one, one must not go on by the other."""

from __future__ import annotations

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Int32s, Int64s
from data.streets import StreetMap
from network.mapped import rows_by
from network.turns import Ends

_NO_APPROACH = "turn restrictions on a way that no car can come from"
_NO_EXIT = "turn restrictions to a way that no car can take anyway"
_SEVERAL = "turn restrictions on a way that passes the junction: it is unclear which side is meant"
_TURNING_BACK = "turn restrictions against turning back into the same street: turning is possible everywhere"


def forbidden_turns(
    streets: StreetMap, junction_row: Int32s, ends: Ends, way: Int32s
) -> tuple[Int64s, BuildReport]:
    """Turns that restrictions forbid.

    A restriction counts if exactly one end at the junction lies on the way to come from and may be arrived by, and
    exactly one on the way to go to may be departed by; the others are reported. Of several `only_*` for one approach each
    leaves its own turn open.

    Parameters
    ----------
    streets
        Map with restrictions.
    junction_row
        (N,) int32 ascending, mapped node of each junction.
    ends
        Ends of the edges.
    way
        (2 E,) int32, row of the mapped way that the edge follows at each end.

    Returns
    -------
    turns, report
        (F, 2) int64 ascending: end by which one arrives, end by which one must not go on. An `only_*` forbids streets that
        are closed today as well, so that it holds when an edit opens one.

    """
    first, by_node = rows_by(ends.node, len(junction_row))
    no: set[tuple[int, int]] = set()
    only: dict[int, set[int]] = {}
    left_out: dict[str, list[str]] = {}
    for turn, via in enumerate(streets.turn_via_node.tolist()):
        junction = int(np.searchsorted(junction_row, via))
        is_junction = junction < len(junction_row) and junction_row[junction] == via
        here = by_node[first[junction] : first[junction + 1]] if is_junction else by_node[:0]
        approach = here[ends.arrives[here] & (way[here] == streets.turn_from_way[turn])].tolist()
        onward = here[ends.departs[here] & (way[here] == streets.turn_to_way[turn])].tolist()
        reason = _why_not(approach, onward, is_only=bool(streets.turn_only[turn]))
        if reason:
            left_out.setdefault(reason, []).append(f"relation/{streets.turn_relation[turn]}")
        elif streets.turn_only[turn]:
            only.setdefault(approach[0], set()).add(onward[0])
        else:
            no.add((approach[0], onward[0]))
    for approach, wanted in only.items():
        node = ends.node[approach]
        others = set(by_node[first[node] : first[node + 1]].tolist()) - wanted - {approach}
        no.update((approach, other) for other in others)
    report = BuildReport()
    for reason, relations in left_out.items():
        report += finding("streets", "dropped", reason, relations)
    return np.array(sorted(no), np.int64).reshape(-1, 2), report


def _why_not(approach: list[int], onward: list[int], *, is_only: bool) -> str:
    """Reason why a restriction cannot be held to, if any, from the ends that it may mean."""
    if not approach:
        return _NO_APPROACH
    if not onward:
        return _NO_EXIT
    if approach == onward and not is_only:
        return _TURNING_BACK
    if len(approach) > 1 or len(onward) > 1:
        return _SEVERAL
    return ""

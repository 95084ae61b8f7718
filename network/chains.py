"""Chains of street segments between junctions."""

from __future__ import annotations

import numpy as np

from data.columns import Bools, Int32s, Int64s
from network.jit import kernel


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
    chain_first
        (C + 1,) int64.
    chain_segment
        (G,) int32; chain c runs over the segments `chain_segment[chain_first[c]:chain_first[c + 1]]`, where ~g stands
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
    chain_first = np.zeros(n_segments + 1, np.int64)
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
                chain_first[n_chains] = n_taken
    return chain_first[: n_chains + 1].copy(), chain_segment

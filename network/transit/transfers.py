"""Changing between vehicles: from arriving at a stop to being ready to board at this or another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import Floats, Int32s, Int64s, freeze
from data.timetable import Transfers


@dataclass(frozen=True, slots=True, eq=False)
class TransferTimes:
    """From arriving at a stop to being ready to board at this or another stop.

    Attributes
    ----------
    offset
        (S + 1,) int64; the ways on from stop s are rows `offset[s]:offset[s + 1]`.
    to_stop
        (W,) int32, the stop itself included where changing there is allowed.
    seconds
        (W,) int32, walk and minimum change time together, at least 1.

    """

    offset: Int64s
    to_stop: Int32s
    seconds: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.to_stop), "offset")


def transfer_times(walk_s: Floats, transfers: Transfers, min_transfer_s: int) -> TransferTimes:
    """Ways to change from walks between stops and the rules of transfers.txt.

    Parameters
    ----------
    walk_s
        (S, S) float64, seconds on foot from stop to stop; inf where further than one walks for a change.
    transfers
        A rule with a time never replaces the walk: it takes at least as long, and where there is no walk the rule is void.
    min_transfer_s
        Seconds needed on top of the walk, at least 1: with 0 the order of a tie would decide who makes a connection.

    """
    if min_transfer_s < 1:
        msg = f"the minimum change time must be at least one second, not {min_transfer_s}"
        raise ValueError(msg)
    walk_s = np.array(walk_s, dtype=np.float64)
    np.fill_diagonal(walk_s, 0.0)
    from_stop, to_stop = transfers.from_stop, transfers.to_stop
    timed = transfers.min_s >= 0
    one_stop = ~timed & ~transfers.forbidden
    walk_s[from_stop[one_stop], to_stop[one_stop]] = 0.0
    seconds = walk_s + min_transfer_s
    walk = walk_s[from_stop[timed], to_stop[timed]]
    seconds[from_stop[timed], to_stop[timed]] = np.maximum(np.maximum(walk, transfers.min_s[timed]), 1.0)
    seconds[from_stop[transfers.forbidden], to_stop[transfers.forbidden]] = np.inf
    rows, to = np.nonzero(np.isfinite(seconds))
    first = np.zeros(len(seconds) + 1, np.int64)
    np.cumsum(np.bincount(rows, minlength=len(seconds)), out=first[1:])
    return TransferTimes(first, to.astype(np.int32), seconds[rows, to].astype(np.int32))

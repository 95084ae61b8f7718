"""Changing between vehicles: from arriving at a stop to being ready to board at this or another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import Int32s, Int64s, distinct, freeze, offsets
from data.timetable import Transfers
from network.hierarchy.within import Within


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


def transfer_times(walks: Within, transfers: Transfers, min_transfer_s: int) -> TransferTimes:
    """Ways to change from walks between stops and the rules of transfers.txt.

    Parameters
    ----------
    walks
        From each of S stops to those as near as one walks for a change.
    transfers
        A rule with a time never replaces the walk: it takes at least as long, and where there is no walk the rule is void.
    min_transfer_s
        Seconds needed on top of the walk, at least 1: with 0 the order of a tie would decide who makes a connection.

    """
    if min_transfer_s < 1:
        msg = f"the minimum change time must be at least one second, not {min_transfer_s}"
        raise ValueError(msg)
    n_stops = len(walks.offset) - 1
    stop = np.arange(n_stops, dtype=np.int64)
    # A pair of stops is one number, which rises by the first and then by the second.
    walked = np.repeat(stop, np.diff(walks.offset)) * n_stops + walks.target
    ruled = transfers.from_stop.astype(np.int64) * n_stops + transfers.to_stop
    timed = transfers.min_s >= 0
    at_once = np.concatenate([stop * (n_stops + 1), ruled[~timed & ~transfers.forbidden]])
    pair = distinct(np.concatenate([walked, at_once]))
    walk_s = np.zeros(len(pair), np.int64)
    walk_s[np.searchsorted(pair, walked)] = walks.seconds
    walk_s[np.searchsorted(pair, at_once)] = 0
    seconds = walk_s + min_transfer_s
    rule = np.flatnonzero(timed & np.isin(ruled, pair))
    row = np.searchsorted(pair, ruled[rule])
    seconds[row] = np.maximum(np.maximum(walk_s[row], transfers.min_s[rule]), 1)
    allowed = ~np.isin(pair, ruled[transfers.forbidden])
    from_stop, to_stop = np.divmod(pair[allowed], max(n_stops, 1))
    return TransferTimes(
        offsets(np.bincount(from_stop, minlength=n_stops)),
        to_stop.astype(np.int32),
        seconds[allowed].astype(np.int32),
    )

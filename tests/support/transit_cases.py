"""Real and random timetables on which the searches are tried, and how their tables are read."""

from __future__ import annotations

import datetime as dt
import os
from typing import SupportsIndex

import numpy as np
import pytest

from data.gtfs.timetable import read_timetable
from data.projection import utm_projection
from data.timetable import Timetable
from network.hierarchy.within import as_within
from network.transit.event_graph import EventGraph
from network.transit.transfers import TransferTimes, transfer_times
from support.files import SHARED

FEEDS = (
    ("newport/newport-20230613_gtfs.zip", dt.date(2023, 6, 13)),
    ("heidelberg/vrn_gtfs_cut.zip", dt.date(2022, 9, 13)),
)
N_CASES = 200 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 5000
N_SLOW_CASES = N_CASES // 5
WALKING_MPS = 1.33


def at_stop(graph: EventGraph, table: np.ndarray, stop: SupportsIndex, start: SupportsIndex) -> np.ndarray:
    """Row of the first wait at `stop` at or after `start`."""
    begin, end = graph.wait_offset[stop], graph.wait_offset[int(stop) + 1]
    row = begin + np.searchsorted(graph.wait_departure[begin:end], int(start))
    found: np.ndarray = table[graph.wait_event[row]] if row < end else table[-1]
    return found


def real_case(feed: str, day: dt.date) -> tuple[Timetable, TransferTimes]:
    if not (SHARED / feed).exists():
        pytest.skip("the real feeds are not here")
    timetable, _ = read_timetable([SHARED / feed], day)
    stops = timetable.stops
    x_m, y_m = utm_projection(stops.lon_deg, stops.lat_deg).to_metres(stops.lon_deg, stops.lat_deg)
    metres = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    walk_s = np.where(metres <= 600, np.rint(metres / WALKING_MPS), np.inf)
    return timetable, transfer_times(as_within(walk_s), timetable.transfers, 60)

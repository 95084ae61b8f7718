"""Hand-made networks that fit on one screen, and short ways to write them down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from data.projection import Projection
from data.streets import StreetMap, TagSet
from data.timetable import Transfers, Trips

RD = Projection("EPSG:28992")
CORNER_M = (250_000.0, 530_000.0)
"""Where the toys lie: near Emmen, so that lengths on the map and on the ground agree to a tenth of a per mille."""


def clock(text: str) -> int:
    """Seconds after midnight of "8:29" or "25:10"."""
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def street_map(
    points: Mapping[str, tuple[float, float]],
    ways: Sequence[tuple[str, Mapping[str, str]]],
    node_tags: Mapping[str, Mapping[str, str]] | None = None,
    turns: Sequence[tuple[int, str, int | tuple[int, ...], bool]] = (),
) -> StreetMap:
    """Map with one node per letter, at metres from `CORNER_M`, and ways spelled as words of these letters.

    `turns` are restrictions: way to come from, letter of the junction, way to go to, whether only this turn is allowed.
    Those over ways have a letter and a way for each step: "BE" and (4, 5) is on by way 4 at B and by way 5 at E.
    """
    steps = [
        (row, letter, way)
        for row, (_, letters, ways_on, _) in enumerate(turns)
        for letter, way in zip(letters, [ways_on] if isinstance(ways_on, int) else ways_on, strict=True)
    ]
    row = {name: index for index, name in enumerate(points)}
    xy = np.array(list(points.values()), np.float64).reshape(-1, 2) + CORNER_M
    lon_deg, lat_deg = RD.to_lonlat(xy[:, 0], xy[:, 1])
    tag_sets: list[TagSet] = [()]

    def tag_row(tags: Mapping[str, str]) -> int:
        tag_set = tuple(sorted(tags.items()))
        if tag_set not in tag_sets:
            tag_sets.append(tag_set)
        return tag_sets.index(tag_set)

    nodes = node_tags or {}
    return StreetMap(
        node_id=np.arange(1, len(points) + 1, dtype=np.int64),
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        node_tags=np.array([tag_row(nodes.get(name, {})) for name in points], np.int32),
        way_id=np.arange(1, len(ways) + 1, dtype=np.int64),
        way_offset=np.cumsum([0, *(len(word) for word, _ in ways)]).astype(np.int64),
        way_node=np.array([row[letter] for word, _ in ways for letter in word], np.int32),
        way_tags=np.array([tag_row(tags) for _, tags in ways], np.int32),
        tag_sets=tuple(tag_sets),
        turn_relation=np.arange(1, len(turns) + 1, dtype=np.int64),
        turn_from_way=np.array([come_from for come_from, _, _, _ in turns], np.int32),
        turn_offset=np.searchsorted([turn for turn, _, _ in steps], np.arange(len(turns) + 1)),
        turn_via_node=np.array([row[letter] for _, letter, _ in steps], np.int32),
        turn_to_way=np.array([way for _, _, way in steps], np.int32),
        turn_only=np.array([only for _, _, _, only in turns], np.bool_),
    )


def trips(runs: Sequence[Sequence[tuple[int, int, int]]]) -> Trips:
    """Trips from runs of calls (stop, arrival, departure), boarding and alighting allowed everywhere."""
    calls = np.array([call for run in runs for call in run], np.int32).reshape(-1, 3)
    n_trips, n_calls = len(runs), len(calls)
    names = tuple(str(trip) for trip in range(n_trips))
    return Trips(
        id=names,
        route=names,
        headsign=names,
        agency=names,
        route_type=np.full(n_trips, 3, np.int32),
        block=("",) * n_trips,
        call_offset=np.cumsum([0, *(len(run) for run in runs)]).astype(np.int64),
        call_stop=calls[:, 0].copy(),
        call_arrival=calls[:, 1].copy(),
        call_departure=calls[:, 2].copy(),
        call_pickup=np.ones(n_calls, np.bool_),
        call_dropoff=np.ones(n_calls, np.bool_),
    )


def run(*calls: tuple[int, str]) -> list[tuple[int, int, int]]:
    """Calls without dwell: (stop, clock text)."""
    return [(stop, clock(text), clock(text)) for stop, text in calls]


NO_RULES = Transfers(
    np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.bool_)
)

"""Trains of the facts tables: how many of each series run in a window of the week, and their minutes."""

from __future__ import annotations

import json
import re
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from data.columns import Strings
from data.generator.rules import Rules
from data.generator.tables import Problems, facts_table, floats, strings

Tracks: TypeAlias = dict[str, list[list[float]]]
"""Points (longitude, latitude) of the track of each series, in its first direction."""


class Window(NamedTuple):
    """Part of the week for which trains are counted: GTFS days, Monday first, and whether it is before the evening."""

    service_id: str
    days: str
    by_day: bool


WINDOWS = {
    "mon-thu until 20h": Window("mon-thu", "1111000", by_day=True),
    "friday until 20h": Window("friday", "0000100", by_day=True),
    "weekend until 20h": Window("weekend", "0000011", by_day=True),
    "all days after 20h": Window("evening", "1111111", by_day=False),
}
"""Windows of the table by their names there."""


class Train(NamedTuple):
    """The trains of one series in one window, seen in the first direction.

    Attributes
    ----------
    series
        Number of the railways; trains of a series call at the same stations.
    product
        What passengers see: "Stoptrein RS20".
    window
        Key of `WINDOWS`.
    n_trains
        In both directions together, observed.
    stations
        (K,) station ids in order.
    arrival_s, departure_s
        (K,) seconds from the departure at the first station, observed.

    """

    series: str
    product: str
    window: str
    n_trains: int
    stations: Strings
    arrival_s: tuple[int, ...]
    departure_s: tuple[int, ...]

    @property
    def line(self) -> str:
        """Name of the line: its number where the product has one ("RS20"), else the product ("Sprinter")."""
        number = re.search(r"\b[A-Z]+\d+$", self.product)
        return number[0] if number else self.product

    def n_in(self, direction: int) -> int:
        """Trains in one direction: half of all, of an odd number one more in the first direction."""
        return (self.n_trains + 1 - direction) // 2


def read_trains(folder: Path, known_stations: set[str], problems: Problems) -> tuple[Train, ...]:
    """Trains of rail_series.csv by window and series; contradictions are added to `problems`.

    Calls at stations that rail_stations.csv does not have are left out: trains are followed as far as that.
    """
    columns = "window series product trips_both_directions_in_window stop_sequence station_id arr_min dep_min"
    table = facts_table(folder, "rail_series", columns)
    window, series, product = (strings(table, column) for column in ("window", "series", "product"))
    station = tuple(f"station-{one}" for one in strings(table, "station_id"))
    count, arrival_min, departure_min = (
        np.nan_to_num(floats(table, "rail_series", column, problems))
        for column in ("trips_both_directions_in_window", "arr_min", "dep_min")
    )
    trains = []
    for (in_window, of_series), found in groupby(
        range(len(table)), key=lambda row: (window[row], series[row])
    ):
        rows = list(found)
        where = f"rail_series.csv row {rows[0] + 2}"
        if in_window not in WINDOWS:
            problems.append(f"{where}: window '{in_window}' is none of {', '.join(WINDOWS)}")
        minutes = [minute for row in rows for minute in (arrival_min[row], departure_min[row])]
        if minutes != sorted(minutes):
            problems.append(f"{where}: the minutes of series {of_series} must not decrease")
        rows = [row for row in rows if station[row] in known_stations]
        if len(rows) < len(("from", "to")):
            problems.append(
                f"{where}: series {of_series} calls at fewer than two stations of rail_stations.csv"
            )
            continue
        start_min = departure_min[rows[0]]
        trains.append(
            Train(
                of_series,
                product[rows[0]],
                in_window,
                int(count[rows[0]]),
                tuple(station[row] for row in rows),
                (0, *(round((arrival_min[row] - start_min) * 60) for row in rows[1:])),
                tuple(round((departure_min[row] - start_min) * 60) for row in rows),
            )
        )
    return tuple(trains)


def read_tracks(folder: Path, problems: Problems) -> Tracks:
    """Lines of rail_tracks.geojson by series; a missing file is added to `problems`."""
    path = folder / "rail_tracks.geojson"
    if not path.exists():
        problems.append(f"{path.name}: the file is missing")
        return {}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {one["properties"]["series"]: one["geometry"]["coordinates"] for one in features}


def departures(trains: tuple[Train, ...], direction: int, rules: Rules) -> list[tuple[Train, int]]:
    """Each train of one window and its departure, whole minutes after midnight in seconds, at its first station.

    Only the number is observed. Trains between the same two ends leave evenly over the window, whatever their series,
    which take turns in proportion: series that share a track would run into each other if each were spread by itself.
    """
    found = []
    by_ends = sorted(trains, key=lambda train: (train.stations[0], train.stations[-1], train.series))
    for _, together in groupby(by_ends, key=lambda train: (train.stations[0], train.stations[-1])):
        turns = [
            ((number + 0.5) / train.n_in(direction), train.series, train)
            for train in together
            for number in range(train.n_in(direction))
        ]
        for number, (_, _, train) in enumerate(sorted(turns, key=lambda turn: turn[:2])):
            by_day = WINDOWS[train.window].by_day
            from_h = rules.trains_from_h if by_day else rules.trains_evening_h
            until_h = rules.trains_evening_h if by_day else rules.trains_until_h
            minutes = int(from_h * 60 + (until_h - from_h) * 60 * (number + 0.5) / len(turns))
            found.append((train, minutes * 60))
    return found

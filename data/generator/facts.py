"""The facts tables of a region, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.columns import Bools, Floats, Int32s, Strings, freeze
from data.errors import InputError
from data.generator.lines import Line, read_lines
from data.generator.numbered_roads import NumberedRoad, Pin, read_numbered_roads
from data.generator.tables import Problems, facts_table, floats, index_of, origins, strings
from data.generator.trains import Tracks, Train, read_tracks, read_trains
from data.places import AGE_BANDS
from data.projection import Projection

CRS = "EPSG:28992"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Named positions: ids and names, WGS84 degrees and metres of the national grid, (R,) each."""

    id: Strings
    name: Strings
    lon_deg: Floats
    lat_deg: Floats
    x_m: Floats
    y_m: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFacts:
    """Places with inhabitants by age: (P,) rows, `inhabitants_by_age` (P, 4) int32; `origin` is of the inhabitants."""

    at: Points
    municipality: Strings
    kind: Strings
    inhabitants_by_age: Int32s
    in_region: Bools
    origin: Strings

    @property
    def inhabitants(self) -> Int32s:
        """(P,) int32, persons of all ages."""
        total: Int32s = self.inhabitants_by_age.sum(axis=1, dtype="int32")
        return total


@dataclass(frozen=True, slots=True, eq=False)
class LinkFacts:
    """Driven metres between neighbouring stops, (L,) rows; stops are rows of the stop table."""

    from_stop: Int32s
    to_stop: Int32s
    length_m: Floats
    kind: Strings
    origin: Strings
    note: Strings

    def __post_init__(self) -> None:
        freeze(self, len(self.kind))


@dataclass(frozen=True, slots=True, eq=False)
class FacilityFacts:
    """Services people travel to, (F,) rows; `units` is the size in units of the kind."""

    at: Points
    kind: Strings
    units: Floats
    origin: Strings
    source: Strings


@dataclass(frozen=True, slots=True, eq=False)
class Facts:
    """All tables of one region."""

    places: PlaceFacts
    stops: Points
    stop_place: Int32s
    """(S,) int32, row of the place a stop is named after, -1 where the table names none."""
    links: LinkFacts
    stations: Points
    facilities: FacilityFacts
    lines: tuple[Line, ...]
    trains: tuple[Train, ...]
    tracks: Tracks
    roads: tuple[NumberedRoad, ...]
    outlines: Path


def read_facts(folder: Path) -> Facts:
    """Read the tables below `folder`; all contradictions are reported at once.

    Raises
    ------
    InputError
        When a file or column is missing, a value is no number, an id is unknown or double, the age bands of a place
        do not add up to its inhabitants, or a link has no length.

    """
    problems: Problems = []
    places = _places(folder, problems)
    stop_table = facts_table(folder, "stops", "stop_id name place_id lon lat")
    stops = _points(stop_table, "stops", "stop_id", problems)
    links = _links(folder, stops, problems)
    stations = _points(
        facts_table(folder, "rail_stations", "station_id name lon lat"),
        "rail_stations",
        "station_id",
        problems,
    )
    facilities = _facilities(folder, places, problems)
    lines = read_lines(folder, set(stops.id), problems)
    trains = read_trains(folder, set(stations.id), problems)
    tracks = read_tracks(folder, problems)
    pins = {one: Pin(-1, places.at.x_m[row], places.at.y_m[row]) for row, one in enumerate(places.at.id)}
    pins |= {one: Pin(row, stops.x_m[row], stops.y_m[row]) for row, one in enumerate(stops.id)}
    roads = read_numbered_roads(folder, pins, problems)
    outlines = folder / "municipalities.geojson"
    if not outlines.exists():
        problems.append(f"{outlines.name}: the file is missing")
    if problems:
        msg = (
            f"The facts in {folder} contradict themselves in {len(problems)} place(s); mend these rows:\n"
            + "\n".join(problems)
        )
        raise InputError(msg)
    rows = {place: row for row, place in enumerate(places.at.id)}
    stop_place = np.array([rows.get(place, -1) for place in strings(stop_table, "place_id")], dtype=np.int32)
    return Facts(
        places, stops, stop_place, links, stations, facilities, lines, trains, tracks, roads, outlines
    )


def _points(table: pd.DataFrame, name: str, id_column: str, problems: Problems) -> Points:
    ids = strings(table, id_column)
    seen: set[str] = set()
    for row, one in enumerate(ids):
        if one in seen:
            problems.append(f"{name}.csv row {row + 2}: '{one}' appears twice")
        seen.add(one)
    lon_deg, lat_deg = floats(table, name, "lon", problems), floats(table, name, "lat", problems)
    x_m, y_m = Projection(CRS).to_metres(lon_deg, lat_deg)
    return Points(ids, strings(table, "name"), lon_deg, lat_deg, x_m, y_m)


def _places(folder: Path, problems: Problems) -> PlaceFacts:
    bands = [f"inhabitants_{band}" for band in AGE_BANDS]
    columns = "place_id name municipality in_region kind lon lat inhabitants population_origin"
    table = facts_table(folder, "places", " ".join([columns, *bands]))
    at = _points(table, "places", "place_id", problems)
    by_age = np.column_stack([floats(table, "places", band, problems) for band in bands])
    total = floats(table, "places", "inhabitants", problems)
    for row in np.flatnonzero(~np.isclose(by_age.sum(axis=1), total)):
        problems.append(
            f"places.csv row {row + 2}: the age bands of '{at.id[row]}' do not add up to its inhabitants"
        )
    return PlaceFacts(
        at=at,
        municipality=strings(table, "municipality"),
        kind=strings(table, "kind"),
        inhabitants_by_age=np.nan_to_num(by_age).astype(np.int32),
        in_region=np.array([value == "true" for value in strings(table, "in_region")]),
        origin=origins(table, "places", "population_origin", problems),
    )


def _links(folder: Path, stops: Points, problems: Problems) -> LinkFacts:
    table = facts_table(folder, "links", "from_stop to_stop metres link_type origin note")
    length_m = floats(table, "links", "metres", problems)
    from_stop = index_of(table, "links", "from_stop", stops.id, problems)
    to_stop = index_of(table, "links", "to_stop", stops.id, problems)
    for row in _rows(~(length_m > 0) | (from_stop == to_stop)):
        problems.append(f"links.csv row {row + 2}: a link needs two different stops and a length above 0 m")
    return LinkFacts(
        from_stop,
        to_stop,
        length_m,
        strings(table, "link_type"),
        origins(table, "links", "origin", problems),
        strings(table, "note"),
    )


def _rows(wrong: Bools) -> Iterator[int]:
    yield from (int(row) for row in np.flatnonzero(wrong))


def _facilities(folder: Path, places: PlaceFacts, problems: Problems) -> FacilityFacts:
    columns = "facility_id kind name place_id lon lat units origin source"
    table = facts_table(folder, "facilities", columns)
    index_of(table, "facilities", "place_id", places.at.id, problems)
    return FacilityFacts(
        at=_points(table, "facilities", "facility_id", problems),
        kind=strings(table, "kind"),
        units=floats(table, "facilities", "units", problems),
        origin=origins(table, "facilities", "origin", problems),
        source=strings(table, "source"),
    )

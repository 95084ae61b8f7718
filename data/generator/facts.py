"""The facts tables of a region, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.build_report import BuildReport
from data.columns import Bools, Floats, Int32s, Strings, freeze
from data.errors import InputError
from data.generator.lines import Line, read_lines
from data.generator.numbered_roads import NumberedRoad, Pin, read_numbered_roads
from data.generator.postcodes import NONE, Homes, Postcodes, read_postcodes, settle_postcodes
from data.generator.services import FacilityFacts, read_services
from data.generator.tables import Points, Problems, facts_table, floats, index_of, origins, points_of, strings
from data.generator.trains import Tracks, Train, read_tracks, read_trains
from data.places import AGE_BANDS


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFacts:
    """Places with inhabitants by age: (P,) rows, `inhabitants_by_age` (P, 4) int32; `origin` is of the inhabitants.

    `cars_per_household` is that of the district, of the municipality where there is none, nan outside the region.
    """

    at: Points
    municipality: Strings
    kind: Strings
    inhabitants_by_age: Int32s
    in_region: Bools
    origin: Strings
    cars_per_household: Floats

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
class Facts:
    """All tables of one region."""

    places: PlaceFacts
    place_postcode: Int32s
    """(P,) int32, row of the postcode that the point of a place lies in, -1 for none."""
    postcodes: Postcodes
    homes: Homes
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
    report: BuildReport


def read_facts(folder: Path) -> Facts:
    """Read the tables below `folder`; all contradictions are reported at once.

    Raises
    ------
    InputError
        When a file or column is missing, a value is no number, an id is unknown or double, the age bands of a place
        do not add up to its inhabitants, or a link has no length.

    """
    problems: Problems = []
    postcodes = read_postcodes(folder, problems)
    places, homes, report = _places(folder, postcodes, problems)
    stop_table = facts_table(folder, "stops", "stop_id name place_id lon lat")
    stops = points_of(stop_table, "stops", "stop_id", problems)
    links = _links(folder, stops, problems)
    stations = points_of(
        facts_table(folder, "rail_stations", "station_id name lon lat"),
        "rail_stations",
        "station_id",
        problems,
    )
    facilities, told = read_services(folder, places.at, places.in_region, problems)
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
        places=places,
        place_postcode=np.where(places.in_region, postcodes.at(_xy(places.at)), NONE).astype(np.int32),
        postcodes=postcodes,
        homes=homes,
        stops=stops,
        stop_place=stop_place,
        links=links,
        stations=stations,
        facilities=facilities,
        lines=lines,
        trains=trains,
        tracks=tracks,
        roads=roads,
        outlines=outlines,
        report=report + told,
    )


def _places(folder: Path, postcodes: Postcodes, problems: Problems) -> tuple[PlaceFacts, Homes, BuildReport]:
    """Places with the inhabitants of their postcodes; those around the region keep the earlier count of the table."""
    bands = [f"inhabitants_{band}" for band in AGE_BANDS]
    columns = "place_id name municipality in_region kind lon lat inhabitants population_origin"
    columns += " postcode4 other_postcode4 wijk_code"
    table = facts_table(folder, "places", " ".join([columns, *bands]))
    at = points_of(table, "places", "place_id", problems)
    by_age = np.column_stack([floats(table, "places", band, problems) for band in bands])
    total = floats(table, "places", "inhabitants", problems)
    for row in np.flatnonzero(~np.isclose(by_age.sum(axis=1), total)):
        problems.append(
            f"places.csv row {row + 2}: the age bands of '{at.id[row]}' do not add up to its inhabitants"
        )
    in_region = np.array([value == "true" for value in strings(table, "in_region")])
    municipality = strings(table, "municipality")
    homes, report = settle_postcodes(
        at,
        in_region,
        (strings(table, "postcode4"), strings(table, "other_postcode4")),
        np.nan_to_num(by_age).astype(np.int32),
        postcodes,
        problems,
    )
    settled = np.zeros((len(at.id), len(AGE_BANDS)), dtype=np.int32)
    np.add.at(settled, homes.place, homes.inhabitants_by_age)
    told = origins(table, "places", "population_origin", problems)
    alone = in_region & homes.counted_alone(len(at.id), len(postcodes.code))
    places = PlaceFacts(
        at=at,
        municipality=municipality,
        kind=strings(table, "kind"),
        inhabitants_by_age=settled,
        in_region=in_region,
        origin=tuple(
            ("observed" if own else "modelled") if inside else origin
            for own, inside, origin in zip(alone, in_region, told, strict=True)
        ),
        cars_per_household=_cars(
            folder, strings(table, "wijk_code"), municipality, in_region, settled, problems
        ),
    )
    return places, homes, report


def _cars(
    folder: Path,
    district: Strings,
    municipality: Strings,
    in_region: Bools,
    people: Int32s,
    problems: Problems,
) -> Floats:
    """(P,) float64, cars per household in the district of each place; where nothing is known, in its municipality.

    The municipality is the mean of the districts by the people of its places. Outside the region it is nan.
    """
    name = "cars_per_household"
    table = facts_table(folder, name, f"wijk_code municipality {name}")
    known = table[table[name] != ""]
    cars = dict(zip(strings(known, "wijk_code"), floats(known, name, name, problems), strict=True))
    codes = {"", *strings(table, "wijk_code")}
    problems += [
        f"places.csv row {row + 2}: wijk_code '{code}' is unknown"
        for row, code in enumerate(district)
        if code not in codes
    ]
    found = np.array([cars.get(code, np.nan) for code in district])
    persons = people.sum(axis=1).astype(np.float64)
    for one in sorted({name for name, inside in zip(municipality, in_region, strict=True) if inside}):
        here = in_region & np.array([name == one for name in municipality])
        counted = here & np.isfinite(found) & (persons > 0)
        if counted.any():
            found[here & ~np.isfinite(found)] = np.average(found[counted], weights=persons[counted])
    return found


def _xy(points: Points) -> Floats:
    return np.column_stack([points.x_m, points.y_m])


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

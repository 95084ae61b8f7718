"""The generated region as ordinary files, the same bytes for the same input."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import osmium
import pyarrow as pa
import pyarrow.parquet as pq

from data.columns import distinct
from data.generator.draft import Draft
from data.generator.facts import Facts
from data.generator.people import People
from data.generator.rules import Rules
from data.generator.service import Feed
from data.generator.tables import CRS
from data.places import AGE_BANDS
from data.projection import Projection

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip file knows: a real one would change the bytes of every build."""
CARS = "cars_per_household"
DEGREE_DIGITS = 7
"""OSM's own precision, about a centimetre."""

DOOR_NAMES = {
    "GP practice": "Huisartsenpraktijk",
    "supermarket": "Supermarkt",
    "pharmacy": "Apotheek",
    "dorpshuis": "Dorpshuis",
    "wijkcentrum": "Wijkcentrum",
}


def write_streets(path: Path, draft: Draft) -> None:
    """Write an .osm.pbf: nodes, then ways, numbered from 1 in order, without timestamps."""
    used = distinct(np.array([node for way in draft.ways for node in way.nodes]))
    osm_id = np.zeros(len(draft.x_m), dtype=np.int64)
    osm_id[used] = np.arange(1, len(used) + 1)
    lon_deg, lat_deg = Projection(CRS).to_lonlat(draft.x_m[used], draft.y_m[used])
    lonlat = np.round(np.column_stack([lon_deg, lat_deg]), DEGREE_DIGITS).tolist()
    header = osmium.io.Header()
    header.set("generator", "dorpshub")
    header.set("sorting", "Type_then_ID")
    writer = osmium.SimpleWriter(str(path), header=header)
    try:
        for node, (lon, lat) in enumerate(lonlat, start=1):
            writer.add_node(osmium.osm.mutable.Node(id=node, location=(lon, lat)))
        for number, way in enumerate(draft.ways, start=1):
            nodes = osm_id[list(way.nodes)].tolist()
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=dict(way.tags)))
    finally:
        writer.close()


def write_feed(path: Path, feed: Feed) -> None:
    """Write a GTFS zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(feed):
            entry = zipfile.ZipInfo(f"{name}.txt", ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _csv(feed[name].columns, feed[name].rows))


def write_places(path: Path, facts: Facts) -> None:
    """Write places.csv."""
    places = facts.places
    bands = [f"inhabitants_{band}" for band in AGE_BANDS]
    columns = ("id", "name", "municipality", "kind", "lon", "lat", *bands, "in_region", "origin", CARS)
    rows = (
        (
            *(places.at.id[row], places.at.name[row], places.municipality[row], places.kind[row]),
            *(f"{places.at.lon_deg[row]:.5f}", f"{places.at.lat_deg[row]:.5f}"),
            *places.inhabitants_by_age[row].tolist(),
            *("true" if places.in_region[row] else "false", places.origin[row]),
            _number(places.cars_per_household[row]),
        )
        for row in range(len(places.at.id))
    )
    path.write_text(_csv(columns, rows), encoding="utf-8")


def write_broadband(path: Path, facts: Facts, rules: Rules) -> None:
    """Write broadband.csv: by rule, by the size of the place."""
    places = facts.places
    rows = (
        (
            place_id,
            rules.broadband_village_share if people >= rules.village_people else rules.broadband_hamlet_share,
        )
        for place_id, people in zip(places.at.id, places.inhabitants_by_age.sum(axis=1).tolist(), strict=True)
    )
    path.write_text(_csv(("place", "share"), rows), encoding="utf-8")


def _dutch(name: str) -> str:
    """Name of a facility as it would stand on the door: the facts describe what they made up in English."""
    for english, dutch in DOOR_NAMES.items():
        if name.startswith(f"{english} "):
            return dutch + name.removeprefix(english)
    return name


def write_facilities(path: Path, facts: Facts) -> None:
    """Write facilities.csv."""
    table, at = facts.facilities, facts.facilities.at
    columns = (
        *("id", "kind", "name", "lon", "lat", "units", "opening_hours"),
        *("origin", "date", "source", "position_origin", "position_m"),
    )
    rows = (
        (
            *(
                at.id[row],
                table.kind[row],
                _dutch(at.name[row]),
                f"{at.lon_deg[row]:.5f}",
                f"{at.lat_deg[row]:.5f}",
            ),
            *(f"{table.units[row]:g}", table.opening[row]),
            *(table.origin[row], table.date[row], table.source[row]),
            *(table.position_origin[row], _number(table.position_m[row])),
        )
        for row in range(len(at.id))
    )
    path.write_text(_csv(columns, rows), encoding="utf-8")


def write_grid(path: Path, facts: Facts, people: People) -> None:
    """Write population_grid.parquet: cell centres in metres of the national grid, place and persons by age band."""
    bands = {
        f"inhabitants_{band}": people.inhabitants_by_age[:, column] for column, band in enumerate(AGE_BANDS)
    }
    place_id = pa.array([facts.places.at.id[place] for place in people.place])
    pq.write_table(pa.table({"x_m": people.x_m, "y_m": people.y_m, "place_id": place_id, **bands}), path)


def _number(value: float) -> str:
    """Number of at most two decimals, "" where it is not known."""
    return "" if np.isnan(value) else f"{round(value, 2):g}"


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()

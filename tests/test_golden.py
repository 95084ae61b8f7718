"""A dozen figures of real runs, kept in `golden/`: a change of them must be meant.

`python tests/test_golden.py` rewrites the files after a change that is.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from dorpshub.cli.commands import commands
from support.files import GOLDEN, SHARED

# Weekdays within the validity of each feed, at nine in the morning.
CITIES = {
    "newport": ("newport-2023-06-13.osm.pbf", "newport-20230613_gtfs.zip", "2023-06-13"),
    "heidelberg": ("heidelberg.test.pbf", "vrn_gtfs_cut.zip", "2022-09-13"),
}
N_ORIGINS = 30

Figures = dict[str, dict[str, float]]


def dorpshub(*arguments: object) -> None:
    """Run the command in this process; it must end well."""
    commands([str(argument) for argument in arguments], standalone_mode=False)


def region_figures(folder: Path) -> Figures:
    """Per kind and mode over the inhabitants of the embedded region: mean, within a quarter of an hour, unreached."""
    dorpshub("times", "--out", folder / "times.parquet", "--quiet")
    table = pd.read_parquet(folder / "times.parquet")
    table = table[table["in_region"]]
    figures = {}
    for (kind, mode), rows in table.groupby(["kind", "mode"]):
        people, seconds = rows["inhabitants"], rows["travel_time_s"].astype(float)
        figures[f"{kind} {mode}"] = {
            "mean_s": round(float((people * seconds).sum() / people[seconds.notna()].sum()), 1),
            "people_within_900_s": int(people[seconds <= 900].sum()),
            "places_not_reached": int(seconds.isna().sum()),
        }
    return figures


def city_figures(city: str, folder: Path) -> Figures:
    """Per mode over thirty bus stops and all supermarkets and doctors of a city: pairs reached and their mean."""
    streets, feed, day = CITIES[city]
    write_stops(SHARED / city / streets, SHARED / city / feed, folder / "o.csv", folder / "d.csv")
    dorpshub(
        "matrix", "--streets", SHARED / city / streets, "--timetable", SHARED / city / feed, "--date", day,
        "--origins", folder / "o.csv", "--destinations", folder / "d.csv", "--depart", "09:00", "--window-min", "60",
        "--modes", "walk,bike,ebike,car,transit,bike_transit", "--max-min", "120",
        "--out", folder / "m.parquet", "--quiet",
    )  # fmt: skip
    table = pd.read_parquet(folder / "m.parquet")
    table["seconds"] = table["travel_time_s"].astype(float).fillna(table["travel_time_p50_s"].astype(float))
    return {
        str(mode): {
            "pairs": len(rows),
            "reached": int(rows["seconds"].count()),
            "mean_s": round(rows["seconds"].mean(), 1),
        }
        for mode, rows in table.groupby("mode")
    }


def write_stops(streets: Path, feed: Path, origins: Path, destinations: Path) -> None:
    """Every so many stops of the feed inside the streets' extent, and the supermarkets and doctors of the city."""
    extract = read_osm(streets, load_facility_kinds())
    lon, lat = extract.streets.lon_deg, extract.streets.lat_deg
    with zipfile.ZipFile(feed) as tables, tables.open("stops.txt") as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))
    inside = [
        (row["stop_id"], row["stop_lon"], row["stop_lat"])
        for row in rows
        if lon.min() < float(row["stop_lon"]) < lon.max() and lat.min() < float(row["stop_lat"]) < lat.max()
    ]
    found = extract.facilities
    shops = [
        (found.id[row], found.lon_deg[row], found.lat_deg[row])
        for row, kind in enumerate(found.kind)
        if kind in {"supermarket", "gp"}
    ]
    # An extract of streets alone has no shops: then other stops serve.
    for path, points in (
        (origins, inside[:: len(inside) // N_ORIGINS][:N_ORIGINS]),
        (destinations, shops or inside[5::97]),
    ):
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "lon", "lat"), *points])


def assert_close(found: Figures, expected: Figures) -> None:
    """Seconds within a tenth of a second, counts exactly."""
    assert found.keys() == expected.keys()
    for name, figures in expected.items():
        assert found[name] == pytest.approx(figures, abs=0.1), name


def expected_figures(name: str) -> Figures:
    figures: Figures = json.loads((GOLDEN / f"{name}.json").read_text())
    return figures


def test_the_embedded_region_gives_its_golden_figures(tmp_path: Path) -> None:
    assert_close(region_figures(tmp_path), expected_figures("zuid-oost-drenthe"))


@pytest.mark.parametrize("city", CITIES)
def test_real_cities_give_their_golden_figures(city: str, tmp_path: Path) -> None:
    if not (SHARED / city).is_dir():
        pytest.skip(f"the shared test data of {city} is not here")
    assert_close(city_figures(city, tmp_path), expected_figures(city))


def rewrite() -> None:
    """Write the figures of today."""
    with tempfile.TemporaryDirectory() as folder:
        runs = {"zuid-oost-drenthe": region_figures(Path(folder))}
        runs |= {city: city_figures(city, Path(folder)) for city in CITIES if (SHARED / city).is_dir()}
    for name, figures in runs.items():
        (GOLDEN / f"{name}.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    rewrite()

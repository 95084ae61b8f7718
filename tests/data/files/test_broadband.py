"""Where there is fast internet, from tables and maps; the valley is drawn in toys/region.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError
from data.files.broadband import read_broadband
from data.files.tables import read_places
from data.places import Places
from support.toys.networks import RD
from support.toys.region import lonlat, write_toy_region


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """West, Mid, East and Lone, in this order."""
    return read_places(write_toy_region(tmp_path / "valley") / "places.csv", RD)


def read(path: Path, text: str, places: Places) -> list[float | None]:
    path.write_text(text)
    share = read_broadband(path, places, RD)[0].share
    return [None if np.isnan(value) else float(value) for value in share]


def area(spot: str, **properties: Any) -> dict[str, Any]:
    """A box of some 200 m around a spot."""
    lon, lat = lonlat(spot)
    ring = [[lon + x / 700, lat + y / 1000] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_a_table_by_id_or_name_with_shares_or_yes_and_no(tmp_path: Path, places: Places) -> None:
    # A blank is unknown, and so is a place that is not named; neither is no internet.
    shares = read(tmp_path / "b.csv", "place,share\nwest,0.9\nMid,0\neast,\n", places)
    assert shares == [0.9, 0.0, None, None]
    assert read(tmp_path / "s.csv", "place,served\nwest,true\nMid,false\nLone,\n", places) == [
        1.0,
        0.0,
        None,
        None,
    ]


def test_parquet_reads_as_csv_and_the_unknown_are_told(tmp_path: Path, places: Places) -> None:
    pd.DataFrame({"place": ["west", "mid"], "share": [0.5, 1.0]}).to_parquet(tmp_path / "b.parquet")
    found, report = read_broadband(tmp_path / "b.parquet", places, RD)
    assert found.share[:2].tolist() == [0.5, 1.0]
    (finding,) = report.findings
    assert (finding.layer, finding.count, set(finding.examples)) == ("broadband", 2, {"East", "Lone"})


def test_a_map_says_it_for_the_places_that_lie_within(tmp_path: Path, places: Places) -> None:
    # Of two areas over West the first counts; East lies in none.
    features = [
        area("west", share=0.25),
        area("west", share=1),
        area("mid", served=True),
        area("lone", served=False),
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    assert read(tmp_path / "b.geojson", text, places) == [0.25, 1.0, None, 0.0]


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path, places: Places) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path / "b.csv", "place,share\nwest,1.5\nnowhere,0.5\nWEST,0.5\nmid,much\n", places)
    told = str(error.value)
    assert "share must lie between 0 and 1" in told
    assert "there is no such place" in told
    assert "the place was named before" in told
    assert "share is no number" in told


@pytest.mark.parametrize("header", ["place,speed", "place,share,served"])
def test_one_column_says_it(tmp_path: Path, places: Places, header: str) -> None:
    with pytest.raises(InputError, match="give either a column 'share'"):
        read(tmp_path / "b.csv", f"{header}\nwest,1,true\n"[: len(header) + 20], places)


def test_all_faults_of_a_map_are_told_at_once(tmp_path: Path, places: Places) -> None:
    features = [
        area("west", share=2),
        area("mid", served=1),
        area("east"),
        {"properties": {"share": 1}, "geometry": None},
        area("mid") | {"properties": "share"},
    ]
    with pytest.raises(InputError) as error:
        read(tmp_path / "b.geojson", json.dumps({"type": "FeatureCollection", "features": features}), places)
    assert [f"feature {number}" in str(error.value) for number in range(1, 6)] == [True] * 5
    with pytest.raises(InputError, match="FeatureCollection"):
        read(tmp_path / "b.geojson", "[]", places)

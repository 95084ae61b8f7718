"""What files say of themselves is read back by the readers of each format, and the rows stay what they were."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from data.files.areas import write_areas
from data.files.geopackage import Layer, fill_geopackage
from data.files.long_table import LongTable, Texts
from data.files.output import write_table
from data.files.qml import Category
from data.metadata.about import About, Credit
from data.projection import Projection

CREDITS = (
    Credit("streets", "observed", "OpenStreetMap <contributors> & co", "2026", "ODbL 1.0"),
    Credit("places", "modelled", "CBS", "2025-01-01", "CC BY 4.0"),
    Credit("facilities", "observed", "CBS", "2024", "CC BY 4.0"),
)
ABOUT = About(
    "comparison", "Valley", "EPSG:28992", "dorpshub 1.2", (("traveller", "75plus"), ("window", "")), CREDITS
)
TABLE = pd.DataFrame(
    {
        "place_id": ["aa", "bee"],
        "place": ["'t Haantje", "Één"],
        "lon": [6.8, 6.9],
        "lat": [52.8, 52.9],
        "difference_s": pd.array([-300, None], "Int64"),
        "change_class": ["shorter 5", "never"],
    }
)
X_M, Y_M = np.array([250_000.0, 251_000.0]), np.array([540_000.0, 541_000.0])
CATEGORIES = (
    Category("shorter 5", "shorter by 5 to 15 min", (90, 180, 172)),
    Category("never", "never", (9, 9, 9)),
)


def test_the_words_of_a_file() -> None:
    assert ABOUT.title == "Places before and after: Valley"
    # What is not known is left out, and each licence is named once.
    assert ABOUT.description == (
        "One row for a pair of scenarios, a place, a kind of facility and a mode. Made by dorpshub 1.2, for traveller 75plus. "
        "Modelled, wholly or in part: places."
    )
    assert (ABOUT.date, ABOUT.licences) == ("2026", ["ODbL 1.0", "CC BY 4.0"])


def test_a_parquet_file_tells_of_itself_and_of_its_fields(tmp_path: Path) -> None:
    plain, told = tmp_path / "plain.parquet", tmp_path / "told.parquet"
    write_table(plain, TABLE)
    write_table(told, TABLE, ABOUT)
    schema = pq.read_schema(told)
    assert json.loads(schema.metadata[b"dorpshub"])["dct:title"] == ABOUT.title
    assert schema.field("difference_s").metadata[b"unit"] == b"seconds"
    # Rows, types and what pandas wrote for itself are as without.
    pd.testing.assert_frame_equal(pd.read_parquet(told), pd.read_parquet(plain))
    assert schema.metadata[b"pandas"] == pq.read_schema(plain).metadata[b"pandas"]


def test_a_long_table_tells_the_same(tmp_path: Path) -> None:
    table = LongTable({"origin_id": Texts(("aa",), np.zeros(2, np.int32)), "n_draws": np.ones(2, np.int64)})
    about = About("matrix", "map.osm", "EPSG:32631", "dorpshub 1.2", (), CREDITS[:1])
    write_table(tmp_path / "m.parquet", table, about)
    assert pq.read_schema(tmp_path / "m.parquet").field("origin_id").metadata[b"title"] == b"Origin id"
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "m.parquet"), table.to_pandas(), check_dtype=False
    )
    write_table(tmp_path / "m.csv", table, about)
    told = json.loads((tmp_path / "m.csv-metadata.json").read_text(encoding="utf-8"))
    assert [of["name"] for of in told["tableSchema"]["columns"]] == ["origin_id", "n_draws"]


def test_a_geojson_file_has_a_foreign_member_and_the_same_features(tmp_path: Path) -> None:
    write_table(tmp_path / "plain.geojson", TABLE)
    write_table(tmp_path / "told.geojson", TABLE, ABOUT)
    plain, told = (
        json.loads((tmp_path / f"{name}.geojson").read_text(encoding="utf-8")) for name in ("plain", "told")
    )
    assert told.pop("metadata") == ABOUT.json_ld()
    # GDAL leaves out the member by which GeoJSON of before 2016 told its system: since RFC 7946 there is but this one.
    assert plain.pop("crs")["properties"]["name"].endswith("CRS84")
    assert told == plain
    assert gpd.read_file(tmp_path / "told.geojson").crs == "EPSG:4326"


def filled(path: Path) -> Path:
    layers = [
        Layer("places gp bike", TABLE, X_M, Y_M, 0.0, "change_class", CATEGORIES, ABOUT),
        Layer("cells gp bike", TABLE, X_M, Y_M, 100.0, "change_class", CATEGORIES, ABOUT),
    ]
    winners = About(
        "winners", *(getattr(ABOUT, name) for name in ("region", "crs", "program", "basis", "credits"))
    )
    rows = pd.DataFrame({"kind": ["gp"], "inhabitants": [12]})
    fill_geopackage(path, layers, {"winners": (rows, winners)}, "EPSG:28992")
    return path


def rows(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.execute(question))


def test_a_geopackage_tells_of_itself_of_its_layers_and_of_their_columns(tmp_path: Path) -> None:
    path = filled(tmp_path / "out.gpkg")
    (whole,) = rows(
        path,
        "SELECT metadata, mime_type FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id "
        "WHERE reference_scope = 'geopackage'",
    )
    assert (json.loads(str(whole[0])), whole[1]) == (ABOUT.json_ld(), "application/ld+json")
    of_layers = rows(
        path,
        "SELECT table_name FROM gpkg_metadata_reference WHERE reference_scope = 'table' ORDER BY table_name",
    )
    assert of_layers == [("cells gp bike",), ("places gp bike",), ("winners",)]
    # The standard asks that each extension is named, with the tables it adds.
    assert rows(
        path,
        "SELECT DISTINCT extension_name, table_name FROM gpkg_extensions WHERE scope = 'read-write' ORDER BY table_name",
    ) == [
        ("gpkg_schema", "gpkg_data_column_constraints"),
        ("gpkg_schema", "gpkg_data_columns"),
        ("gpkg_metadata", "gpkg_metadata"),
        ("gpkg_metadata", "gpkg_metadata_reference"),
    ]
    assert rows(path, "PRAGMA foreign_key_check") == []
    # GDAL tells the same: names with units, and what a row is.
    assert rows(path, "SELECT name FROM gpkg_data_columns WHERE column_name = 'difference_s' LIMIT 1") == [
        ("Difference (seconds)",)
    ]
    info = pyogrio.read_info(path, layer="places gp bike")
    assert info["layer_metadata"]["DESCRIPTION"] == ABOUT.description
    frame = gpd.read_file(path, layer="places gp bike")
    assert frame.crs == "EPSG:28992"
    pd.testing.assert_frame_equal(pd.DataFrame(frame.drop(columns="geometry")), TABLE, check_dtype=False)


def test_the_same_contents_make_the_same_geopackage(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    assert (
        filled(tmp_path / "a" / "out.gpkg").read_bytes() == filled(tmp_path / "b" / "out.gpkg").read_bytes()
    )


@pytest.mark.parametrize("ending", [".gpkg", ".geojson"])
def test_areas_within_reach_tell_of_themselves(ending: str, tmp_path: Path) -> None:
    import shapely  # noqa: PLC0415

    about = About("reach", "Valley", "EPSG:28992", "dorpshub 1.2", (), CREDITS)
    table = pd.DataFrame({"within_min": [5.0, 10.0], "inhabitants": [1, 2]})
    areas = np.array(
        [shapely.box(250_000, 540_000, 250_000 + side, 540_000 + side) for side in (100, 200)], object
    )
    path = tmp_path / f"reach{ending}"
    write_areas(path, table, areas, Projection("EPSG:28992"), about)
    assert len(gpd.read_file(path, layer="reach")) == 2
    if ending == ".geojson":
        assert (
            json.loads(path.read_text(encoding="utf-8"))["metadata"]["dct:title"]
            == "Areas within reach: Valley"
        )
    else:
        # The nearest lies on top: QGIS draws the largest limit first.
        ((qml,),) = rows(path, "SELECT styleQML FROM layer_styles")
        assert 'orderByClause asc="0"' in str(qml)
        assert 'label="within 5 minutes"' in str(qml)

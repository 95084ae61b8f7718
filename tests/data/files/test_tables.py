"""Tables of places, facilities and points: what is read, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import InputError
from data.files.output import write_table
from data.files.points import read_points, refuse_far_points
from data.files.tables import read_facilities, read_grid, read_places
from support.toys.networks import RD, street_map

PLACES = (
    "id,name,municipality,kind,lon,lat,inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,"
    "inhabitants_75plus,in_region,origin\n"
    "exloo,Exloo,Borger-Odoorn,village,6.86,52.88,300,900,250,140,true,observed\n"
    "elders,Elders,,village,6.50,52.70,1,2,3,4,false,modelled\n"
)
FACILITIES = "id,kind,name,lon,lat,units,origin\ngp-1,gp,Praktijk,6.86,52.88,2,modelled\n"


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_places_keep_their_columns(tmp_path: Path) -> None:
    places = read_places(written(tmp_path, PLACES), RD)
    assert places.id == ("exloo", "elders")
    assert places.inhabitants.tolist() == [1590, 10]  # 300 + 900 + 250 + 140 and 1 + 2 + 3 + 4
    assert places.in_region.tolist() == [True, False]
    assert places.modelled.tolist() == [False, True]


def with_column(name: str, *values: str) -> str:
    header, *rows = PLACES.splitlines()
    return (
        "\n".join([f"{header},{name}", *(f"{row},{value}" for row, value in zip(rows, values, strict=True))])
        + "\n"
    )


def test_households_without_a_car_say_the_same_as_cars_per_household(tmp_path: Path) -> None:
    # By the relation of data/car_ownership.py 0.9520 cars per household leave three in ten without; of a place without a
    # figure nothing is known.
    (exloo, elders) = read_places(
        written(tmp_path, with_column("without_car_share", "0.3", "")), RD
    ).cars_per_household
    assert exloo == pytest.approx(0.952, abs=1e-3)
    assert np.isnan(elders)


def test_figures_of_cars_that_cannot_be_are_refused_all_at_once(tmp_path: Path) -> None:
    table = with_column("cars_per_household,without_car_share", "1.1,0.2", "95,30")
    with pytest.raises(InputError) as refused:
        read_places(written(tmp_path, table), RD)
    told = str(refused.value)
    assert "give cars_per_household or without_car_share, not both in 2 of 2 rows (line 2:" in told
    assert "cars_per_household must be at most 10 in 1 of 2 rows (line 3:" in told
    assert "without_car_share must lie between 0 and 1 in 1 of 2 rows (line 3:" in told


def test_a_frozen_column_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        read_places(written(tmp_path, PLACES), RD).x_m[0] = 0.0


def test_facilities_keep_their_columns(tmp_path: Path) -> None:
    facilities = read_facilities(written(tmp_path, FACILITIES), RD)
    assert (facilities.id, facilities.kind, facilities.units.tolist()) == (("gp-1",), ("gp",), [2.0])


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("municipality,", "gemeente,", "'municipality' is missing"),
        ("elders,Elders", "exloo,Elders", "more than once in 1 of 2 rows (line 3: id='exloo')"),
        (",300,", ",-300,", "inhabitants_0_19 is negative in 1 of 2 rows (line 2"),
        (",300,", ",30.5,", "no whole number"),
        ("6.50,52.70", "6.50,north", "lat is no number in 1 of 2 rows (line 3: lat='north')"),
        ("6.50,52.70", "650.0,52.70", "must be degrees"),
        ("false,modelled", "perhaps,modelled", "in_region must be false or true"),
        ("false,modelled", "false,guessed", "origin must be observed or modelled"),
        ("exloo,Exloo", ",Exloo", "the id is blank"),
    ],
)
def test_a_bad_table_of_places_is_refused_by_line(tmp_path: Path, before: str, after: str, says: str) -> None:
    path = written(tmp_path, PLACES.replace(before, after, 1))
    with pytest.raises(InputError) as error:
        read_places(path, RD)
    assert says in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [("", "is empty"), ("id,lon,lat\n", "no rows"), ('id,lon,lat\n"x,1', "cannot be read")],
)
def test_an_empty_or_broken_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_points(written(tmp_path, text))


def parquet(folder: Path, table: pa.Table) -> Path:
    path = folder / "table.parquet"
    pq.write_table(table, path)
    return path


def facilities(**columns: object) -> pa.Table:
    """One facility, with other columns than usual."""
    row = {
        "id": ["gp-1"],
        "kind": ["gp"],
        "name": ["Praktijk"],
        "lon": [6.86],
        "lat": [52.88],
        "units": [2.0],
    }
    return pa.table(row | {"origin": ["modelled"]} | columns)


def test_the_notes_that_pandas_leaves_in_parquet_are_not_needed(tmp_path: Path) -> None:
    for notes in (b"", b"{", b'{"index_columns": ["gone"], "columns": []}'):
        table = facilities(__index_level_0__=[7]).replace_schema_metadata({b"pandas": notes})
        assert read_facilities(parquet(tmp_path, table), RD).id == ("gp-1",)


def test_names_of_the_rows_are_a_column(tmp_path: Path) -> None:
    facilities().to_pandas().set_index("id").to_parquet(tmp_path / "table.parquet")
    assert read_facilities(tmp_path / "table.parquet", RD).id == ("gp-1",)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        # A list in a cell is the text that it is shown as, and that is neither of the two words, nor a number.
        ({"position_origin": [["a", "b"]]}, "position_origin must be observed or modelled in 1 of 1 rows (row 1"),
        ({"lon": [[6.86, 6.87]]}, "lon is no number in 1 of 1 rows (row 1"),
        ({"units": [None]}, "units is blank in 1 of 1 rows (row 1"),
        ({"name": pa.array([b"\xf6\xff"]).cast(pa.string(), safe=False)}, "cannot be read as a table"),
    ],
    ids=["list for a word", "list for a number", "nothing", "no UTF-8"],
)  # fmt: skip
def test_cells_of_parquet_that_nobody_expects_are_refused(
    tmp_path: Path, columns: dict[str, object], says: str
) -> None:
    with pytest.raises(InputError) as error:
        read_facilities(parquet(tmp_path, facilities(**columns)), RD)
    assert says in str(error.value)
    assert "table.parquet: " in str(error.value)


def test_parquet_that_is_cut_off_is_refused_with_its_name(tmp_path: Path) -> None:
    path = parquet(tmp_path, facilities())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match=r"table\.parquet: cannot be read as a table"):
        read_facilities(path, RD)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv: there is no such file"):
        read_points(tmp_path / "nowhere.csv")


def test_ids_stay_text_and_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    ids, lon_deg, lat_deg = read_points(written(tmp_path, "\ufeffid,lon,lat\n007,6.9,52.8\nNA,6.8,52.7\n"))
    assert ids == ("007", "NA")
    assert (lon_deg.tolist(), lat_deg.tolist()) == ([6.9, 6.8], [52.8, 52.7])


def test_points_far_from_the_streets_are_refused_and_a_swap_is_recognised() -> None:
    streets = street_map({"A": (0, 0), "B": (1000, 0)}, [("AB", {"highway": "residential"})])
    (lon,), (lat,) = streets.lon_deg[:1], streets.lat_deg[:1]
    path = Path("o.csv")
    refuse_far_points(path, ("near",), np.array([lon]), np.array([lat]), streets)
    with pytest.raises(InputError, match="'far' at lon"):
        # 0.8 degrees of longitude are some 54 km at this latitude.
        refuse_far_points(path, ("near", "far"), np.array([lon, lon + 0.8]), np.array([lat, lat]), streets)
    with pytest.raises(InputError, match="look swapped"):
        refuse_far_points(path, ("p",), np.array([lat]), np.array([lon]), streets)


def test_the_cells_of_a_place_must_add_up(tmp_path: Path) -> None:
    places = read_places(written(tmp_path, PLACES), RD)
    header = "x_m,y_m,place_id,inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,inhabitants_75plus\n"
    cells = header + "1,1,exloo,300,900,250,100\n2,1,exloo,0,0,0,40\n3,1,elders,1,2,3,4\n"
    grid = read_grid(written(tmp_path, cells, "grid.csv"), places)
    assert grid.place.tolist() == [0, 0, 1]
    with pytest.raises(InputError, match="do not add up"):
        read_grid(written(tmp_path, cells.replace("40\n", "41\n"), "grid.csv"), places)
    with pytest.raises(InputError, match="the place is unknown"):
        read_grid(written(tmp_path, cells.replace("elders", "nowhere"), "grid.csv"), places)


def test_a_table_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    table = pd.DataFrame({"place": ["Exloo"], "lon": [6.86], "lat": [52.88]})
    for name in ("t.csv", "t.parquet", "t.geojson"):
        write_table(tmp_path / name, table)
    assert (tmp_path / "t.csv").read_text() == "place,lon,lat\nExloo,6.86,52.88\n"
    assert pd.read_parquet(tmp_path / "t.parquet").equals(table)
    assert '"coordinates": [ 6.86, 52.88 ]' in (tmp_path / "t.geojson").read_text()
    with pytest.raises(InputError, match=r"written as \.csv"):
        write_table(tmp_path / "t.xlsx", table)
    with pytest.raises(InputError, match="no positions"):
        write_table(tmp_path / "u.geojson", table[["place"]])
    with pytest.raises(InputError, match="Cannot write"):
        write_table(tmp_path / "missing" / "t.csv", table)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "t.geojson", "t.parquet"]

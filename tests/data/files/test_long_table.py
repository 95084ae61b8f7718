"""Long tables come out as the data frames they stand for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.files.long_table import (
    LongTable,
    Texts,
    Whole,
    long_table,
    stacked_tables,
    whole_numbers,
    write_long_parquet,
)
from data.files.output import write_table

CODE = np.array([0, 0, 1, 1], np.int32)


def table(first: str = "a") -> LongTable:
    return LongTable(
        {
            "origin_id": Texts((first, "b"), CODE),
            "n_draws": np.array([1, 1, 12, 12], np.int64),
            "travel_time_s": Whole(np.array([0, 60, 7, 0]), np.array([False, False, False, True])),
        }
    )


def test_a_gap_is_empty_and_zero_is_not(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", table())
    text = "origin_id,n_draws,travel_time_s\na,1,0\na,1,60\nb,12,7\nb,12,\n"
    assert (tmp_path / "out.csv").read_bytes() == text.encode()


@pytest.mark.parametrize(
    "name", ["plain", "with space", "Sint-Jans'klooster", "ü", "a,b", 'say "b"', "", "two\nlines"]
)
def test_a_csv_has_the_bytes_that_pandas_would_write(name: str, tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", table(name))
    table(name).to_pandas().to_csv(tmp_path / "pandas.csv", index=False, lineterminator="\n")
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "pandas.csv").read_bytes()


def of_all_kinds() -> LongTable:
    """A table with a column of every kind, of which two have gaps."""
    return long_table(
        {
            "place": ["Sleen", "Erm, Diphoorn", "", "Sleen"],
            "mode": "walk",
            "in_region": np.array([True, False, True, True]),
            "inhabitants": np.array([10, 0, 7, 3], np.int32),
            "lon": np.array([6.8, 1e-5, -6.123456789, 100.0]),
            "share": np.array([0.1 + 0.2, np.nan, 1.0, 0.0]),
            "travel_time_s": whole_numbers(np.array([59.6, np.inf, 0.0, 7.0])),
        }
    )


def test_one_value_stands_in_every_row_and_gaps_are_where_nothing_is_reached() -> None:
    frame = of_all_kinds().to_pandas()
    assert frame["mode"].tolist() == ["walk"] * 4
    assert frame["travel_time_s"].isna().tolist() == [False, True, False, False]
    assert frame["travel_time_s"].dropna().tolist() == [60, 0, 7]
    assert frame["place"].tolist() == ["Sleen", "Erm, Diphoorn", "", "Sleen"]


def test_every_kind_of_column_is_written_as_pandas_writes_it(tmp_path: Path) -> None:
    for suffix in (".csv", ".parquet"):
        write_table(tmp_path / f"own{suffix}", of_all_kinds())
        write_table(tmp_path / f"of_pandas{suffix}", of_all_kinds().to_pandas())
    assert (tmp_path / "own.csv").read_bytes() == (tmp_path / "of_pandas.csv").read_bytes()
    read = pd.read_parquet(tmp_path / "own.parquet")
    pd.testing.assert_frame_equal(read, pd.read_parquet(tmp_path / "of_pandas.parquet"))


def test_stacked_tables_are_those_of_pandas() -> None:
    other = long_table(
        {
            "place": ("Erm", "Sleen"),
            "mode": "bike",
            "in_region": np.array([False, True]),
            "inhabitants": np.array([1, 2], np.int32),
            "lon": np.array([1.5, 2.5]),
            "share": np.array([np.nan, 0.5]),
            "travel_time_s": whole_numbers(np.array([1.0, np.inf])),
        }
    )
    both = stacked_tables([of_all_kinds(), other])
    assert len(both) == 6
    expected = pd.concat([of_all_kinds().to_pandas(), other.to_pandas()], ignore_index=True)
    pd.testing.assert_frame_equal(both.to_pandas(), expected)
    assert len(stacked_tables([])) == 0


def test_pandas_reads_a_parquet_file_as_the_frame_it_stands_for(tmp_path: Path) -> None:
    write_long_parquet(tmp_path / "out.parquet", table("a,b"))
    read = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(read, table("a,b").to_pandas())
    assert read["travel_time_s"].dtype == pd.Int64Dtype()
    assert read["n_draws"].dtype == np.int64

"""Long tables come out as the data frames they stand for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.files.long_table import LongTable, Texts, Whole, write_long_parquet
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


def test_pandas_reads_a_parquet_file_as_the_frame_it_stands_for(tmp_path: Path) -> None:
    write_long_parquet(tmp_path / "out.parquet", table("a,b"))
    read = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(read, table("a,b").to_pandas())
    assert read["travel_time_s"].dtype == pd.Int64Dtype()
    assert read["n_draws"].dtype == np.int64

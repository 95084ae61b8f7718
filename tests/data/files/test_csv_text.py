"""Tables as CSV for a spreadsheet: nothing typed is run, and no number is changed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.files.csv_text import COMMAS, SEMICOLONS, harmless, harmless_table, spreadsheet_bytes
from data.files.long_table import LongTable, Texts
from data.files.output import write_table


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "- walk 4 min",
        "-",
        "=",
        "+31 6 1",
        "-1e",
        "--5",
        "-5\n",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Exloo",
        "'t Haantje",
        " =1",
        "a=b",
        "-5",
        "+31612345678",
        "-3.5",
        "-3,5",
        "+1e9",
        "06-10-2026",
        "\u221212",
    ],
)
def test_all_else_stays_to_the_letter(text: str) -> None:
    # A number behind a sign is a number to a spreadsheet as well, and the true minus of typography is none to it.
    assert harmless(text) == text


def test_numbers_and_gaps_of_a_table_stay_and_its_heading_is_harmless_too() -> None:
    table = pd.DataFrame(
        {"=a": [-1, 2], "b": [-0.5, np.nan], "c": ["-x", None], "d": pd.array([-3, None], dtype="Int64")}
    )
    made = harmless_table(table)
    assert made.columns.tolist() == ["'=a", "b", "c", "d"]
    assert made["c"].fillna("").tolist() == ["'-x", ""]
    for name in ("b", "d"):
        pd.testing.assert_series_equal(made[name], table[name])
    assert made["'=a"].tolist() == [-1, 2]
    assert table["c"].fillna("").tolist() == ["-x", ""]  # what was given is not changed


def test_a_text_cannot_open_a_cell_of_its_own() -> None:
    table = pd.DataFrame({"a": ['x";=1+1;"'], "b": [1.5]})
    for form in (SEMICOLONS, COMMAS):
        text = spreadsheet_bytes(table, form)
        read = pd.read_csv(BytesIO(text), sep=form.separator, decimal=form.decimal, encoding="utf-8-sig")
        pd.testing.assert_frame_equal(read, table)


def test_results_are_written_harmless_unless_asked_otherwise(tmp_path: Path) -> None:
    code = np.zeros(1, np.int32)
    for table in (pd.DataFrame({"id": ["@a"]}), LongTable({"id": Texts(("@a",), code)})):
        write_table(tmp_path / "t.csv", table)
        assert (tmp_path / "t.csv").read_text() == "id\n'@a\n"
        write_table(tmp_path / "t.csv", table, keep_formulas=True)
        assert (tmp_path / "t.csv").read_text() == "id\n@a\n"
        write_table(tmp_path / "t.parquet", table)
        assert pd.read_parquet(tmp_path / "t.parquet")["id"].tolist() == ["@a"]

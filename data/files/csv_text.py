"""Tables as CSV that a spreadsheet opens without running anything.

A spreadsheet takes a text that begins with = + - @ or a tab for a formula, whoever typed it. Such a text gets an apostrophe
in front, by which spreadsheets know text; numbers, and texts that are whole numbers or decimals, stay as they are. (The rule of
OWASP, "CSV Injection".)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

FORMULA = re.compile(r"(?!(?a:[+-]?\d+([.,]\d+)?([eE][+-]?\d+)?)\Z)[=+\-@\t\r]")
"""Beginning of a text that a spreadsheet would run."""
NUMBERS = "biufcmM"
"""Kinds of columns that hold no text."""


class CsvForm(NamedTuple):
    """What stands between two cells, and before the decimals of a number."""

    separator: str
    decimal: str


SEMICOLONS, COMMAS = CsvForm(";", ","), CsvForm(",", ".")
"""As a spreadsheet set to Dutch reads it, and as programs and spreadsheets set to English do."""


def harmless(text: str) -> str:
    """Text as it stands in a CSV: behind an apostrophe where a spreadsheet would run it."""
    return f"'{text}" if FORMULA.match(text) else text


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Table whose names of columns and texts are all `harmless`."""
    changed = {}
    for name in table.columns:
        column = table[name]
        if column.dtype.kind in NUMBERS:
            continue
        risky = {text: harmless(text) for text in column.unique() if isinstance(text, str)}
        risky = {text: said for text, said in risky.items() if said != text}
        if risky:
            changed[name] = [risky.get(cell, cell) for cell in column]
    return table.assign(**changed).rename(columns=lambda name: harmless(str(name)))


def spreadsheet_bytes(table: pd.DataFrame, form: CsvForm) -> bytes:
    """CSV for a spreadsheet: with a mark that it is UTF-8, without which accents go wrong."""
    text = harmless_table(table).to_csv(
        index=False, sep=form.separator, decimal=form.decimal, lineterminator="\r\n"
    )
    return text.encode("utf-8-sig")

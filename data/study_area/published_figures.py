"""Published figures of a region to compare results with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd

from data.errors import InputError
from data.files.output import write_table
from data.files.tables import read_table
from data.study_area.region_toml import Region

FILE = "control.csv"
NEAREST = {
    "mean distance to GP practice": "gp",
    "mean distance to large supermarket": "supermarket",
    "mean distance to out-of-hours GP post": "gp_post",
    "mean distance to hospital": "hospital",
    "mean distance to railway station": "station",
}
"""Indicators that are mean distances over the road, and what is nearest."""
CAR_AREA = "area reached by car within {minutes} minutes"
CARS = "cars per household"
INHABITANTS, AGED = "inhabitants", "inhabitants aged 65 and over"
POSTCODE = "PC"
"""Before the number of a postcode in codes, as BU and GM are before those of neighbourhoods and municipalities."""


@dataclass(frozen=True, slots=True)
class Control:
    """One published figure.

    Attributes
    ----------
    control_id
        Unique.
    indicator
        What was measured: one of `NEAREST`, `CAR_AREA`, or figures of inhabitants.
    area, code
        Where, by name, and by the code of CBS ("" where it has none).
    year, value, unit, source, note, origin
        The figure as it was published.
    lon_deg, lat_deg
        Middle of an area reached by car; nan otherwise.

    """

    control_id: str
    indicator: str
    area: str
    code: str
    year: str
    value: float
    unit: str
    source: str
    note: str
    origin: str
    lon_deg: float
    lat_deg: float


def read_control(region: Region) -> tuple[Control, ...]:
    """Published figures in the region's folder, or among its facts; none where there is no such table.

    Raises
    ------
    InputError
        When the table lacks a column or holds a value that is no number.

    """
    for folder in (region.folder, region.folder / region.facts):
        if (folder / FILE).is_file():
            return _read(folder / FILE)
    return ()


def write_control(path: Path, rows: Sequence[Control]) -> None:
    """Write a table of figures."""
    table = pd.DataFrame([asdict(row) for row in rows])
    write_table(path, table.rename(columns={"lon_deg": "lon", "lat_deg": "lat"}), keep_formulas=True)


def _read(path: Path) -> tuple[Control, ...]:
    required = ("control_id", "indicator", "area", "year", "value", "unit", "source", "note", "origin")
    table = read_table(path, required)
    table = table.rename(columns={"lon": "lon_deg", "lat": "lat_deg"})
    rows = []
    for number, record in enumerate(table.to_dict("records"), start=2):
        texts = {field.name: str(record.get(field.name, "")) for field in fields(Control)}
        try:
            numbers = {name: _number(texts.pop(name)) for name in ("value", "lon_deg", "lat_deg")}
        except ValueError as error:
            msg = f"{path}: line {number}: {error}. Mend this row and try again."
            raise InputError(msg) from error
        rows.append(Control(**texts, **numbers))  # type: ignore[arg-type]
    return tuple(rows)


def _number(text: str) -> float:
    """Number of a cell, nan where it is blank; ValueError for what is none."""
    number = float(text or "nan")
    if math.isinf(number):
        raise ValueError(f"'{text}' is no figure")
    return number

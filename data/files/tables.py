"""CSV and Parquet tables of places, facilities and cells, checked row by row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from data.build_report import N_EXAMPLES
from data.car_ownership import cars_of
from data.columns import Floats
from data.errors import InputError, no_file
from data.files.rows import UNITS_MAX, Rows, numbered, parquet_frame
from data.places import AGE_BANDS, Facilities, Places, PopulationGrid
from data.projection import Projection

ORIGINS = ("observed", "modelled")
CARS, WITHOUT_CAR = "cars_per_household", "without_car_share"
CARS_MAX = 10.0
"""Far more than any district has: a figure per hundred households, or of all of them."""
AGE_COLUMNS = tuple(f"inhabitants_{band}" for band in AGE_BANDS)


def read_table(path: Path, required: tuple[str, ...]) -> pd.DataFrame:
    """Read a CSV (UTF-8, comma) or Parquet table; text columns stay text.

    Raises
    ------
    InputError
        When the file is missing, empty, unreadable or lacks a column of `required`.

    """
    if not path.is_file():
        raise InputError(no_file(path))
    try:
        if path.suffix == ".parquet":
            table = numbered(parquet_frame(path), "row", 1)
        else:
            table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            table = numbered(table, "line", 2)
    except pd.errors.EmptyDataError as error:
        msg = f"{path}: the file is empty. Expected a header with the columns {', '.join(required)}."
        raise InputError(msg) from error
    except (ValueError, KeyError, OSError, pa.ArrowException, pd.errors.ParserError) as error:
        msg = f"{path}: cannot be read as a table ({_first_line(error)}). Save it as CSV in UTF-8, or as Parquet."
        raise InputError(msg) from error
    return complete(path, table, required)


def complete(path: Path, table: pd.DataFrame, required: tuple[str, ...]) -> pd.DataFrame:
    """Table with all columns of `required` and at least one row."""
    missing = [column for column in required if column not in table.columns]
    if missing:
        msg = (
            f"{path}: the column {_quoted(missing)} is missing; found {_quoted(list(table.columns))}. "
            f"Expected {', '.join(required)}."
        )
        raise InputError(msg)
    if table.empty:
        msg = f"{path}: the table has a header but no rows."
        raise InputError(msg)
    return table


def read_places(path: Path, projection: Projection) -> Places:
    """Places from a table: id, name, municipality, kind, lon, lat, inhabitants by age, in_region, origin.

    Cars per household where there is a column `cars_per_household`, or `without_car_share`: the share of the households that
    has none, which says the same (`data.car_ownership`).
    """
    required = ("id", "name", "municipality", "kind", "lon", "lat", *AGE_COLUMNS, "in_region", "origin")
    return places_of(Rows(str(path), read_table(path, required)), projection)


def places_of(rows: Rows, projection: Projection) -> Places:
    """Places of a table with all columns of `read_places`; InputError with every row that cannot be used."""
    ids, (lon_deg, lat_deg), by_age = rows.ids(), rows.lonlat(), rows.persons(AGE_COLUMNS)
    in_region = rows.choices("in_region", ("false", "true"))
    modelled = rows.choices("origin", ORIGINS)
    cars_per_household = _cars(rows)
    rows.refuse()
    x_m, y_m = projection.to_metres(lon_deg, lat_deg)
    return Places(
        id=ids,
        name=rows.texts("name"),
        municipality=rows.texts("municipality"),
        kind=rows.texts("kind"),
        x_m=x_m,
        y_m=y_m,
        inhabitants_by_age=by_age,
        in_region=in_region,
        modelled=modelled,
        cars_per_household=cars_per_household,
    )


def _cars(rows: Rows) -> Floats:
    """Cars per household of a table of places, from either column; nan where both are blank."""
    cars, without = rows.optional(CARS), rows.optional(WITHOUT_CAR)
    rows.add(cars <= 0, f"{rows.name_of(CARS)} must be above 0", CARS)
    rows.add(cars > CARS_MAX, f"{rows.name_of(CARS)} must be at most {CARS_MAX:g}", CARS)
    outside = (without <= 0) | (without >= 1)
    rows.add(outside, f"{rows.name_of(WITHOUT_CAR)} must lie between 0 and 1", WITHOUT_CAR)
    both = np.isfinite(cars) & np.isfinite(without)
    rows.add(both, f"give {rows.name_of(CARS)} or {rows.name_of(WITHOUT_CAR)}, not both", CARS, WITHOUT_CAR)
    return np.where(np.isfinite(without), cars_of(np.where(outside, np.nan, without)), cars)


def read_facilities(path: Path, projection: Projection) -> Facilities:
    """Facilities from a table: id, kind, name, lon, lat, units, origin; where there are such columns more.

    They are opening_hours, date, position_origin and position_m. A position is modelled or not as the facility is, unless
    its own origin says otherwise.
    """
    table = read_table(path, ("id", "kind", "name", "lon", "lat", "units", "origin"))
    return facilities_of(Rows(str(path), table), projection)


def facilities_of(rows: Rows, projection: Projection) -> Facilities:
    """Facilities of a table with all columns of `read_facilities`; InputError with every row that cannot be used."""
    ids, (lon_deg, lat_deg), units = rows.ids(), rows.lonlat(), rows.numbers("units")
    rows.add(units <= 0, f"{rows.name_of('units')} must be above 0", "units")
    rows.add(units > UNITS_MAX, f"{rows.name_of('units')} must be at most {UNITS_MAX:,.0f}", "units")
    kind = rows.texts("kind")
    rows.add(np.array([not text for text in kind]), f"the {rows.name_of('kind')} is blank", "kind")
    modelled = rows.choices("origin", ORIGINS)
    positions = rows.table.get("position_origin", rows.table["origin"])
    rows.table["position_origin"] = positions.mask(positions == "", rows.table["origin"])
    position_modelled, position_m = rows.choices("position_origin", ORIGINS), rows.optional("position_m")
    rows.refuse()
    x_m, y_m = projection.to_metres(lon_deg, lat_deg)
    blank = ("",) * len(ids)
    return Facilities(
        id=ids,
        kind=kind,
        name=rows.texts("name"),
        x_m=x_m,
        y_m=y_m,
        units=units,
        opening=rows.texts("opening_hours") if "opening_hours" in rows.table else blank,
        modelled=modelled,
        date=rows.texts("date") if "date" in rows.table else blank,
        position_modelled=position_modelled,
        position_m=position_m,
    )


def read_grid(path: Path, places: Places) -> PopulationGrid:
    """Cells from a table: x_m, y_m (centre, projected), place_id, inhabitants by age.

    Raises
    ------
    InputError
        When a cell names an unknown place, or the cells of a place do not add up to its inhabitants.

    """
    rows = Rows(str(path), read_table(path, ("x_m", "y_m", "place_id", *AGE_COLUMNS)))
    row_of = {place_id: row for row, place_id in enumerate(places.id)}
    place = np.array([row_of.get(place_id, -1) for place_id in rows.texts("place_id")], np.int32)
    rows.add(place < 0, "the place is unknown", "place_id")
    by_age, x_m, y_m = rows.persons(AGE_COLUMNS), rows.numbers("x_m"), rows.numbers("y_m")
    rows.refuse()
    totals = np.zeros(places.inhabitants_by_age.shape, np.int64)
    np.add.at(totals, place, by_age)
    wrong = np.flatnonzero((totals != places.inhabitants_by_age).any(axis=1))
    if len(wrong):
        names = ", ".join(places.id[row] for row in wrong[:N_EXAMPLES])
        msg = (
            f"{path}: the cells of {len(wrong)} places do not add up to their inhabitants by age ({names}). "
            "Use cells and places of the same year."
        )
        raise InputError(msg)
    return PopulationGrid(x_m=x_m, y_m=y_m, place=place, inhabitants_by_age=by_age)


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

"""Where there is fast internet, from a table of places or from areas on a map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from data.broadband import Broadband
from data.build_report import BuildReport, finding
from data.columns import Floats
from data.errors import InputError
from data.files.rows import Rows
from data.files.tables import read_table
from data.json_text import json_of
from data.outlines import area_of
from data.places import Places
from data.projection import Projection

PLACE, SHARE, SERVED = "place", "share", "served"
YES_NO = ("false", "true")
N_TOLD = 8


def read_broadband(path: Path, places: Places, projection: Projection) -> tuple[Broadband, BuildReport]:
    """Share of the addresses of each place that can have fast internet, and which places the file says nothing of.

    A table (CSV, Parquet) has a column `place`, the id or the name of a place, and `share`, from 0 to 1, or `served`, true or
    false; a blank is unknown. A map (GeoJSON) has areas with one of these as a property: a place has what the first area says in
    which its point lies.

    Raises
    ------
    InputError
        When the file cannot be used, with all its faults at once.

    """
    share = _of_areas(path, places, projection) if path.suffix == ".geojson" else _of_table(path, places)
    unknown = [places.name[row] for row in np.flatnonzero(np.isnan(share))]
    return Broadband(share), finding(
        "broadband", "kept", "places of which it is unknown whether there is fast internet", unknown
    )


def _of_table(path: Path, places: Places) -> Floats:
    table = read_table(path, (PLACE,))
    column = _column(path, list(table.columns))
    rows = Rows(str(path), table)
    if column == SHARE:
        values = rows.optional(SHARE)
        rows.add((values < 0) | (values > 1), "share must lie between 0 and 1", SHARE)
    else:
        texts = table[SERVED].astype(str).str.strip().str.lower().to_numpy()
        values = np.select([texts == "true", texts == "false"], [1.0, 0.0], np.nan)
        rows.add(~np.isin(texts, [*YES_NO, "", "none"]), "served must be true or false", SERVED)
    named = _rows_of(places)
    wanted = [text.casefold() for text in rows.texts(PLACE)]
    found = [named.get(text, []) for text in wanted]
    rows.add(np.array([not row for row in found]), "there is no such place", PLACE)
    rows.add(np.array([len(row) > 1 for row in found]), "several places are called so; give the id", PLACE)
    seen: set[int] = set()
    twice = []
    for row in found:
        twice.append(len(row) == 1 and row[0] in seen)
        seen.update(row[:1])
    rows.add(np.array(twice), "the place was named before", PLACE)
    rows.refuse()
    share = np.full(len(places.id), np.nan)
    share[[row[0] for row in found]] = values
    return share


def _column(path: Path, columns: list[str]) -> str:
    """The one column that says it."""
    given = [name for name in (SHARE, SERVED) if name in columns]
    if len(given) != 1:
        msg = f"{path}: give either a column '{SHARE}' (0 to 1) or '{SERVED}' (true or false), and not both."
        raise InputError(msg)
    return given[0]


def _rows_of(places: Places) -> dict[str, list[int]]:
    """Rows of the places by id, and by name where that is no id."""
    found: dict[str, list[int]] = {}
    for row, name in enumerate(places.name):
        found.setdefault(name.casefold(), []).append(row)
    return found | {id_.casefold(): [row] for row, id_ in enumerate(places.id)}


def _of_areas(path: Path, places: Places, projection: Projection) -> Floats:
    try:
        features = list(json_of(path.read_bytes())["features"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path}: expected a GeoJSON FeatureCollection of areas in WGS84 ({error!r})."
        raise InputError(msg) from error
    faults: list[str] = []
    lon_deg, lat_deg = projection.to_lonlat(places.x_m, places.y_m)
    share = np.full(len(places.id), np.nan)
    unsaid = np.ones(len(places.id), np.bool_)
    for number, feature in enumerate(features, start=1):
        try:
            area, value = area_of(feature["geometry"]), _value(feature["properties"])
        except (ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
            faults.append(f"feature {number}: {error}")
            continue
        inside = shapely.intersects_xy(shapely.make_valid(area), lon_deg, lat_deg) & unsaid
        share[inside] = value
        unsaid &= ~inside
    if faults:
        more = f"; and {len(faults) - N_TOLD} more" if len(faults) > N_TOLD else ""
        msg = f"{path} has mistakes to mend: {'; '.join(faults[:N_TOLD])}{more}."
        raise InputError(msg)
    return share


def _value(properties: Any) -> float:  # noqa: ANN401 -- whatever the file holds
    """Share that the properties of an area say."""
    if not isinstance(properties, dict):
        msg = f"it has no properties, but {properties!r}"
        raise TypeError(msg)
    given = {name: properties[name] for name in (SHARE, SERVED) if properties.get(name) is not None}
    if len(given) != 1:
        msg = f"it needs either {SHARE} (0 to 1) or {SERVED} (true or false)"
        raise ValueError(msg)
    value = given.get(SHARE, given.get(SERVED))
    if (
        (SERVED in given) != isinstance(value, bool)
        or not isinstance(value, bool | int | float)
        or not 0 <= value <= 1
    ):
        msg = f"{next(iter(given))} is {value!r}; share must lie between 0 and 1, served be true or false"
        raise ValueError(msg)
    return float(value)

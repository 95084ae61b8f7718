"""Services or places of somebody's own beside the region: what of them is used there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.any_table import TableLayer
from data.files.faults import Fault, OwnFaultError
from data.files.tables import facilities_of, places_of
from data.live.area import Box
from data.parameters.facility_kinds import FacilityKinds
from data.projection import Projection
from data.study_area.tables import read_rows


def checked_table(
    path: Path, name: str, layer: TableLayer, origin: str, projection: Projection, kinds: FacilityKinds
) -> tuple[pd.DataFrame, BuildReport]:
    """Table of services or places with all columns that the readers ask for; arguments as of `read_rows`.

    Raises
    ------
    OwnFaultError
        When the file is no table, lacks a column, or has rows that cannot be used.

    """
    rows, report = read_rows(path, name, layer, origin, projection, kinds)
    try:
        (facilities_of if layer == "facilities" else places_of)(rows, projection)
    except InputError as error:
        raise OwnFaultError(Fault("rows", name, {}, str(error))) from error
    return rows.table, report


def without_far_rows(
    table: pd.DataFrame, name: str, layer: TableLayer, box: Box
) -> tuple[pd.DataFrame, BuildReport]:
    """Leave out rows outside `box`, which holds all that the streets lead to.

    Raises
    ------
    OwnFaultError
        When no row is inside.

    """
    lon, lat = (np.asarray(table[column].astype(float), np.float64) for column in ("lon", "lat"))
    inside = box.holds(lon, lat)
    if not inside.any():
        swapped = bool(box.holds(lat, lon).all())
        middle = f"{float(np.median(lat)):.2f}, {float(np.median(lon)):.2f}"
        raise OwnFaultError(Fault("swapped" if swapped else "elsewhere", name, {"where": middle}))
    names = table["name"].to_numpy()[~inside]
    return table[inside], finding(layer, "dropped", "rows far from any street of the region", names)


def without_unknown_kinds(
    table: pd.DataFrame, name: str, kinds: FacilityKinds
) -> tuple[pd.DataFrame, BuildReport]:
    """Leave out services of kinds that the app does not know; OwnFaultError when it knows none of them."""
    unknown = ~table["kind"].isin(kinds.ids).to_numpy()
    names = sorted(set(table["kind"].to_numpy()[unknown]))
    if unknown.all():
        raise OwnFaultError(Fault("unknown kinds", name, {"found": ", ".join(names[:5])}))
    what = "services of a kind that is not known here"
    labels = [f"{row['name']} ({row['kind']})" for _, row in table[unknown].iterrows()]
    return table[~unknown], finding("facilities", "dropped", what, labels)


def write_csv(path: Path, table: pd.DataFrame) -> None:
    """Write a table as the readers expect it."""
    table.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")

"""Comparisons written to files: tables as CSV, Parquet or GeoJSON, or layers with colours in one GeoPackage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data.errors import InputError
from data.files.geopackage import Layer, fill_geopackage
from data.files.long_table import LongTable, framed
from data.files.output import BESIDE, table_writers
from data.files.qgis_project import ENDING as PROJECT
from data.files.qgis_project import fill_project
from data.files.qml import Category
from data.files.whole import write_files
from scenarios.comparison.report import about
from scenarios.comparison.run_file import RunFile, fill_run
from scenarios.comparison.tables import Compared

if TYPE_CHECKING:
    import pandas as pd

RUN = ".run.json"
"""Ending of the file that a comparison can be made again from."""
ENDINGS = (".csv", ".parquet", ".geojson", ".gpkg")
CELL_M = 100.0
CLASS = "change_class"
STEPS_MIN = (1, 5, 15)
"""Minutes that part the colours of a map."""
CATEGORIES = (
    Category("won", "reached now, not before", (0, 60, 48)),
    Category("shorter 15", "shorter by 15 min or more", (1, 102, 94)),
    Category("shorter 5", "shorter by 5 to 15 min", (90, 180, 172)),
    Category("shorter 1", "shorter by 1 to 5 min", (199, 234, 229)),
    Category("same", "changed by less than 1 min", (235, 235, 235)),
    Category("longer 1", "longer by 1 to 5 min", (246, 232, 195)),
    Category("longer 5", "longer by 5 to 15 min", (216, 179, 101)),
    Category("longer 15", "longer by 15 min or more", (140, 81, 10)),
    Category("lost", "no longer reached", (84, 48, 5)),
    Category("never", "reached neither before nor after", (150, 150, 150)),
    Category("unknown", "not in the data of the region", (255, 255, 255)),
)
"""Colours of ColorBrewer's BrBG, which the colour-blind can tell apart: green is better, brown is worse."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What a comparison comes to; `cells` is empty where no cells were asked for, or where there are none.

    `more` are tables without places, by name.
    """

    places: LongTable
    cells: LongTable
    more: dict[str, pd.DataFrame | LongTable]


def write_comparison(
    path: Path,
    compared: Sequence[Compared],
    tables: Tables,
    run: Callable[[list[Path]], RunFile],
    *,
    keep_formulas: bool = False,
) -> list[Path]:
    """Write all tables and the run file beside them, all or none.

    Tables besides the places get names of their own beside `path`, but in a GeoPackage are in it. Beside a GeoPackage stands a
    project of QGIS, and beside every CSV what is told of it.

    Parameters
    ----------
    path, compared, tables
        File of the places, what was compared, and the tables of it.
    run
        Describes the run, given the files as they stand beside each other.
    keep_formulas
        Whether the texts of a CSV stay as they are, see `data.files.output.write_table`.

    Returns
    -------
    The files written, the run file last.

    Raises
    ------
    InputError
        When the ending is unknown or a file cannot be written; then all files are as they were.

    """
    writers = _writers(path, compared, tables, keep_formulas=keep_formulas)

    def describe(beside: Path) -> None:
        # What stands beside a table is told of it, and is not what the run came to.
        tables = [name for name in writers if not name.endswith((BESIDE, PROJECT))]
        fill_run(beside, run([beside.with_name(name) for name in tables]))

    names = [*writers, run_path(path).name]
    write_files(path.parent, {**writers, names[-1]: describe})
    return [path.with_name(name) for name in names]


def run_path(path: Path) -> Path:
    """Run file of a comparison."""
    return path.with_suffix(RUN)


def _writers(
    path: Path, compared: Sequence[Compared], tables: Tables, *, keep_formulas: bool
) -> dict[str, Callable[[Path], None]]:
    """What fills each of the files, by their names."""
    check_ending(path)
    world = compared[0].before
    if path.suffix == ".gpkg":
        layers, crs = _layers(compared[0], tables), compared[0].before.region.crs
        more = {name: (framed(table), about(world, name)) for name, table in tables.more.items()}
        groups = {layer.name: (layer.about.entry.title, layer.name) for layer in layers}
        groups |= {name: ("Tables", told.entry.title) for name, (_, told) in more.items()}
        return {
            path.name: lambda beside: fill_geopackage(beside, layers, more, crs),
            path.with_suffix(PROJECT).name: lambda beside: fill_project(
                beside, beside.with_name(path.name), world.region.title, groups, crs
            ),
        }
    files: dict[Path, tuple[str, pd.DataFrame | LongTable]] = {path: ("comparison", tables.places)}
    if len(tables.cells):
        files[_beside(path, "cells", path.suffix)] = ("cells", tables.cells)
    # Without places a table cannot be GeoJSON.
    ending = ".csv" if path.suffix == ".geojson" else path.suffix
    files |= {_beside(path, name, ending): (name, table) for name, table in tables.more.items()}
    writers: dict[str, Callable[[Path], None]] = {}
    for file, (name, table) in files.items():
        writers |= table_writers(file, table, about(world, name), keep_formulas=keep_formulas)
    return writers


def check_ending(path: Path) -> None:
    """Refuse a file of an unknown kind, before anything is worked out for it.

    Raises
    ------
    InputError
        When its name ends in none of `ENDINGS`.

    """
    if path.suffix not in ENDINGS:
        msg = f"{path}: comparisons are written as {', '.join(ENDINGS)}; choose one of these endings."
        raise InputError(msg)


def _beside(path: Path, name: str, ending: str) -> Path:
    return path.with_name(f"{path.stem}-{name}{ending}")


def _layers(pair: Compared, tables: Tables) -> list[Layer]:
    """A layer per pair of scenarios, kind and mode, of the places and of the cells."""
    layers = []
    for name, columns, cell_m in (("places", tables.places, 0.0), ("cells", tables.cells, CELL_M)):
        if not len(columns):
            continue
        table = columns.to_pandas()
        several = len(set(table["after_scenario"])) > 1
        for keys, rows in table.groupby(["after_scenario", "kind", "mode"], sort=False):
            title = " ".join([name, *map(str, keys if several else keys[1:])])
            x_m, y_m = pair.before.projection.to_metres(rows["lon"].to_numpy(), rows["lat"].to_numpy())
            if cell_m and pair.before.grid is not None:
                x_m, y_m = pair.before.grid.x_m, pair.before.grid.y_m
            coloured = rows.reset_index(drop=True).assign(**{CLASS: change_class(rows)})
            told = about(pair.before, "cells" if cell_m else "comparison")
            layers.append(
                Layer(title, coloured, np.asarray(x_m), np.asarray(y_m), cell_m, CLASS, CATEGORIES, told)
            )
    return layers


def change_class(rows: pd.DataFrame) -> list[str]:
    """Value of `CATEGORIES` of every row of a table with the columns difference_s and change."""
    found = []
    for change, difference_s in zip(rows["change"], rows["difference_s"], strict=True):
        if change not in {"shorter", "longer"}:
            found.append(str(change))
            continue
        minutes = abs(difference_s) / 60
        reached = [step for step in STEPS_MIN if minutes >= step]
        found.append(f"{change} {reached[-1]}" if reached else "same")
    return found

"""What really happened, for notebooks: published figures year by year, beside the model and what a scenario promised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from data.errors import InputError
from data.study_area.yearly_figures import read_yearly
from scenarios.monitoring.series import followed
from scenarios.monitoring.tables import series_table, years_table

if TYPE_CHECKING:
    import pandas as pd

    from dorpshub.regions import Region

Rows: TypeAlias = Literal["series", "year"]


def monitor(
    region: Region,
    file: str | Path,
    *,
    after: Region | None = None,
    from_year: int | None = None,
    to_year: int | None = None,
    rows: Rows = "series",
) -> pd.DataFrame:
    r"""Figures that were published or counted year after year, beside the model and what a scenario promised of the same.

    Parameters
    ----------
    region
        As it is.
    file
        Path of a CSV or Parquet table with the columns year, area, indicator, value, unit, source, and where they are known code
        (of CBS, or the id of a place) and definition.
    after
        The same region with a scenario; without one nothing was promised.
    from_year, to_year
        Years to look at, both included; all when left out.
    rows
        ``series``: a row per area and indicator, from the first known year to the last. ``year``: a row per known year.

    Returns
    -------
    By series: first_value, last_value, published_change with its rounding, modelled, promised_change, the verdict ("as promised",
    "less", "more", "opposite", "not seen", "not promised"), and why_not where there is none. By year: value and change.

    Raises
    ------
    InputError
        When the file cannot be used, with all its rows at fault, or no figure lies within the years.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from dorpshub import apply, monitor, open_region
    >>> region = open_region("zuid-oost-drenthe")
    >>> counted = "year,area,indicator,value,unit,source\n2021,Emmen,inhabitants,106905,persons,CBS\n2025,Emmen,inhabitants,108500,persons,CBS"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "figures.csv"
    ...     _ = file.write_text(counted)
    ...     table = monitor(region, file, after=apply(region, {"edits": [{"edit": "ChangeYear", "year": 2025}]}))
    >>> table[["published_change", "verdict"]].values.tolist()
    [[1595.0, 'opposite']]

    """
    if rows not in get_args(Rows):
        msg = f"rows '{rows}': ask for {', '.join(get_args(Rows))}."
        raise InputError(msg)
    if after is not None and after.world.places.id != region.world.places.id:
        msg = f"{region} and {after} do not have the same places: compare one region with itself."
        raise InputError(msg)
    changed = None if after is None else after.world
    found = followed(read_yearly(Path(file)), region.world, changed, from_year, to_year)
    return series_table(found) if rows == "series" else years_table(found)

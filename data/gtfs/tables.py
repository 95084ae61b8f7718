"""The tables of a GTFS feed: a zip file or folder to data frames with known columns and types.

gtfs-kit reads the tables, from a copy with clean headers. The copy leaves out what the timetable does not use (shapes
can be gigabytes), and names the unused columns so that an odd value in one of them cannot make a feed unreadable.

Known limit: gtfs-kit takes words such as ``NA`` and ``null`` for blank, also where they are an id.

Which columns of which GTFS tables the timetable uses, and which of them are numbers.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd

from data.build_report import N_EXAMPLES, Action, BuildReport, Finding
from data.columns import Bools, Int64s
from data.errors import InputError

REQUIRED = {
    "agency": (),
    "stops": ("stop_id", "stop_lat", "stop_lon"),
    "routes": ("route_id", "route_type"),
    "trips": ("trip_id", "route_id", "service_id"),
    "stop_times": ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"),
    "calendar": (
        "service_id",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "start_date",
        "end_date",
    ),
    "calendar_dates": ("service_id", "date", "exception_type"),
    "frequencies": ("trip_id", "start_time", "end_time", "headway_secs"),
    "transfers": ("from_stop_id", "to_stop_id", "transfer_type"),
}
"""Per table the columns without which it cannot be used."""

OPTIONAL = {
    "agency": ("agency_id", "agency_name", "agency_timezone"),
    "stops": ("stop_name", "location_type", "parent_station"),
    "routes": (
        "agency_id",
        "route_short_name",
        "route_long_name",
        "continuous_pickup",
        "continuous_drop_off",
    ),
    "trips": ("trip_headsign", "block_id", "bikes_allowed"),
    "stop_times": (
        "pickup_type",
        "drop_off_type",
        "shape_dist_traveled",
        "continuous_pickup",
        "continuous_drop_off",
    ),
    "calendar": (),
    "calendar_dates": (),
    "frequencies": ("exact_times",),
    "transfers": ("min_transfer_time", "from_trip_id", "to_trip_id", "from_route_id", "to_route_id"),
}
"""Per table the further columns that are used; blank where a feed lacks them."""

NUMBERS = frozenset(
    {
        "stop_lat",
        "stop_lon",
        "location_type",
        "route_type",
        "stop_sequence",
        "pickup_type",
        "drop_off_type",
        "shape_dist_traveled",
        "continuous_pickup",
        "continuous_drop_off",
        *REQUIRED["calendar"][1:8],
        "exception_type",
        "headway_secs",
        "bikes_allowed",
        "exact_times",
        "transfer_type",
        "min_transfer_time",
    }
)
"""Columns read as float64, nan where blank; all others are text without surrounding spaces, <NA> where blank."""

STAGED_NAMES = {"headway_secs": "headway", "min_transfer_time": "min_transfer"}
"""Columns that gtfs-kit would read as 16-bit numbers (at most 9 hours) get a name it does not know."""


MUST_HAVE_ROWS = ("stops", "routes", "trips", "stop_times")
FIRST_ROW = 2
"""Row number, as a spreadsheet shows it, of the first row below the header."""

Folder: TypeAlias = Path | zipfile.Path


@dataclass(frozen=True, slots=True, eq=False)
class FeedTables:
    """The tables of one feed; one that the feed lacks has its columns but no rows.

    Attributes
    ----------
    path
        The zip file or folder, for messages.
    name
        What the feed is called in ids and findings when several are read together; "" for a single feed.

    """

    path: Path
    name: str
    agency: pd.DataFrame
    stops: pd.DataFrame
    routes: pd.DataFrame
    trips: pd.DataFrame
    stop_times: pd.DataFrame
    calendar: pd.DataFrame
    calendar_dates: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame

    def note(
        self, action: Action, what: str, rows: Int64s | Bools, label: Callable[[int], object]
    ) -> BuildReport:
        """Report of one finding over `rows` (row numbers, or a mask of rows); `label` names the few examples only."""
        numbers = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        if not len(numbers):
            return BuildReport()
        layer = f"timetable {self.name}".rstrip()
        examples = tuple(str(label(int(number))) for number in numbers[:N_EXAMPLES])
        return BuildReport((Finding(layer, action, what, len(numbers), examples),))


def read_tables(path: Path, name: str) -> FeedTables:
    """Tables of the feed at `path`, a zip file or a folder, with the tables at the top or in one sub-folder.

    Raises
    ------
    InputError
        The file is missing or no zip, a table or column that is needed is missing or empty, a table is not CSV in
        UTF-8, or a number cannot be read as one.

    """
    import gtfs_kit  # noqa: PLC0415 - takes two seconds

    with tempfile.TemporaryDirectory() as folder:
        staged = Path(folder)
        _stage(path, staged)
        try:
            feed = gtfs_kit.read_feed(staged, dist_units="km")
        except (ValueError, TypeError) as error:
            raise _explained(path, staged, error) from error
    frames = {table: _typed(path, table, getattr(feed, table)) for table in REQUIRED}
    empty = [f"{table}.txt" for table in MUST_HAVE_ROWS if frames[table].empty]
    if empty:
        raise InputError(
            f"{path.name}: {' and '.join(empty)} hold no rows. Ask the publisher for a complete feed."
        )
    return FeedTables(path=path, name=name, **frames)


def bad_values(
    path: Path, table: str, column: str, texts: pd.Series[str], rows: Bools, advice: str
) -> InputError:
    """Error that names the first few of `rows`, a mask over the rows of `texts`, which keep the table's row index."""
    bad = texts.fillna("")[rows]
    first = zip(bad.index[:N_EXAMPLES].tolist(), bad.tolist(), strict=False)
    shown = ", ".join(f"row {row + FIRST_ROW} has '{text}'" for row, text in first)
    more = f", and {len(bad) - N_EXAMPLES} more" if len(bad) > N_EXAMPLES else ""
    return InputError(f"{path.name}: {table}.txt has {len(bad)} unreadable {column}: {shown}{more}. {advice}")


def _stage(path: Path, staged: Path) -> None:
    """Copy the tables in use to the folder `staged`, with clean headers."""
    if not path.exists():
        raise InputError(f"There is no timetable at {path}. Give the path of a GTFS zip file or folder.")
    try:
        if path.is_dir():
            _stage_tables(path, _tables_in(path, path), staged)
            return
        with zipfile.ZipFile(path) as archive:
            _stage_tables(path, _tables_in(path, zipfile.Path(archive)), staged)
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path.name} is not a zip file, or a damaged one ({error}). Download it again; "
            "if it opens as a web page, the address was not that of the feed itself."
        ) from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read ({error}). Unzip it and give the folder instead."
        ) from error


def _tables_in(path: Path, top: Folder) -> dict[str, Folder]:
    """Find the tables in `top` or, where it has none, in its only sub-folder with tables."""
    here = _tables_of(top)
    inside = [_tables_of(child) for child in top.iterdir() if child.is_dir()]
    found = [here] if here else [tables for tables in inside if tables]
    if len(found) > 1:
        raise InputError(
            f"{path.name} holds {len(found)} folders with timetables. Give each as a feed of its own."
        )
    missing = [f"{table}.txt" for table in MUST_HAVE_ROWS if not found or table not in found[0]]
    if missing:
        raise InputError(
            f"{path.name} is not a complete GTFS feed: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            "missing. Give the zip file or folder as the publisher offers it."
        )
    return found[0]


def _tables_of(folder: Folder) -> dict[str, Folder]:
    files: Iterable[Folder] = folder.iterdir()
    names = {f"{table}.txt": table for table in REQUIRED}
    return {names[file.name.lower()]: file for file in files if file.name.lower() in names and file.is_file()}


def _stage_tables(path: Path, tables: dict[str, Folder], staged: Path) -> None:
    for table, file in tables.items():
        with file.open("rb") as source:
            header = next((line for line in source if line.strip()), b"")
            if not header:
                continue
            first = source.readline()
            with (staged / f"{table}.txt").open("wb") as target:
                target.write(_clean_header(path, table, header, first) + b"\n" + first)
                shutil.copyfileobj(source, target)


def _clean_header(path: Path, table: str, header: bytes, first: bytes) -> bytes:
    """Header with bare names; columns not in use, and those for commas too many in the `first` row, are numbered."""
    try:
        names, values = (next(csv.reader([line.decode("utf-8-sig").strip()]), []) for line in (header, first))
    except ValueError as error:
        raise InputError(
            f"{path.name}: {table}.txt is not text in UTF-8. Save it as CSV in UTF-8."
        ) from error
    names = [name.strip().lower() for name in names]
    missing = [name for name in REQUIRED[table] if name not in names]
    if missing:
        raise InputError(
            f"{path.name}: {table}.txt lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
            f"it has {', '.join(names)}. Ask the publisher for a feed that follows the GTFS reference."
        )
    names += [""] * (len(values) - len(names))
    used = {*REQUIRED[table], *OPTIONAL[table]}
    clean = [
        STAGED_NAMES.get(name, name) if name in used and name not in names[:number] else f"unused_{number}"
        for number, name in enumerate(names)
    ]
    return ",".join(clean).encode()


def _typed(path: Path, table: str, frame: pd.DataFrame | None) -> pd.DataFrame:
    """Frame with exactly the columns in use, each of one known type."""
    columns = [*REQUIRED[table], *OPTIONAL[table]]
    if frame is None:
        frame = pd.DataFrame(columns=columns)
    frame = frame.rename(columns={staged: name for name, staged in STAGED_NAMES.items()}).reindex(
        columns=columns
    )
    typed = {
        column: _numbers(path, table, column, frame[column]) if column in NUMBERS else _texts(frame[column])
        for column in columns
    }
    return pd.DataFrame(typed, index=frame.index)


def _texts(values: pd.Series[str]) -> pd.Series[str]:
    texts = values.astype("string").str.strip()
    return texts.mask(texts == "")


def _numbers(path: Path, table: str, column: str, values: pd.Series[str]) -> pd.Series[float]:
    numbers = (
        pd.to_numeric(values, errors="coerce").astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    )
    bad = np.isnan(numbers) & values.notna().to_numpy()
    if bad.any():
        raise bad_values(
            path, table, column, values.astype("string"), bad, "Write plain numbers, with a decimal point."
        )
    return pd.Series(numbers, index=values.index)


def _explained(path: Path, staged: Path, error: Exception) -> InputError:
    """Find the table, row and value that gtfs-kit stumbled over, of which its own message says nothing."""
    for file in sorted(staged.iterdir()):
        try:
            frame = pd.read_csv(file, dtype="string", encoding="utf-8-sig")
        except ValueError as cause:
            return InputError(
                f"{path.name}: {file.name} is not a table in CSV and UTF-8 ({cause}). Save it as such."
            )
        try:
            _typed(path, file.stem, frame)
        except InputError as found:
            return found
    return InputError(f"{path.name} cannot be read as GTFS ({error}). Ask the publisher for a valid feed.")

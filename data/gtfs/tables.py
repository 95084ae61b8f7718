"""The tables of a GTFS feed: a zip file or folder to data frames with known columns and types.

Which columns of which GTFS tables the timetable uses, and which of them are numbers, dates or times. Every other value
is the text that it is: `NA`, `null` and `007` are ids like any other.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.build_report import N_EXAMPLES, Action, BuildReport, Finding, finding
from data.columns import Bools, Floats, Int64s
from data.errors import InputError
from data.gtfs.rows import Header, RaggedRows, read_blocks, read_header
from data.gtfs.times import clock_seconds, day_numbers
from data.limits import refuse_packing

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
        "start_pickup_drop_off_window",
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
"""Columns read as float64, nan where blank."""
DATES = frozenset({"start_date", "end_date", "date"})
"""Columns read as int64 days since 1970-01-01."""
PERIODS = frozenset({"start_time", "end_time"})
"""Columns read as float64 seconds. All others are text without surrounding spaces, <NA> where blank."""
TIMES = frozenset({"arrival_time", "departure_time"})
"""Columns that are text because only those of one day are read as times."""
NO_VALUE = ("na", "n/a", "#n/a", "nan", "null", "none", "<na>")
"""What programs write for a blank number or time; among texts each is a name like any other."""
TOO_LARGE = 2.0**31
"""No number of GTFS comes near it."""
TEXT = pd.StringDtype("pyarrow")

MUST_HAVE_ROWS = ("stops", "routes", "trips", "stop_times")
FIRST_ROW = 2
"""Row number, as a spreadsheet shows it, of the first row below the header."""

Folder: TypeAlias = Path | zipfile.Path
Kind: TypeAlias = tuple[Action, str]
"""What was done about rows or values, and which."""


@dataclass(frozen=True, slots=True, eq=False)
class FeedTables:
    """The tables of one feed; one that the feed lacks has its columns but no rows.

    Attributes
    ----------
    path
        The zip file or folder, for messages.
    name
        What the feed is called in ids and findings when several are read together; "" for a single feed.
    report
        Rows and values that had to be mended or left out to read the tables.

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
    report: BuildReport

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
        The file is missing or no zip; or, with all that is wrong, a table or column that is needed is missing or
        empty, a table is not CSV in UTF-8, or a number, date or time cannot be read as one.

    """
    with opened(path) as top:
        return _read_folder(path, name, top)


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """Top of the feed at `path`, a zip file or a folder, for as long as it is read.

    Raises
    ------
    InputError
        There is none, or it is no zip file, or a damaged one, also where that shows only while it is read.

    """
    if not path.exists():
        raise InputError(f"There is no timetable at {path}. Give the path of a GTFS zip file or folder.")
    try:
        if path.is_dir():
            yield path
        else:
            with zipfile.ZipFile(path) as archive:
                unpacked = sum(entry.file_size for entry in archive.infolist())
                refuse_packing(path.name, path.stat().st_size, unpacked)
                yield zipfile.Path(archive)
    except zipfile.BadZipFile as error:
        raise InputError(
            f"{path.name} is not a zip file, or a damaged one ({error}). Download it again; "
            "if it opens as a web page, the address was not that of the feed itself."
        ) from error
    except (zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError(
            f"{path.name} cannot be read ({error}). Unzip it and give the folder instead."
        ) from error


def columns_of(path: Path, table: str) -> tuple[str, ...]:
    """Names of the columns of one table of a feed; none where the feed lacks it. InputError as `text_rows`."""
    with _table_in(path, table) as (_, header):
        return header.names


def text_rows(path: Path, table: str, needed: Collection[str] = ()) -> Iterator[dict[str, str]]:
    """Rows of one table of a feed in the order of the file, each value the text that it is, "" where blank.

    A table that the feed lacks has none; rows that do not fit the header are mended or left out as in `read_tables`.

    Raises
    ------
    InputError
        As `opened`; or the table is not CSV in UTF-8, or lacks a column of `needed`.

    """
    with _table_in(path, table) as (file, header):
        if file is None or not header.has_rows:
            return
        missing = [name for name in needed if name not in header.names]
        if missing:
            raise ValueError(f"lacks {', '.join(missing)}; it has {', '.join(filter(None, header.names))}.")
        named = [name for name in dict.fromkeys(header.names) if name]
        columns = _read_texts(table, file, header, named, _Met([], defaultdict(list)))
    for row in zip(*(column.to_pylist() for column in columns.values()), strict=True):
        yield {name: text or "" for name, text in zip(columns, row, strict=True)}


@contextmanager
def _table_in(path: Path, table: str) -> Iterator[tuple[Folder | None, Header]]:
    """File and header of a table; a ValueError that comes up meanwhile goes on after its name."""
    try:
        with opened(path) as top:
            file = find_file(top, f"{table}.txt")
            yield file, read_header(lambda: file.open("rb")) if file else Header((), has_rows=False)
    except ValueError as error:
        msg = (
            f"{path.name}: {table}.txt {error} Ask the publisher for a feed that follows the GTFS reference."
        )
        raise InputError(msg) from error


def find_file(top: Folder, name: str) -> Folder | None:
    """File of a feed, at the top or in a sub-folder."""
    folders = [top, *(child for child in top.iterdir() if child.is_dir())]
    return next(
        (
            file
            for folder in folders
            for file in folder.iterdir()
            if file.name.lower() == name and file.is_file()
        ),
        None,
    )


def unreadable(table: str, column: str, texts: pd.Series[str], rows: Bools, advice: str) -> str:
    """What is wrong with `rows`, a mask over the rows of `texts`, which keep the table's row index: the first few."""
    bad = texts.fillna("")[rows]
    first = zip(bad.index[:N_EXAMPLES].tolist(), bad.tolist(), strict=False)
    shown = ", ".join(f"row {row + FIRST_ROW} has '{text}'" for row, text in first)
    more = f", and {len(bad) - N_EXAMPLES} more" if len(bad) > N_EXAMPLES else ""
    return f"{table}.txt has {len(bad)} unreadable {column}: {shown}{more}. {advice}"


SHORT: Kind = ("repaired", "rows with fewer values than there are columns, taken to be blank at the end")
LONG: Kind = ("repaired", "rows with commas too many at the end")
LOST: Kind = ("dropped", "rows with more values than columns: one cannot tell which comma is too many")
TWICE: Kind = ("dropped", "columns with the name of one before")
WORDS: Kind = ("assumed", "words such as NA and null instead of a number or time, taken for blank")


class _Met(NamedTuple):
    """What was met while the tables were read: mistakes to mend, and labels by what was done about them."""

    faults: list[str]
    found: defaultdict[Kind, list[str]]

    def report(self, layer: str) -> BuildReport:
        reports = (finding(layer, *kind, labels) for kind, labels in self.found.items())
        return sum(reports, BuildReport())


def _read_folder(path: Path, name: str, top: Folder) -> FeedTables:
    files, met = _tables_in(path, top), _Met([], defaultdict(list))
    missing = [f"{table}.txt" for table in MUST_HAVE_ROWS if table not in files]
    if missing:
        met.faults.append(
            f"this is not a complete GTFS feed: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            "missing. Give the zip file or folder as the publisher offers it."
        )
    frames = {table: _read_table(table, files.get(table), met) for table in REQUIRED}
    empty = [f"{table}.txt" for table in MUST_HAVE_ROWS if frames[table].empty]
    if not met.faults and empty:
        met.faults.append(
            f"{' and '.join(empty)} hold no rows that can be read. Ask the publisher for a complete feed."
        )
    if not met.faults and frames["calendar"].empty and frames["calendar_dates"].empty:
        met.faults.append(
            "neither calendar.txt nor calendar_dates.txt has rows, so no trip has a date. "
            "Ask the publisher for a complete feed."
        )
    if met.faults:
        raise InputError(f"{path.name}: {' '.join(met.faults)}")
    return FeedTables(path=path, name=name, **frames, report=met.report(f"timetable {name}".rstrip()))


def _tables_in(path: Path, top: Folder) -> dict[str, Folder]:
    """Find the tables in `top` or, where it has none, in its only sub-folder with tables."""
    here = _tables_of(top)
    inside = [_tables_of(child) for child in top.iterdir() if child.is_dir()]
    found = [here] if here else [tables for tables in inside if tables]
    if len(found) > 1:
        raise InputError(
            f"{path.name} holds {len(found)} folders with timetables. Give each as a feed of its own."
        )
    return found[0] if found else {}


def _tables_of(folder: Folder) -> dict[str, Folder]:
    files: Iterable[Folder] = folder.iterdir()
    names = {f"{table}.txt": table for table in REQUIRED}
    return {names[file.name.lower()]: file for file in files if file.name.lower() in names and file.is_file()}


def _read_table(table: str, file: Folder | None, met: _Met) -> pd.DataFrame:
    """Frame with exactly the columns in use, each of one known type; without rows where it cannot be read."""
    columns = [*REQUIRED[table], *OPTIONAL[table]]
    try:
        header = read_header(lambda: file.open("rb")) if file else Header((), has_rows=False)
        missing = [name for name in REQUIRED[table] if name not in header.names]
        if missing and header.names:
            met.faults.append(
                f"{table}.txt lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; "
                f"it has {', '.join(filter(None, header.names))}. "
                "Ask the publisher for a feed that follows the GTFS reference."
            )
        met.found[TWICE] += [f"{name} of {table}.txt" for name in columns if header.names.count(name) > 1]
        texts = (
            _read_texts(table, file, header, columns, met) if file and header.has_rows and not missing else {}
        )
    except ValueError as error:
        met.faults.append(f"{table}.txt {error}")
        texts = {}
    blank = pa.chunked_array([pa.nulls(len(next(iter(texts.values()), ())), pa.string())])
    # A text that has become numbers is let go of, and columns are put beside each other without a copy.
    return pd.DataFrame(
        {name: _typed(table, name, texts.pop(name, blank), met) for name in columns}, copy=False
    )


def _read_texts(
    table: str, file: Folder, header: Header, columns: list[str], met: _Met
) -> dict[str, pa.ChunkedArray]:
    """Columns of a table that are in use, without surrounding spaces, null where blank."""
    found = {name: header.names.index(name) for name in columns if name in header.names}
    ragged = RaggedRows()
    blocks = read_blocks(lambda: file.open("rb"), header.names, list(found.values()), ragged)
    schema = pa.schema([(str(number), pa.string()) for number in found.values()])
    rows = pa.Table.from_batches([_trimmed(block) for block in blocks], schema)
    if ragged.places:
        rows = rows.take(pa.array(ragged.order(rows.num_rows)))
    note_ragged(met.found, table, ragged)
    return {name: rows[str(number)] for name, number in found.items()}


def _trimmed(block: pa.RecordBatch) -> pa.RecordBatch:
    """Values without surrounding spaces, null where blank: block by block, so that no column is held twice."""
    columns = [pc.utf8_trim_whitespace(column) for column in block.columns]
    tidy = [pc.if_else(pc.equal(column, ""), None, column) for column in columns]
    return pa.record_batch(tidy, names=block.schema.names)


def _typed(table: str, column: str, texts: pa.ChunkedArray, met: _Met) -> pd.Series[str] | Floats | Int64s:
    """Return a column as numbers, days, seconds or text."""
    values: Floats | Int64s
    if column in NUMBERS | DATES | PERIODS | TIMES:
        texts = _without_words(table, column, texts, met)
    if column in NUMBERS:
        values, bad = _numbers(texts)
        advice = "Write plain numbers, with a decimal point."
    elif column in DATES:
        values, bad = day_numbers(_series(texts))
        advice = "Write dates as YYYYMMDD, for example 20250131."
    elif column in PERIODS:
        values, _ = clock_seconds(_series(texts))
        bad, advice = np.isnan(values), "Write times as HH:MM:SS."
    else:
        return _series(texts)
    if bad.any():
        met.faults.append(unreadable(table, column, _series(texts), bad, advice))
    return values


def note_ragged(found: defaultdict[Kind, list[str]], table: str, ragged: RaggedRows) -> None:
    """Add the rows of a table that did not fit its header to what was found."""
    for kind, places in ((SHORT, ragged.short), (LONG, ragged.long), (LOST, ragged.lost)):
        found[kind] += [f"{table}.txt row {place + FIRST_ROW}" for place in places]


def _series(texts: pa.ChunkedArray) -> pd.Series[str]:
    return pd.Series(texts.to_pandas(types_mapper={pa.string(): TEXT}.get))


def _without_words(table: str, column: str, texts: pa.ChunkedArray, met: _Met) -> pa.ChunkedArray:
    """Blank where a word stands for no value."""
    is_word = pc.is_in(pc.utf8_lower(texts), value_set=pa.array(NO_VALUE))
    if not pc.any(is_word).as_py():
        return texts
    rows = np.flatnonzero(is_word.to_numpy())
    met.found[WORDS] += [f"{table}.txt row {row + FIRST_ROW}: {column}" for row in rows]
    return pc.if_else(is_word, None, texts)


def _numbers(texts: pa.ChunkedArray) -> tuple[Floats, Bools]:
    """(R,) float64, nan where blank, and which rows are neither blank nor a number."""
    try:
        numbers: Floats = pc.cast(texts, pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        series = pd.to_numeric(_series(texts).astype(object), errors="coerce")
        numbers = series.to_numpy(np.float64, na_value=np.nan)
    bad: Bools = ~(np.abs(numbers) < TOO_LARGE) & texts.is_valid().to_numpy()
    return np.where(bad, np.nan, numbers), bad

"""A national timetable cut to a box while it is read: the trips that call there, whole."""

from __future__ import annotations

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from data.build_report import BuildReport, finding
from data.download.download import SourceError
from data.files.whole import write_file
from data.gtfs.rows import RaggedRows, read_blocks, read_header
from data.gtfs.tables import NO_VALUE, Kind, note_ragged
from data.live.area import Box
from data.progress import Progress

_BLANK = pa.array(["", *NO_VALUE])
_Found: TypeAlias = defaultdict[Kind, list[str]]
_COPIED = ("agency", "calendar", "calendar_dates", "feed_info")
"""Tables that stay whole: small, or needed to know the days for which the feed speaks."""
_NEEDED = ("agency", "stops", "routes", "trips", "stop_times")


class NoTripHereError(SourceError):
    """A timetable is a whole one, but of elsewhere."""


def cut_timetable(path: Path, box: Box, out: Path, progress: Progress) -> BuildReport:
    """Write the trips of a GTFS zip with a call in `box` to a new GTFS zip.

    Trips stay whole, with their calls outside the box, so that the stops where people change trains further on are
    there. Shapes, fares and rides that are ordered (GTFS-Flex) are left out. Two passes over the stop times, in blocks: memory grows with the number of trips
    and stops, not of stop times.

    Raises
    ------
    SourceError
        When the feed is damaged, lacks a table or column, or has no trip in the box.

    """
    try:
        with zipfile.ZipFile(path) as feed:
            tables = _tables(path, feed)
            found: list[BuildReport] = []
            write_file(out, lambda beside: found.append(_cut(feed, tables, box, beside, progress)))
            return found[0]
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        msg = f"The timetable {path.name} cannot be read ({_first_line(error)}). Download it again later, or ask its publisher."
        raise SourceError(msg) from error


def _tables(path: Path, feed: zipfile.ZipFile) -> dict[str, str]:
    """Entry of each table, at the top of the zip or in one folder."""
    entries = [name for name in feed.namelist() if name.lower().endswith(".txt")]
    tables = {PurePosixPath(name).stem.lower(): name for name in entries}
    missing = [f"{table}.txt" for table in _NEEDED if table not in tables]
    if missing or len(tables) < len(entries):
        what = f"lacks {', '.join(missing)}" if missing else "holds more than one timetable"
        raise SourceError(f"The timetable {path.name} {what}; use another feed.")
    return tables


def _cut(
    feed: zipfile.ZipFile, tables: dict[str, str], box: Box, out: Path, progress: Progress
) -> BuildReport:
    label = "cutting the timetable"
    found: _Found = defaultdict(list)
    near = _stops_in(feed, tables["stops"], box)
    trips = _column_where(feed, tables["stop_times"], "trip_id", "stop_id", near)
    progress(label, 0.4)
    if not len(trips):
        raise NoTripHereError(
            "The timetable has no trip that calls in the region. Is it the timetable of this country?"
        )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as target:
        stops = _copy(feed, tables["stop_times"], target, {"trip_id": trips}, "stop_id", found)
        progress(label, 0.8)
        routes = _copy(feed, tables["trips"], target, {"trip_id": trips}, "route_id", found, blank="shape_id")
        stations = _column_where(feed, tables["stops"], "parent_station", "stop_id", stops)
        stops = pc.unique(pa.concat_arrays([stops, stations]))
        _copy(feed, tables["stops"], target, {"stop_id": stops}, "stop_id", found)
        _copy(feed, tables["routes"], target, {"route_id": routes}, "route_id", found)
        if "frequencies" in tables:
            _copy(feed, tables["frequencies"], target, {"trip_id": trips}, "trip_id", found)
        if "transfers" in tables:
            blank = pa.array([""])
            ends, rides = pa.concat_arrays([stops, blank]), pa.concat_arrays([trips, blank])
            lines = pa.concat_arrays([routes, blank])
            keep = {"from_stop_id": ends, "to_stop_id": ends, "from_trip_id": rides, "to_trip_id": rides}
            _copy(
                feed,
                tables["transfers"],
                target,
                keep | {"from_route_id": lines, "to_route_id": lines},
                "",
                found,
            )
        for table in _COPIED:
            if table in tables:
                _copy(feed, tables[table], target, {}, "", found)
    progress(label, 1.0)
    dropped = sorted(set(tables) - set(_COPIED) - set(_NEEDED) - {"frequencies", "transfers"})
    # Areas of rides that are ordered come as locations.geojson.
    dropped += sorted(name for name in feed.namelist() if not name.lower().endswith((".txt", "/")))
    ragged = sum((finding("timetable", *kind, labels) for kind, labels in found.items()), BuildReport())
    return ragged + finding("timetable", "dropped", "tables of the timetable that are not used", dropped)


def _stops_in(feed: zipfile.ZipFile, entry: str, box: Box) -> pa.Array:
    """Ids of the stops in the box."""
    parts = [pa.array([], pa.string())]
    for rows in _batches(feed, entry, RaggedRows()):
        place = [
            pc.cast(pc.if_else(pc.is_in(pc.utf8_lower(text), _BLANK), "nan", text), pa.float64()).to_numpy()
            for text in (_column(rows, entry, name) for name in ("stop_lon", "stop_lat"))
        ]
        parts.append(_column(rows, entry, "stop_id").filter(pa.array(box.holds(*place))))
    return pa.concat_arrays(parts)


def _column_where(feed: zipfile.ZipFile, entry: str, column: str, where: str, wanted: pa.Array) -> pa.Array:
    """Distinct values of `column`, blank ones left out, in rows of which `where` is one of `wanted`."""
    parts = [pa.array([], pa.string())]
    for rows in _batches(feed, entry, RaggedRows()):
        if column not in rows.schema.names:
            break
        is_wanted = pc.is_in(_column(rows, entry, where), value_set=wanted)
        values = pc.unique(_column(rows, entry, column).filter(is_wanted))
        parts.append(values.filter(pc.not_equal(values, "")))
    return pc.unique(pa.concat_arrays(parts))


def _copy(
    feed: zipfile.ZipFile,
    entry: str,
    target: zipfile.ZipFile,
    keep: dict[str, pa.Array],
    collect: str,
    found: _Found,
    *,
    blank: str = "",
) -> pa.Array:
    """Copy the rows whose columns in `keep` all hold one of the values given; return the distinct values of `collect`.

    A column of `keep` that the table has not got does not matter; the column `blank` is emptied.
    """
    parts = [pa.array([], pa.string())]
    table, ragged = PurePosixPath(entry).stem.lower(), RaggedRows()
    with target.open(f"{table}.txt", "w", force_zip64=True) as out:
        writer = None
        for rows in _batches(feed, entry, ragged):
            kept = rows
            for column in set(keep) & set(rows.schema.names):
                kept = kept.filter(pc.is_in(_column(kept, entry, column), value_set=keep[column]))
            if blank in kept.schema.names:
                number = kept.schema.get_field_index(blank)
                kept = kept.set_column(number, blank, pa.array([""] * kept.num_rows, pa.string()))
            writer = writer or pa.csv.CSVWriter(out, rows.schema, write_options=_AS_IT_WAS)
            writer.write_batch(kept)
            if collect:
                parts.append(pc.unique(_column(kept, entry, collect)))
        if writer:
            writer.close()
    note_ragged(found, table, ragged)
    return pc.unique(pa.concat_arrays(parts))


_AS_IT_WAS = pa.csv.WriteOptions(include_header=True, quoting_style="needed")


def _batches(feed: zipfile.ZipFile, entry: str, ragged: RaggedRows) -> Iterator[pa.RecordBatch]:
    """Rows of a table in blocks, every column as text, with clean names; the first block has none."""

    def open_table() -> IO[bytes]:
        return feed.open(entry)

    header = read_header(open_table)
    columns = [at for at, name in enumerate(header.names) if name and header.names.index(name) == at]
    names = [header.names[at] for at in columns]
    if names:
        yield pa.record_batch([pa.array([], pa.string())] * len(names), names=names)
    if header.has_rows:
        for rows in read_blocks(open_table, header.names, columns, ragged):
            yield rows.rename_columns(names)


def _column(rows: pa.RecordBatch, entry: str, name: str) -> pa.Array:
    if name not in rows.schema.names:
        raise SourceError(
            f"The timetable's {PurePosixPath(entry).name} lacks the column {name}; use another feed."
        )
    return pc.utf8_trim_whitespace(rows[name])


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]

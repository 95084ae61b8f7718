"""Rows of a table of a GTFS feed, in blocks, every value as the text that it is.

A table may be larger than the memory, so it is parsed while it is read. Rows with more or fewer values than the header
has names come last, as far as they can be mended.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from data.columns import Int64s, Strings

NO_UTF_8 = "is not text in UTF-8. Save it as CSV in UTF-8."
BLOCK_BYTES = 2**23
"""Read at a time: large enough for pyarrow to be quick, small beside the limit on memory."""
NOTHING = " \t\0\x1a"
"""What old programs leave on the last line."""
HIDDEN = r'(?s)^[ \t]+"(.*)"[ \t]*$'
Opener: TypeAlias = Callable[[], IO[bytes]]


class Header(NamedTuple):
    """Names of the columns in lower case, "" where there is none, and whether a row follows."""

    names: Strings
    has_rows: bool


@dataclass(slots=True)
class RaggedRows:
    """Rows that do not fit the header, by their place among all rows, from 0; filled while a table is read.

    Attributes
    ----------
    places
        All of them, blank ones included.
    mended
        Those that make up the last block, in order.
    short, long, lost
        Rows with fewer values than the header has names, with blanks beyond it, and with more values than names: one
        cannot tell which comma is too many, so they are left out.

    """

    places: list[int] = field(default_factory=list)
    mended: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    long: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)

    def order(self, n_rows: int) -> Int64s:
        """(N,) order of the rows read, which puts the mended ones where they belong."""
        n_fit = n_rows - len(self.mended)
        fit = np.delete(np.arange(n_fit + len(self.places)), self.places)
        order: Int64s = np.argsort(np.concatenate([fit, self.mended]), kind="stable")
        return order


def read_header(open_table: Opener) -> Header:
    """Header of a table, blank lines above it skipped; commas too many in all its rows count as columns without name.

    Raises
    ------
    ValueError
        It is not in UTF-8, or its line does not end; the message goes on after the name of the table.

    """
    with open_table() as stream:
        lines = [_next_line(stream) for _ in range(2)]
    if b"\r" in lines[0].rstrip():
        raise ValueError("ends its lines with carriage returns alone. Save it with usual line ends.")
    try:
        header, first = (_values_of(line.decode()) or [] for line in lines)
    except UnicodeDecodeError as error:
        raise ValueError(NO_UTF_8) from error
    names = [name.strip().lower() for name in header]
    while names and not names[-1]:
        names.pop()
    blanks = first[len(names) :] if not any(value.strip() for value in first[len(names) :]) else []
    return Header((*names, *blanks), bool(first))


def _next_line(stream: IO[bytes]) -> bytes:
    """Next line that is not blank, without the mark that some programs put before a text in UTF-8."""
    lines = (line.removeprefix(codecs.BOM_UTF8) for line in stream)
    return next((line for line in lines if line.strip()), b"")


def read_blocks(
    open_table: Opener, names: Strings, columns: Collection[int], ragged: RaggedRows
) -> Iterator[pa.RecordBatch]:
    """Blocks of the rows below a header, only `columns` of `names`, called by their number; quotes are undone.

    Raises
    ------
    ValueError
        A value is not in UTF-8, or a quote is opened and not closed, so that the rest of the table would be one value;
        the message goes on after the name of the table.

    """
    misfits: list[tuple[int, str]] = []
    numbers = [str(number) for number in range(len(names))]
    chosen = [numbers[column] for column in columns]
    with open_table() as stream:
        _next_line(stream)
        quotes = _Quotes(stream)
        try:
            for block in _parsed(quotes, numbers, chosen, misfits):
                yield _unquoted(block) if quotes.are_hidden else block
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            _refuse_open_quote(open_table)
            raise ValueError(NO_UTF_8) from error
    if quotes.number % 2:
        _refuse_open_quote(open_table)
    rows = _mended(misfits, sum(map(bool, names)), len(names), ragged)
    if rows:
        yield pa.record_batch(
            [pa.array([row[column] for row in rows], pa.string()) for column in columns], names=chosen
        )


def _parsed(
    stream: _Quotes, numbers: list[str], chosen: list[str], misfits: list[tuple[int, str]]
) -> Iterator[pa.RecordBatch]:
    """Blocks of the rows that fit the header; the others go to `misfits`, with their places."""

    def put_aside(row: pa.csv.InvalidRow) -> str:
        misfits.append((row.number - 1, row.text))
        return "skip"

    yield from pa.csv.open_csv(
        stream,
        # In threads, pyarrow does not number the rows.
        read_options=pa.csv.ReadOptions(column_names=numbers, block_size=BLOCK_BYTES, use_threads=False),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=put_aside),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(numbers, pa.string()),
            strings_can_be_null=False,
            include_columns=chosen,
        ),
    )


class _Quotes(io.RawIOBase):
    """A stream that watches the quotes read from it: their number, and whether a blank stands before any.

    It refuses what is not in UTF-8: of a row that does not fit the header either, pyarrow writes a traceback where users read.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.number = 0
        self.are_hidden = False
        self.last = b""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.decoder.decode(data, final=not data)
        seen = self.last + data
        self.number += data.count(b'"')
        self.are_hidden = self.are_hidden or b' "' in seen or b'\t"' in seen
        self.last = data[-1:]
        return data


def _unquoted(block: pa.RecordBatch) -> pa.RecordBatch:
    """Take the quotes off values that have blanks before them, which pyarrow takes for a part of the value."""
    columns = []
    for column in block.columns:
        inside = pc.replace_substring_regex(column, HIDDEN, r"\1")
        undoubled = pc.replace_substring(inside, '""', '"')
        columns.append(pc.if_else(pc.equal(inside, column), column, undoubled))
    return pa.record_batch(columns, schema=block.schema)


def _refuse_open_quote(open_table: Opener) -> None:
    """Raise if the last value of a table with an odd number of quotes goes over several lines."""
    with open_table() as stream:
        lines = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", "replace", newline=""))
        start = end = 0
        try:
            for _ in lines:
                start, end = end, lines.line_num
        except csv.Error:  # The value is longer than any can be.
            start, end = end, lines.line_num
    if end > start + 1:
        raise ValueError(f"opens a quote in line {start + 1} that is not closed. Close it, or take it out.")


def _mended(
    misfits: list[tuple[int, str]], n_named: int, n_columns: int, ragged: RaggedRows
) -> list[list[str]]:
    """Values of the rows that do not fit, where one can tell which they are."""
    rows = []
    for place, text in misfits:
        ragged.places.append(place)
        values = _values_of(text)
        if values is None or any(value.strip() for value in values[n_columns:]):
            ragged.lost.append(place)
        elif any(value.strip(NOTHING) for value in values):
            if len(values) < n_named:
                ragged.short.append(place)
            elif len(values) > n_columns:
                ragged.long.append(place)
            ragged.mended.append(place)
            rows.append([*values[:n_columns], *[""] * (n_columns - len(values))])
    return rows


def _values_of(text: str) -> list[str] | None:
    """Values of one row, blanks before a quote skipped; None where a value is longer than any can be."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True), [])
    except csv.Error:
        return None

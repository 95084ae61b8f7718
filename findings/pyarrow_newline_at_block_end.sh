#!/bin/sh
# pyarrow 26.0.1 halves a quoted CSV value with a line break, without an error, where a block of the file ends in it.
#
# A value in quotes may hold line breaks (RFC 4180, section 2, rule 6). pyarrow reads in blocks of 1 MiB and has
# `newlines_in_values`, off by default, to allow for them
# (https://arrow.apache.org/docs/python/generated/pyarrow.csv.ParseOptions.html).
# Expected with the default: always the value, or always an error, as tables of several columns mostly get. Seen in a
# table of one column: the value while the file is small; where a block ends before the line break, two rows for one;
# where it ends behind it, the first line is gone. No error, no warning.
# Exits 0 while what is seen is what is written below, else it says what changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1

"$folder/venv/bin/python" - <<'PYTHON'
import csv
import io
import sys

import pyarrow
from pyarrow.csv import ParseOptions, read_csv

print("pyarrow", pyarrow.__version__)
VALUE = "first line\nsecond line"
BLOCK_BYTES = 1 << 20


def table(n_before: int) -> str:
    """One column with one value that is not plain, behind 5 + 6 * n_before bytes."""
    return "note\n" + "plain\n" * n_before + f'"{VALUE}"\n' + "plain\n" * 1000


def special(values: list[str]) -> list[str]:
    return [value for value in values if value not in ("plain", "note")]


# (plain rows before the value, what this version reads); the line break is the 12th byte of the value with its quote.
FULL_ROWS = (BLOCK_BYTES - len("note\n")) // len("plain\n")
CASES = {
    "block ends long after the value": (10, [VALUE]),
    "block ends before the line break": (FULL_ROWS, ["first line\n", 'second line"']),
    "block ends behind the line break": (FULL_ROWS - 2, ['second line"']),
}
changed = []
for name, (n_before, known) in CASES.items():
    text = table(n_before)
    by_standard_library = special([row[0] for row in csv.reader(io.StringIO(text))])
    allowed = read_csv(io.BytesIO(text.encode()), parse_options=ParseOptions(newlines_in_values=True))
    assert by_standard_library == special(allowed["note"].to_pylist()) == [VALUE], "the file is valid"
    seen = special(read_csv(io.BytesIO(text.encode()))["note"].to_pylist())
    n_bytes = BLOCK_BYTES - text.index('"')
    print(f"{name}, {n_bytes} bytes behind the start of the value: expected {[VALUE]} or an error; seen {seen}")
    if seen != known:
        changed.append(name)
sys.exit(f"changed: {changed}" if changed else 0)
PYTHON

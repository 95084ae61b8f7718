"""Why a file of somebody's own cannot be used: a kind that the app has a sentence for, and the reader's own words."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from data.errors import InputError
from data.files.content import DamagedError, WrongContentError, check_content

FaultKind: TypeAlias = Literal[
    "empty",
    "other kind",
    "damaged",
    "columns",
    "rows",
    "unknown kinds",
    "elsewhere",
    "swapped",
    "not gtfs",
    "no service",
    "no trip here",
    "too small",
    "unusable",
]
GTFS_TABLES = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_BEGINNINGS = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"SQLite format 3", "a GeoPackage or database"),
    (b"PAR1", "a Parquet table"),
    (b"\x1f\x8b", "a packed file"),
    (b"BZh", "a packed file"),
    (b"<osm", "an OpenStreetMap file"),
)
_HEAD_BYTES = 1024
_MESSAGES: dict[FaultKind, str] = {
    "empty": "{file} is empty: give a header with the names of the columns, and a row below it.",
    "other kind": "{file} is {found}, and that cannot be used here.",
    "damaged": "{file} is damaged or incomplete. Save or download it again.",
    "columns": "{file} lacks {missing}; it has {found}. Give the columns the names that are needed.",
    "rows": "",  # the reader's own words name the file
    "unusable": "",
    "not gtfs": "{file} is a zip file, but no timetable in GTFS: it lacks {missing}.",
}
"""What is said to whoever reads no sentence of the app."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file.

    Attributes
    ----------
    name
        The file, as its owner calls it.
    blanks
        What the sentence of this kind names: columns, days, what the file is instead.
    detail
        The reader's own words, "" where there are none.

    """

    kind: FaultKind
    name: str
    blanks: dict[str, str] = field(default_factory=dict)
    detail: str = ""


class OwnFaultError(InputError):
    """A file of somebody's own cannot be used; holds the fault."""

    def __init__(self, fault: Fault) -> None:
        said = _MESSAGES.get(fault.kind, f"{{file}}: {fault.kind}.").format(file=fault.name, **fault.blanks)
        super().__init__(f"{said} {fault.detail}".strip())
        self.fault = fault


def content_of(path: Path) -> str:
    """What a file is by its first bytes, in words; "text" or "an unknown kind of file" where nothing tells.

    A zip is looked into: Excel and Word files are zips as well.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"OSMHeader" in head[:64] or b"<osm" in head:
        return "an OpenStreetMap file"
    if bare.startswith(b"PK"):
        return _zip_content(path)
    for beginning, words in _BEGINNINGS:
        if bare[: len(beginning)].lower() == beginning.lower():
            return words
    if bare[:1] in (b"{", b"["):
        return "JSON"
    is_text = b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "text" if is_text else "an unknown kind of file"


def _zip_content(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return "a damaged zip file"
    if any(name.startswith("xl/") for name in names):
        return "an Excel file"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "a Word or PowerPoint file"
    return "a zip file"


def refuse_other_content(path: Path, name: str, allowed: tuple[str, ...]) -> str:
    """Return what a file is, one of `allowed`; OwnFaultError where it is empty or something else."""
    if path.stat().st_size == 0:
        raise OwnFaultError(Fault("empty", name))
    found = content_of(path)
    if found in allowed:
        return found
    if found == "a damaged zip file" and "a zip file" in allowed:
        raise OwnFaultError(Fault("damaged", name))
    raise OwnFaultError(Fault("other kind", name, {"found": found}))


def refuse_no_feed(path: Path, name: str) -> None:
    """Refuse what is no zip with the tables of a timetable, is damaged, or would unpack to far more than its size."""
    refuse_other_content(path, name, ("a zip file",))
    try:
        check_content(path, "zip")
    except (DamagedError, WrongContentError) as error:
        raise OwnFaultError(Fault("damaged", name, {}, str(error))) from error
    with zipfile.ZipFile(path) as archive:
        inside = {entry.rsplit("/", 1)[-1].lower() for entry in archive.namelist()}
    missing = [table for table in GTFS_TABLES if table not in inside]
    # A feed of rides on order alone has no stop times.
    if missing and "booking_rules.txt" not in inside:
        raise OwnFaultError(Fault("not gtfs", name, {"missing": ", ".join(missing)}))

"""What a downloaded file is, by its first bytes and its table of contents: damaged and hostile files are refused."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["zip", "osm", "json"]

MAX_UNPACKED_BYTES = 30 * 2**30
"""The national timetable unpacks to about 2 GB, the squares to less."""
MAX_PACKING = 150
"""Tables of digits pack up to about 30 times; a zip bomb a thousand times."""
_SMALL_BYTES = 2**20
"""A file of this size may pack any number of times: a header over nothing, an empty database."""


class WrongContentError(Exception):
    """The file is something else than it should be; asking again would give the same."""


class DamagedError(Exception):
    """The file is not whole, or was changed on the way; asking again may help."""


def check_content(path: Path, kind: Kind) -> None:
    """Refuse a file that cannot be of `kind`, with a WrongContentError or a DamagedError that says why."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    if not head:
        raise DamagedError("it is empty")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        raise WrongContentError(
            "it is a web page, not data; the address may have moved, or a network asks you to log in first"
        )
    match kind:
        case "zip":
            _check_zip(path)
        case "osm":
            if not (b"OSMHeader" in head[:64] or b"<osm" in head or path.name.endswith(".osm.gz")):
                raise WrongContentError("it is no OpenStreetMap file")
        case "json":
            try:
                json.loads(path.read_bytes())
            except ValueError as error:
                raise DamagedError(f"it is not valid JSON ({error})") from error


def _check_zip(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        raise DamagedError("it is not a complete zip file")
    with zipfile.ZipFile(path) as archive:
        # zipfile never unpacks more than an entry declares, so what is declared is what can come out.
        unpacked, packed = sum(entry.file_size for entry in archive.infolist()), path.stat().st_size
    if unpacked > MAX_UNPACKED_BYTES or unpacked > max(_SMALL_BYTES, MAX_PACKING * packed):
        raise WrongContentError(
            f"it would unpack to {unpacked / 2**20:.0f} MB, {unpacked / packed:.0f} times its size, which no honest "
            "table does"
        )

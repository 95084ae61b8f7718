"""What a downloaded file is, by its first bytes and its table of contents: damaged and hostile files are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal, TypeAlias

from data.json_text import json_of
from data.limits import packing_fault

Kind: TypeAlias = Literal["zip", "osm", "json"]


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
                json_of(path.read_bytes())
            except ValueError as error:
                raise DamagedError(f"it is not valid JSON ({error})") from error


def _check_zip(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        raise DamagedError("it is not a complete zip file")
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise DamagedError(f"it is a damaged zip file ({error})") from error
    with archive:
        # zipfile never unpacks more than an entry declares, so what is declared is what can come out.
        unpacked, packed = sum(entry.file_size for entry in archive.infolist()), path.stat().st_size
    if fault := packing_fault(packed, unpacked):
        raise WrongContentError(fault.removesuffix("."))

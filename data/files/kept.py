"""What took long to make, kept in the user's cache folder by what it was made of; whatever is wrong with it is made anew."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.ready_arrays import open_table, save_table
from data.files.whole import is_whole, remove_folder, write_folder
from data.source_files import source_files

Table = TypeVar("Table")
VERSION = "code.txt"
"""File that tells which version of the program made the rest."""
MOST_BYTES = 4 * 2**30
MOST_DAYS = 60
"""What was not used for longer goes, and what was used longest ago where all together is more."""
CODE = ("data", "network")
DAY_S = 24 * 3600
_DAMAGED = "kept networks that were damaged"
_OTHER = "kept networks of another version of this program"
_NO_ROOM = "networks that could not be kept"


def kept(
    cls: type[Table], cache: Path | None, key: str, make: Callable[[], Table]
) -> tuple[Table, BuildReport]:
    """Open what is kept under a key of all it is made of, or make and keep it; without `cache` it is made.

    Parameters
    ----------
    cls
        A table as `data.files.ready_arrays` saves them; arrays of one that was kept are memory maps.
    cache
        Folder of all that is kept.
    key
        Name that differs for whatever is made of anything else.
    make
        Makes it.

    """
    if cache is None:
        return make(), BuildReport()
    folder, code, report = cache / key, _code_digest(), BuildReport()
    if folder.is_dir():
        trouble = _trouble(folder, code)
        if not trouble:
            folder.touch()
            return open_table(cls, folder), report
        report += finding("cache", "dropped", trouble, [folder])
        remove_folder(folder)
    made = make()
    try:
        write_folder(folder, lambda beside: _save(beside, made, code))
        _forget(cache, time.time())
    except (OSError, InputError) as error:
        report += finding("cache", "dropped", _NO_ROOM, [error])
    return made, report


def _save(folder: Path, table: object, code: str) -> None:
    inside = folder / "table"
    save_table(inside, table)
    for part in inside.iterdir():
        part.rename(folder / part.name)
    inside.rmdir()
    (folder / VERSION).write_text(code, encoding="utf-8")


def _trouble(folder: Path, code: str) -> str:
    """Why what is kept cannot be used, "" for nothing."""
    try:
        made_by = (folder / VERSION).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return _DAMAGED
    if not is_whole(folder):
        return _DAMAGED
    return "" if made_by == code else _OTHER


def _code_digest() -> str:
    """Of the program that makes and reads what is kept."""
    total = 0
    for file in source_files(CODE, (".py", ".toml")):
        total = zlib.crc32(file.read_bytes(), total)
    return f"{total:08x}"


def _forget(cache: Path, now_s: float) -> None:
    """Remove what was not used for long, and what was used longest ago until the rest is small enough."""
    total = 0
    by_use = sorted((one for one in cache.iterdir() if one.is_dir()), key=lambda one: -one.stat().st_mtime)
    for folder in by_use:
        total += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        if total > MOST_BYTES or now_s - folder.stat().st_mtime > MOST_DAYS * DAY_S:
            remove_folder(folder)

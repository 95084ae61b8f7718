"""What took long to make, kept in the user's cache folder by what it was made of; whatever is wrong with it is made anew."""

from __future__ import annotations

import json
import shutil
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.ready_arrays import open_table, save_table, write_folder
from data.source_files import source_files

Table = TypeVar("Table")
MANIFEST = "manifest.json"
MOST_BYTES = 4 * 2**30
MOST_DAYS = 60
"""What was not used for longer goes, and what was used longest ago where all together is more."""
CODE = ("data", "network")
DAY_S = 24 * 3600
_DAMAGED = "kept networks that were damaged"
_OTHER = "kept networks of another version of this program"
_NO_ROOM = "networks that could not be kept"


def user_cache() -> Path:
    """Folder of this user for what can be made again."""
    from platformdirs import user_cache_path  # noqa: PLC0415 -- for who keeps something

    return user_cache_path("dorpshub") / "networks"


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
        shutil.rmtree(folder, ignore_errors=True)
    made = make()
    try:
        write_folder(folder, lambda beside: _save(beside, made, code))
        _sweep(cache, time.time())
    except (OSError, InputError) as error:
        report += finding("cache", "dropped", _NO_ROOM, [error])
    return made, report


def _save(folder: Path, table: object, code: str) -> None:
    inside = folder / "table"
    save_table(inside, table)
    for part in inside.iterdir():
        part.rename(folder / part.name)
    inside.rmdir()
    told = {"code": code, "files": _sums(folder)}
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")


def _sums(folder: Path) -> dict[str, int]:
    """Checksum of each file but the manifest."""
    return {
        file.relative_to(folder).as_posix(): zlib.crc32(file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }


def _trouble(folder: Path, code: str) -> str:
    """Why what is kept cannot be used, "" for nothing."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["code"] != code:
            return _OTHER
        return "" if told["files"] == _sums(folder) else _DAMAGED
    except (OSError, ValueError, KeyError, TypeError):
        return _DAMAGED


def _code_digest() -> str:
    """Of the program that makes and reads what is kept."""
    total = 0
    for file in source_files(CODE, (".py", ".toml")):
        total = zlib.crc32(file.read_bytes(), total)
    return f"{total:08x}"


def _sweep(cache: Path, now_s: float) -> None:
    """Remove what was not used for long, and what was used longest ago until the rest is small enough."""
    total = 0
    by_use = sorted((one for one in cache.iterdir() if one.is_dir()), key=lambda one: -one.stat().st_mtime)
    for folder in by_use:
        total += sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        if total > MOST_BYTES or now_s - folder.stat().st_mtime > MOST_DAYS * DAY_S:
            shutil.rmtree(folder, ignore_errors=True)

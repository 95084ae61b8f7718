"""Files and folders that are there whole or not at all, whoever else writes them and whatever ends the program.

Everything is written beside its final name, forced to the disk and renamed. One process writes, others that want the same
wait for their turn. What a program that was ended left behind is hidden, and swept away by who has the turn next.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from data.build_report import BuildReport, finding
from data.errors import InputError

DIGEST = "digest.json"
"""File of a written folder: size and checksum of all others."""
DAMAGED = "ready data that were damaged, made anew"
_CHUNK = 1 << 20
_SPOOL = ".part-"


def write_folder(target: Path, write: Callable[[Path], None]) -> BuildReport:
    """Let `write` fill a new folder and rename it to `target`; a whole one is left as it is, a damaged one is replaced.

    Raises
    ------
    InputError
        When the disk is full, cannot be written to, or is gone; then nothing is left of it.

    """
    if is_whole(target):
        return BuildReport()
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _told(target), turn(target):
        if is_whole(target):  # somebody else made it meanwhile
            return BuildReport()
        was_there = target.exists()

        def write_with_digest(beside: Path) -> None:
            write(beside)
            (beside / DIGEST).write_text(json.dumps(_digest(beside)), encoding="utf-8")

        _fill(target, write_with_digest)
    return finding("cache", "repaired", DAMAGED, [target] if was_there else [])


def new_folder(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder that was not there, whole or not at all.

    Raises
    ------
    InputError
        When it is there already, or as `write_folder`.

    """
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _told(target), turn(target):
        if target.exists():
            msg = f"{target} is there already, and stays as it is. Choose another name."
            raise InputError(msg)
        _fill(target, write)


def _fill(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder beside `target`, whose turn it is, and put it in its place."""
    _sweep(target)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}{_SPOOL}", dir=target.parent))
    try:
        write(beside)
        beside.chmod(0o755)  # a temporary folder is its maker's alone; a build is for everyone
        _to_disk(beside)
        shutil.rmtree(target, ignore_errors=True)
        beside.rename(target)
        _to_disk_folder(target.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_file(target: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a file beside `target`, then rename it, so that `target` is never half-written.

    Raises
    ------
    InputError
        When the disk is full, cannot be written to, or is gone; then `target` is as it was.

    """
    write_files(target.parent, {target.name: write})


def write_files(folder: Path, writers: Mapping[str, Callable[[Path], None]]) -> None:
    """Let each of `writers` fill a file of its name beside `folder`'s others: all of them are there then, or none is new.

    A later one may read those before it, which stand beside its own. InputError as `write_file`.
    """
    first = folder / next(iter(writers))
    with _told(first), turn(first):
        _sweep(first)
        beside = Path(tempfile.mkdtemp(prefix=f".{first.name}{_SPOOL}", dir=folder))
        try:
            for name, write in writers.items():
                write(beside / name)
            _to_disk(beside)
            _exchange(beside, folder, list(writers))
            _to_disk_folder(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _exchange(beside: Path, folder: Path, names: list[str]) -> None:
    """Let files take the place of those of the same names; where one cannot, all earlier ones come back."""
    earlier = beside / "earlier"
    earlier.mkdir()
    done: list[str] = []
    try:
        for name in names:
            if (folder / name).is_file():
                shutil.copy2(folder / name, earlier / name)
            (beside / name).replace(folder / name)
            done.append(name)
    except OSError:
        for name in done:
            if (earlier / name).exists():
                (earlier / name).replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise


def can_write(folder: Path) -> bool:
    """Whether a folder is there, or can be made, and something can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def is_whole(folder: Path) -> bool:
    """Whether a folder that `write_folder` wrote is there with every file as it was written; more files do no harm."""
    try:
        told = json.loads((folder / DIGEST).read_text(encoding="utf-8"))
        return bool(told == {name: _sum(folder / name) for name in told})
    except (OSError, ValueError, TypeError):
        return False


def _digest(folder: Path) -> dict[str, list[int]]:
    return {
        file.relative_to(folder).as_posix(): _sum(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _sum(file: Path) -> list[int]:
    """Size and checksum of a file."""
    size = total = 0
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            size, total = size + len(chunk), zlib.crc32(chunk, total)
    return [size, total]


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say in a sentence what is wrong with the disk."""
    try:
        yield
    except OSError as error:
        other = (
            ""
            if error.filename is None or Path(error.filename).is_relative_to(target.parent)
            else f" ({error.filename})"
        )
        msg = (
            f"Cannot write {target}: {error.strerror or error}{other}. Everything is as it was before; "
            "make room, or choose a folder that can be written to."
        )
        raise InputError(msg) from error


@contextmanager
def turn(target: Path) -> Iterator[None]:
    """Wait until nobody else writes `target`; a program that is ended gives up its turn."""
    path = _lock_path(target)
    handle = _locked(path, wait=True)
    try:
        yield
    finally:
        _release(path, handle)


def sweep(folder: Path) -> None:
    """Take away what programs that were ended left in a folder of ready data; what is being written stays."""
    with suppress(OSError):  # none there, or one that may only be read
        for name in {child.name.partition(_SPOOL)[0][1:] for child in folder.glob(f".*{_SPOOL}*")}:
            path = _lock_path(folder / name)
            with suppress(BlockingIOError):
                handle = _locked(path, wait=False)
                _sweep(folder / name)
                _release(path, handle)


def _sweep(target: Path) -> None:
    """Take away what was left of `target`, whose turn it is."""
    for left in target.parent.glob(f".{escape(target.name)}{_SPOOL}*"):
        shutil.rmtree(left, ignore_errors=True)


def _lock_path(target: Path) -> Path:
    return target.with_name(f".{target.name}.lock")


def _locked(path: Path, *, wait: bool) -> int:
    """Handle of a file that is locked; BlockingIOError where another has it and one does not `wait`."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle, wait=wait)
            # Whoever had it before has taken the file away: then another one counts.
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _release(path: Path, handle: int) -> None:
    with suppress(OSError):
        path.unlink()
    os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, *, wait: bool) -> None:
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError as error:
                if not wait:
                    raise BlockingIOError from error
            else:
                return

else:
    import fcntl

    def _lock(handle: int, *, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def _to_disk(folder: Path) -> None:
    """Force a folder and all in it to the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        else:
            _to_disk_folder(path)
    _to_disk_folder(folder)


def _to_disk_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

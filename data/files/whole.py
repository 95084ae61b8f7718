"""Files and folders that are there whole or not at all, whoever else writes them and whatever ends the program.

Everything is written beside its final name, forced to the disk and renamed. One process writes, others that want the same
wait for their turn. What a program that was ended left behind is hidden, and swept away by who has the turn next. Files that
belong together are exchanged by a list on the disk: an exchange that was cut short is finished at the next `sweep`.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from data.build_report import BuildReport, finding
from data.errors import InputError

DIGEST = "digest.json"
"""File of a written folder: size, checksum and time of last change of all others."""
DAMAGED = "ready data that were damaged, made anew"
SUMMED_BYTES = 256 * 2**20
"""A folder up to this size is summed whenever it is opened; of a larger one only files whose size or time is another."""
_CHUNK = 1 << 20
_SPOOL, _LOCK = ".part-", ".part.lock"
_REMOVED = "removed"
_EXCHANGE = ".exchange.json"
"""File of a hidden folder whose other files are all written: which of them take the place of others, and what goes."""


def write_folder(target: Path, write: Callable[[Path], None]) -> BuildReport:
    """Let `write` fill a new folder and rename it to `target`; a whole one is left as it is, a damaged one is replaced.

    What ended programs left beside it is swept.

    Raises
    ------
    InputError
        When the disk is full, cannot be written to, or is gone; then nothing is left of it.

    """
    sweep(target.parent)
    if is_whole(target):
        return BuildReport()
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _told(target), turn(target):
        if is_whole(target):  # somebody else made it meanwhile
            return BuildReport()
        was_there = target.exists()
        with _spool(target) as beside:
            write(beside)
            beside.chmod(0o755)  # a temporary folder is its maker's alone; a build is for everyone
            (beside / DIGEST).write_text(json.dumps(_digest(beside)), encoding="utf-8")
            shutil.rmtree(target, ignore_errors=True)
            publish(beside, target)
    return finding("cache", "repaired", DAMAGED, [target] if was_there else [])


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
    with _told(first), turn(first), _spool(first) as beside:
        for name, write in writers.items():
            write(beside / name)
        _exchange(beside, folder, list(writers), [])


@contextmanager
def renewed(
    folder: Path, last: str, gone: Collection[str] = (), on_wait: Callable[[], None] = lambda: None
) -> Iterator[Path]:
    """Hidden folder inside `folder` for the block to fill, whose files then take the place of those of the same names at once.

    Parameters
    ----------
    folder
        Made when it is not there.
    last
        Name of the file that comes last, by which others know the folder; who renews the same folder waits.
    gone
        Files that are taken away where the block does not write them.
    on_wait
        Called when somebody else has the turn.

    Raises
    ------
    InputError
        As `write_file`; then, and when the block raises, the folder is as it was.

    """
    target = folder / last
    with _told(target):
        folder.mkdir(parents=True, exist_ok=True)
    with _told(target), turn(target, on_wait), _spool(target) as beside:
        yield beside
        written = [path.name for path in beside.iterdir() if path.is_file() and not path.name.startswith(".")]
        written.sort(key=lambda name: (name == last, name))
        _exchange(beside, folder, written, [name for name in gone if name not in written])


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Hidden folder beside `target` for the block to fill, which then is `target`.

    Unlike `write_folder` it carries no digest: people may change what is in it.

    Raises
    ------
    InputError
        When it is there already, or as `write_file`; then, and when the block raises, there is no new folder.

    """
    with _told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _told(target), turn(target):
        if target.exists():
            msg = f"{target} is there already, and stays as it is. Choose another name."
            raise InputError(msg)
        with _spool(target) as beside:
            yield beside
            beside.chmod(0o755)
            publish(beside, target)


def publish(filled: Path, target: Path) -> None:
    """Let a folder that is filled be `target`, after all of it is on the disk; OSError where that cannot be."""
    _to_disk(filled)
    filled.rename(target)
    _to_disk_folder(target.parent)


def remove_folder(folder: Path) -> None:
    """Take a folder away, out of sight at once; what is left of it by a program that was ended is swept."""
    with suppress(OSError):
        hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}{_SPOOL}", dir=folder.parent))
        folder.rename(hidden / _REMOVED)
        shutil.rmtree(hidden, ignore_errors=True)


@contextmanager
def _spool(target: Path) -> Iterator[Path]:
    """New hidden folder beside `target`, whose turn it is; gone afterwards, as what earlier programs left."""
    _sweep(target)
    beside = Path(tempfile.mkdtemp(prefix=f".{target.name}{_SPOOL}", dir=target.parent))
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _exchange(beside: Path, folder: Path, names: list[str], gone: list[str]) -> None:
    """Let files of `beside` take the place of those of `folder` with the same names, and take `gone` away: all or none.

    Where one cannot, those before it come back; where the program is ended, `_finish` does the rest.
    """
    _to_disk(beside)
    if len(names) + len(gone) > 1:
        (beside / _EXCHANGE).write_text(json.dumps({"names": names, "gone": gone}), encoding="utf-8")
        _to_disk_file(beside / _EXCHANGE)
        _to_disk_folder(beside)
    earlier = beside / "earlier"
    earlier.mkdir()
    done: list[str] = []
    try:
        for name in names:
            if (folder / name).is_file():
                _second_name(folder / name, earlier / name)
            (beside / name).replace(folder / name)
            done.append(name)
    except OSError:
        (beside / _EXCHANGE).unlink(missing_ok=True)
        for name in done:
            if (earlier / name).exists():
                (earlier / name).replace(folder / name)
            else:
                (folder / name).unlink(missing_ok=True)
        raise
    _remove(folder, gone)
    _to_disk_folder(folder)


def _second_name(file: Path, other: Path) -> None:
    """Let a file be there under another name too: by a link, or as a copy where the disk knows no links."""
    try:
        other.hardlink_to(file)
    except OSError:
        shutil.copy2(file, other)


def _remove(folder: Path, gone: list[str]) -> None:
    for name in gone:
        (folder / name).unlink(missing_ok=True)


def _finish(beside: Path, folder: Path) -> None:
    """Do the rest of an exchange that was cut short."""
    try:
        told = json.loads((beside / _EXCHANGE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # it had not begun: nothing was exchanged
    for name in told["names"]:
        if (beside / name).is_file():
            (beside / name).replace(folder / name)
    _remove(folder, told["gone"])
    _to_disk_folder(folder)


def can_write(folder: Path) -> bool:
    """Whether a folder is there, or can be made, and something can be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def is_whole(folder: Path) -> bool:
    """Whether a folder that `write_folder` wrote is there with every file as it was written; more files do no harm.

    A folder of up to `SUMMED_BYTES` is read for that. Of a larger one a file of the same size and time of last change counts
    as unchanged: reading a country would take longer than opening it by memory map saves.
    """
    try:
        told: dict[str, list[int]] = json.loads((folder / DIGEST).read_text(encoding="utf-8"))
        is_large = sum(size for size, _, _ in told.values()) > SUMMED_BYTES
        return all(
            (is_large and _time_of(folder / name) == (size, time)) or _sum(folder / name) == [size, total]
            for name, (size, total, time) in told.items()
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _digest(folder: Path) -> dict[str, list[int]]:
    return {
        file.relative_to(folder).as_posix(): [*_sum(file), _time_of(file)[1]]
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


def _time_of(file: Path) -> tuple[int, int]:
    """Size of a file, and when it was last changed, in nanoseconds."""
    found = file.stat()
    return found.st_size, found.st_mtime_ns


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
def turn(target: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Wait until nobody else writes `target`, and say so by `on_wait`; a program that is ended gives up its turn."""
    path = _lock_path(target)
    try:
        handle = _locked(path, wait=False)
    except BlockingIOError:
        on_wait()
        handle = _locked(path, wait=True)
    try:
        yield
    finally:
        _release(path, handle)


def sweep(folder: Path) -> None:
    """Finish or take away what programs that were ended left in a folder; what is being written stays."""
    with suppress(OSError):  # none there, or one that may only be read
        left = {child.name.partition(_SPOOL)[0][1:] for child in folder.glob(f".*{_SPOOL}*")}
        left |= {child.name[1:].removesuffix(_LOCK) for child in folder.glob(f".*{_LOCK}")}
        for name in left:
            path = _lock_path(folder / name)
            with suppress(BlockingIOError):
                handle = _locked(path, wait=False)
                try:
                    _sweep(folder / name)
                finally:
                    _release(path, handle)


def _sweep(target: Path) -> None:
    """Finish or take away what was left of `target`, whose turn it is."""
    for left in target.parent.glob(f".{escape(target.name)}{_SPOOL}*"):
        _finish(left, target.parent)
        shutil.rmtree(left, ignore_errors=True)


def _lock_path(target: Path) -> Path:
    return target.with_name(f".{target.name}{_LOCK}")


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
            _to_disk_file(path)
        else:
            _to_disk_folder(path)
    _to_disk_folder(folder)


def _to_disk_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _to_disk_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

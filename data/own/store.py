"""Where regions with files of somebody's own are kept: a folder each, under a name that cannot be guessed."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data.errors import InputError
from data.files.whole import publish

NAME = re.compile(r"own-[0-9a-f]{32}")
MARK = "opened"
"""Empty file of a region whose date tells when it was last opened."""
DRAFT, REMOVED = ".draft-", ".removed-"
DAY_S = 86_400.0
DRAFT_DAYS, REMOVED_DAYS, UNOPENED_DAYS = 1, 30, 180
"""Days after which an upload that was never used, a removed region, and one that nobody opened are swept."""
MOST_REGIONS = 60
MOST_BYTES = 20 * 2**30
"""Of all that is kept, ready arrays included."""


@dataclass(frozen=True, slots=True)
class OwnRegions:
    """The regions below `home`; `now` gives seconds since 1970."""

    home: Path
    now: Callable[[], float] = time.time

    def folder(self, name: str) -> Path | None:
        """Folder of a region; None where `name` is no name of one, or there is none."""
        if not NAME.fullmatch(name):
            return None
        folder = self.home / name
        return folder if (folder / "region.toml").is_file() else None

    def begin(self) -> Path:
        """Make a new folder for files that are not used yet.

        Raises
        ------
        InputError
            When there is no room for another region, or the disk does not allow it.

        """
        self.sweep()
        n_regions = sum(1 for path in self._all() if NAME.fullmatch(path.name))
        if n_regions >= MOST_REGIONS or sum(map(size_of, self._all())) >= MOST_BYTES:
            msg = "There is no room for another region. Remove one that is no longer needed."
            raise InputError(msg)
        folder = self.home / f"{DRAFT}{secrets.token_hex(16)}"
        try:
            folder.mkdir(parents=True, mode=0o700)
        except OSError as error:
            msg = f"Cannot write to {self.home}: {error.strerror}."
            raise InputError(msg) from error
        return folder

    def keep(self, whole: Path) -> str:
        """Make a whole folder, one of `begin` or inside it, a region, and return its name; InputError where the disk does not allow it."""
        name = f"own-{secrets.token_hex(16)}"
        try:
            (whole / MARK).touch()
            publish(whole, self.home / name)
        except OSError as error:
            msg = f"Cannot write to {self.home}: {error.strerror}."
            raise InputError(msg) from error
        return name

    def opened(self, name: str) -> None:
        """Remember that a region was opened."""
        if folder := self.folder(name):
            with suppress(OSError):
                (folder / MARK).touch()

    def remove(self, name: str) -> bool:
        """Put a region out of reach; it can be brought back for `REMOVED_DAYS`."""
        folder = self.folder(name)
        if folder is None:
            return False
        (folder / MARK).touch()
        folder.rename(self.home / f"{REMOVED}{name}")
        return True

    def is_removed(self, name: str) -> bool:
        """Whether a region was removed and can be brought back."""
        return bool(NAME.fullmatch(name)) and (self.home / f"{REMOVED}{name}").is_dir()

    def restore(self, name: str) -> bool:
        """Bring a removed region back."""
        if not self.is_removed(name):
            return False
        (self.home / f"{REMOVED}{name}").rename(self.home / name)
        return True

    def sweep(self) -> None:
        """Delete what nobody needs any more."""
        for folder in self._all():
            days = (self.now() - _last_used(folder)) / DAY_S
            limits = {DRAFT: DRAFT_DAYS, REMOVED: REMOVED_DAYS}
            limit = next(
                (limits[start] for start in limits if folder.name.startswith(start)),
                UNOPENED_DAYS if NAME.fullmatch(folder.name) else None,
            )
            if limit is not None and days > limit:
                shutil.rmtree(folder, ignore_errors=True)

    def _all(self) -> Iterator[Path]:
        if self.home.is_dir():
            yield from sorted(path for path in self.home.iterdir() if path.is_dir())


def _last_used(folder: Path) -> float:
    marked = folder / MARK
    with suppress(OSError):
        return (marked if marked.is_file() else folder).stat().st_mtime
    return 0.0


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total

"""Downloads on disk: the complete file, the part under way, and what the server said of each."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

State: TypeAlias = Literal["new", "unchanged", "kept", "on disk"]
Note: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A checked file on this machine.

    Attributes
    ----------
    date
        ISO date on which the source last changed the file, as far as the server tells; else of the download.
    state
        ``new`` or ``unchanged`` since the last download; ``kept`` when the source failed, or was not asked, and an
        earlier download stands in; ``on disk`` for a file that was never downloaded.
    trouble
        Why the file was kept, "" otherwise.

    """

    url: str
    path: Path
    date: str
    state: State
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the file of one address is kept."""

    folder: Path
    url: str

    @property
    def path(self) -> Path:
        """The complete file."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "_", self.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1])
        return self.folder / f"{hashlib.sha256(self.url.encode()).hexdigest()[:12]}-{name[-80:]}"

    @property
    def part(self) -> Path:
        """The file under way; its name keeps the ending, by which some readers know the format."""
        return self.path.with_name(f"part-{self.path.name}")

    def note(self, file: Path) -> Note:
        """What the server said of `file`, one of the two above; nothing when it or its note is not there."""
        try:
            note = json.loads(_beside(file).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if file.is_file() and isinstance(note, dict) else {}

    def start_part(self, note: Note) -> None:
        """Begin a new, empty part."""
        self.drop_part()
        _beside(self.part).write_text(json.dumps(note, indent=1), encoding="utf-8")
        self.part.touch()

    def drop_part(self) -> None:
        """Forget the part, so that it is never continued."""
        self.part.unlink(missing_ok=True)

    def finish(self) -> None:
        """Let the part take the place of the earlier file; at no moment does a note describe another file."""
        _beside(self.path).unlink(missing_ok=True)
        self.part.replace(self.path)
        _beside(self.part).replace(_beside(self.path))

    def fetched(self, state: State, trouble: str = "") -> Fetched:
        """Return the complete file."""
        date = self.note(self.path).get("date", "")
        return Fetched(self.url, self.path, date or file_date(self.path), state, trouble)

    def conditions(self) -> tuple[dict[str, str], int]:
        """Request headers that ask only for what is missing or has changed, and how many bytes of a part they build on."""
        note = self.note(self.part)
        size = self.part.stat().st_size if note else 0
        if size and (validator := _strong(note)):
            return {"Range": f"bytes={size}-", "If-Range": validator}, size
        known = self.note(self.path)
        names = {"If-None-Match": known.get("ETag"), "If-Modified-Since": known.get("Last-Modified")}
        return {name: value for name, value in names.items() if value}, 0


def file_date(path: Path) -> str:
    """ISO date on which the file was last written."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, tz=dt.UTC).date().isoformat()


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _strong(note: Note) -> str:
    """Return the validator that tells two versions of a file apart to the byte, "" where there is none."""
    tag = note.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else note.get("Last-Modified", "")

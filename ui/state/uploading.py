"""What a visitor has brought but not yet used, and the regions made of such files that are known in this visit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from data.own.check import Checked
from data.own.region import OwnFile
from ui.state.background_job import Job


@dataclass(frozen=True, slots=True)
class Draft:
    """Files that were brought for a region.

    Attributes
    ----------
    folder
        Where they are kept.
    region
        Name of the region whose layers they replace.
    service_date
        Day of the timetable.

    """

    folder: Path
    region: str
    files: tuple[OwnFile, ...]
    service_date: dt.date


@dataclass(slots=True)
class Uploading:
    """Part of the state of a visit; changed only by `ui.pages.data.upload_actions`."""

    draft: Draft | None = None
    past: list[Draft] = field(default_factory=list)
    """Drafts before the last changes, for undo."""
    check: Job[Checked] | None = None
    round: int = 0
    """Number of the next file: every upload field is used once, so that no file stays in memory."""
    known: tuple[str, ...] = ()
    """Names of own regions that were made or opened in this visit."""
    removed: list[str] = field(default_factory=list)
    """Names of own regions that can be brought back."""
    adding: frozenset[str] = frozenset()
    """Layers whose files come beside what the region has; those of others replace it."""
    is_open: bool = False
    """Whether the panel was asked for on another page."""

"""Names of the files that can be taken away: the one place where they are made."""

from __future__ import annotations

import re
from datetime import date

LONGEST = 60


def file_name(subject: str, what: str, day: date, ending: str) -> str:
    """Name of a file: of which scenario or region it is, what is in it ("" for all), and the day on which it was made.

    Letters and figures of every script stay; all else becomes a hyphen, so that any computer can keep it.
    """
    parts = (_plain(subject), _plain(what), day.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{ending}"


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:LONGEST].strip("-")

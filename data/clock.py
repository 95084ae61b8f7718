"""Clock times of a service day as people write them; inside they are seconds after midnight."""

from __future__ import annotations

import re

from data.errors import InputError

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")


def parse_clock(text: str) -> int:
    """Seconds after midnight of a text such as 9:05 or 25:30; hours past 24 belong to the service day.

    Raises
    ------
    InputError
        When the text is no such time.

    """
    found = _CLOCK.fullmatch(text)
    if not found:
        msg = f"'{text}' is no clock time. Write it as HH:MM, for example 09:00."
        raise InputError(msg)
    return int(found[1]) * 3600 + int(found[2]) * 60


def clock_text(seconds: int) -> str:
    """HH:MM of seconds after midnight, the seconds of the minute left out."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"

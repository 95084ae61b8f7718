"""Clock times of a service day as people write them; inside they are seconds after midnight."""

from __future__ import annotations

import re

from data.errors import InputError

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_SPAN = re.compile(r"(?:(?P<h>\d{1,3}):(?=[0-5]\d(?::|$)))?(?P<m>\d{1,4})(?::(?P<s>[0-5]\d))?")
_MINUTES = re.compile(r"(?P<h>)(?P<m>\d{1,4}\.\d+)(?P<s>)")
_ISO = re.compile(r"PT(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?")


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


def span_s(text: str) -> int | None:
    """Seconds of an interval or duration: minutes, HH:MM, HH:MM:SS or ISO 8601 such as PT1H25M; None if it is none.

    Source: OSM wiki, Key:interval and Key:duration.
    """
    value = text.strip()
    found = _SPAN.fullmatch(value) or _MINUTES.fullmatch(value) or _ISO.fullmatch(value.upper())
    if found is None:
        return None
    hours, minutes, seconds = (float(found[part] or 0) for part in "hms")
    return round(3600 * hours + 60 * minutes + seconds) or None

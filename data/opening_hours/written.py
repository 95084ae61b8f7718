"""Opening hours as their owners write them ("ma t/m vr 8.00 - 18.00 uur"), turned into the language of OpenStreetMap."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("written.toml")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_WEEKDAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_CLOCK = r"[0-2]\d:[0-5]\d"
_HOUR = r"(?:[01]?\d|2[0-4])(?![\d:./\]])"
_NO_DATE = r"(?<![\d:./\[-])(?<!week )" + "".join(rf"(?<!{month} )" for month in _MONTHS)
_AM_PM = re.compile(r"\b(1[0-2]|0?\d)(?:[.:]([0-5]\d))?\s*([ap])\.?m\b\.?", re.IGNORECASE)


def _bare_hours(found: re.Match[str]) -> str:
    """Put minutes to "8-17"; "9-5" may be of a clock of twelve hours, and stays as it is."""
    start, end = int(found[1]), int(found[2])
    return found[0] if end <= start < 12 else f"{start:02d}:00-{end:02d}:00"


_SIGNS = (
    (r"[\u2010-\u2015\u2212~]", "-"),
    (r"[\u201c-\u201f\u2033\u00ab\u00bb]", '"'),
    (r"\s*[\n\r]+\s*|\s+[|/]\s+", "; "),
    (r"\s+", " "),
)
"""Signs for which OpenStreetMap has one of its own, anywhere in a text."""
_CLOCKS = (
    (r"\b([01]?\d|2[0-4])\s?[.:uhUH]\s?([0-5]\d)(?::00)?(?!\d)", r"\1:\2"),  # 8.30, 8u30, 08:30:00
    (r"(?<=[A-Za-z] )([01]\d|2[0-4])([0-5]\d)-([01]\d|2[0-4])([0-5]\d)\b", r"\1:\2-\3:\4"),  # Mo 0830-1700
    (r"(?<!\d)(\d):(\d\d)", r"0\1:\2"),
)
"""Clock times; before the words, as "8u30" is one word."""
_ORDER = (
    (r"\s+", " "),
    (r"\s*-\s*(?=[A-Za-z\d])(?!\d+ days?\b)", "-"),
    (rf"{_NO_DATE}({_HOUR})-({_HOUR})", _bare_hours),  # 8-17
    (rf"{_NO_DATE}({_HOUR})-(?={_CLOCK})", r"\1:00-"),
    (rf"({_CLOCK})-({_HOUR})", r"\1-\2:00"),
    (r"(?<!\d)(\d):(\d\d)", r"0\1:\2"),
    (rf"(?<![:\d])\b(\d{{1,2}}) ({_MONTH})\b", r"\2 \1"),  # 1 April
    (rf"({_DAY}|^|;)\s*:(?!\d)", r"\1 "),  # Mo: 08:00
    (r"\(\s*\"([^\"]*)\"\s*\)", r'"\1"'),
    (r"\s*\(([^()]*)\)", r"; \1"),
    (rf"({_WEEKDAY})\s*[/ ]\s*(?={_WEEKDAY}\b)", r"\1,"),  # Mo/Tu, Mo Tu
    (r"\s*,[\s,]*", ","),
    (rf"({_DAY}) 24/7", r"\1 00:00-24:00"),
    (rf"({_CLOCK})\s*[/ ]\s*(?={_CLOCK})", r"\1,"),
    (rf"(^|[;,] ?)off ({_DAY}(?:[-,]{_DAY})*)", r"\1\2 off"),  # closed on Su
    (rf"\bopen:? ?(?={_DAY}|{_CLOCK})", ""),
    (r",? ?(?=\|\|)", " "),
    (r', ?(?=")', " "),
    (rf"(off|{_CLOCK}\+?)[, ]\s*(?=(?:{_DAY}|{_MONTH})\b)", r"\1; "),  # to an owner a comma replaces as well
    (r"\s+", " "),
    (r"\s*;[\s;,.]*", "; "),
    (r'(?<=.); (?=")', " || "),  # a comment behind all hours is about the rest of the week
)
"""Order and separators, once all words are those of OpenStreetMap."""


def as_osm(text: str) -> str:
    """Write opening hours the way OpenStreetMap does, as far as the table goes; comments stay as they are."""
    for pattern, to in _SIGNS:
        text = re.sub(pattern, to, text)
    words, becomes, after_hour = _words()
    pieces = re.split(r'("[^"]*")', text)
    for at, piece in enumerate(pieces):
        if piece.startswith('"'):
            continue
        piece = _AM_PM.sub(_in_24_hours, piece)  # noqa: PLW2901 -- the same piece, step by step
        piece = _in_turn(_CLOCKS, piece)  # noqa: PLW2901
        piece = words.sub(lambda found: becomes[found[1].lower()], piece)  # noqa: PLW2901
        pieces[at] = re.sub(rf"(?<=\d)\s*(?:{after_hour})\b\.?", "", piece, flags=re.IGNORECASE)
    return _in_turn(_ORDER, "".join(pieces)).strip(" ;,.")


def _in_turn(steps: Iterable[tuple[str, str | Callable[[re.Match[str]], str]]], text: str) -> str:
    for pattern, to in steps:
        text = re.sub(pattern, to, text)
    return text


def _in_24_hours(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + 12 * (found[3].lower() == "p")
    return f"{hour:02d}:{found[2] or '00'}"


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, str], str]:
    """Pattern of all phrases, the longest first, what each becomes, and the words behind an hour."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    becomes = {
        phrase: to
        for part in ("days", "months", "words")
        for to, phrases in table[part].items()
        for phrase in phrases
    }
    longest = sorted(becomes, key=len, reverse=True)
    pattern = rf"(?<!\w)({'|'.join(re.escape(phrase) for phrase in longest)})(?!\w)\.?"
    return re.compile(pattern, re.IGNORECASE), becomes, "|".join(map(re.escape, table["hour"]["words"]))

"""Which days are public and school holidays, where: a table of ours over the calendars of the library."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec
from opening_hours import OpeningHours, UnknownCountryError  # type: ignore[attr-defined]

from data.errors import InputError

TABLE = Path(__file__).with_name("holidays.toml")
NOON = dt.time(12)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Per country the rule of its public holidays, per school region its holidays as "first/last"."""

    public: dict[str, str]
    school: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Holidays:
    """Holidays of a place: a school region of the table, such as "NL-Noord", or a country by its ISO code, such as "DE".

    Raises
    ------
    InputError
        When neither the table nor the library knows the place.

    """

    place: str

    def __post_init__(self) -> None:
        """Refuse a place without a calendar."""
        if self.place not in _table().school and not _has_calendar(self.place):
            msg = (
                f"holidays of '{self.place}' are not known. Write a school region ({', '.join(_table().school)}) "
                "or the two letters of a country, such as DE."
            )
            raise InputError(msg)

    @property
    def country(self) -> str:
        """ISO code of the country."""
        return self.place[:2]

    def is_public(self, day: dt.date) -> bool:
        """Whether `day` is one of the days that `PH` means."""
        return _public(self.country).is_open(dt.datetime.combine(day, NOON))

    def is_school(self, day: dt.date) -> bool | None:
        """Whether `day` lies in the school holidays; None where they are not known."""
        spans = _school(self.place)
        if not spans or not spans[0][0] <= day <= spans[-1][1]:
            return None
        return any(first <= day <= last for first, last in spans)


@lru_cache(maxsize=1)
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)


@lru_cache(maxsize=64)
def _has_calendar(country: str) -> bool:
    try:
        OpeningHours("PH", country=country)
    except UnknownCountryError:
        return False
    return True


@lru_cache(maxsize=64)
def _public(country: str) -> OpeningHours:
    return OpeningHours(_table().public.get(country, "PH"), country=country)


@lru_cache(maxsize=64)
def _school(place: str) -> tuple[tuple[dt.date, dt.date], ...]:
    spans = (span.split("/") for span in _table().school.get(place, ()))
    return tuple((dt.date.fromisoformat(first), dt.date.fromisoformat(last)) for first, last in spans)


DUTCH_NORTH = Holidays("NL-Noord")
"""Where nothing else is said: Drenthe, Groningen, Friesland, Overijssel, Noord-Holland and most of Flevoland."""

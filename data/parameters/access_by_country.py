"""Who may use a kind of street that says nothing about it, by country."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from data.parameters.toml_rows import read_toml, records, refuse

ACCESS_BY_COUNTRY = Path(__file__).with_name("access_by_country.toml")


class Country(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules of one country.

    Attributes
    ----------
    zones
        Its time zones.
    trunk, track
        Tags that such a way has there where it has none of these keys.
    source
        Where that is laid down.

    """

    name: str
    zones: tuple[str, ...]
    trunk: dict[str, str] = {}
    track: dict[str, str] = {}
    source: str


@lru_cache(maxsize=1)
def load_countries() -> tuple[Country, ...]:
    """Countries whose rules differ from those of most others.

    Raises
    ------
    InputError
        When the table has mistakes.

    """
    faults: list[str] = []
    countries = records(read_toml(ACCESS_BY_COUNTRY, ("country",)), "country", Country, faults)
    refuse(ACCESS_BY_COUNTRY, faults)
    return tuple(countries)

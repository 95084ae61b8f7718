"""How long a visit to a service takes, and when a service is open of which nothing better is known."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

VISITS = Path(__file__).with_name("visits.toml")


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A visit to one kind of service: its minutes, hours as OpenStreetMap writes them, and where both come from."""

    stay_min: int
    opening_hours: str
    source: str
    kind: str = ""

    @property
    def stay_s(self) -> int:
        """Seconds of the visit itself."""
        return self.stay_min * 60


class Visits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Visits of some kinds, and of all other kinds."""

    visit: tuple[Visit, ...]
    other: Visit

    def of_kind(self, kind: str) -> Visit:
        """Visit to a service of `kind`."""
        return next((visit for visit in self.visit if visit.kind == kind), self.other)


def load_visits() -> Visits:
    """Read the table of visits; its own head explains the format."""
    return msgspec.convert(tomllib.loads(VISITS.read_text(encoding="utf-8")), Visits)

"""What can be changed: a scenario is a named list of edits, each a value of text and numbers.

As JSON an edit is an object with its kind in the field "edit"; the file of its group says what it does to a world.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import msgspec

from scenarios.edits.facilities import FacilityEdit
from scenarios.edits.lines import TimetableEdit
from scenarios.edits.on_demand import OnDemandEdit
from scenarios.edits.people import PeopleEdit
from scenarios.edits.streets import StreetEdit

Edit: TypeAlias = FacilityEdit | TimetableEdit | StreetEdit | OnDemandEdit | PeopleEdit


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes, under a name people can talk about."""

    name: str = ""
    note: str = ""
    edits: tuple[Edit, ...] = ()

    @property
    def key(self) -> str:
        """SHA-256 of what changes, kind of each edit included: equal for equal effects, whatever the name."""
        return hashlib.sha256(msgspec.json.encode(self.edits)).hexdigest()


EMPTY = Scenario()

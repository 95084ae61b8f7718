"""What can be changed: a scenario is a named list of edits, each a value of text and numbers.

As JSON an edit is an object with its kind in the field "edit"; the file of its group says what it does to a world.

A plan over years is a scenario whose edits say from which year they hold. Which year it is, the edit of the population says
(`ChangeYear`): the others hold if their year is not later. Without it all of them do, as at the end of the plan.
"""

from __future__ import annotations

import hashlib
from typing import TypeAlias

import msgspec

from scenarios.edits.facilities import FacilityEdit
from scenarios.edits.lines import TimetableEdit
from scenarios.edits.on_demand import OnDemandEdit
from scenarios.edits.people import ChangeYear, PeopleEdit
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

    @property
    def year(self) -> int | None:
        """Year that it is; None where nothing says it."""
        return next((edit.year for edit in self.edits if isinstance(edit, ChangeYear)), None)

    @property
    def years(self) -> tuple[int, ...]:
        """Years in which something begins to hold, ascending."""
        return tuple(sorted({edit.from_year for edit in self.edits if edit.from_year is not None}))

    def holds(self, edit: Edit) -> bool:
        """Whether one of its edits holds in the year that it is."""
        return self.year is None or edit.from_year is None or edit.from_year <= self.year

    @property
    def in_force(self) -> Scenario:
        """The same with those edits alone that hold in the year that it is."""
        return Scenario(self.name, self.note, tuple(edit for edit in self.edits if self.holds(edit)))

    def at(self, year: int) -> Scenario:
        """The same scenario as it is in a year, with the population of that year."""
        others = tuple(edit for edit in self.edits if not isinstance(edit, ChangeYear))
        return Scenario(self.name, self.note, (*others, ChangeYear(year=year)))


EMPTY = Scenario()

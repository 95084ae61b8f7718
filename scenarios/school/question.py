"""What is asked about school days, checked before anything is worked out."""

from __future__ import annotations

from dataclasses import dataclass

from accessibility.asked import check_known, kinds_named
from accessibility.world import World
from data.errors import InputError
from data.parameters.school_days import SCHOOL_DAYS, SchoolDays, SchoolKind, load_school_days, with_choices

USUAL_LIMIT_MIN = 15.0
"""Minutes beyond which a school is far, where nothing else is said: a choice, not a norm."""


@dataclass(frozen=True, slots=True)
class SchoolQuestion:
    """Pupils of one kind of school on a school day.

    Attributes
    ----------
    of
        Kind, bell, margin and ages.
    days
        The whole table, with what is known of single schools.
    limit_s
        Beyond this a school is far, by bike and on foot alike.

    """

    of: SchoolKind
    days: SchoolDays
    limit_s: float

    @property
    def kind(self) -> str:
        """Kind of facility."""
        return self.of.kind

    @property
    def assumed(self) -> tuple[str, ...]:
        """Which of the tables that the answer rests on have no source, in words."""
        told = {"bells, margin and ages": self.of.assumed, "age of cycling alone": self.days.cycling.assumed}
        return tuple(what for what, is_assumed in told.items() if is_assumed)


def question_of(
    world: World,
    kind: str,
    limit_min: float = USUAL_LIMIT_MIN,
    *,
    bell: str = "",
    from_age: int | None = None,
) -> SchoolQuestion:
    """Question about a region without a scenario; `bell` (HH:MM) and `from_age` in place of those of the table.

    Raises
    ------
    InputError
        When the kind is unknown, has no school days or is not in the data, when a number means nothing, or when
        school_days.toml of the region speaks of schools that there are not.

    """
    (named,) = kinds_named([kind])
    known = load_school_days(world.region.folder)
    of, days = with_choices(known, named, bell, from_age)
    if not limit_min > 0:
        msg = f"A limit of {limit_min:g} min: give minutes above 0."
        raise InputError(msg)
    check_known(world, named)
    strange = sorted({school.id for school in days.schools} - {*world.facilities.id})
    if strange:
        msg = (
            f"{world.region.folder / SCHOOL_DAYS.name}: there are no facilities {', '.join(strange)}. "
            "Write the ids of the table of facilities, or take these rows out."
        )
        raise InputError(msg)
    return SchoolQuestion(of, days, limit_min * 60)

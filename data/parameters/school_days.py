"""School days: when the bell rings, who goes to which kind of school, and from which age pupils cycle alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta, structs

from data.clock import parse_clock
from data.errors import InputError
from data.parameters.behaviour import Sourced
from data.parameters.toml_rows import layered

SCHOOL_DAYS = Path(__file__).with_name("school_days.toml")
YEARS = 20
"""Years of age in the youngest band of `data.places.AGE_BANDS`, over which its people are spread evenly."""
DAY_S = 86_400
Age: TypeAlias = Annotated[int, Meta(ge=0, lt=YEARS)]
FromAge: TypeAlias = Annotated[int, Meta(ge=0, le=YEARS)]
Room: TypeAlias = Annotated[int, Meta(ge=0, le=100_000)]
Margin: TypeAlias = Annotated[float, Meta(ge=0, le=120)]


def bell_of(text: str) -> int:
    """Seconds after midnight of a bell, HH:MM, on the day itself; InputError for what is none."""
    clock = parse_clock(text)
    if clock >= DAY_S:
        msg = f"'{text}' is no bell of a school: it rings before midnight. Write it as HH:MM, for example 08:30."
        raise InputError(msg)
    return clock


def _check_bell(text: str) -> None:
    """Refuse a text that is no bell, in the way that the reader of rows knows."""
    try:
        bell_of(text)
    except InputError as error:
        raise ValueError(str(error).removesuffix(".")) from error


class Cycling(Sourced, frozen=True, kw_only=True):
    """From which age pupils cycle to school alone."""

    alone_from_age: FromAge


class SchoolKind(Sourced, frozen=True, kw_only=True):
    """The school day of a kind of school.

    Attributes
    ----------
    kind
        Kind of facility.
    bell
        Clock time of the first lesson, HH:MM.
    margin_min
        Minutes before it at which pupils must be there.
    ages
        First and last year of age of its pupils.

    """

    kind: str
    bell: str
    margin_min: Margin
    ages: tuple[Age, Age]

    def __post_init__(self) -> None:
        _check_bell(self.bell)
        first, last = self.ages
        if first > last:
            msg = f"ages {first} to {last} are nobody's: write the youngest first"
            raise ValueError(msg)

    def shares(self, from_age: int) -> tuple[float, float]:
        """Shares of the people of 0 to 19 who go to it: those too young to cycle alone, and the others."""
        first, last = self.ages
        young = min(max(from_age - first, 0), last + 1 - first)
        return young / YEARS, (last + 1 - first - young) / YEARS


class OneSchool(Sourced, frozen=True, kw_only=True):
    """What is known of one school; None where it is not: then its bell is that of its kind, and its room unknown."""

    id: str
    bell: str | None = None
    room: Room | None = None

    def __post_init__(self) -> None:
        if self.bell is not None:
            _check_bell(self.bell)


class SchoolDays(msgspec.Struct, frozen=True):
    """Everything of school_days.toml."""

    cycling: Cycling
    kinds: tuple[SchoolKind, ...]
    schools: tuple[OneSchool, ...]

    def of_kind(self, kind: str) -> SchoolKind:
        """School day of a kind; InputError where the table has none."""
        found = next((row for row in self.kinds if row.kind == kind), None)
        if found is None:
            known = ", ".join(row.kind for row in self.kinds)
            msg = f"'{kind}' has no school days: name one of {known}, or add a [[kind]] to {SCHOOL_DAYS.name} of the region."
            raise InputError(msg)
        return found

    def arrive_by(self, kind: str) -> int:
        """Clock time at which pupils of a kind must be there, where their school has no bell of its own."""
        of = self.of_kind(kind)
        return max(bell_of(of.bell) - round(60 * of.margin_min), 0)


def load_school_days(folder: Path | None) -> SchoolDays:
    """Read what comes along, and school_days.toml of a region's folder, whose rows replace those of the same kind.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    cycling: list[Cycling] = []
    kinds: dict[str, SchoolKind] = {}
    schools: tuple[OneSchool, ...] = ()
    for tables in layered(SCHOOL_DAYS, folder, ("cycling", "kind", "school")):
        cycling += tables.one("cycling", Cycling)
        kinds |= {row.kind: row for row in tables.rows("kind", SchoolKind)}
        schools = tuple(tables.rows("school", OneSchool))
        ids = [row.id for row in schools]
        tables.faults.extend(
            f"school '{id_}' stands there twice" for id_ in dict.fromkeys(ids) if ids.count(id_) > 1
        )
    return SchoolDays(cycling[-1], tuple(kinds.values()), schools)


def with_choices(
    days: SchoolDays, kind: str, bell: str = "", from_age: int | None = None
) -> tuple[SchoolKind, SchoolDays]:
    """School day of a kind and the table, with another bell for all its schools or another age, where these are said.

    Raises
    ------
    InputError
        When the kind has no school days, or a choice means nothing: all that is wrong at once.

    """
    of, faults = days.of_kind(kind), []
    if bell:
        try:
            bell_of(bell)
        except InputError as error:
            faults.append(str(error))
    if from_age is not None and not 0 <= from_age <= YEARS:
        faults.append(
            f"An age of {from_age} from which pupils cycle alone: give whole years from 0 to {YEARS}; {YEARS} is nobody."
        )
    if faults:
        raise InputError("\n".join(faults))
    if bell:
        of = structs.replace(of, bell=bell, assumed=True, source="chosen")
        alike = tuple(structs.replace(school, bell=None) for school in days.schools)
        days = structs.replace(days, schools=alike)
    if from_age is not None:
        cycling = Cycling(alone_from_age=from_age, assumed=True, source="chosen")
        days = structs.replace(days, cycling=cycling)
    kinds = tuple(of if row.kind == kind else row for row in days.kinds)
    return of, structs.replace(days, kinds=kinds)

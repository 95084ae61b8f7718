"""Home care: who has it, when visits come, and how those who bring it work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from data.clock import parse_clock
from data.errors import InputError
from data.parameters.behaviour import Share, Sourced
from data.parameters.toml_rows import From0, layered

HOME_CARE = Path(__file__).with_name("home_care.toml")
TABLES = ("clients", "visit", "staff")
DAY_S = 24 * 3600
Minutes: TypeAlias = Annotated[int, Meta(ge=0, le=1440)]
Span: TypeAlias = tuple[str, str]


def span_of(text: Span) -> tuple[int, int]:
    """Seconds after midnight of two clock times.

    Raises
    ------
    InputError
        When one is no clock time, or the second comes before the first.

    """
    begin, end = (parse_clock(part) for part in text)
    if end < begin:
        msg = f"{text[0]} to {text[1]}: the second time comes first."
        raise InputError(msg)
    return begin, end


class CareClients(Sourced, frozen=True, kw_only=True):
    """Who has home care.

    Attributes
    ----------
    share_by_age
        By band of `data.places.AGE_BANDS`.
    n_clients
        Of one team.

    """

    share_by_age: tuple[Share, Share, Share, Share]
    n_clients: Annotated[int, Meta(ge=1, le=400)]

    def __post_init__(self) -> None:
        if not any(self.share_by_age):
            msg = "share_by_age must be above 0 for some age"
            raise ValueError(msg)


class CareVisit(Sourced, frozen=True, kw_only=True):
    """A visit of a day: which share of the clients has it, how long it takes, and when it may begin (HH:MM, twice)."""

    name: str
    share: Share
    care_min: Annotated[int, Meta(ge=1, le=600)]
    begin: Span

    def __post_init__(self) -> None:
        _checked_span(self.begin)

    @property
    def begin_s(self) -> tuple[int, int]:
        """Seconds after midnight from and until when it may begin."""
        return span_of(self.begin)


class CareStaff(Sourced, frozen=True, kw_only=True):
    """How those who visit work.

    Attributes
    ----------
    shifts
        From when to when, HH:MM.
    break_min, break_above_h
        Minutes of the break of a shift of more than so many hours.
    break_margin_h
        Hours after the start of a shift from which its break may begin, and before its end by which it must be over.
    gap_min
        Least minutes between the end of a visit and the next of the same client.

    """

    shifts: Annotated[tuple[Span, ...], Meta(min_length=1)]
    break_min: Minutes
    break_above_h: From0
    break_margin_h: From0
    gap_min: Minutes

    def __post_init__(self) -> None:
        for shift in self.shifts:
            _checked_span(shift)

    @property
    def shifts_s(self) -> tuple[tuple[int, int], ...]:
        """Seconds after midnight of every shift."""
        return tuple(span_of(shift) for shift in self.shifts)


class HomeCare(msgspec.Struct, frozen=True):
    """Everything of home_care.toml."""

    clients: CareClients
    visits: tuple[CareVisit, ...]
    staff: CareStaff

    @property
    def assumed(self) -> tuple[str, ...]:
        """Visits that no source tells of."""
        return tuple(visit.name for visit in self.visits if visit.assumed)


def load_home_care(folder: Path | None) -> HomeCare:
    """Read what comes along, and home_care.toml of a region's folder, each of whose tables replaces that one.

    Raises
    ------
    InputError
        When a file cannot be used, with all its faults at once.

    """
    clients: list[CareClients] = []
    visits: list[CareVisit] = []
    staff: list[CareStaff] = []
    for tables in layered(HOME_CARE, folder, TABLES):
        clients += tables.one("clients", CareClients)
        visits = tables.rows("visit", CareVisit) or visits
        staff += tables.one("staff", CareStaff)
    return HomeCare(clients[-1], tuple(visits), staff[-1])


def _checked_span(span: Span) -> None:
    """Refuse what is no span of a day, as msgspec tells it."""
    try:
        span_of(span)
    except InputError as error:
        raise ValueError(str(error)) from error

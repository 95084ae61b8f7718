"""What all edits are made of: checked values of text and numbers, in groups that change the same part of a world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Generic, NamedTuple, Self, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, structs

from accessibility.world import World
from data.limits import LINE_CORNERS
from data.parameters.facility_kinds import FacilityKinds

HUGE = 1e9
"""No speed, size or sum of money of an edit comes near it."""
Longitude: TypeAlias = Annotated[float, Meta(ge=-180, le=180)]
Latitude: TypeAlias = Annotated[float, Meta(ge=-90, le=90)]
Positive: TypeAlias = Annotated[float, Meta(gt=0, le=HUGE)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0, le=HUGE)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Clock: TypeAlias = Annotated[str, Meta(pattern=r"^\d{1,2}:[0-5]\d$")]
"""HH:MM, past 24:00 after midnight."""
ClockOrBlank: TypeAlias = Annotated[str, Meta(pattern=r"^(\d{1,2}:[0-5]\d)?$")]
"""The same, or "" for what the edit says."""
Spot: TypeAlias = tuple[Longitude, Latitude]
"""A point, WGS84."""
Year: TypeAlias = Annotated[int, Meta(ge=1900, le=2200)]
Corners: TypeAlias = Annotated[tuple[Spot, ...], Meta(max_length=int(LINE_CORNERS.most))]
"""Those of an area, or two opposite ones of a box."""


class EditBase(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag=True,
    tag_field="edit",
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """Anything a scenario changes.

    Attributes
    ----------
    from_year
        The year from which it holds; None for always.

    """

    from_year: Year | None = None

    def lasts_as_long_as(self, other: EditBase) -> bool:
        """Whether this holds in every year in which another edit does."""
        return self.from_year is None or (other.from_year is not None and other.from_year >= self.from_year)

    def from_then_on(self, year: int | None) -> Self:
        """The same edit from another year on; None for always."""
        return structs.replace(self, from_year=year)


Part = TypeVar("Part")
Kind = TypeVar("Kind", bound=EditBase)


class Given(NamedTuple):
    """What edits may look at beside the part they change: the world when the turn of their group begins."""

    world: World
    kinds: FacilityKinds


@dataclass(frozen=True)
class Group(Generic[Part, Kind]):
    """Edits that change the same part of a world, one after the other.

    Attributes
    ----------
    kinds
        The edits of the group.
    part
        What they change of a world.
    step
        That part after one edit; raises a DorpshubError when the edit is not possible.
    put
        World with that part after all of them.
    last
        Kinds whose turn comes after all others of the group.
    once
        Kinds that a scenario may hold only once.

    """

    kinds: tuple[type[Kind], ...]
    part: Callable[[World], Part]
    step: Callable[[Part, Kind, Given], Part]
    put: Callable[[World, Part], World]
    last: tuple[type[Kind], ...] = ()
    once: tuple[type[Kind], ...] = ()

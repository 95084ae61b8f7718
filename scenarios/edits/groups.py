"""Groups of edits: which edits change the same part of a world, and what becomes of that part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from accessibility.world import World
from data.parameters.facility_kinds import FacilityKinds
from scenarios.edits.base import EditBase

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

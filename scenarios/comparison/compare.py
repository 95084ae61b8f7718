"""What a scenario changes, place by place and in total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from accessibility.asked import kinds_named, mode_or_none, modes_named
from accessibility.indicators import mean_seconds, people_unreached, people_within
from accessibility.nearest_times import NearestTimes, OriginAccess, nearest_times, origin_access, reasons
from accessibility.origins import Origins, place_origins
from accessibility.travel_times import TravelMode
from accessibility.world import NOT_IN_DATA, World
from data.columns import Bools, Floats, Int32s, Strings
from data.places import Places

Change: TypeAlias = Literal["shorter", "longer", "same", "won", "lost", "never"]
"""What happens to a travel time: `won` reached none before, `lost` reaches none after, `never` neither."""
CHANGES: tuple[Change, ...] = get_args(Change)


class WorldAccess(NamedTuple):
    """Origin access by one mode: the same for every kind, and over one network for every scenario."""

    places: OriginAccess
    residents: OriginAccess


def world_access(world: World, mode: TravelMode) -> WorldAccess:
    """Origin access of places and residents in the window; of residents at the points of their places it is the same."""
    places = origin_access(world.network, place_origins(world.places), mode, world.window)
    return WorldAccess(
        places,
        places if world.grid is None else origin_access(world.network, world.residents, mode, world.window),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one world comes to for one kind and mode.

    Attributes
    ----------
    places, times, reason
        P places, the times from their points, and why one is not reached ("" where it is).
    residents, resident_times
        Where people live, and their times: what totals are made of.
    known
        Whether it is known where the kind is; if not, nobody's time is.

    """

    places: Places
    times: NearestTimes
    reason: Strings
    residents: Origins
    resident_times: NearestTimes
    known: bool

    def totals(self, limit_s: float) -> Totals:
        """Totals over the inhabitants of the region; `limit_s` itself counts as within."""
        inside = self.residents.in_region
        people, seconds = self.residents.people[inside], self.resident_times.seconds[inside]
        return Totals(
            people=int(people.sum(dtype=np.int64)),
            people_within=people_within(seconds, people, limit_s),
            people_unreached=people_unreached(seconds, people),
            mean_s=mean_seconds(seconds, people),
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """One world in numbers, inhabitants of the region only."""

    people: int
    people_within: int
    people_unreached: int
    mean_s: float


def outcome(world: World, kind: str, mode: TravelMode, access: WorldAccess) -> Outcome:
    """Work out one kind and mode; `access` is what `world_access` gives for the world or one of the same network.

    Raises
    ------
    InputError
        When there is no such kind or mode, with those there are.

    """
    kinds_named([kind])
    modes_named([mode.name])
    times, resident_times = (
        nearest_times(world.network, origins, world.facilities, kind, mode) for origins in access
    )
    known = world.knows(kind)
    reason = reasons(access.places, world.facilities, times) if known else (NOT_IN_DATA,) * len(times.seconds)
    return Outcome(world.places, times, reason, world.residents, resident_times, known)


def outcomes(world: World, kinds: Sequence[str], modes: Sequence[TravelMode]) -> list[Outcome]:
    """Every kind by every mode; raises as `outcome`."""
    found = []
    for mode in modes:
        access = world_access(world, mode)
        found += [outcome(world, kind, mode, access) for kind in kinds]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The same places, residents, departures and snaps, before and after."""

    before: Outcome
    after: Outcome

    @property
    def known(self) -> bool:
        """Whether it is known where the kind is, before and after."""
        return self.before.known and self.after.known

    @property
    def difference_s(self) -> Floats:
        """(P,) float64 for the places, see `difference`."""
        return difference(self.before.times.seconds, self.after.times.seconds)

    @property
    def resident_difference_s(self) -> Floats:
        """(O,) float64 for the residents, see `difference`."""
        return difference(self.before.resident_times.seconds, self.after.resident_times.seconds)


class Group(NamedTuple):
    """Inhabitants of the region to whom the same happens."""

    people: int
    mean_s: float
    """Seconds gained or lost, on average; 0 where there is nothing to average."""


def effect(comparison: Comparison, people: Int32s, same_below_s: float) -> dict[Change, Group]:
    """Sort people by what happens to their travel time, each counted once.

    Parameters
    ----------
    comparison
        Before and after, of O residents' origins.
    people
        (O,) persons at each: of all ages, or of some.
    same_below_s
        A smaller difference is none.

    """
    inside = comparison.after.residents.in_region
    before_s, after_s = (
        side.resident_times.seconds[inside] for side in (comparison.before, comparison.after)
    )
    changed_s, counted = comparison.resident_difference_s[inside], people[inside]
    of_row = change_of(before_s, after_s, same_below_s)
    return {change: _group(changed_s[of_row == change], counted[of_row == change]) for change in CHANGES}


def change_of(before_s: Floats, after_s: Floats, same_below_s: float) -> NDArray[np.str_]:
    """(O,) what happens to each time; a difference below `same_below_s` is none."""
    reached, reaches = np.isfinite(before_s), np.isfinite(after_s)
    changed_s = difference(before_s, after_s)
    chosen: list[Bools] = [
        reached & reaches & (changed_s <= -same_below_s),
        reached & reaches & (changed_s >= same_below_s),
        reached & reaches & (np.abs(changed_s) < same_below_s),
        ~reached & reaches,
        reached & ~reaches,
        ~reached & ~reaches,
    ]
    return np.select(chosen, CHANGES, CHANGES[-1])


def _group(changed_s: Floats, people: Int32s) -> Group:
    n_people = int(people.sum(dtype=np.int64))
    finite = np.isfinite(changed_s)
    total_s = float((np.abs(changed_s[finite]) * people[finite]).sum())
    return Group(n_people, total_s / max(n_people, 1))


def difference(before_s: Floats, after_s: Floats) -> Floats:
    """After minus before: 0 where neither is reached, -inf newly reached, inf no longer reached."""
    neither = ~np.isfinite(before_s) & ~np.isfinite(after_s)
    return np.where(neither, 0.0, np.where(neither, 0.0, after_s) - np.where(neither, 0.0, before_s))


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Two outcomes of the same region, kind, mode and origins.

    Raises
    ------
    ValueError
        When they are not.

    """
    same = before.places.id == after.places.id and len(before.residents.place) == len(after.residents.place)
    before_of, after_of = ((side.times.kind, side.times.mode.name) for side in (before, after))
    if not same or before_of != after_of:
        msg = "the two outcomes do not answer the same question"
        raise ValueError(msg)
    return Comparison(before, after)


def compare_worlds(
    before: World, afters: Sequence[World], kinds: Sequence[str], modes: Sequence[str]
) -> list[list[Comparison]]:
    """One world with each of several others of the same region, on the same departures and points.

    Parameters
    ----------
    before, afters
        Worlds; each traveller goes within his or her own limits.
    kinds
        Kinds of facility.
    modes
        Names of modes; those that a traveller of either world does not have are left out.

    Returns
    -------
    For each of `afters` a comparison per mode and kind.

    Raises
    ------
    InputError
        When there is no such kind or mode.

    """
    found: list[list[Comparison]] = [[] for _ in afters]
    for name in modes:
        mode = mode_or_none(before, name)
        if mode is None:
            continue
        access = world_access(before, mode)
        old = [outcome(before, kind, mode, access) for kind in kinds]
        for row, after in enumerate(afters):
            own = mode_or_none(after, name)
            if own is None:
                continue
            same = after.network is before.network and own == mode
            new_access = access if same else world_access(after, own)
            found[row] += [
                compare(before_kind, outcome(after, kind, own, new_access))
                for kind, before_kind in zip(kinds, old, strict=True)
            ]
    return found

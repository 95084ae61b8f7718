"""Many choices of sites against one table of times: for each choice the best site of every origin, added up at once."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from data.columns import Floats, Int32s, Int64s
from network.jit import kernel
from network.lanes import UNREACHED_UINT16

UInt16s: TypeAlias = NDArray[np.uint16]
Weights: TypeAlias = NDArray[np.unsignedinteger[Any]]
"""People: uint32 where seconds times people fit that, else uint64."""
BLOCK = 1024
"""So many origins at a time: their rows of some hundred sites stay in the cache for all choices."""


class Choices(NamedTuple):
    """P choices of sites, each of any number of them."""

    first: Int64s
    """(P + 1,) int64; the sites of choice p are `site[first[p]:first[p + 1]]`."""
    site: Int32s
    """(N,) int32, rows of the table."""


class Sums(NamedTuple):
    """What P choices come to, over all people."""

    people_within: Int64s
    """(P,) int64, people whose time is at most the limit."""
    people_reached: Int64s
    """(P,) int64."""
    person_s: Int64s
    """(P,) int64, seconds of those who reach one, added up."""


def as_table(seconds: Floats) -> UInt16s:
    """Times in whole seconds as a table of half-words; inf, and 18 hours or more, become unreached."""
    return np.where(seconds < UNREACHED_UINT16, seconds, UNREACHED_UINT16).astype(np.uint16)


def sums(table: UInt16s, elsewhere: UInt16s, people: Int32s, choices: Choices, limit_s: int) -> Sums:
    """Add up the times of all people to the best of the sites of each choice, or elsewhere.

    Parameters
    ----------
    table
        (K, O) uint16, seconds from O origins to K sites, see `as_table`.
    elsewhere
        (O,) uint16, seconds without any of the sites.
    people
        (O,) int32, persons; quicker where nobody has more than 65,535.
    choices
        Sites that are open.
    limit_s
        The limit itself counts as within.

    """
    n_choices = len(choices.first) - 1
    found = Sums(*(np.zeros(n_choices, np.int64) for _ in Sums._fields))
    limit = np.uint16(min(limit_s, int(UNREACHED_UINT16) - 1))
    # Seconds and people of 16 bits each make person-seconds of 32.
    is_few = people.max(initial=0) < 2**16
    weight: Weights = people.astype(np.uint32) if is_few else people.astype(np.uint64)
    _add(table, elsewhere, weight, choices, limit, found)
    return found


@kernel
def _add(
    table: UInt16s,
    elsewhere: UInt16s,
    people: Weights,
    choices: Choices,
    limit: np.uint16,
    found: Sums,
) -> None:
    """Add to `found` block by block.

    Each block of the table is copied first: rows that follow each other in memory are read twice as quickly as those of
    a wide table. Sums are cast back to the type of the people, or the loops would widen.
    """
    none = people.dtype.type(0)
    width = max(min(BLOCK, len(elsewhere)), 1)
    part, best = np.empty((len(table), width), np.uint16), np.empty(width, np.uint16)
    base, weight = np.empty(width, np.uint16), np.empty(width, people.dtype)
    for begin in range(0, len(elsewhere), width):
        n_here = min(width, len(elsewhere) - begin)
        # Beyond the last origin there are no people, so that all blocks are of one width.
        base[:], weight[:] = 0, 0
        base[:n_here], weight[:n_here] = elsewhere[begin : begin + n_here], people[begin : begin + n_here]
        for site in range(len(table)):
            part[site, :n_here] = table[site, begin : begin + n_here]
        everybody, all_reach = np.int64(weight.sum()), base.max() < UNREACHED_UINT16
        for choice in range(len(choices.first) - 1):
            best[:] = base
            row, last = choices.first[choice], choices.first[choice + 1]
            while row + 4 <= last:  # four rows at a time, so that the best is read and written once for them
                a, b, c, d = (
                    choices.site[row],
                    choices.site[row + 1],
                    choices.site[row + 2],
                    choices.site[row + 3],
                )
                for at in range(width):
                    best[at] = min(best[at], part[a, at], part[b, at], part[c, at], part[d, at])
                row += 4
            for rest in range(row, last):
                site = choices.site[rest]
                for at in range(width):
                    best[at] = min(best[at], part[site, at])
            within, person_s = none, np.uint64(0)
            for at in range(width):
                within = people.dtype.type(within + (weight[at] if best[at] <= limit else none))
                of_origin = people.dtype.type(weight[at] * people.dtype.type(best[at]))
                person_s = np.uint64(person_s + np.uint64(of_origin))
            unreached = np.int64(0) if all_reach else _unreached(best, weight)
            found.people_within[choice] += np.int64(within)
            found.people_reached[choice] += everybody - unreached
            found.person_s[choice] += np.int64(person_s) - unreached * np.int64(UNREACHED_UINT16)


@kernel
def _unreached(best: UInt16s, weight: Weights) -> np.int64:
    """People of a block who reach none."""
    people = np.int64(0)
    for at in range(len(best)):
        if best[at] == UNREACHED_UINT16:
            people += np.int64(weight[at])
    return people

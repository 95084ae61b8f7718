"""Arrays of times and people in, one number out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from data.columns import Floats, Int32s, Int64s

MINUTE_S = 60
DAYS_PER_YEAR = 365
TOP_SHARE, BOTTOM_SHARE = 0.1, 0.4
"""The tenth and the four tenths of the Palma ratio (Palma 2011)."""


def people_within(seconds: Floats, people: Int32s, limit_s: float) -> int:
    """Persons whose time is at most `limit_s`.

    Parameters
    ----------
    seconds
        (P,) float64, inf where not reached.
    people
        (P,) int32, persons.
    limit_s
        The limit itself counts as within.

    """
    return int(people[seconds <= limit_s].sum(dtype=np.int64))


class Curve(NamedTuple):
    """Persons within any limit: a stair that rises at each time that occurs."""

    limit_s: Floats
    """(L,) float64, ascending."""
    people: Int64s
    """(L,) int64, persons within that limit, and within every longer one below the next."""


def curve(seconds: Floats, people: Int32s) -> Curve:
    """`people_within` for all limits at once; who reaches none is within none."""
    reached = np.isfinite(seconds)
    limit_s, row = np.unique(seconds[reached], return_inverse=True)
    at_limit = np.bincount(row, people[reached], minlength=len(limit_s)).astype(np.int64)
    return Curve(limit_s, np.cumsum(at_limit))


def mean_seconds(seconds: Floats, people: Int32s) -> float:
    """Mean over the persons who reach one at all, weighted by their number; inf when nobody does. Metres do as well.

    Those who reach none have no time to average; say beside the mean how many they are (`people_unreached`).
    """
    reached = np.isfinite(seconds)
    total = people[reached].sum(dtype=np.int64)
    return float((seconds[reached] * people[reached]).sum() / total) if total else np.inf


def seconds_of_share(seconds: Floats, people: Int32s, share: float) -> float:
    """Least time within which at least this share of the persons reach one; inf where no time is enough.

    0.5 is the median: a time that occurs, the lower of two. Who reaches none counts as the longest. Nobody: inf.
    """
    total = int(people.sum(dtype=np.int64))
    found = curve(seconds, people)
    # A share such as 0.1 of 30 must be 3 persons, not a hair more than 3.
    row = int(np.searchsorted(found.people, round(share * total, 6)))
    return float(found.limit_s[row]) if total and row < len(found.limit_s) else np.inf


def mean_of_worst(seconds: Floats, people: Int32s, share: float) -> float:
    """Mean of the persons with the longest times, who are this share (above 0) of all; inf when one of them reaches none.

    The share is met exactly: of the persons at its edge only as many as are needed count. Nobody: inf.
    """
    if people_unreached(seconds, people) or not people.any():
        return np.inf
    persons, person_s = _running(seconds, people)
    outside = (1 - share) * persons[-1]
    return float((person_s[-1] - np.interp(outside, persons, person_s)) / (persons[-1] - outside))


def gini(seconds: Floats, people: Int32s) -> float:
    """Gini coefficient of the times of those who reach one: 0 when all are equal, towards 1 when few bear them all.

    Half the mean difference between two persons, over the mean. Nobody, or no time at all: 0.
    """
    persons, person_s = _running(seconds, people)
    whole = persons[-1] * person_s[-1]
    below = (np.diff(persons) * (person_s[1:] + person_s[:-1])).sum()
    return float(1 - below / whole) if whole else 0.0


def palma(seconds: Floats, people: Int32s) -> float:
    """Time of the tenth with the longest times over that of the four tenths with the shortest, of those who reach one.

    A quarter when all times are equal; inf when the four tenths need no time at all; 0 when nobody needs any.
    """
    persons, person_s = _running(seconds, people)
    top_s = person_s[-1] - np.interp((1 - TOP_SHARE) * persons[-1], persons, person_s)
    bottom_s = np.interp(BOTTOM_SHARE * persons[-1], persons, person_s)
    return 0.0 if not top_s else float(top_s / bottom_s) if bottom_s else np.inf


def _running(seconds: Floats, people: Int32s) -> tuple[Floats, Floats]:
    """Running totals of persons and of their seconds, from nothing on, the shortest times first (a Lorenz curve)."""
    chosen = np.flatnonzero(np.isfinite(seconds) & (people > 0))
    order = chosen[np.argsort(seconds[chosen], kind="stable")]
    persons = people[order].astype(np.float64)
    return np.append(0.0, np.cumsum(persons)), np.append(0.0, np.cumsum(persons * seconds[order]))


def people_unreached(seconds: Floats, people: Int32s) -> int:
    """Persons who reach none."""
    return int(people[~np.isfinite(seconds)].sum(dtype=np.int64))


def worst_served(seconds: Floats, people: Int32s, n_worst: int) -> Int32s:
    """Rows of the inhabited places with the longest times, the worst first; not reached is the worst of all."""
    inhabited = np.flatnonzero(people > 0)
    order = np.lexsort((inhabited, -people[inhabited], -seconds[inhabited]))
    return inhabited[order[:n_worst]].astype(np.int32)


def people_of_nearest(facility: Int32s, people: Int32s, n_facilities: int) -> Int64s:
    """(F,) persons for whom each facility is the nearest: what it can live on.

    `facility` is (O,), the row of the nearest; -1, where none is reached, counts for nobody.
    """
    chosen = facility >= 0
    return np.bincount(facility[chosen], people[chosen], minlength=n_facilities).astype(np.int64)


class Travel(NamedTuple):
    """What visits cost per day."""

    person_minutes: float
    """Minutes on the way, there and back, of all persons together."""
    visits: float
    """Visits of those who reach one."""
    visits_unreached: float
    """Visits that cannot be made, in no sum of minutes."""


def travel_per_day(seconds: Floats, people_by_age: Int32s | Floats, visits_per_year: Floats) -> Travel:
    """Time on the way of all visits, the way back taken to be as long as the way there.

    Parameters
    ----------
    seconds
        (O,) one way, inf where not reached.
    people_by_age
        (O, B) persons.
    visits_per_year
        (B,) of a person of each band; with broadband fewer, see `visits_per_year`.

    """
    visits = people_by_age @ visits_per_year / DAYS_PER_YEAR
    reached = np.isfinite(seconds)
    return Travel(
        person_minutes=float((visits[reached] * seconds[reached]).sum() * 2 / MINUTE_S),
        visits=float(visits[reached].sum()),
        visits_unreached=float(visits[~reached].sum()),
    )


def visits_per_year(per_year: Floats, on_site_share: float, digital_share: float) -> Floats:
    """Contacts that need travel: those on site, less the share of them that broadband replaces."""
    return per_year * on_site_share * (1 - digital_share)


def cost_per_person(cost_per_year: float, within_before: int, within_after: int) -> float:
    """Euros per year for each person brought within a limit; 0 for what costs nothing.

    Inf when nobody is, and for what saves money (below 0); nan for a cost that is unknown (nan).
    """
    gained = within_after - within_before
    if not cost_per_year:
        return 0.0
    return cost_per_year / gained if gained > 0 and not cost_per_year < 0 else np.inf

"""Arrays of times and people in, one number out."""

from __future__ import annotations

import numpy as np

from data.columns import Floats, Int32s


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


def mean_seconds(seconds: Floats, people: Int32s) -> float:
    """Mean over the persons who reach one at all, weighted by their number; inf when nobody does.

    Those who reach none have no time to average; say beside the mean how many they are (`people_unreached`).
    """
    reached = np.isfinite(seconds)
    total = people[reached].sum(dtype=np.int64)
    return float((seconds[reached] * people[reached]).sum() / total) if total else np.inf


def people_unreached(seconds: Floats, people: Int32s) -> int:
    """Persons who reach none."""
    return int(people[~np.isfinite(seconds)].sum(dtype=np.int64))


def worst_served(seconds: Floats, people: Int32s, n_worst: int) -> Int32s:
    """Rows of the inhabited places with the longest times, the worst first; not reached is the worst of all."""
    inhabited = np.flatnonzero(people > 0)
    order = np.lexsort((inhabited, -people[inhabited], -seconds[inhabited]))
    return inhabited[order[:n_worst]].astype(np.int32)

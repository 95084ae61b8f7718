"""What of the services is observed, and what is modelled: by kind."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from data.places import Facilities


class Known(NamedTuple):
    """Where one service is known from.

    Attributes
    ----------
    modelled
        Whether a rule put it there.
    date
        Of what is known, as written; "" where it has none.
    in_the_middle
        Whether it is known to be there, but stands on the point of its village.
    position_m
        Half of such positions are at most this far off; inf where nobody knows.

    """

    modelled: bool
    date: str
    in_the_middle: bool
    position_m: float

    @classmethod
    def of(cls, facilities: Facilities, row: int) -> Self:
        """Return what is known of the facility in a row."""
        return cls(
            bool(facilities.modelled[row]),
            facilities.date[row],
            bool(facilities.position_modelled[row]),
            float(facilities.position_m[row]),
        )


PLANNED = Known(modelled=False, date="", in_the_middle=False, position_m=float("inf"))
"""Of what a scenario brings: neither observed nor modelled."""


class KindOrigin(NamedTuple):
    """Services of one kind.

    Attributes
    ----------
    observed, modelled
        How many are known to be there, and how many a rule put there.
    in_the_middle
        Those known to be there that stand on the point of their village.
    dates
        First and last date of what is known, as written; "" where no service has one.
    position_m
        Half of the observed positions are at most this far off; None where nobody knows.

    """

    kind: str
    observed: int
    modelled: int
    in_the_middle: int
    dates: tuple[str, str]
    position_m: float | None


def kinds_by_origin(facilities: Facilities, kinds: tuple[str, ...]) -> tuple[KindOrigin, ...]:
    """One row for each of `kinds` that there is."""
    of_kind = np.array(facilities.kind)
    rows = []
    for kind in kinds:
        here = of_kind == kind
        if not here.any():
            continue
        seen = here & ~facilities.modelled
        dates = sorted({facilities.date[row] for row in np.flatnonzero(seen)} - {""})
        known_m = facilities.position_m[seen & ~facilities.position_modelled]
        known_m = known_m[np.isfinite(known_m)]
        rows.append(
            KindOrigin(
                kind,
                int(seen.sum()),
                int((here & facilities.modelled).sum()),
                int((seen & facilities.position_modelled).sum()),
                (dates[0], dates[-1]) if dates else ("", ""),
                float(np.median(known_m)) if len(known_m) else None,
            )
        )
    return tuple(rows)

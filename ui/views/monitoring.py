"""What the page about the data shows of yearly figures, as plain frozen values: what was published, promised and comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from scenarios.monitoring.series import Series, Verdict


@dataclass(frozen=True, slots=True)
class FollowedRow:
    """One series: None where a figure is not known.

    Attributes
    ----------
    change, rounding, promised
        Last figure less the first, how far that may be off, and what the scenario promised.
    reasons
        Why there is no verdict, in the words of the layers below.

    """

    area: str
    indicator: str
    unit: str
    first_year: int | None
    first: float | None
    last_year: int | None
    last: float | None
    change: float | None
    rounding: float | None
    promised: float | None
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowedView:
    """All series, those with a verdict first, and how many there are of each verdict."""

    rows: tuple[FollowedRow, ...]
    by_verdict: tuple[tuple[Verdict, int], ...]

    @property
    def n_compared(self) -> int:
        """How many can be put beside what was promised."""
        return sum(number for _, number in self.by_verdict)


def followed_view(found: Sequence[Series]) -> FollowedView:
    """Put the series in order."""
    rows = sorted(map(_row, found), key=lambda row: (not row.verdict, row.change is None))
    verdicts = dict.fromkeys(row.verdict for row in rows if row.verdict)
    return FollowedView(
        tuple(rows),
        tuple((verdict, sum(row.verdict == verdict for row in rows)) for verdict in verdicts),
    )


def _row(of: Series) -> FollowedRow:
    return FollowedRow(
        of.area,
        of.indicator,
        of.unit,
        of.years[0] if of.years else None,
        of.figures[0] if of.figures else None,
        of.years[-1] if of.years else None,
        of.figures[-1] if of.figures else None,
        _known(of.change),
        _known(of.rounding),
        _known(of.promised),
        of.verdict,
        of.reasons,
    )


def _known(value: float) -> float | None:
    return value if isfinite(value) else None

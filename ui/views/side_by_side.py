"""Scenarios side by side, each in a few numbers, and which of them are best at what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.costs.value import Value
from ui.views.compare import CompareView, Sureness

LETTERS = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario of those side by side.

    Attributes
    ----------
    letter, name
        What it is called: for short, and in full.
    gain, lose, old_gain, old_lose
        Inhabitants whose trip becomes a minute shorter or longer, or that begin or cease to reach one; and of these those of
        75 and older.
    gain_without_car
        Inhabitants without a car among those who gain.
    within
        Inhabitants within the limit, with the changes.
    cost_per_year
        Euros of all changes of which it is known, below 0 where they save money; None where it is known of none, which is not 0.
    cost_is_whole
        Whether that is the cost of all its changes.
    value
        What each inhabitant within the limit and each hour of travel saved costs.
    sure
        How sure it is, None as long as that is not known.

    """

    letter: str
    name: str
    gain: int
    lose: int
    old_gain: int
    old_lose: int
    gain_without_car: int
    within: int
    cost_per_year: float | None
    cost_is_whole: bool
    value: Value
    sure: Sureness | None

    @property
    def known_cost(self) -> float | None:
        """Euros a year that may be set beside those of others: of all its changes, or None."""
        return self.cost_per_year if self.cost_is_whole else None

    @property
    def certain_share(self) -> float | None:
        """Share of those who gain or lose of whom that is certain; None where it is not known, or nobody does."""
        if self.sure is None or not self.sure.people:
            return None
        return self.sure.certain / self.sure.people


def sides(
    names: Sequence[str], views: Sequence[CompareView], known: Sequence[Sureness | None]
) -> tuple[Side, ...]:
    """Put scenarios side by side, at most as many as there are letters."""
    return tuple(
        Side(
            letter=letter,
            name=name,
            gain=view.design.inhabitants_with("shorter", "won"),
            lose=view.design.inhabitants_with("longer", "lost"),
            old_gain=sum(view.old_effect[change].people for change in ("shorter", "won")),
            old_lose=sum(view.old_effect[change].people for change in ("longer", "lost")),
            gain_without_car=round(view.equity.gain_without_car.used),
            within=view.all_ages.after,
            cost_per_year=view.costs.per_year.rounded().used
            if view.costs.known or view.costs.is_whole
            else None,
            cost_is_whole=view.costs.is_whole,
            value=view.value,
            sure=sure,
        )
        for letter, name, view, sure in zip(LETTERS, names, views, known, strict=False)
    )


def most(numbers: Sequence[float | None]) -> tuple[int, ...]:
    """Places of the largest of the numbers, several where they are alike; none where no number is known."""
    known = [number for number in numbers if number is not None]
    return tuple(at for at, number in enumerate(numbers) if known and number == max(known))


def least(numbers: Sequence[float | None]) -> tuple[int, ...]:
    """Places of the smallest of the numbers, as `most`."""
    return most([None if number is None else -number for number in numbers])


def too_close(found: Sequence[Side]) -> tuple[Side, ...]:
    """Those that gain fewer people than the best, by no more than there are people of whom it is unsure in both."""
    leaders = most([side.gain for side in found])
    return tuple(
        side
        for at, side in enumerate(found)
        if at not in leaders
        and any(found[best].gain - side.gain <= _unsure(found[best]) + _unsure(side) for best in leaders)
    )


def _unsure(side: Side) -> int:
    return 0 if side.sure is None else side.sure.unsure

"""Who gains from a change: how much of it goes to those without a car, and how sure their number is.

Who has no car is modelled (`data.parameters.behaviour`): shares by age, shifted by the cars per household of the district. Every
number of them is therefore three: with the shares as used, and with the odds at the ends of their range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from accessibility.groups import people_of
from accessibility.travellers import CAR_MODES
from accessibility.world import World
from data.columns import Bools, Floats, Int32s, Int64s
from data.parameters.behaviour import Behaviour
from data.parameters.uncertainty import Range
from scenarios.comparison.compare import Comparison, change_of, difference
from scenarios.comparison.report import areas
from scenarios.comparison.tables import Compared

if TYPE_CHECKING:
    import pandas as pd

Verdict: TypeAlias = Literal["more", "even", "less", "unsure"]
"""Whether the share of the gain that goes to those without a car is more or less than their share of the people."""
EVEN = 0.1
"""Part by which the two shares may differ and still count as alike: a choice."""


class Spread(NamedTuple):
    """A number with the shares without a car as used, and the least and most of all within their range."""

    used: float
    low: float
    high: float

    def share_of(self, total: float) -> Spread:
        """The same as shares of a total that does not depend on cars; 0 of nothing."""
        return Spread(*(value / total if total else 0.0 for value in self))


class Equity(NamedTuple):
    """What a change does for everybody and for those without a car, in one area.

    Attributes
    ----------
    people, without_car, without_car_before
        Persons who live there afterwards, and those without a car before.
    within_before, within_after
        Persons without a car who are within the limit.
    gain, gain_without_car, lose, lose_without_car
        Persons whose time becomes shorter or who reach one at last; longer, or who no longer reach one.
    saved_min, saved_min_without_car
        Minutes of one way that all who have it shorter save together.

    """

    people: int
    without_car: Spread
    without_car_before: Spread
    within_before: Spread
    within_after: Spread
    gain: int
    gain_without_car: Spread
    lose: int
    lose_without_car: Spread
    saved_min: float
    saved_min_without_car: Spread

    @property
    def gain_share(self) -> Spread:
        """Part of those who gain who have no car."""
        return self.gain_without_car.share_of(self.gain)

    @property
    def verdict(self) -> Verdict:
        """Whether those without a car have more of the gain than their part of the people, whatever their number is."""
        if not self.gain or not self.people:
            return "even"
        parts = zip(self.gain_share, self.without_car.share_of(self.people), strict=True)
        found = {_beside(gained, lives) for gained, lives in parts}
        return found.pop() if len(found) == 1 else "unsure"


def _beside(gained: float, lives: float) -> Verdict:
    if abs(gained - lives) <= EVEN * lives:
        return "even"
    return "more" if gained > lives else "less"


class _Counted(NamedTuple):
    """What `equity` counts of people: (O,) each, of before and after."""

    within: tuple[Bools, Bools]
    gains: Bools
    loses: Bools
    saved_min: Floats


class WithoutCars:
    """Persons without a car at every origin before and after, at three odds."""

    def __init__(self, comparison: Comparison, behaviour: Behaviour, odds: Spread) -> None:
        sides = comparison.before.residents, comparison.after.residents
        self.before, self.after = (
            [people_of(side, "without_car", behaviour, of) for of in odds] for side in sides
        )


def odds_of(span: Range, used: float = 1.0) -> Spread:
    """Odds of being without a car: as used, and at the ends of their range."""
    return Spread(used, used * span.low, used * span.high)


def equity(
    comparison: Comparison, without_cars: WithoutCars, rows: Bools, limit_s: float, same_below_s: float
) -> Equity:
    """Count who gains among the residents in `rows`, (O,) bool.

    By a mode that nobody without a car has, such as the car, none of them is within the limit, gains or loses.
    """
    before_s, after_s = (side.resident_times.seconds for side in (comparison.before, comparison.after))
    change = change_of(before_s, after_s, same_below_s)
    shorter = change == "shorter"
    changed_s: Floats = np.where(shorter, -difference(before_s, after_s), 0.0)
    counted = _Counted(
        within=(rows & (before_s <= limit_s), rows & (after_s <= limit_s)),
        gains=rows & (shorter | (change == "won")),
        loses=rows & ((change == "longer") | (change == "lost")),
        saved_min=np.where(rows, changed_s, 0.0) / 60,
    )
    people = comparison.after.residents.people
    has_mode = comparison.after.times.mode.name not in CAR_MODES

    def without(inside: Bools, of: list[Int32s], *, travels: bool = True) -> Spread:
        usable = has_mode or not travels
        return Spread(*(float(persons[inside].sum(dtype=np.int64)) if usable else 0.0 for persons in of))

    def saved(of: Int32s) -> float:
        return float((counted.saved_min * of).sum())

    return Equity(
        people=int(people[rows].sum(dtype=np.int64)),
        without_car=without(rows, without_cars.after, travels=False),
        without_car_before=without(rows, without_cars.before, travels=False),
        within_before=without(counted.within[0], without_cars.before),
        within_after=without(counted.within[1], without_cars.after),
        gain=int(people[counted.gains].sum(dtype=np.int64)),
        gain_without_car=without(counted.gains, without_cars.after),
        lose=int(people[counted.loses].sum(dtype=np.int64)),
        lose_without_car=without(counted.loses, without_cars.after),
        saved_min=saved(people),
        saved_min_without_car=Spread(*(saved(of) if has_mode else 0.0 for of in without_cars.after)),
    )


def equity_table(
    compared: Sequence[Compared], behaviour: Behaviour, span: Range, limit_s: float, same_below_s: float
) -> pd.DataFrame:
    """One row per pair of scenarios, area (the region and its municipalities), kind and mode; see `Equity`."""
    import pandas as pd  # noqa: PLC0415 -- takes a second, and not every comparison has this table

    rows = []
    for pair in compared:
        of_area = {name: _inside(pair.after, rows) for name, rows in areas(pair.after).items()}
        for result in pair.results:
            if not result.known:
                continue
            without_cars = WithoutCars(result, behaviour, odds_of(span))
            for area, inside in of_area.items():
                found = equity(result, without_cars, inside, limit_s, same_below_s)
                told: dict[str, object] = {
                    "before_scenario": pair.before_name,
                    "after_scenario": pair.after_name,
                    "area": area,
                    "kind": result.after.times.kind,
                    "mode": result.after.times.mode.name,
                }
                rows.append(told | _columns(found))
    return pd.DataFrame(rows)


def _inside(world: World, rows: Int64s) -> Bools:
    found = np.zeros(len(world.residents.place), np.bool_)
    found[rows] = True
    return found


def _columns(found: Equity) -> dict[str, object]:
    columns: dict[str, object] = {}
    for name, value in found._asdict().items():
        if isinstance(value, Spread):
            for ending, number in zip(("", "_low", "_high"), value, strict=True):
                columns[f"{name}{ending}"] = round(number, 1)
        else:
            columns[name] = round(value, 1)
    shares = {
        "without_car_share": found.without_car.share_of(found.people),
        "gain_without_car_share": found.gain_share,
    }
    for name, spread in shares.items():
        for ending, number in zip(("", "_low", "_high"), spread, strict=True):
            columns[f"{name}{ending}"] = round(number, 4)
    return columns | {"verdict": found.verdict}

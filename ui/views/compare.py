"""What the page "Compare" shows of one scenario: who gains, who loses, what it costs, by age and by municipality."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from accessibility.indicators import people_within
from accessibility.origins import Origins
from accessibility.world import World
from data.columns import Bools, Int32s
from data.parameters.behaviour import load_behaviour
from data.parameters.uncertainty import load_ranges
from data.places import AGE_BANDS
from scenarios.comparison.compare import Change, Comparison, Group, effect
from scenarios.comparison.equity import Equity, WithoutCars, equity, odds_of
from scenarios.comparison.uncertainty import Band
from scenarios.edits.scenario import Scenario
from ui.views.design import SAME_BELOW_MIN, SECONDS_PER_MINUTE, DesignView, design_view

CURVE_MIN = 61


@dataclass(frozen=True, slots=True)
class Within:
    """Inhabitants within the limit, before and after, and how many there are."""

    before: int
    after: int
    people_before: int
    people_after: int


@dataclass(frozen=True, slots=True)
class Area:
    """One municipality: its inhabitants within the limit, those who gain and lose, and their mean change in minutes.

    `equity` tells how much of it those without a car have.
    """

    name: str
    within: Within
    winners: int
    losers: int
    mean_change_min: float
    equity: Equity


@dataclass(frozen=True, slots=True)
class CompareView:
    """One scenario beside the region as it is.

    Attributes
    ----------
    design
        Places, totals and basis for all ages.
    all_ages, old
        Inhabitants within the limit: of all ages, and of 75 and over.
    equity
        What those without a car have of it.
    without_car_pct
        Odds of being without a car that were chosen, in per cent of those that are used.
    old_effect
        What happens to those of 75 and over.
    areas
        The municipalities.
    curve
        For each whole minute from 0 the inhabitants within it, before and after.
    cost_per_year
        Euros of all hubs of which a cost is given; None where none is given.
    hubs_without_cost
        Hubs of which none is given.

    """

    design: DesignView
    all_ages: Within
    old: Within
    old_effect: Mapping[Change, Group]
    equity: Equity
    without_car_pct: int
    areas: tuple[Area, ...]
    curve: tuple[tuple[int, int], ...]
    cost_per_year: float | None
    hubs_without_cost: int

    @property
    def without_car(self) -> Within:
        """Those without a car within the limit, of all of them."""
        found = self.equity
        spreads = (found.within_before, found.within_after, found.without_car_before, found.without_car)
        return Within(*(round(spread.used) for spread in spreads))

    @property
    def cost_per_person(self) -> float | None:
        """Euros a year for each inhabitant brought within the limit, None where nobody is or nothing is known."""
        gained = self.all_ages.after - self.all_ages.before
        if self.cost_per_year is None or self.hubs_without_cost or gained <= 0:
            return None
        return self.cost_per_year / gained


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the differences are: those who gain and lose by what all runs, most runs, or too few of them say."""

    certain: int
    likely: int
    unsure: int
    least_min: float
    most_min: float
    """Mean change in minutes over those inhabitants whose time changes: the least and the most of all runs."""

    @property
    def people(self) -> int:
        """Those whose time changes."""
        return self.certain + self.likely + self.unsure


def compare_view(
    world: World,
    after_world: World,
    scenario: Scenario,
    comparison: Comparison,
    limit_min: int,
    without_car_pct: int = 100,
) -> CompareView:
    """Put together what the page shows of one scenario; `without_car_pct` as in the view."""
    limit_s, same_s = limit_min * SECONDS_PER_MINUTE, SAME_BELOW_MIN * SECONDS_PER_MINUTE
    odds = odds_of(load_ranges().without_car, without_car_pct / 100)
    without_cars = WithoutCars(comparison, load_behaviour(world.region.folder), odds)

    def told(rows: Bools) -> Equity:
        return equity(comparison, without_cars, rows, limit_s, same_s)

    design = design_view(world, after_world, scenario, comparison, limit_min)
    oldest = AGE_BANDS.index("75plus")
    people = [side.residents.people for side in (comparison.before, comparison.after)]
    old = [side.residents.people_by_age[:, oldest] for side in (comparison.before, comparison.after)]
    inside = comparison.after.residents.in_region
    costs = [edit.cost_per_year for edit in design.in_force if edit.action == "hub"]
    known = [cost for cost in costs if cost is not None]
    return CompareView(
        design=design,
        all_ages=_within(comparison, people, inside, limit_s),
        old=_within(comparison, old, inside, limit_s),
        old_effect=effect(comparison, old[1], same_s),
        equity=told(inside),
        without_car_pct=without_car_pct,
        areas=_areas(comparison, people, limit_s, told),
        curve=_curve(comparison, people, inside),
        cost_per_year=sum(known) if known else None,
        hubs_without_cost=len(costs) - len(known),
    )


def _within(comparison: Comparison, people: list[Int32s], rows: Bools, limit_s: float) -> Within:
    counts = [
        people_within(side.resident_times.seconds[rows], of[rows], limit_s)
        for side, of in zip((comparison.before, comparison.after), people, strict=True)
    ]
    totals = [int(of[rows].sum(dtype=np.int64)) for of in people]
    return Within(*counts, *totals)


def _areas(
    comparison: Comparison, people: list[Int32s], limit_s: float, told: Callable[[Bools], Equity]
) -> tuple[Area, ...]:
    places, residents = comparison.after.places, comparison.after.residents
    names = np.array([*places.municipality, ""], dtype=object)[residents.place]
    changed_s = comparison.resident_difference_s
    same_s = SAME_BELOW_MIN * SECONDS_PER_MINUTE
    found = []
    for name in sorted({places.municipality[row] for row in np.flatnonzero(places.in_region)}):
        rows = residents.in_region & (names == name)
        both = rows & np.isfinite(changed_s)
        n_both = int(people[1][both].sum(dtype=np.int64))
        found.append(
            Area(
                name=name,
                within=_within(comparison, people, rows, limit_s),
                winners=int(people[1][rows & (changed_s <= -same_s)].sum(dtype=np.int64)),
                losers=int(people[1][rows & (changed_s >= same_s)].sum(dtype=np.int64)),
                mean_change_min=float((changed_s[both] * people[1][both]).sum()) / max(n_both, 1) / 60.0,
                equity=told(rows),
            )
        )
    return tuple(found)


def _curve(comparison: Comparison, people: list[Int32s], inside: Bools) -> tuple[tuple[int, int], ...]:
    """Inhabitants within 0, 1, ... minutes, before and after."""
    limits_s = np.arange(CURVE_MIN) * SECONDS_PER_MINUTE
    sides = []
    for side, of in zip((comparison.before, comparison.after), people, strict=True):
        order = np.argsort(side.resident_times.seconds[inside], kind="stable")
        seconds = side.resident_times.seconds[inside][order]
        up_to = np.concatenate([[0], np.cumsum(of[inside][order], dtype=np.int64)])
        sides.append(up_to[np.searchsorted(seconds, limits_s, side="right")].tolist())
    return tuple(zip(*sides, strict=True))


def sureness(residents: Origins, band: Band) -> Sureness:
    """Sum up a band over those inhabitants of the region whose time changes by a minute with the assumptions as used.

    They are the same people as those who gain and lose in the sentences of the comparison.
    """
    as_used, lowest, highest = band.difference_s.T
    moved = residents.in_region & (np.abs(as_used) >= SAME_BELOW_MIN * SECONDS_PER_MINUTE)
    people = residents.people
    certain, likely, unsure = (
        int(people[moved & (band.sure == level)].sum(dtype=np.int64))
        for level in ("certain", "likely", "too uncertain")
    )
    finite = moved & np.isfinite(lowest) & np.isfinite(highest)
    weights = people[finite]
    total = max(int(weights.sum(dtype=np.int64)), 1)
    ends = [float((of[finite] * weights).sum()) / total / SECONDS_PER_MINUTE for of in (lowest, highest)]
    return Sureness(certain, likely, unsure, least_min=ends[0], most_min=ends[1])

"""A plan over years for notebooks: which hub opens in which year, for the money of every year."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from accessibility.asked import kinds_named, mode_of
from accessibility.world import silent
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.hub_services import load_hub_services
from data.parameters.plan import load_plan
from dorpshub.regions import Region, scenario_of
from scenarios.edits.scenario import EMPTY, Scenario
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.question import Goal, PlacementQuestion, TravelGroup
from scenarios.plan.question import (
    PlanQuestion,
    planned_years,
    setting_of,
    task_in,
)
from scenarios.plan.regret import regret
from scenarios.plan.solve import best_plan
from scenarios.plan.tables import as_scenario, plan_table, years_table

if TYPE_CHECKING:
    import pandas as pd

PlanGoal: TypeAlias = Literal["people", "time"]
GOALS: dict[PlanGoal, Goal] = {"people": "coverage", "time": "median"}


class Planned(NamedTuple):
    """A plan.

    Attributes
    ----------
    hubs
        A row per hub in the order in which they open: site_id, opens_in, costs, and of the whole plan value, bound, gap_share,
        and the values of the hubs that are best in the end (end_greedy_value, end_ordered_value).
    years
        A row per year: opens, other_changes, people_within, people_gained or hours_saved, spent, budget, left.
    scenario
        The plan as a scenario whose edits hold from their years on: `apply(region, scenario, year=2035)`.

    """

    hubs: pd.DataFrame
    years: pd.DataFrame
    scenario: Scenario


def plan(
    region: Region,
    budget_per_year: float,
    kind: str = "gp",
    mode: str = "bike",
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
    goal: PlanGoal = "people",
    limit_min: float = 10,
    unreached_min: float | None = None,
    carry_over: bool = False,
    opening_cost: float | None = None,
    hub_cost: float | None = None,
    discount_rate: float | None = None,
    per_year: int | None = None,
    n_hubs: int | None = None,
    fixed: Sequence[str] = (),
    forbidden: Sequence[str] = (),
    opens: Mapping[str, int] | None = None,
    time_limit_s: float = 60,
) -> Planned:
    """Which hub opens in which year, among the places of the region, so that most people are helped soonest.

    Parameters
    ----------
    region
        Whose inhabitants count, in their places; without a scenario of its own.
    budget_per_year
        Euros of each year, for the hubs that are open and those that open.
    kind, mode
        What people go to a hub for, and how.
    first_year, last_year
        Of the plan; from the year after the date of the region to the last year of its population when left out.
    scenario
        What else opens and closes, with edits that have a `from_year`; nothing when left out.
    goal
        people: most people within `limit_min`, added up over the years; time: most hours saved if everybody goes once a year.
    limit_min, unreached_min
        Minutes, for people; and what reaching none counts as, for time.
    carry_over
        Whether what is left of a year can be spent later.
    opening_cost, hub_cost, discount_rate
        Euros in the year in which a hub opens and every year, and by how much a year counts for less than the one before;
        those of plan.toml and hub_services.toml when left out.
    per_year, n_hubs
        At most so many hubs open in a year, and in all.
    fixed, forbidden, opens
        Ids of places that must have a hub in the end, may not have one, and must open in a given year.
    time_limit_s
        Seconds; the best plan by then is given, with its gap.

    Returns
    -------
    The hubs in the order in which they open, the years one by one, and the plan as a scenario: see `Planned`.

    Raises
    ------
    InputError
        When a name or year is unknown, or a number means nothing.
    ScenarioError
        When the budget buys nothing, or the rules contradict each other; it says how.

    Examples
    --------
    >>> from dorpshub import open_region, plan
    >>> found = plan(open_region("zuid-oost-drenthe"), 150_000, first_year=2027, last_year=2030)
    >>> found.hubs[["site_id", "opens_in"]].to_numpy().tolist()
    [['emmen-barger-oosterveld', 2027], ['lutterhartje', 2028], ['emmen-parc-sandur', 2029]]

    """
    if goal not in GOALS:
        msg = f"Unknown goal '{goal}'. Goals are {', '.join(get_args(PlanGoal))}."
        raise InputError(msg)
    before, given = region.world, EMPTY if scenario is None else scenario_of(scenario)
    folder, usual = before.region.folder, planned_years(before)
    known = load_plan(folder)
    placement = PlacementQuestion(
        kind=kinds_named([kind])[0],
        groups=(TravelGroup("all", (mode_of(before, mode).name,)),),
        goal=GOALS[goal],
        limit_s=limit_min * 60,
        hubs=n_hubs,
        cost=load_hub_services(folder).hub.cost_per_year if hub_cost is None else hub_cost,
        fixed=tuple(fixed),
        forbidden=tuple(forbidden),
        unreached_s=float("inf") if unreached_min is None else unreached_min * 60,
    )
    question = PlanQuestion(
        placement,
        usual[0] if first_year is None else first_year,
        usual[1] if last_year is None else last_year,
        budget_per_year,
        carry_over,
        known.opening.cost if opening_cost is None else opening_cost,
        known.discount.rate_share if discount_rate is None else discount_rate,
        per_year,
        tuple((opens or {}).items()),
        known.cars.change_share,
    )
    setting = setting_of(question, before, given, load_facility_kinds())
    task = task_in(setting, silent)
    limit = TimeLimit(time_limit_s, time.perf_counter, ignore_progress)
    answer = best_plan(task, limit)
    name = f"Plan {question.first_year}-{question.last_year}"
    return Planned(
        plan_table(setting.at_end, answer, regret(answer, limit)),
        years_table(answer, given),
        as_scenario(setting.at_end, answer, given, (placement.kind,), name, ""),
    )

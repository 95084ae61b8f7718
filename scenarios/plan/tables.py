"""Plans for people and programs, year by year, and as a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accessibility.world import NOT_IN_DATA, World
from data.columns import Floats
from scenarios.edits.facilities import PlaceHub, Sited
from scenarios.edits.scenario import Edit, Scenario
from scenarios.placement.sites import hub_at
from scenarios.placement.task import MostWithin
from scenarios.plan.question import PlanQuestion
from scenarios.plan.regret import Regret
from scenarios.plan.solve import PlanAnswer


def plan_table(world: World, answer: PlanAnswer, found: Regret | None) -> pd.DataFrame:
    """One row per hub, in the order in which they open, with what the whole plan comes to."""
    sites, rows = answer.task.sites, answer.site
    lon_deg, lat_deg = world.projection.to_lonlat(sites.x_m[rows], sites.y_m[rows])
    return pd.DataFrame(
        {
            "site_id": answer.ids,
            "site": [sites.name[row] for row in rows],
            "lon": lon_deg.round(5),
            "lat": lat_deg.round(5),
            "opens_in": np.array(answer.opening_years, np.int64),
            "opening_cost": answer.task.opening_cost[rows],
            "cost_per_year": sites.cost_per_year[rows],
            "value": answer.value,
            "bound": answer.bound,
            "gap_share": answer.gap_share,
            "end_greedy_value": np.nan if found is None else found.greedy.value,
            "end_ordered_value": np.nan if found is None else found.ordered.value,
        }
    )


def years_table(answer: PlanAnswer, scenario: Scenario) -> pd.DataFrame:
    """One row per year: what opens and changes, who is within reach, and what is spent; `scenario` is what was given."""
    task, years = answer.task, answer.task.years
    people = np.array([demand.people.sum() for demand in task.demands])
    unknown = np.full(len(years), np.nan)
    before = people_within_before(answer) if answer.counts_people else unknown
    left = np.array(task.rules.budget) - answer.spent
    return pd.DataFrame(
        {
            "year": np.array(years, np.int64),
            "opens": ["; ".join(opening_in(answer, year)) for year in years],
            "other_changes": ["; ".join(changes_in(scenario, year)) for year in years],
            "people": people.round(1),
            "people_within_before": before.round(1),
            "people_within": (before + answer.helped).round(1) if answer.counts_people else unknown,
            "people_gained": answer.helped.round(1) if answer.counts_people else unknown,
            "hours_saved": unknown if answer.counts_people else answer.helped.round(1),
            "spent": answer.spent.round(2),
            "budget": np.array(task.rules.budget),
            "left": (np.cumsum(left) if task.rules.carry_over else left).round(2),
            "weight": task.weights.round(6),
        }
    )


def people_within_before(answer: PlanAnswer) -> Floats:
    """(T,) people within the limit of what there is beside the hubs."""
    goal = answer.task.objective
    assert isinstance(goal, MostWithin)  # noqa: S101 -- only then is it asked
    return np.array(
        [float(demand.people[demand.existing_s <= goal.limit_s].sum()) for demand in answer.task.demands]
    )


def opening_in(answer: PlanAnswer, year: int) -> list[str]:
    """Names of the sites whose hub opens in a year."""
    names = answer.task.sites.name
    return [names[row] for row, opens in zip(answer.site, answer.opening_years, strict=True) if opens == year]


def changes_in(scenario: Scenario, year: int) -> list[str]:
    """What a scenario changes from a year on, in the words of its file."""
    return [
        f"{type(edit).__name__} {_about(edit)}".strip() for edit in scenario.edits if edit.from_year == year
    ]


def _about(edit: Edit) -> str:
    """What an edit is about: the facility, the site, the line or the name in it."""
    names = ("facility_id", "line", "name", "service", "road", "kind")
    values = (getattr(edit, name, None) for name in names)
    said = next((value for value in values if isinstance(value, str) and value), "")
    return edit.site_id if isinstance(edit, Sited) and not said else said


def plan_lines(
    world: World, question: PlanQuestion, scenario: Scenario, answer: PlanAnswer, found: Regret | None
) -> list[str]:
    """What opens when, whom that helps, what it costs, how sure it is, and what knowing the end only would lose."""
    proof = (
        "no plan brings more: proved" if answer.is_proved else f"at most {answer.gap_share:.2%} from the best"
    )
    n_hubs = len(answer.site)
    what = f"{n_hubs} {'hub' if n_hubs == 1 else 'hubs'} in {question.first_year} to {question.last_year}"
    if not n_hubs:
        return ["No hub: nobody who is asked about would be helped by one."]
    lines = [f"{what}: {_amount(answer, answer.value)} ({proof}, {answer.taken_s:.1f} s)."]
    for row, year in enumerate(question.years):
        opens, changes = "; ".join(opening_in(answer, year)), "; ".join(changes_in(scenario, year))
        happens = [*([f"opens {opens}"] if opens else []), *([f"also {changes}"] if changes else [])]
        # Years in which nothing happens are told in the table.
        if happens or year in {question.first_year, question.last_year}:
            lines.append(f"  {year}: {'; '.join([_year_text(answer, row), *happens])}.")
    if found is not None:
        lines += regret_lines(found)
    return [*lines, *basis_lines(world, question)]


def _year_text(answer: PlanAnswer, row: int) -> str:
    helped, spent = answer.helped[row], f"€ {answer.spent[row]:,.0f}"
    if answer.counts_people:
        within = people_within_before(answer)[row] + helped
        return f"{within:,.0f} people within the limit, {helped:,.0f} of them by hubs; {spent}"
    return f"{helped:,.0f} hours saved if everybody goes once; {spent}"


def _amount(answer: PlanAnswer, value: float) -> str:
    unit = "person-years within the limit" if answer.counts_people else "hours saved, once a year each,"
    rate = answer.task.rules.discount_rate
    return f"{value:,.0f} {unit}{f' discounted by {rate:.4g} a year' if rate else ''}"


def regret_lines(found: Regret) -> list[str]:
    """What the hubs that are best in the end would bring, in both orders."""
    best = found.best
    what = "people" if best.counts_people else "hours"
    last = best.task.years[-1]
    lines = [
        f"Who looks at {last} alone would choose hubs for {found.end:,.0f} {what} then; this plan has {best.helped[-1]:,.0f}."
    ]
    for said, plan in (
        ("one by one, what helps most at once", found.greedy),
        ("in their best order", found.ordered),
    ):
        lost = found.of(plan)
        short = f"{lost:.2%} less than this plan" if lost > 0 else "as much as this plan"
        lines.append(f"  Those hubs opened {said}: {plan.value:,.0f}, {short}.")
    return lines


def basis_lines(world: World, question: PlanQuestion) -> list[str]:
    """What the figures rest on that no table of the region says."""
    asked, lines = question.placement, []
    if not world.knows(asked.kind):
        lines.append(f"{asked.kind}: unknown where it is now, as it is {NOT_IN_DATA}; only the hubs count.")
    cars = f"change by {question.cars_change:+.2%} a year" if question.cars_change else "stay as they are"
    if any(group.asked_car is not None for group in asked.groups):
        lines.append(f"Cars per household {cars}; who has none is modelled from them.")
    lines.append(
        f"A hub costs € {question.opening_cost:,.0f} to open and € {asked.cost:,.0f} a year where its list says nothing else: "
        "see plan.toml and hub_services.toml for what is assumed. Population of later years: a forecast."
    )
    return lines


def hub_edits(world: World, answer: PlanAnswer, kinds: tuple[str, ...]) -> tuple[PlaceHub, ...]:
    """The hubs of a plan, each from the year in which it opens."""
    return tuple(
        hub_at(world, answer.task.sites, row, kinds).from_then_on(year)
        for row, year in zip(answer.site.tolist(), answer.opening_years, strict=True)
    )


def as_scenario(
    world: World, answer: PlanAnswer, scenario: Scenario, kinds: tuple[str, ...], name: str, note: str
) -> Scenario:
    """The plan as a scenario: what was given, and the hubs from the years in which they open."""
    return Scenario(name, note, (*scenario.edits, *hub_edits(world, answer, kinds)))

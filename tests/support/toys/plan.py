"""Small random questions of a plan over years, and their answers by trying every plan.

The oracle shares no code with what it judges: it goes through the years one by one and looks who is nearest to what.
"""

from __future__ import annotations

import itertools

import numpy as np

from scenarios.placement.task import LeastTime, MostWithin
from scenarios.plan.task import PlanRules, PlanTask
from support.toys.placement import demand_of, sites_at

Plan = tuple[int | None, ...]
"""Of each site, the year in which it opens; None for never."""


def random_plan(seed: int) -> PlanTask:
    """Up to 4 sites, 6 groups and 4 years; what is there already changes in one of them; rules may contradict each other."""
    draw = np.random.default_rng(seed)
    n_sites, n_groups, n_years = (int(draw.integers(2, most)) for most in (5, 7, 5))
    ids = [f"s{number}" for number in draw.permutation(n_sites)]
    nowhere = np.zeros(n_sites)
    is_alike = draw.random() < 0.5
    cost = np.full(n_sites, 10.0) if is_alike else np.array(draw.integers(0, 4, n_sites) * 10.0, np.float64)
    years = tuple(range(2030, 2030 + n_years))
    seconds = draw.integers(1, 12, (n_sites, n_groups)) * 100.0
    seconds[draw.random(seconds.shape) < 0.2] = np.inf
    existing = [draw.integers(1, 20, n_groups) * 100.0]
    existing.append(np.maximum(existing[0], draw.integers(1, 20, n_groups) * 100.0))
    closing = int(draw.integers(0, n_years + 1))
    tables = [(seconds, existing[0]), (seconds * draw.choice([1.0, 1.2]), existing[1])]
    people = draw.integers(0, 30, n_groups).astype(float)
    demands = []
    for row in range(n_years):
        of, now = tables[int(row >= closing)]
        demands.append(
            demand_of((people * draw.choice([0.5, 1.0, 2.0], n_groups)).tolist(), now.tolist(), of.tolist())
        )
    carry_over = bool(draw.random() < 0.5)
    rules = PlanRules(
        budget=tuple(float(of) for of in draw.choice([0, 15, 30, 45, 60], n_years)),
        carry_over=carry_over,
        discount_rate=float(draw.choice([0.0, 0.1, 0.5])),
        n_hubs=int(draw.integers(1, n_sites + 1)) if draw.random() < 0.3 else None,
        per_year=1 if draw.random() < 0.3 else None,
        fixed=(ids[0],) if draw.random() < 0.2 else (),
        forbidden=(ids[1],) if draw.random() < 0.2 else (),
        opens=((ids[-1], int(draw.choice(years))),) if draw.random() < 0.2 else (),
    )
    first = np.where(draw.random(n_sites) < 0.2, 1, 0)
    objective = MostWithin(600.0) if draw.random() < 0.5 else LeastTime(float(draw.choice([0.0, 400.0])))
    sites = sites_at(ids, nowhere, nowhere, cost)
    opening = (
        np.full(n_sites, 15.0) if is_alike else np.array(draw.integers(0, 5, n_sites) * 10.0, np.float64)
    )
    return PlanTask(sites, opening, first, years, tuple(demands), objective, rules)


def every_plan(task: PlanTask) -> dict[Plan, float]:
    """What every plan that keeps to the rules brings."""
    choices = itertools.product((None, *task.years), repeat=len(task.sites.id))
    return {plan: worth(task, plan) for plan in choices if keeps(task, plan)}


def keeps(task: PlanTask, plan: Plan) -> bool:
    """Whether a plan keeps to the rules."""
    rules, ids = task.rules, task.sites.id
    year_of = {name: year for name, year in zip(ids, plan, strict=True) if year is not None}
    if any(name not in year_of for name in rules.fixed) or any(name in year_of for name in rules.forbidden):
        return False
    if any(year_of.get(name) != year for name, year in rules.opens):
        return False
    if rules.n_hubs is not None and len(year_of) > rules.n_hubs:
        return False
    kept = 0.0
    for row, year in enumerate(task.years):
        opening = [site for site, name in enumerate(ids) if year_of.get(name) == year]
        if rules.per_year is not None and len(opening) > rules.per_year:
            return False
        if any(task.first[site] > row for site in opening):
            return False
        is_open = [site for site, name in enumerate(ids) if year_of.get(name, 9999) <= year]
        paid = sum(task.sites.cost_per_year[site] for site in is_open)
        paid += sum(task.opening_cost[site] for site in opening)
        there = rules.budget[row] + (kept if rules.carry_over else 0.0)
        if paid > there + 1e-9:
            return False
        kept = there - paid
    in_the_end = sum(task.sites.cost_per_year[site] for site, year in enumerate(plan) if year is not None)
    return bool(in_the_end <= rules.budget[-1] + 1e-9)


def worth(task: PlanTask, plan: Plan) -> float:
    """Discounted persons or hours of a plan."""
    total = 0.0
    for row, year in enumerate(task.years):
        demand = task.demands[row]
        is_open = [site for site, of in enumerate(plan) if of is not None and of <= year]
        for of in range(len(demand.people)):
            now = float(demand.existing_s[of])
            then = min([now, *(float(demand.seconds[site, of]) for site in is_open)])
            total += demand.people[of] * gained(task, now, then) / (1 + task.rules.discount_rate) ** row
    return total


def gained(task: PlanTask, now_s: float, then_s: float) -> float:
    """What one person gains in a year."""
    if isinstance(task.objective, MostWithin):
        return float(then_s <= task.objective.limit_s < now_s)
    beyond_s = task.objective.beyond_s
    return (max(now_s - beyond_s, 0.0) - max(then_s - beyond_s, 0.0)) / 3600

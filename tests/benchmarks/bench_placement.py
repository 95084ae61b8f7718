"""Placement against spopt on identical matrices, and a first answer on as many cells as a region has.

Whatever is compared has been checked to give the same optimum first. spopt hands its model to PuLP, with CBC, the solver it
comes with, or HiGHS, the one used here.
"""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from benchmarks.measure import Row, missing, quicker, side_by_side
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.solve import Answer, best_answer, first_answer
from scenarios.placement.task import Demand, LeastTime, MostWithin, Objective, Rules, Sites, Task
from scenarios.plan.solve import best_plan, quick_plan
from scenarios.plan.task import PlanRules, PlanTask
from scenarios.services.solve import best_answer as best_services
from scenarios.services.solve import first_answer as first_services
from scenarios.services.task import Offer, ServiceRules, ServiceTask, Size

N_DEMANDS, N_SITES, N_HUBS = 1000, 300, 10
N_CELLS, N_CELL_SITES = 12_000, 270
SQUARE_M, SPEED_MPS, LIMIT_S = 30_000.0, 4.4, 900.0
VILLAGE_M, REACH_S = 400.0, 600.0
SPOPT_TARGET, SECOND_MS, ROUNDS, PEER_LIMIT_S = 10, 1000.0, 4, 300.0
Result = TypeVar("Result")
PATIENT = TimeLimit(600.0, time.perf_counter, ignore_progress)
NETWORK = "anywhere in a square of 30 km, as the crow flies at 15.8 km/h"


def rows() -> list[Row]:
    """Measure everything."""
    small = question(N_DEMANDS, N_SITES, LeastTime(), seed=0)
    covering = replace(small, objective=MostWithin(LIMIT_S))
    return [
        *against_spopt("p-median", small),
        *against_spopt("maximal coverage", covering),
        *cells(),
        *several_services(),
        *over_years(),
    ]


def question(n_demands: int, n_sites: int, objective: Objective, seed: int) -> Task:
    """People and sites anywhere in a square, whole seconds as the crow flies, nothing open yet."""
    draw = np.random.default_rng(seed)
    home, site = draw.random((n_demands, 2)) * SQUARE_M, draw.random((n_sites, 2)) * SQUARE_M
    seconds = np.rint(np.hypot(*(site[:, None] - home[None]).transpose(2, 0, 1)) / SPEED_MPS)
    ids, nothing = tuple(f"s{row:04d}" for row in range(n_sites)), ("",) * n_sites
    sites = Sites(ids, ids, site[:, 0].copy(), site[:, 1].copy(), np.zeros(n_sites), nothing, nothing)
    people = draw.integers(1, 500, n_demands).astype(np.float64)
    names = tuple(f"d{row}" for row in range(n_demands))
    return Task(sites, Demand(names, people, np.full(n_demands, np.inf), seconds), objective, Rules(N_HUBS))


def against_spopt(name: str, task: Task) -> list[Row]:
    """The exact answer, proof included, against spopt's model solved by each solver it can use."""
    title = f"{name}, {N_DEMANDS:,} x {N_SITES}, p = {N_HUBS}, exact"
    peers = {"spopt, HiGHS": "HiGHS", "spopt, CBC": "PULP_CBC_CMD"}
    if importlib.util.find_spec("spopt") is None:
        why = "not installed: it is in the dev extra"
        return [missing(title, NETWORK, peer, SPOPT_TARGET, why) for peer in peers]
    table = []
    for peer, solver in peers.items():
        # The peer takes minutes: once, with our runs before and after it, so that a busy machine slows both.
        before, answer = _taken_ms(lambda: best_answer(task, PATIENT))
        peer_ms, found = _taken_ms(lambda solver=solver: spopt_value(task, solver))  # type: ignore[misc]
        after = [_taken_ms(lambda: best_answer(task, PATIENT))[0] for _ in range(ROUNDS)]
        engine_ms = float(np.median([before, *after]))
        if found is None:
            why = f"spopt did not finish within {PEER_LIMIT_S:.0f} s: the ratio is a lower bound"
            table.append(replace(quicker(title, NETWORK, peer, (engine_ms, peer_ms), SPOPT_TARGET), note=why))
            continue
        demand_same_optimum(answer, found)
        table.append(quicker(title, NETWORK, peer, (engine_ms, peer_ms), SPOPT_TARGET))
    if isinstance(task.objective, MostWithin):
        table = [replace(row, target=None) for row in table]
        table.append(below(1, f"{title}, in one second", lambda: best_answer(task, PATIENT), ""))
    return table


def _taken_ms(rival: Callable[[], Result]) -> tuple[float, Result]:
    start = time.perf_counter()
    result = rival()
    return (time.perf_counter() - start) * 1e3, result


def spopt_value(task: Task, solver: str) -> float | None:
    """Optimum of spopt's model, whose building is part of the work as it is of ours; None when it is not found in time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp  # noqa: PLC0415 -- only with spopt, which takes seconds to import
        from spopt.locate import MCLP, PMedian  # noqa: PLC0415

        cost, people = np.ascontiguousarray(task.demand.seconds.T), task.demand.people
        at: Any = pulp.getSolver(solver, msg=False, timeLimit=PEER_LIMIT_S)
        if isinstance(task.objective, MostWithin):
            limit_s = task.objective.limit_s
            made = MCLP.from_cost_matrix(cost, people, limit_s, p_facilities=task.rules.n_hubs)
        else:
            made = PMedian.from_cost_matrix(cost, people, p_facilities=task.rules.n_hubs)
        problem = made.problem
        problem.solve(at)
        is_best = problem.sol_status == pulp.LpSolutionOptimal
        return float(pulp.value(problem.objective)) if is_best else None


def demand_same_optimum(answer: Answer, expected: float) -> None:
    """Refuse to compare the speed of different answers; the peer's solvers stop at a gap of 1e-4 of their own.

    Raises
    ------
    ValueError
        When the optimum is another.

    """
    if not answer.is_proved or abs(answer.value - expected) > 1.5e-4 * abs(expected):
        msg = f"the engine finds {answer.value} (bound {answer.bound}), spopt {expected}"
        raise ValueError(msg)


def cells() -> list[Row]:
    """Greedy and swaps on 12,000 cells, with the bound that it is told with."""
    table = []
    for name, objective in (("p-median", LeastTime()), ("maximal coverage", MostWithin(LIMIT_S))):
        task = question(N_CELLS, N_CELL_SITES, objective, seed=0)
        answer = first_answer(task, PATIENT)
        note = f"the first answer is proved to be within {answer.gap_share:.2%} of the best"
        title = f"{name}, {N_CELLS:,} cells x {N_CELL_SITES}, p = {N_HUBS}, first answer with its bound"
        table.append(below(1, title, lambda task=task: first_answer(task, PATIENT), note))  # type: ignore[misc]
    return table


def below(seconds: int, title: str, engine: Callable[[], object], note: str) -> Row:
    """Row of a time of its own against so many seconds."""
    engine_ms, peer_ms = side_by_side({"engine": engine}, 5, 1)["engine"], seconds * SECOND_MS
    return Row(title, NETWORK, f"{seconds} s", peer_ms / engine_ms, 1, engine_ms, peer_ms, note)


def services_question(n_cells: int, n_sites: int, n_services: int, budget: float, seed: int) -> ServiceTask:
    """Cells around villages in a square, which are the sites, and services of which two in three villages have none yet."""
    draw = np.random.default_rng(seed)
    site = draw.random((n_sites, 2)) * SQUARE_M
    home = site[draw.integers(0, n_sites, n_cells)] + draw.normal(0.0, VILLAGE_M, (n_cells, 2))
    within = np.hypot(*(site[:, None] - home[None]).transpose(2, 0, 1)) / SPEED_MPS <= REACH_S
    people = draw.integers(1, 60, n_cells).astype(np.float64)
    offers = []
    for service in range(n_services):
        lacks = ~within[draw.random(n_sites) < 1 / 3].any(axis=0)
        sizes = tuple(Size(float(cost), 1.1 * cost / 100, 200.0) for cost in draw.integers(300, 900, 2) * 100)
        need = np.rint(np.where(lacks, people * draw.uniform(0.8, 1.2, n_cells), 0.0) * 100) / 100
        offers.append(Offer(f"service {service}", sizes, need, within & lacks))
    ids, nothing = tuple(f"s{row:04d}" for row in range(n_sites)), ("",) * n_sites
    sites = Sites(
        ids, ids, site[:, 0].copy(), site[:, 1].copy(), np.full(n_sites, 30_000.0), nothing, nothing
    )
    return ServiceTask(sites, tuple(offers), ServiceRules(budget))


def years_question(n_cells: int, n_sites: int, n_years: int, budget: float, seed: int) -> PlanTask:
    """Cells around villages in a square, which are the sites, and a service that two in three villages have not, over years."""
    draw = np.random.default_rng(seed)
    site = draw.random((n_sites, 2)) * SQUARE_M
    home = site[draw.integers(0, n_sites, n_cells)] + draw.normal(0.0, VILLAGE_M, (n_cells, 2))
    seconds = np.hypot(*(site[:, None] - home[None]).transpose(2, 0, 1)) / SPEED_MPS
    existing_s = seconds[draw.random(n_sites) < 1 / 3].min(axis=0)
    now, change = draw.integers(1, 60, n_cells), draw.uniform(-0.02, 0.01, n_cells)
    demands = tuple(
        Demand(("",) * n_cells, np.rint(now * (1 + change) ** year), existing_s, seconds)
        for year in range(n_years)
    )
    ids, nothing = tuple(f"s{row:04d}" for row in range(n_sites)), ("",) * n_sites
    sites = Sites(
        ids, ids, site[:, 0].copy(), site[:, 1].copy(), np.full(n_sites, 30_000.0), nothing, nothing
    )
    rules = PlanRules((budget,) * n_years, carry_over=True, discount_rate=0.0225)
    first = np.zeros(n_sites, np.int64)
    years = tuple(range(2027, 2027 + n_years))
    return PlanTask(sites, np.full(n_sites, 50_000.0), first, years, demands, MostWithin(REACH_S), rules)


def over_years() -> list[Row]:
    """A plan of fourteen years on as many cells as a region has: at once, and the best."""
    task = years_question(16_500, 283, 14, 300_000.0, seed=0)
    quick, best = quick_plan(task, PATIENT), best_plan(task, PATIENT)
    sure = "proved" if best.is_proved else f"within {best.gap_share:.2%}"
    lost = best.value / quick.value - 1
    title = "a plan of 14 years, 16,500 cells x 283 sites"
    note = f"proved to be within {quick.gap_share:.2%} of the best, {lost:.2%} below it in fact"
    return [
        below(2, f"{title}, at once with its bound", lambda: quick_plan(task, PATIENT), note),
        below(20, f"{title}, the best plan", lambda: best_plan(task, PATIENT), sure),
    ]


def plain_program_value(task: ServiceTask) -> float:
    """Optimum of the program as one writes it down: a variable per cell, site and service, solved by HiGHS through SciPy."""
    n_sites, sizes = len(task.sites.id), [(offer, size) for offer in task.offers for size in offer.sizes]
    pairs: list[tuple[int, Any, Any]] = []
    for number, offer in enumerate(task.offers):
        site, cell = np.nonzero(offer.within)
        pairs.append((number, site, cell))
    first_pair = n_sites * (1 + len(sizes))
    n_columns = first_pair + sum(len(site) for _, site, _ in pairs)
    gain, parts = np.zeros(n_columns), list[tuple[Any, Any]]()
    low, high = list[float](), list[float]()

    def row(columns: Any, values: Any, least: float, most: float) -> None:
        parts.append((columns, np.broadcast_to(values, np.shape(columns))))
        low.append(least)
        high.append(most)

    cost = np.concatenate(
        [task.sites.cost_per_year, np.repeat([size.cost_per_year for _, size in sizes], n_sites)]
    )
    row(np.arange(first_pair), cost, -np.inf, task.rules.budget)
    begin = first_pair
    for number, site, cell in pairs:
        offer = task.offers[number]
        own = [n_sites * (1 + of) for of, (each, _) in enumerate(sizes) if each is offer]
        at = begin + np.arange(len(site))
        gain[at] = -offer.weight * offer.people[cell]
        for one in range(n_sites):
            there, here = at[site == one], [begin_of + one for begin_of in own]
            row([*here, one], [1.0] * len(here) + [-1.0], -np.inf, 0.0)
            coming = offer.people[cell[site == one]]
            room, least = (
                [-getattr(size, name) for size in offer.sizes] for name in ("room", "least_people")
            )
            row([*there, *here], [*coming, *room], -np.inf, 0.0)
            row([*there, *here], [*coming, *least], 0.0, np.inf)
            for pair in there:
                row([pair, *here], [1.0] + [-1.0] * len(here), -np.inf, 0.0)
        for one in np.unique(cell):
            row(at[cell == one], 1.0, -np.inf, 1.0)
        begin += len(site)
    offset = np.cumsum([0, *(len(columns) for columns, _ in parts)])
    column, value = (np.concatenate([np.asarray(part[of], float) for part in parts]) for of in (0, 1))
    table = csr_array((value, column.astype(np.int64), offset), shape=(len(parts), n_columns))
    whole = (np.arange(n_columns) < first_pair).astype(np.int64)
    found = milp(gain, integrality=whole, bounds=Bounds(0, 1), constraints=LinearConstraint(table, low, high))
    if found.fun is None:
        raise ValueError(found.message)
    return -float(found.fun)


def several_services() -> list[Row]:
    """The exact answer against the plain program, which has to agree, and a first answer on as many cells as a region has."""
    small = services_question(400, 30, 2, 400_000.0, seed=0)
    title = "several services, 400 cells x 30 sites x 2 services, exact"
    peer_ms, expected = _taken_ms(lambda: plain_program_value(small))
    engine_ms, answer = _taken_ms(lambda: best_services(small, PATIENT))
    if not answer.is_proved or abs(answer.value - expected) > 1.5e-4 * expected:
        msg = f"the engine finds {answer.value} (bound {answer.bound}), the plain program {expected}"
        raise ValueError(msg)
    table = [quicker(title, NETWORK, "the plain program, HiGHS", (engine_ms, peer_ms), None)]
    whole = services_question(16_500, 283, 4, 2_000_000.0, seed=0)
    first = first_services(whole, PATIENT)
    note = f"the first answer is proved to be within {first.gap_share:.2%} of the best"
    title = "several services, 16,500 cells x 283 sites x 4 services, first answer with its bound"
    return [*table, below(2, title, lambda: first_services(whole, PATIENT), note)]

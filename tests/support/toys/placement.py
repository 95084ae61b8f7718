"""Small random questions of placement, and their answers by trying every set of sites.

The oracle shares no code with what it judges: it reads the rules as they are written in `scenarios.placement.task`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from data.columns import Floats
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.task import (
    CapacityConstraint,
    Demand,
    Fewest,
    LeastTime,
    LeastWorst,
    MostWithin,
    Objective,
    Rules,
    ShareConstraint,
    Sites,
    Task,
)

Numbers: TypeAlias = NDArray[np.floating[Any]]
PATIENT = TimeLimit(60.0, time.perf_counter, ignore_progress)


def sites_at(ids: Sequence[str], x_m: Numbers, y_m: Numbers, cost: Numbers) -> Sites:
    """Sites at points, called by their ids."""
    nothing = ("",) * len(ids)
    x_m, y_m, cost = (np.array(column, np.float64) for column in (x_m, y_m, cost))
    return Sites(tuple(ids), tuple(ids), x_m, y_m, cost, nothing, nothing)


def demand_of(
    people: Sequence[float], existing_s: Sequence[float], seconds: Sequence[Sequence[float]]
) -> Demand:
    """Demand d0, d1, ..."""
    names = tuple(f"d{row}" for row in range(len(people)))
    return Demand(names, np.array(people, float), np.array(existing_s, float), np.array(seconds, float))


def plain_task(seconds: Numbers, people: Numbers, objective: Objective, n_hubs: int) -> Task:
    """Question without anything open yet and without further rules, of a (C, D) table."""
    n_sites, n_demands = seconds.shape
    ids = [f"s{site:04d}" for site in range(n_sites)]
    nowhere = np.zeros(n_sites)
    demand = demand_of(people.tolist(), [np.inf] * n_demands, seconds.tolist())
    return Task(sites_at(ids, nowhere, nowhere, nowhere), demand, objective, Rules(n_hubs))


def network_times(n_nodes: int, seed: int) -> Floats:
    """(N, N) lengths of shortest paths in a connected random network of the OR-Library's kind.

    The files pmed1 to pmed40 (Beasley 1985, A note on solving large p-median problems) have n nodes, about n * n / 50 edges
    with whole lengths from 1 to 100, and p of 5, 10, n / 10, n / 5 and n / 3. Here such networks are drawn anew.
    """
    draw = np.random.default_rng(seed)
    n_edges = n_nodes * n_nodes // 50
    # A path through all nodes keeps it connected.
    order = draw.permutation(n_nodes)
    tail = np.concatenate([order[:-1], draw.integers(0, n_nodes, n_edges - n_nodes + 1)])
    head = np.concatenate([order[1:], draw.integers(0, n_nodes, n_edges - n_nodes + 1)])
    length = draw.integers(1, 101, len(tail)).astype(np.float64)
    table = np.full((n_nodes, n_nodes), np.inf)
    np.minimum.at(table, (tail, head), length)
    table[np.isinf(table) | np.eye(n_nodes, dtype=bool)] = 0.0
    return np.asarray(shortest_path(csr_array(table), directed=False), np.float64)


def random_task(seed: int) -> Task:
    """Up to 12 demands and 7 sites, any objective, and any rules, which may contradict each other."""
    draw = np.random.default_rng(seed)
    n_demands, n_sites = int(draw.integers(3, 13)), int(draw.integers(2, 8))
    home, site = draw.integers(0, 50, (n_demands, 2)) * 100.0, draw.integers(0, 50, (n_sites, 2)) * 100.0
    away_m = np.hypot(*(site[:, None] - home[None]).transpose(2, 0, 1))
    # At 100 m/s most times are equal to others, which tries ties.
    seconds = np.rint(away_m / draw.choice([4.0, 100.0]))
    if draw.random() < 0.4:
        seconds[draw.random(seconds.shape) < 0.15] = np.inf
    ids = [f"s{number}" for number in draw.permutation(n_sites)]
    existing_s = np.where(draw.random(n_demands) < 0.3, np.rint(draw.random(n_demands) * 1000), np.inf)
    sites = sites_at(ids, site[:, 0].copy(), site[:, 1].copy(), draw.integers(1, 6, n_sites) * 1000.0)
    demand = demand_of(draw.integers(0, 50, n_demands).tolist(), existing_s.tolist(), seconds.tolist())
    limit_s = float(draw.choice([200.0, 400.0, 700.0]))
    objectives: tuple[Objective, ...] = (
        LeastTime(),
        LeastTime(beyond_s=300.0),
        LeastTime(inequality_aversion=1.0),
        MostWithin(limit_s),
        LeastWorst(),
        Fewest("hubs"),
        Fewest("cost"),
    )
    objective = objectives[int(draw.integers(len(objectives)))]
    return Task(sites, demand, objective, _random_rules(draw, ids, n_demands, objective, limit_s))


def _random_rules(
    draw: np.random.Generator, ids: list[str], n_demands: int, objective: Objective, limit_s: float
) -> Rules:
    n_sites = len(ids)

    def people() -> Floats:
        return draw.integers(0, 50, n_demands).astype(float)

    shares: tuple[ShareConstraint, ...] = ()
    if draw.random() < 0.25 or isinstance(objective, Fewest):
        shares = (ShareConstraint("all", people(), limit_s, float(draw.choice([0.3, 0.6, 0.8, 1.0]))),)
    loads: list[CapacityConstraint] = []
    if draw.random() < 0.4:
        most = np.where(draw.random(n_sites) < 0.5, draw.integers(30, 300, n_sites), np.inf)
        loads.append(CapacityConstraint("now", people(), float(draw.choice([0, 20, 60, 100])), most))
    if draw.random() < 0.2:
        loads.append(
            CapacityConstraint("2040", people(), float(draw.choice([0, 20, 60])), np.full(n_sites, np.inf))
        )
    return Rules(
        n_hubs=int(draw.integers(1, n_sites + 1)),
        budget=float(draw.choice([np.inf, 3000, 6000, 9000])),
        fixed=(ids[0],) if draw.random() < 0.2 else (),
        forbidden=(ids[1],) if draw.random() < 0.2 else (),
        apart_m=float(draw.choice([0, 0, 800, 1500])),
        longest_s=float(draw.choice([np.inf, np.inf, 900])),
        unreached_s=float(draw.choice([np.inf, 1800.0])),
        shares=shares,
        loads=tuple(loads),
    )


def every_set(task: Task) -> dict[tuple[int, ...], float]:
    """What every set of sites that keeps to the rules costs: the less the better, so people within a limit count below 0."""
    n_sites = len(task.sites.id)
    sets = (
        chosen
        for size in range(min(task.rules.n_hubs, n_sites) + 1)
        for chosen in itertools.combinations(range(n_sites), size)
    )
    return {chosen: cost(task, chosen) for chosen in sets if keeps(task, chosen)}


def times(task: Task, chosen: tuple[int, ...]) -> Floats:
    """Seconds of every demand to the nearest facility, old or new."""
    new_s = task.demand.seconds[list(chosen)].min(axis=0, initial=np.inf)
    return np.asarray(np.minimum(task.demand.existing_s, new_s))


def keeps(task: Task, chosen: tuple[int, ...]) -> bool:
    """Whether a set keeps to the rules."""
    sites, demand, rules = task.sites, task.demand, task.rules
    ids = {sites.id[site] for site in chosen}
    seconds, counted = times(task, chosen), demand.people > 0
    must_reach = isinstance(task.objective, LeastTime | LeastWorst) and rules.unreached_s == np.inf
    limited_s = np.minimum(seconds, rules.unreached_s)[counted]
    near = [
        pair
        for pair in itertools.combinations(chosen, 2)
        if np.hypot(*(np.diff(of[list(pair)])[0] for of in (sites.x_m, sites.y_m))) < rules.apart_m
    ]
    return (
        set(rules.fixed) <= ids
        and not set(rules.forbidden) & ids
        and sites.cost_per_year[list(chosen)].sum() <= rules.budget
        and not near
        and bool((limited_s <= rules.longest_s).all())
        and not (must_reach and np.isinf(seconds[counted]).any())
        and all(
            share.people[seconds <= share.limit_s].sum() >= share.share * share.people.sum() - 1e-9
            for share in rules.shares
        )
        and all(_is_borne(task, load, chosen) for load in rules.loads)
    )


def _is_borne(task: Task, load: CapacityConstraint, chosen: tuple[int, ...]) -> bool:
    people_of = dict.fromkeys(chosen, 0.0)
    for row, people in enumerate(load.people):
        options = [(task.demand.existing_s[row], "", -1)]
        options += [(task.demand.seconds[site, row], task.sites.id[site], site) for site in chosen]
        nearest = min(options)[2]
        if nearest >= 0 and np.isfinite(min(options)[0]):
            people_of[nearest] += people
    return all(load.at_least <= of <= load.at_most[site] for site, of in people_of.items())


def cost(task: Task, chosen: tuple[int, ...]) -> float:
    """What the objective says of a set."""
    people, seconds = task.demand.people, np.minimum(times(task, chosen), task.rules.unreached_s)
    match task.objective:
        case LeastTime(beyond_s=beyond_s, inequality_aversion=inequality_aversion):
            counted = people > 0
            counted_s = np.maximum(seconds[counted] - beyond_s, 0.0)
            if inequality_aversion == 0:
                return float((people[counted] * counted_s).sum())
            return _equivalent(task, counted_s, people[counted], inequality_aversion)
        case MostWithin(limit_s=limit_s):
            return -float(people[seconds <= limit_s].sum())
        case LeastWorst():
            return float(seconds[people > 0].max(initial=0.0))
        case Fewest(by=by):
            return float(len(chosen) if by == "hubs" else task.sites.cost_per_year[list(chosen)].sum())


def _equivalent(task: Task, counted_s: Floats, people: Floats, inequality_aversion: float) -> float:
    """Kolm and Pollak: the logarithm of the mean of exponentials, at a scale of the times as they are now."""
    demand = task.demand
    farthest_s = np.where(np.isfinite(demand.seconds), demand.seconds, 0.0).max(axis=0)
    now_s = np.minimum(demand.existing_s, task.rules.unreached_s)
    now_s = np.where(np.isinf(now_s), farthest_s, now_s)[demand.people > 0]
    squares = (people * now_s**2).sum()
    if not squares:
        return float((people * counted_s).sum())
    kappa = inequality_aversion * (people * now_s).sum() / squares
    return float(np.log((people * np.exp(kappa * counted_s)).sum() / people.sum()) / kappa)

"""What in a question contradicts itself, in words: found before the search, or when the search has proved there is no answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from data.build_report import N_EXAMPLES
from data.columns import Bools, Strings
from data.errors import ScenarioError
from data.packed import blocks, unpacked
from scenarios.placement.exact_sum import branch_and_cut, warm_start
from scenarios.placement.incumbent import Incumbent, TimeLimit, ignore_progress
from scenarios.placement.problem import reduce_task
from scenarios.placement.task import (
    CapacityConstraint,
    Fewest,
    LeastTime,
    LeastWorst,
    Rules,
    ShareConstraint,
    Sites,
    Task,
    rows_of_ids,
)


def check(task: Task) -> None:
    """Refuse what can be seen to be impossible without a search.

    Raises
    ------
    ScenarioError
        With everything found, each with what to do.

    """
    problems = [*_names(task), *_numbers(task)]
    if not problems:
        problems = [*_room(task), *_reach(task), *_loads(task)]
    if problems:
        raise ScenarioError("\n".join(["No hubs were placed.", *problems]))


def _names(task: Task) -> Iterator[str]:
    sites, rules = task.sites, task.rules
    known = set(sites.id)
    if len(known) < len(sites.id):
        twice = sorted({name for name in sites.id if sites.id.count(name) > 1})
        yield f"Several sites are called {_some(twice)}; give each site an id of its own."
    for what, ids in (("fixed", rules.fixed), ("forbidden", rules.forbidden)):
        unknown = [name for name in dict.fromkeys(ids) if name not in known]
        if unknown:
            yield f"There is no site {_some(unknown)} to be {what}; take ids from the list of sites."
    both = [name for name in rules.fixed if name in rules.forbidden]
    if both:
        yield f"{_some(both)} cannot be both fixed and forbidden; drop one of the two."


def _numbers(task: Task) -> Iterator[str]:
    rules = task.rules
    if not len(task.sites.id):
        yield "There are no sites to choose from; add places, buildings or points."
    if rules.n_hubs < 1 and not isinstance(task.objective, Fewest):
        yield f"The number of hubs must be 1 or more, not {rules.n_hubs}."
    if not task.demand.people.any():
        yield "Nobody is counted: all weights are 0."
    for share in rules.shares:
        if not 0 <= share.share <= 1:
            yield f"The share of {share.label} must be from 0 to 1, not {share.share:g}."
    if (task.sites.cost_per_year < 0).any() or not np.isfinite(task.sites.cost_per_year).all():
        yield "The cost of a site must be a number of euros, 0 or more."
    if isinstance(task.objective, Fewest) and not (rules.shares or rules.longest_s < np.inf):
        yield "Fewest hubs for what? Say who must be within which limit."


def _room(task: Task) -> Iterator[str]:
    """Number, budget and distance of the sites that are fixed, and of those that may be chosen."""
    sites, rules = task.sites, task.rules
    fixed, forbidden = rows_of_ids(sites.id, rules.fixed), rows_of_ids(sites.id, rules.forbidden)
    n_allowed = int((~forbidden).sum())
    wanted = rules.n_hubs
    if wanted > n_allowed and not isinstance(task.objective, Fewest):
        yield (
            f"{wanted} hubs are asked for, but there are {n_allowed} sites that may be used; ask for fewer, or add sites."
        )
    if fixed.sum() > wanted:
        yield (
            f"{int(fixed.sum())} sites are fixed, more than the {wanted} hubs asked for; fix fewer or ask for more."
        )
    cost = sites.cost_per_year
    if cost[fixed].sum() > rules.budget:
        yield (
            f"The fixed sites cost {_euros(cost[fixed].sum())}, more than the budget of {_euros(rules.budget)}."
        )
    elif n_allowed and cost[~forbidden].min() > rules.budget and not isinstance(task.objective, Fewest):
        cheapest = sites.name[int(np.argmin(np.where(forbidden, np.inf, cost)))]
        yield (
            f"The budget of {_euros(rules.budget)} is below the cheapest site, {cheapest} ({_euros(cost[~forbidden].min())})."
        )
    near = [
        f"{sites.name[one]} and {sites.name[other]} ({_apart(sites, one, other):,.0f} m)"
        for one, other in itertools.combinations(np.flatnonzero(fixed).tolist(), 2)
        if _apart(sites, one, other) < rules.apart_m
    ]
    if near:
        yield (
            f"Fixed sites are closer than the {rules.apart_m:,.0f} m that hubs must be apart: {_some(near)}."
        )


def _reach(task: Task) -> Iterator[str]:
    """Those who must be reached and cannot be, even with a hub at every site."""
    demand, rules = task.demand, task.rules
    allowed = ~rows_of_ids(task.sites.id, rules.forbidden)
    best_s = demand.existing_s
    if allowed.any():
        best_s = np.minimum(best_s, unpacked(demand.to_sites[allowed].min(axis=0)))
    counted = demand.people > 0
    if rules.unreached_s == np.inf and isinstance(task.objective, LeastTime | LeastWorst):
        never = counted & np.isinf(best_s)
        if never.any():
            yield (
                f"{_people(task, never)} reach no site at all: {_where(demand.name, never)}. Add a site they can reach, "
                "leave them out, or say what not reaching any counts as."
            )
    if rules.longest_s < np.inf:
        late = counted & (best_s > rules.longest_s)
        if late.any():
            yield (
                f"Nobody may travel longer than {_minutes(rules.longest_s)}, but {_people(task, late)} would even with a hub "
                f"at every site: {_where(demand.name, late)}."
            )
    for share in rules.shares:
        everyone, within = share.people.sum(), share.people[best_s <= share.limit_s].sum()
        if within < share.share * everyone - 1e-6:
            missing = (share.people > 0) & (best_s > share.limit_s)
            yield (
                f"{share.share:.1%} of {share.label} must be within {_minutes(share.limit_s)}, but even with a hub at every site "
                f"it is {within / everyone:.1%}; beyond it: {_where(demand.name, missing)}."
            )


def _loads(task: Task) -> Iterator[str]:
    """Hubs that nobody can keep going."""
    if not task.rules.loads:
        return
    to_sites, existing_s = task.demand.to_sites, task.demand.existing_s
    beats = np.concatenate([unpacked(to_sites[rows]) < existing_s for rows in blocks(to_sites.shape)])
    allowed = ~rows_of_ids(task.sites.id, task.rules.forbidden)
    for load in task.rules.loads:
        alone = beats @ load.people
        most = float(alone[allowed].max(initial=0.0))
        if load.at_least > most:
            yield (
                f"Every hub must be the nearest for {load.at_least:,.0f} people ({load.label}), but no site gets more than "
                f"{most:,.0f} even as the only hub."
            )


class _Part(NamedTuple):
    """One rule of a question, in words, and the rules without it."""

    words: str
    without: Callable[[Rules], Rules]


def explain(task: Task, time_limit: TimeLimit) -> ScenarioError:
    """Why a question has no answer: rules that cannot hold together, of which none could be left out.

    Rules are left out one after the other; one without which there is still no answer has nothing to do with it (deletion
    filter of Chinneck & Dravnieks 1991).
    """
    rules, kept = task.rules, []
    if rules.unreached_s == np.inf and isinstance(task.objective, LeastTime | LeastWorst):
        rules = replace(rules, longest_s=min(rules.longest_s, np.finfo(np.float64).max))
    any_set = replace(time_limit, on_progress=lambda step: not np.isfinite(step.value))
    for part in _parts(task, rules):
        fewer = part.without(rules)
        trial = _searched(task, fewer, Incumbent(any_set, 0.0))
        if trial.best is None and trial.bound == np.inf:
            rules = fewer
        else:
            kept.append(part.words)
    together = [f"- {words}" for words in kept]
    if any("hubs" in words for words in kept):
        many = replace(rules, n_hubs=len(task.sites.id))
        bound = _searched(task, many, Incumbent(replace(time_limit, on_progress=ignore_progress), 1.0)).bound
        needed = [f"At least {bound:.0f} hubs are needed for the others."] if 0 < bound < np.inf else []
    else:
        needed = []
    return ScenarioError(
        "\n".join(
            [
                "No hubs were placed. These rules cannot hold together:",
                *together,
                "Without any one of them there is an answer.",
                *needed,
            ]
        )
    )


def _parts(task: Task, rules: Rules) -> Iterator[_Part]:
    """Rules that there are; of several explanations the one with the last of them is given."""
    if rules.forbidden:
        yield _Part(f"forbidden sites ({_some(list(rules.forbidden))})", lambda of: replace(of, forbidden=()))
    if rules.fixed:
        yield _Part(f"fixed sites ({_some(list(rules.fixed))})", lambda of: replace(of, fixed=()))
    if rules.apart_m:
        yield _Part(f"hubs at least {rules.apart_m:,.0f} m apart", lambda of: replace(of, apart_m=0.0))
    yield from map(_load_part, rules.loads)
    yield from map(_share_part, rules.shares)
    if rules.longest_s < np.inf:
        everybody = "everybody must be able to reach one"
        words = f"nobody further than {_minutes(rules.longest_s)}" if rules.longest_s < 1e9 else everybody
        yield _Part(words, lambda of: replace(of, longest_s=np.inf))
    if rules.budget < np.inf:
        yield _Part(f"a budget of {_euros(rules.budget)}", lambda of: replace(of, budget=np.inf))
    yield _Part(f"at most {rules.n_hubs} hubs", lambda of: replace(of, n_hubs=len(task.sites.id)))


def _load_part(load: CapacityConstraint) -> _Part:
    bounds = [f"at least {load.at_least:,.0f}"] if load.at_least > 0 else []
    bounds += [f"at most {load.at_most.min():,.0f}"] if np.isfinite(load.at_most).any() else []
    words = f"{' and '.join(bounds)} people for whom a hub is the nearest ({load.label})"
    return _Part(words, lambda of: replace(of, loads=tuple(one for one in of.loads if one is not load)))


def _share_part(share: ShareConstraint) -> _Part:
    words = f"{share.share:.1%} of {share.label} within {_minutes(share.limit_s)}"
    return _Part(words, lambda of: replace(of, shares=tuple(one for one in of.shares if one is not share)))


def _searched(task: Task, rules: Rules, incumbent: Incumbent) -> Incumbent:
    """Search for the fewest hubs under some rules: how far it came in time."""
    core = reduce_task(replace(task, rules=rules, objective=Fewest()))
    if (np.diff(core.cover_constraints.offset) == 0).any():
        incumbent.raise_bound(np.inf)
    else:
        warm_start(core, incumbent)
        branch_and_cut(core, incumbent)
    return incumbent


def _apart(sites: Sites, one: int, other: int) -> float:
    return float(np.hypot(sites.x_m[one] - sites.x_m[other], sites.y_m[one] - sites.y_m[other]))


def _people(task: Task, rows: Bools) -> str:
    return f"{task.demand.people[rows].sum():,.0f} people"


def _where(names: Strings, rows: Bools) -> str:
    return _some(list(dict.fromkeys(names[row] for row in np.flatnonzero(rows))))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - N_EXAMPLES} more" if len(names) > N_EXAMPLES else ""
    return ", ".join(names[:N_EXAMPLES]) + more


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} min"


def _euros(amount: float) -> str:
    return f"€ {amount:,.0f} a year"

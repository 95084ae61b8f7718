"""How sure a choice of hubs is: the same question under other assumptions, years and modelled facilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from data.columns import Bools, Floats, Int64s, Strings, freeze
from data.errors import ScenarioError
from scenarios.placement import best_answer, keeps_to_rules, value_of
from scenarios.placement_search import Patience
from scenarios.placement_task import Demand, Load, MostWithin, Share, Task


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The same sites and objective with other people, times or facilities.

    Attributes
    ----------
    name
        What is different, in words.
    demand
        Who travels and how long it takes then; the sites are those of the question.
    shares, loads
        The rules on shares and loads, with the people of this demand.

    """

    name: str
    demand: Demand
    shares: tuple[Share, ...]
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What V variants say of a choice.

    Attributes
    ----------
    variant
        (V,) strings.
    site_id, chosen_share
        Sites that are chosen in any variant, and in which share of those that have an answer; most often first.
    best_value, chosen_value
        (V,) float64, the best under each variant, and what the set chosen for the question as it stands comes to there;
        nan where there is no answer.
    regret_share
        (V,) float64, by how much the chosen set is worse than the best, as a share of the best; 0 where it is the best
        itself, inf where it leaves somebody without, nan where there is no answer.
    keeps_rules
        (V,) bool, whether the chosen set keeps to the rules there.
    is_proved
        (V,) bool, whether the best is proved to be.
    problem
        (V,) strings, why a variant has no answer; "" where it has.
    best_ids
        (V,) ids of the sites that are best there; none where there is no answer.

    """

    variant: Strings
    site_id: Strings
    chosen_share: Floats
    best_value: Floats
    chosen_value: Floats
    regret_share: Floats
    keeps_rules: Bools
    is_proved: Bools
    problem: Strings
    best_ids: tuple[Strings, ...]

    def __post_init__(self) -> None:
        freeze(self, len(self.variant), "site_id", "chosen_share")

    @property
    def n_answered(self) -> int:
        """How many variants have an answer."""
        return sum(not why for why in self.problem)

    def n_as_good(self, share: float) -> int:
        """In how many variants the chosen set keeps to the rules and is worse than the best by at most a share."""
        return int((self.keeps_rules & (self.regret_share <= share)).sum())


def robustness(task: Task, chosen: Int64s, variants: Iterable[Variant], patience: Patience) -> Robustness:
    """Answer the question under every variant, and judge a choice of its sites, (R,) rows; `patience` is for each of them.

    Variants are taken one after the other, so that only one table of times need be in memory.
    """
    sites, names, runs = task.sites, [], []
    for variant in variants:
        names.append(variant.name)
        runs.append(_run(_under(task, variant), chosen, patience))
    counts = Counter(name for run in runs for name in run.ids)
    times_chosen = np.array([counts[name] for name in sites.id], np.float64)
    best, value = (np.array([getattr(run, of) for run in runs], np.float64) for of in ("best", "chosen"))
    order = np.lexsort((np.arange(len(sites.id)), -times_chosen))
    order = order[times_chosen[order] > 0]
    n_answered = max(sum(not run.problem for run in runs), 1)
    return Robustness(
        variant=tuple(names),
        site_id=tuple(sites.id[site] for site in order),
        chosen_share=times_chosen[order] / n_answered,
        best_value=best,
        chosen_value=value,
        regret_share=_regret(task, best, value),
        keeps_rules=np.array([run.keeps_rules for run in runs], bool),
        is_proved=np.array([run.is_proved for run in runs], bool),
        problem=tuple(run.problem for run in runs),
        best_ids=tuple(run.ids for run in runs),
    )


class _Run(NamedTuple):
    """What one variant says."""

    best: float
    chosen: float
    keeps_rules: bool
    is_proved: bool
    problem: str
    ids: Strings


def _run(task: Task, chosen: Int64s, patience: Patience) -> _Run:
    try:
        other = best_answer(task, patience)
    except ScenarioError as error:
        return _Run(np.nan, np.nan, keeps_rules=False, is_proved=False, problem=str(error), ids=())
    value, keeps = value_of(task, chosen), keeps_to_rules(task, chosen)
    return _Run(other.value, value, keeps, other.is_proved, "", other.ids)


def _under(task: Task, variant: Variant) -> Task:
    rules = replace(task.rules, shares=variant.shares, loads=variant.loads)
    return replace(task, demand=variant.demand, rules=rules)


def _regret(task: Task, best: Floats, chosen: Floats) -> Floats:
    """Share of the best that is lost; more is better only where people within a limit are counted."""
    lost = best - chosen if isinstance(task.objective, MostWithin) else chosen - best
    worth = np.maximum(np.abs(best), 1e-9)
    regret: Floats = np.maximum(lost, 0.0) / worth
    return regret

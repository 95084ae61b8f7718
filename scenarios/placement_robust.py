"""How sure a choice of hubs is: the same question under other assumptions, years and modelled facilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from data.columns import Bools, Floats, Strings, freeze
from data.errors import ScenarioError
from scenarios.placement import Answer, best_answer, keeps_to_rules, value_of
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

    def __post_init__(self) -> None:
        freeze(self, len(self.variant), "site_id", "chosen_share")


def robustness(answer: Answer, variants: Sequence[Variant], patience: Patience) -> Robustness:
    """Answer the question under every variant; `patience` is for each of them."""
    n_variants, sites = len(variants), answer.task.sites
    times_chosen = np.zeros(len(sites.id))
    best, chosen = np.full(n_variants, np.nan), np.full(n_variants, np.nan)
    keeps, proved, problems = np.zeros(n_variants, bool), np.zeros(n_variants, bool), [""] * n_variants
    for row, variant in enumerate(variants):
        task = _under(answer.task, variant)
        try:
            other = best_answer(task, patience)
        except ScenarioError as error:
            problems[row] = str(error)
            continue
        times_chosen[other.chosen] += 1
        best[row], proved[row] = other.value, other.is_proved
        chosen[row], keeps[row] = value_of(task, answer.chosen), keeps_to_rules(task, answer.chosen)
    order = np.lexsort((np.arange(len(sites.id)), -times_chosen))
    order = order[times_chosen[order] > 0]
    n_answered = max(n_variants - sum(map(bool, problems)), 1)
    return Robustness(
        variant=tuple(variant.name for variant in variants),
        site_id=tuple(sites.id[site] for site in order),
        chosen_share=times_chosen[order] / n_answered,
        best_value=best,
        chosen_value=chosen,
        regret_share=_regret(answer.task, best, chosen),
        keeps_rules=keeps,
        is_proved=proved,
        problem=tuple(problems),
    )


def _under(task: Task, variant: Variant) -> Task:
    rules = replace(task.rules, shares=variant.shares, loads=variant.loads)
    return replace(task, demand=variant.demand, rules=rules)


def _regret(task: Task, best: Floats, chosen: Floats) -> Floats:
    """Share of the best that is lost; more is better only where people within a limit are counted."""
    lost = best - chosen if isinstance(task.objective, MostWithin) else chosen - best
    worth = np.maximum(np.abs(best), 1e-9)
    regret: Floats = np.maximum(lost, 0.0) / worth
    return regret

"""How sure a choice of hubs is: the same question under other assumptions, in other years, with modelled facilities elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from accessibility.population import in_year
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.columns import Bools, Floats, Int64s, Strings, freeze
from data.errors import ScenarioError
from data.parameters.uncertainty import Ranges
from scenarios.comparison.uncertainty import AS_USED, Draw, drawn, draws, with_change_time
from scenarios.placement.incumbent import TimeLimit
from scenarios.placement.solve import best_answer, judge
from scenarios.placement.task import CapacityConstraint, Demand, ShareConstraint, Task


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
    shares: tuple[ShareConstraint, ...]
    loads: tuple[CapacityConstraint, ...]


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
        (V,) float64, by how much the chosen set is worse than the best, as a share of what is at stake there (see
        `scenarios.placement.solve.Answer`); 0 where it is the best itself, inf where it leaves somebody without, nan where there is no answer.
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


def robustness(task: Task, chosen: Int64s, variants: Iterable[Variant], time_limit: TimeLimit) -> Robustness:
    """Answer the question under every variant, and judge a choice of its sites, (R,) rows; `time_limit` is for each of them.

    Variants are taken one after the other, so that only one table of times need be in memory.
    """
    sites, names, runs = task.sites, [], []
    for variant in variants:
        names.append(variant.name)
        runs.append(_run(_under(task, variant), chosen, time_limit))
    best_value, chosen_value, regret_share, keeps_rules, is_proved, problem, best_ids = (
        zip(*runs, strict=True) if runs else ((),) * len(_Run._fields)
    )
    counts = Counter(name for ids in best_ids for name in ids)
    times_chosen = np.array([counts[name] for name in sites.id], np.float64)
    order = np.argsort(-times_chosen, kind="stable")
    order = order[times_chosen[order] > 0]
    return Robustness(
        variant=tuple(names),
        site_id=tuple(sites.id[site] for site in order),
        chosen_share=times_chosen[order] / max(sum(not why for why in problem), 1),
        best_value=np.array(best_value, np.float64),
        chosen_value=np.array(chosen_value, np.float64),
        regret_share=np.array(regret_share, np.float64),
        keeps_rules=np.array(keeps_rules, bool),
        is_proved=np.array(is_proved, bool),
        problem=problem,
        best_ids=best_ids,
    )


class _Run(NamedTuple):
    """What one variant says, as in `Robustness`."""

    best_value: float
    chosen_value: float
    regret_share: float
    keeps_rules: bool
    is_proved: bool
    problem: str
    best_ids: Strings


def _run(task: Task, chosen: Int64s, time_limit: TimeLimit) -> _Run:
    try:
        other = best_answer(task, time_limit)
    except ScenarioError as error:
        return _Run(*(np.nan,) * 3, keeps_rules=False, is_proved=False, problem=str(error), best_ids=())
    value, keeps = judge(task, chosen)
    return _Run(other.value, value, other.loss_share(value), keeps, other.is_proved, "", other.ids)


def _under(task: Task, variant: Variant) -> Task:
    rules = replace(task.rules, shares=variant.shares, loads=variant.loads)
    return replace(task, demand=variant.demand, rules=rules)


CAR = "car"


class Case(NamedTuple):
    """Assumptions, and the year of which the people are; 0 for that of the question."""

    draw: Draw
    year: int


def cases(ranges: Ranges, modes: Sequence[TravelMode], years: Sequence[int]) -> list[Case]:
    """As used, as `scenarios.comparison.uncertainty.draws` has it, then as used in each year.

    What no mode depends on is left as it is, and no case is told twice: the speed of cars says nothing about bicycles.
    """
    by_car = any(CAR in (mode.street, mode.egress) for mode in modes)
    rides = any(mode.rides for mode in modes)
    told = [
        draw._replace(
            car_speed=draw.car_speed if by_car else 1.0,
            change_time=draw.change_time if rides else 1.0,
        )
        for draw in draws(ranges)
    ]
    return [*(Case(draw, 0) for draw in dict.fromkeys(told)), *(Case(AS_USED, year) for year in years)]


def case_name(case: Case) -> str:
    """What is different, in words."""
    draw = case.draw
    parts = [
        f"{what} {share:.0%}"
        for what, share in (
            ("walking speed", draw.walking_speed),
            ("time to change", draw.change_time),
            ("car speed", draw.car_speed),
        )
        if share != 1
    ]
    parts += ["modelled facilities elsewhere"] if draw.sites else []
    parts += [f"people of {case.year}"] if case.year else []
    return ", ".join(parts) or "as used"


def variants(
    world: World,
    asked: Sequence[Case],
    ranges: Ranges,
    change: Callable[[World], World],
    ask: Callable[[World], Task],
) -> Iterator[Variant]:
    """The question in each case, one after the other.

    Parameters
    ----------
    world
        The region as it is.
    asked, ranges
        The cases, and how far modelled facilities may be off.
    change
        Applies the scenario that the question starts from.
    ask
        Makes the question of a world; the sites are always those of the question as it stands.

    """
    for case in asked:
        changed = with_change_time(change(drawn(world, case.draw, ranges)), case.draw)
        task = ask(in_year(changed, case.year) if case.year else changed)
        yield Variant(case_name(case), task.demand, task.rules.shares, task.rules.loads)

"""Where hubs should go: a good answer at once, and the best there is, with its proof, some time later.

`first_answer` is quick enough to follow clicks; `best_answer` tells of every improvement while it works, and stops at the
time limit with the gap that is left.

Which other sites are as good: what swaps and prices leave undecided is asked of the exact search, site by site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from data.columns import Bools, Floats, Int64s, Strings, freeze
from data.errors import ScenarioError
from scenarios.placement.exact_sum import find_feasible, finish, prices, start
from scenarios.placement.exact_worst import finish_worst, start_worst, within, worst_s
from scenarios.placement.incumbent import SAME, Search, Step, TimeLimit
from scenarios.placement.infeasibility import check, explain
from scenarios.placement.kernels import assign
from scenarios.placement.lagrangian import ROUNDS
from scenarios.placement.local_search import guide, swap_changes, swapped
from scenarios.placement.problem import ReducedProblem, build_core, capped
from scenarios.placement.task import LeastTime, LeastWorst, MostWithin, Task, disutility_of

QUICK_ROWS = 60_000_000
"""Rows of lists that a first answer reads for its bound: 20 rounds of pricing for 12,000 cells and 270 sites."""
AS_GOOD = 0.01
"""A site that occurs in a set which is worse by at most this share is told as a runner-up."""


@dataclass(frozen=True, slots=True, eq=False)
class RunnersUp:
    """Sites that were not chosen, one row each, those that cost least to take instead first.

    Attributes
    ----------
    id, instead_of
        (R,) strings, the site, and the chosen one that it would best replace; "" where no single swap is meant or allowed.
    loss_share
        (R,) float64, by how much that swap makes the answer worse, as a share of what is at stake (with an aversion, of the
        sum that is minimised); inf where there is none.
    least_loss_share
        (R,) float64, no set with this site loses less: proved. A site above `AS_GOOD` is in no set as good as that.

    """

    id: Strings
    instead_of: Strings
    loss_share: Floats
    least_loss_share: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.id))

    @property
    def as_good(self) -> Strings:
        """Ids of the sites that occur in a set worse by at most `AS_GOOD`."""
        return tuple(name for name, loss in zip(self.id, self.loss_share, strict=True) if loss <= AS_GOOD)

    @property
    def undecided(self) -> Bools:
        """(R,) whether it is not known yet if a site is as good: no set found, no proof that there is none."""
        return np.asarray((self.loss_share > AS_GOOD) & (self.least_loss_share <= AS_GOOD))


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Where the hubs go.

    Attributes
    ----------
    task
        The question.
    chosen
        (R,) rows of the task's sites, ascending by id.
    value, bound
        In the unit of the objective: person-seconds (with an aversion the seconds of its equivalent), people within the
        limit, seconds of the worst off, hubs or euros. No answer is better than `bound`.
    already
        Part of the value that no hub brings about: the people who are within the limit as it is; 0 for other objectives.
    taken_s
        Seconds that the search took.
    seconds
        (D,) float64, to the nearest facility then, old or new; inf where none is reached.
    nearest
        (D,) int64, row of the site that each demand goes to; -1 where to what exists already, or to none.
    runners_up
        What else would do.

    """

    task: Task
    chosen: Int64s
    value: float
    bound: float
    already: float
    taken_s: float
    seconds: Floats
    nearest: Int64s
    runners_up: RunnersUp

    @property
    def ids(self) -> Strings:
        """Ids of the chosen sites."""
        return tuple(self.task.sites.id[row] for row in self.chosen)

    @property
    def at_stake(self) -> float:
        """What shares of the answer are shares of: people who are there already would hide how far two choices are apart."""
        return abs(self.value - self.already)

    @property
    def gap_share(self) -> float:
        """By how much a better answer could be better at most, as a share of what is at stake; 0 when there is none."""
        gap = abs(self.value - self.bound)
        if gap <= SAME * abs(self.value):
            return 0.0
        return gap / self.at_stake if self.at_stake else np.inf

    def loss_share(self, value: float) -> float:
        """By how much another value is worse, as a share of what is at stake; 0 when it is not."""
        lost = self.value - value if isinstance(self.task.objective, MostWithin) else value - self.value
        if lost <= SAME * abs(self.value):
            return 0.0
        return lost / self.at_stake if self.at_stake else np.inf

    @property
    def is_proved(self) -> bool:
        """Whether no answer is better."""
        return self.gap_share == 0

    def people_nearest(self, people: Floats) -> Floats:
        """(R,) persons, of (D,) `people`, for whom each chosen site is the nearest."""
        of = np.bincount(self.nearest[self.nearest >= 0], people[self.nearest >= 0], len(self.task.sites.id))
        return np.asarray(of[self.chosen])


def first_answer(task: Task, patience: TimeLimit) -> Answer:
    """Greedy and swaps, and a first bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when greedy and swaps find nothing that keeps to its rules.

    """
    return _answer(task, patience, exact=False)


def best_answer(task: Task, patience: TimeLimit) -> Answer:
    """The best answer there is, or the best found within the time limit, with its bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself (with the rules that do), or when no answer is found in time.

    """
    return _answer(task, patience, exact=True)


def value_of(task: Task, chosen: Int64s) -> float:
    """What a set of sites, rows of the task's, comes to in the unit of the objective, whether it keeps to the rules or not.

    inf where somebody who must reach a hub does not.
    """
    core = build_core(task)
    is_open = np.isin(core.site, chosen)
    if isinstance(task.objective, LeastWorst):
        return worst_s(core, is_open)
    return _in_units(task, core)(core.value(is_open)) if core.must.hit(is_open).all() else np.inf


def keeps_to_rules(task: Task, chosen: Int64s) -> bool:
    """Whether a set of sites, rows of the task's, is an answer at all."""
    core = build_core(task)
    return core.keeps_to_rules(np.isin(core.site, chosen))


def _already(task: Task, core: ReducedProblem, told: Callable[[float], float]) -> float:
    """People who are within the limit without any hub; 0 for other objectives."""
    if not isinstance(task.objective, MostWithin):
        return 0.0
    return told(core.value(np.zeros(len(core.site), np.bool_)))


def _answer(task: Task, patience: TimeLimit, *, exact: bool) -> Answer:
    check(task)
    core = build_core(task)
    told = _in_units(task, core)
    already = _already(task, core, told)
    search = Search(replace(patience, tell=lambda step: patience.tell(_step(step, told, already))), core.step)
    if isinstance(task.objective, LeastWorst):
        start_worst(core, search)
        if exact:
            finish_worst(core, search)
        _kinder(task, core, search)
    else:
        start(core, search)
        if exact:
            find_feasible(core, search)
        # A little above the value, so that sets nearly as good are told apart as well.
        near = capped(core, search.value * (1 + 2 * AS_GOOD))
        known = prices(
            near, search, ROUNDS if exact else min(ROUNDS, 1 + QUICK_ROWS // max(len(near.goal.cost), 1))
        )
        if exact:
            finish(near, search, known)
    if search.best is None:
        raise explain(task, patience) if search.bound == np.inf else _nothing(exact=exact)
    return _as_answer(task, core, search, told, already)


def _kinder(task: Task, core: ReducedProblem, search: Search) -> None:
    """Of the sets that are as good for the worst-off, take one that is better for the others: by swaps, without proof.

    The time of the worst-off alone leaves most hubs anywhere, or unused where no hub helps them.
    """
    if search.best is None:
        return
    rules = replace(task.rules, longest_s=min(search.value, task.rules.longest_s))
    others = build_core(replace(task, objective=LeastTime(), rules=rules))
    is_open = swapped(others, guide(others), search.best)
    if core.keeps_to_rules(is_open) and worst_s(core, is_open) <= search.value:
        search.best = is_open


def _nothing(*, exact: bool) -> ScenarioError:
    what = (
        "in time; give it longer, or loosen a rule" if exact else "by swaps alone; ask for the exact answer"
    )
    return ScenarioError(f"No hubs were placed: no set of sites that keeps to all rules was found {what}.")


def _in_units(task: Task, core: ReducedProblem) -> Callable[[float], float]:
    """How a sum is told in the unit of the objective."""
    match task.objective:
        case MostWithin():
            everybody = float(core.people.sum())
            return lambda cost: everybody - cost
        case LeastTime(inequality_aversion=inequality_aversion) if inequality_aversion > 0:
            disutility, n_people = disutility_of(task), float(core.people.sum())
            return lambda cost: disutility.equivalent(cost / n_people) if 0 < cost < np.inf else cost
        case _:
            return lambda cost: cost


def _step(step: Step, told: Callable[[float], float], already: float) -> Step:
    return Step(told(step.value), told(step.bound), step.taken_s, already)


def _as_answer(
    task: Task, core: ReducedProblem, search: Search, told: Callable[[float], float], already: float
) -> Answer:
    assert search.best is not None  # noqa: S101 -- checked by the caller
    served = assign(core.nearness, search.best)
    nearest, value = np.append(core.site, -1)[served.site], told(search.value)
    return Answer(
        task=task,
        chosen=core.site[search.best],
        value=value,
        bound=told(search.value if search.is_proved else search.bound),
        already=already,
        taken_s=search.taken_s,
        seconds=served.best[core.group],
        nearest=nearest[core.group],
        runners_up=_runners_up(task, core, search, abs(value - already)),
    )


def _runners_up(task: Task, core: ReducedProblem, search: Search, whole: float) -> RunnersUp:
    """Best swap of every other site, and what is proved of it; `whole` is what is at stake in the unit of the objective."""
    assert search.best is not None  # noqa: S101 -- checked by the caller
    value = max(whole if isinstance(task.objective, MostWithin) else abs(search.value), SAME)
    asked = core
    if isinstance(task.objective, LeastWorst):
        # A set is as good when it serves everybody within a time that is as good.
        limit_s = search.value * (1 + AS_GOOD)
        asked = replace(within(core, limit_s, np.flatnonzero(core.people > 0)), goal=core.goal)
    lists = guide(asked)
    opened, change, _ = swap_changes(asked, lists, search.best)
    others = np.flatnonzero(core.allowed & ~search.best)
    best_slot = np.argmin(change[others], axis=1) if len(opened) else np.zeros(len(others), np.int64)
    loss = change[others, best_slot] / value if len(opened) else np.full(len(others), np.inf)
    for row in np.flatnonzero(loss <= AS_GOOD):
        trial = search.best.copy()
        trial[others[row]], trial[opened[best_slot[row]]] = True, False
        if not asked.keeps_to_rules(trial):
            loss[row] = np.inf
    at_least = np.zeros(len(others)) if search.with_site is None else search.with_site[others]
    least = np.clip((at_least - search.value) / value, 0.0, None)
    order = np.lexsort((others, loss))
    ids = [task.sites.id[row] for row in core.site]
    return RunnersUp(
        id=tuple(ids[site] for site in others[order]),
        instead_of=tuple(ids[opened[best_slot[row]]] if np.isfinite(loss[row]) else "" for row in order),
        loss_share=np.maximum(loss[order], 0.0),
        least_loss_share=np.minimum(least[order], np.maximum(loss[order], 0.0)),
    )


def resolved(answer: Answer, most: int, patience: TimeLimit) -> Answer:
    """Answer with runners-up of which it is proved whether they are as good, as far as there is time.

    A site is undecided when no swap makes it as good, and no bound says that no set with it is. The question is answered
    again with such a site fixed, for the `most` likeliest of them; `patience` is for all together. The value and the bound
    stay as they are.
    """
    task, runners = answer.task, answer.runners_up
    with_aversion = isinstance(task.objective, LeastTime) and task.objective.inequality_aversion > 0
    if with_aversion or len(set(task.rules.fixed)) >= task.rules.n_hubs:
        # A loss with an aversion is told of another sum than the answer; and where all is fixed nothing is left to choose.
        return answer
    loss, least, instead = (
        runners.loss_share.copy(),
        runners.least_loss_share.copy(),
        list(runners.instead_of),
    )
    undecided = np.flatnonzero(runners.undecided)
    begin = patience.clock()
    for row in undecided[np.lexsort((loss[undecided], least[undecided]))][:most].tolist():
        left_s = patience.limit_s - (patience.clock() - begin)
        if left_s <= 0:
            break
        fixed = replace(task.rules, fixed=(*task.rules.fixed, runners.id[row]))
        try:
            other = best_answer(replace(task, rules=fixed), replace(patience, limit_s=left_s))
        except ScenarioError:
            # In no set that keeps to the rules, or none was found in time: it stays undecided.
            continue
        least[row] = max(least[row], answer.loss_share(other.bound))
        if (found := answer.loss_share(other.value)) < loss[row]:
            loss[row], instead[row] = found, ""
    order = np.lexsort((np.arange(len(loss)), loss))
    told = RunnersUp(
        id=tuple(runners.id[row] for row in order),
        instead_of=tuple(instead[row] for row in order),
        loss_share=loss[order],
        least_loss_share=np.minimum(least, loss)[order],
    )
    return replace(answer, runners_up=told)

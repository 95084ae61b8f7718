"""Where hubs should go: a good answer at once, and the best there is, with its proof, some time later.

`first_answer` is quick enough to follow clicks; `best_answer` tells of every improvement while it works, and stops at the
time limit with the gap that is left.

Which other sites are as good: what swaps and bounds leave undecided is asked of the exact search, site by site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from data.columns import Bools, Floats, Int64s, Strings, freeze, take
from data.errors import ScenarioError
from scenarios.placement.exact_sum import branch_and_cut, find_feasible, warm_start
from scenarios.placement.exact_worst import bisect_worst, warm_start_worst, within, worst_s
from scenarios.placement.incumbent import SAME, Incumbent, Step, TimeLimit
from scenarios.placement.infeasibility import check, explain
from scenarios.placement.kernels import assign
from scenarios.placement.lagrangian import ROUNDS, best_multipliers
from scenarios.placement.local_search import guide, swap_changes, swapped
from scenarios.placement.problem import ReducedProblem, capped, reduce_task
from scenarios.placement.task import LeastTime, LeastWorst, MostWithin, Task, disutility_of

QUICK_ROWS = 60_000_000
"""Rows of lists that a first answer reads for its bound: 20 rounds of pricing for 12,000 cells and 270 sites."""
AS_GOOD = 0.01
"""A site that occurs in a set which is worse by at most this share is told as an alternative."""


@dataclass(frozen=True, slots=True, eq=False)
class Alternatives:
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
    alternatives
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
    alternatives: Alternatives

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


def first_answer(task: Task, time_limit: TimeLimit) -> Answer:
    """Greedy and swaps, and a first bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when greedy and swaps find nothing that keeps to its rules.

    """
    return _answer(task, time_limit, exact=False)


def best_answer(task: Task, time_limit: TimeLimit) -> Answer:
    """The best answer there is, or the best found within the time limit, with its bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself (with the rules that do), or when no answer is found in time.

    """
    return _answer(task, time_limit, exact=True)


def judge(task: Task, chosen: Int64s) -> tuple[float, bool]:
    """What a set of sites, rows of the task's, comes to in the unit of the objective, and whether it keeps to the rules.

    The value is inf where somebody who must reach a hub does not.
    """
    core = reduce_task(task)
    is_open = np.isin(core.site, chosen)
    keeps = core.keeps_to_rules(is_open)
    if isinstance(task.objective, LeastWorst):
        return worst_s(core, is_open), keeps
    reaches = core.cover_constraints.hit(is_open).all()
    return (_in_units(task, core)(core.value(is_open)) if reaches else np.inf), keeps


def _answer(task: Task, time_limit: TimeLimit, *, exact: bool) -> Answer:
    check(task)
    core = reduce_task(task)
    in_units = _in_units(task, core)
    no_hubs = np.zeros(core.n_sites, np.bool_)
    already = in_units(core.value(no_hubs)) if isinstance(task.objective, MostWithin) else 0.0

    def on_progress(step: Step) -> bool:
        return time_limit.on_progress(Step(in_units(step.value), in_units(step.bound), step.taken_s, already))

    incumbent = Incumbent(replace(time_limit, on_progress=on_progress), core.granularity)
    if isinstance(task.objective, LeastWorst):
        warm_start_worst(core, incumbent)
        if exact:
            bisect_worst(core, incumbent)
        _tie_break(task, core, incumbent)
    else:
        _least_sum(core, incumbent, exact=exact)
    if incumbent.best is None:
        raise explain(task, time_limit) if incumbent.bound == np.inf else _nothing(exact=exact)
    served = assign(core.nearness, incumbent.best)
    nearest, value = np.append(core.site, -1)[served.site], in_units(incumbent.value)
    return Answer(
        task=task,
        chosen=core.site[incumbent.best],
        value=value,
        bound=in_units(incumbent.least),
        already=already,
        taken_s=incumbent.taken_s,
        seconds=served.best[core.group],
        nearest=nearest[core.group],
        alternatives=_alternatives(task, core, incumbent, incumbent.best, abs(value - already)),
    )


def _least_sum(core: ReducedProblem, incumbent: Incumbent, *, exact: bool) -> None:
    """Search for the least sum: by swaps and a first bound, or until it is proved."""
    warm_start(core, incumbent)
    if exact:
        find_feasible(core, incumbent)
    # A little above the value, so that sets nearly as good are told apart as well.
    near = capped(core, incumbent.value * (1 + 2 * AS_GOOD))
    rounds = ROUNDS if exact else min(ROUNDS, 1 + QUICK_ROWS // max(len(near.goal.cost), 1))
    has_gap = incumbent.best is not None and len(near.goal.outside_cost) > 0
    known = best_multipliers(near, incumbent, rounds) if has_gap else None
    if exact:
        branch_and_cut(near, incumbent, known)


def _tie_break(task: Task, core: ReducedProblem, incumbent: Incumbent) -> None:
    """Of the sets that are as good for the worst-off, take one that is better for the others: by swaps, without proof.

    The time of the worst-off alone leaves most hubs anywhere, or unused where no hub helps them.
    """
    if incumbent.best is None:
        return
    rules = replace(task.rules, longest_s=min(incumbent.value, task.rules.longest_s))
    others = reduce_task(replace(task, objective=LeastTime(), rules=rules))
    is_open = swapped(others, guide(others), incumbent.best)
    if core.keeps_to_rules(is_open) and worst_s(core, is_open) <= incumbent.value:
        incumbent.best = is_open


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


def _alternatives(
    task: Task, core: ReducedProblem, incumbent: Incumbent, best: Bools, whole: float
) -> Alternatives:
    """Best swap of every other site, and what is proved of it; `whole` is what is at stake in the unit of the objective."""
    value = max(whole if isinstance(task.objective, MostWithin) else abs(incumbent.value), SAME)
    asked = core
    if isinstance(task.objective, LeastWorst):
        # A set is as good when it serves everybody within a time that is as good.
        limit_s = incumbent.value * (1 + AS_GOOD)
        asked = replace(within(core, limit_s, np.flatnonzero(core.people > 0)), goal=core.goal)
    lists = guide(asked)
    opened, change, _ = swap_changes(asked, lists, best)
    others = np.flatnonzero(core.allowed & ~best)
    replaced = np.argmin(change[others], axis=1) if len(opened) else np.zeros(len(others), np.int64)
    loss = change[others, replaced] / value if len(opened) else np.full(len(others), np.inf)
    for row in np.flatnonzero(loss <= AS_GOOD):
        trial = best.copy()
        trial[others[row]], trial[opened[replaced[row]]] = True, False
        if not asked.keeps_to_rules(trial):
            loss[row] = np.inf
    at_least = np.zeros(len(others)) if incumbent.site_bounds is None else incumbent.site_bounds[others]
    least = np.clip((at_least - incumbent.value) / value, 0.0, None)
    ids = [task.sites.id[row] for row in core.site]
    swaps = zip(loss, replaced, strict=True)
    return _in_order(
        tuple(ids[site] for site in others),
        tuple(ids[opened[slot]] if np.isfinite(lost) else "" for lost, slot in swaps),
        loss,
        least,
    )


def _in_order(ids: Strings, instead_of: Strings, loss: Floats, least: Floats) -> Alternatives:
    """Alternatives that cost least first; none loses less than is proved, nor less than nothing."""
    least_first, loss = np.argsort(loss, kind="stable"), np.maximum(loss, 0.0)
    return take(Alternatives(ids, instead_of, loss, np.minimum(least, loss)), least_first)


def resolved(answer: Answer, most: int, time_limit: TimeLimit) -> Answer:
    """Answer with alternatives of which it is proved whether they are as good, as far as there is time.

    A site is undecided when no swap makes it as good, and no bound says that no set with it is. The question is answered
    again with such a site fixed, for the `most` likeliest of them; `time_limit` is for all together. The value and the bound
    stay as they are.
    """
    task, known = answer.task, answer.alternatives
    with_aversion = isinstance(task.objective, LeastTime) and task.objective.inequality_aversion > 0
    if with_aversion or len(set(task.rules.fixed)) >= task.rules.n_hubs:
        # A loss with an aversion is of another sum than the answer; and where all is fixed nothing is left to choose.
        return answer
    loss, least = known.loss_share.copy(), known.least_loss_share.copy()
    instead = list(known.instead_of)
    undecided = np.flatnonzero(known.undecided)
    begin = time_limit.clock()
    for row in undecided[np.lexsort((loss[undecided], least[undecided]))][:most].tolist():
        left_s = time_limit.limit_s - (time_limit.clock() - begin)
        if left_s <= 0:
            break
        fixed = replace(task.rules, fixed=(*task.rules.fixed, known.id[row]))
        try:
            other = best_answer(replace(task, rules=fixed), replace(time_limit, limit_s=left_s))
        except ScenarioError:
            # In no set that keeps to the rules, or none was found in time: it stays undecided.
            continue
        least[row] = max(least[row], answer.loss_share(other.bound))
        if (found := answer.loss_share(other.value)) < loss[row]:
            loss[row], instead[row] = found, ""
    return replace(answer, alternatives=_in_order(known.id, tuple(instead), loss, least))

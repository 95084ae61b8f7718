"""Which hub first: a good plan at once, and the best there is with its proof.

1. Greedy, and greedy again without one hub after the other. 2. The linear program gives a bound, and its shares another plan to
begin from. 3. The program with whole numbers of hubs in each year, and then with whole hubs, proves the best. Where that is too
large, years are taken together for the bound, and what gap is left is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from data.columns import Bools, Floats, Int64s, Strings, freeze
from data.errors import ScenarioError
from scenarios.placement.gained import Gain, gained, to_gain
from scenarios.placement.incumbent import Incumbent, TimeLimit
from scenarios.placement.task import MostWithin
from scenarios.placement.whole import search_program
from scenarios.plan.problem import PlanProblem, reduce_task
from scenarios.plan.program import PlanProgram
from scenarios.plan.search import attempt, filled, first_plan, improve, not_before_needed, opens_of
from scenarios.plan.task import PlanTask, check

MOST_PAIRS, QUICK_PAIRS = 400_000, 60_000
"""Of sets, their sites and years, that a program is made of: exact, and at once."""
SHARES = (0.999, 0.7, 0.4)
"""Of a site in the linear program, from which on a plan that begins from it has a hub there."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanAnswer(Gain):
    """Which hubs open when.

    Attributes
    ----------
    task
        The question.
    site, opens
        (R,) int64, rows of the task's sites and of its years, by year and then by id.
    value, bound
        See `Gain`: persons who are within the limit because of the hubs, or hours that they save if everybody goes once,
        added up over the years, each discounted.
    helped
        (T,) float64, persons or hours of each year, not discounted.
    spent
        (T,) float64, euros of each year.

    """

    task: PlanTask
    site: Int64s
    opens: Int64s
    helped: Floats
    spent: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.site), "helped", "spent")

    @property
    def ids(self) -> Strings:
        """Ids of the sites, in the order in which they open."""
        return tuple(self.task.sites.id[row] for row in self.site)

    @property
    def opening_years(self) -> tuple[int, ...]:
        """Years in which they open."""
        return tuple(self.task.years[row] for row in self.opens)

    @property
    def counts_people(self) -> bool:
        """Whether persons are counted; hours where not."""
        return isinstance(self.task.objective, MostWithin)


def quick_plan(task: PlanTask, time_limit: TimeLimit) -> PlanAnswer:
    """Greedy with exchanges, and a first bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when greedy finds nothing that keeps to its rules.

    """
    return _answer(task, time_limit, exact=False)


def best_plan(task: PlanTask, time_limit: TimeLimit) -> PlanAnswer:
    """The best plan there is, or the best found within the time limit, with its bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when no plan is found in time.

    """
    return _answer(task, time_limit, exact=True)


def _answer(task: PlanTask, time_limit: TimeLimit, *, exact: bool) -> PlanAnswer:
    check(task)
    problem = reduce_task(task)
    incumbent = solved(problem, time_limit, exact=exact)
    if incumbent.best is None:
        raise _nothing(incumbent, exact=exact)
    return told(task, problem, opens_of(incumbent.best), -incumbent.least, incumbent.taken_s)


def solved(problem: PlanProblem, time_limit: TimeLimit, *, exact: bool) -> Incumbent:
    """Search for the best plan of a problem."""
    incumbent = to_gain(time_limit, float(problem.weight.sum()))
    first_plan(problem, incumbent)
    for most_pairs in (QUICK_PAIRS, MOST_PAIRS) if exact else (QUICK_PAIRS,):
        ends = blocks(problem, most_pairs)
        if incumbent.is_over or not len(ends):
            continue
        program = PlanProgram(problem, ends, max(gained(incumbent), 1.0))
        search_program(program, incumbent, partial(_begin_again, problem, incumbent, ends), exact=exact)
        if len(ends) == problem.n_years:
            break
    return incumbent


def blocks(problem: PlanProblem, most_pairs: int) -> Int64s:
    """Rows of the years that end blocks, as many as a program may have; none where even one is too many."""
    n_blocks = min(problem.n_years, most_pairs // max(len(problem.cover.site), 1))
    # Later blocks are as long as earlier ones, or a year longer.
    return np.asarray((np.arange(1, n_blocks + 1) * problem.n_years) // max(n_blocks, 1) - 1)


def _begin_again(problem: PlanProblem, incumbent: Incumbent, ends: Int64s, opened: Floats) -> None:
    """Begin again from the years in which the program likes each site best."""
    before = incumbent.value
    for share in SHARES:
        likes = opened >= share
        opens = np.where(likes.any(axis=1), ends[np.argmax(likes, axis=1)], problem.n_years)
        opens = np.minimum(opens, np.where(problem.must, problem.last, problem.n_years))
        attempt(problem, incumbent, filled(problem, _affordable(problem, opens, opened)))
    if incumbent.value < before:
        improve(problem, incumbent)


def _affordable(problem: PlanProblem, opens: Int64s, opened: Floats) -> Int64s:
    """As much of a plan as the rules allow, what the program likes best first; hubs that must be there stay."""
    found = problem.never
    liked = np.where(problem.must, np.inf, opened.sum(axis=1))
    for site in np.argsort(-liked, kind="stable"):
        if opens[site] == problem.n_years:
            continue
        trial = found.copy()
        trial[site] = opens[site]
        if problem.must[site] or _fits(problem, trial):
            found = trial
    return found


def _fits(problem: PlanProblem, opens: Int64s) -> bool:
    """Whether the rules hold, but for hubs that must be there and are not yet."""
    free = replace(problem, last=problem.never)
    return free.keeps_to_rules(opens)


def _nothing(incumbent: Incumbent, *, exact: bool) -> ScenarioError:
    if incumbent.bound == np.inf:
        return ScenarioError(
            "No plan was made: the hubs that must be there cannot all be paid for in time. Let go of some, or of their year, or "
            "raise the budget."
        )
    if exact:
        return ScenarioError(
            "No plan was made: none that keeps to all rules was found in time; give it longer."
        )
    return ScenarioError(
        "No plan was made: none that keeps to all rules was found at once; ask for the exact answer."
    )


def told(task: PlanTask, problem: PlanProblem, opens: Int64s, bound: float, taken_s: float) -> PlanAnswer:
    """What a plan comes to; hubs that help nobody yet wait."""
    opens = not_before_needed(problem, opens)
    hubs = np.flatnonzero(opens < problem.n_years)
    hubs = hubs[np.argsort(opens[hubs], kind="stable")]
    years = np.arange(problem.n_years)
    is_helped: Bools = problem.helped_from(opens)[:, None] <= years
    return PlanAnswer(
        task=task,
        site=problem.site[hubs],
        opens=opens[hubs],
        value=problem.value(opens),
        bound=bound,
        helped=np.where(is_helped, problem.weight, 0.0).sum(axis=0) / task.weights,
        spent=problem.spent(opens),
        taken_s=taken_s,
    )

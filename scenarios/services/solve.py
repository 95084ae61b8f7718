"""Where hubs should stand and what each should offer: a good answer at once, and the best there is with its proof.

1. Greedy, and greedy again without one hub or service after the other. 2. The linear program gives a bound, and its shares
another choice to begin from. 3. The program with whole numbers of hubs and sizes, and then with whole hubs and sizes, proves the
best. Where too many sites are within reach of too many people for a program (a service by car of which nobody has one yet), prices
on people give the bound, and what gap is left is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from data.columns import Bools, Floats, Int64s, Strings, freeze
from data.errors import ScenarioError
from scenarios.placement.gained import Gain, gained, to_gain
from scenarios.placement.incumbent import Incumbent, TimeLimit
from scenarios.placement.whole import search_program
from scenarios.services.bound import raise_bound
from scenarios.services.problem import UNIT, ServicesProblem, hubs_of, reduce_task
from scenarios.services.program import ServicesProgram
from scenarios.services.search import attempt, filled, first_choice
from scenarios.services.task import ServiceTask, check

ROUNDS, QUICK_ROUNDS = 200, 20
"""Of prices, for a question too large for the program: exact as far as there is time, and at once."""
MOST_PAIRS = 60_000
"""Of groups and sites within reach, that a program is made of; the embedded region has 7,000 with four services by bike."""


@dataclass(frozen=True, slots=True, eq=False)
class Offered:
    """Services of the chosen hubs, one row each, sites ascending by id and services in the order they were asked in.

    Attributes
    ----------
    site
        (R,) rows of the task's sites.
    offer, size
        (R,) rows of the task's offers, and of the sizes of that offer.
    people
        (R,) float64, how many it serves, by how often they come.

    """

    site: Int64s
    offer: Int64s
    size: Int64s
    people: Floats

    def __post_init__(self) -> None:
        freeze(self, len(self.site))


@dataclass(frozen=True, slots=True, eq=False)
class ServicesAnswer(Gain):
    """What hubs offer, and where.

    Attributes
    ----------
    task
        The question.
    offered
        The services.
    value, bound
        See `Gain`: people who get a service within reach, by how often they come and times its weight, added up over the
        services.
    served, lacking
        (S,) float64, people served by each service, and people without it within reach now.
    cost_per_year
        Euros, of hubs and services.

    """

    task: ServiceTask
    offered: Offered
    served: Floats
    lacking: Floats
    cost_per_year: float

    @property
    def chosen(self) -> Int64s:
        """(R,) rows of the task's sites that have a hub, ascending by id."""
        return self.offered.site[np.sort(np.unique(self.offered.site, return_index=True)[1])]

    @property
    def ids(self) -> Strings:
        """Ids of the sites that have a hub."""
        return tuple(self.task.sites.id[row] for row in self.chosen)


def first_answer(task: ServiceTask, time_limit: TimeLimit) -> ServicesAnswer:
    """Greedy with exchanges, and a first bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when greedy finds nothing that keeps to its rules.

    """
    return _answer(task, time_limit, exact=False)


def best_answer(task: ServiceTask, time_limit: TimeLimit) -> ServicesAnswer:
    """The best answer there is, or the best found within the time limit, with its bound.

    Raises
    ------
    ScenarioError
        When the question contradicts itself, or when no answer is found in time.

    """
    return _answer(task, time_limit, exact=True)


def _answer(task: ServiceTask, time_limit: TimeLimit, *, exact: bool) -> ServicesAnswer:
    check(task)
    problem = reduce_task(task)
    _refuse_useless(task, problem)
    incumbent = to_gain(time_limit, _everybody(problem))
    first_choice(problem, incumbent)
    _search(problem, incumbent, exact=exact)
    if incumbent.best is None:
        raise _nothing(incumbent, exact=exact)
    return _told(task, problem, incumbent, incumbent.best)


def _everybody(problem: ServicesProblem) -> float:
    return sum(service.weight * float(service.people.sum()) / UNIT for service in problem.services)


def _refuse_useless(task: ServiceTask, problem: ServicesProblem) -> None:
    """Refuse hubs that must be there where none of the services has people enough."""
    names = [task.sites.name[row] for row in problem.site]
    idle = [names[row] for row in np.flatnonzero(problem.fixed & ~problem.useful.any(axis=1))]
    if idle:
        msg = (
            f"There must be a hub in {', '.join(idle)}, but no service has people enough there who lack it: let go of that, "
            "or ask for another service or a longer trip."
        )
        raise ScenarioError(msg)


def _nothing(incumbent: Incumbent, *, exact: bool) -> ScenarioError:
    if incumbent.bound == np.inf:
        return ScenarioError(
            "No hubs were placed: the hubs that must be there cannot all have a service that is used enough and paid for. "
            "Fix fewer, raise the budget, or ask for another service."
        )
    if exact:
        return ScenarioError(
            "No hubs were placed: no choice that keeps to all rules was found in time; give it longer."
        )
    return ScenarioError(
        "No hubs were placed: no choice that keeps to all rules was found at once; ask for the exact answer."
    )


def _search(problem: ServicesProblem, incumbent: Incumbent, *, exact: bool) -> None:
    """Bound the incumbent, begin again from what the bound likes best, and, if asked, search on until it is proved."""
    if sum(len(service.site) for service in problem.services) > MOST_PAIRS:
        raise_bound(problem, incumbent, ROUNDS if exact else QUICK_ROUNDS)
        return
    program = ServicesProgram(problem, max(gained(incumbent), 1.0))
    search_program(program, incumbent, partial(_begin_again, problem, incumbent), exact=exact)


def _begin_again(problem: ServicesProblem, incumbent: Incumbent, sizes: Floats) -> None:
    """Begin again from the sizes that the linear program likes best."""
    nobody = np.zeros(len(problem.site), np.bool_)
    for share in (0.999, 0.5):
        choice = _one_each(problem, sizes, share)
        if problem.cost(choice) <= problem.budget and hubs_of(choice).sum() <= problem.n_hubs:
            attempt(problem, incumbent, filled(problem, choice, nobody))


def _one_each(problem: ServicesProblem, sizes: Floats, share: float) -> Bools:
    """Sizes with such a share, the largest share of each service."""
    choice = problem.nothing.copy()
    for service in problem.services:
        own = sizes[:, service.sizes]
        best = np.argmax(own, axis=1)
        sites = np.flatnonzero(own.max(axis=1) >= share)
        choice[sites, service.sizes.start + best[sites]] = True
    return choice


def _told(task: ServiceTask, problem: ServicesProblem, incumbent: Incumbent, choice: Bools) -> ServicesAnswer:
    flows = problem.flows(choice)
    site, size = np.nonzero(choice)
    offer = problem.service_of[size]
    starts = np.array([service.sizes.start for service in problem.services])
    people = [flows[row].at_site[of] / UNIT for row, of in zip(offer, site, strict=True)]
    offered = Offered(problem.site[site], offer, size - starts[offer], np.array(people, np.float64))
    return ServicesAnswer(
        task=task,
        offered=offered,
        value=gained(incumbent),
        bound=-incumbent.least,
        served=np.array([flow.served / UNIT for flow in flows]),
        lacking=np.array([float(offer.people.sum()) for offer in task.offers]),
        cost_per_year=problem.cost(choice),
        taken_s=incumbent.taken_s,
    )

"""Which other sites are as good: what swaps and prices leave undecided is asked of the exact search, site by site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from data.errors import ScenarioError
from scenarios.placement import Answer, RunnersUp, best_answer
from scenarios.placement_search import SAME, Patience
from scenarios.placement_task import LeastTime, MostWithin


def settled(answer: Answer, most: int, patience: Patience) -> Answer:
    """Answer with runners-up of which it is proved whether they are as good, as far as there is time.

    A site is undecided when no swap makes it as good, and no bound says that no set with it is. The question is answered
    again with such a site fixed, for the `most` likeliest of them; `patience` is for all together. The value and the bound
    stay as they are.
    """
    task, runners = answer.task, answer.runners_up
    with_aversion = isinstance(task.objective, LeastTime) and task.objective.aversion > 0
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
        least[row] = max(least[row], _loss(answer, other.bound))
        if (found := _loss(answer, other.value)) < loss[row]:
            loss[row], instead[row] = found, ""
    order = np.lexsort((np.arange(len(loss)), loss))
    told = RunnersUp(
        id=tuple(runners.id[row] for row in order),
        instead_of=tuple(instead[row] for row in order),
        loss_share=loss[order],
        least_loss_share=np.minimum(least, loss)[order],
    )
    return replace(answer, runners_up=told)


def _loss(answer: Answer, value: float) -> float:
    """Share of the answer that another value loses."""
    lost = answer.value - value if isinstance(answer.task.objective, MostWithin) else value - answer.value
    return max(lost, 0.0) / max(abs(answer.value), SAME)

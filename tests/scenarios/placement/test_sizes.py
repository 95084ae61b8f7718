"""The p-median at all sizes of the OR-Library's files, 100 to 900 nodes: proved, and judged without the code that proves it.

Networks are drawn by the published rule (`placement_toys.network_times`). Up to 200 nodes the textbook model, a variable for
each pair of site and demand, solved by HiGHS through SciPy, says what the optimum is. Above that it would take minutes: there
the value is added up anew, no swap may better it, and prices of a dual that this file adds up itself show how far any set can be.
With 5 and 10 hubs in the larger networks the proof takes longer than a test may; those are left to `best_answer`'s own gap.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array, kron

from data.columns import Floats
from scenarios.placement.exact_sum import warm_start
from scenarios.placement.incumbent import Incumbent
from scenarios.placement.lagrangian import best_multipliers
from scenarios.placement.problem import reduce_task
from scenarios.placement.solve import best_answer
from scenarios.placement.task import LeastTime
from support.toys.placement import PATIENT, network_times, plain_task

SIZES = [(n, n // share) for n in range(100, 1000, 100) for share in (10, 5, 3)]
MODELLED = [(100, 5), (100, 10), (100, 20), (100, 33), (200, 40)]


def textbook_optimum(seconds: Floats, n_hubs: int) -> float:
    """Optimum of the model of ReVelle & Swain (1970): one nearest site for each demand, and only where a hub is."""
    n = len(seconds)
    # Columns: whether a site has a hub, then the share of demand d that site s serves, at n + n * s + d.
    cost = np.concatenate([np.zeros(n), seconds.ravel()])
    number = csr_array(np.concatenate([np.ones(n), np.zeros(n * n)])[None])
    everybody = block_array([[csr_array((n, n)), kron(np.ones((1, n)), eye_array(n))]])
    only_there = block_array([[kron(eye_array(n), -np.ones((n, 1))), eye_array(n * n)]])
    rows = [
        LinearConstraint(number, n_hubs, n_hubs),
        LinearConstraint(everybody, 1, 1),
        LinearConstraint(only_there, -np.inf, 0),
    ]
    whole = np.concatenate([np.ones(n), np.zeros(n * n)])
    found = milp(cost, integrality=whole, bounds=Bounds(0, 1), constraints=rows, options={"mip_rel_gap": 0.0})
    assert found.fun is not None
    return float(found.fun)


@pytest.mark.parametrize(("n_nodes", "n_hubs"), MODELLED)
def test_the_optimum_is_that_of_the_textbook_model(n_nodes: int, n_hubs: int) -> None:
    seconds = network_times(n_nodes, seed=n_nodes + n_hubs)
    answer = best_answer(plain_task(seconds, np.ones(n_nodes), LeastTime(), n_hubs), PATIENT)
    assert answer.is_proved
    assert answer.value == pytest.approx(textbook_optimum(seconds, n_hubs), rel=1e-7)


@pytest.mark.parametrize(("n_nodes", "n_hubs"), SIZES)
def test_a_p_median_of_any_size_is_proved_and_no_swap_betters_it(n_nodes: int, n_hubs: int) -> None:
    seconds = network_times(n_nodes, seed=n_nodes + n_hubs)
    task = plain_task(seconds, np.ones(n_nodes), LeastTime(), n_hubs)
    answer = best_answer(task, PATIENT)
    assert answer.is_proved
    assert len(answer.chosen) == n_hubs
    chosen_s = seconds[answer.chosen]
    assert answer.value == chosen_s.min(axis=0).sum()
    # Each hub closed, and the best other site opened in its place, comes to as much or more.
    for open_index in range(n_hubs):
        left_s = np.delete(chosen_s, open_index, axis=0).min(axis=0, initial=np.inf)
        assert np.minimum(seconds, left_s).sum(axis=1).min() >= answer.value
    # Whatever a demand is paid, no set costs less than all payments, less what the best sites save on them (Geoffrion 1974).
    core = reduce_task(task)
    incumbent = Incumbent(PATIENT, core.granularity)
    warm_start(core, incumbent)
    multiplier = best_multipliers(core, incumbent, 300).multiplier
    assert len(multiplier) == n_nodes
    # Merged demands are in an order of their own; every demand is its own group here, as all are 0 s from their own node.
    paid = multiplier[core.group]
    saved = np.sort(np.maximum(paid - seconds, 0.0).sum(axis=1))[::-1][:n_hubs].sum()
    assert paid.sum() - saved <= answer.value
    assert answer.value - (paid.sum() - saved) < 0.05 * answer.value

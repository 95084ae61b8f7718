"""The exact answer against an independent model, spopt's, at the sizes of the classical p-median files.

The networks are those of `placement_toys.network_times`, so their optimum is not a published one; spopt's model, solved by
HiGHS to a gap of nothing, is the judge. `test_sizes` goes on to the larger files.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from scenarios.placement.solve import best_answer
from scenarios.placement.task import LeastTime, LeastWorst, MostWithin
from support.toys.placement import PATIENT, network_times, plain_task

pytest.importorskip("spopt")


def spopt_optimum(name: str, *arguments: Any, **options: Any) -> float:
    """Optimum of one of spopt's models."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pulp  # noqa: PLC0415 -- takes seconds to import
        import spopt.locate  # noqa: PLC0415

        model = getattr(spopt.locate, name).from_cost_matrix(*arguments, **options)
        return float(pulp.value(model.solve(pulp.HiGHS(msg=False, gapRel=0.0)).problem.objective))


@pytest.mark.parametrize(("n_nodes", "n_hubs"), [(100, 5), (100, 10), (100, 20), (100, 33)])
def test_the_p_median_of_a_classical_size(n_nodes: int, n_hubs: int) -> None:
    seconds = network_times(n_nodes, seed=n_nodes + n_hubs)
    answer = best_answer(plain_task(seconds, np.ones(n_nodes), LeastTime(), n_hubs), PATIENT)
    assert answer.is_proved
    assert answer.value == spopt_optimum("PMedian", seconds.T, np.ones(n_nodes), p_facilities=n_hubs)


@pytest.mark.parametrize("n_hubs", [3, 8])
def test_coverage_and_the_worst_off(n_hubs: int) -> None:
    draw = np.random.default_rng(n_hubs)
    seconds, people = network_times(60, seed=n_hubs), draw.integers(1, 100, 60) * 1.0
    within = best_answer(plain_task(seconds, people, MostWithin(40.0), n_hubs), PATIENT)
    assert within.value == spopt_optimum("MCLP", seconds.T, people, 40.0, p_facilities=n_hubs)
    worst = best_answer(plain_task(seconds, people, LeastWorst(), n_hubs), PATIENT)
    # The peer's optimum is a continuous variable of its program, to the solver's tolerance.
    assert worst.value == pytest.approx(spopt_optimum("PCenter", seconds.T, p_facilities=n_hubs), rel=1e-9)

"""Boxes by place, against every box looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network.boxes import CHILDREN, box_tree, meeting


@pytest.mark.parametrize("n", [0, 1, CHILDREN, CHILDREN + 1, CHILDREN**2 + 1])
@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_window_meets_the_boxes_it_meets(n: int, seed: int) -> None:
    random = np.random.default_rng(seed)

    def boxes(n: int) -> np.ndarray:
        # On a grid, so that some touch in an edge or a corner only, and some are points.
        corner, size = random.integers(0, 30, (n, 2)), random.integers(0, 4, (n, 2))
        return np.hstack([corner, corner + size]).astype(np.float64)

    box, window = boxes(n), boxes(9)
    meets = (window[:, None, :2] <= box[None, :, 2:]).all(axis=2) & (
        box[None, :, :2] <= window[:, None, 2:]
    ).all(axis=2)
    at, row = meeting(box_tree(box), window)
    assert (np.diff(at) >= 0).all()
    assert sorted(zip(at.tolist(), row.tolist(), strict=True)) == sorted(
        zip(*map(np.ndarray.tolist, np.nonzero(meets)), strict=True)
    )

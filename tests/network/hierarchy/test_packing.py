"""Seconds, metres and target in one number."""

from __future__ import annotations

import numpy as np
import pytest

from network.hierarchy.packing import pack, unpack
from network.lanes import unreached

CLOSED = unreached(np.int32)


def test_what_is_packed_comes_out_again_metres_to_a_decimetre() -> None:
    seconds = np.array([0, 1, 262_142])
    found = unpack(pack(seconds, np.array([0.0, 1_677_721.5, 0.26]), np.array([2**20 - 1, 0, 3])))
    assert found.seconds.tolist() == [0, 1, 262_142]
    assert found.metres.tolist() == [0, 1_677_721.5, 0.3]
    assert found.target.tolist() == [2**20 - 1, 0, 3]


def test_closed_and_72_hours_away_are_both_not_reached() -> None:
    found = unpack(pack(np.array([262_143, CLOSED, 2**30]), 1.0, 7))
    assert np.isinf(found.seconds).all()
    assert np.isinf(found.metres).all()
    assert found.target.tolist() == [-1, -1, -1]


def test_a_weight_adds_seconds_and_metres_and_keeps_the_target() -> None:
    there = pack(np.array([60]), 80.5, 12)
    found = unpack(there + pack(np.array([30]), 40.5, 0))
    assert (found.seconds[0], found.metres[0], found.target[0]) == (90, 121, 12)


def test_seconds_count_before_metres_and_metres_before_targets() -> None:
    # In order: quicker but longer and of a high number; then shorter; then of the lower number.
    values = [
        pack(np.array([s]), m, t)[0] for s, m, t in [(9, 99.0, 8), (10, 5.0, 7), (10, 6.0, 1), (10, 6.0, 2)]
    ]
    assert values == sorted(values)


def test_what_does_not_fit_is_refused() -> None:
    second = np.ones(1, np.int64)
    with pytest.raises(ValueError, match="targets"):
        pack(second, 0.0, 2**20)
    with pytest.raises(ValueError, match="metres"):
        pack(second, 1_677_721.6, 0)

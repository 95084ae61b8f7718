"""Values of lanes: what is not reached, and the way out to seconds."""

from __future__ import annotations

import numpy as np
import pytest

from network.lanes import UNREACHED_INT32, UNREACHED_INT64, UNREACHED_UINT16, as_seconds, unreached


def test_the_sum_of_two_unreached_fits_a_signed_type_and_short_lanes_use_their_very_top() -> None:
    assert [int(top) for top in (UNREACHED_UINT16, UNREACHED_INT32, UNREACHED_INT64)] == [
        65_535,
        2**30 - 1,
        2**62 - 1,
    ]
    for value in (UNREACHED_INT32, UNREACHED_INT64):
        assert value + value == 2 * int(value)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32])
def test_plain_values_are_seconds_up_to_unreached(dtype: type) -> None:
    values: np.ndarray = np.array([0, 61, unreached(dtype) - 1, unreached(dtype)], dtype)
    assert as_seconds(values).tolist() == [0, 61, unreached(dtype) - 1, np.inf]


def test_packed_values_carry_seconds_above_the_target_before_midnight_too() -> None:
    # Twenty bits of target: 5 s to target 3, and a clock time of an hour before midnight, to target 1.
    values = np.array([5 * 2**20 + 3, -3600 * 2**20 + 1, 2**62 - 1])
    assert as_seconds(values).tolist() == [5, -3600, np.inf]

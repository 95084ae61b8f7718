"""Clock times there and back."""

from __future__ import annotations

import pytest

from data.clock import clock_text, parse_clock
from data.errors import InputError


@pytest.mark.parametrize(("text", "seconds"), [("00:00", 0), ("9:05", 32_700), ("25:30", 91_800)])
def test_a_clock_time_is_seconds_after_midnight(text: str, seconds: int) -> None:
    assert parse_clock(text) == seconds
    assert clock_text(seconds) == text.zfill(5)


@pytest.mark.parametrize("text", ["", "9", "9.05", "9:5", "9:60", "-1:00", "nine:00", "9:00:00"])
def test_what_is_no_clock_time_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="HH:MM"):
        parse_clock(text)

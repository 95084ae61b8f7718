"""Speed limits as they are tagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.modes.speeds import parse_limit, speed_limit
from support.snippets import tags


@pytest.mark.parametrize(
    ("value", "expected_kmh"),
    [
        ("50", 50),
        ("50 km/h", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("10 knots", 18.52),
        ("50;30", 30),
        ("none", 130),
        ("walk", 6),
        ("NL:urban", 50),
        ("NL:rural", 80),
        ("NL:motorway", 100),
        ("NL:living_street", 15),
        ("NL:zone30", 30),
        ("DE:zone:30", 30),
        ("DE:20", 20),
        ("DE:rural", 100),
        ("DE:motorway", 130),
        ("BE:urban", 50),
        ("BE-WAL:rural", 90),
        ("BE-BRU:zone30", 30),
        ("GB:nsl_single", 96.56),
        ("GB:nsl_dual", 112.65),
        ("GB:motorway", 112.65),
        ("GB:zone20", 32.19),
    ],
)
def test_values_that_give_a_limit(value: str, expected_kmh: float) -> None:
    assert parse_limit(value) == pytest.approx(expected_kmh, abs=0.01)


@pytest.mark.parametrize("value", ["", "signals", "sign", "fast", "0", "-30", "XX:urban", "50 leagues", "3O"])
def test_values_that_give_none(value: str) -> None:
    assert parse_limit(value) is None


@given(st.text(max_size=12))
def test_any_text_gives_a_positive_limit_or_none(value: str) -> None:
    found = parse_limit(value)
    assert found is None or found > 0


@pytest.mark.parametrize(
    ("snippets", "expected"),
    [
        (('<tag k="maxspeed" v="60"/>', '<tag k="source:maxspeed" v="NL:zone60"/>'), (60, False, False)),
        (('<tag k="maxspeed" v="signals"/>', '<tag k="maxspeed:type" v="NL:rural"/>'), (80, False, False)),
        (('<tag k="source:maxspeed" v="NL:urban"/>',), (50, True, False)),
        (('<tag k="zone:traffic" v="DE:rural"/>',), (100, False, False)),
        (('<tag k="zone:maxspeed" v="NL:30"/>', '<tag k="zone:traffic" v="NL:urban"/>'), (30, True, False)),
        (('<tag k="source:maxspeed" v="sign"/>',), (50, True, True)),
        (('<tag k="motorroad" v="yes"/>',), (100, False, False)),
        (('<tag k="cyclestreet" v="yes"/>',), (30, True, False)),
        (('<tag k="cyclestreet" v="yes"/>', '<tag k="maxspeed" v="20"/>'), (20, True, False)),
        ((), (50, True, True)),
    ],
)
def test_what_stands_in_for_a_missing_limit(
    snippets: tuple[str, ...], expected: tuple[float, bool, bool]
) -> None:
    # An unclassified road: whether it lies in a village is not known, and 50 km/h is assumed where nothing else is said.
    assert speed_limit(dict(tags(*snippets)), "unclassified", "forward") == expected


@pytest.mark.parametrize(("kind", "is_built_up"), [("residential", True), ("unclassified", False)])
def test_a_residential_street_is_built_up_whatever_its_limit(kind: str, is_built_up: bool) -> None:  # noqa: FBT001
    assert speed_limit({"maxspeed": "60"}, kind, "forward") == (60, is_built_up, False)

"""docs/trust.md names the test of each guarantee: they exist, in the files it links to."""

from __future__ import annotations

import ast
import re

from files import DOCS, TESTS

TRUST = DOCS / "trust.md"


def test_every_test_that_is_named_exists() -> None:
    links = re.findall(
        r"\[((?:`\w+`(?:, )?)+)\]\(\.\./tests/([\w/]+\.py)\)", TRUST.read_text(encoding="utf-8")
    )
    assert len(links) > 15
    for names, file in links:
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert set(re.findall(r"`(\w+)`", names)) <= there, file


def test_every_guarantee_has_a_test() -> None:
    text = TRUST.read_text(encoding="utf-8")
    table = text[text.index("| guarantee | test |") : text.index("## The data of")]
    rows = [line for line in table.splitlines()[2:] if line.startswith("|")]
    assert rows
    assert all("](../tests/" in row for row in rows)

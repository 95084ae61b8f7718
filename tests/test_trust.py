"""docs/trust.md names the test of each guarantee, and test and script of each promise: they exist, where it says."""

from __future__ import annotations

import ast
import re

from support.files import DOCS, ROOT, TESTS

TRUST = DOCS / "trust.md"
NONE = "\N{EN DASH}"
"""Where there is no script, or no test."""


def test_every_test_that_is_named_exists() -> None:
    links = re.findall(
        r"\[((?:`\w+`(?:, )?)+)\]\(\.\./tests/([\w/]+\.py)\)", TRUST.read_text(encoding="utf-8")
    )
    assert len(links) > 15
    for names, file in links:
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert set(re.findall(r"`(\w+)`", names)) <= there, file


def rows_of(head: str, end: str) -> list[str]:
    """Rows of the table with this head, before the first line that starts with `end`."""
    text = TRUST.read_text(encoding="utf-8")
    start = text.index(head)
    table = text[start : text.index(f"\n{end}", start)]
    return [line for line in table.splitlines()[2:] if line.startswith("|")]


def test_every_guarantee_has_a_test() -> None:
    rows = rows_of("| guarantee | test |", "## Promises")
    assert rows
    assert all("](../tests/" in row for row in rows)


def test_every_promise_has_a_script_or_a_test_and_the_scripts_exist() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    rows = [
        row.strip("|").split(" | ") for row in rows_of("| promise | figure | script | test |", "### What")
    ]
    assert len(rows) > 8
    for promise, figure, script, test in rows:
        assert script != NONE or "](../tests/" in test, promise
        assert figure.strip() != "", promise
        if made := re.fullmatch(r"`make (\w+)`", script):
            assert made[1] in targets, promise
        elif script != NONE:
            module = re.fullmatch(r"`python -m ([\w.]+)[ \w-]*`", script)
            assert module is not None, script
            assert (TESTS / f"{module[1].replace('.', '/')}.py").is_file(), promise

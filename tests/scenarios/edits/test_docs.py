"""The page about scenarios: every example can be read, and every kind of edit has one."""

from __future__ import annotations

import re

from files import DOCS

from scenarios.edits.json_text import KINDS_OF_EDIT, from_json

DOCS = DOCS / "scenarios.md"


def test_every_example_can_be_read_and_every_kind_of_edit_has_one() -> None:
    blocks = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    rows = [line for block in blocks for line in block.splitlines()]
    scenario = from_json('{"edits": [' + ", ".join(rows) + "]}")
    assert sorted(type(edit).__name__ for edit in scenario.edits) == sorted(KINDS_OF_EDIT)

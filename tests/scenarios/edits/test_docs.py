"""The page about scenarios: every example can be read, and every edit of every group has one."""

from __future__ import annotations

import re

from files import DOCS

from scenarios.edits.apply import GROUPS
from scenarios.edits.json_text import from_json

DOCS = DOCS / "scenarios.md"


def test_every_example_can_be_read_and_every_group_has_a_block_with_each_of_its_edits() -> None:
    blocks = re.findall(r"```json\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    examples = [from_json('{"edits": [' + ", ".join(block.splitlines()) + "]}").edits for block in blocks]
    shown = sorted(sorted(type(edit).__name__ for edit in edits) for edits in examples)
    assert shown == sorted(sorted(kind.__name__ for kind in group.kinds) for group in GROUPS)

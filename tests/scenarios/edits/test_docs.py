"""The page about scenarios: every group of edits has examples, and each of them can be applied to the embedded region."""

from __future__ import annotations

import re

import pytest

from accessibility.world import World, open_world
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import GROUPS, apply
from scenarios.edits.json_text import from_json
from scenarios.edits.scenario import Scenario
from support.files import DOCS

PAGE = (DOCS / "scenarios.md").read_text(encoding="utf-8")
BLOCKS = [block.splitlines() for block in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)]


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("zuid-oost-drenthe", lambda _label, _share: None)


def test_every_example_can_be_read_and_every_group_has_a_block_with_each_of_its_edits() -> None:
    examples = [from_json('{"edits": [' + ", ".join(block) + "]}").edits for block in BLOCKS]
    shown = sorted(sorted({type(edit).__name__ for edit in edits}) for edits in examples)
    assert shown == sorted(sorted(kind.__name__ for kind in group.kinds) for group in GROUPS)


@pytest.mark.parametrize("example", [line for block in BLOCKS for line in block])
def test_every_example_can_be_applied_to_the_embedded_region_and_changes_it(
    world: World, example: str
) -> None:
    (edit,) = from_json('{"edits": [' + example + "]}").edits
    after = apply(world, Scenario("", "", (edit,)), load_facility_kinds())
    assert after is not world
    assert any(getattr(after, name) is not getattr(world, name) for name in World.__dataclass_fields__)

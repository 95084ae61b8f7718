"""The table of groups of edits: nothing that can be said in JSON is without a group, or in two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scenarios.edits.apply import GROUPS
from scenarios.edits.base import EditBase
from scenarios.edits.json_text import KINDS_OF_EDIT


def leaves(kind: type[EditBase]) -> Iterator[type[EditBase]]:
    """Kinds that no other is made of: what others share, such as a site, is never said by itself."""
    below = kind.__subclasses__()
    if not below:
        yield kind
    for part in below:
        yield from leaves(part)


def test_every_edit_is_in_exactly_one_group_and_can_be_said_in_json() -> None:
    grouped = Counter(kind for group in GROUPS for kind in group.kinds)
    assert grouped == Counter(set(leaves(EditBase)))
    assert sorted(kind.__name__ for kind in grouped) == sorted(KINDS_OF_EDIT)


def test_what_is_special_in_a_group_is_one_of_its_edits() -> None:
    for group in GROUPS:
        assert {*group.last, *group.once} <= set(group.kinds)

"""Tables of what comes along and of what a region says itself, one file after the other."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from data.errors import InputError
from data.parameters.toml_rows import layered


class Fruit(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    weight: float = 0.0


def names_in(along: Path, folder: Path | None, *more: Path) -> list[str]:
    """Names of all rows and of the single table of each file, in the order in which they are read."""
    found = []
    for tables in layered(along, folder, ("fruit", "best"), more):
        found += [row.name for row in (*tables.rows("fruit", Fruit), *tables.one("best", Fruit))]
    return found


@pytest.fixture
def along(tmp_path: Path) -> Path:
    """A table that comes along; beside it stands a folder that has none of its own yet."""
    (tmp_path / "region").mkdir()
    file = tmp_path / "fruit.toml"
    file.write_text(
        '[[fruit]]\nname = "apple"\n[[fruit]]\nname = "pear"\n[best]\nname = "plum"\n', encoding="utf-8"
    )
    return file


def test_what_comes_along_is_read_first_and_then_what_replaces_it(along: Path, tmp_path: Path) -> None:
    # Whoever keeps the last of each name has the table of the file nearest to the question.
    region, own = tmp_path / "region", tmp_path / "own.toml"
    assert names_in(along, None) == names_in(along, region) == ["apple", "pear", "plum"]
    (region / "fruit.toml").write_text('[best]\nname = "fig"\n', encoding="utf-8")
    own.write_text('[[fruit]]\nname = "kiwi"\n', encoding="utf-8")
    assert names_in(along, region, own) == ["apple", "pear", "plum", "fig", "kiwi"]


def test_all_faults_of_a_file_are_told_at_once_and_by_its_name(along: Path, tmp_path: Path) -> None:
    file = tmp_path / "region" / "fruit.toml"
    file.write_text(
        '[[fruit]]\nname = 3\n[[fruit]]\nname = "fig"\nweight = "much"\n[best]\n', encoding="utf-8"
    )
    with pytest.raises(InputError) as refused:
        names_in(along, tmp_path / "region")
    said = str(refused.value)
    assert said.startswith(f"{file} has mistakes to mend: ")
    for fault in (
        "fruit 1: Expected `str`",
        "fruit 2: Expected `float`",
        "best 1: Object missing required field `name`",
    ):
        assert fault in said

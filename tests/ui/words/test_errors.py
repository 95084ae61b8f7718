"""What a visitor reads of a mistake is in his language: every refusal of a scenario or question has Dutch words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from accessibility.world import open_world
from data.errors import ScenarioError
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.edits.apply import GROUPS, apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.json_text import KINDS_OF_EDIT, from_json
from scenarios.edits.lines import DropLine
from scenarios.edits.scenario import Scenario
from support.files import ROOT
from support.toys.region import write_toy_region
from ui.words.data_texts import data_texts_in
from ui.words.i18n import TEXTS, texts_in

DUTCH = data_texts_in(TEXTS / "data.nl.po")
NL, EN = texts_in("nl"), texts_in("en")
COMMAND_LINE_ONLY = "read_scenario"
"""Reads a file from disk, which no page does."""


def has_dutch(text: str) -> bool:
    return text in DUTCH.whole or any(pattern.fullmatch(text) for pattern, _ in DUTCH.patterns)


def lines(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    """Lines of a message, with 7 in each blank; a name stands for what its function gave it."""
    match node:
        case ast.Constant(value=str(text)):
            yield from text.splitlines()
        case ast.JoinedStr():
            parts = [str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values]
            yield from "".join(parts).splitlines()
        case ast.IfExp():
            yield from lines(node.body, assigned)
            yield from lines(node.orelse, assigned)
        case ast.Name(id=name):
            others = {other: values for other, values in assigned.items() if other != name}
            for value in assigned.get(name, []):
                yield from lines(value, others)
        case ast.List(elts=parts) | ast.Call(func=ast.Attribute(attr="join"), args=parts):
            for part in parts:
                yield from lines(part, assigned)
        case ast.ListComp(elt=part) | ast.Starred(value=part):
            yield from lines(part, assigned)


def own_mistakes(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Messages of mistakes in the code itself, which no visitor can make."""
    for node in ast.walk(function):
        body: list[ast.stmt] = (
            getattr(node, "body", []) if not isinstance(node, ast.Lambda | ast.IfExp) else []
        )
        for before, raised in pairwise(body):
            if isinstance(raised, ast.Raise) and "ValueError" in ast.unparse(raised):
                yield before


def messages(function: ast.FunctionDef) -> Iterator[str]:
    """Messages of the errors that a function makes, and of the problems that it collects for one."""
    assigned: dict[str, list[ast.expr]] = {}
    mistakes = {id(node) for node in own_mistakes(function)}
    tells_text = function.returns is not None and ast.unparse(function.returns) == "Iterator[str]"
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and id(node) not in mistakes
        ):
            assigned.setdefault(node.targets[0].id, []).append(node.value)
    for node in ast.walk(function):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        collects = isinstance(node, ast.Call) and ast.unparse(node.func) == COLLECTOR
        if isinstance(node, ast.Call) and node.args and (name in REFUSALS or collects):
            yield from lines(node.args[0], assigned)
        elif isinstance(node, ast.Yield) and node.value and tells_text:
            yield from lines(node.value, assigned)


OTHERS = (
    "ui/state/link.py",
    "network/streets/paths.py",
    "network/streets/street_edits.py",
    "accessibility/population.py",
    "accessibility/closures.py",
    "accessibility/explain.py",
    "accessibility/round_trips.py",
    "data/opening_hours/hours.py",
    "data/opening_hours/holidays.py",
)
"""What else can refuse an edit or a question."""
REFUSALS = ("ScenarioError", "InputError", "_Part")
COLLECTOR = "problems.append"


def every_message() -> set[str]:
    files = [
        file for file in (ROOT / "scenarios").rglob("*.py") if "ScenarioError(" in file.read_text("utf-8")
    ]
    homes = {ROOT / f"{kind.__module__.replace('.', '/')}.py" for group in GROUPS for kind in group.kinds}
    assert homes
    assert homes <= set(files), "a file of edits was not found"
    files += [ROOT / name for name in OTHERS]
    functions = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name != COMMAND_LINE_ONLY
    ]
    return {text for function in functions for text in messages(function)} - {"7"}


def test_every_refusal_has_dutch_words() -> None:
    found = every_message()
    assert len(found) > 70
    # Of each way to say it: directly, by a name, in a list, of a problem that was collected.
    for text in (
        "there is no place '7'.",
        "give either a place, a building, or a point with both lon_deg and lat_deg.",
        "Without any one of them there is an answer.",
        "Nobody is counted: all weights are 0.",
        "edit 7 says this already; keep one of the two.",
    ):
        assert text in found
    assert {text for text in found if not has_dutch(text)} == set()


def test_every_kind_of_edit_has_a_dutch_name() -> None:
    assert [kind for kind in KINDS_OF_EDIT if kind not in DUTCH.whole] == []


def test_a_refused_scenario_is_told_in_dutch_edit_by_edit(tmp_path: Path) -> None:
    world = open_world(write_toy_region(tmp_path / "valley"), lambda _step, _share: None)
    edits = (
        PlaceHub(place_id="nowhere", kinds=("gp",)),
        CloseFacility("gone"),
        DropLine(line="999"),
        PlaceHub(place_id="west", kinds=("casino",)),
    )
    with pytest.raises(ScenarioError) as error:
        apply(world, Scenario("s", "", edits), load_facility_kinds())
    told = NL.say_data(str(error.value)).splitlines()
    assert told[:3] == [
        "Er is niets veranderd.",
        "wijziging 1 (dorpshub plaatsen): er is geen plaats 'nowhere'.",
        "wijziging 2 (voorziening sluiten): er is geen open voorziening 'gone'; kies een kenmerk uit de tabel van voorzieningen.",
    ]
    assert told[3].startswith("wijziging 3 (lijn schrappen): er is geen lijn '999'; lijnen zijn ")
    assert told[4].startswith(
        "wijziging 4 (dorpshub plaatsen): de soort casino kan niet worden aangeboden; soorten zijn gp"
    )
    # English is what the layers speak.
    assert EN.say_data(str(error.value)) == str(error.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Dit is er geen: geen geldige JSON (de tekst is niet volledig)."),
        ('{"edits": [{"edit": "Foo"}]}', "wijziging 1: 'Foo' is hier niet mogelijk, in `edit`."),
        ('{"edits": [{"edit": "PlaceHub"}]}', "wijziging 1: het veld `kinds` ontbreekt."),
        (
            '{"edits": [{"edit": "ChangeHeadway", "line": "3", "headway_min": -3}]}',
            "wijziging 1: er moet `float` >= 1.0 staan, in `headway_min`.",
        ),
        (
            '{"edits": [{"edit": "ChangeSpan", "line": "3", "first": "x", "last": "7:00"}]}',
            "wijziging 1: er moet `str` staan in de vorm '^\\\\d{1,2}:[0-5]\\\\d$', in `first`.",
        ),
        ('{"edits": 3}', "Dit is er geen: er moet `array` staan, niet `int`, in `edits`."),
    ],
)
def test_a_file_that_is_no_scenario_is_told_in_dutch(text: str, says: str) -> None:
    with pytest.raises(ScenarioError) as error:
        from_json(text)
    assert says in NL.say_data(str(error.value)).splitlines()

"""The texts of the data layers have Dutch ones: those of the embedded region, and of the code that makes it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.download.sources import load_sources
from data.osm import presence
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from support.files import ROOT
from ui.words.data_texts import BLANK, data_texts, data_texts_in
from ui.words.i18n import TEXTS, texts_in

REGION = "zuid-oost-drenthe"
CATALOGUE = TEXTS / "data.nl.po"
NL, EN = texts_in("nl"), texts_in("en")
DUTCH = data_texts_in(CATALOGUE)


@cache
def region() -> World:
    """Open the embedded region, ready made when it was opened before."""
    return open_world(REGION, lambda _step, _share: None)


def has_dutch(text: str) -> bool:
    """Whether the catalogue holds `text`, as a whole or as a text with blanks."""
    return text in DUTCH.whole or any(pattern.fullmatch(text) for pattern, _ in DUTCH.patterns)


def test_every_source_of_the_region_has_dutch_words() -> None:
    texts = {
        text for layer in region().region.layers for text in (layer.source, layer.note, layer.licence) if text
    }
    assert len(texts) > 10
    assert {text for text in texts if not has_dutch(text)} == set()


def test_the_source_of_who_has_no_car_has_dutch_words() -> None:
    assert has_dutch(load_behaviour(None).without_car.source)


def test_every_finding_of_the_region_has_dutch_words() -> None:
    texts = {finding.what for finding in region().report.findings}
    assert len(texts) > 10
    assert {text for text in texts if not has_dutch(text)} == set()


def template(node: ast.expr) -> str | None:
    """Text of a literal, with 7 in each blank; None of anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return None


SAID_AT = {"finding": 2, "note": 1, "Finding": 2}
"""Where a call says what was met."""
DEEDS = {
    "calls where passengers 7 after phoning or asking, taken to be open to all",
    "7 transfers, which follow the general rule",
}
"""Their blank is one of two words, each of which has a text of its own."""


def findings() -> Iterator[str]:
    """What readers and builders may report: literals where it is said, or named `what` before."""
    for layer in ("data", "network", "accessibility"):
        for file in (ROOT / layer).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(source)):
                told: list[ast.expr] = []
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    told = node.args[SAID_AT[name] :][:1] if name in SAID_AT else []
                elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "what":
                    told = [node.value] if "finding(" in source else []
                yield from (text for one in told if (text := template(one)))


def test_everything_that_readers_and_builders_report_has_dutch_words() -> None:
    texts = set(findings()) - DEEDS
    assert len(texts) > 80
    assert {text for text in texts if not has_dutch(text)} == set()


def test_what_is_said_of_services_of_the_map_has_dutch_words() -> None:
    """What the table of kinds and the rules of presence say, which are no literals where they are reported."""
    kinds = load_facility_kinds().kinds
    texts = {rule.told for kind in kinds for rule in kind.rules + kind.left_out if rule.told}
    texts |= {*presence.REASONS, presence.UNREADABLE_DATE}
    assert len(texts) > 20
    assert {text for text in texts if not has_dutch(text)} == set()


def test_live_sources_have_dutch_words() -> None:
    texts = {text for source in load_sources().all for text in (source.credit, source.licence)}
    assert len(texts) > 10
    assert {text for text in texts if not has_dutch(text)} == set()
    # What a fetch notes beside its layers: the edition, then a sentence.
    files = [ROOT / "data" / "live" / name for name in ("people_layer.py", "layers.py")]
    notes = {
        text
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "note"
        for part in ast.walk(node.value)
        if isinstance(part, ast.JoinedStr | ast.Constant)
        and (text := template(part))
        and text.endswith(".")
        and len(text) > 20
        and text[0].isupper()
    }
    assert len(notes) > 1
    assert {text for text in notes if not has_dutch(text)} == set()
    assert NL.say_data(
        "x.zip. Inhabitants are those of the squares nearest to the place, in the same municipality."
    ) == (
        "x.zip. De inwoners van een plaats wonen in de vakken die het dichtst bij die plaats liggen, in dezelfde gemeente."
    )


def test_reasons_of_deviations_have_dutch_words() -> None:
    file = ROOT / "accessibility" / "data_quality" / "calibration.py"
    functions = [
        node
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in ("_reason", "_area")
    ]
    calls = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)]
    told = [arg for call in calls if getattr(call.func, "attr", "") == "append" for arg in call.args]
    told += [node for function in functions for node in ast.walk(function) if isinstance(node, ast.IfExp)]
    parts = [
        part
        for node in told
        for part in ([node.body, node.orelse] if isinstance(node, ast.IfExp) else [node])
    ]
    found = {reason for part in parts if (text := template(part)) for reason in text.split("; ")}
    assert len(found) > 4
    assert {text for text in found if not has_dutch(text)} == set()


def test_facilities_have_dutch_names_of_their_own() -> None:
    words = {name.split()[0].lower() for name in region().facilities.name}
    assert "huisartsenpraktijk" in words
    assert words.isdisjoint({"gp", "practice", "pharmacy", "supermarket", "village"})


def constants(file: Path, function: str) -> Iterator[str]:
    """Texts in the body of one function of a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            found = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant))
            docstring = ast.get_docstring(node, clean=False)
            yield from (text for text in found if isinstance(text, str) and " " in text and text != docstring)


def test_every_reason_has_dutch_words() -> None:
    reasons = set(constants(ROOT / "accessibility" / "nearest_times.py", "reasons"))
    assert len(reasons) == 5
    assert {text for text in reasons if not has_dutch(text)} == set()


def steps() -> Iterator[str]:
    """What the layers tell their progress they are doing, each mode filled in."""
    for layer in ("data", "accessibility", "scenarios"):
        for file in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "progress":
                    step = node.args[0]
                    if isinstance(step, ast.Constant):
                        yield str(step.value)
                    elif isinstance(step, ast.JoinedStr):
                        parts = [
                            str(part.value) if isinstance(part, ast.Constant) else "{}"
                            for part in step.values
                        ]
                        yield from ("".join(parts).format(mode.name) for mode in MODES)


def test_every_step_of_the_progress_has_dutch_words() -> None:
    texts = set(steps())
    assert len(texts) > 8
    assert {text for text in texts if not has_dutch(text)} == set()


def test_every_mode_has_a_dutch_name() -> None:
    assert [mode.name for mode in MODES if mode.name not in DUTCH.whole] == []


def messages() -> list[tuple[str, str]]:
    with CATALOGUE.open("rb") as file:
        return [(str(message.id), str(message.string)) for message in read_po(file) if message.id]


@pytest.mark.parametrize(("english", "dutch"), messages())
def test_a_translation_fills_the_same_blanks(english: str, dutch: str) -> None:
    assert dutch
    assert sorted(BLANK.findall(english)) == sorted(BLANK.findall(dutch))


def test_blanks_take_numbers_and_translated_words() -> None:
    said = data_texts(
        [("{n} m from {mode}", "{mode}: {n} m"), ("bike", "fiets"), ("no m from bike", "anders")]
    )
    assert said.say("1000 m from bike") == "fiets: 1000 m"
    assert said.say("40 m from horse (Exloo)") == "horse (Exloo): 40 m"
    assert said.say("no m from bike") == "anders"
    assert said.say("far m from bike") == "far m from bike"


def test_english_says_the_texts_as_they_are() -> None:
    assert EN.say_data("no way over the streets") == "no way over the streets"
    assert NL.say_data("no way over the streets") == "er is geen route over de weg"


def test_dates_of_sources_are_written_out() -> None:
    assert (NL.date_of_source("2026-03"), EN.date_of_source("2026-03")) == ("maart 2026", "March 2026")
    assert (NL.date_of_source("2022"), NL.date_of_source("2026-13")) == ("2022", "2026-13")
    assert (NL.date_of_source("2018-01-01"), EN.date_of_source("2018-01-01")) == (
        "1 januari 2018",
        "1 January 2018",
    )
    assert NL.date_of_source("2026") == "2026"

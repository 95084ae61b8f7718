"""The Dutch texts are complete, and numbers and times read as they should in both languages."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from string import Formatter

import pytest

from support.files import ROOT
from ui.words.i18n import TEXTS, plain, texts_in

DUTCH, ENGLISH = texts_in("nl"), texts_in("en")


def used_texts() -> set[str | tuple[str, str]]:
    """Return every text that the code says, marks or counts."""
    files = [*sorted((ROOT / "ui").rglob("*.py")), ROOT / "streamlit_app.py"]
    return {text for file in files for text in _texts_of(ast.parse(file.read_text(encoding="utf-8")))}


def _texts_of(tree: ast.Module) -> Iterator[str | tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        words = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name in {"say", "mark"} and words:
            yield str(words[0])
        elif name == "plural" and words:
            yield str(words[0]), str(words[1])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_text_has_a_dutch_one_and_none_is_left_over() -> None:
    used, translated = used_texts(), {message.id for message in DUTCH.catalog if message.id}
    assert used - translated == set()
    assert translated - used == set()
    assert len(used) > 100


@pytest.mark.parametrize("name", ["nl.po", "data.nl.po"])
def test_no_text_is_translated_twice(name: str) -> None:
    # Of two translations one would silently win.
    lines = (TEXTS / name).read_text(encoding="utf-8").splitlines()
    texts = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']
    assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize("message", [message for message in DUTCH.catalog if message.id], ids=str)
def test_a_translation_fills_the_same_blanks(message: object) -> None:
    english, dutch = message.id, message.string  # type: ignore[attr-defined]
    forms = zip(english, dutch, strict=True) if isinstance(english, tuple) else [(english, dutch)]
    for one, other in forms:
        assert other
        assert not message.fuzzy  # type: ignore[attr-defined]
        assert fields(other) == fields(one)


def test_numbers_have_the_separators_of_the_language() -> None:
    assert (DUTCH.number(1240), ENGLISH.number(1240)) == ("1.240", "1,240")
    assert (DUTCH.number(6.5), ENGLISH.number(6.5)) == ("6,5", "6.5")
    assert (DUTCH.decimal(-5.0), ENGLISH.decimal(16.25)) == ("\u22125,0", "16.2")
    # Three seconds shorter is nothing in one decimal, and nothing has no sign.
    assert (DUTCH.decimal(-0.049), ENGLISH.decimal(-0.0)) == ("0,0", "0.0")
    assert (DUTCH.percent(0.314), ENGLISH.percent(0.314)) == ("31%", "31%")


@pytest.mark.parametrize(
    ("minutes", "dutch", "english"),
    [
        (0.4, "< 1 min", "< 1 min"),
        (4.4, "4 min", "4 min"),
        (90.4, "90 min", "90 min"),
        (90.6, "1 u 31", "1 h 31"),
        (110.0, "1 u 50", "1 h 50"),
        (125.0, "2 u 05", "2 h 05"),
        (None, "niet bereikbaar", "not reached"),
    ],
)
def test_minutes_up_to_ninety_then_hours(minutes: float | None, dutch: str, english: str) -> None:
    assert (DUTCH.duration(minutes), ENGLISH.duration(minutes)) == (dutch, english)


@pytest.mark.parametrize(("count", "dutch"), [(0, "inwoners"), (1, "inwoner"), (2, "inwoners")])
def test_one_is_singular_and_all_else_plural(count: int, dutch: str) -> None:
    assert DUTCH.plural("{count} inhabitant", "{count} inhabitants", count) == "{count} " + dutch


def test_lists_end_with_and() -> None:
    assert DUTCH.sentence_list(()) == ""
    assert DUTCH.sentence_list(("a",)) == "a"
    assert DUTCH.sentence_list(("a", "b", "c")) == "a, b en c"
    assert ENGLISH.sentence_list(("a", "b")) == "a and b"


def test_a_text_without_translation_stays_english() -> None:
    assert DUTCH.say("a name nobody translated") == "a name nobody translated"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hub *in* Bee", r"Hub \*in\* Bee"),
        ("[here](http://a.example)", "\\[here\\](http:\u2060//a.example)"),
        ("![x](y)", r"!\[x\](y)"),
        (":red[alarm] :smile: $x^2$", r":red\[alarm\] \:smile: \$x^2\$"),
        ("www.a.example and a@b.example", "www\u2060.a.example and a\u2060@b.example"),
        ("# Title\n- one\n1. two\n> three", "\\# Title\n\\- one\n1\\. two\n\\> three"),
        ("`code` a|b under_score", r"\`code\` a\|b under\_score"),
        ("Jan &amp; Piet &#42; M&M", r"Jan \&amp; Piet \&\#42; M&M"),
        # What people write every day stays as it is.
        (
            "Dorpshuis 't Haantje (De Kiel), 7-9 uur: 1.240 < 2.000 #3",
            "Dorpshuis 't Haantje (De Kiel), 7-9 uur: 1.240 < 2.000 \\#3",
        ),
    ],
)
def test_nothing_typed_is_markup(typed: str, shown: str) -> None:
    assert plain(typed) == shown

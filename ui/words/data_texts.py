"""The texts of the data layers in the language of the reader.

The layers to the left speak English: where a layer came from, what was met while building, why a place is not reached.
A text without translation stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

BLANK = re.compile(r"\{(\w+)\}")
NUMBER = "n"
REMEMBERED = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class DataTexts:
    """Translations of whole texts, and of texts with blanks in them.

    The blank `{n}` stands for a whole number, any other blank for a few words, which are translated in their turn.
    """

    whole: dict[str, str]
    patterns: tuple[tuple[re.Pattern[str], str], ...]

    def say(self, text: str) -> str:
        """Translate `text`; a whole text goes before one with blanks, and none of both leaves it as it is.

        Lines are translated one by one.
        """
        if "\n" in text:
            return "\n".join(map(self.say, text.splitlines()))
        if text in self.whole:
            return self.whole[text]
        for pattern, translation in self.patterns:
            if found := pattern.fullmatch(text):
                return translation.format(
                    **{name: self._filled(name, part) for name, part in found.groupdict().items()}
                )
        return text

    def _filled(self, name: str, part: str) -> str:
        """Put dots between the thousands of a number; other words are translated."""
        return part.replace(",", ".") if name == NUMBER else self.say(part)


def _pattern(text: str) -> re.Pattern[str]:
    parts = BLANK.split(text)  # words and names of blanks by turns
    return re.compile(
        "".join(
            f"(?P<{part}>{r'[0-9]+(?:,[0-9]{3})*' if part == NUMBER else '.+'})"
            if turn % 2
            else re.escape(part)
            for turn, part in enumerate(parts)
        )
    )


def data_texts(messages: Iterable[tuple[str, str]]) -> DataTexts:
    """Sort `messages`, pairs of English and translation, into whole texts and texts with blanks."""
    pairs = tuple(messages)
    return DataTexts(
        whole={english: other for english, other in pairs if not BLANK.search(english)},
        patterns=tuple((_pattern(english), other) for english, other in pairs if BLANK.search(english)),
    )


@lru_cache(maxsize=2)
def data_texts_in(catalogue: Path) -> DataTexts:
    """Read a catalogue, once; a language without one (English) says all as it is."""
    if not catalogue.is_file():
        return data_texts(())
    with catalogue.open("rb") as file:
        catalog = read_po(file)
    return data_texts((str(message.id), str(message.string)) for message in catalog if message.id)


@lru_cache(maxsize=REMEMBERED)
def translated(catalogue: Path, text: str) -> str:
    """Translate one text of the data layers; the same reasons come again with every click."""
    return data_texts_in(catalogue).say(text)

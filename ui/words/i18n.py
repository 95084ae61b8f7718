"""Dutch and English: texts, plurals and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from scenarios.reports.document import Words
from ui.words.data_texts import translated

LANGUAGES = ("nl", "en")
TEXTS = Path(__file__).with_name("texts")
MARKUP = re.compile(
    r"[\\`*_\[\]~$|]|&(?=#?\w+;)|#(?=\S)|:(?=[\w/+-]+:)|^\s*(?:[>+-]|#|\d+[.)])(?=\s)", re.MULTILINE
)
"""What means something in Markdown, and in what Streamlit adds to it."""
ADDRESS = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where an address is one no longer when something stands in between: Streamlit makes links of them even where they are escaped."""
WORD_JOINER = "\u2060"
"""Takes no room, and no line is broken there."""
MINUTES_PER_HOUR = 60
LONGEST_IN_MINUTES = 90


@lru_cache(maxsize=10_000)
def _decimal(value: float, pattern: str, locale: Locale) -> str:
    """A number as a locale writes it; a table of all places asks for the same ones at every click."""
    return str(format_decimal(value, format=pattern, locale=locale))


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """What the app says in one language; the English text is the key, as in gettext."""

    language: str
    locale: Locale
    catalog: Catalog

    def say(self, text: str) -> str:
        """Translate `text`; a text without translation stays English."""
        message = self.catalog.get(text)
        return str(message.string) if message is not None and message.string else text

    def say_data(self, text: str) -> str:
        """Translate a text that comes from the data layers: a source, a finding, a reason."""
        return translated(TEXTS / f"data.{self.language}.po", text)

    def plural(self, one: str, many: str, count: int) -> str:
        """Translate and choose the form that fits `count`."""
        message = self.catalog.get(one)
        forms = message.string if message is not None and isinstance(message.string, tuple) else (one, many)
        return forms[0] if count == 1 else forms[1]

    def number(self, value: float) -> str:
        """Write a number with the language's own separators, at most one decimal."""
        return _decimal(value + 0.0, "#,##0.#", self.locale)

    def decimal(self, value: float) -> str:
        """Write a number with exactly one decimal and a real minus sign."""
        # Rounded first: what is nothing has no sign.
        return _decimal(round(value, 1) + 0.0, "0.0", self.locale).replace("-", "\u2212")

    def percent(self, share: float) -> str:
        """Write a share (0 to 1) as whole percents."""
        return str(format_percent(share, locale=self.locale)).replace("\u00a0", "")

    def percent_fine(self, share: float) -> str:
        """Write a small share (0 to 1) as percents with two decimals."""
        return str(format_percent(share, format="0.00%", locale=self.locale)).replace("\u00a0", "")

    def duration(self, minutes: float | None) -> str:
        """Whole minutes up to 90, then hours and minutes; None is a place that is not reached."""
        if minutes is None:
            return self.say("not reached")
        whole = round(minutes)
        if whole == 0:
            return self.say("< 1 min")
        if whole <= LONGEST_IN_MINUTES:
            return self.say("{minutes} min").format(minutes=whole)
        hours, rest = divmod(whole, MINUTES_PER_HOUR)
        return self.say("{hours} h {minutes:02d}").format(hours=hours, minutes=rest)

    def minutes_in_words(self, minutes: float | None) -> str:
        """As `duration`, but for a sentence: `1 minute`, `14 minutes`, `1 h 50`."""
        if minutes is None or round(minutes) > LONGEST_IN_MINUTES:
            return self.duration(minutes)
        whole = round(minutes)
        if whole == 0:
            return self.say("less than a minute")
        return self.plural("{count} minute", "{count} minutes", whole).format(count=whole)

    def day(self, day: date) -> str:
        """Weekday and date in words."""
        return str(format_date(day, "EEEE d MMMM y", locale=self.locale))

    def date_of_source(self, date_text: str) -> str:
        """Write `2018-01-01` as 1 January 2018 and `2018-01` as January 2018 in this language; a year alone, or words, stay."""
        for rest, form in (("", "d MMMM y"), ("-01", "MMMM y")):
            try:
                day = date.fromisoformat(f"{date_text}{rest}")
            except ValueError:
                continue
            return str(format_date(day, form, locale=self.locale))
        return self.say_data(date_text)

    def clock(self, seconds: int) -> str:
        """Time of day: 9.00 in Dutch, 9:00 in English."""
        hours, rest = divmod(seconds // 60, MINUTES_PER_HOUR)
        return self.say("{hours}:{minutes:02d}").format(hours=hours, minutes=rest)

    def short_day(self, day: date) -> str:
        """Weekday, day and month, shortened for a list."""
        return str(format_date(day, "EEE d MMM", locale=self.locale))

    def span(self, start: int, end: int) -> str:
        """Hours from one time of day to another: 9-11 uur in Dutch, 9:00-11:00 in English."""
        return self.say("{start}-{end} h").format(start=self.clock(start), end=self.clock(end))

    def sentence_list(self, parts: tuple[str, ...]) -> str:
        """`a`, `a and b`, `a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


@cache
def texts_in(language: str) -> Texts:
    """Texts in `language`, read once; English needs no file because the code speaks it."""
    locale = Locale(language)
    path = TEXTS / f"{language}.po"
    if language == "en":
        return Texts(language, locale, Catalog(locale="en"))
    with path.open("rb") as file:
        return Texts(language, locale, read_po(file, locale=language))


def report_words(texts: Texts) -> Words:
    """Words of a written report: those of the data layers, with the numbers of the language."""
    symbols = texts.locale.number_symbols["latn"]
    return Words(texts.language, texts.say_data, symbols["group"], symbols["decimal"])


def plain(text: str) -> str:
    """Text that nobody checked (a name, a note, a source) for where Streamlit reads markup: all of it is shown as it is."""
    apart = ADDRESS.sub(WORD_JOINER, text)
    return MARKUP.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", apart)


def mark(text: str) -> str:
    """Mark a text that is kept in a table for translation later."""
    return text

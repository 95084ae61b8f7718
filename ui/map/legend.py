"""The legend below a map: every colour and mark in words.

Classes of minutes and of differences: breaks, colours, and what each class is called.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, TIMETABLE_MODES

STREET_BREAKS_MIN = (5, 10, 15, 30, 45)
TIMETABLE_BREAKS_MIN = (15, 30, 45, 60, 90)
MINUTE_COLOURS = ("#dbe9f6", "#b0d0e8", "#74afd6", "#3f88bf", "#1b5d9b", "#0b3266")
DIFFERENCE_BREAKS_MIN = (1, 5, 10)
BETTER_COLOURS = ("#c7eae5", "#5ab4ac", "#01665e")
WORSE_COLOURS = ("#f6e8c3", "#d8b365", "#8c510a")
SAME_COLOUR = "#f5f5f5"

MARKS = {
    "hub": ("dh-hub", mark("Hub in this scenario")),
    "path": ("dh-line dh-path", mark("New path or road")),
    "line": ("dh-line dh-bus", mark("New bus line")),
    "closed": ("dh-line dh-closed", mark("Closed street")),
    "limit": ("dh-line dh-limit", mark("Other speed limit")),
}
"""What a scenario may put on the map: its look, and its word."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of the legend; no colour means the hatch of places that are not reached."""

    colour: str | None
    text: str


def breaks_for(mode: str) -> tuple[int, ...]:
    """Upper ends of the classes in minutes; the same for every scenario shown together."""
    return TIMETABLE_BREAKS_MIN if mode in TIMETABLE_MODES else STREET_BREAKS_MIN


def minute_colour(minutes: float | None, mode: str) -> str | None:
    """Colour of a travel time, None where the place is not reached."""
    return None if minutes is None else MINUTE_COLOURS[bisect_left(breaks_for(mode), minutes)]


def difference_colour(before_min: float | None, after_min: float | None) -> str | None:
    """Colour of a change; reached for the first time or no longer counts as the largest change."""
    if before_min is None and after_min is None:
        return None
    if before_min is None:
        return BETTER_COLOURS[-1]
    if after_min is None:
        return WORSE_COLOURS[-1]
    size = bisect_right(DIFFERENCE_BREAKS_MIN, abs(after_min - before_min))
    colours = BETTER_COLOURS if after_min < before_min else WORSE_COLOURS
    return colours[size - 1] if size else SAME_COLOUR


def minutes_legend(mode: str, texts: Texts) -> tuple[LegendEntry, ...]:
    """Legend of travel times, shortest first."""
    breaks = breaks_for(mode)
    words = [texts.say("up to {minutes} min").format(minutes=breaks[0])]
    words += [texts.say("{low} to {high} min").format(low=low, high=high) for low, high in pairwise(breaks)]
    words.append(texts.say("more than {minutes} min").format(minutes=breaks[-1]))
    entries = [LegendEntry(colour, word) for colour, word in zip(MINUTE_COLOURS, words, strict=True)]
    return (*entries, LegendEntry(None, texts.say("not reached")))


def difference_legend(texts: Texts) -> tuple[LegendEntry, ...]:
    """Legend of differences, from much shorter to much longer."""
    one, five, ten = DIFFERENCE_BREAKS_MIN
    shorter = (
        texts.say("{low} to {high} min shorter").format(low=one, high=five),
        texts.say("{low} to {high} min shorter").format(low=five, high=ten),
        texts.say("{minutes} min shorter or more, or reached for the first time").format(minutes=ten),
    )
    longer = (
        texts.say("{low} to {high} min longer").format(low=one, high=five),
        texts.say("{low} to {high} min longer").format(low=five, high=ten),
        texts.say("{minutes} min longer or more, or no longer reached").format(minutes=ten),
    )
    better = [LegendEntry(colour, word) for colour, word in zip(BETTER_COLOURS, shorter, strict=True)]
    worse = [LegendEntry(colour, word) for colour, word in zip(WORSE_COLOURS, longer, strict=True)]
    same = LegendEntry(SAME_COLOUR, texts.say("less than a minute"))
    return (*reversed(better), same, *worse, LegendEntry(None, texts.say("not reached before or after")))


def area_difference_legend(texts: Texts) -> tuple[LegendEntry, ...]:
    """Legend of land that comes within reach, and that no longer is."""
    return (
        LegendEntry(BETTER_COLOURS[1], texts.say("comes within reach")),
        LegendEntry(WORSE_COLOURS[1], texts.say("no longer within reach")),
    )


def legend_html(entries: tuple[LegendEntry, ...], kind: str, marks: frozenset[str], texts: Texts) -> str:
    """Legend in words, with the letter of a kind and those of `MARKS` that are on the map."""
    drawn = "".join(f"<li>{_swatch(entry.colour)}{escape(entry.text)}</li>" for entry in entries)
    words, size = KINDS[kind], texts.say("A larger circle: more inhabitants")
    if any(entry.colour == SAME_COLOUR for entry in entries):
        size = texts.say("A larger circle: more inhabitants; places without a change are drawn small")
    letter, label = texts.say(words.letter).rpartition("|")[2], texts.say(words.label)
    drawn += (
        f'<li><span class="dh-dot"></span><span class="dh-letter">{escape(letter)}</span>{escape(label)}</li>'
    )
    for name, (look, word) in MARKS.items():
        if name in marks:
            drawn += f'<li><span class="{look}"></span>{escape(texts.say(word))}</li>'
    drawn += f"<li>{escape(size)}</li>"
    return f'<ul class="dh-legend">{drawn}</ul>'


def _swatch(colour: str | None) -> str:
    named = {None: "dh-hatch", SAME_COLOUR: "dh-same"}
    look = (
        f'class="dh-swatch {named[colour]}"'
        if colour in named
        else f'class="dh-swatch" style="background:{colour}"'
    )
    return f"<span {look}></span>"

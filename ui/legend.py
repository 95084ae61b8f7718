"""The legend below a map: every colour and mark in words."""

from __future__ import annotations

from html import escape

from ui.classes import SAME_COLOUR, LegendEntry
from ui.words.i18n import Texts
from ui.words.words import KINDS


def legend_html(entries: tuple[LegendEntry, ...], kind: str, texts: Texts) -> str:
    """Legend in words, with the letter of a kind and the mark of a hub."""
    drawn = "".join(f"<li>{_swatch(entry.colour)}{escape(entry.text)}</li>" for entry in entries)
    words, hub, size = (
        KINDS[kind],
        texts.say("Hub in this scenario"),
        texts.say("A larger circle: more inhabitants"),
    )
    letter, label = texts.say(words.letter).rpartition("|")[2], texts.say(words.label)
    drawn += (
        f'<li><span class="dh-dot"></span><span class="dh-letter">{escape(letter)}</span>{escape(label)}</li>'
    )
    drawn += f'<li><span class="dh-hub"></span>{escape(hub)}</li><li>{escape(size)}</li>'
    return f'<ul class="dh-legend">{drawn}</ul>'


def _swatch(colour: str | None) -> str:
    named = {None: "dh-hatch", SAME_COLOUR: "dh-same"}
    look = (
        f'class="dh-swatch {named[colour]}"'
        if colour in named
        else f'class="dh-swatch" style="background:{colour}"'
    )
    return f"<span {look}></span>"

"""The accessibility statement: after the model of digitoegankelijk.nl, in so far as the tests of this app bear it out."""

from __future__ import annotations

from html import escape

import streamlit as st

from accessibility.world import World
from ui.sentences.statement import CHECKED, PARTS, SHORTFALLS, on_date, whom_to_tell
from ui.state import session
from ui.widgets import page_frame
from ui.words.i18n import Texts, plain


def page() -> None:
    """Read the language, draw the statement."""
    with page_frame.notices("statement") as world:
        pass
    render(world, session.texts())


def render(world: World, texts: Texts) -> None:
    """Draw the statement: where it stands, what was tested, what falls short, and whom to tell."""
    say = texts.say
    page_frame.top(f"{say('Accessibility statement')} · {world.region.title}", world, texts)
    page_frame.headline(say("Can everybody use this app?"), (say(PARTS["status"]), on_date(texts)))
    _list(say("What was tested, and how"), CHECKED, texts)
    _list(say("What falls short"), SHORTFALLS, texts)
    st.subheader(say("Something you cannot use? Tell us"), anchor=False)
    sentence = whom_to_tell(world.region.keeper, texts)
    st.write(plain(sentence))
    if world.region.keeper:
        words = say("Send it by e-mail to {address}").format(address=world.region.keeper)
        st.html(f'<a class="dh-button" href="mailto:{escape(world.region.keeper)}">{escape(words)}</a>')
    st.subheader(say("What it is measured by"), anchor=False)
    st.write(plain(say(PARTS["norm"])))


def _list(title: str, sentences: tuple[str, ...], texts: Texts) -> None:
    st.subheader(title, anchor=False)
    items = "".join(f"<li>{escape(texts.say(sentence))}</li>" for sentence in sentences)
    st.html(f'<ul class="dh-changes">{items}</ul>')

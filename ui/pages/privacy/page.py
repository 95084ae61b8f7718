"""What is kept of a visitor, where and for how long; and the button with which a browser forgets its keys."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from accessibility.world import World
from ui.map.background import load_sources, offered
from ui.sentences import privacy
from ui.state import session
from ui.widgets import owner_keys, page_frame
from ui.words.i18n import Texts


def page() -> None:
    """Read the language, draw the page."""
    with page_frame.notices("privacy") as world:
        pass
    render(world, session.texts())


def render(world: World, texts: Texts) -> None:
    """Draw what is kept on the server, in the browser and by others, and the button below it."""
    say = texts.say
    page_frame.top(f"{say('Privacy')} · {world.region.title}", world, texts)
    page_frame.headline(say("What does this app keep of you?"), (say(privacy.SHORT),))
    pictures = offered(world.region.crs, load_sources())
    others = (sentence for sentence in privacy.BY_OTHERS if pictures or "{server}" not in sentence)
    _list(say("On the server"), map(say, privacy.ON_THE_SERVER))
    _list(say("In your browser"), map(say, privacy.IN_YOUR_BROWSER))
    _list(say("By others"), (say(one).format(server=pictures.name if pictures else "") for one in others))
    owner_keys.draw(owner_keys.take)
    owner_keys.draw_forgetting(texts)


def _list(title: str, sentences: Iterable[str]) -> None:
    st.subheader(title, anchor=False)
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    st.html(f'<ul class="dh-changes">{items}</ul>')

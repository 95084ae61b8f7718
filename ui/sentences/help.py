"""Help and methods: short texts under headings that open, and the travellers with the sources of their pace."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accessibility.travellers import TRAVELLERS as PROFILES
from ui.words.i18n import Texts, mark
from ui.words.words import TRAVELLERS

METHODS = (
    (
        mark("What the pages are for"),
        mark(
            "My village tells a resident how far the services are and what a closure or a hub would change. Compare tells a "
            "councillor who gains, who loses and what it costs. Design is for planners: change something and see what happens. "
            "Where a hub? lets the computer propose sites."
        ),
    ),
    (
        mark("How the times are worked out"),
        mark(
            "Every time goes from door to door over streets and paths, and by bus or train with the timetable of the day in the "
            "bar above: walking to the stop, waiting, riding, changing and walking on. It is exact for the data used. With "
            "the bus the ordinary time is the middle one over every minute of departure in the chosen hours."
        ),
    ),
    (
        mark("Well planned, ordinary, just missed"),
        mark(
            "Well planned is leaving at the best minute of an hour, just missed at the worst, ordinary is in the middle. All "
            "three count waiting as it is felt: from the moment one wants to leave."
        ),
    ),
    (
        mark("Village hub and travel hub"),
        mark(
            "A village hub (dorpshub) brings services together in a village. A travel hub (reishub) is a place to change to "
            "another vehicle. This app is about village hubs."
        ),
    ),
    (
        mark("About fifteen minutes for the GP"),
        mark(
            "The well-known fifteen minutes say how quickly a GP must reach an urgent patient. They are no norm for how far "
            "people may travel. The limit of minutes in this app is a choice of whoever uses it."
        ),
    ),
    (
        mark("Privacy and links"),
        mark(
            "The app keeps no personal data, and your browser asks nothing of other computers unless you switch on the background "
            "map. What you choose and change is in the link of the page: whoever gets the link sees the same. Only what you keep "
            "in the library is stored, and regions with data of your own."
        ),
    ),
)


def draw(texts: Texts) -> None:
    """Draw the help."""
    st.subheader(texts.say("Help and methods"), anchor=False)
    for title, text in METHODS:
        with st.expander(texts.say(title)):
            st.write(texts.say(text))
    with st.expander(texts.say("The travellers and where their pace comes from")):
        st.table(
            pd.DataFrame(
                {
                    texts.say("Who travels"): [texts.say(TRAVELLERS[of.id].label) for of in PROFILES],
                    texts.say("Longest walk to a stop (min)"): [
                        texts.number(of.walk_max_s / 60) for of in PROFILES
                    ],
                    texts.say("Time to change (min)"): [
                        texts.number(of.min_transfer_s / 60) for of in PROFILES
                    ],
                    texts.say("Source"): [texts.say_data(of.source) for of in PROFILES],
                }
            ).set_index(texts.say("Who travels"))
        )

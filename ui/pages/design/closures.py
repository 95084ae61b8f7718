"""The stress test on the page "Design": every service of the chosen kind closed by itself, the worst first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui.state import cache, session
from ui.views.design import DesignView
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts
from ui.words.words import KINDS

N_SHOWN = 15


def draw(world: World, view: DesignView, texts: Texts) -> None:
    """Offer the test, and draw its table once it was asked for."""
    title = texts.say("What if one closes? Each {service} in turn").format(
        service=texts.say(KINDS[view.kind].label)
    )
    with st.expander(title):
        if view.kind not in world.facilities.kind:
            st.write(texts.say("There is none to close."))
            return
        if not st.toggle(texts.say("Work it out"), key="stress"):
            return
        table = cache.stressed(world, session.visit().scenario, view.kind, view.mode)
        plain_table(stress_rows(table.head(N_SHOWN), texts))
        st.caption(
            texts.say("The worst first: most people left without, then most minutes added to all together.")
        )


def stress_rows(table: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    """Rows of the stress test in words."""
    say = texts.say
    return pd.DataFrame(
        {
            say("Closed"): table["closed"].tolist(),
            say("Inhabitants with a longer trip"): list(map(texts.number, table["people_affected"].tolist())),
            say("Of these 75 and older"): list(map(texts.number, table["people_75plus_affected"].tolist())),
            say("Minutes longer on average"): [
                "\u2013" if pd.isna(added) else texts.decimal(added / 60)
                for added in table["added_s"].tolist()
            ],
            say("Left without"): list(map(texts.number, table["people_left_without"].tolist())),
            say("Worst in"): table["worst_place"].tolist(),
        }
    ).set_index(say("Closed"))

"""The page "About the data": where each layer came from, and what was assumed, repaired or left out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui.pages.data import data_quality, monitoring, share, upload
from ui.sentences import help as help_texts
from ui.sentences.design import counting_sentence, layer_name
from ui.sentences.services import dates_of, position_of
from ui.state import session
from ui.views.design import basis_of
from ui.views.services import kinds_by_origin
from ui.widgets import page_frame
from ui.widgets.findings import draw_findings
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts
from ui.words.words import KINDS, ORIGINS


def page() -> None:
    """Read the language, draw the sources and the report."""
    with page_frame.notices("about") as world:
        pass
    render(world, session.texts())


def render(world: World, texts: Texts) -> None:
    """Draw the page."""
    say, region = texts.say, world.region
    title = say("About the data")
    page_frame.top(f"{title} · {region.title}", world, texts)
    modelled = [layer for layer in region.layers if layer.origin == "modelled"]
    sentence = (
        say(
            "{modelled} of the {total} layers are modelled, wholly or in part; every figure that rests on them says so."
        )
        if modelled
        else say("All {total} layers are observed.")
    )
    page_frame.headline(
        say("What is observed, and what is modelled?"),
        (
            sentence.format(modelled=len(modelled), total=len(region.layers)),
            say(
                "Observed means: taken from a source. Modelled means: made by a rule, because no open source was at hand."
            ),
            counting_sentence(basis_of(world, "transit"), texts),
        ),
    )
    upload.draw(world, texts)
    share.draw(world, texts)
    help_texts.draw(texts)
    st.subheader(say("Sources"), anchor=False)
    sources = {
        say("Layer"): [layer_name(layer.layer, texts) for layer in region.layers],
        say("Origin"): [say(ORIGINS[layer.origin]) for layer in region.layers],
        say("Source"): [texts.say_data(layer.source) for layer in region.layers],
        say("Date"): [texts.date_of_source(layer.date) for layer in region.layers],
        say("Licence"): [texts.say_data(layer.licence) for layer in region.layers],
        say("Note"): [texts.say_data(layer.note) for layer in region.layers],
    }
    plain_table(pd.DataFrame(sources).set_index(say("Layer")))
    _services(world, texts)
    _findings(world, texts)
    data_quality.draw(world, texts)
    monitoring.draw(world, texts)


def _services(world: World, texts: Texts) -> None:
    """Draw what of each kind of service is observed, and what is modelled."""
    say, rows = texts.say, kinds_by_origin(world.facilities, tuple(KINDS))
    if not rows:
        return
    st.subheader(say("Services: observed and modelled"), anchor=False)
    table = {
        say("Service"): [say(KINDS[row.kind].label) for row in rows],
        say("Observed"): [texts.number(row.observed) for row in rows],
        say("Modelled"): [texts.number(row.modelled) for row in rows],
        say("Date"): [dates_of(row, texts) for row in rows],
        say("Position"): [position_of(row, texts) for row in rows],
    }
    st.table(pd.DataFrame(table).set_index(say("Service")))


def _findings(world: World, texts: Texts) -> None:
    """Draw what was assumed, repaired or left out."""
    say, report = texts.say, world.report
    st.subheader(say("What was assumed, repaired or left out"), anchor=False)
    if report.findings:
        draw_findings(report, texts)
    else:
        st.write(say("Nothing: all data could be used as it was."))

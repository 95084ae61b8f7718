"""Parts of the page "Compare": the maps, totals beside each other, municipalities, how sure it is, and the PDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui.map import layers
from ui.map.component import draw_map
from ui.pages.compare.view import Compared
from ui.paper.pdf import pdf
from ui.sentences.compare import sure_sentence
from ui.sentences.design import headline
from ui.sentences.edits import opening
from ui.state import cache, session
from ui.views.compare import CompareView
from ui.widgets.comparison_report import areas_table, report
from ui.widgets.tables import picked_rows
from ui.words.i18n import Texts


@dataclass(slots=True)
class AskedBands:
    """Keys of the scenarios of which it was asked how sure they are."""

    keys: set[str] = field(default_factory=set)


def names(compared: Compared, texts: Texts) -> tuple[str, ...]:
    """What the scenarios are called: by their own names, or by what they change; never two alike."""
    found: list[str] = []
    for scenario, view in zip(compared.scenarios, compared.views, strict=True):
        name = scenario.name or opening(view.design.edits, texts) or texts.say("No changes")
        found.append(name if name not in found else f"{name} ({len(found) + 1})")
    return tuple(found)


def totals(compared: Compared, names: tuple[str, ...], texts: Texts) -> pd.DataFrame:
    """The scenarios beside each other in numbers."""
    say, views = texts.say, compared.views
    return pd.DataFrame(
        {
            say("Scenario"): list(names),
            say("Within {limit} minutes").format(limit=views[0].design.limit_min): [
                texts.number(view.all_ages.after) for view in views
            ],
            say("Of these 75 and older"): [texts.number(view.old.after) for view in views],
            say("Gain"): [texts.number(view.design.inhabitants_with("shorter", "won")) for view in views],
            say("Lose"): [texts.number(view.design.inhabitants_with("longer", "lost")) for view in views],
            say("Euros a year"): [
                texts.number(view.cost_per_year) if view.cost_per_year else "\u2013" for view in views
            ],
        }
    ).set_index(say("Scenario"))


def areas(view: CompareView, texts: Texts) -> None:
    """Draw the municipalities."""
    st.subheader(texts.say("By municipality"), anchor=False)
    st.table(areas_table(view, texts))


def sure(world: World, compared: Compared, texts: Texts) -> None:
    """Offer to work out how sure the comparison is, and say it."""
    scenario = compared.scenarios[0]
    st.subheader(texts.say("If it turns out worse"), anchor=False)
    if scenario.key in session.visit().of(AskedBands).keys:
        design = compared.views[0].design
        st.write(sure_sentence(cache.sure(world, scenario, design.kind, design.mode, texts), texts))
        st.caption(
            texts.say(
                "The comparison was made again and again with other walking speeds, change times, car speeds and places of "
                "modelled services, before and after alike."
            )
        )
        return
    st.write(
        texts.say(
            "How sure are these figures when the assumptions are off? Working it out takes about a minute."
        )
    )
    st.button(texts.say("Work out how sure it is"), key="band", on_click=_ask_for_band, args=(scenario.key,))


def _ask_for_band(key: str) -> None:
    session.act().of(AskedBands).keys.add(key)


def pdf_button(world: World, view: CompareView, name: str, texts: Texts) -> None:
    """Offer the comparison as an A4 PDF, typeset only when it is asked for."""
    st.download_button(
        texts.say("Download as PDF (A4)"),
        lambda: pdf(report(world, view, name, texts)),
        "dorpshub.pdf",
        "application/pdf",
        icon=":material/picture_as_pdf:",
        on_click="ignore",
    )


def maps_beside(world: World, compared: Compared, names: tuple[str, ...], texts: Texts) -> None:
    """One map, or several that move together, with one legend."""
    label = texts.say("Map of {region}. Arrow keys move, plus and minus zoom.")
    columns = st.columns(min(len(compared.views), 2))
    for number, (name, view) in enumerate(zip(names, compared.views, strict=True)):
        with columns[number % 2]:
            if len(compared.views) > 1:
                st.html(
                    f'<p class="dh-details"><b>{escape(name)}</b>: {escape(headline(view.design, texts))}</p>'
                )
            data = layers.map_data(
                world,
                view.design,
                "difference",
                texts,
                label,
                comparison=cache.of_cells(world, compared.scenarios[number], session.visit().choices),
                picked=picked_rows(view.design),
            ) | {"linked": True}
            draw_map(cache.base_layers(world), data, f"compare-map-{number}", lambda: None)
    st.html(layers.legend_box(compared.views[0].design, "difference", texts))

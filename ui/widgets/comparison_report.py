"""A comparison as it goes on paper, from the page of the councillor and that of the planner alike."""

from __future__ import annotations

import pandas as pd

from accessibility.world import World
from ui.map import layers
from ui.map.svg import svg_map
from ui.paper.pdf import Report, Table
from ui.sentences.compare import three_sentences
from ui.sentences.design import basis_sentence, headline, modelled_sentence
from ui.sentences.edits import edit_title
from ui.views.compare import CompareView
from ui.widgets.tables import order
from ui.words.i18n import Texts

N_ON_PAPER = 12


def areas_table(view: CompareView, texts: Texts) -> pd.DataFrame:
    """Winners and losers by municipality."""
    say = texts.say
    return pd.DataFrame(
        {
            say("Municipality"): [area.name for area in view.areas],
            say("Inhabitants"): [texts.number(area.within.people_after) for area in view.areas],
            say("Within, now"): [texts.number(area.within.before) for area in view.areas],
            say("Within, with the changes"): [texts.number(area.within.after) for area in view.areas],
            say("Gain"): [texts.number(area.winners) for area in view.areas],
            say("Lose"): [texts.number(area.losers) for area in view.areas],
            say("Mean change (min)"): [texts.decimal(area.mean_change_min) for area in view.areas],
        }
    ).set_index(say("Municipality"))


def report(world: World, view: CompareView, name: str, texts: Texts) -> Report:
    """Everything of a comparison that goes on paper."""
    design = view.design
    rows = [row for row in sorted(design.rows, key=order) if row.change not in {"same", "never"}]
    places = tuple(
        (
            row.name,
            texts.number(row.inhabitants),
            texts.duration(row.before_min),
            texts.duration(row.after_min),
        )
        for row in rows[:N_ON_PAPER]
    )
    area_rows = areas_table(view, texts).reset_index()
    head = tuple(map(str, area_rows.columns))
    tables = [
        Table(
            texts.say("By municipality"), head, tuple(map(tuple, area_rows.astype(str).to_numpy().tolist()))
        )
    ]
    if places:
        columns = tuple(texts.say(column) for column in ("Place", "Inhabitants", "Now", "With the changes"))
        tables.insert(0, Table(texts.say("Largest changes"), columns, places))
    notes = (basis_sentence(design.basis, design.mode, texts), modelled_sentence(design.basis, texts))
    sources = tuple(
        f"{texts.say_data(layer.source)}, {texts.date_of_source(layer.date)}" for layer in design.basis.layers
    )
    return Report(
        language=texts.language,
        kicker=f"Dorpshub · {world.region.title}",
        title=name,
        changes=tuple(edit_title(edit, texts) for edit in design.edits),
        sentences=(headline(design, texts), *three_sentences(view, texts)),
        map_svg=svg_map(world, design, "difference", layers.legend(design, "difference", texts)),
        tables=tuple(tables),
        notes=tuple(
            filter(None, (*notes, texts.say("Sources: {sources}.").format(sources="; ".join(sources))))
        ),
    )

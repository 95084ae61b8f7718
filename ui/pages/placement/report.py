"""The page "Where a hub?" on paper: the answer, its sites on the map, and what it was weighed against so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from accessibility.world import World
from ui.pages.placement.answer import alternatives_table, alternatives_title, notes, sites_table
from ui.paper import parts as on_paper
from ui.paper.pdf import Part, Report, Sentences
from ui.sentences.placement import placement_details, placement_headline
from ui.views.placement.answer import PlacementView
from ui.words.i18n import Texts


def report(
    world: World,
    view: PlacementView,
    weighed: tuple[Part, ...],
    address: str,
    made: date,
    texts: Texts,
) -> Report:
    """The proposal on paper; `weighed` is what the page shows of other choices and other assumptions."""
    title, answer = texts.say("Where a hub?"), placement_headline(view, texts)
    shown = replace(view.design, edits=(*view.kept, *view.design.edits))
    told: list[Part] = [
        Sentences((answer, *placement_details(view, texts))),
        on_paper.map_of(world, shown, "difference", answer, texts),
    ]
    if view.found.sites:
        told.append(on_paper.table_of(texts.say("Proposed sites"), sites_table(view, texts)))
    if view.found.alternatives:
        told.append(on_paper.table_of(alternatives_title(view.found, texts), alternatives_table(view, texts)))
    if said := notes(view, texts):
        told.append(Sentences(said))
    told += weighed
    told += on_paper.largest_changes(view.design, texts.say("Largest changes"), texts)
    return on_paper.report(world, title, told, (view.design.basis, view.rests_on), address, made, texts)

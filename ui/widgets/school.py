"""School days on the pages: of one village, and of the whole region with who moves to which school."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from accessibility.world import World
from data.parameters.school_days import load_school_days
from scenarios.edits.scenario import Scenario
from ui.paper.parts import table_of
from ui.paper.pdf import Part, Sentences
from ui.sentences.school import basis_sentence, region_sentences, village_sentences
from ui.state import cache, session
from ui.views.school import RegionSchool, region_school, school_kind, village_school
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts
from ui.words.words import AT_SCHOOL


def asked_kind(world: World) -> str:
    """Kind of school that a page tells of: the one that is chosen, or the first where one must be at school by the bell; "" for none."""
    choices, kinds = session.visit().choices, load_school_days(world.region.folder).kinds
    first = kinds[0].kind if choices.hours == AT_SCHOOL else ""
    kind = school_kind(kinds, choices.kind) or first
    return kind if world.knows(kind) else ""


def of_village(world: World, scenario: Scenario, row: int, texts: Texts) -> tuple[Part, ...]:
    """Draw how the pupils of a village get to school; gives what it shows for paper, nothing where it is not asked."""
    kind = asked_kind(world)
    if not kind:
        return ()
    view = village_school(cache.school_answer(world, scenario, kind), row)
    told = village_sentences(view, texts)
    return _told(told, basis_sentence(view.basis, texts), texts)


def of_region(world: World, scenario: Scenario, texts: Texts) -> tuple[Part, ...]:
    """Draw for how many pupils school is far, and who moves; as `of_village`."""
    kind = asked_kind(world)
    if not kind:
        return ()
    view = region_school(cache.school_answer(world, scenario, kind))
    parts = _told(region_sentences(view, texts), basis_sentence(view.basis, texts), texts)
    if not view.moves:
        return parts
    table = moves_table(view, texts)
    plain_table(table)
    if (more := view.n_moves - len(view.moves)) > 0:
        st.caption(
            texts.plural("And {count} smaller move.", "And {count} smaller moves.", more).format(
                count=texts.number(more)
            )
        )
    return (*parts, table_of("", table))


def _told(sentences: tuple[str, ...], basis: str, texts: Texts) -> tuple[Part, ...]:
    title = texts.say("In time at school")
    st.subheader(title, anchor=False)
    st.html(f'<p class="dh-details">{escape(" ".join(sentences))}</p>')
    st.html(f'<p class="dh-basis">{escape(basis)}</p>')
    return (Sentences((f"{title}.", *sentences, basis)),)


def moves_table(view: RegionSchool, texts: Texts) -> pd.DataFrame:
    """One row per pair of schools between which pupils move."""
    say, none = texts.say, texts.say("no school")
    return pd.DataFrame(
        {
            say("From school"): [of.from_school or none for of in view.moves],
            say("To school"): [of.to_school or none for of in view.moves],
            say("Pupils"): [texts.number(of.pupils) for of in view.moves],
            say("Of those counted"): [
                say("unknown") if of.counted is None else texts.number(of.counted) for of in view.moves
            ],
            say("By bike, now"): [texts.duration(of.before_min) for of in view.moves],
            say("By bike, then"): [texts.duration(of.after_min) for of in view.moves],
        }
    ).set_index(say("From school"))

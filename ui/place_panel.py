"""Parts of the page "Where a hub?": the question, the proposal, and what would do nearly as well."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui import acts, session
from ui.controls import pick_kind_and_mode
from ui.i18n import Texts, mark
from ui.links import AIMS, MOST_HUBS, Choices
from ui.place_views import PlaceView
from ui.words import KINDS, MODES

AIM_WORDS = {
    "median": mark("Shortest trip for all together"),
    "coverage": mark("Most people within the limit"),
    "worst": mark("Best for who is worst off"),
}
SITE_WORDS = {"places": mark("In any village"), "village_hall": mark("In a village hall")}


def question(world: World, choices: Choices, texts: Texts) -> None:
    """Draw what can be asked."""
    modes = tuple(mode.name for mode in world.modes)
    pick_kind_and_mode(session.hub_kinds(world), modes, choices, texts)
    number, aim, sites = st.columns([1, 2, 2])
    with number:
        st.session_state["choose-hubs"] = choices.hubs
        st.number_input(
            texts.say("Hubs"),
            1,
            MOST_HUBS,
            key="choose-hubs",
            on_change=session.choose,
            args=("hubs", "choose-hubs"),
        )
    with aim:
        _choose(texts.say("Aim"), "aim", {name: texts.say(AIM_WORDS[name]) for name in AIMS}, choices.aim)
    with sites:
        halls = {"village_hall"} & set(world.facilities.kind)
        words = {
            name: texts.say(word) for name, word in SITE_WORDS.items() if name == "places" or name in halls
        }
        _choose(texts.say("Where they may stand"), "sites", words, choices.sites)


def _choose(label: str, name: str, words: dict[str, str], chosen: str) -> None:
    key = f"choose-{name}"
    st.session_state[key] = chosen if chosen in words else next(iter(words))
    st.selectbox(
        label,
        tuple(words),
        key=key,
        format_func=lambda option: words[option],
        on_change=session.choose,
        args=(name, key),
    )


def answer_sentence(found: PlaceView, texts: Texts) -> str:
    """Say what the proposal does on average and for the worst-off, and how good it is proved to be."""
    sentence = texts.say(
        "On average it is then {after} {travelling} to {service}, now {before}; from the place that is worst off {worst}, now "
        "{worst_before}."
    )
    said = sentence.format(
        after=_minutes(found.mean_after_min, texts),
        before=_minutes(found.mean_before_min, texts),
        worst=texts.minutes_in_words(found.worst_after_min),
        worst_before=texts.minutes_in_words(found.worst_before_min),
        travelling=texts.say(MODES[found.mode].travelling),
        service=texts.say(KINDS[found.kind].the),
    )
    sure = texts.say("It is proved that no other choice out of {sites} sites is better.")
    if not found.is_proved:
        sure = texts.say("Another choice out of {sites} sites could be better by at most {gap}.")
    return f"{said} {sure.format(sites=texts.number(found.n_sites), gap=texts.percent(found.gap_share))}"


def _minutes(minutes: float | None, texts: Texts) -> str:
    if minutes is None:
        return texts.say("not reached")
    return texts.say("{minutes} minutes").format(minutes=texts.decimal(minutes))


def proposal(found: PlaceView, texts: Texts) -> None:
    """Draw the chosen sites, the button that makes a scenario of them, and the runners-up."""
    say = texts.say
    st.table(
        pd.DataFrame(
            {
                say("Proposed site"): [site.name for site in found.sites],
                say("Inhabitants for whom it is the nearest"): [
                    texts.number(site.people) for site in found.sites
                ],
            }
        ).set_index(say("Proposed site"))
    )
    with st.container(horizontal=True, gap="small"):
        st.button(
            say("Make it my scenario"),
            key="place-keep",
            type="primary",
            on_click=acts.take,
            args=(found.scenario,),
        )
        if not found.is_proved:
            st.button(say("Search on for the best"), key="place-prove", on_click=session.prove)
    if found.runners_up:
        with st.expander(say("What would do nearly as well")):
            st.table(
                pd.DataFrame(
                    {
                        say("Site"): [site.name for site in found.runners_up],
                        say("Instead of"): [site.instead_of for site in found.runners_up],
                        say("Worse by"): [texts.percent_fine(site.loss_share) for site in found.runners_up],
                    }
                ).set_index(say("Site"))
            )

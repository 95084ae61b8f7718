"""Parts of the page "Where a hub?": the question, the proposal, the search for the best, and the curve."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from accessibility.world import World
from ui import session, where_acts
from ui.controls import pick_kind_and_mode
from ui.i18n import Texts
from ui.links import LIMITS_MIN
from ui.watch import watch
from ui.where_ask import (
    AIMS,
    MOST_EUROS,
    MOST_HUBS,
    MOST_NAMED,
    MOST_PEOPLE,
    SHARES_PCT,
    SITE_LISTS,
    WHO,
)
from ui.where_search import Search
from ui.where_sentences import (
    AIM_WORDS,
    SITE_WORDS,
    WHO_WORDS,
    apart_sentence,
    curve_sentence,
    left_out_sentence,
    progress_sentence,
)
from ui.where_views import CurvePoint, Question, WhereView, last_year, site_list
from ui.words import MODES


def question(world: World, asked: Question, texts: Texts) -> None:
    """Draw what can be asked; what few people need is folded away."""
    ask, say = asked.ask, texts.say
    with st.container(key="where-question"):
        modes = tuple(mode.name for mode in world.modes if mode.name in MODES)
        pick_kind_and_mode(session.hub_kinds(world), modes, session.visit().choices, texts)
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            _choose(say("For whom"), "who", {who: say(WHO_WORDS[who]) for who in WHO}, ask.who)
        with right:
            _choose(say("What matters most"), "aim", {aim: say(AIM_WORDS[aim]) for aim in AIMS}, ask.aim)
        left, right = st.columns(2, vertical_alignment="bottom")
        with left:
            _how_many(asked, texts)
        with right:
            lists = {name: say(SITE_WORDS[name]) for name in SITE_LISTS}
            here = {"places", *world.facilities.kind}
            _choose(
                say("Where hubs may stand"),
                "sites",
                {name: word for name, word in lists.items() if name in here},
                ask.sites,
            )
        _limit(asked, texts)
        with st.expander(say("More conditions"), expanded=_has_conditions(asked)):
            _conditions(world, asked, texts)


def _has_conditions(asked: Question) -> bool:
    ask = asked.ask
    return bool(ask.fixed or ask.forbidden or ask.least or ask.cost or ask.budget or ask.year)


def _choose(label: str, name: str, words: dict[Any, str], chosen: str | int) -> None:
    key = f"ask-{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        tuple(words),
        key=key,
        format_func=lambda option: words[option],
        on_change=where_acts.choose,
        args=(name, key),
    )


def _how_many(asked: Question, texts: Texts) -> None:
    """Draw how many hubs there may be, or how many people they must serve."""
    if asked.ask.aim == "fewest":
        shares = {share: texts.percent(share / 100) for share in SHARES_PCT}
        _choose(texts.say("How many of them within the limit"), "share", shares, asked.ask.share)
        return
    st.session_state["ask-hubs"] = asked.ask.hubs
    st.select_slider(
        texts.say("How many hubs"),
        tuple(range(1, MOST_HUBS + 1)),
        key="ask-hubs",
        on_change=where_acts.choose,
        args=("hubs", "ask-hubs"),
    )


def _limit(asked: Question, texts: Texts) -> None:
    st.session_state["choose-limit"] = asked.limit_min
    st.select_slider(
        texts.say("Within how many minutes?"),
        LIMITS_MIN,
        key="choose-limit",
        format_func=lambda minutes: texts.say("{minutes} min").format(minutes=minutes),
        on_change=session.choose,
        args=("limit", "choose-limit"),
    )


def _conditions(world: World, asked: Question, texts: Texts) -> None:
    """Draw the sites that must or may not get a hub, what a hub needs and costs, and the year."""
    ask, say = asked.ask, texts.say
    sites = site_list(world, ask.sites)
    names = dict(sorted(zip(sites.id, sites.name, strict=True), key=lambda pair: pair[1]))
    _some(say("There must be a hub in"), "fixed", names, ask.fixed, texts)
    _some(say("There may be no hub in"), "forbidden", names, ask.forbidden, texts)
    _whole(
        say("Inhabitants for whom a hub must be the nearest, at least"), "least", MOST_PEOPLE, 100, ask.least
    )
    _whole(say("A hub costs, in euros a year (0: not known)"), "cost", MOST_EUROS, 5_000, ask.cost)
    _whole(
        say("There is for all hubs, in euros a year (0: no limit)"), "budget", MOST_EUROS, 5_000, ask.budget
    )
    if ask.budget and not ask.cost:
        st.caption(say("The budget counts as soon as you say what a hub costs."))
    if year := last_year(world):
        st.session_state["ask-year"] = bool(ask.year)
        st.toggle(
            say("Count with the inhabitants of {year} (a forecast)").format(year=year),
            key="ask-year",
            on_change=where_acts.count_in,
            args=("ask-year", year),
        )


def _some(label: str, name: str, names: dict[str, str], chosen: tuple[str, ...], texts: Texts) -> None:
    key = f"ask-{name}"
    st.session_state[key] = [id_ for id_ in chosen if id_ in names]
    st.multiselect(
        label,
        tuple(names),
        key=key,
        format_func=lambda id_: names[id_],
        max_selections=MOST_NAMED,
        placeholder=texts.say("Nothing chosen"),
        on_change=where_acts.choose,
        args=(name, key),
    )


def _whole(label: str, name: str, most: int, step: int, value: int) -> None:
    key = f"ask-{name}"
    st.session_state[key] = value
    st.number_input(
        label, 0, most, step=step, format="%d", key=key, on_change=where_acts.choose, args=(name, key)
    )


def proposal(world: World, view: WhereView, texts: Texts) -> None:
    """Draw the proposed sites, what to do with them, and the sites that would do as well."""
    say, found = texts.say, view.found
    st.subheader(say("Proposed sites"), anchor=False)
    if found.sites:
        head = say("Inhabitants for whom it is the nearest")
        if view.question.ask.who != "all":
            head = say("Of those asked about, it is the nearest for")
        rows = sorted(found.sites, key=lambda site: (-site.people, site.name))
        table = {
            say("Site"): [site.name for site in rows],
            head: [texts.number(site.people) for site in rows],
        }
        st.table(pd.DataFrame(table).set_index(say("Site")))
        st.button(
            say("Open in Design"),
            key="where-open",
            type="primary",
            icon=":material/edit_location_alt:",
            on_click=where_acts.open_in_design,
            args=(view,),
        )
    # A box that is always there: what comes and goes in it leaves the rest in its place.
    with st.container(key="where-search-box"):
        search(world, view.question, texts, is_certain=not found.gap_share, was_exact=not found.is_quick)
    _as_good(view, texts)
    notes = (apart_sentence(view.question, texts), left_out_sentence(view.left_out, texts))
    for note in filter(None, notes):
        st.html(f'<p class="dh-note">{escape(note)}</p>')


def search(world: World, asked: Question, texts: Texts, *, is_certain: bool, was_exact: bool) -> None:
    """Draw the button of the exact search, or how far it is."""
    under_way = where_acts.search_about(asked)
    if under_way is not None and not under_way.is_over:
        _watched(under_way, texts)
    elif under_way is not None and under_way.error is not None:
        st.warning(texts.say(where_acts.NO_ANSWER))
        with st.expander(texts.say("Details")):
            st.text(texts.say_data(str(under_way.error)))
    elif not is_certain:
        label = texts.say("Search on for the best choice")
        if was_exact:
            label = texts.say("Search once more")
        st.button(
            label,
            key="where-search",
            icon=":material/search:",
            on_click=where_acts.search_on,
            args=(world, asked),
        )


def _watched(under_way: Search[Any], texts: Texts) -> None:
    """Show how far a search is."""

    def sentence() -> str:
        return progress_sentence(under_way.last, is_waiting=under_way.is_waiting, texts=texts)

    watch(under_way, sentence, where_acts.stop, texts)


def _as_good(view: WhereView, texts: Texts) -> None:
    say, found = texts.say, view.found
    if not found.runners_up:
        return
    title = texts.plural(
        "{count} other site is as good within 1%",
        "{count} other sites are as good within 1%",
        found.n_as_good,
    )
    with st.expander(title.format(count=texts.number(found.n_as_good)), expanded=True):
        table = {
            say("Site"): [site.name for site in found.runners_up],
            say("Instead of"): [site.instead_of for site in found.runners_up],
            say("Worse by"): [texts.percent_fine(site.loss_share) for site in found.runners_up],
        }
        st.table(pd.DataFrame(table).set_index(say("Site")))
        if found.n_as_good > len(found.runners_up):
            st.caption(say("The best {count} of them.").format(count=len(found.runners_up)))


def curve(world: World, asked: Question, texts: Texts) -> None:
    """Draw what each number of hubs can do, once that was asked for."""
    st.subheader(texts.say("What does one more hub bring?"), anchor=False)
    under_way = where_acts.curve_about(asked)
    if under_way is None:
        st.write(
            texts.say("For each number of hubs the best choice is sought. That takes half a minute at most.")
        )
    if under_way is not None and not under_way.is_over:
        _watched(under_way, texts)
    elif under_way is not None and under_way.found:
        _drawn_curve(under_way.found, asked, texts)
    elif under_way is not None and under_way.error is not None:
        st.warning(texts.say(where_acts.NO_ANSWER))
    else:
        st.button(
            texts.say("Work out 1 to 10 hubs"),
            key="where-curve",
            icon=":material/show_chart:",
            on_click=where_acts.draw_curve,
            args=(world, asked),
        )


def curve_table(points: tuple[CurvePoint, ...], texts: Texts) -> pd.DataFrame:
    """One row per number of hubs: inhabitants who come within the limit, all within it, the most possible, euros a year."""
    say = texts.say
    table = {
        say("Hubs"): [point.hubs for point in points],
        say("More than now"): [point.people - point.now for point in points],
        say("Inhabitants"): [point.people for point in points],
        say("At most possible"): [point.most for point in points],
    }
    if any(point.euros for point in points):
        table[say("Euros a year")] = [round(point.euros) for point in points]
    return pd.DataFrame(table)


def _drawn_curve(points: tuple[CurvePoint, ...], asked: Question, texts: Texts) -> None:
    sentence = curve_sentence(points, asked, texts)
    st.html(f'<p class="dh-details">{escape(sentence)}</p>')
    table = curve_table(points, texts)
    hubs, people = texts.say("Hubs"), texts.say("More than now")
    separators = {"decimal": ",", "thousands": "."}
    if texts.language == "en":
        separators = {"decimal": ".", "thousands": ","}
    spec = {
        "height": 260,
        "description": sentence,
        "mark": {
            "type": "line",
            "point": {"size": 70, "color": "#0b5d59"},
            "color": "#0b5d59",
            "tooltip": True,
        },
        "encoding": {
            "x": {"field": hubs, "type": "ordinal", "axis": {"labelAngle": 0}},
            "y": {"field": people, "type": "quantitative", "scale": {"zero": True}, "axis": {"format": ",d"}},
            "tooltip": [
                {"field": name, "type": "quantitative", "format": ",d"} for name in map(str, table.columns)
            ],
        },
        "config": {"locale": {"number": {**separators, "grouping": [3], "currency": ["", ""]}}},
    }
    st.vega_lite_chart(table, spec, width="stretch")
    with st.expander(texts.say("The same as a table")):
        written = table.map(texts.number).set_index(hubs)
        st.table(written)

"""Forms of changes to people and to rides on demand on the page "Design", each with what it does."""

from __future__ import annotations

import streamlit as st
from msgspec import structs

from accessibility.digital import digital_reach
from accessibility.world import World
from data.errors import DorpshubError
from data.parameters.population import read_population_totals
from scenarios.edits.on_demand import AddOnDemand, DropOnDemand
from scenarios.edits.people import ChangeTraveller, ChangeYear, DigitalContacts
from ui.pages.design import actions
from ui.pages.design.actions import Drawing
from ui.sentences.edits import online_sentence
from ui.state import session
from ui.state.scenario_actions import add
from ui.views.design import DesignView
from ui.widgets.inputs import open_hours, read_hours, select
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, TRAVELLERS

AS_IN_THE_DATA = 0
"""Choice of the year of the data; with None the list would show nothing as chosen."""
NO_ZONE = mark(
    "First say where it rides: choose municipalities, or click on at least two corners on the map."
)
NO_SERVICE = mark("First choose which rides stop.")
FURTHEST_KM = 100.0
MOST_RIDES = 10_000_000


def year(world: World, view: DesignView, texts: Texts) -> None:
    """The inhabitants of another year."""
    del view
    try:
        totals = read_population_totals(world.region.folder)
    except DorpshubError:
        st.caption(texts.say("Of this region no forecast of its population is at hand."))
        return
    chosen = next(
        (edit.year for edit in session.visit().scenario.edits if isinstance(edit, ChangeYear)), AS_IN_THE_DATA
    )
    years = {AS_IN_THE_DATA: str(totals.base_year)}
    years |= {year: str(year) for year in range(totals.base_year + 1, totals.last_year + 1)}
    chosen = chosen if chosen in years else AS_IN_THE_DATA
    select(texts.say("Population of the year"), years, chosen, "year", _choose_year)


def _choose_year(widget: str) -> None:
    """Let the population be that of a year; 0 is that of the data."""
    if chosen := st.session_state[widget]:
        add(ChangeYear(year=int(chosen)))
    else:
        _drop(ChangeYear)


def _drop(kind: type[ChangeYear | ChangeTraveller]) -> None:
    """Take the change of a kind out that a scenario holds once."""
    state = session.act()
    edits = tuple(edit for edit in state.scenario.edits if not isinstance(edit, kind))
    if edits != state.scenario.edits:
        state.change(structs.replace(state.scenario, edits=edits), session.NOT_HERE)


def traveller(world: World, view: DesignView, texts: Texts) -> None:
    """Everybody travels as one group does."""
    del world, view
    edits = session.visit().scenario.edits
    chosen = next((edit.traveller for edit in edits if isinstance(edit, ChangeTraveller)), "")
    words = {"": texts.say("As chosen above")} | {
        name: texts.say(of.label) for name, of in TRAVELLERS.items()
    }
    select(
        texts.say("With the changes everybody travels as"), words, chosen, "as-traveller", _choose_traveller
    )


def _choose_traveller(widget: str) -> None:
    if chosen := st.session_state[widget]:
        add(ChangeTraveller(chosen))
    else:
        _drop(ChangeTraveller)


def digital(world: World, view: DesignView, texts: Texts) -> None:
    """A share of the visits for which nobody needs to travel, and whom that leaves out."""
    reach = digital_reach(world)
    st.caption(online_sentence(None if reach is None else reach.left_out, texts))
    st.slider(
        texts.say("Visits to {service} that go online, in percent").format(
            service=texts.say(KINDS[view.kind].the)
        ),
        0,
        100,
        20,
        5,
        key="digital-percent",
    )
    st.button(texts.say("Let them go online"), key="digital-done", on_click=_go_online, args=(view.kind,))


def _go_online(kind: str) -> None:
    add(DigitalContacts(kind, st.session_state["digital-percent"] / 100))


def on_demand(world: World, view: DesignView, texts: Texts) -> None:
    """A new service of rides on demand: where, when and with which rules."""
    del view
    say, drawn = texts.say, session.visit().of(Drawing).drawn
    st.text_input(say("Name of the service"), key="ride-name", max_chars=60)
    names = tuple(outline.name for outline in world.outlines)
    if names:
        st.multiselect(
            say("Rides in these municipalities"), names, key="ride-where", placeholder=say("Choose")
        )
    sentence = say("Or click the corners of its area on the map. Corners so far: {count}.")
    st.caption(sentence.format(count=texts.number(len(drawn))))
    if drawn:
        st.button(say("Last point back"), key="ride-back", on_click=actions.let_go)
    open_hours("ride", texts)
    lead, margin, detour = st.columns(3)
    lead.number_input(say("Book ahead (min)"), 0, 1440, 60, 15, key="ride-lead")
    margin.number_input(say("Waiting at most (min)"), 0, 120, 15, 5, key="ride-margin")
    detour.number_input(say("Times as long as by car"), 1.0, 3.0, 1.3, 0.1, key="ride-detour", format="%.1f")
    shortest, longest = st.columns(2)
    shortest.number_input(
        say("Shortest ride (km)"), 0.0, FURTHEST_KM, 0.0, 1.0, key="ride-min", format="%.0f"
    )
    longest.number_input(
        say("Longest ride (km; empty: no limit)"), 1.0, FURTHEST_KM, None, 1.0, key="ride-max", format="%.0f"
    )
    st.number_input(
        say("Rides a year, for what it costs (empty: not known)"),
        0,
        MOST_RIDES,
        None,
        1000,
        key="ride-count",
        placeholder=say("not known"),
    )
    st.toggle(say("Only from stop to stop"), key="ride-stops")
    st.button(say("Add these rides"), key="ride-done", on_click=_add_rides)


def _add_rides() -> None:
    given, drawing = st.session_state, session.act().of(Drawing)
    name, where = str(given["ride-name"]).strip(), tuple(given.get("ride-where") or ())
    zone = drawing.drawn if len(drawing.drawn) > 1 else ()
    if not name:
        actions.tell(actions.NO_NAME)
    elif not where and not zone:
        actions.tell(NO_ZONE)
    else:
        add(
            AddOnDemand(
                name=name,
                municipalities=() if zone else where,
                zone=zone,
                at_stops=bool(given["ride-stops"]),
                hours=read_hours("ride"),
                lead_min=float(given["ride-lead"]),
                margin_min=float(given["ride-margin"]),
                min_km=float(given["ride-min"]),
                max_km=float(given["ride-max"] or 0.0),
                detour=float(given["ride-detour"]),
                rides_per_year=_rides(given.get("ride-count")),
            )
        )
        drawing.drawn = ()


def _rides(count: int | None) -> float | None:
    """Rides a year; None where nobody said how many, which is not none."""
    return None if count is None else float(count)


def no_on_demand(world: World, view: DesignView, texts: Texts) -> None:
    """Rides on demand that stop."""
    del view
    names = {service.id: service.name for service in world.network.on_demand.services}
    if not names:
        st.caption(texts.say("There are no rides on demand here."))
        return
    st.selectbox(
        texts.say("Which rides stop"),
        tuple(names),
        index=None,
        key="no-ride",
        format_func=lambda of: names.get(of, ""),
        placeholder=texts.say("Choose"),
    )
    st.button(texts.say("Drop these rides"), key="no-ride-done", on_click=_drop_rides)


def _drop_rides() -> None:
    if service := st.session_state.get("no-ride"):
        add(DropOnDemand(service))
    else:
        session.act()
        actions.tell(NO_SERVICE)

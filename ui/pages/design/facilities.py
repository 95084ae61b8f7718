"""Forms of changes to services on the page "Design", each with what it does."""

from __future__ import annotations

import numpy as np
import streamlit as st

from accessibility.world import World
from scenarios.edits.facilities import ChangeCapacity, ChangeOpening, CloseFacility, OpenFacility
from ui.pages.design import actions
from ui.pages.design.actions import Drawing
from ui.state import cache, session
from ui.state.scenario_actions import NextHub, add
from ui.views.design import DesignView, hub_kinds
from ui.widgets.inputs import open_hours, read_hours, select
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, NOT_FOR_HUBS

DEAREST = 10_000_000.0
LARGEST = 100.0
NO_OFFER = mark("A hub offers at least one service.")


def hub(world: World, view: DesignView, texts: Texts) -> None:
    """Where a click places a hub, what it offers and what it costs."""
    del view
    kinds, next_hub = hub_kinds(world), session.visit().of(NextHub)
    st.caption(texts.say("Click on the map, in a village or on open ground. A hub can be dragged elsewhere."))
    st.session_state["offers"] = list(next_hub.kinds(world))
    st.pills(
        texts.say("A new hub offers"),
        kinds,
        selection_mode="multi",
        key="offers",
        format_func=lambda kind: texts.say(KINDS[kind].label),
        on_change=_choose_offers,
        args=("offers",),
    )
    st.session_state["hub-cost"] = next_hub.cost_per_year
    st.number_input(
        texts.say("It costs, in euros a year (empty: as is assumed)"),
        min_value=0.0,
        max_value=DEAREST,
        step=5000.0,
        format="%.0f",
        key="hub-cost",
        placeholder=texts.say("as is assumed"),
        on_change=_choose_cost,
        args=("hub-cost",),
    )
    select(
        texts.say("Or in a village hall"),
        named(world, ("village_hall",)),
        None,
        "hub-in-hall",
        _place_hub_in_building,
        placeholder=texts.say("Choose a village hall"),
    )


def _choose_offers(widget: str) -> None:
    if st.session_state[widget]:
        session.act().of(NextHub).offers = tuple(st.session_state[widget])
    else:
        actions.tell(NO_OFFER)


def _choose_cost(widget: str) -> None:
    session.act().of(NextHub).cost_per_year = st.session_state[widget]


def _place_hub_in_building(widget: str) -> None:
    if building_id := st.session_state[widget]:
        add(actions.hub(session.region(), building_id=building_id))


def move(world: World, view: DesignView, texts: Texts) -> None:
    """What moves; the next click says where to."""
    del world
    moving = session.visit().of(Drawing).facility
    names = _of_kinds(view, "hub", view.kind)
    select(
        texts.say("Choose what moves, then click where to"),
        names,
        moving,
        "moving",
        actions.choose_facility,
        placeholder=texts.say("Choose what moves"),
    )


def opening(world: World, view: DesignView, texts: Texts) -> None:
    """A new service in a village of the list, or where one clicks."""
    del view
    kinds = tuple(
        kind for kind in KINDS if kind != "hub" and (kind in world.facilities.kind or kind in NOT_FOR_HUBS)
    )
    places = world.places
    rows = sorted(np.flatnonzero(places.in_region).tolist(), key=lambda row: places.name[row])
    names = {places.id[row]: places.name[row] for row in rows}
    st.caption(texts.say("Click on the map where it opens, or choose a village."))
    kind, place = st.columns(2)
    kind.selectbox(
        texts.say("Open"), kinds, key="open-kind", format_func=lambda of: texts.say(KINDS[of].label)
    )
    label, words = texts.say("in the village"), texts.say("Choose a village")
    with place:
        select(label, names, None, "open-place", _open, "open-kind", placeholder=words)


def _open(kind_widget: str, place_widget: str) -> None:
    kind, place_id = st.session_state[kind_widget], st.session_state[place_widget]
    if kind and place_id:
        row = session.region().places.id.index(place_id)
        name = actions.new_name(kind, {"layer": "places", "id": row})
        add(OpenFacility(kind=kind, name=name, place_id=place_id))


def closure(world: World, view: DesignView, texts: Texts) -> None:
    """A service that closes, in the list or where one clicks."""
    del world
    label = texts.say("Close {service}").format(service=texts.say(KINDS[view.kind].one))
    st.caption(texts.say("Click on its mark on the map, or choose it in the list."))
    words = texts.say("Choose what closes")
    select(label, _of_kinds(view, view.kind), None, "close", _close, placeholder=words)


def _close(widget: str) -> None:
    if facility_id := st.session_state[widget]:
        add(CloseFacility(facility_id))


def hours(world: World, view: DesignView, texts: Texts) -> None:
    """Other opening hours of a service or a hub."""
    del world
    _choose(view, texts)
    open_hours("hours", texts)
    st.button(texts.say("Change the hours"), key="hours-done", on_click=_change_hours)


def _change_hours() -> None:
    if facility_id := _chosen():
        add(ChangeOpening(facility_id, read_hours("hours")))


def size(world: World, view: DesignView, texts: Texts) -> None:
    """Another size of a service."""
    del world
    _choose(view, texts)
    label = texts.say("Size, in practices, tills or desks")
    st.number_input(label, 0.1, LARGEST, 1.0, 0.5, key="size-units", format="%.1f")
    st.button(texts.say("Change the size"), key="size-done", on_click=_change_size)


def _change_size() -> None:
    if facility_id := _chosen():
        add(ChangeCapacity(facility_id, float(st.session_state["size-units"])))


def _choose(view: DesignView, texts: Texts) -> None:
    st.caption(texts.say("Click on its mark on the map, or choose it in the list."))
    chosen, words = session.visit().of(Drawing).facility, texts.say("Choose a service")
    names = _of_kinds(view, view.kind)
    select(texts.say("Which service"), names, chosen, "facility", actions.choose_facility, placeholder=words)


def _chosen() -> str:
    """Id of the facility that is chosen; where none is, that is said."""
    facility_id = session.act().of(Drawing).facility
    if not facility_id:
        actions.tell(actions.NO_SERVICE)
    return facility_id


def _of_kinds(view: DesignView, *kinds: str) -> dict[str, str]:
    """Names of what stands of some kinds with the changes, by id; a hub's own services go along with it."""
    del view
    state = session.visit()
    return named(cache.with_scenario(session.region(), state.scenario), kinds)


def named(world: World, kinds: tuple[str, ...]) -> dict[str, str]:
    """Names of all facilities of some kinds by their ids, in order of their names."""
    facilities = world.facilities
    rows = [
        row
        for row, (kind, id_) in enumerate(zip(facilities.kind, facilities.id, strict=True))
        if kind in kinds and "/" not in id_
    ]
    return {
        facilities.id[row]: facilities.name[row] for row in sorted(rows, key=lambda row: facilities.name[row])
    }

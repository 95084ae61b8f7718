"""What is asked for by name: modes, kinds, travellers and places. A name that is unknown is refused, with the right ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from accessibility.travel_network import Points
from accessibility.travel_times import MODES, TAKING_ALONG, TravelMode
from accessibility.travellers import TRAVELLERS, Traveller
from accessibility.world import NOT_IN_DATA, World
from data.clock import clock_text
from data.errors import InputError, did_you_mean, nearest
from data.parameters.facility_kinds import load_facility_kinds
from network.transit.departures import Window

ALL_MODES = {mode.name: mode for mode in (*MODES, *TAKING_ALONG)}
N_LIKE = 8


def modes_named(names: Iterable[str]) -> list[TravelMode]:
    """Modes of these names, each once, with the limits of an adult; InputError for an unknown one or none at all."""
    asked = list(dict.fromkeys(names))
    _refuse("modes", asked, ALL_MODES)
    if not asked:
        msg = f"No mode is named. Modes are {', '.join(ALL_MODES)}."
        raise InputError(msg)
    return [ALL_MODES[name] for name in asked]


def modes_in(world: World) -> tuple[str, ...]:
    """Names of the modes that can be chosen: those of the traveller, on-demand rides only where there is such a service."""
    has_on_demand = bool(world.network.on_demand.services)
    return tuple(mode.name for mode in world.modes if has_on_demand or not mode.on_demand)


def mode_or_none(world: World, name: str) -> TravelMode | None:
    """Mode within the limits of the world's traveller, None where he or she does not have it.

    Raises
    ------
    InputError
        When no mode is called so.

    """
    _refuse("modes", [name], ALL_MODES)
    along = tuple(mode for mode in TAKING_ALONG if mode.street in world.traveller.modes)
    return next((mode for mode in (*world.modes, *along) if mode.name == name), None)


def mode_of(world: World, name: str) -> TravelMode:
    """Mode within the limits of the world's traveller; InputError where there is none, or he or she does not have it."""
    mode = mode_or_none(world, name)
    if mode is None:
        msg = (
            f"Traveller '{world.traveller.id}' does not have the mode '{name}', but {', '.join(modes_in(world))}. "
            "Choose one of these, or another traveller."
        )
        raise InputError(msg)
    return mode


def kinds_named(names: Iterable[str], *worlds: World) -> list[str]:
    """Kinds of these names, or all that occur in any of the worlds, in the order of the table of kinds.

    Raises
    ------
    InputError
        When no kind is called so.

    """
    known, asked = load_facility_kinds().ids, list(names)
    _refuse("kinds", asked, known)
    occurring = {kind for world in worlds for kind in world.facilities.kind}
    return asked or [kind for kind in known if kind in occurring]


def traveller_named(name: str) -> Traveller:
    """Traveller of that id; InputError when there is none."""
    known = {traveller.id: traveller for traveller in TRAVELLERS}
    _refuse("travellers", [name], known)
    return known[name]


def place_row(world: World, text: str) -> int:
    """Row of the place with this id, or of the only one with this name; InputError with the ids of places like it."""
    places = world.places
    named = [row for row, name in enumerate(places.name) if name.casefold() == text.casefold()]
    if text in places.id:
        named = [places.id.index(text)]
    if len(named) != 1:
        like = named or [row for row, name in enumerate(places.name) if text.casefold() in name.casefold()]
        ids = ", ".join([places.id[row] for row in like[:N_LIKE]] or nearest(text, places.id)) or "none"
        msg = f"There must be one place called '{text}', by id or name. Ids like it: {ids}."
        raise InputError(msg)
    return named[0]


def check_known(world: World, kind: str) -> None:
    """Refuse to work out trips to a kind of which it is unknown where it is: nobody would seem to reach one."""
    if not world.knows(kind):
        msg = f"Where a {kind} is, is unknown: it is {NOT_IN_DATA}. Name a kind that is, or add them to the facilities."
        raise InputError(msg)


def targets_named(world: World, text: str) -> tuple[tuple[str, ...], Points]:
    """Names and points of all facilities of a kind, of one facility by its id or name, or of one place."""
    facilities = world.facilities
    for column in (facilities.kind, facilities.id, facilities.name):
        rows = [row for row, of in enumerate(column) if of == text]
        if len(rows) == 1 or (rows and column is facilities.kind):
            names = tuple(facilities.name[row] for row in rows)
            return names, Points(facilities.x_m[rows], facilities.y_m[rows])
    if text in load_facility_kinds().ids:
        check_known(world, text)
    try:
        row = place_row(world, text)
    except InputError as error:
        meant = did_you_mean(text, load_facility_kinds().ids)
        meant = meant or did_you_mean(text, [*facilities.id, *facilities.name])
        if not meant:
            raise
        raise InputError(f"{error}{meant}") from error
    return (world.places.name[row],), Points(world.places.x_m[[row]], world.places.y_m[[row]])


def _refuse(what: str, asked: Collection[str], known: Collection[str]) -> None:
    unknown = [name for name in asked if name not in known]
    if unknown:
        meant = did_you_mean(unknown[0], known)
        msg = f"Unknown {what} '{', '.join(unknown)}'.{meant} {what.capitalize()} are {', '.join(known)}."
        raise InputError(msg)


def window_text(window: Window) -> str:
    """First and last departure of a window, as clock times from start to end; or by when people must be there."""
    if window.arrives and window.n == 1:
        return f"arriving by {clock_text(window.first)}"
    span = f"{clock_text(window.first)}-{clock_text(window.first + window.step_s * window.n)}"
    return f"arriving by {span}" if window.arrives else span

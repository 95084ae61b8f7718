"""What is typed on the command line, turned into values; each mistake is an InputError that says what to type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from accessibility.travel_network import Points
from accessibility.travel_times import MODES, TAKING_ALONG, TravelMode
from accessibility.world import World
from data.clock import parse_clock
from data.errors import InputError
from data.files.tables import read_points, refuse_far_points
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import Projection, utm_projection
from data.streets import StreetMap
from network.modes.modes import PROFILES, Profile, with_speed
from network.transit.departures import Window

MPS_PER_KMH = 1 / 3.6
N_LIKE = 8


def place(world: World, text: str) -> int:
    """Row of the place with this id, or the only one with this name."""
    places = world.places
    named = [row for row, name in enumerate(places.name) if name.casefold() == text.casefold()]
    if text in places.id:
        named = [places.id.index(text)]
    if len(named) != 1:
        like = named or [row for row, name in enumerate(places.name) if text.casefold() in name.casefold()]
        ids = ", ".join(places.id[row] for row in like[:N_LIKE]) or "none"
        msg = f"There must be one place called '{text}', by id or name. Ids like it: {ids}."
        raise InputError(msg)
    return named[0]


def targets(world: World, text: str) -> tuple[tuple[str, ...], Points]:
    """Names and points of all facilities of a kind, or of one place."""
    facilities = world.facilities
    rows = [row for row, kind in enumerate(facilities.kind) if kind == text]
    if rows:
        return tuple(facilities.name[row] for row in rows), Points(facilities.x_m[rows], facilities.y_m[rows])
    row = place(world, text)
    return (world.places.name[row],), Points(world.places.x_m[[row]], world.places.y_m[[row]])


def modes(text: str) -> list[TravelMode]:
    """The modes named, separated by commas, each once."""
    known = {mode.name: mode for mode in (*MODES, *TAKING_ALONG)}
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        msg = f"Unknown modes '{', '.join(unknown)}'. Modes are {', '.join(known)}, separated by commas."
        raise InputError(msg)
    return [known[name] for name in dict.fromkeys(names)]


def with_limits(modes: list[TravelMode], access_max_min: float) -> list[TravelMode]:
    """The modes with so many minutes at most to the first stop, and from the last."""
    limit_s = round(access_max_min * 60)
    return [replace(mode, access_max_s=limit_s, egress_max_s=limit_s) for mode in modes]


def with_max_rides(world: World, max_rides: int) -> World:
    """World in which so many vehicles are boarded at most; 0 for any number."""
    network = world.network
    limited = replace(network, assumptions=replace(network.assumptions, max_rides=max_rides))
    return replace(world, network=limited)


def kinds(text: str, *worlds: World) -> list[str]:
    """The kinds asked for, or all that occur in any of the worlds, in the order of the table of kinds."""
    known = load_facility_kinds().ids
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        msg = f"Unknown kinds '{', '.join(unknown)}'. Kinds are {', '.join(known)}, separated by commas."
        raise InputError(msg)
    occurring = {kind for world in worlds for kind in world.facilities.kind}
    return names or [kind for kind in known if kind in occurring]


def percents(text: str) -> tuple[float, ...]:
    """Percentages between 0 and 100, separated by commas."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    in_range = all(0 <= number <= 100 for number in numbers)
    if not numbers or not in_range or len(set(numbers)) < len(numbers):
        msg = f"--percentiles '{text}': write numbers between 0 and 100, separated by commas, none of them twice."
        raise InputError(msg)
    return numbers


def window(depart: str, window_min: int) -> Window:
    """A departure each minute from HH:MM on."""
    return Window(parse_clock(depart), 60, window_min)


def points(path: Path, streets: StreetMap, projection: Projection) -> tuple[tuple[str, ...], Points]:
    """Ids and points of a table with id, lon, lat, all of them near the streets."""
    ids, lon_deg, lat_deg = read_points(path)
    refuse_far_points(path, ids, lon_deg, lat_deg, streets)
    return ids, Points(*projection.to_metres(lon_deg, lat_deg))


def profiles(options: dict[str, Any]) -> tuple[Profile, ...]:
    """Profiles of all modes, with the traveller's own speeds in km/h where they are given."""
    return tuple(
        profile
        if options.get(f"{profile.name}_kmh") is None
        else with_speed(profile, options[f"{profile.name}_kmh"] * MPS_PER_KMH)
        for profile in PROFILES
    )


def projection(crs: str, streets: StreetMap) -> Projection:
    """The coordinate system named, or the UTM zone of the streets."""
    return Projection(crs) if crs else utm_projection(streets.lon_deg, streets.lat_deg)

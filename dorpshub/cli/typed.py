"""What is typed on the command line, turned into values; each mistake is an InputError that says what to type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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
from scenarios.comparison.compare import mode_of

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


def modes_of(text: str, world: World) -> list[TravelMode]:
    """The modes named, within the limits of the world's traveller; all that he or she has when none is named."""
    named = [mode.name for mode in modes(text)] if text else [mode.name for mode in world.modes]
    found = {name: mode_of(world, name) for name in named}
    if lacking := [name for name, mode in found.items() if mode is None]:
        has = ", ".join(mode.name for mode in world.modes)
        msg = f"The traveller '{world.traveller.id}' does not go by {', '.join(lacking)}; modes are {has}."
        raise InputError(msg)
    return [mode for mode in found.values() if mode]


def mode(text: str, world: World) -> TravelMode:
    """The one mode named, within the limits of the world's traveller."""
    if "," in text or not text:
        msg = f"--mode '{text}': name one mode."
        raise InputError(msg)
    return modes_of(text, world)[0]


def with_limits(modes: list[TravelMode], access_max_min: float) -> list[TravelMode]:
    """The modes with so many minutes at most to the first stop, and from the last."""
    limit_s = round(access_max_min * 60)
    return [replace(mode, access_max_s=limit_s, egress_max_s=limit_s) for mode in modes]


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


def kind(text: str) -> str:
    """The one kind named."""
    if "," in text or not text:
        msg = f"--kind '{text}': name one kind."
        raise InputError(msg)
    return kinds(text)[0]


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


def profiles(speeds_kmh: dict[str, float | None]) -> tuple[Profile, ...]:
    """Profiles of all modes, with the traveller's own speeds where they are given."""
    speeds = {name: speed for name, speed in speeds_kmh.items() if speed is not None}
    return tuple(
        with_speed(profile, speeds[profile.name] * MPS_PER_KMH) if profile.name in speeds else profile
        for profile in PROFILES
    )


def projection(crs: str, streets: StreetMap) -> Projection:
    """The coordinate system named, or the UTM zone of the streets."""
    return Projection(crs) if crs else utm_projection(streets.lon_deg, streets.lat_deg)

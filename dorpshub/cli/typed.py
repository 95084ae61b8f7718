"""What is typed on the command line, turned into values; each mistake is an InputError that says what to type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from accessibility.asked import kinds_named, mode_of, mode_or_none, modes_named
from accessibility.travel_network import Points
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World
from data.clock import parse_clock
from data.errors import InputError
from data.files.tables import read_points, refuse_far_points
from data.projection import Projection, utm_projection
from data.streets import StreetMap
from data.units import MPS_PER_KMH
from network.modes.modes import PROFILES, Profile, with_speed
from network.transit.departures import Window


def _parts(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def modes(text: str) -> list[TravelMode]:
    """The modes named, separated by commas, each once."""
    return modes_named(_parts(text))


def modes_of(text: str, world: World) -> list[TravelMode]:
    """The modes named, within the limits of the world's traveller, who must have them all."""
    return [mode_of(world, mode.name) for mode in modes(text)]


def modes_had(text: str, world: World) -> list[TravelMode]:
    """Those of the modes named, or of all, that the world's traveller has, within his or her limits; one at least."""
    names = [mode.name for mode in (modes(text) if text else MODES)]
    had = [mode for name in names if (mode := mode_or_none(world, name))]
    if not had:
        msg = f"Traveller {world.traveller.id} has the use of none of the modes {', '.join(names)}."
        raise InputError(msg)
    return had


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
    return kinds_named(_parts(text), *worlds)


def kind(text: str) -> str:
    """The one kind named."""
    found = kinds(text)
    if len(found) != 1:
        msg = f"--kind '{text}': name one kind."
        raise InputError(msg)
    return found[0]


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


def profiles(speeds_kmh: dict[str, float | None], terminal_min: dict[str, float]) -> tuple[Profile, ...]:
    """Profiles of all modes, with the traveller's own speeds and minutes at each end of a trip where they are given."""
    speeds = {name: speed for name, speed in speeds_kmh.items() if speed is not None}
    paced = (
        with_speed(profile, speeds[profile.name] * MPS_PER_KMH) if profile.name in speeds else profile
        for profile in PROFILES
    )
    return tuple(
        replace(profile, terminal_s=terminal_min[profile.name] * 60)
        if profile.name in terminal_min
        else profile
        for profile in paced
    )


def projection(crs: str, streets: StreetMap) -> Projection:
    """The coordinate system named, or the UTM zone of the streets."""
    return Projection(crs) if crs else utm_projection(streets.lon_deg, streets.lat_deg)

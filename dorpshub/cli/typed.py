"""What is typed on the command line, turned into values; each mistake is an InputError that says what to type."""

from __future__ import annotations

import re

import click
from click.core import ParameterSource

from accessibility.asked import kinds_named, mode_of, mode_or_none, modes_named
from accessibility.travel_times import MODES, TravelMode
from accessibility.world import World
from data.clock import parse_clock
from data.errors import InputError
from dorpshub.regions import arrivals, departures
from network.transit.departures import Window

MOST_DEPARTURES = 24 * 60
"""A day of minutes, as --window-min allows."""


def parts(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def modes(text: str) -> list[TravelMode]:
    """The modes named, separated by commas, each once."""
    return modes_named(parts(text))


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


def kinds(text: str, *worlds: World) -> list[str]:
    """The kinds asked for, or all that occur in any of the worlds, in the order of the table of kinds."""
    return kinds_named(parts(text), *worlds)


def kind(text: str, hint: str = "name one kind.") -> str:
    """The one kind named; a mistake is told with the hint."""
    found = kinds(text)
    if len(found) != 1:
        msg = f"--kind '{text}': {hint}"
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


def minutes(text: str) -> tuple[float, ...]:
    """Minutes, separated by commas."""
    try:
        return tuple(float(part) for part in parts(text))
    except ValueError as error:
        msg = f"Minutes '{text}': write numbers separated by commas, such as 5,10,15."
        raise InputError(msg) from error


def arrivals_or(arrive_by: str, text: str, depart: str, window_min: int | None) -> Window:
    """Times of arrival of --arrive-by, or else the departures of `window`; InputError for both."""
    if not arrive_by:
        return window(text, depart, window_min)
    beside = _typed("--window", "--depart", "--window-min")
    if beside:
        msg = f"--arrive-by says when people must be there: leave out {' and '.join(beside)}, which say when they leave."
        raise InputError(msg)
    return arrivals(arrive_by)


def _typed(*options: str) -> list[str]:
    """Those of the options of the verb that were typed."""
    context = click.get_current_context()
    return [
        option
        for option in options
        if context.get_parameter_source(option.strip("-").replace("-", "_"))
        not in {None, ParameterSource.DEFAULT}
    ]


def window(text: str, depart: str, window_min: int | None, until: str = "") -> Window:
    """Departures of --window HH:MM-HH:MM, or from --depart on for --window-min minutes, or else `until` a time."""
    if not text:
        if window_min is None:
            return departures(depart, until)
        return Window(parse_clock(depart), 60, window_min)
    beside = _typed("--depart", "--window-min", "--until")
    if beside:
        msg = (
            f"--window says from when to when: leave out {' and '.join(beside)}, or say it with these alone."
        )
        raise InputError(msg)
    ends = re.split(r"\s*[-\N{EN DASH}]\s*", text.strip())
    if len(ends) != 2:
        msg = f"--window '{text}': write two clock times with a dash between, 07:00-09:00."
        raise InputError(msg)
    found = departures(*ends)
    if found.n > MOST_DEPARTURES:
        msg = f"--window '{text}': a day at most, {MOST_DEPARTURES // 60} hours."
        raise InputError(msg)
    return found

"""The verb `reach`."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from accessibility.asked import window_text
from accessibility.reach.times import Direction
from accessibility.world import AS_IT_IS
from data.clock import parse_clock
from data.errors import InputError
from data.files.areas import write_areas
from dorpshub.cli import typed
from dorpshub.cli.source import Source, basis_of
from network.transit.departures import Window
from scenarios.comparison.report import about
from scenarios.edits.scenario import EMPTY
from scenarios.measures.reach import ReachQuestion, reach_tables


def reach(
    source: Source,
    target: str,
    mode: str,
    direction: Direction,
    within_min: str,
    departure: str | None,
    window: str,
    depart: str,
    window_min: int,
    out: Path,
) -> None:
    """How far one gets in 5, 10, 15 ... minutes, as areas with their inhabitants, before and after a scenario."""
    before, scenario, world = source.opened()
    question = ReachQuestion(
        target,
        typed.mode(mode, world),
        direction,
        typed.minutes(within_min),
        _leaving(departure, window, depart, window_min) or world.window,
    )
    sides = (
        [(AS_IT_IS, before)]
        if scenario == EMPTY
        else [(AS_IT_IS, before), (scenario.name or "scenario", world)]
    )
    table, areas = reach_tables(question, sides)
    write_areas(out, table, areas, world.projection, about(world, "reach"))
    lines = [
        f"{row['scenario']}{', ' * bool(row['reading'])}{row['reading']}: within {row['within_min']:g} min by {row['mode']} "
        f"{direction} {target} live {row['inhabitants']:,}, {row['inhabitants_75plus']:,} of them of 75 or older."
        for row in table.to_dict("records")
    ]
    when = f"leaving at {departure}" if departure else f"departures {window_text(question.window)}"
    source.tell([*lines, f"{len(table)} areas in {out}. {basis_of(world, when)}"])


def _leaving(departure: str | None, window: str, depart: str, window_min: int) -> Window | None:
    """What is said of when people leave; None for nothing."""
    context = click.get_current_context()
    said = [
        f"--{name.replace('_', '-')}"
        for name in ("window", "depart", "window_min")
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    if departure is not None:
        if said:
            msg = (
                f"--at is one departure: leave out {' and '.join(said)}, or say the window with these alone."
            )
            raise InputError(msg)
        return Window(parse_clock(departure), 60, 1)
    return typed.window(window, depart, window_min) if said else None

"""The verb `place-services`: where hubs should go, and what each should offer."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
from msgspec import structs

from data.errors import InputError
from data.files.whole import write_file
from data.parameters.hub_services import HubService, load_hub_services
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis, show_report
from scenarios.comparison.report import about
from scenarios.edits.json_text import to_json
from scenarios.placement.incumbent import TimeLimit, ignore_progress
from scenarios.placement.question import PlacementQuestion, Start, refuse_years
from scenarios.services.question import (
    ServicesQuestion,
    refuse_faults,
    services_named,
    sites_of,
    task_of,
    times_by_kind,
)
from scenarios.services.solve import best_answer, first_answer
from scenarios.services.tables import answer_lines, as_scenario, hubs_text, offered_table


class ServicesOptions(TypedDict):
    """Options of the verb, as click hands them over."""

    services: str
    budget: float
    hub_cost: float | None
    weights: str
    hubs: int | None
    modes: str
    limit_min: float | None
    year: int | None
    where: Start
    sites: str
    fix: tuple[str, ...]
    forbid: tuple[str, ...]
    time_limit: float
    quick: bool
    out: Path
    scenario_out: Path | None


def place_services(source: Source, **options: Unpack[ServicesOptions]) -> None:
    """Say where hubs should go, and what each should offer."""
    before, scenario, world = source.opened()
    question = _question(options, world.region.folder)
    refuse_years(PlacementQuestion("hub", (), year=question.year), before, scenario)
    refuse_faults(question)
    sites, report = sites_of(question, before, world)
    if not source.quiet:
        show_report(report)
    task = task_of(question, world, sites, times_by_kind(question, world, sites))
    search = first_answer if options["quick"] else best_answer
    answer = search(task, TimeLimit(options["time_limit"], time.perf_counter, ignore_progress))
    write_result(options["out"], offered_table(world, question, answer), about(world, "services"))
    lines = answer_lines(world, question, answer)
    if options["scenario_out"]:
        name = f"{hubs_text(answer)} with {', '.join(service.kind for service in question.services)}"
        note = " ".join(line.strip() for line in lines)
        _write(options["scenario_out"], to_json(as_scenario(world, answer, name, note)))
    source.tell([*lines, f"Service by service in {options['out']}. {basis(world)}"])


def _question(options: ServicesOptions, folder: Path) -> ServicesQuestion:
    known = load_hub_services(folder)
    asked = services_named(known, tuple(typed.parts(options["services"])) or known.kinds)
    return ServicesQuestion(
        services=_by_mode(asked, options["modes"], options["limit_min"]),
        budget=options["budget"],
        hub_cost=known.hub.cost_per_year if options["hub_cost"] is None else options["hub_cost"],
        weights=_weights(options["weights"]),
        hubs=options["hubs"],
        sites=tuple(typed.parts(options["sites"])),
        fixed=options["fix"],
        forbidden=options["forbid"],
        year=options["year"],
        start=options["where"],
    )


def _by_mode(services: tuple[HubService, ...], modes: str, limit_min: float | None) -> tuple[HubService, ...]:
    """Services with another mode or limit for all of them, where these are said."""
    if modes:
        (mode, *more) = typed.modes(modes)
        if more:
            msg = f"--modes '{modes}': name one mode; hub_services.toml of a region says it for each service apart."
            raise InputError(msg)
        services = tuple(structs.replace(service, mode=mode.name) for service in services)
    if limit_min is not None:
        services = tuple(structs.replace(service, limit_min=limit_min) for service in services)
    return services


def _weights(text: str) -> tuple[tuple[str, float], ...]:
    """Weights in `gp:3,library:0.5`."""
    found = []
    for part in typed.parts(text):
        kind, _, number = part.partition(":")
        try:
            found.append((kind.strip(), float(number)))
        except ValueError:
            found.append((kind.strip(), np.nan))
    wrong = [kind for kind, weight in found if not np.isfinite(weight)]
    if wrong:
        msg = f"--weights '{text}': write a kind, a colon and a number, as gp:3,library:0.5."
        raise InputError(msg)
    return tuple(found)


def _write(path: Path, text: str) -> None:
    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(path, write)

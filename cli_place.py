"""The verb of `dorpshub` that says where hubs should go: thin, as those of `cli`."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

import cli_input
import cli_parts
from accessibility.origins import Origins, place_origins
from accessibility.travel_network import Progress
from accessibility.travel_times import TravelMode
from accessibility.world import World
from cli_parts import date_option, out_file, quiet_option, region_argument, scenario_option
from data.build_report import BuildReport
from data.columns import Floats, Int64s
from data.errors import InputError
from data.features import load_facility_kinds
from data.places import AGE_BANDS
from data.store import write_file
from data.tables import write_table
from scenarios.apply import apply
from scenarios.edits import EMPTY, ChangeYear, Scenario
from scenarios.library import read_scenario, to_json
from scenarios.placement import Answer, best_answer, first_answer
from scenarios.placement_report import answer_lines, chosen_table, runners_up_table
from scenarios.placement_search import Patience, Step
from scenarios.placement_sites import (
    as_scenario,
    building_sites,
    closed_sites,
    listed_sites,
    place_sites,
    usable,
)
from scenarios.placement_task import (
    Fewest,
    LeastTime,
    LeastWorst,
    Load,
    MostWithin,
    Objective,
    Rules,
    Share,
    Sites,
    Task,
)
from scenarios.placement_times import Group, Times, counted, demand, origin_names, some_origins, times

OBJECTIVES = ("median", "excess", "equity", "coverage", "worst", "fewest", "cheapest")
ALL = "all"
GROUP = re.compile(r"^(?P<ages>[a-z0-9_+]+):(?P<share>[0-9.]+):(?P<modes>[a-z_+]+)$")
positive = click.FloatRange(0, min_open=True)


@click.command(name="place")
@region_argument
@scenario_option
@click.option("--hubs", default="1..10", show_default=True, help="How many: 3, or 1..10 for each.")
@click.option("--objective", type=click.Choice(OBJECTIVES), default="median", show_default=True)
@click.option("--kind", default="gp", show_default=True, help="What people go to the hub for.")
@click.option(
    "--offers",
    default="",
    help="Kinds the hubs offer, separated by commas; the kind alone when left out.",
)
@click.option(
    "--mode", "modes", default="bike", show_default=True, help="Or several, commas: the quickest counts."
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    help="Travellers as AGES:SHARE:MODES, 75plus:0.4:bike+transit; may be repeated. AGES is 'all' or bands with +.",
)
@click.option("--age-weights", default="", help="What a visit counts: 75plus:2,65_74:1.5; 1 when left out.")
@click.option("--year", type=int, help="Population of this year; that of the region's data when left out.")
@click.option(
    "--demand", "where", type=click.Choice(("places", "cells")), default="places", show_default=True
)
@click.option(
    "--sites",
    default="places",
    show_default=True,
    help="places, kinds of building (village_hall), closed:KIND, or a CSV with id, lon, lat; commas.",
)
@click.option("--fix", multiple=True, help="Id of a site that must have a hub; may be repeated.")
@click.option("--forbid", multiple=True, help="Id of a site that may not have one; may be repeated.")
@click.option(
    "--cost",
    type=click.FloatRange(0),
    default=0.0,
    help="Euros per year of a hub, where sites have no own.",
)
@click.option("--budget", type=positive, help="Euros per year for all hubs.")
@click.option(
    "--limit-min",
    type=positive,
    default=15.0,
    show_default=True,
    help="Minutes, for coverage, excess, shares.",
)
@click.option("--share", type=click.FloatRange(0, 1), help="This share must be within the limit.")
@click.option("--share-of", default=ALL, show_default=True, help="... of these: all, or an age band.")
@click.option("--longest-min", type=positive, help="Nobody may have further than this.")
@click.option(
    "--unreached-min", type=positive, help="What reaching none counts as; everybody must when left out."
)
@click.option("--min-people", type=positive, help="Every hub must be the nearest for so many.")
@click.option("--later-year", type=int, help="... and in this year as well.")
@click.option("--max-people", type=positive, help="No hub may be the nearest for more.")
@click.option("--apart-km", type=positive, help="Between two hubs, as the crow flies.")
@click.option(
    "--percentile", type=click.FloatRange(0, 100), default=50.0, show_default=True, help="Of departures."
)
@click.option("--time-limit", type=positive, default=60.0, show_default=True, help="Seconds per answer.")
@click.option("--quick", is_flag=True, help="Swaps alone, without proof.")
@click.option(
    "--out", type=out_file, default=Path("hubs.csv"), show_default=True, help=".csv, .parquet or .geojson"
)
@click.option("--runners-up-out", type=out_file, help="Every other site, and what it would cost to take it.")
@click.option("--scenario-out", type=out_file, help="The last answer as a scenario (JSON).")
@date_option
@quiet_option
def place(**options: Any) -> None:  # noqa: ANN401 -- click hands over all options, each checked above
    """Say where hubs should go."""
    before, world = _worlds(options, cli_parts.progress(quiet=options["quiet"]))
    numbers = _numbers(options["hubs"])
    sites, report = _sites(options, before, world)
    task = _task(options, world, sites)
    if isinstance(task.objective, Fewest):
        numbers = [max(numbers)]
    answers = [
        _answer(options, replace(task, rules=replace(task.rules, n_hubs=number))) for number in numbers
    ]
    write_table(options["out"], chosen_table(world, answers, task.demand.people))
    if options["runners_up_out"]:
        write_table(options["runners_up_out"], runners_up_table(answers))
    if options["scenario_out"]:
        _write_scenario(options, world, answers[-1])
    if not options["quiet"]:
        _show(report, answers)


def _worlds(options: dict[str, Any], progress: Progress) -> tuple[World, World]:
    """The region as it is, and with the scenario and the year asked for."""
    before = cli_parts.opened(options["region"], options["service_date"], progress)
    first: Scenario = read_scenario(options["scenario_file"]) if options["scenario_file"] else EMPTY
    world = apply(before, first, load_facility_kinds())
    return before, _in_year(world, options["year"])


def _in_year(world: World, year: int | None) -> World:
    """World with the population of a year."""
    if year is None or year == _data_year(world):
        return world
    after = apply(world, Scenario(edits=(ChangeYear(year=year),)), load_facility_kinds())
    if np.array_equal(after.residents.people_by_age, world.residents.people_by_age):
        msg = f"--year {year}: there are no figures for another year than {_data_year(world)} in this region; leave it out."
        raise InputError(msg)
    return after


def _data_year(world: World) -> int:
    return int(str(world.region.layer("places")[0].date)[:4])


def _numbers(text: str) -> list[int]:
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text.strip())
    numbers = range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
    if not numbers or numbers[0] < 1:
        msg = f"--hubs '{text}': write a number, or two with dots between, the lower first: 1..10."
        raise InputError(msg)
    return list(numbers)


def _sites(options: dict[str, Any], before: World, world: World) -> tuple[Sites, BuildReport]:
    known, cost = load_facility_kinds().ids, options["cost"]
    lists = []
    for name in filter(None, (part.strip() for part in options["sites"].split(","))):
        kind = name.removeprefix("closed:")
        if name == "places":
            lists.append(place_sites(world, cost))
        elif name in known:
            lists.append(building_sites(world, (name,), cost))
        elif kind != name and kind in known:
            lists.append(closed_sites(before, world, (kind,), cost))
        elif Path(name).suffix in {".csv", ".parquet"}:
            lists.append(listed_sites(world, Path(name), cost))
        else:
            msg = f"--sites '{name}': write places, a kind of building ({', '.join(known)}), closed:KIND, or a .csv file."
            raise InputError(msg)
    if not lists:
        raise InputError("--sites is empty: say where hubs could stand.")
    return usable(world, *lists)


def _task(options: dict[str, Any], world: World, sites: Sites) -> Task:
    everywhere = _everywhere(options, world)
    rows = counted(everywhere)
    origins = some_origins(everywhere, rows)
    (kind,) = cli_input.kinds(options["kind"], world)
    parts = _parts(options, world)
    people = _people(origins, parts, _age_weights(options["age_weights"]))
    groups = [Group(part.name, of, part.modes) for part, of in zip(parts, people, strict=True)]
    by_mode: dict[str, Times] = {
        mode.name: times(world, kind, sites, origins, mode, options["percentile"])
        for mode in {mode.name: mode for part in parts for mode in part.modes}.values()
    }
    asked = demand(origin_names(world, origins), groups, by_mode)
    rules = replace(_rules(options), shares=_shares(options, origins, parts))
    return Task(
        sites,
        asked,
        _objective(options),
        replace(rules, loads=_loads(options, world, rows, parts, len(sites.id))),
    )


def _everywhere(options: dict[str, Any], world: World) -> Origins:
    return world.residents if options["where"] == "cells" else place_origins(world.places)


class _Part(NamedTuple):
    """Travellers of one --group: which share of each age band, and their modes."""

    name: str
    shares: Floats
    modes: tuple[TravelMode, ...]


def _parts(options: dict[str, Any], world: World) -> list[_Part]:
    if not options["groups"]:
        return [_Part(ALL, np.ones(len(AGE_BANDS)), _modes(options["modes"], world))]
    parts = []
    for text in options["groups"]:
        found = GROUP.match(text)
        if not found or not 0 <= float(found["share"]) <= 1:
            msg = f"--group '{text}': write AGES:SHARE:MODES, as 75plus:0.4:bike+transit, with a share from 0 to 1."
            raise InputError(msg)
        shares = _bands(found["ages"], "--group") * float(found["share"])
        parts.append(_Part(text, shares, _modes(found["modes"].replace("+", ","), world)))
    return parts


def _people(origins: Origins, parts: list[_Part], ages: Floats) -> list[Floats]:
    """Persons at each origin in each part, those of some `ages`, (4,), alone or weighted."""
    return [np.asarray(origins.people_by_age @ (part.shares * ages), np.float64) for part in parts]


def _modes(text: str, world: World) -> tuple[TravelMode, ...]:
    own = {mode.name: mode for mode in world.modes}
    return tuple(own.get(mode.name, mode) for mode in cli_input.modes(text))


def _bands(text: str, option: str) -> Floats:
    """(4,) 1 for the age bands named, 0 for the others."""
    names = AGE_BANDS if text == ALL else tuple(text.split("+"))
    unknown = [name for name in names if name not in AGE_BANDS]
    if unknown:
        msg = f"{option}: unknown ages '{', '.join(unknown)}'; write all, or some of {', '.join(AGE_BANDS)} with + between."
        raise InputError(msg)
    return np.array([float(band in names) for band in AGE_BANDS])


def _age_weights(text: str) -> Floats:
    weights = np.ones(len(AGE_BANDS))
    for part in filter(None, text.split(",")):
        band, _, number = part.partition(":")
        try:
            weights[AGE_BANDS.index(band.strip())] = float(number)
        except ValueError as error:
            msg = f"--age-weights '{part}': write a band of {', '.join(AGE_BANDS)}, a colon and a number."
            raise InputError(msg) from error
    return weights


def _objective(options: dict[str, Any]) -> Objective:
    limit_s = options["limit_min"] * 60
    made: dict[str, Objective] = {
        "median": LeastTime(),
        "excess": LeastTime(beyond_s=limit_s),
        "equity": LeastTime(aversion=1.0),
        "coverage": MostWithin(limit_s),
        "worst": LeastWorst(),
        "fewest": Fewest("hubs"),
        "cheapest": Fewest("cost"),
    }
    return made[options["objective"]]


def _rules(options: dict[str, Any]) -> Rules:
    return Rules(
        n_hubs=1,
        budget=np.inf if options["budget"] is None else options["budget"],
        fixed=options["fix"],
        forbidden=options["forbid"],
        apart_m=(options["apart_km"] or 0.0) * 1000,
        longest_s=np.inf if options["longest_min"] is None else options["longest_min"] * 60,
        unreached_s=np.inf if options["unreached_min"] is None else options["unreached_min"] * 60,
    )


def _shares(options: dict[str, Any], origins: Origins, parts: list[_Part]) -> tuple[Share, ...]:
    if options["share"] is None:
        return ()
    people = np.concatenate(_people(origins, parts, _bands(options["share_of"], "--share-of")))
    return (Share(options["share_of"], people, options["limit_min"] * 60, options["share"]),)


def _loads(
    options: dict[str, Any], world: World, rows: Int64s, parts: list[_Part], n_sites: int
) -> tuple[Load, ...]:
    """Bounds on the people for whom a hub is the nearest, now and in the later year."""
    at_least, at_most = options["min_people"] or 0.0, options["max_people"] or np.inf
    if not at_least and at_most == np.inf:
        return ()
    years = [options["year"], *([options["later_year"]] if options["later_year"] else [])]
    loads: list[Load] = []
    for year in years:
        origins = some_origins(_everywhere(options, _in_year(world, year) if loads else world), rows)
        people = np.concatenate(_people(origins, parts, np.ones(len(AGE_BANDS))))
        label = "now" if year is None else str(year)
        loads.append(Load(label, people, at_least, np.full(n_sites, at_most)))
    return tuple(loads)


def _answer(options: dict[str, Any], task: Task) -> Answer:
    def tell(step: Step) -> bool:
        if not options["quiet"] and np.isfinite(step.value) and np.isfinite(step.bound):
            gap = abs(step.value - step.bound) / max(abs(step.value), 1e-9)
            click.echo(
                f"\r{task.rules.n_hubs} hubs: gap {gap:8.3%} after {step.taken_s:6.1f} s", err=True, nl=False
            )
        return True

    patience = Patience(options["time_limit"], time.perf_counter, tell)
    answer = first_answer(task, patience) if options["quick"] else best_answer(task, patience)
    if not options["quiet"]:
        click.echo("", err=True)
    return answer


def _write_scenario(options: dict[str, Any], world: World, answer: Answer) -> None:
    kinds = tuple(cli_input.kinds(options["offers"] or options["kind"]))
    name = f"{len(answer.chosen)} hubs, {options['objective']}, {options['kind']}"
    note = " ".join(line.strip() for line in answer_lines(answer))
    text = to_json(as_scenario(world, answer.task.sites, answer.chosen, kinds, name, note))

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(options["scenario_out"], write)


def _show(report: BuildReport, answers: list[Answer]) -> None:
    for found in report.findings:
        click.echo(
            f"{found.layer}: {found.action} {found.count} x {found.what} ({', '.join(found.examples)})"
        )
    for answer in answers:
        for line in answer_lines(answer):
            click.echo(line)

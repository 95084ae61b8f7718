"""What the verb `place` is asked, in the terms of the solver: worlds, sites, travellers and rules from its options."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from msgspec import structs

from accessibility.origins import Origins, place_origins
from accessibility.round_trips import WHOLE_DAY
from accessibility.travel_network import Progress
from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.build_report import BuildReport
from data.columns import Floats, Int64s
from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.population import POPULATION, read_population_totals
from data.parameters.visits import load_visits
from data.places import AGE_BANDS
from dorpshub.cli import typed
from dorpshub.cli.options import opened
from scenarios.edits.apply import apply
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import EMPTY, ChangeYear, Scenario
from scenarios.placement.sites import (
    building_sites,
    closed_sites,
    listed_sites,
    place_sites,
    usable,
)
from scenarios.placement.task import (
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
from scenarios.placement.times import (
    Group,
    RoundTrip,
    Times,
    counted,
    demand,
    origin_names,
    some_origins,
    times,
    times_away,
)

OBJECTIVES = ("median", "excess", "equity", "coverage", "worst", "fewest", "cheapest")
ALL = "all"
GROUP = re.compile(r"^(?P<ages>[a-z0-9_+]+):(?P<share>[0-9.]+):(?P<modes>[a-z_+]+)$")


def worlds(options: dict[str, Any], progress: Progress) -> tuple[World, World]:
    """The region as it is, and with the scenario and the year asked for."""
    before = opened(options["region"], options["service_date"], progress)
    return before, changed(options, before)


def changed(options: dict[str, Any], world: World) -> World:
    """World with the scenario and the year asked for."""
    return _in_year(apply(world, _scenario(options), load_facility_kinds()), options["year"])


def _scenario(options: dict[str, Any]) -> Scenario:
    return read_scenario(options["scenario_file"]) if options["scenario_file"] else EMPTY


def later_years(options: dict[str, Any], world: World) -> tuple[int, ...]:
    """Last year that the population is known of, and the one halfway; none where it is unknown, or a year is asked for."""
    edits = _scenario(options).edits
    is_said = options["year"] is not None or any(isinstance(edit, ChangeYear) for edit in edits)
    if is_said or not (world.region.folder / POPULATION).is_file():
        return ()
    totals = read_population_totals(world.region.folder)
    return ((totals.base_year + totals.last_year) // 2, totals.last_year)


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


def numbers_of(text: str) -> list[int]:
    """Numbers of hubs asked for: one, or a range."""
    found = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", text.strip())
    numbers = range(int(found[1]), int(found[2] or found[1]) + 1) if found else range(0)
    if not numbers or numbers[0] < 1:
        msg = f"--hubs '{text}': write a number, or two with dots between, the lower first: 1..10."
        raise InputError(msg)
    return list(numbers)


def sites_of(options: dict[str, Any], before: World, world: World) -> tuple[Sites, BuildReport]:
    """Usable sites of all lists asked for, and what was left out."""
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


def task_of(options: dict[str, Any], world: World, sites: Sites, progress: Progress) -> Task:
    """The question in the terms of the solver."""
    everywhere = _everywhere(options, world)
    rows = counted(everywhere)
    origins = some_origins(everywhere, rows)
    parts = parts_of(options, world)
    people = _people(origins, parts, _age_weights(options["age_weights"]))
    groups = [Group(part.name, of, part.modes) for part, of in zip(parts, people, strict=True)]
    by_mode = {mode.name: _times(options, world, sites, origins, mode, progress) for mode in modes_of(parts)}
    asked = demand(origin_names(world, origins), groups, by_mode)
    rules = replace(_rules(options), shares=_shares(options, origins, parts))
    return Task(
        sites,
        asked,
        _objective(options),
        replace(rules, loads=_loads(options, world, rows, parts, len(sites.id))),
    )


def _times(
    options: dict[str, Any],
    world: World,
    sites: Sites,
    origins: Origins,
    mode: TravelMode,
    progress: Progress,
) -> Times:
    """Times of one mode there, or away from home where round trips are asked for."""
    (kind,) = typed.kinds(options["kind"], world)
    percent = options["percentile"]
    if not options["round_trips"]:
        return times(world, kind, sites, origins, mode, percent)
    visit = load_visits().of_kind(kind)
    if options["stay_min"] is not None:
        visit = structs.replace(visit, stay_min=options["stay_min"], source="chosen")
    return times_away(world, kind, sites, origins, mode, RoundTrip(visit, WHOLE_DAY, percent), progress)


def _everywhere(options: dict[str, Any], world: World) -> Origins:
    return world.residents if options["where"] == "cells" else place_origins(world.places)


class Part(NamedTuple):
    """Travellers of one --group: which share of each age band, and their modes."""

    name: str
    shares: Floats
    modes: tuple[TravelMode, ...]


def modes_of(parts: list[Part]) -> list[TravelMode]:
    """All modes of all travellers, each once."""
    return list({mode.name: mode for part in parts for mode in part.modes}.values())


def parts_of(options: dict[str, Any], world: World) -> list[Part]:
    """Travellers of each --group, or everybody by the modes of --mode."""
    if not options["groups"]:
        return [Part(ALL, np.ones(len(AGE_BANDS)), _modes(options["modes"], world))]
    parts = []
    for text in options["groups"]:
        found = GROUP.match(text)
        if not found or not 0 <= float(found["share"]) <= 1:
            msg = f"--group '{text}': write AGES:SHARE:MODES, as 75plus:0.4:bike+transit, with a share from 0 to 1."
            raise InputError(msg)
        shares = _bands(found["ages"], "--group") * float(found["share"])
        parts.append(Part(text, shares, _modes(found["modes"].replace("+", ","), world)))
    return parts


def _people(origins: Origins, parts: list[Part], ages: Floats) -> list[Floats]:
    """Persons at each origin in each part, those of some `ages`, (4,), alone or weighted."""
    return [np.asarray(origins.people_by_age @ (part.shares * ages), np.float64) for part in parts]


def _modes(text: str, world: World) -> tuple[TravelMode, ...]:
    own = {mode.name: mode for mode in world.modes}
    return tuple(own.get(mode.name, mode) for mode in typed.modes(text))


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


def _shares(options: dict[str, Any], origins: Origins, parts: list[Part]) -> tuple[Share, ...]:
    if options["share"] is None:
        return ()
    people = np.concatenate(_people(origins, parts, _bands(options["share_of"], "--share-of")))
    return (Share(options["share_of"], people, options["limit_min"] * 60, options["share"]),)


def _loads(
    options: dict[str, Any], world: World, rows: Int64s, parts: list[Part], n_sites: int
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

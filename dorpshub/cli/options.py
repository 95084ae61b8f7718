"""What the verbs of `dorpshub` share: options, the progress bar, and what every answer rests on."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from tqdm import tqdm

from accessibility.asked import ALL_MODES, traveller_named
from accessibility.travel_network import TravelNetwork
from accessibility.travellers import ADULT, TRAVELLERS
from accessibility.world import NOT_IN_DATA, World, for_traveller, on_date, open_world
from data.build_report import BuildReport
from data.parameters.facility_kinds import LANGUAGES, load_facility_kinds
from data.progress import Progress
from scenarios.comparison.compare import Outcome
from scenarios.comparison.report import window_text
from scenarios.edits.apply import apply
from scenarios.edits.json_text import read_scenario
from scenarios.edits.scenario import EMPTY, Scenario

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_REGION = "zuid-oost-drenthe"

region_argument = click.argument("region", default=DEFAULT_REGION)
out_file = click.Path(dir_okay=False, path_type=Path)
in_file = click.Path(path_type=Path)
positive = click.FloatRange(0, min_open=True)

SHARED: dict[str, dict[str, Any]] = {
    "--streets": {"type": in_file, "required": True, "help": "OSM file (.osm.pbf, .osm, .osm.gz)."},
    "--timetable feeds": {"type": in_file, "multiple": True, "help": "GTFS zip; may be repeated."},
    "--scenario scenario_file": {"type": in_file, "help": "Scenario (JSON) to apply first."},
    "--kinds": {"default": "", "show_default": "all that occur", "help": "Kinds, separated by commas."},
    "--kind": {"default": "gp", "show_default": True, "help": "One kind of facility."},
    "--modes": {
        "default": "",
        "show_default": "all of the traveller",
        "help": f"Some of {', '.join(ALL_MODES)}; separated by commas.",
    },
    "--mode": {"default": "transit", "show_default": True, "help": "One mode."},
    "--traveller": {
        "type": click.Choice([of.id for of in TRAVELLERS]),
        "default": ADULT.id,
        "show_default": True,
        "help": "Who travels; a scenario may say otherwise.",
    },
    "--limit-min": {
        "type": positive,
        "default": 10.0,
        "show_default": True,
        "help": "Minutes within which people are counted.",
    },
    "--date service_date": {
        "type": click.DateTime(["%Y-%m-%d"]),
        "show_default": "that of the region",
        "help": "Service date for public transport.",
    },
    "--depart": {"default": "09:00", "show_default": True, "help": "First departure, HH:MM."},
    "--window-min": {
        "type": click.IntRange(1, 1440),
        "default": 60,
        "show_default": True,
        "help": "Minutes from then on, with a departure in each.",
    },
    "--stay-min": {
        "type": click.IntRange(0, 1440),
        "show_default": "those of its kind",
        "help": "Minutes of the visit.",
    },
    "--max-rides": {
        "type": click.IntRange(0),
        "default": 0,
        "show_default": True,
        "help": "Vehicles boarded; 0: any number.",
    },
    "--lang": {
        "type": click.Choice(LANGUAGES),
        "default": "en",
        "show_default": True,
        "help": "Language of the texts.",
    },
    "--quiet": {"is_flag": True, "help": "No progress bars and no summary."},
}
"""Options of more than one verb, with the name of the parameter where that is another one."""
RENAMED = {"--mode": "--modes", "--kind": "--kinds", "--language": "--lang"}
"""Old spellings, read in the verbs that have the new one only."""


def shared(name: str, *, note: str = "", **differing: Any) -> Callable[[Command], Command]:  # noqa: ANN401 -- click's
    """Give a verb an option of SHARED; what differs there is said where it is given. A required one has no default."""
    names, kept = next((key.split(), said) for key, said in SHARED.items() if key.split()[0] == name)
    attributes = {**kept, "help": f"{kept['help']} {note}".strip(), **differing}
    if differing.get("required"):
        attributes.pop("default", None)
    return click.option(*names, **attributes)


class Verbs(click.Group):
    """Verbs that read old spellings of options too."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, and write its options as they are called now."""
        name, verb, rest = super().resolve_command(ctx, args)
        own = {text for param in (verb.params if verb else ()) for text in param.opts}
        renamed = {old: new for old, new in RENAMED.items() if old not in own and new in own}
        for old in dict.fromkeys(arg.partition("=")[0] for arg in rest):
            if old in renamed:
                tell_renamed(old, renamed[old])
        return name, verb, [_renamed(arg, renamed) for arg in rest]


def _renamed(argument: str, renamed: dict[str, str]) -> str:
    name, equals, value = argument.partition("=")
    return renamed.get(name, name) + equals + value


def tell_renamed(old: str, new: str) -> None:
    """Say that an option has another name now."""
    click.echo(f"{old} is now called {new}; the old name still works.", err=True)


def opened(region: str, service_date: dt.datetime | None, bar: Progress, traveller: str = ADULT.id) -> World:
    """Open a region on a date, as a traveller finds it."""
    world = open_world(region, bar)
    if service_date:
        world = on_date(world, service_date.date(), bar)
    return for_traveller(world, traveller_named(traveller))


def progress_bar(*, quiet: bool) -> Progress:
    """One bar on standard error for the thing being done, where that is a terminal; the next thing closes it."""
    bars: list[tqdm[Any]] = []

    def show(label: str, share: float) -> None:
        if quiet or not sys.stderr.isatty():
            return
        if not bars or bars[-1].desc != label:
            for bar in bars:
                bar.close()
            form = "{desc:<28}{bar:30} {percentage:3.0f}% {elapsed}"
            bars[:] = [tqdm(total=100, desc=label, bar_format=form)]
        bars[-1].update(100 * share - bars[-1].n)

    return show


def show_report(report: BuildReport) -> None:
    """Print what was assumed, repaired or dropped."""
    for found in report.findings:
        examples = f" ({', '.join(found.examples)})" if found.examples else ""
        click.echo(f"{found.layer}: {found.action} {found.count} x {found.what}{examples}")


def tell_unknown(results: Sequence[Outcome]) -> None:
    """Say of which kinds it is unknown where they are."""
    for kind in dict.fromkeys(result.times.kind for result in results if not result.known):
        click.echo(f"{kind}: unknown, as it is {NOT_IN_DATA}.")


def basis(world: World) -> str:
    """Say what every figure of a window rests on."""
    return basis_of(world, f"departures {window_text(world.window)}")


def basis_of(world: World, when: str) -> str:
    """Say what every figure rests on; `when` people leave, in words."""
    region = world.region
    modelled = [source.layer for source in region.layers if source.origin == "modelled"]
    return (
        f"Public transport: {region.service_date.isoformat()}, {when}, traveller: "
        f"{world.traveller.id}. {pooled(world.network)}Modelled layers: {', '.join(modelled) or 'none'}."
    )


def pooled(network: TravelNetwork) -> str:
    """What else the times by public transport rest on, where it is not what one would expect."""
    max_rides, n_samples = network.assumptions.max_rides, network.service.n_samples
    rides = f"At most {max_rides} {'ride' if max_rides == 1 else 'rides'}. " if max_rides else ""
    drawn = "Some lines publish a headway and no times: pooled over"
    return rides + (f"{drawn} {n_samples} samples of them. " if n_samples > 1 else "")


def scenario_of(file: Path | None) -> Scenario:
    """Scenario of a file, or the one without edits."""
    return read_scenario(file) if file else EMPTY


def with_scenario(world: World, file: Path | None) -> World:
    """World with the scenario of a file, or as it is."""
    return apply(world, scenario_of(file), load_facility_kinds())


def with_max_rides(world: World, max_rides: int) -> World:
    """World in which so many vehicles are boarded at most; 0 for any number."""
    network = world.network
    limited = replace(network, assumptions=replace(network.assumptions, max_rides=max_rides))
    return replace(world, network=limited)

"""What the verbs of `dorpshub` share: options, the progress bar, and what every answer rests on."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

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
Options = ParamSpec("Options")
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
    "--window": {"default": "", "help": "From when to when people leave, in every minute: 07:00-09:00."},
    "--depart": {
        "default": "09:00",
        "show_default": True,
        "help": "First departure, HH:MM, instead of --window.",
    },
    "--window-min": {
        "type": click.IntRange(1, 1440),
        "default": 60,
        "show_default": True,
        "help": "Minutes from then on, with a departure in each.",
    },
    "--arrive-by": {
        "default": "",
        "help": "When people must be there, 08:30, or each minute of 08:00-09:00; they leave as late as they can.",
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
    "--boarding-slack-s": {
        "type": click.IntRange(0, 3600),
        "default": 0,
        "show_default": True,
        "help": "Seconds to be at the first stop before the departure; changes have a minute of their own.",
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
RENAMED = {
    "--mode": "--modes",
    "--kind": "--kinds",
    "--language": "--lang",
    "--runners-up-out": "--alternatives-out",
}
"""Old spellings, read in the verbs that have the new one only."""


def shared(name: str, *, note: str = "", **differing: Any) -> Callable[[Command], Command]:  # noqa: ANN401 -- click's
    """Give a verb an option of SHARED; what differs there is said where it is given. A required one has no default."""
    names, kept = next((key.split(), said) for key, said in SHARED.items() if key.split()[0] == name)
    attributes = {**kept, "help": f"{kept['help']} {note}".strip(), **differing}
    if differing.get("required"):
        attributes.pop("default", None)
    return click.option(*names, **attributes)


def out_option(usual: str, endings: str = ".csv or .parquet") -> Callable[[Command], Command]:
    """Give a verb the option of the table that it writes."""
    return click.option("--out", type=out_file, default=Path(usual), show_default=True, help=endings)


def flag(name: str, text: str) -> Callable[[Command], Command]:
    """Give a verb an option that is said or not."""
    return click.option(name, is_flag=True, help=text)


class Opened(NamedTuple):
    """A region without and with a scenario."""

    before: World
    scenario: Scenario
    world: World


@dataclass(frozen=True, slots=True)
class Source:
    """Which world an answer is about, as it was typed; nothing is opened before it is asked for."""

    region: str
    scenario_file: Path | None
    traveller: str
    max_rides: int
    boarding_slack_s: int
    service_date: dt.datetime | None
    quiet: bool

    def progress(self) -> Progress:
        """Show what is being done, unless nobody wants to see it."""
        return progress_bar(quiet=self.quiet)

    def opened(self) -> Opened:
        """Open the region, and apply the scenario.

        Raises
        ------
        DorpshubError
            When a name, date or file cannot be used, or the scenario does not fit.

        """
        world = opened(self.region, self.service_date, self.progress(), self.traveller)
        before = with_riding(world, self.max_rides, self.boarding_slack_s)
        scenario = read_scenario(self.scenario_file) if self.scenario_file else EMPTY
        return Opened(before, scenario, apply(before, scenario, load_facility_kinds()))

    def tell(self, lines: Iterable[str]) -> None:
        """Print lines, unless nobody wants to see them."""
        for line in () if self.quiet else lines:
            click.echo(line)


def of_region(verb: Callable[Concatenate[Source, Options], None]) -> Callable[..., None]:
    """Give a verb the options that say which world its answer is about, and hand it their source."""

    @wraps(verb)
    def run(
        region: str,
        scenario_file: Path | None,
        traveller: str,
        max_rides: int,
        boarding_slack_s: int,
        service_date: dt.datetime | None,
        quiet: bool,  # noqa: FBT001 -- a flag of click
        *args: Options.args,
        **options: Options.kwargs,
    ) -> None:
        source = Source(region, scenario_file, traveller, max_rides, boarding_slack_s, service_date, quiet)
        verb(source, *args, **options)

    for name in ("--quiet", "--date", "--boarding-slack-s", "--max-rides", "--traveller", "--scenario"):
        run = shared(name)(run)
    return region_argument(run)


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


def unknown_lines(results: Sequence[Outcome]) -> list[str]:
    """Lines that say of which kinds it is unknown where they are."""
    kinds = dict.fromkeys(result.times.kind for result in results if not result.known)
    return [f"{kind}: unknown, as it is {NOT_IN_DATA}." for kind in kinds]


def basis(world: World) -> str:
    """Say what every figure of a window rests on."""
    return basis_of(world, f"{'' if world.window.arrives else 'departures '}{window_text(world.window)}")


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
    slack_s = network.assumptions.first_boarding_slack_s
    rides += f"At the first stop {slack_s} s before the departure. " if slack_s else ""
    drawn = "Some lines publish a headway and no times: pooled over"
    return rides + (f"{drawn} {n_samples} samples of them. " if n_samples > 1 else "")


def with_riding(world: World, max_rides: int, boarding_slack_s: int) -> World:
    """World in which so many vehicles are boarded at most, 0 for any number, the first after so many seconds at the stop."""
    assumed = replace(world.network.assumptions, max_rides=max_rides, first_boarding_slack_s=boarding_slack_s)
    return replace(world, network=replace(world.network, assumptions=assumed))

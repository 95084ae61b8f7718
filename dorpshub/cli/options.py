"""What the verbs of `dorpshub` share on the command line: light, for help needs nothing of what is behind them."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from data.errors import InputError, did_you_mean, no_file
from dorpshub.cli import choices

if TYPE_CHECKING:
    import pandas as pd

    from data.files.long_table import LongTable
    from data.metadata.about import About

Command = TypeVar("Command", bound=Callable[..., Any])
DEFAULT_REGION = "zuid-oost-drenthe"
EACH_MINUTE = "Or in each minute of 08:00-09:00."

region_argument = click.argument("region", default=DEFAULT_REGION)
positive = click.FloatRange(0, min_open=True)


class OneOf(click.Choice[str]):
    """A choice that tells the nearest right word."""

    def get_invalid_choice_message(self, value: str, ctx: click.Context | None) -> str:
        """Say which there are, and which one was meant."""
        return super().get_invalid_choice_message(value, ctx) + did_you_mean(value, self.choices)


class Day(click.DateTime):
    """A date that says how it is written."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401
        """Read a date, or refuse it in words."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            self.fail(f"'{value}' is no date; write it like 2026-10-06.", param, error.ctx)


class NamedFile(click.Path):
    """A file or folder that is looked at before anything is worked out: `problem` says what is wrong with a path, "" for nothing."""

    def __init__(self, problem: Callable[[Path], str], *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)
        self._problem = problem

    def convert(
        self,
        value: Any,  # noqa: ANN401 -- click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401
        """Take a path; InputError with its problem."""
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if problem := self._problem(path):
            raise InputError(problem)
        return path


def _is_missing(path: Path) -> str:
    return "" if path.exists() else no_file(path)


def _has_no_folder(path: Path) -> str:
    if path.parent.is_dir():
        return ""
    return f"{path}: there is no folder {path.parent}; make it first, or name another."


in_file = NamedFile(_is_missing)
out_file = NamedFile(_has_no_folder, dir_okay=False)

KEEP_FORMULAS = "dorpshub.keep_formulas"


def _keep(context: click.Context, _option: click.Parameter, is_set: bool) -> None:
    context.meta[KEEP_FORMULAS] = is_set


SHARED: dict[str, dict[str, Any]] = {
    "--streets": {"type": in_file, "required": True, "help": "OSM file (.osm.pbf, .osm, .osm.gz)."},
    "--timetable feeds": {"type": in_file, "multiple": True, "help": "GTFS zip; may be repeated."},
    "--scenario scenario_file": {"type": in_file, "help": "Scenario (JSON) to apply first."},
    "--in-year": {
        "type": int,
        "show_default": "everything of the scenario, and the population of the data",
        "help": "The scenario as it is in this year of its plan, with the population of that year.",
    },
    "--kinds": {"default": "", "show_default": "all that occur", "help": "Kinds, separated by commas."},
    "--kind": {"default": "gp", "show_default": True, "help": "One kind of facility."},
    "--modes": {
        "default": "",
        "show_default": "all of the traveller",
        "help": f"Some of {', '.join(choices.MODES)}; separated by commas.",
    },
    "--mode": {"default": "transit", "show_default": True, "help": "One mode."},
    "--traveller": {
        "type": OneOf(choices.TRAVELLERS),
        "default": choices.TRAVELLERS[0],
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
        "type": Day(["%Y-%m-%d"]),
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
        "help": "Be there by HH:MM, leaving as late as possible.",
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
        "type": OneOf(choices.LANGUAGES),
        "default": "en",
        "show_default": True,
        "help": "Language of the texts.",
    },
    "--scheduler": {
        "default": "",
        "help": "Let the workers of this Dask scheduler do the work (tcp://host:8786); they must see the same files.",
    },
    "--workers n_workers": {
        "type": click.IntRange(0),
        "default": 0,
        "help": "Let so many processes of this machine do the work; needs dorpshub[dask].",
    },
    "--sites": {
        "default": "places",
        "show_default": True,
        "help": "places, kinds of building (village_hall), closed:KIND, or a CSV with id, lon, lat; commas.",
    },
    "--fix": {"multiple": True, "help": "Id of a site that must have a hub; may be repeated."},
    "--forbid": {"multiple": True, "help": "Id of a site that may not have one; may be repeated."},
    "--year": {"type": int, "help": "Population of this year; that of the region's data when left out."},
    "--demand where": {
        "type": OneOf(("places", "cells")),
        "default": "places",
        "show_default": True,
        "help": "Where people are counted.",
    },
    "--offers": {
        "default": "",
        "help": "Kinds the hubs offer, separated by commas; the kind alone when left out.",
    },
    "--hub-cost": {
        "type": click.FloatRange(0),
        "show_default": "as in hub_services.toml",
        "help": "Euros per year of a hub itself, where sites have no own.",
    },
    "--group groups": {
        "multiple": True,
        "help": "Travellers as AGES:SHARE:MODES, 75plus:0.4:bike+transit; may be repeated. AGES is 'all' or bands with +.",
    },
    "--age-weights": {
        "default": "",
        "help": "What a visit counts: 75plus:2,65_74:1.5; 1 when left out.",
    },
    "--unreached-min": {
        "type": positive,
        "default": math.inf,
        "help": "What reaching none counts as; everybody must when left out.",
    },
    "--percentile": {
        "type": click.FloatRange(0, 100),
        "default": 50.0,
        "show_default": True,
        "help": "Of departures.",
    },
    "--budget": {"type": positive, "default": math.inf, "help": "Euros per year for all hubs."},
    "--time-limit": {"type": positive, "default": 60.0, "show_default": True, "help": "Seconds per answer."},
    "--scenario-out": {"type": out_file, "help": "The last answer as a scenario (JSON)."},
    "--keep-formulas": {
        "is_flag": True,
        "expose_value": False,
        "callback": _keep,
        "help": "Leave texts of a CSV that begin with = + - @ or a tab as they are: a spreadsheet would run them.",
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
    """Give a verb the option of the table that it writes; "" where it must be said."""
    attributes: dict[str, Any] = (
        {"default": Path(usual), "show_default": True} if usual else {"required": True}
    )
    out = click.option("--out", type=out_file, help=endings, **attributes)
    if Path(usual).suffix not in {"", ".csv"}:
        return out
    keep = shared("--keep-formulas")
    return lambda verb: out(keep(verb))


def keeps_formulas() -> bool:
    """Whether the verb that runs was told to leave the texts of a CSV as they are."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(KEEP_FORMULAS))


def write_result(path: Path, table: pd.DataFrame | LongTable, about: About) -> None:
    """Write a table, and what is told of it, as the verb that runs was told to; errors as of `write_table`."""
    from data.files.output import write_table  # noqa: PLC0415 -- the help of a verb needs no tables

    write_table(path, table, about, keep_formulas=keeps_formulas())


def flag(name: str, text: str) -> Callable[[Command], Command]:
    """Give a verb an option that is said or not."""
    return click.option(name, is_flag=True, help=text)


def done_by(work: str) -> Callable[[Callable[[], None]], Callable[..., None]]:
    """Hand the options of a verb to `work`, a module of this folder and its function, imported when the verb runs."""
    module, _, function = work.rpartition(".")

    def runs(verb: Callable[[], None]) -> Callable[..., None]:
        @wraps(verb)
        def run(**options: object) -> None:
            getattr(import_module(f"dorpshub.cli.{module}"), function)(**options)

        return run

    return runs


def of_region(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options that say which world its answer is about, and hand it their `Source`."""
    return _of_world(verb, "", region_argument)


def of_pupils(verb: Callable[..., None]) -> Callable[..., None]:
    """As `of_region`, where pupils travel and nobody else."""
    return _of_world(verb, "pupil", region_argument)


def of_named_region(verb: Callable[..., None]) -> Callable[..., None]:
    """As `of_region`, for a verb with more words behind the region, which must be said then."""
    return _of_world(verb, "", click.argument("region"))


def _of_world(
    verb: Callable[..., None], traveller: str, region: Callable[[Callable[..., None]], Callable[..., None]]
) -> Callable[..., None]:
    """Give a verb these options, that of the traveller only where none is said here."""

    @wraps(verb)
    def run(**options: Any) -> None:  # noqa: ANN401 -- click's
        from dorpshub.cli.source import Source  # noqa: PLC0415 -- takes a second

        options.setdefault("traveller", traveller)
        verb(source=Source(**{field: options.pop(field) for field in Source.__match_args__}), **options)

    names = (
        "--quiet",
        "--date",
        "--boarding-slack-s",
        "--max-rides",
        "--traveller",
        "--in-year",
        "--scenario",
    )
    own = names if not traveller else tuple(one for one in names if one != "--traveller")
    return region(_each(*map(shared, reversed(own)))(run))


def of_hub_users(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options that say whom hubs are for, what they go there for, and how."""
    return _each(
        shared("--kind", note="What people go to the hub for."),
        shared("--offers"),
        shared("--modes", default="bike", show_default=True, note="The quickest counts."),
        shared("--group"),
        shared("--age-weights"),
    )(verb)


def at_most_hubs(*, note: str = "") -> Callable[[Command], Command]:
    """Give a verb an upper limit on the hubs; where to look for each of some numbers, `--hubs` is a range."""
    return click.option(
        "--hubs", type=click.IntRange(1), help=f"At most so many; any number when left out. {note}".strip()
    )


def among_sites(*, fixed: str = "") -> Callable[[Command], Command]:
    """Give a verb the options that say where hubs may be and must be; `fixed` is what else the latter understands."""
    return _each(shared("--sites"), shared("--fix", note=fixed), shared("--forbid"))


def _each(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Give a verb all these options, which its help tells in this order."""

    def add(verb: Command) -> Command:
        for option in reversed(options):
            verb = option(verb)
        return verb

    return add


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


def by_workers(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb the options that say who does its work, and hand it a `Workers`, or None for this process."""

    @wraps(verb)
    def run(*, scheduler: str, n_workers: int, **options: object) -> None:
        if scheduler and n_workers:
            raise click.UsageError("Say either --scheduler or --workers.")
        workers = None
        if scheduler or n_workers:
            from scenarios.blocks.workers import Workers  # noqa: PLC0415 -- as above

            workers = Workers(scheduler, n_workers)
        verb(workers=workers, **options)

    return shared("--scheduler")(shared("--workers")(run))

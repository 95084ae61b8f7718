"""What scenarios change beside the region or each other, and what they cost."""

from __future__ import annotations

import click

from dorpshub.cli import choices
from dorpshub.cli.options import EACH_MINUTE, by_workers, done_by, flag, in_file, out_file, out_option, shared

verbs = click.Group()


@verbs.command()
@click.argument("region")
@click.argument("scenarios", type=in_file, nargs=-1, required=True)
@shared("--in-year", note="What it is compared with has that population too.")
@shared("--kinds")
@shared("--modes")
@shared("--traveller")
@shared("--arrive-by", note=EACH_MINUTE)
@shared("--max-rides")
@shared("--boarding-slack-s")
@shared("--date")
@shared("--limit-min")
@click.option(
    "--same-below-min", default=1.0, show_default=True, help="A smaller difference makes nobody win or lose."
)
@flag("--with-first", "Compare the first scenario with the others, instead of the region.")
@flag("--cells", "Also every population cell.")
@flag("--legs", "Also the legs of every time that changed.")
@flag("--contributions", "Also what each edit changes alone, and adds to the others.")
@flag("--band", "Also how sure each difference is: many runs with other assumptions.")
@flag("--equity", "Also how much of the gain goes to people without a car, by municipality.")
@flag("--costs", "Also what each edit costs, by the rates of the region, and what people get for it.")
@out_option("comparison.csv", ".csv, .parquet, .geojson or .gpkg; further tables get names beside it.")
@by_workers
@shared("--quiet")
@done_by("comparison.compare.compare")
def compare() -> None:
    """Compare REGION with each of the SCENARIOS.

    Writes a .run.json beside the tables, from which `dorpshub rerun` makes them again.
    """


@verbs.command()
@click.argument("region")
@click.argument("scenarios", type=in_file, nargs=-1, required=True)
@click.option(
    "--rates", type=in_file, help="Rates of your own (TOML), as rates.toml: they replace those of the region."
)
@shared("--kinds")
@shared("--modes", show_default=f"{', '.join(choices.USUAL_MODES)}, as far as the traveller has them")
@shared("--limit-min", note="Besides the norms.")
@shared("--traveller")
@shared("--date")
@shared("--lang")
@out_option("costs.csv")
@click.option("--value-out", type=out_file, help="What people get for it, by kind, mode and limit.")
@shared("--quiet")
@done_by("comparison.cost.cost")
def cost() -> None:
    """Say what each of the SCENARIOS costs in REGION, change by change, and what each person and hour of travel costs."""


@verbs.command()
@click.argument("run", type=in_file)
@out_option("", "Another file than before, with the same ending.")
@shared("--quiet")
@done_by("comparison.compare.rerun")
def rerun() -> None:
    """Make a comparison again from its RUN file (.run.json), and say whether all numbers are the same."""

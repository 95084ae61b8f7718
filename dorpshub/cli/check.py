"""The verbs `check` and `calibrate`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from accessibility.data_quality.calibration import calibrate as calibrate_world
from accessibility.data_quality.check import check_quality
from data.live.published import compared_areas
from data.study_area.observed_flows import read_flows
from data.study_area.published_figures import read_control
from dorpshub.cli.progress_bar import progress_bar
from dorpshub.cli.source import opened
from scenarios.reports.data_quality import calibration_blocks, quality_blocks
from scenarios.reports.document import Block, Words, check_suffix, markdown, write_report
from ui.words.i18n import report_words, texts_in


def check(region: str, traveller: str, out: Path | None, lang: str, service_date: dt.datetime | None) -> None:
    """Tell how good the data of REGION are: figures with examples, as .html with maps."""
    _refuse_suffix(out)
    world = opened(region, service_date, progress_bar(quiet=out is None), traveller)
    words = report_words(texts_in(lang))
    _give(out, quality_blocks(world, check_quality(world), words), words)


def calibrate(region: str, out: Path | None, lang: str, service_date: dt.datetime | None) -> None:
    """Put the results of REGION beside published figures: distances, areas, inhabitants."""
    _refuse_suffix(out)
    world = opened(region, service_date, progress_bar(quiet=out is None))
    hoods, country = compared_areas(world.region)
    words = report_words(texts_in(lang))
    found = calibrate_world(world, read_control(world.region), hoods, country, read_flows(world.region))
    _give(out, calibration_blocks(found, words), words)


def _refuse_suffix(out: Path | None) -> None:
    """Refuse a report of another kind before anything is worked out for it."""
    if out is not None:
        check_suffix(out)


def _give(out: Path | None, blocks: list[Block], words: Words) -> None:
    """Write a report, or show it."""
    if out is None:
        click.echo(markdown(blocks, words))
    else:
        write_report(out, blocks, words)
        click.echo(f"Report in {out}.")

"""The verbs `export` and `import`: a region with its scenarios as one file."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import click

from data.own.region_file import ENDING, read_region_file, scenario_files, write_region_file
from data.study_area.region_toml import load_region
from scenarios.edits.json_text import from_json, read_scenario, to_json


def export(region: str, scenarios: tuple[Path, ...], out: Path | None, quiet: bool) -> None:
    """Write a region with scenarios to one file."""
    of = load_region(region)
    read = [(file.stem, read_scenario(file)) for file in scenarios]
    texts = [(scenario.name or stem, to_json(scenario)) for stem, scenario in read]
    target = out or Path(f"{of.name}{ENDING}")
    manifest = write_region_file(target, of, texts, importlib.metadata.version("dorpshub"))
    if quiet:
        return
    for layer in manifest.layers:
        click.echo(f"{layer.layer}: {layer.source}, {layer.date}, {layer.licence} ({layer.origin})")
    click.echo(
        f"{of.title} with {len(texts)} scenarios in {target}, {target.stat().st_size / 2**20:,.1f} MB: whoever gets it gets "
        f"the data above under these licences. Next: dorpshub import {target}"
    )


def import_(file: Path, folder: Path | None, quiet: bool) -> None:
    """Make a region of its one file."""
    made, manifest = read_region_file(file, folder, from_json)
    if quiet:
        return
    scenarios = scenario_files(made)
    click.echo(
        f"{manifest.title} is in {made}, {len(manifest.parts)} files as they were, of version {manifest.version}."
    )
    for scenario in scenarios:
        click.echo(f"Scenario: {scenario}")
    click.echo(f"Next: dorpshub times {made}{f' --scenario {scenarios[0]}' if scenarios else ''}")

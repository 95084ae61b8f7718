"""The verb `report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from data.errors import InputError
from data.files.whole import write_file
from dorpshub.cli.source import Source
from dorpshub.regions import Region
from dorpshub.reported import report as reported
from scenarios.edits.json_text import read_scenario


def report(source: Source, lang: str, limit_min: float, no_band: bool, out: Path, **options: Any) -> None:  # noqa: ANN401 -- click's
    """Report on paper of a municipality, or of the region: who lives there, how near services are, what hubs change."""
    if out.suffix != ".pdf":
        msg = f"{out}: the report is a PDF; let its name end in .pdf."
        raise InputError(msg)
    if limit_min != int(limit_min):
        msg = f"--limit-min {limit_min:g}: the report tells whole minutes."
        raise InputError(msg)
    scenario = read_scenario(source.scenario_file) if source.scenario_file else None
    region = Region(source.region_alone())
    made = reported(
        region,
        scenario=scenario,
        quick=no_band,
        limit_min=int(limit_min),
        language=lang,
        progress=source.progress(),
        **options,
    )

    def write(beside: Path) -> None:
        beside.write_bytes(made)

    write_file(out, write)
    source.tell([f"Report of {options['municipality'] or region.world.region.title} in {out}."])

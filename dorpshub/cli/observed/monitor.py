"""The verb `monitor`: what was published year by year, beside the model and what a scenario promised."""

from __future__ import annotations

from pathlib import Path

from data.study_area.yearly_figures import read_yearly
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source
from scenarios.comparison.report import about
from scenarios.edits.scenario import EMPTY
from scenarios.monitoring.series import followed
from scenarios.monitoring.tables import monitor_lines, series_table, years_table


def monitor(
    source: Source,
    figures: Path,
    from_year: int | None,
    to_year: int | None,
    out: Path,
    years_out: Path | None,
) -> None:
    """Put yearly figures beside the model, and beside what a scenario promised."""
    yearly = read_yearly(figures)
    region, scenario, world = source.opened()
    found = followed(yearly, region, None if scenario == EMPTY else world, from_year, to_year)
    write_result(out, series_table(found), about(region, "monitor"))
    if years_out is not None:
        write_result(years_out, years_table(found), about(region, "monitor_years"))
    source.tell([*monitor_lines(found), f"Series by series in {out}."])

"""The quality of a region's data, and its results beside published figures, as reports to read."""

from __future__ import annotations

import numpy as np

from accessibility.calibration import OTHER_GAPS_M, OUTLIER_SHARE, Calibration, Deviation
from accessibility.car_area import GAP_M
from accessibility.quality_types import SECTIONS, Check, Quality
from accessibility.world import World
from scenarios.drawings import Dot, MapBase, scatter
from scenarios.pages import Block, Drawing, Grid, Heading, Paragraph

TITLES = {
    "streets": "Streets",
    "timetable": "Timetable",
    "places": "Places",
    "facilities": "Facilities",
    "population": "Population cells",
}


def quality_blocks(world: World, quality: Quality) -> list[Block]:
    """Report of the checks of a region: per section the figures, then tables, then a map per check that has places."""
    base = MapBase(world)
    blocks: list[Block] = [
        Heading(f"Quality of the data: {quality.title}", 1),
        Paragraph(
            f"Service date {quality.service_date}. A count of 0 is good news: it was looked for and not found."
        ),
    ]
    for section in SECTIONS:
        checks = [check for check in quality.checks if check.section == section]
        tables = [table for table in quality.tables if table.section == section]
        if not checks and not tables:
            continue
        blocks.append(Heading(TITLES[section]))
        if checks:
            blocks.append(
                Grid(("what", "count", "of", "share", "done", "examples"), tuple(map(_row, checks)))
            )
        for table in tables:
            blocks += [Heading(table.title, 3), Grid(table.columns, table.rows)]
            blocks += [Paragraph(table.note)] if table.note else []
        for check in checks:
            if check.spots:
                dots = [Dot(spot.name, spot.lon_deg, spot.lat_deg) for spot in check.spots]
                more = f", {len(dots)} of them drawn" if len(dots) < check.count else ""
                blocks.append(Drawing(base.draw(check.what, dots), f"{check.count} {check.what}{more}"))
    return blocks


def _row(check: Check) -> tuple[str | float, ...]:
    share = "" if np.isnan(check.share) else f"{check.share:.1%}"
    total = float(check.total) if check.total else np.nan
    return check.what, check.count, total, share, check.action, "; ".join(check.examples)


def calibration_blocks(calibration: Calibration) -> list[Block]:
    """Report of a calibration: distances, areas and inhabitants, each modelled beside published."""
    blocks: list[Block] = [
        Heading(f"Beside published figures: {calibration.title}", 1),
        Paragraph(
            "Distances as Statistics Netherlands measures them: over car roads, by the shortest way, to the nearest "
            "service in the country, weighted by persons. Here from the middle of each population cell."
        ),
    ]
    if not (calibration.deviations or calibration.areas or calibration.people):
        return [*blocks, Paragraph("This region has no published figures: there is no control.csv.")]
    blocks += _distances(calibration)
    if calibration.areas:
        blocks += _areas(calibration)
    if calibration.people:
        blocks += _people(calibration)
    if calibration.left_out:
        names = ", ".join(control.control_id for control in calibration.left_out)
        blocks.append(Paragraph(f"Not compared, as nothing here is the like: {names}."))
    return blocks


def _distances(calibration: Calibration) -> list[Block]:
    blocks: list[Block] = [Heading("Mean distance to the nearest")]
    for level in ("municipality", "neighbourhood", "other area"):
        mean, median, count = calibration.mean_and_median(level)
        if count:
            text = f"{count} figures of level {level}: deviation {mean:+.2f} km on average, median {median:+.2f} km."
            blocks.append(Paragraph(text))
    found = [row for row in calibration.deviations if np.isfinite(row.modelled_km)]
    municipal = tuple(_distance(row) for row in found if row.level != "neighbourhood")
    columns = ("kind", "area", "year", "published km", "modelled km", "deviation", "persons", "source")
    blocks.append(Grid(columns, municipal))
    if any(row.level == "neighbourhood" for row in found):
        blocks.append(Heading("Neighbourhoods", 3))
        blocks.append(Grid(columns, tuple(_distance(row) for row in found if row.level == "neighbourhood")))
    dots = [
        Dot(
            f"{row.kind}, {row.control.area}: {row.control.value:g} published, {row.modelled_km:.2f} modelled",
            row.control.value,
            row.modelled_km,
        )
        for row in found
    ]
    caption = "Modelled against published distance; on the dashed line they are the same"
    blocks.append(Drawing(scatter(caption, "published km", "modelled km", dots), caption))
    outliers = [row for row in calibration.deviations if row.is_outlier]
    blocks.append(Heading(f"Outliers: more than {OUTLIER_SHARE:.0%} off", 3))
    if outliers:
        rows = tuple((row.kind, row.control.area, f"{row.share:+.0%}", row.reason) for row in outliers)
        blocks.append(Grid(("kind", "area", "deviation", "likely reason"), rows))
    else:
        blocks.append(Paragraph("None."))
    return blocks


def _distance(row: Deviation) -> tuple[str | float, ...]:
    control = row.control
    return (
        *(row.kind, control.area, control.year, control.value, round(row.modelled_km, 2)),
        *(f"{row.deviation_km:+.2f} km ({row.share:+.0%})", row.people, control.source),
    )


def _areas(calibration: Calibration) -> list[Block]:
    others = " / ".join(f"{gap_m:.0f}" for gap_m in OTHER_GAPS_M)
    rows = tuple(
        (
            *(row.control.area, row.minutes, row.control.value, round(row.km2, 1)),
            f"{row.km2 / row.control.value - 1:+.0%}",
            " / ".join(f"{km2:.0f}" for km2 in row.others_km2),
            row.reason,
        )
        for row in calibration.areas
    )
    text = (
        f"The roads reached, with every gap between them of less than {2 * GAP_M / 1000:g} km and all holes filled. Half the "
        "width of a filled gap is an assumption: beside it what others give."
    )
    columns = (
        "centre",
        "minutes",
        "published km2",
        "modelled km2",
        "deviation",
        f"with {others} m",
        "likely reason",
    )
    return [Heading("Area within reach by car"), Paragraph(text), Grid(columns, rows)]


def _people(calibration: Calibration) -> list[Block]:
    rows = tuple(
        (
            row.control.indicator,
            row.control.area,
            row.control.year,
            row.control.value,
            row.persons,
            _off(row.persons, row.control.value),
        )
        for row in calibration.people
    )
    return [Heading("Inhabitants"), Grid(("what", "area", "year", "published", "here", "deviation"), rows)]


def _off(here: float, published: float) -> str:
    return f"{here / published - 1:+.1%}" if published else ""

"""The quality of a region's data, and its results beside published figures, as reports to read.

Every text is made in English and then said in the language of the report, names and all; numbers in it are written in
that language before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from accessibility.data_quality.calibration import (
    OTHER_GAPS_M,
    OUTLIER_SHARE,
    AreaCheck,
    Calibration,
    Deviation,
    PeopleCheck,
)
from accessibility.data_quality.car_area import DIRECTIONS, GAP_M
from accessibility.data_quality.findings import SECTIONS, Check, Quality
from accessibility.data_quality.flows import FlowCheck
from accessibility.travellers import ADULT
from accessibility.world import World
from scenarios.reports.document import Block, Cell, Drawing, Grid, Heading, Paragraph, Words
from scenarios.reports.drawings import Dot, MapBase, scatter

TITLES = {
    "streets": "Streets",
    "timetable": "Timetable",
    "places": "Places",
    "facilities": "Facilities",
    "population": "Population cells",
}


def quality_blocks(world: World, quality: Quality, words: Words) -> list[Block]:
    """Report of the checks of a region: per section the figures, then tables, then a map per check that has places."""
    base, say = MapBase(world), words.say
    blocks: list[Block] = [
        Heading(say(f"Quality of the data: {quality.title}"), 1),
        Paragraph(
            say(f"Service date {quality.service_date}.")
            + " "
            + say("A count of 0 is good news: it was looked for and not found.")
        ),
    ]
    if world.traveller != ADULT:
        blocks.append(Paragraph(say(f"On foot as the traveller {world.traveller.id}.")))
    for section in SECTIONS:
        checks = [check for check in quality.checks if check.section == section]
        tables = [table for table in quality.tables if table.section == section]
        if not checks and not tables:
            continue
        blocks.append(Heading(say(TITLES[section])))
        if checks:
            columns = ("what", "count", "of", "share", "done", "examples")
            blocks.append(_grid(columns, [_row(check, words) for check in checks], words))
        for table in tables:
            blocks += [Heading(say(table.title), 3), _grid(table.columns, table.rows, words)]
            blocks += [Paragraph(_parts(table.note, words))] if table.note else []
        for check in checks:
            if check.spots:
                blocks.append(_map(base, check, words))
    return blocks


def _map(base: MapBase, check: Check, words: Words) -> Drawing:
    dots = [Dot(words.say(spot.name), spot.lon_deg, spot.lat_deg) for spot in check.spots]
    what = words.say(check.what)
    more = words.say(f"{len(dots)} of them drawn") if len(dots) < check.count else ""
    count = words.number(check.count, ",")
    return Drawing(base.draw(what, dots), ", ".join(filter(None, (f"{count} {what}", more))))


def _grid(columns: Sequence[str], rows: Iterable[Sequence[Cell]], words: Words) -> Grid:
    """Table whose heads and texts are said in the language of the report."""
    return Grid(
        tuple(map(words.say, columns)),
        tuple(tuple(words.say(cell) if isinstance(cell, str) else cell for cell in row) for row in rows),
    )


def _row(check: Check, words: Words) -> tuple[Cell, ...]:
    share = "" if np.isnan(check.share) else words.number(check.share, ".1%")
    total = float(check.total) if check.total else np.nan
    examples = "; ".join(map(words.say, check.examples))
    return check.what, check.count, total, share, check.action, examples


def calibration_blocks(calibration: Calibration, words: Words) -> list[Block]:
    """Report of a calibration: distances, areas, inhabitants and journeys, each modelled beside published."""
    say = words.say
    blocks: list[Block] = [
        Heading(say(f"Beside published figures: {calibration.title}"), 1),
        Paragraph(
            say(
                "Distances as Statistics Netherlands measures them: over car roads, by the shortest way, to the nearest "
                "service in the country, weighted by persons. Here from the middle of each population cell."
            )
        ),
    ]
    if not (calibration.deviations or calibration.areas or calibration.people or calibration.flows):
        return [*blocks, Paragraph(say("This region has no published figures: there is no control.csv."))]
    blocks += _distances(calibration, words)
    if calibration.areas:
        blocks += _areas(calibration, words)
    if calibration.people:
        blocks += _people(calibration, words)
    for flows in calibration.flows:
        blocks += _journeys(flows, words)
    if calibration.left_out:
        names = ", ".join(control.control_id for control in calibration.left_out)
        blocks.append(Paragraph(say(f"Not compared, as nothing here is the like: {names}.")))
    return blocks


def _distances(calibration: Calibration, words: Words) -> list[Block]:
    say = words.say
    blocks: list[Block] = [Heading(say("Mean distance to the nearest"))]
    for level in ("municipality", "neighbourhood", "other area"):
        mean, median, count = calibration.mean_and_median(level)
        if count:
            off = [words.number(value, "+.2f") for value in (mean, median)]
            text = f"Level {level} ({count}): deviation {off[0]} km on average, {off[1]} km in the middle."
            blocks.append(Paragraph(say(text)))
    found = [row for row in calibration.deviations if np.isfinite(row.modelled_km)]
    columns = ("kind", "area", "year", "published km", "modelled km", "deviation", "persons", "source")
    municipal = [_distance(row, words) for row in found if row.level != "neighbourhood"]
    blocks.append(_grid(columns, municipal, words))
    local = [_distance(row, words) for row in found if row.level == "neighbourhood"]
    if local:
        blocks += [Heading(say("Neighbourhoods"), 3), _grid(columns, local, words)]
    dots = [Dot(_dot_name(row, words), row.control.value, row.modelled_km) for row in found]
    caption = say("Modelled against published distance; on the dashed line they are the same")
    drawing = scatter(caption, say("published km"), say("modelled km"), dots)
    blocks.append(Drawing(drawing, caption))
    outliers = [row for row in calibration.deviations if row.is_outlier]
    blocks.append(Heading(say(f"Outliers: more than {words.number(OUTLIER_SHARE, '.0%')} off"), 3))
    if outliers:
        rows = [
            (row.kind, row.control.area, words.number(row.share, "+.0%"), _parts(row.reason, words))
            for row in outliers
        ]
        blocks.append(_grid(("kind", "area", "deviation", "likely reason"), rows, words))
    else:
        blocks.append(Paragraph(say("None.")))
    return blocks


def _dot_name(row: Deviation, words: Words) -> str:
    figures = words.number(row.control.value, ".2f"), words.number(row.modelled_km, ".2f")
    return words.say(f"{row.kind}, {row.control.area}: {figures[0]} published, {figures[1]} modelled")


def _distance(row: Deviation, words: Words) -> tuple[Cell, ...]:
    control = row.control
    off = f"{words.number(row.deviation_km, '+.2f')} km ({words.number(row.share, '+.0%')})"
    return (
        *(row.kind, control.area, control.year, control.value, round(row.modelled_km, 2)),
        *(off, row.people, control.source),
    )


def _parts(text: str, words: Words) -> str:
    """Reasons or remarks, each said by itself: they come in any combination."""
    return "; ".join(map(words.say, filter(None, text.split("; "))))


def _areas(calibration: Calibration, words: Words) -> list[Block]:
    others = " / ".join(f"{gap_m:.0f}" for gap_m in OTHER_GAPS_M)
    rows = [
        (
            *(row.control.area, row.minutes, row.control.value, round(row.km2, 1)),
            words.number(row.km2 / row.control.value - 1, "+.0%"),
            " / ".join(words.number(km2, ",.0f") for km2 in row.others_km2),
            _parts(row.reason, words),
        )
        for row in calibration.areas
    ]
    width = words.number(2 * GAP_M / 1000, "g")
    text = (
        f"The roads reached, with every gap between them of less than {width} km and all holes filled. Half the "
        "width of a filled gap is an assumption: beside it what others give."
    )
    columns = (
        *("centre", "minutes", "published km2", "modelled km2", "deviation"),
        *(f"with {others} m", "likely reason"),
    )
    title = words.say("Area within reach by car")
    return [
        *(Heading(title), Paragraph(words.say(text)), _grid(columns, rows, words)),
        *_outlines(calibration, words),
    ]


def _outlines(calibration: Calibration, words: Words) -> list[Block]:
    """The same areas by other definitions, each with how far it is off."""
    rows = [_outline(row, words) for row in calibration.areas]
    text = (
        "The same by other definitions. Land whose nearest road is reached; all land inside a band around the roads "
        "reached; and that area if it were everywhere as in the directions in which the roads of the data go on."
    )
    columns = (
        *("centre", "minutes", "published km2", "roads and gaps", "nearest road reached", "band around"),
        *("band around, open directions", "open directions"),
    )
    return [
        Heading(words.say("The same areas by other definitions"), 3),
        Paragraph(words.say(text)),
        _grid(columns, rows, words),
    ]


def _outline(row: AreaCheck, words: Words) -> tuple[Cell, ...]:
    found, published = row.outlines, row.control.value
    areas = (row.km2, found.nearest_km2, found.hull_km2, found.open_hull_km2)
    shown = (
        f"{words.number(km2, ',.0f')} ({words.number(km2 / published - 1, '+.0%')})"
        if np.isfinite(km2)
        else ""
        for km2 in areas
    )
    return row.control.area, row.minutes, published, *shown, f"{found.n_open} / {DIRECTIONS}"


def _people(calibration: Calibration, words: Words) -> list[Block]:
    columns = ("what", "area", "year", "published", "here", "deviation")
    blocks: list[Block] = [Heading(words.say("Inhabitants"))]
    larger = [row for row in calibration.people if row.level != "postcode"]
    if larger:
        blocks.append(_grid(columns, [_persons(row, words) for row in larger], words))
    postcodes = [row for row in calibration.people if row.level == "postcode"]
    if postcodes:
        blocks.append(Heading(words.say("Postcodes"), 3))
        blocks += [Paragraph(words.say(text)) for text in _postcode_texts(postcodes, words)]
        blocks.append(_grid(columns, [_persons(row, words) for row in postcodes], words))
    return blocks


def _postcode_texts(rows: Sequence[PeopleCheck], words: Words) -> Iterator[str]:
    """How far postcodes are off, all inhabitants and the aged each: together, and in the middle of them."""
    for indicator in dict.fromkeys(row.control.indicator for row in rows):
        own = [row for row in rows if row.control.indicator == indicator]
        published = sum(row.control.value for row in own)
        share = sum(row.persons for row in own) / published - 1 if published else np.nan
        median = float(np.median([abs(row.share) for row in own if np.isfinite(row.share)] or [np.nan]))
        yield (
            f"{indicator}: {len(own)} postcodes, together {words.number(share, '+.1%')}; half of them within "
            f"{words.number(median, '.1%')}."
        )


def _persons(row: PeopleCheck, words: Words) -> tuple[Cell, ...]:
    control = row.control
    off = words.number(row.share, "+.1%") if np.isfinite(row.share) else ""
    return control.indicator, control.area, control.year, control.value, row.persons, off


def _journeys(flows: FlowCheck, words: Words) -> list[Block]:
    """Observed journeys to one kind of facility beside everybody going to the nearest, and beside a decay."""
    say = words.say
    blocks: list[Block] = [Heading(say(f"Observed journeys to: {flows.kind}"))]
    if flows.persons:
        nearest, decay, by_decay, per_km = (
            words.number(value, form)
            for value, form in (
                (flows.nearest_share, ".1%"),
                (flows.decay_share, ".1%"),
                (flows.nearest_by_decay, ".1%"),
                (float(np.exp(-flows.decay_per_km)), ".2f"),
            )
        )
        counted = f"{words.number(flows.persons, ',')} persons, {flows.date}, {flows.source}."
        to_nearest = (
            f"At most {nearest} go to the nearest over the ways of cyclists: of an area, the part that is sent to a "
            "facility and the part that is counted there overlap no further."
        )
        by_distance = (
            f"The decay that fits best: one that is 1 km further away draws {per_km} times as many. It sends {by_decay} "
            f"to the nearest, and at most {decay} to where they do go."
        )
        limits = (
            "Small numbers are not published, and those journeys are mostly long: the decay is too steep, and the shares "
            "below are too high. Where in its area a journey begins is not known: it is taken to begin all over it, or where "
            "the decay makes it likely."
        )
        texts = (counted, to_nearest, by_distance, limits)
        blocks += [Paragraph(say(text)) for text in texts]
        columns = ("within km", "observed", "observed, from all over the area", "all to the nearest", "decay")
        rows: list[tuple[Cell, ...]] = [
            (limit_km, *(words.number(share, ".1%") for share in shares))
            for limit_km, *shares in flows.within
        ]
        blocks.append(_grid(columns, rows, words))
    return blocks + [
        Paragraph(say(f"Not compared, as {left.reason}: {'; '.join(left.journeys)}."))
        for left in flows.left_out
    ]

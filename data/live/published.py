"""Published figures to compare results with, and the outlines of the areas that they are of."""

from __future__ import annotations

import numpy as np

from data.columns import Floats
from data.download.download import SourceError
from data.files.output import write_table
from data.files.tables import read_table
from data.live import control
from data.live.area import Box
from data.live.areas import NO_AREAS, Areas, load_areas, load_if_there, read_areas, write_areas
from data.live.job import CONTROL, COUNTRY, NEIGHBOURHOODS, PLACES, POSTCODES, Job
from data.live.odata import CODE
from data.live.places import Where, outlines_of
from data.live.postcodes import read_postcodes
from data.live.region_files import Taken
from data.study_area.published_figures import CARS, POSTCODE, Control, read_control, write_control
from data.study_area.region_toml import Region


def compared_areas(region: Region) -> tuple[Areas, Areas]:
    """Neighbourhoods and postcodes, and the country, in a region's folder or among its facts."""
    folders = region.folder, region.folder / region.facts

    def found(name: str) -> Areas:
        return load_if_there(
            next((path for folder in folders if (path := folder / name).is_file()), folders[0] / name)
        )

    return found(NEIGHBOURHOODS) + found(POSTCODES), found(COUNTRY)


def published(job: Job, place: Where, box: Box) -> None:
    """Write the figures of the municipalities, neighbourhoods and postcodes of a region, and their outlines."""
    earlier = read_control(job.before) if job.before else ()
    rows = _of_postcodes(job, place, box, earlier)
    inside = outlines_of(place, job.order.title)
    codes = [code for code in inside.code if code.startswith("GM")]
    if codes:
        rows += _of_cbs(job, inside + _neighbourhoods(job, codes, box), codes, earlier)
    if rows:
        write_control(job.scratch / CONTROL, rows)
        _give_cars(job, inside, rows)


def _give_cars(job: Job, municipalities: Areas, rows: list[Control]) -> None:
    """Let places have the cars per household of their neighbourhood, where there is no such figure of their municipality."""
    value = {row.code: row.value for row in rows if row.indicator == CARS}
    if not value:
        return
    table = read_table(job.scratch / PLACES, ("lon", "lat"))
    lon_deg, lat_deg = (np.asarray(table[name], np.float64) for name in ("lon", "lat"))
    found = np.full(len(table), np.nan)
    for areas in (load_if_there(job.scratch / NEIGHBOURHOODS), municipalities):
        of_area: Floats = np.array([*(value.get(code, np.nan) for code in areas.code), np.nan])
        found = np.where(np.isnan(found), of_area[areas.holding(lon_deg, lat_deg)], found)
    table["cars_per_household"] = ["" if np.isnan(cars) else f"{cars:g}" for cars in found]
    write_table(job.scratch / PLACES, table, keep_formulas=True)


def _of_postcodes(job: Job, place: Where, box: Box, earlier: tuple[Control, ...]) -> list[Control]:
    source = job.sources.source("postcodes")
    try:
        found, fetched = read_postcodes(job.download, source, box, place.shape, job.scratch)
    except SourceError as error:
        if job.keep(source, "inhabitants per postcode", str(error), (POSTCODES,)):
            return [row for row in earlier if row.code.startswith(POSTCODE)]
        return []
    job.take(source, "inhabitants per postcode", fetched)
    if len(found.areas.name):
        write_areas(job.scratch / POSTCODES, found.areas)
    return found.rows(source)


def _neighbourhoods(job: Job, codes: list[str], box: Box) -> Areas:
    source = job.sources.source("neighbourhoods").within(box.text)
    try:
        hoods, fetched = read_areas(job.download, source)
        own = [row for row, code in enumerate(hoods.code) if _belongs(code, codes)]
        write_areas(job.scratch / NEIGHBOURHOODS, hoods.picked(own))
        job.take(source, "outlines of neighbourhoods", fetched)
    except SourceError as error:
        if not job.keep(source, "outlines of neighbourhoods", str(error), (NEIGHBOURHOODS,)):
            return NO_AREAS
    return load_areas(job.scratch / NEIGHBOURHOODS)


def _of_cbs(job: Job, areas: Areas, codes: list[str], earlier: tuple[Control, ...]) -> list[Control]:
    figures = control.rows_from(job.download, job.sources, areas, lambda code: _belongs(code, codes))
    new = {row.control_id for row in figures.rows}
    for one, trouble, source in figures.used:
        if one is not None:
            job.take(source, "published figures", one)
            continue
        indicators = {control.INDICATORS[ours].indicator for ours, _ in source.columns if ours != CODE}
        rows = [
            row
            for row in earlier
            if row.indicator in indicators and row.control_id not in new and not row.code.startswith(POSTCODE)
        ]
        figures.rows.extend(rows)
        state = "kept" if rows else "missing"
        job.taken.append(
            Taken(source.id, "published figures", "", "", source.licence, source.credit, state, trouble)
        )
    return figures.rows


def _belongs(code: str, municipalities: list[str]) -> bool:
    """Whether a code is of one of these municipalities or of a neighbourhood in one."""
    return code in municipalities or (code.startswith("BU") and f"GM{code[2:6]}" in municipalities)

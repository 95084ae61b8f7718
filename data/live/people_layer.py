"""The layers of people: places with their inhabitants, the cells these live in, and the facilities of the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.columns import take
from data.download.download import SourceError
from data.errors import InputError
from data.files.output import write_table
from data.live.area import Box
from data.live.areas import NO_AREAS, Areas, read_areas
from data.live.geopackages import RD
from data.live.job import CELLS, FACILITIES, PLACES, Job
from data.live.places import Where, facility_table, place_tables
from data.live.postcodes import read_full_postcodes
from data.live.region_files import Taken
from data.live.register import registered_places
from data.live.squares import Squares, read_squares
from data.osm.extract import OsmExtract
from data.osm.features import OsmPlaces
from data.projection import Projection

SQUARES = "inhabitants per square of 100 m"


@dataclass(frozen=True, slots=True)
class _Found:
    """Where people live: `squares` or what stands in for them, else whether files of an earlier fetch were `kept`."""

    squares: Squares | None
    kept: bool

    @property
    def is_there(self) -> bool:
        return self.kept or self.squares is not None


def people(
    job: Job, place: Where, extract: OsmExtract, box: Box, projection: Projection, streets: Taken
) -> None:
    """Write places, cells and facilities; `streets` tells where the map came from."""
    found = _squares(job, box) if projection.crs == RD else _Found(None, kept=False)
    used = job.taken[-1]
    registered = not found.kept and _write_places(job, place, extract, found.squares, box, projection)
    edition = f"{used.url.rsplit('/', 1)[-1]}. " if found.is_there and used.url else ""
    noun = found.squares.noun if found.squares is not None else "squares"
    note = (
        f"{edition}Inhabitants are those of the {noun} nearest to the place, in the same municipality."
        if found.is_there
        else "Inhabitants are the population tags of the map; there are no cells."
    )
    if registered and found.is_there:
        note = f"{edition}Inhabitants are those of the {noun} inside the outline of the registered place."
    job.layer("places", PLACES, used if found.is_there else streets, note, observed=found.is_there)
    if found.is_there:
        note = f"{edition}15 to 25 and 65 and over are split by the ages of the country; secret numbers are assumed."
        job.layer("population", CELLS, used, note)
    table = facility_table(extract.facilities)
    if len(table):
        write_table(job.scratch / FACILITIES, table, keep_formulas=True)
        job.layer("facilities", FACILITIES, streets, "As mapped; what nobody mapped is missing.")


def _squares(job: Job, box: Box) -> _Found:
    """Squares; without them those of an earlier fetch, and without these the spots of full postcodes."""
    source = job.sources.source("squares")
    try:
        squares, fetched = read_squares(job.download, source, box, job.scratch)
        if len(squares.x_m):
            job.take(source, SQUARES, fetched)
            return _Found(squares, kept=False)
        trouble = f"{fetched.url} has no squares in the region."
    except SourceError as error:
        trouble = str(error)
    if job.keep(source, SQUARES, trouble, (PLACES, CELLS)):
        return _Found(None, kept=True)
    source = job.sources.source("full_postcodes")
    try:
        spots, fetched = read_full_postcodes(job.download, source, box, job.scratch)
    except SourceError as error:
        job.keep(source, "inhabitants per full postcode", str(error), ())
        return _Found(None, kept=False)
    job.take(source, "inhabitants per full postcode", fetched)
    return _Found(spots if len(spots.x_m) else None, kept=False)


def _write_places(
    job: Job, place: Where, extract: OsmExtract, squares: Squares | None, box: Box, projection: Projection
) -> bool:
    """Write places and cells; whether the places are those of the register."""
    wanted = np.flatnonzero([kind in job.sources.place_kinds for kind in extract.places.kind])
    found, homes = _named(job, take(extract.places, wanted), squares, box, projection)
    if not place.inside(found.lon_deg, found.lat_deg).any():
        kinds = ", ".join(job.sources.place_kinds)
        msg = f"The map has no place ({kinds}) in the area. Name a larger area, or more kinds in the file of sources."
        raise InputError(msg)
    table, grid, report = place_tables(found, place, squares, projection, job.sources.secret_persons, homes)
    job.report += report
    write_table(job.scratch / PLACES, table, keep_formulas=True)
    if grid is not None:
        write_table(job.scratch / CELLS, grid, keep_formulas=True)
    return bool(len(homes.name))


def _named(
    job: Job, mapped: OsmPlaces, squares: Squares | None, box: Box, projection: Projection
) -> tuple[OsmPlaces, Areas]:
    """Places of the map, or of the register with their outlines where these were asked for and are to be had."""
    if job.sources.place_names != "register":
        return mapped, NO_AREAS
    source = job.sources.source("registered_places").within(box.text)
    try:
        homes, fetched = read_areas(job.download, source)
    except SourceError as error:
        job.keep(source, "registered places", f"{error} Places are those of the map.", ())
        return mapped, NO_AREAS
    job.take(source, "registered places", fetched)
    places, report = registered_places(mapped, homes, squares, projection)
    job.report += report
    return places, homes

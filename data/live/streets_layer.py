"""The streets and services of a region: out of extracts of OpenStreetMap, and of Overpass where little is needed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import shapely

from data.build_report import finding
from data.download.cache import Fetched, file_date
from data.download.download import NeverDownloadedError, SourceError
from data.download.sources import Source
from data.errors import InputError
from data.live.area import Box
from data.live.extracts import Needed, needed_extracts
from data.live.job import STREETS, Job
from data.live.osm import cut_extracts, extract_date
from data.live.overpass import fetch_overpass
from data.live.places import Where
from data.live.region_files import Taken
from data.osm.extract import OsmExtract, read_osm
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import geod

WHAT = "streets and services"
OF_BUFFER = "streets and services beyond the border"
_OVERLAP_DEG = 0.005
"""A strip is asked for this much wider, about 400 m, so that its outline may be simple."""


def streets(job: Job, place: Where, box: Box) -> OsmExtract:
    """Write streets, places and services of the box: of Overpass where it is small, else out of extracts.

    Raises
    ------
    InputError
        When neither can be had, nor an earlier fetch left any.

    """
    out, kinds = job.scratch / STREETS, load_facility_kinds()
    overpass, extracts = job.sources.source("overpass"), job.sources.source("extracts")
    troubles = []
    try:
        if _km2(box.polygon) > overpass.small_km2 or job.download.offline:
            _from_extracts(job, extracts, place, box, out)
        else:
            try:
                job.take(overpass, WHAT, _ask_overpass(job, overpass, box.polygon, out))
            except SourceError as error:
                troubles.append(str(error))
                _from_extracts(job, extracts, place, box, out)
    except SourceError as error:
        trouble = " ".join([*troubles, str(error)])
        if not job.keep(extracts, WHAT, trouble, (STREETS,)):
            raise InputError(trouble) from error
    job.layer("streets", STREETS, streets_taken(job))
    extract = read_osm(out, kinds, job.order.service_date)
    job.report += extract.report
    return extract


def streets_taken(job: Job) -> Taken:
    """Where the map came from: of several extracts the one that covers most."""
    return next(one for one in job.taken if one.what == WHAT)


def _ask_overpass(job: Job, source: Source, area: shapely.Geometry, out: Path) -> Fetched:
    areas = [part for part in shapely.get_parts(area).tolist() if not part.is_empty]

    def use(address: str) -> Fetched:
        if not job.download.asking:
            raise NeverDownloadedError(f"Answers of {address} are not kept.")
        date = fetch_overpass(address, job.download.agent, areas, load_facility_kinds(), out, job.progress)
        return Fetched(address, out, date, "new")

    return job.download.first(source, use)


def _from_extracts(job: Job, source: Source, place: Where, box: Box, out: Path) -> None:
    """Cut the extracts that a user named, else those of the index that cover the box."""
    needed = tuple(Needed(address, box.polygon, of_buffer=False) for address in source.addresses)
    if not needed:
        index = job.sources.source("extract_index")

        def use(address: str) -> tuple[Needed, ...]:
            return needed_extracts(job.download.get(index, address, "json").path, place.shape, box)

        needed = job.download.first(index, use)
    files = [file for one in needed if (file := _piece(job, source, one)) is not None]
    cut_extracts([file.path for file in files], box, load_facility_kinds(), out, job.progress)


def _piece(job: Job, source: Source, needed: Needed) -> Fetched | None:
    """An extract, or the strip of it that the buffer needs; None where that is left out, which is said."""
    size_mb = job.download.size_mb(needed.address) if needed.of_buffer else 0.0
    strip = _strip_file(job, needed)
    is_small = size_mb <= source.whole_mb and not (job.download.offline and strip.is_file())
    if not needed.of_buffer or job.sources.abroad == "whole" or is_small:
        return _whole(job, source, needed)
    trouble = ""
    if job.sources.abroad == "strip":
        try:
            return _strip(job, needed, strip)
        except SourceError as error:
            trouble = f" {error}"
    trouble = f"{needed.address} has {size_mb:.0f} MB, and only the buffer needs it.{trouble}"
    advice = (
        "Roads, services and ways across the border are missing there; --abroad whole downloads the extract."
    )
    job.taken.append(
        Taken(source.id, OF_BUFFER, "", "", source.licence, source.credit, "missing", f"{trouble} {advice}")
    )
    job.report += finding(
        "streets",
        "dropped",
        "streets and services of the buffer: left out, beyond the border",
        [needed.address],
    )
    return None


def _whole(job: Job, source: Source, needed: Needed) -> Fetched:
    one = job.download.first(
        source.only(needed.address), lambda address: job.download.get(source, address, "osm")
    )
    job.take(source, WHAT, one, extract_date(one.path))
    return one


def _strip(job: Job, needed: Needed, file: Path) -> Fetched:
    """What the buffer needs of an extract, asked of Overpass; else as it was asked for before."""
    source = job.sources.source("overpass")
    area = shapely.simplify(shapely.buffer(needed.part, _OVERLAP_DEG), _OVERLAP_DEG / 4)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        found = _ask_overpass(job, source, area, file)
    except SourceError as error:
        if not file.is_file():
            raise
        found = Fetched(source.addresses[0], file, file_date(file), "kept", str(error))
    except OSError as error:
        raise SourceError(f"{file} cannot be written: {error.strerror or error}.") from error
    job.take(source, OF_BUFFER, found)
    return found


def _strip_file(job: Job, needed: Needed) -> Path:
    key = needed.address.encode() + shapely.to_wkb(needed.part)
    return job.sources.folder / f"{hashlib.sha256(key).hexdigest()[:12]}-strip.osm.pbf"


def _km2(area: shapely.Geometry) -> float:
    area_m2, _ = geod().geometry_area_perimeter(area)
    return abs(area_m2) / 1e6

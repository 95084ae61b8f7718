"""A region out of live sources: asked for by name or box, cut while it is read, and left as a folder that opens."""

from __future__ import annotations

import datetime as dt

from data.download.download import Downloader
from data.download.sources import Sources
from data.files.whole import renewed
from data.live import layers
from data.live.area import box_around
from data.live.areas import write_areas
from data.live.job import ALL_FILES, COUNTRY, MUNICIPALITIES, OUTLINES, Delivery, Job, Order
from data.live.people_layer import people
from data.live.places import country_of, outlines_of
from data.live.published import published
from data.live.region_files import LOG, SOURCES, previous, region_toml, sources_md, write_log
from data.live.streets_layer import streets, streets_taken
from data.progress import Progress
from data.projection import Projection

TOML = "region.toml"
WAITING = "waiting for another fetch of this region"


def fetch_region(order: Order, sources: Sources, progress: Progress, *, offline: bool) -> Delivery:
    """Fetch every layer of a region and write its folder, ready to be opened.

    A source that fails leaves what it gave before: its last download, else the layer as an earlier fetch of the same
    area left it. Without either the region does without: only streets, and outlines to find municipalities by name,
    must be there. Of two that fetch the same folder one waits for the other, and then downloads only what changed.

    Raises
    ------
    InputError
        When a municipality does not exist, the folder cannot be written to, or one of these two cannot be had.

    """
    with renewed(order.folder, TOML, ALL_FILES, lambda: progress(WAITING, 0.0)) as scratch:
        before = previous(order.folder, order.area, sources.buffer_m)
        with Downloader(sources, progress, offline=offline) as download:
            job = Job(order, sources, download, progress, before, scratch)
            service_date = _fill(job)
        _write_texts(job, service_date)
    return Delivery(order.folder, tuple(job.taken), job.report)


def _fill(job: Job) -> dt.date:
    """Make all files in the scratch folder; return the service date."""
    projection = Projection(job.sources.crs)
    place = layers.area_of(job)
    box = box_around(place.shape, projection, job.sources.buffer_m)
    write_areas(job.scratch / OUTLINES, outlines_of(place, job.order.title))
    write_areas(job.scratch / MUNICIPALITIES, place.municipalities.touching(box.polygon))
    country = country_of(place, box)
    if len(country.name):
        write_areas(job.scratch / COUNTRY, country)
    extract = streets(job, place, box)
    people(job, place, extract, box, projection, streets_taken(job))
    service_date = layers.timetable(job, box)
    published(job, place, box)
    return service_date


def _write_texts(job: Job, service_date: dt.date) -> None:
    """Write region.toml, and what tells where everything came from."""
    order, sources = job.order, job.sources
    toml = region_toml(order.title, sources.crs, service_date.isoformat(), sources.window, job.layers)
    (job.scratch / SOURCES).write_text(sources_md(order.title, job.taken, job.report), encoding="utf-8")
    write_log(job.scratch / LOG, order.area, sources.buffer_m, job.taken, job.report)
    (job.scratch / TOML).write_text(toml, encoding="utf-8")

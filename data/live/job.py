"""One fetch under way: what was asked for, what the sources gave, and what stands in for those that failed."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from data.build_report import BuildReport
from data.download.cache import Fetched
from data.download.download import Downloader
from data.download.sources import Source, Sources
from data.live.area import Area
from data.live.region_files import LOG, SOURCES, Taken
from data.progress import Progress
from data.study_area.region_toml import LayerSource, Region

STREETS, TIMETABLE, PLACES, FACILITIES = "streets.osm.pbf", "timetable.zip", "places.csv", "facilities.csv"
CELLS, OUTLINES, COUNTRY = "population_grid.parquet", "outlines.geojson", "country.geojson"
NEIGHBOURHOODS, CONTROL = "neighbourhoods.geojson", "control.csv"
MUNICIPALITIES, POSTCODES = "municipalities.geojson", "postcodes.geojson"
ALL_FILES = (
    *(
        STREETS,
        TIMETABLE,
        PLACES,
        FACILITIES,
        CELLS,
        OUTLINES,
        COUNTRY,
        NEIGHBOURHOODS,
        CONTROL,
        MUNICIPALITIES,
        POSTCODES,
    ),
    *(SOURCES, LOG),
)
"""What a fetch may leave beside region.toml."""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: an area under a title in a folder, for a date or for the busiest day (None)."""

    title: str
    folder: Path
    area: Area
    service_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of it: the sources as they were used, and what was assumed, repaired or dropped."""

    folder: Path
    taken: tuple[Taken, ...]
    report: BuildReport


@dataclass(slots=True)
class Job:
    """One fetch under way; files are made in `scratch` and moved to the region's folder when all are there."""

    order: Order
    sources: Sources
    download: Downloader
    progress: Progress
    before: Region | None
    scratch: Path
    taken: list[Taken] = field(default_factory=list)
    layers: list[LayerSource] = field(default_factory=list)
    report: BuildReport = field(default_factory=BuildReport)

    def take(self, source: Source, what: str, fetched: Fetched, date: str = "") -> None:
        """Note that a source gave `what`; `date` where the content itself tells it."""
        self.taken.append(
            Taken(
                source.id,
                what,
                fetched.url,
                date or fetched.date,
                source.licence,
                source.credit,
                fetched.state,
                fetched.trouble,
            )
        )

    def layer(self, name: str, file: str, one: Taken, note: str = "", *, observed: bool = True) -> None:
        """Add a layer of the region that was made of `one`."""
        origin = "observed" if observed else "modelled"
        self.layers.append(LayerSource(name, file, False, origin, one.credit, one.date, one.licence, note))

    def keep(self, source: Source, what: str, trouble: str, files: tuple[str, ...]) -> bool:
        """Let the files of the fetch before stand in for a source that failed, if there are any; whether they are there."""
        there = (
            self.before is not None
            and bool(files)
            and all((self.order.folder / file).is_file() for file in files)
        )
        state, date = ("kept", "") if there else ("missing", "")
        if there and self.before is not None:
            for file in files:
                shutil.copy2(self.order.folder / file, self.scratch / file)
            dates = [layer.date for layer in self.before.layers if layer.file in files]
            date = dates[0] if dates else ""
        self.taken.append(Taken(source.id, what, "", date, source.licence, source.credit, state, trouble))
        return there

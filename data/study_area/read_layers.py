"""All layers of a region but its timetable, read from its files and checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TypeVar

import numpy as np

from data.broadband import Broadband
from data.build_report import BuildReport, finding
from data.columns import stacked
from data.errors import InputError
from data.files.any_table import TableLayer
from data.files.broadband import read_broadband
from data.files.points import refuse_far_points
from data.files.rows import Rows
from data.files.tables import facilities_of, places_of, read_grid
from data.opening_hours.hours import hours_report
from data.osm.extract import OsmExtract, read_osm
from data.outlines import Outline, read_outlines
from data.parameters.facility_kinds import FacilityKinds, load_facility_kinds
from data.places import AGE_SHARES, Facilities, Places, PopulationGrid
from data.projection import Projection
from data.streets import StreetMap
from data.study_area.region_toml import LayerSource, Region
from data.study_area.tables import AGES_ASSUMED, read_rows

Table = TypeVar("Table", Places, Facilities)


@dataclass(frozen=True, slots=True, eq=False)
class StudyArea:
    """What the files of a region say but for public transport; layers that a region need not have are empty, or None."""

    projection: Projection
    streets: StreetMap
    places: Places
    facilities: Facilities
    grid: PopulationGrid | None
    outlines: tuple[Outline, ...]
    broadband: Broadband | None
    report: BuildReport
    is_dated: bool
    """Whether streets hold on some days only."""


def read_study_area(region: Region, generated: Path) -> StudyArea:
    """Read every layer; places and facilities come from the OSM file where the region has no table of them.

    Facilities of the OSM file are those that are there on the service date of the region.

    Parameters
    ----------
    region
        What region.toml says.
    generated
        Folder with the generator's output, for the layers that name it.

    Raises
    ------
    InputError
        When a file cannot be used, or layers contradict each other.

    """
    (streets,) = region.layer("streets")
    extract = read_osm(
        streets.path(region.folder, generated),
        load_facility_kinds(),
        region.service_date,
        region.window_start,
    )
    return study_area_of(region, generated, extract)


def study_area_of(region: Region, generated: Path, extract: OsmExtract) -> StudyArea:
    """Read every layer but the streets, whose file was read already; else as `read_study_area`."""
    at = _Reading(region, generated, extract, Projection(region.crs), load_facility_kinds())
    projection, files = at.projection, {source.layer: at.path(source) for source in region.layers}
    outlines = read_outlines(files["outlines"]) if "outlines" in files else ()
    report = extract.report
    (places, told), (facilities, found) = at.places(), at.facilities()
    report += told + found
    broadband = None
    if "broadband" in files:
        broadband, told = read_broadband(files["broadband"], places, projection)
        report += told
    named = [
        (f"{id_} {name}".rstrip(), text)
        for id_, name, text in zip(facilities.id, facilities.name, facilities.opening, strict=True)
        if text
    ]
    report += hours_report("facilities", named, region.holidays)
    return StudyArea(
        projection=projection,
        streets=extract.streets,
        places=places,
        facilities=facilities,
        grid=read_grid(files["population"], places) if "population" in files else None,
        outlines=outlines,
        broadband=broadband,
        report=report,
        is_dated=extract.is_dated,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """What tables of places and facilities are read with."""

    region: Region
    generated: Path
    extract: OsmExtract
    projection: Projection
    kinds: FacilityKinds

    def path(self, source: LayerSource) -> Path:
        """File of a source."""
        return source.path(self.region.folder, self.generated)

    def places(self) -> tuple[Places, BuildReport]:
        """Places of all sources, those of the map where there is none."""
        parts, report = [], BuildReport()
        for source in self._sources("places"):
            if source.layer == "places":
                rows, told = self._rows(source, "places")
                part = places_of(rows, self.projection)
            else:
                part, told = _places_from_osm(self.extract, self.projection, self.region)
            parts.append((source, part))
            report += told
        return self._joined(parts), report

    def facilities(self) -> tuple[Facilities, BuildReport]:
        """Facilities of all sources, those of the map where there is none."""
        parts, report = [], BuildReport()
        for source in self._sources("facilities"):
            if source.layer == "facilities":
                rows, told = self._rows(source, "facilities")
                part = facilities_of(rows, self.projection)
                _refuse_unknown_kinds(self.path(source), part, self.kinds)
                report += told
            else:
                modelled = source.origin == "modelled"
                part = _facilities_from_osm(self.extract, self.projection, modelled=modelled)
            parts.append((source, part))
        return self._joined(parts), report

    def _sources(self, layer: str) -> tuple[LayerSource, ...]:
        """Sources of a layer; the map stands for itself, whether it is named or nothing else is there."""
        (streets,) = self.region.layer("streets")
        named = self.region.layer(layer)
        return tuple(streets if source.file == streets.file else source for source in named) or (streets,)

    def _rows(self, source: LayerSource, layer: TableLayer) -> tuple[Rows, BuildReport]:
        """Table of a layer, whose origin is that of rows that do not say."""
        path = self.path(source)
        return read_rows(path, str(path), layer, source.origin, self.projection, self.kinds)

    def _joined(self, parts: list[tuple[LayerSource, Table]]) -> Table:
        """Tables below each other; InputError where a row lies far off, or an id is in two of them."""
        owner: dict[str, Path] = {}
        for source, table in parts:
            path = self.path(source)
            lon_deg, lat_deg = self.projection.to_lonlat(table.x_m, table.y_m)
            refuse_far_points(path, table.id, lon_deg, lat_deg, self.extract.streets)
            if twice := [id_ for id_ in table.id if id_ in owner]:
                msg = (
                    f"{path}: {len(twice)} ids stand in {owner[twice[0]].name} as well, for example '{twice[0]}'. Every row of a "
                    "layer needs an id of its own."
                )
                raise InputError(msg)
            owner |= dict.fromkeys(table.id, path)
        return reduce(stacked, (table for _, table in parts))


def _refuse_unknown_kinds(path: Path, facilities: Facilities, kinds: FacilityKinds) -> None:
    unknown = sorted(set(facilities.kind) - set(kinds.ids))
    if unknown:
        msg = (
            f"{path}: unknown kinds of facility {', '.join(repr(kind) for kind in unknown)}. "
            f"Kinds are {', '.join(kinds.ids)}."
        )
        raise InputError(msg)


def _places_from_osm(
    extract: OsmExtract, projection: Projection, region: Region
) -> tuple[Places, BuildReport]:
    """Places with the population of their tag, nobody where it is missing, by the age shares of the country."""
    found = extract.places
    if not len(found.id):
        msg = f"{region.folder}: the OSM file has no places; add a layer 'places' to region.toml."
        raise InputError(msg)
    x_m, y_m = projection.to_metres(found.lon_deg, found.lat_deg)
    unknown = found.population < 0
    inhabitants = np.where(unknown, 0, found.population)
    by_age = np.floor(inhabitants[:, None] * np.array(AGE_SHARES)).astype(np.int32)
    by_age[:, 1] += inhabitants - by_age.sum(axis=1)
    places = Places(
        id=found.id,
        name=found.name,
        municipality=("",) * len(found.id),
        kind=found.kind,
        x_m=x_m,
        y_m=y_m,
        inhabitants_by_age=by_age,
        in_region=np.ones(len(found.id), np.bool_),
        modelled=np.ones(len(found.id), np.bool_),
        cars_per_household=np.full(len(found.id), np.nan),
    )
    without = [name for name, missing in zip(found.name, unknown, strict=True) if missing]
    report = finding("places", "assumed", "place without a population tag: counted as nobody", without)
    return places, report + finding("places", "assumed", AGES_ASSUMED, found.name)


def _facilities_from_osm(extract: OsmExtract, projection: Projection, *, modelled: bool) -> Facilities:
    found = extract.facilities
    x_m, y_m = projection.to_metres(found.lon_deg, found.lat_deg)
    return Facilities(
        id=found.id,
        kind=found.kind,
        name=found.name,
        x_m=x_m,
        y_m=y_m,
        units=np.ones(len(found.id)),
        opening=found.opening,
        modelled=np.full(len(found.id), modelled),
        date=("",) * len(found.id),
        position_modelled=np.full(len(found.id), modelled),
        position_m=np.full(len(found.id), np.nan),
    )

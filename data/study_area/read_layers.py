"""All layers of a region but its timetable, read from its files and checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.build_report import BuildReport, finding
from data.errors import InputError
from data.files.any_table import TableLayer
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
from data.study_area.region_toml import Region
from data.study_area.tables import AGES_ASSUMED, read_rows


@dataclass(frozen=True, slots=True, eq=False)
class StudyArea:
    """What the files of a region say but for public transport; layers that a region need not have are empty, or None."""

    projection: Projection
    streets: StreetMap
    places: Places
    facilities: Facilities
    grid: PopulationGrid | None
    outlines: tuple[Outline, ...]
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
    files = {source.layer: source.path(region.folder, generated) for source in region.layers}
    projection, kinds = Projection(region.crs), load_facility_kinds()
    outlines = read_outlines(files["outlines"]) if "outlines" in files else ()
    report = extract.report
    if "places" in files:
        rows, told = _rows(files["places"], "places", region, projection, kinds)
        places = places_of(rows, projection)
    else:
        places, told = _places_from_osm(extract, projection, region)
    report += told
    if "facilities" in files:
        rows, told = _rows(files["facilities"], "facilities", region, projection, kinds)
        facilities = facilities_of(rows, projection)
        _refuse_unknown_kinds(files["facilities"], facilities, kinds)
        report += told
    else:
        facilities = _facilities_from_osm(extract, projection, modelled=region.is_modelled("streets"))
    for layer, table in (("places", places), ("facilities", facilities)):
        lon_deg, lat_deg = projection.to_lonlat(table.x_m, table.y_m)
        refuse_far_points(files.get(layer, files["streets"]), table.id, lon_deg, lat_deg, extract.streets)
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
        report=report,
        is_dated=extract.is_dated,
    )


def _rows(
    path: Path, layer: TableLayer, region: Region, projection: Projection, kinds: FacilityKinds
) -> tuple[Rows, BuildReport]:
    """Table of a layer, whose origin is that of rows that do not say."""
    origin = "modelled" if region.is_modelled(layer) else "observed"
    return read_rows(path, str(path), layer, origin, projection, kinds)


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

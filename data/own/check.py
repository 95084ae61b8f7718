"""Files of somebody's own, read by the readers of the layers beside the region whose layers they replace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import stacked
from data.errors import InputError
from data.files.any_table import TableLayer
from data.files.faults import Fault, OwnFaultError
from data.files.tables import read_facilities, read_grid, read_places
from data.on_demand.region_toml import read_on_demand
from data.outlines import Outline
from data.own.adding import lines_twice, places_twice, services_twice, with_own_ids
from data.own.region import OwnFile, Prepared, free_name
from data.own.streets import StreetFacts, prepare_streets, refuse_too_small
from data.own.tables import (
    checked_table,
    without_far_rows,
    without_unknown_kinds,
    write_csv,
)
from data.own.timetable import Days, NoServiceError, prepare_timetables
from data.parameters.facility_kinds import FacilityKinds
from data.places import Facilities, Places
from data.progress import Progress
from data.projection import Projection
from data.study_area.region_toml import Region
from data.timetable import Timetable


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """The region whose layers are replaced, as it was read.

    Attributes
    ----------
    grid
        File of its population cells, None where it has none.
    feeds
        Files of its timetable.
    streets
        Gives what its streets are, when that is needed: reading them takes a while.

    """

    region: Region
    places: Places
    facilities: Facilities
    timetable: Timetable
    grid: Path | None
    outlines: tuple[Outline, ...]
    feeds: tuple[Path, ...]
    streets: Callable[[], StreetFacts]


@dataclass(frozen=True, slots=True, eq=False)
class LayerCheck:
    """What was found in the files of one layer.

    Attributes
    ----------
    before, after
        What is counted in the layer of the region and in the new one, by what it counts; `after` is empty where a
        file cannot be used.
    days
        When the timetable runs, where it does not on the service day.
    added
        What is counted in the files alone, where they come beside the layer of the region; empty where they replace it.

    """

    layer: str
    names: tuple[str, ...]
    before: dict[str, int]
    after: dict[str, int]
    report: BuildReport
    fault: Fault | None = None
    days: Days | None = None
    added: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What was found in all files; `prepared` is None where any of them cannot be used."""

    layers: tuple[LayerCheck, ...]
    prepared: Prepared | None


@dataclass(slots=True)
class _Pass:
    """What a check has gathered so far."""

    base: Base
    out: Path
    kinds: FacilityKinds
    service_date: dt.date
    progress: Progress
    streets: StreetFacts | None = None
    preparing: BuildReport = field(default_factory=BuildReport)
    """Findings that the build cannot make again, because it reads the files as they are written out here."""
    files: list[tuple[OwnFile, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def street_facts(self) -> StreetFacts:
        """Streets of the new region: its own, or those of the base."""
        if self.streets is None:
            self.streets = self.base.streets()
        return self.streets

    @property
    def projection(self) -> Projection:
        """Of the region."""
        return Projection(self.base.region.crs)


def check_files(
    files: Sequence[OwnFile],
    base: Base,
    service_date: dt.date,
    out: Path,
    kinds: FacilityKinds,
    progress: Progress,
) -> Checked:
    """Read every file, write what the region will be built from into the new folder `out`, and tell what was found.

    Nothing is raised for a file that cannot be used: its layer then has a fault.
    """
    out.mkdir(parents=True)
    at = _Pass(base, out, kinds, service_date, progress)
    # Streets first: they say what lies near and what far away.
    order = ("streets", "places", "facilities", "timetable")
    layers = []
    for number, layer in enumerate(order):
        of_layer = [file for file in files if file.layer == layer]
        if of_layer:
            at.progress = _part(progress, number / len(order), 1 / len(order))
            at.progress("reading the layers", 0.0)
            layers.append(_layer(at, layer, of_layer))
    progress("reading the layers", 1.0)
    usable = bool(layers) and all(found.fault is None for found in layers)
    prepared = Prepared(out, tuple(at.files), tuple(at.gone), service_date, at.preparing)
    return Checked(tuple(layers), prepared if usable else None)


def _part(progress: Progress, start: float, share: float) -> Progress:
    """Progress of one layer as part of the whole."""
    return lambda step, done: progress(step, start + share * done)


def _layer(at: _Pass, layer: str, files: list[OwnFile]) -> LayerCheck:
    names = tuple(file.name for file in files)
    before = _before(at.base, layer)
    work = {"streets": _streets, "timetable": _timetable, "places": _places, "facilities": _facilities}[layer]
    try:
        after, added, report = work(at, files)
    except NoServiceError as error:
        return LayerCheck(layer, names, before, {}, BuildReport(), error.fault, error.days)
    except OwnFaultError as error:
        return LayerCheck(layer, names, before, {}, BuildReport(), error.fault)
    except InputError as error:
        fault = Fault("unusable", ", ".join(names), {}, _without_folders(str(error), files, at.out))
        return LayerCheck(layer, names, before, {}, BuildReport(), fault)
    if layer == "streets":
        before = at.base.streets().counts
    return LayerCheck(layer, names, before, after, report, added=added)


def _without_folders(text: str, files: Sequence[OwnFile], out: Path) -> str:
    """Text of a reader with the names that the owner knows, and no folders of this machine."""
    for file in files:
        text = text.replace(str(file.path), file.name).replace(file.path.name, file.name)
    return text.replace(f"{out}/", "")


def _before(base: Base, layer: str) -> dict[str, int]:
    match layer:
        case "facilities":
            return facility_counts(base.facilities.kind)
        case "places":
            return place_counts(base.places)
        case "timetable":
            return timetable_counts(base.timetable)
    return {}


def facility_counts(kinds: Sequence[str]) -> dict[str, int]:
    """Services in all, then by kind."""
    return {"services": len(kinds)} | {kind: list(kinds).count(kind) for kind in sorted(set(kinds))}


def place_counts(places: Places) -> dict[str, int]:
    """Places and inhabitants of the region."""
    inside = places.in_region
    return {"places": int(inside.sum()), "inhabitants": int(places.inhabitants[inside].sum())}


def timetable_counts(timetable: Timetable) -> dict[str, int]:
    """Lines, stops and trips of the service day."""
    trips = timetable.trips
    return {
        "lines": len(set(zip(trips.agency, trips.route, strict=True))),
        "stops": len(set(timetable.stops.id)),
        "trips": len(trips.id),
    }


class _Found(NamedTuple):
    """What is counted with the files, in them alone where they are added, and what was met."""

    after: dict[str, int]
    added: dict[str, int]
    report: BuildReport


def _streets(at: _Pass, files: list[OwnFile]) -> _Found:
    (file,) = files
    base = at.base.streets()
    prepared, facts, preparing, report = prepare_streets(file, base.box, at.out, at.kinds, at.progress)
    at.preparing += preparing
    # What stays of the region must be reached by the new streets.
    with_tables = {source.layer for source in at.base.region.layers}
    for table, layer in ((at.base.places, "places"), (at.base.facilities, "facilities")):
        if layer in with_tables:
            lon, lat = at.projection.to_lonlat(table.x_m, table.y_m)
            refuse_too_small(file.name, facts.box, lon, lat)
    at.streets = facts
    at.files.append((file, prepared))
    return _Found(facts.counts, {}, preparing + report)


def _table(at: _Pass, file: OwnFile, layer: TableLayer) -> tuple[Path, BuildReport]:
    table, report = checked_table(file.path, file.name, layer, file.origin, at.projection, at.kinds)
    if layer == "facilities":
        table, unknown = without_unknown_kinds(table, file.name, at.kinds)
        report += unknown
    table, far = without_far_rows(table, file.name, layer, at.street_facts().reach)
    report += far
    stem, taken = f"own-{layer}", {source.file for source in at.base.region.layers} if file.adds else set()
    if file.adds:
        table, named = with_own_ids(
            table, layer, (at.base.facilities if layer == "facilities" else at.base.places).id
        )
        report += named
    path = at.out / free_name(stem, ".csv", taken)
    write_csv(path, table)
    at.files.append((file, path.name))
    at.preparing += report
    return path, report


def _facilities(at: _Pass, files: list[OwnFile]) -> _Found:
    (file,) = files
    path, report = _table(at, file, "facilities")
    own = read_facilities(path, at.projection)
    counts = facility_counts(own.kind)
    if not file.adds:
        return _Found(counts, {}, report)
    twice = services_twice(at.base.facilities, own)
    at.preparing += twice
    return _Found(facility_counts(at.base.facilities.kind + own.kind), counts, report + twice)


def _places(at: _Pass, files: list[OwnFile]) -> _Found:
    (file,) = files
    path, report = _table(at, file, "places")
    own = read_places(path, at.projection)
    places, told = (
        (stacked(at.base.places, own), places_twice(at.base.places, own))
        if file.adds
        else (own, BuildReport())
    )
    if not places.in_region.any():
        raise OwnFaultError(Fault("rows", file.name, {}, "in_region is false in every row"))
    if at.base.grid is not None and not _adds_up(at.base.grid, places):
        at.gone.append("population")
        what = "places without cells of 100 m: their inhabitants count at one point"
        told += finding("places", "assumed", what, places.name)
    at.preparing += told
    return _Found(place_counts(places), place_counts(own) if file.adds else {}, report + told)


def _adds_up(grid: Path, places: Places) -> bool:
    """Whether the cells of the region are still those of the places."""
    try:
        read_grid(grid, places)
    except InputError:
        return False
    return True


def _timetable(at: _Pass, files: list[OwnFile]) -> _Found:
    reach, base = at.street_facts().reach, at.base
    beside = base.feeds if any(file.adds for file in files) else ()
    made = prepare_timetables(files, at.service_date, reach, at.out, at.progress, beside)
    # Rides that are ordered may be tied to the stops in their zone.
    rules, folder = base.region.on_demand, base.region.folder
    read_on_demand(rules, folder, base.outlines, made.timetable.stops, at.service_date)
    at.files += list(zip(files, made.files, strict=True))
    stops = made.own.stops
    outside = ~reach.holds(stops.lon_deg, stops.lat_deg)
    what = "stops outside the region: rides go on there, but nobody of the region gets on or off"
    names = [stops.name[row] for row in np.flatnonzero(outside)]
    report = made.preparing + made.report + finding("timetable", "kept", what, names)
    at.preparing += made.preparing
    if not beside:
        return _Found(timetable_counts(made.timetable), {}, report)
    twice = lines_twice(base.timetable, made.own, at.projection)
    at.preparing += twice
    return _Found(timetable_counts(made.timetable), timetable_counts(made.own), report + twice)

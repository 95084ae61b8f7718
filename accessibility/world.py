"""A region made ready: built once from its files, then opened by memory map; its timetable once for each date."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from accessibility.assumptions import Assumptions
from accessibility.day_store import DAYS, REPORT, ReadyDay, forget_old_days, open_day, write_day
from accessibility.origins import Origins, cell_origins, place_origins
from accessibility.travel_network import (
    WALK,
    Points,
    ReadyDoors,
    TravelNetwork,
    as_traveller,
    no_service,
    ready_doors,
    travel_network,
    write_streets,
)
from accessibility.travel_times import TravelMode, modes_of
from accessibility.travellers import ADULT, ALL_PROFILES, Traveller
from data.broadband import Broadband
from data.build_report import BuildReport
from data.files.ready_arrays import open_table, save_table
from data.files.whole import can_write, is_whole, remove_folder, write_folder
from data.outlines import Outline, read_outlines
from data.parameters.behaviour import BEHAVIOUR
from data.parameters.norms import NORMS
from data.parameters.population import POPULATION
from data.parameters.school_days import SCHOOL_DAYS
from data.places import Facilities, Places, PopulationGrid
from data.progress import Progress
from data.projection import Projection
from data.source_files import source_files
from data.streets import NO_STREETS
from data.study_area.dates import NO_DATES, ServiceDates, refuse_other_date, trips_of_day
from data.study_area.region_toml import FINDINGS, Region, digest, load_region, on_demand_files
from data.timetable import Timetable
from data.user_cache import user_cache
from network.hierarchy.search import StreetSearch, write_street_search
from network.transit.departures import Window

READY = ".ready"
DATES = "dates.json"
GENERATED = "generated"
BASE_MAP = "base_map.pmtiles"
"""Vector tiles of streets and land, see `data.tiles.base_map`."""
SEARCH = "search"
"""The streets, ready for searches."""
DOORS = "doors"
"""Where the region's own points meet the streets: who opens a region would have to look for that anew."""
DATED = "dated"
"""Folder of whole builds on other dates, there where streets hold on some days only."""
CODE = ("data", "network", "accessibility")
AS_IT_IS = "as it is"
"""What a world without scenario is called."""
HUB = "hub"
"""Kind of service that only a scenario places."""
NOT_IN_DATA = "not in the data of this region"
"""Said of a kind of service of which it is unknown where it is: that is not the same as not being there."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One region as it is, or as a scenario makes it; a change returns a new world that shares what stays the same."""

    region: Region
    """With the date that is looked at as its service date."""
    digest: str
    """SHA-256 of all inputs and of the code that read them; "@" and the date follow on another date than the usual one."""
    projection: Projection
    places: Places
    facilities: Facilities
    grid: PopulationGrid | None
    outlines: tuple[Outline, ...]
    network: TravelNetwork
    report: BuildReport
    window: Window
    """When people leave."""
    traveller: Traveller = ADULT
    """Whose pace the network has."""
    digital_share: tuple[tuple[str, float], ...] = ()
    """Kinds of service with the share of contacts that need no travel, because a scenario made them digital."""
    known_dates: ServiceDates = NO_DATES
    """Dates that can be looked at."""
    ready: Path = Path()
    """Folder of the build."""
    data_kinds: frozenset[str] = frozenset()
    """Kinds of service that the data of the region hold, whatever a scenario closes or places."""
    broadband: Broadband | None = None
    """Where there is fast internet; None where the region says nothing of it."""

    def knows(self, kind: str) -> bool:
        """Whether it is known where a kind of service is: from the data, or because a scenario places it."""
        return kind == HUB or kind in self.data_kinds or kind in self.facilities.kind

    @property
    def modes(self) -> tuple[TravelMode, ...]:
        """The modes that the traveller has the use of."""
        return modes_of(self.traveller)

    @property
    def residents(self) -> Origins:
        """Where people live: in their population cells, or at the points of their places in a region without cells."""
        return place_origins(self.places) if self.grid is None else cell_origins(self.places, self.grid)


def for_traveller(world: World, traveller: Traveller) -> World:
    """World as another traveller finds it: at his or her pace, and with his or her modes."""
    return replace(world, traveller=traveller, network=as_traveller(world.network, traveller))


def silent(_step: str, _share: float) -> None:
    """Progress that nobody is shown."""


def open_world(name: str | Path, progress: Progress = silent) -> World:
    """Open a region, building it first when its files or the code have changed since the last build.

    Raises
    ------
    DorpshubError
        When the region is unknown, a file cannot be used, or the region's folder cannot be written to.

    """
    region = load_region(name)
    key = _digest(region)
    ready = _home(region) / key[:16]
    return _kept(
        ready,
        lambda folder: _made(region, folder, key, progress),
        lambda: _forget_other_builds(ready),
        lambda: _open(region, key, ready),
    )


def _kept(
    folder: Path, write: Callable[[Path], None], forget: Callable[[], None], opened: Callable[[], World]
) -> World:
    """World that `opened` finds in a folder; where it is not there, `write` fills it, and `forget` makes room for it."""
    was_there = folder.is_dir()
    told = write_folder(folder, write)
    if not was_there:
        forget()
    world = opened()
    return replace(world, report=world.report + told)


def _forget_other_builds(ready: Path) -> None:
    """Remove the builds of earlier files or code beside this one."""
    for outdated in ready.parent.iterdir():
        if outdated.name != ready.name and not outdated.name.startswith("."):
            remove_folder(outdated)


def _home(region: Region) -> Path:
    """Folder of the builds of a region: its own, or one in the user's cache where that cannot be written to."""
    own = region.folder / READY
    if can_write(own):
        return own
    place = hashlib.sha256(str(region.folder.resolve()).encode()).hexdigest()[:8]
    return user_cache("builds") / f"{region.name}-{place}"


def _made(region: Region, folder: Path, key: str, progress: Progress) -> None:
    """Fill the new `folder` with a build: the one that came along with a region that may only be read, or a new one."""
    along = region.folder / READY / key[:16]
    if is_whole(along):
        shutil.copytree(along, folder, dirs_exist_ok=True)
    else:
        _build(region, folder, progress)


def on_date(world: World, day: dt.date, progress: Progress = silent) -> World:
    """World without scenario on another date: its timetable is read anew, the streets are shared.

    Where streets hold on some days only (seasons, ferries, turns at certain hours), all is built anew for that date. What
    is built is kept beside the streets, a dozen dates at most. The traveller stays the same, the window too.

    Raises
    ------
    DorpshubError
        When nothing runs on that date, a file cannot be used, or the region's folder cannot be written to.

    """
    if day == world.region.service_date:
        return world
    refuse_other_date(world.region, world.known_dates, day)
    region = replace(world.region, service_date=day)
    if (world.ready / DATED).is_dir():
        return _built_on_date(world, region, progress)
    streets = _streets_of(world)
    folder = world.ready / DAYS / day.isoformat()

    def write(beside: Path) -> None:
        from data.study_area.service_day import read_service_day  # noqa: PLC0415 -- as in `_build`

        progress("reading the layers", 0.0)
        timetable = read_service_day(region, world.ready / GENERATED, world.outlines)
        write_day(beside, streets, timetable, world.places, world.projection, progress)

    usual = world.known_dates.usual
    digest = world.digest.partition("@")[0] + ("" if day == usual else f"@{day.isoformat()}")
    adults = replace(world, region=region, digest=digest, traveller=ADULT)
    found = _kept(
        folder,
        write,
        lambda: forget_old_days(folder.parent, usual.isoformat()),
        lambda: _with_day(adults, streets, open_day(folder, world.projection)),
    )
    return for_traveller(found, world.traveller)


def timetable_on(world: World, day: dt.date) -> Timetable:
    """Timetable of a world without scenario on another date; it is read anew where that date is not ready, and nothing is kept.

    Raises
    ------
    DorpshubError
        When nothing runs on that date, or a file cannot be used.

    """
    if day == world.region.service_date:
        return world.network.service.timetable
    refuse_other_date(world.region, world.known_dates, day)
    for folder in (
        world.ready / DAYS / day.isoformat(),
        world.ready / DATED / day.isoformat() / DAYS / day.isoformat(),
    ):
        if is_whole(folder):
            return open_day(folder, world.projection).service.timetable
    from data.study_area.service_day import read_service_day  # noqa: PLC0415 -- as in `_build`

    region = replace(world.region, service_date=day)
    return read_service_day(region, world.ready / GENERATED, world.outlines).timetable


def _built_on_date(world: World, region: Region, progress: Progress) -> World:
    """World of which everything is built for the service date of `region`."""
    folder, digest = world.ready, world.digest.partition("@")[0]
    if region.service_date != world.known_dates.usual:
        day = region.service_date.isoformat()
        folder, digest = world.ready / DATED / day, f"{digest}@{day}"
    found = _kept(
        folder,
        lambda beside: _build(region, beside, progress),
        lambda: forget_old_days(folder.parent, ""),
        lambda: _open(region, digest, folder),
    )
    # From here one comes back to the other dates.
    shared = replace(found, known_dates=world.known_dates, ready=world.ready, window=world.window)
    return for_traveller(shared, world.traveller)


def _streets_of(world: World) -> TravelNetwork:
    """Streets as an adult finds them, with nothing that rides on them."""
    return replace(world.network, service=no_service(), walk=WALK, assumptions=Assumptions())


def _with_day(world: World, streets: TravelNetwork, day: ReadyDay) -> World:
    """World on the streets and the day, with the report of both."""
    rows = json.loads((world.ready / REPORT).read_text(encoding="utf-8"))
    network = replace(streets, service=day.service, on_demand=day.on_demand)
    return replace(world, network=network, report=BuildReport.from_rows(rows) + day.report)


def _digest(region: Region) -> str:
    """Key of a build, and of all that is worked out from it: region.toml, the files of the region, and the code."""
    code = source_files(CODE, (".py", ".toml"))
    facts = (
        [file for file in (region.folder / region.facts).rglob("*") if file.is_file()] if region.facts else []
    )
    own = [region.folder / source.file for source in region.layers if not source.generated]
    own += [region.folder / name for name in on_demand_files(region)]
    read_later = [region.folder / path.name for path in (POPULATION, NORMS, BEHAVIOUR, SCHOOL_DAYS)]
    read_later.append(region.folder / FINDINGS)
    own += [file for file in read_later if file.is_file()]
    return digest([region.folder / "region.toml", *own, *sorted(facts), *code])


def _build(region: Region, folder: Path, progress: Progress) -> None:
    """Read all layers of `region` and write them as ready arrays into the new `folder`."""
    # Readers and generator take a second to import, which nobody should wait for who only opens a ready region.
    from data.generator.generate import generate  # noqa: PLC0415
    from data.osm.land import read_land  # noqa: PLC0415
    from data.study_area.read_layers import read_study_area  # noqa: PLC0415
    from data.study_area.service_day import read_dates, read_service_day  # noqa: PLC0415
    from data.tiles.base_map import write_base_map  # noqa: PLC0415

    generated = folder / GENERATED
    report = BuildReport()
    if region.facts:
        generated.mkdir()
        report += _of_generated(
            region, generate(region.folder / region.facts, generated, region.seed, progress)
        )
    progress("reading the layers", 0.0)
    area = read_study_area(region, generated)
    day = read_service_day(region, generated, area.outlines)
    dates = [date.isoformat() for date in read_dates(region, generated)]
    (folder / DATES).write_text(json.dumps(dates), encoding="utf-8")
    if area.is_dated:
        (folder / DATED).mkdir()
    progress("reading the layers", 1.0)
    (streets_file,) = layer_paths(region, generated, "streets")
    write_base_map(folder / BASE_MAP, area.streets, read_land(streets_file), progress)
    progress("streets to network", 0.0)
    streets_report = write_streets(folder / SEARCH, area.streets, area.projection, ALL_PROFILES)
    area = replace(area, streets=NO_STREETS)
    search = write_street_search(folder / SEARCH)
    streets = travel_network(search, no_service(), ALL_PROFILES, Assumptions())
    tables = {
        "places": area.places,
        "facilities": area.facilities,
        "grid": area.grid,
        "broadband": area.broadband,
    }
    for name, table in tables.items():
        if table is not None:
            save_table(folder / name, table)
    report += area.report + streets_report + _put_together(region)
    (folder / REPORT).write_text(json.dumps(report.to_rows(), indent=1), encoding="utf-8")
    write_folder(
        folder / DAYS / region.service_date.isoformat(),
        lambda beside: write_day(beside, streets, day, area.places, area.projection, progress),
    )
    stops = day.timetable.stops
    points = [Points(table.x_m, table.y_m) for table in (area.places, area.facilities, area.grid) if table]
    points.append(Points(*area.projection.to_metres(stops.lon_deg, stops.lat_deg)))
    save_table(folder / DOORS, ready_doors(streets, points))


def _of_generated(region: Region, report: BuildReport) -> BuildReport:
    """Findings of the generator, without those of layers that come from files instead."""
    from_files = {source.layer for source in region.layers} - {
        source.layer for source in region.layers if source.generated
    }
    return BuildReport(tuple(found for found in report.findings if found.layer not in from_files))


def _put_together(region: Region) -> BuildReport:
    """What was met when the files of the region's folder were put together."""
    file = region.folder / FINDINGS
    if not file.is_file():
        return BuildReport()
    return BuildReport.from_rows(json.loads(file.read_text(encoding="utf-8")))


def layer_files(world: World, layer: str) -> tuple[Path, ...]:
    """Files from which a layer of a world was built, those of the generator included."""
    return layer_paths(world.region, world.ready / GENERATED, layer)


def layer_paths(region: Region, generated: Path, layer: str) -> tuple[Path, ...]:
    """Files of a layer of a region, with those that the generator writes in `generated`."""
    return tuple(source.path(region.folder, generated) for source in region.layer(layer))


def _open(region: Region, key: str, ready: Path) -> World:
    search, doors = open_table(StreetSearch, ready / SEARCH), open_table(ReadyDoors, ready / DOORS)
    projection = Projection(region.crs)
    day = open_day(ready / DAYS / region.service_date.isoformat(), projection)
    dates = tuple(map(dt.date.fromisoformat, json.loads((ready / DATES).read_text(encoding="utf-8"))))
    streets = travel_network(search, no_service(), ALL_PROFILES, Assumptions(), doors.by_profile)
    outlines: tuple[Outline, ...] = ()
    for source in region.layer("outlines"):
        outlines = read_outlines(source.path(region.folder, ready / GENERATED))
    facilities = open_table(Facilities, ready / "facilities")
    world = World(
        region=region,
        digest=key,
        projection=projection,
        places=open_table(Places, ready / "places"),
        facilities=facilities,
        grid=open_table(PopulationGrid, ready / "grid") if (ready / "grid").is_dir() else None,
        outlines=outlines,
        network=streets,
        report=day.report,
        window=Window(region.window_start, 60, (region.window_end - region.window_start) // 60),
        known_dates=ServiceDates(dates, region.service_date, trips_of_day(day.service.timetable)),
        ready=ready,
        data_kinds=frozenset(facilities.kind),
        broadband=open_table(Broadband, ready / "broadband") if (ready / "broadband").is_dir() else None,
    )
    return _with_day(world, streets, day)

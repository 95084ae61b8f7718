"""A region made ready: built once from its files, then opened by memory map."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from accessibility.assumptions import Assumptions
from accessibility.origins import Origins, cell_origins, place_origins
from accessibility.travel_network import (
    Points,
    Progress,
    Service,
    TravelNetwork,
    as_traveller,
    build_travel_network,
    travel_network,
)
from accessibility.travel_times import MODES, TravelMode, modes_of, refuse_out_of_reach
from accessibility.travellers import ADULT, ALL_PROFILES, Traveller
from data.behaviour import BEHAVIOUR
from data.build_report import BuildReport
from data.norms import NORMS
from data.on_demand import Booked, from_json, to_json
from data.outlines import Outline, read_outlines
from data.places import Facilities, Places, PopulationGrid
from data.population import POPULATION
from data.projection import Projection
from data.region import FINDINGS, Region, digest, load_region, on_demand_files
from data.store import open_table, save_table, write_folder
from network.departures import Window
from network.search import StreetSearch

READY = ".ready"
REPORT = "report.json"
ON_DEMAND = "on_demand.json"
GENERATED = "generated"
CODE = ("data", "network", "accessibility")


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """One region as it is, or as a scenario makes it; a change returns a new world that shares what stays the same."""

    region: Region
    digest: str
    """SHA-256 of all inputs and of the code that read them."""
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


def open_world(name: str | Path, progress: Progress) -> World:
    """Open a region, building it first when its files or the code have changed since the last build.

    Raises
    ------
    DorpshubError
        When the region is unknown, a file cannot be used, or the region's folder cannot be written to.

    """
    region = load_region(name)
    key = _digest(region)
    ready = region.folder / READY / key[:16]
    if not ready.is_dir():
        write_folder(ready, lambda folder: _build(region, folder, progress))
        for outdated in ready.parent.iterdir():
            if outdated.name != ready.name and not outdated.name.startswith("."):
                shutil.rmtree(outdated, ignore_errors=True)
    return _open(region, key, ready)


def _digest(region: Region) -> str:
    """Key of a build, and of all that is worked out from it: region.toml, the files of the region, and the code."""
    root = Path(__file__).parents[1]
    code = [file for layer in CODE for file in (root / layer).rglob("*") if file.suffix in {".py", ".toml"}]
    code = [file for file in code if "regions" not in file.relative_to(root).parts]
    facts = (
        [file for file in (region.folder / region.facts).rglob("*") if file.is_file()] if region.facts else []
    )
    own = [region.folder / source.file for source in region.layers if not source.generated]
    own += [region.folder / name for name in on_demand_files(region)]
    read_later = [region.folder / path.name for path in (POPULATION, NORMS, BEHAVIOUR)]
    read_later.append(region.folder / FINDINGS)
    own += [file for file in read_later if file.is_file()]
    return digest([region.folder / "region.toml", *own, *sorted(facts), *sorted(code)])


def _build(region: Region, folder: Path, progress: Progress) -> None:
    """Read all layers of `region` and write them as ready arrays into the new `folder`."""
    # Readers and generator take a second to import, which nobody should wait for who only opens a ready region.
    from data.generator.generate import generate  # noqa: PLC0415
    from data.study_area import read_study_area  # noqa: PLC0415

    generated = folder / GENERATED
    report = BuildReport()
    if region.facts:
        generated.mkdir()
        report += _of_generated(
            region, generate(region.folder / region.facts, generated, region.seed, progress)
        )
    progress("reading the layers", 0.0)
    area = read_study_area(region, generated)
    progress("reading the layers", 1.0)
    network, network_report = build_travel_network(
        area.streets, area.timetable, area.projection, ALL_PROFILES, Assumptions(), progress
    )
    refuse_out_of_reach(network, MODES, Points(area.places.x_m, area.places.y_m))
    tables = {
        "places": area.places,
        "facilities": area.facilities,
        "grid": area.grid,
        "search": network.search,
        "service": network.service,
    }
    for name, table in tables.items():
        if table is not None:
            save_table(folder / name, table)
    (folder / ON_DEMAND).write_text(to_json(area.on_demand), encoding="utf-8")
    report += area.report + network_report + _put_together(region)
    (folder / REPORT).write_text(json.dumps(report.to_rows(), indent=1), encoding="utf-8")


def _of_generated(region: Region, report: BuildReport) -> BuildReport:
    """Findings of the generator, without those of layers that come from a file instead."""
    from_files = {source.layer for source in region.layers if not source.generated}
    return BuildReport(tuple(found for found in report.findings if found.layer not in from_files))


def _put_together(region: Region) -> BuildReport:
    """What was met when the files of the region's folder were put together."""
    file = region.folder / FINDINGS
    if not file.is_file():
        return BuildReport()
    return BuildReport.from_rows(json.loads(file.read_text(encoding="utf-8")))


def layer_files(world: World, layer: str) -> tuple[Path, ...]:
    """Files from which a layer of a world was built, those of the generator included."""
    generated = world.region.folder / READY / world.digest[:16] / GENERATED
    return tuple(
        (generated if source.generated else world.region.folder) / source.file
        for source in world.region.layer(layer)
    )


def _open(region: Region, key: str, ready: Path) -> World:
    service = open_table(Service, ready / "service")
    search = open_table(StreetSearch, ready / "search")
    rows = json.loads((ready / REPORT).read_text(encoding="utf-8"))
    projection = Projection(region.crs)
    booked = Booked(from_json((ready / ON_DEMAND).read_text(encoding="utf-8")), projection)
    outlines: tuple[Outline, ...] = ()
    for source in region.layer("outlines"):
        outlines = read_outlines((ready / GENERATED if source.generated else region.folder) / source.file)
    return World(
        region=region,
        digest=key,
        projection=projection,
        places=open_table(Places, ready / "places"),
        facilities=open_table(Facilities, ready / "facilities"),
        grid=open_table(PopulationGrid, ready / "grid") if (ready / "grid").is_dir() else None,
        outlines=outlines,
        network=replace(travel_network(search, service, ALL_PROFILES, Assumptions()), booked=booked),
        report=BuildReport.from_rows(rows),
        window=Window(region.window_start, 60, (region.window_end - region.window_start) // 60),
    )

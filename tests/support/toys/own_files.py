"""Files that a planner may bring for the toy valley, and the valley as the region whose layers they replace."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

from accessibility.world import World, layer_files, open_world
from data.own.check import Base, Checked, check_files
from data.own.region import OwnFile
from data.own.streets import facts_of_file
from data.parameters.facility_kinds import load_facility_kinds
from support.toys.region import lonlat, write_toy_region

DAY = date(2026, 10, 6)
KINDS = load_facility_kinds()


class Valley(NamedTuple):
    """The toy valley, opened, in a folder that has room for files beside it."""

    folder: Path
    world: World


def valley(folder: Path) -> Valley:
    """Write and open the toy valley."""
    return Valley(folder, open_world(write_toy_region(folder / "valley"), lambda _step, _share: None))


def base_of(world: World) -> Base:
    """World as a region whose layers are replaced."""
    grid = next(iter(layer_files(world, "population")), None)
    return Base(
        world.region,
        world.places,
        world.facilities,
        world.network.service.timetable,
        grid,
        world.outlines,
        layer_files(world, "timetable"),
        lambda: facts_of_file(layer_files(world, "streets")[0], KINDS),
    )


def brought(
    path: Path, layer: str, name: str = "", origin: str = "observed", *, adds: bool = False
) -> OwnFile:
    """File as it stands after it was brought."""
    return OwnFile(layer, name or path.name, path, origin, "2026-11-26", adds)


def checked(of: Valley, *files: OwnFile, day: date = DAY, out: str = "out") -> Checked:
    """Check files beside the valley."""
    return check_files(files, base_of(of.world), day, of.folder / out, KINDS, lambda _step, _share: None)


def write(path: Path, content: str | bytes) -> Path:
    """Write a file and return it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def services_csv(*rows: tuple[str, str, str]) -> str:
    """Plain table of services: kind, name and spot of the valley."""
    lines = [",".join((kind, name, *(str(degrees) for degrees in lonlat(spot)))) for kind, name, spot in rows]
    return "\n".join(["kind,name,lon,lat", *lines]) + "\n"


def feed(path: Path, spots: tuple[tuple[float, float], ...], days: tuple[str, ...], n_trips: int = 2) -> Path:
    """Timetable with one line along `spots`, an hour apart, on `days` (20261006)."""
    stops = "".join(f"s{number},Stop {number},{lat},{lon}\n" for number, (lon, lat) in enumerate(spots))
    times = "".join(
        f"t{trip},{9 + trip}:{5 * stop:02d}:00,{9 + trip}:{5 * stop:02d}:00,s{stop},{stop}\n"
        for trip in range(n_trips)
        for stop in range(len(spots))
    )
    tables = {
        "agency": "agency_id,agency_name,agency_url,agency_timezone\na,A,https://a.example,Europe/Amsterdam\n",
        "stops": "stop_id,stop_name,stop_lat,stop_lon\n" + stops,
        "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,9,,3\n",
        "trips": "route_id,service_id,trip_id\n" + "".join(f"r,s,t{trip}\n" for trip in range(n_trips)),
        "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n" + times,
        "calendar_dates": "service_id,date,exception_type\n" + "".join(f"s,{day},1\n" for day in days),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text)
    return path

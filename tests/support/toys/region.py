"""A region of three villages on one road, as files in a folder.

West ──── 2 km ──── Mid ──── 2 km ──── East        Lone: a farm 2.5 km north of East, no street near
 stop      GP       stop               stop
                                       supermarket

The bus leaves West at 9:00, 9:30, ... and is in East 8 minutes later, by way of Mid (4 minutes).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from support.toys.networks import CORNER_M, RD

WEEK = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
SPOTS = {"west": (0, 0), "mid": (2000, 0), "east": (4000, 0), "lone": (4000, 2500)}
REGION = """
title = "Toy valley"
crs = "EPSG:28992"
service_date = 2026-10-06
window = ["09:00", "10:00"]

[[layer]]
name = "streets"
file = "streets.osm"
origin = "observed"
source = "made by hand"
date = "2026"
licence = "MIT"

[[layer]]
name = "timetable"
file = "timetable.zip"
origin = "modelled"
source = "made by hand"
date = "2026"
licence = "MIT"

[[layer]]
name = "places"
file = "places.csv"
origin = "observed"
source = "made by hand"
date = "2026"
licence = "MIT"

[[layer]]
name = "facilities"
file = "facilities.csv"
origin = "observed"
source = "made by hand"
date = "2026"
licence = "MIT"
"""
TAXI = """
[[on_demand]]
id = "taxi"
name = "Taxi"
area = { stops = "timetable" }
hours = "Mo-Fr 09:00-19:00"
lead_s = 3600
margin_s = 600
min_m = 1000
max_m = 15000
detour = 1.5
source = "made by hand"
date = "2026"
assumed = ["detour"]
"""
"""A service on demand from stop to stop, to be written below the region."""
PEOPLE = {
    "west": (100, 200, 50, 50),
    "mid": (50, 100, 25, 25),
    "east": (20, 60, 10, 10),
    "lone": (0, 2, 0, 2),
}


def lonlat(spot: str) -> tuple[float, float]:
    """Longitude and latitude of a spot of the valley."""
    x_m, y_m = np.array([SPOTS[spot]], np.float64).T + np.array(CORNER_M)[:, None]
    lon_deg, lat_deg = RD.to_lonlat(x_m, y_m)
    return round(float(lon_deg[0]), 7), round(float(lat_deg[0]), 7)


def write_toy_region(folder: Path) -> Path:
    """Fill `folder` with the region's files and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "region.toml").write_text(REGION)
    (folder / "streets.osm").write_text(_osm())
    _gtfs(folder / "timetable.zip")
    ages = "inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,inhabitants_75plus"
    places = [f"id,name,municipality,kind,lon,lat,{ages},in_region,origin"]
    for spot, people in PEOPLE.items():
        lon, lat = lonlat(spot)
        counts = ",".join(str(number) for number in people)
        places.append(f"{spot},{spot.title()},Valley,village,{lon},{lat},{counts},true,observed")
    (folder / "places.csv").write_text("\n".join(places) + "\n")
    facilities = ["id,kind,name,lon,lat,units,origin"]
    for number, (kind, spot) in enumerate((("gp", "mid"), ("supermarket", "east"))):
        lon, lat = lonlat(spot)
        facilities.append(f"{kind}-{number},{kind},{kind.title()} {spot},{lon},{lat},1,observed")
    (folder / "facilities.csv").write_text("\n".join(facilities) + "\n")
    return folder


def _osm() -> str:
    nodes = "".join(
        f'<node id="{number}" lat="{lonlat(spot)[1]}" lon="{lonlat(spot)[0]}" version="1"/>'
        for number, spot in enumerate(("west", "mid", "east"), start=1)
    )
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>'
    return f'<osm version="0.6">{nodes}{way}</osm>'


def _gtfs(path: Path) -> None:
    stops = "stop_id,stop_name,stop_lat,stop_lon\n"
    for spot in ("west", "mid", "east"):
        lon, lat = lonlat(spot)
        stops += f"{spot},{spot.title()},{lat},{lon}\n"
    trips, times = (
        "route_id,service_id,trip_id\n",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n",
    )
    for number in range(10):
        trips += f"r,s,t{number}\n"
        start = 9 * 60 + 30 * number
        for sequence, spot in enumerate(("west", "mid", "east")):
            minute = start + 4 * sequence
            clock = f"{minute // 60:02d}:{minute % 60:02d}:00"
            times += f"t{number},{clock},{clock},{spot},{sequence}\n"
    with zipfile.ZipFile(path, "w") as feed:
        feed.writestr(
            "agency.txt",
            "agency_id,agency_name,agency_url,agency_timezone\na,A,https://a.example,Europe/Amsterdam\n",
        )
        feed.writestr("stops.txt", stops)
        feed.writestr(
            "routes.txt", "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,1,,3\n"
        )
        feed.writestr("trips.txt", trips)
        feed.writestr("stop_times.txt", times)
        feed.writestr("calendar_dates.txt", "service_id,date,exception_type\ns,20261006,1\n")


def write_week(folder: Path) -> Path:
    """Toy valley in October 2026: line 1 each half hour from Monday to Friday, line 2 on Saturday at 9:00, no bus on Sunday."""
    write_toy_region(folder)
    path = folder / "timetable.zip"
    with zipfile.ZipFile(path) as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    del tables["calendar_dates.txt"]
    tables["calendar.txt"] = f"{WEEK}s,1,1,1,1,1,0,0,20261001,20261031\nsat,0,0,0,0,0,1,0,20261001,20261031\n"
    tables["routes.txt"] += "q,a,2,,3\n"
    tables["trips.txt"] += "q,sat,saturday\n"
    first = [line for line in tables["stop_times.txt"].splitlines() if line.startswith("t0,")]
    tables["stop_times.txt"] += "".join(f"{line.replace('t0', 'saturday')}\n" for line in first)
    with zipfile.ZipFile(path, "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    return folder

r"""A small north of Groningen, made by hand, as the publishers of live data would serve it.

            Warffum      Uithuizen |              |
       Baflo  |             |      |              |  across
           \   |             |      |              |  the border:
        Winsum-+----Bedum---+---Loppersum         |  Ditzum
      ------------------------------------------- |  (a shop)
        Groningen (a town outside the region)     |

Het Hogeland is left of the line, Eemsdelta right of it. Positions are metres of the national grid.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyogrio
import shapely
import shapely.geometry
from osmium.osm.mutable import Node, Relation, Way

from data.download.sources import SOURCES
from data.projection import Projection
from support.live_server import Server

RD = Projection("EPSG:28992")
VILLAGES = {
    "Winsum": (228_700, 595_500),
    "Baflo": (229_900, 598_300),
    "Warffum": (233_000, 600_300),
    "Bedum": (234_500, 591_000),
    "Uithuizen": (240_500, 602_800),
    "Loppersum": (245_000, 592_000),
}
AROUND = {"Groningen": (233_500, 581_900), "Ditzum": (272_000, 590_000)}
SPOTS = VILLAGES | AROUND
ROADS = (
    *(("Winsum", "Baflo"), ("Baflo", "Warffum"), ("Warffum", "Uithuizen"), ("Winsum", "Bedum")),
    *(("Bedum", "Loppersum"), ("Bedum", "Groningen"), ("Uithuizen", "Loppersum"), ("Loppersum", "Ditzum")),
)
MUNICIPALITIES = {
    "Het Hogeland": ("GM1966", (220_000, 586_000, 242_000, 608_000)),
    "Eemsdelta": ("GM1979", (242_000, 586_000, 262_000, 608_000)),
    "Groningen": ("GM0014", (220_000, 570_000, 262_000, 586_000)),
}
NEIGHBOURHOODS = {
    "Winsum": ("BU19660101", (227_000, 594_000, 231_000, 597_000)),
    "Loppersum": ("BU19790101", (243_000, 590_000, 247_000, 594_000)),
    "Binnenstad": ("BU00140101", (232_000, 580_000, 235_000, 584_000)),
}
SERVICES = (
    ("Winsum", {"amenity": "doctors", "name": "Huisartsen Winsum", "healthcare:speciality": "general"}),
    ("Winsum", {"shop": "supermarket", "name": "Dorpsmarkt", "opening_hours": "Mo-Sa 08:00-20:00"}),
    ("Loppersum", {"amenity": "doctors", "name": "Huisarts Loppersum", "healthcare:speciality": "general"}),
    ("Groningen", {"amenity": "pharmacy", "name": "Stadsapotheek"}),
    ("Ditzum", {"shop": "supermarket", "name": "Dorfladen"}),
)
CELL_PEOPLE = {
    "Winsum": 40,
    "Baflo": 20,
    "Warffum": 25,
    "Bedum": 45,
    "Uithuizen": 30,
    "Loppersum": 35,
    "Groningen": 90,
}
"""Inhabitants of each of the four squares around the middle of a village."""
BUS_STOPS = ("Winsum", "Bedum", "Loppersum")
"""Stops of the line that is mapped, and of the one in the timetable."""
POSTCODES = {
    "9951": ((226_000, 594_000, 231_000, 600_000), 250, 60),  # Winsum and Baflo
    "9919": ((243_000, 590_000, 247_000, 594_000), 140, -99997),  # Loppersum
    "9711": ((230_000, 578_000, 236_000, 585_000), 360, 80),  # Groningen
}
"""Outline, inhabitants, and those of 65 and over."""
YOUNGER = (
    "aantal_inwoners_0_tot_15_jaar",
    "aantal_inwoners_15_tot_25_jaar",
    "aantal_inwoners_25_tot_45_jaar",
    "aantal_inwoners_45_tot_65_jaar",
)
REGISTERED = {name: (x_m - 800, y_m - 800, x_m + 800, y_m + 800) for name, (x_m, y_m) in VILLAGES.items()} | {
    "Rasquert": (230_800, 599_000, 231_900, 599_900),
    "Groningen": (230_000, 578_000, 236_000, 585_000),
}
"""Places of the register of addresses; Rasquert, where the farm is, is not on the map."""
DAY = "20261006"


def lonlat(x_m: float, y_m: float) -> tuple[float, float]:
    lon, lat = RD.to_lonlat(np.array([x_m], float), np.array([y_m], float))
    return round(float(lon[0]), 7), round(float(lat[0]), 7)


def put_online(site: Server, folder: Path) -> Path:
    """Let the server give all sources at their own paths; return a file of sources that names this server."""
    folder.mkdir(exist_ok=True)
    cbs, pdok = "/ODataFeed/odata", "/cbs/gebiedsindelingen/ogc/v1/collections"
    site.files |= {
        "/index-v1.json": _index(site),
        "/nl/gtfs-nl.zip": feed(),
        "/vierkant/100/2026-cbs_vk100_2025_v1.zip": _squares(folder),
        "/postcode/2026-cbs_pc4_2025_v1.zip": _postcodes(folder),
        # The newest key figures come on two pages; the newest distances are not filled in yet.
        f"{cbs}/86165NED/TypedDataSet": _odata(KEY_FIGURES[:2], site.url(f"{cbs}/86165NED/second")),
        f"{cbs}/86165NED/second": _odata(KEY_FIGURES[2:]),
        f"{cbs}/86165NED/TableInfos": _odata([{"Title": "Kerncijfers wijken en buurten 2025"}]),
        f"{cbs}/86270NED/TypedDataSet": _odata([row | {"AfstandTotHuisartsenpraktijk_5": None, "AfstandTotGroteSupermarkt_24": None} for row in NEARBY]),
        f"{cbs}/86134NED/TypedDataSet": _odata(NEARBY),
        f"{cbs}/86134NED/TableInfos": _odata([{"Title": "Nabijheid voorzieningen; afstand locatie, 2024"}]),
        f"{pdok}/gemeente_gegeneraliseerd/items": _shapes(dict([*MUNICIPALITIES.items()][:2]), site.url("/next")),
        "/next": _shapes(dict([*MUNICIPALITIES.items()][2:])),
        f"{pdok}/buurt_gegeneraliseerd/items": _shapes(NEIGHBOURHOODS),
    }  # fmt: skip
    for name, spots in (("groningen", {*VILLAGES, "Groningen"}), ("niedersachsen", {"Ditzum"})):
        site.files[f"/{name}-latest.osm.pbf"] = _extract(folder / f"{name}.osm.pbf", spots)
    site.md5 = True
    own = folder / "my.toml"
    own.write_text(sources_of(site, folder / "downloads"), encoding="utf-8")
    return own


def sources_of(site: Server, downloads: Path) -> str:
    """Our own file of sources with this server in the place of every publisher, and no patience."""
    text = re.sub(r"https://[a-z.-]+\.(de|nl)\b", site.address, SOURCES.read_text(encoding="utf-8"))
    return text.replace("~/.cache/dorpshub", str(downloads)).replace("pause_s = 2 ", "pause_s = 0.01 ")


KEY_FIGURES = (
    {"WijkenEnBuurten": "NL00      ", "Codering_3": "NL00      ", "AantalInwoners_5": 18000000, "k_65JaarOfOuder_12": 3700000, "PersonenautoSPerHuishouden_107": 1.0},
    {"WijkenEnBuurten": "GM1966    ", "Codering_3": "GM1966    ", "AantalInwoners_5": 48170, "k_65JaarOfOuder_12": 11600, "PersonenautoSPerHuishouden_107": 1.2},
    {"WijkenEnBuurten": "GM1979    ", "Codering_3": "GM1979    ", "AantalInwoners_5": 45650, "k_65JaarOfOuder_12": 11500, "PersonenautoSPerHuishouden_107": 1.1},
    {"WijkenEnBuurten": "BU19660101", "Codering_3": "BU19660101", "AantalInwoners_5": 7500, "k_65JaarOfOuder_12": None, "PersonenautoSPerHuishouden_107": 1.4},
)  # fmt: skip
NEARBY = (
    {"WijkenEnBuurten": "GM1966    ", "AfstandTotHuisartsenpraktijk_5": 3.1, "AfstandTotGroteSupermarkt_24": 4.0},
    {"WijkenEnBuurten": "BU19660101", "AfstandTotHuisartsenpraktijk_5": 0.6, "AfstandTotGroteSupermarkt_24": 0.5},
    {"WijkenEnBuurten": "GM0014    ", "AfstandTotHuisartsenpraktijk_5": 0.7, "AfstandTotGroteSupermarkt_24": 0.6},
)  # fmt: skip


def _rectangle(bounds: tuple[float, ...]) -> shapely.Polygon:
    west, south, east, north = bounds
    # Straight lines of the grid are bent in degrees: with corners often enough, neighbours still fit.
    square = shapely.segmentize(shapely.box(west, south, east, north), 1000)
    return shapely.transform(square, lambda xy: np.column_stack(RD.to_lonlat(xy[:, 0], xy[:, 1])))


def _shapes(areas: Mapping[str, tuple[str, tuple[float, ...]]], following: str = "") -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"statnaam": name, "statcode": code, "jaarcode": 2026},
            "geometry": shapely.geometry.mapping(_rectangle(bounds)),
        }
        for name, (code, bounds) in areas.items()
    ]
    links = [{"rel": "next", "href": following}] if following else []
    return json.dumps({"type": "FeatureCollection", "features": features, "links": links}).encode()


def _odata(rows: Any, following: str = "") -> bytes:
    more = {"odata.nextLink": following} if following else {}
    return json.dumps({"odata.metadata": "x", "value": list(rows)} | more).encode()


def _index(site: Server) -> bytes:
    outlines = {
        "netherlands": ("europe", (100_000, 400_000, 266_000, 620_000)),
        "groningen": ("netherlands", (200_000, 560_000, 266_000, 620_000)),
        "niedersachsen": ("germany", (266_000, 400_000, 400_000, 700_000)),
        "zeeland": ("netherlands", (10_000, 360_000, 80_000, 420_000)),
    }
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": name,
                "parent": parent,
                "urls": {"pbf": site.url(f"/{name}-latest.osm.pbf")},
            },
            "geometry": shapely.geometry.mapping(_rectangle(bounds)),
        }
        for name, (parent, bounds) in outlines.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _extract(path: Path, spots: set[str]) -> bytes:
    """Streets around each spot, roads between them, places and services; nodes 1 to 9 of a spot are its grid."""
    header = osmium.io.Header()
    header.set("sorting", "Type_then_ID")
    header.set("osmosis_replication_timestamp", "2026-10-05T20:21:00Z")
    path.unlink(missing_ok=True)
    numbers = {name: 1000 * row for row, name in enumerate(SPOTS, start=1)}
    ends = {name for road in ROADS if spots & set(road) for name in road} | spots
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for name in (name for name in SPOTS if name in ends):
            _write_nodes(writer, name, numbers[name], is_whole=name in spots)
        for name in (name for name in SPOTS if name in spots):
            for row in range(3):
                grid = [[3 * row, 3 * row + 1, 3 * row + 2], [row, row + 3, row + 6]]
                for number, nodes in enumerate(grid):
                    refs = [numbers[name] + node for node in nodes]
                    writer.add_way(
                        Way(
                            id=numbers[name] + 2 * row + number,
                            nodes=refs,
                            tags={"highway": "residential", "maxspeed": "30"},
                        )
                    )
        for row, road in enumerate(ROADS):
            if spots & set(road):
                refs = [numbers[name] + 4 for name in road]
                writer.add_way(
                    Way(id=90_000 + row, nodes=refs, tags={"highway": "tertiary", "maxspeed": "80"})
                )
        if spots >= set(BUS_STOPS):
            line = {"type": "route", "route": "bus", "ref": "65", "operator": "Qbuzz", "interval": "30"}
            stops = [("n", numbers[name] + 20, "stop") for name in BUS_STOPS]
            writer.add_relation(Relation(id=95_000, members=stops, tags=line))
    return path.read_bytes()


def _write_nodes(writer: osmium.SimpleWriter, name: str, first: int, *, is_whole: bool) -> None:
    """Grid of a spot, and where it is `is_whole` its place, services and bus stop."""
    x_m, y_m = SPOTS[name]
    for row in range(9):
        at = lonlat(x_m + 100 * (row % 3 - 1), y_m + 100 * (row // 3 - 1))
        writer.add_node(Node(id=first + row, location=at))
    if not is_whole:
        return
    kind = "town" if name == "Groningen" else "village"
    place = {"place": kind, "name": name, "population": "500"}
    writer.add_node(Node(id=first + 10, location=lonlat(x_m, y_m), tags=place))
    own = [tags for spot, tags in SERVICES if spot == name]
    for row, tags in enumerate(own, start=11):
        writer.add_node(Node(id=first + row, location=lonlat(x_m + 60, y_m + 10 * row), tags=tags))
    if name in BUS_STOPS:
        stop = {"public_transport": "stop_position", "bus": "yes", "name": f"{name}, centrum"}
        writer.add_node(Node(id=first + 20, location=lonlat(x_m, y_m), tags=stop))


def overpass_answer(extract: Path) -> bytes:
    """What Overpass says of everything in an extract."""
    elements: list[dict[str, Any]] = []
    for entity in osmium.FileProcessor(extract):
        tags = {"tags": dict(entity.tags)} if len(entity.tags) else {}
        if isinstance(entity, osmium.osm.Node):
            spot = {"lon": entity.lon, "lat": entity.lat}
            elements.append({"type": "node", "id": entity.id} | spot | tags)
        elif isinstance(entity, osmium.osm.Way):
            elements.append(
                {"type": "way", "id": entity.id, "nodes": [node.ref for node in entity.nodes]} | tags
            )
    base = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2026-10-07T10:00:00Z"}}
    return json.dumps(base | {"elements": elements}).encode()


def feed() -> bytes:
    """A bus every half hour Winsum - Bedum - Loppersum on a Tuesday, less on other days, and one far away."""
    spots = {name: lonlat(*SPOTS[name]) for name in BUS_STOPS} | {
        "Maastricht": (5.7, 50.85),
        "Heerlen": (5.97, 50.89),
    }
    stops = "".join(f'{name},"{name}, centrum",{lat},{lon},\n' for name, (lon, lat) in spots.items())
    trips, times = [], []
    for run in range(40):
        start = 360 + 30 * run
        trips.append(f"b1,{'tue' if run % 2 else 'all'},b{run},Loppersum,shape")
        trips.append(f"m1,all,m{run},Heerlen,shape")
        for sequence, name in enumerate(BUS_STOPS):
            times.append(
                f"b{run},{_clock(start + 12 * sequence)},{_clock(start + 12 * sequence)},{name},{sequence}"
            )
        for sequence, name in enumerate(("Maastricht", "Heerlen")):
            times.append(
                f"m{run},{_clock(start + 30 * sequence)},{_clock(start + 30 * sequence)},{name},{sequence}"
            )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = {
            "agency": "agency_id,agency_name,agency_url,agency_timezone\nQB,Qbuzz,https://q.example,Europe/Amsterdam\n",
            "stops": f"stop_id,stop_name,stop_lat,stop_lon,parent_station\n{stops}",
            "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nb1,QB,65,,3\nm1,QB,1,,3\n",
            "trips": "route_id,service_id,trip_id,trip_headsign,shape_id\n" + "\n".join(trips) + "\n",
            "stop_times": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
            + "\n".join(times)
            + "\n",
            "calendar_dates": f"service_id,date,exception_type\ntue,{DAY},1\nall,{DAY},1\nall,20261007,1\nall,20261013,1\n",
            "shapes": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\nshape,53,6,1\n",
        }
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text)
    return out.getvalue()


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _squares(folder: Path) -> bytes:
    """Four squares around the middle of each village; one farm between Baflo and Warffum whose number is secret."""
    corners, people = [], []
    for name, persons in CELL_PEOPLE.items():
        x_m, y_m = SPOTS[name]
        for east in (-1, 0):
            for north in (-1, 0):
                corners.append((x_m // 100 + east, y_m // 100 + north))
                people.append(persons)
    corners.append((2312, 5993))
    people.append(-99997)
    n_cells = len(corners)
    total = np.array(people, np.int32)
    bands = {
        "aantal_inwoners_0_tot_15_jaar": np.where(total > 0, 5, -99997),
        "aantal_inwoners_15_tot_25_jaar": np.where(total > 0, 5, -99997),
        "aantal_inwoners_25_tot_45_jaar": np.full(n_cells, -99997),
        "aantal_inwoners_45_tot_65_jaar": np.where(total > 0, 5, -99997),
        "aantal_inwoners_65_jaar_en_ouder": np.where(total > 0, 5, -99997),
    }
    shapes = [
        shapely.box(east * 100, north * 100, east * 100 + 100, north * 100 + 100) for east, north in corners
    ]
    names = np.array([f"E{east:04d}N{north:04d}" for east, north in corners], object)
    columns = {"crs28992res100m": names, "aantal_inwoners": total} | bands
    return _zipped(folder / "cbs_vk100_2025_v1.gpkg", columns, shapes)


def _zipped(path: Path, columns: Mapping[str, Any], shapes: list[shapely.Polygon]) -> bytes:
    """GeoPackage in a zip, as CBS publishes it: in the national grid, beside the same as a table."""
    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path, np.array(shapely.to_wkb(shapes), object), list(columns.values()), list(columns),
        layer=path.stem, geometry_type="Polygon", crs="EPSG:28992",
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
        archive.writestr(f"{path.stem}.csv", "the same, as a table")
    return out.getvalue()


def _postcodes(folder: Path) -> bytes:
    aged = np.array([of[2] for of in POSTCODES.values()], np.int32)
    columns = {
        "postcode": np.array([int(number) for number in POSTCODES], np.int32),
        "aantal_inwoners": np.array([of[1] for of in POSTCODES.values()], np.int32),
        **dict.fromkeys(YOUNGER, np.full(len(aged), 10, np.int32)),
        "aantal_inwoners_65_jaar_en_ouder": aged,
    }
    return _zipped(
        folder / "cbs_pc4_2025_v1.gpkg", columns, [shapely.box(*of[0]) for of in POSTCODES.values()]
    )


def full_postcodes(folder: Path) -> bytes:
    """One full postcode around each village, of the people of its squares; of Baflo the number is secret."""
    people = np.array(
        [-99997 if name == "Baflo" else 4 * each for name, each in CELL_PEOPLE.items()], np.int32
    )
    columns = {
        "postcode6": np.array([f"9900A{chr(65 + row)}" for row in range(len(people))], object),
        "aantal_inwoners": people,
        **dict.fromkeys(YOUNGER, np.full(len(people), 5, np.int32)),
        "aantal_inwoners_65_jaar_en_ouder": np.full(len(people), 10, np.int32),
    }
    shapes = [shapely.Point(SPOTS[name]).buffer(400) for name in CELL_PEOPLE]
    return _zipped(folder / "cbs_pc6_2025_v1.gpkg", columns, shapes)


def registered() -> bytes:
    """Places of the register of addresses."""
    features = [
        {
            "type": "Feature",
            "properties": {"woonplaats": name, "identificatie": f"{2000 + row}"},
            "geometry": shapely.geometry.mapping(_rectangle(bounds)),
        }
        for row, (name, bounds) in enumerate(REGISTERED.items())
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()

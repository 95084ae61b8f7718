"""Whole files that are then damaged: small ones of every kind that is read."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import osmium
import pandas as pd
from fuzz.mutate import WORDS, Hand, Mutate, any_bytes, json_text, table_text, xml_text

from data.own.region_file import write_region_file
from data.study_area.region_toml import load_region
from scenarios.edits.json_text import from_json
from scenarios.library import Library
from support.files import ROOT
from support.live_server import Server
from support.toys import live_world
from support.toys.region import REGION, lonlat, write_toy_region, write_week
from support.toys.routes import with_route

DAY = dt.date(2026, 10, 6)
PARAMETERS = ROOT / "data" / "parameters"
FACTS_REGION = ROOT / "data" / "regions" / "zuid-oost-drenthe"
SCENARIO = {
    "name": "Hub in Mid",
    "note": "",
    "edits": [
        {"edit": "PlaceHub", "lon_deg": lonlat("west")[0], "lat_deg": lonlat("west")[1], "kinds": ["gp"]},
        {"edit": "CloseFacility", "facility_id": "gp-0"},
        {"edit": "ChangeHeadway", "line": "1", "headway_min": 10, "first": "9:00", "last": "12:00"},
        {"edit": "AddLine", "name": "8", "stops": ["West", "East"], "headway_min": 30, "first": "9:00", "last": "12:00", "speed_kmh": 40},
        {"edit": "DrawPath", "line": [lonlat("mid"), lonlat("lone")], "kind": "road", "limit_kmh": 60},
        {"edit": "ChangeSpeedLimit", "at": lonlat("mid"), "limit_kmh": 50},
        {"edit": "AddOnDemand", "name": "Taxi", "zone": [[6.0, 52.0], [7.5, 53.0]], "hours": "Mo-Fr 07:00-23:00", "lead_min": 60, "margin_min": 15, "detour": 1.3},
        {"edit": "DigitalContacts", "kind": "gp", "share": 0.2},
    ],
}  # fmt: skip
FLEX = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nQ,Q,https://example.org,Europe/Amsterdam\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Aa,52.5,6.1\nB,Bee,52.5,6.2\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nR,Q,Ruf,3\n",
    "trips.txt": "trip_id,route_id,service_id,safe_duration_factor,safe_duration_offset\nT,R,WK,1.5,600\nU,R,WK,,\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WK,1,1,1,1,1,0,0,20260101,20261231\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nWK,20261005,2\n",
    "booking_rules.txt": "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day\nhour,1,60,\nday,2,,2\n",
    "location_group_stops.txt": "location_group_id,stop_id\ng,A\ng,B\n",
    "locations.geojson": json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "id": "zone",
                    "type": "Feature",
                    "properties": {},
                    "geometry": {"type": "Polygon", "coordinates": [[[6, 52], [7, 52], [7, 53], [6, 52]]]},
                }
            ],
        }
    ),
    "stop_times.txt": (
        "trip_id,stop_sequence,stop_id,location_id,location_group_id,start_pickup_drop_off_window,"
        "end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id,arrival_time,departure_time\n"
        "T,1,,zone,,08:00:00,18:00:00,2,1,hour,,\nT,2,,,g,08:00:00,18:00:00,1,2,day,,\n"
        "U,1,A,,,,,,,,09:00:00,09:00:00\nU,2,B,,,,,,,,09:20:00,09:20:00\n"
    ),
}


class Made:
    """The made files, in a folder of their own for as long as they are needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.valley = with_route(write_toy_region(folder / "valley"))
        self.week = write_week(folder / "week")

    @cache  # noqa: B019 -- one is made, and it lives as long as the program
    def online(self) -> dict[str, bytes]:
        """What the publishers of live data give, by the end of its address."""
        site = Server("https://made.example")
        live_world.put_online(site, self.folder / "online")
        # A page that goes on elsewhere is one page here.
        following = re.compile(rb'"(rel|odata.nextLink)": *"[^"]*"')
        return {name: following.sub(b'"no": ""', content) for name, content in site.files.items()}

    def ending(self, end: str) -> bytes:
        """The file online whose address ends so."""
        return next(content for name, content in self.online().items() if name.endswith(end))

    def feed(self) -> bytes:
        """Timetable of the toy valley, with all tables."""
        return (self.week / "timetable.zip").read_bytes()

    def osm(self) -> bytes:
        """Map of the toy valley with a mapped bus route and what else is read."""
        more = (
            '<node id="20" lat="52.8" lon="6.8" version="1"><tag k="amenity" v="doctors"/><tag k="name" v="Dr"/>'
            '<tag k="opening_hours" v="Mo-Fr 08:00-17:00"/></node>'
            '<node id="21" lat="52.8" lon="6.8" version="1"><tag k="place" v="village"/><tag k="name" v="Aa"/>'
            '<tag k="population" v="400"/></node>'
        )
        ways = (
            '<way id="2" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="tertiary"/><tag k="maxspeed" v="80"/>'
            '<tag k="access:conditional" v="no @ (Mo-Fr 07:00-09:00)"/><tag k="oneway" v="yes"/></way>'
            '<relation id="8" version="1"><member type="way" ref="1" role="from"/><member type="node" ref="2" role="via"/>'
            '<member type="way" ref="2" role="to"/><tag k="type" v="restriction"/><tag k="restriction" v="no_u_turn"/></relation>'
        )
        text = (self.valley / "streets.osm").read_text()
        text = text.replace("<way", f"{more}<way", 1)
        return (
            text.replace("<relation", f"{ways.partition('<relation')[0]}<relation", 1)
            .replace("</osm>", f"<relation{ways.partition('<relation')[2]}</osm>")
            .encode()
        )

    def pbf(self) -> bytes:
        """The same map in the other format."""
        source, target = self.folder / "map.osm", self.folder / "map.osm.pbf"
        source.write_bytes(self.osm())
        target.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(target)) as writer:
            for entity in osmium.FileProcessor(str(source)):
                writer.add(entity)
        return target.read_bytes()

    def table(self, layer: str) -> bytes:
        """Places or facilities of the toy valley."""
        return (self.valley / f"{layer}.csv").read_bytes()

    def frame(self, layer: str) -> pd.DataFrame:
        """The same, with numbers as numbers."""
        return pd.read_csv(io.BytesIO(self.table(layer)))

    def parquet(self, layer: str, *, geo: bool = False) -> bytes:
        """The same as Parquet, or GeoParquet."""
        out, frame = io.BytesIO(), self.frame(layer)
        if geo:
            points = gpd.points_from_xy(frame["lon"], frame["lat"])
            gpd.GeoDataFrame(frame, geometry=points, crs="EPSG:4326").to_parquet(out)
        else:
            frame.to_parquet(out, index=False)
        return out.getvalue()

    def geojson(self, layer: str) -> bytes:
        """The same as GeoJSON."""
        features = [
            {
                "type": "Feature",
                "properties": {key: value for key, value in row.items() if key not in ("lon", "lat")},
                "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            }
            for row in json.loads(self.frame(layer).to_json(orient="records"))
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    def grid(self) -> bytes:
        """Cells of the places."""
        header = "x_m,y_m,place_id,inhabitants_0_19,inhabitants_20_64,inhabitants_65_74,inhabitants_75plus"
        return f"{header}\n0,0,west,100,200,50,50\n1,0,mid,50,100,25,25\n2,0,east,20,60,10,10\n3,0,lone,0,2,0,2\n".encode()

    def outlines(self) -> bytes:
        """Two municipalities."""
        shapes = {
            "Valley": {"type": "Polygon", "coordinates": [[[6, 52], [7, 52], [7, 53], [6, 52]]]},
            "Hills": {"type": "MultiPolygon", "coordinates": [[[[7, 52], [8, 52], [8, 53], [7, 52]]]]},
        }
        features = [
            {"type": "Feature", "properties": {"name": name}, "geometry": shape}
            for name, shape in shapes.items()
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    def region(self) -> bytes:
        """region.toml of the toy valley with all that one may hold."""
        more = (
            'keeper = "data@example.org"\nholidays = "NL"\n\n[[on_demand]]\nid = "taxi"\nname = "Taxi"\n'
            'area = { outlines = ["Valley"] }\nhours = "Mo-Su 07:00-23:00"\nlead_s = 7200\nmargin_s = 900\nmin_m = 3000\n'
            'max_m = 15000\ndetour = 1.3\nsource = "words"\ndate = "2018"\nassumed = ["margin_s"]\n\n[generator]\nfacts = "facts"\nseed = 1\n'
        )
        head, _, layers = REGION.partition("[[layer]]")
        first, _, rest = more.partition("\n\n")
        return f"{head}{first}\n\n{rest}\n[[layer]]{layers}".encode()

    def region_file(self) -> bytes:
        """The valley with a scenario, as one file."""
        path = self.folder / "made.dorpshub"
        write_region_file(path, load_region(self.valley), [("Hub", json.dumps(SCENARIO))], "1")
        return path.read_bytes()

    def library(self) -> bytes:
        """Library of two scenarios, the journal folded in."""
        path = self.folder / "made.sqlite"
        for file in self.folder.glob("made.sqlite*"):
            file.unlink()
        library = Library(path)
        for author in ("Aa", "Bee"):
            library.add("valley", from_json(json.dumps(SCENARIO)), author, "2026-10-06T09:00:00", "")
        with closing(sqlite3.connect(path)) as database:
            # Ids are drawn anew each time; damage must be the same for the same seed.
            database.execute("update scenario set id = author")
            database.commit()
            database.execute("pragma journal_mode = delete")
        return path.read_bytes()


def zipped(inner: dict[str, Mutate], ending: str = "") -> Mutate:
    """Damage to a file in a zip by the end of its name, and now and then to the zip itself."""

    def damaged(content: bytes, hand: Hand) -> bytes:
        if hand.random() < 0.15:
            return any_bytes(content, hand)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        name = hand.choice([one for one in files if one.endswith(ending)])
        mutate = next((of for end, of in inner.items() if name.endswith(end)), any_bytes)
        if hand.random() < 0.05:
            del files[name]
        else:
            files[name] = mutate(files[name], hand)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for one, text in files.items():
                archive.writestr(one, text)
        return out.getvalue()

    return damaged


def packed(pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes]) -> Mutate:
    """Damage to what is packed, and now and then to the packing."""
    return lambda content, hand: (
        any_bytes(content, hand)
        if hand.random() < 0.3
        else pack((xml_text if hand.random() < 0.7 else any_bytes)(unpack(content), hand))
    )


CELLS = (None, b"\xff\0", float("inf"), 1e20, -1, 2**40, "", "x", "\0", [1, 2], {"a": 1}, True, pd.Timestamp("1900-01-01"), dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.time(1))  # fmt: skip


def parquet_cells(content: bytes, hand: Hand) -> bytes:
    """A column of a Parquet table of another type, with a cell that nobody expects, or lost; or any bytes."""
    if hand.random() < 0.3:
        return any_bytes(content, hand)
    table = pd.read_parquet(io.BytesIO(content))
    column = hand.choice([str(name) for name in table.columns if name != "geometry"] or ["new"])
    cell = hand.choice(CELLS)
    match hand.randrange(6):
        case 0:
            table = table.drop(columns=[column], errors="ignore")
        case 1:
            table = table.rename(columns={column: "\u202e"})
        case 2:
            table[column] = pd.Series([cell] * len(table), dtype=object)
        case 3:
            table = table.iloc[: hand.randrange(2)]
        case _:
            same = (
                [cell, *[None] * (len(table) - 1)] if hand.random() < 0.5 else [cell, *table[column].iloc[1:]]
            )
            table[column] = pd.Series(same, dtype=object)
    out = io.BytesIO()
    try:
        if "geometry" in table:
            gpd.GeoDataFrame(
                table, geometry=gpd.GeoSeries.from_wkb(table["geometry"]), crs="EPSG:4326"
            ).to_parquet(out)
        else:
            table.to_parquet(out, index=False)
    except (TypeError, ValueError, OverflowError):  # no Parquet holds such a column
        return any_bytes(content, hand)
    return out.getvalue()


def database_cells(content: bytes, hand: Hand) -> bytes:
    """A value of a SQLite database changed, a table or column lost; or any bytes."""
    if hand.random() < 0.3:
        return any_bytes(content, hand)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "damaged"
        path.write_bytes(content)
        database = sqlite3.connect(path)
        try:
            query = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like 'rtree_%'"
            table = hand.choice([name for (name,) in database.execute(query)])
            column = hand.choice([row[1] for row in database.execute(f'pragma table_info("{table}")')])
            value = hand.choice([None, -1, 2**40, 1e20, float("inf"), b"\xff\0", *WORDS])
            match hand.randrange(8):
                case 0:
                    database.execute(f'drop table "{table}"')
                case 1:
                    database.execute(f'alter table "{table}" rename column "{column}" to "other"')
                case 2:
                    database.execute(f'delete from "{table}"')  # noqa: S608 -- a table of our own
                case _:
                    database.execute(f'update "{table}" set "{column}" = ?', (value,))  # noqa: S608 -- as above
            database.commit()
        except sqlite3.Error:  # a rule of the database forbids it
            return any_bytes(content, hand)
        finally:
            database.close()
        return path.read_bytes()


def _feed_table(content: bytes, hand: Hand) -> bytes:
    return (table_text if hand.random() < 0.8 else any_bytes)(content, hand)


GTFS: dict[str, Mutate] = {".txt": _feed_table, ".geojson": json_text}
"""Damage to the files of a feed."""

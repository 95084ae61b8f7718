"""What a country costs: a real city and its real timetable, laid out as often as it takes and joined to one network.

    python -m benchmarks.country 16 8     # a sixteenth of the Netherlands, then an eighth; 1 is all of it

Every size is laid out by a process of its own, and measured by another one, which builds it and opens it by memory map as
a region is: processor seconds, seconds on the clock, and the peak of memory of each step.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.networks import FILES

from accessibility.all_nearest import AllNearest, all_nearest
from accessibility.assumptions import Assumptions
from accessibility.travel_network import Points, build_service, no_service, travel_network, write_streets
from accessibility.travel_times import MODES, TAKING_ALONG
from accessibility.travellers import ALL_PROFILES
from accessibility.world import silent
from data.columns import Floats, Int64s
from data.files.ready_arrays import open_table, save_table
from data.gtfs.timetable import read_timetable
from data.osm.extract import read_osm
from data.parameters.facility_kinds import load_facility_kinds
from data.projection import Projection, utm_projection
from data.streets import StreetMap
from network.hierarchy.search import write_street_search
from network.streets.network import build_street_network
from network.transit.departures import Window
from support.files import SHARED

N_NODES, N_CALLS, N_CELLS = 5_000_000, 4_000_000, 400_000
"""Junctions, calls of a day and inhabited cells of the Netherlands."""
N_FACILITIES = (5_000, 6_000, 6_600, 2_000, 120, 1_500, 700, 3_000, 9_000, 4_000, 2_500, 1_200)
"""Of twelve kinds, from hospitals to nurseries."""
DAY = dt.date(2022, 9, 20)
WHOLE_DAY = Window(6 * 3600, 60, 18 * 60)
FEED = SHARED / "heidelberg" / "vrn_gtfs_cut.zip"
MARGIN_M, JOINS = 200.0, 8
RIDE_S, HEADWAY_S = 15 * 60, 1800
"""Of the lines that join the timetables of neighbouring tiles."""
N_THREADS = os.cpu_count() or 1
OWN_IDS = {"routes": ("route_id",), "trips": ("route_id", "trip_id"), "stop_times": ("trip_id", "stop_id")}
"""Ids of which every tile has its own, by table."""
STREETS, TIMETABLE = "streets", "feed.zip"
"""What is laid out in a folder."""


class Grid(NamedTuple):
    """Tiles in rows as long as the square root of their number, the last of which may be short."""

    copies: int
    side: int
    width_m: float
    height_m: float

    def offset_m(self) -> tuple[np.ndarray, np.ndarray]:
        """(copies,) metres to the east and to the south of the first tile."""
        tile = np.arange(self.copies)
        return (tile % self.side) * self.width_m, -(tile // self.side) * self.height_m

    def pairs(self) -> list[tuple[int, int, bool]]:
        """Neighbouring tiles, and whether the second lies to the right (else below)."""
        every = range(self.copies)
        right = [
            (tile, tile + 1, True) for tile in every if (tile + 1) % self.side and tile + 1 < self.copies
        ]
        return right + [(tile, tile + self.side, False) for tile in every if tile + self.side < self.copies]


def tiled_streets(streets: StreetMap, projection: Projection, grid: Grid) -> StreetMap:
    """The same streets in every tile, joined by roads between outermost nodes of the borders."""
    x_m, y_m = projection.to_metres(streets.lon_deg, streets.lat_deg)
    east_m, south_m = grid.offset_m()
    lon_deg, lat_deg = projection.to_lonlat((x_m + east_m[:, None]).ravel(), (y_m + south_m[:, None]).ravel())
    n_nodes, n_ways, copies = len(x_m), len(streets.way_id), grid.copies
    tag_sets = [dict(tags) for tags in streets.tag_sets]
    road = (
        next(row for row, tags in enumerate(tag_sets) if tags == {"highway": "tertiary"})
        if {"highway": "tertiary"} in tag_sets
        else len(tag_sets)
    )
    all_sets = streets.tag_sets if road < len(tag_sets) else (*streets.tag_sets, (("highway", "tertiary"),))
    borders = _borders(streets, x_m, y_m)
    joins = np.array(
        [
            (
                one * n_nodes + borders[0 if to_right else 2][join],
                other * n_nodes + borders[1 if to_right else 3][join],
            )
            for one, other, to_right in grid.pairs()
            for join in range(JOINS)
        ],
        np.int64,
    ).reshape(-1, 2)

    def repeated(rows: np.ndarray, step: int) -> np.ndarray:
        shift = np.arange(copies, dtype=np.int64) * step
        every: Int64s = np.add.outer(shift, rows).ravel()
        return every

    def ragged(offset: Int64s) -> Int64s:
        return np.append(0, np.cumsum(np.tile(np.diff(offset), copies)))

    node_id, way_id = (
        np.arange(1, n + 1, dtype=np.int64) for n in (copies * n_nodes, copies * n_ways + len(joins))
    )
    way_offset = ragged(streets.way_offset)
    return StreetMap(
        node_id=node_id,
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        node_tags=np.tile(streets.node_tags, copies),
        way_id=way_id,
        way_offset=np.append(way_offset, way_offset[-1] + 2 * np.arange(1, len(joins) + 1)),
        way_node=np.append(repeated(streets.way_node, n_nodes), joins.ravel()).astype(np.int32),
        way_tags=np.append(np.tile(streets.way_tags, copies), np.full(len(joins), road)).astype(np.int32),
        tag_sets=all_sets,
        turn_relation=np.arange(copies * len(streets.turn_relation), dtype=np.int64),
        turn_from_way=repeated(streets.turn_from_way, n_ways).astype(np.int32),
        turn_offset=ragged(streets.turn_offset),
        turn_via_node=repeated(streets.turn_via_node, n_nodes).astype(np.int32),
        turn_to_way=repeated(streets.turn_to_way, n_ways).astype(np.int32),
        turn_only=np.tile(streets.turn_only, copies),
    )


def _borders(streets: StreetMap, x_m: np.ndarray, y_m: np.ndarray) -> list[Int64s]:
    """Nodes of residential streets outermost to the right, left, bottom and top, in each of some bands."""
    tags = [
        dict(tags).get("highway", "") in {"residential", "tertiary", "unclassified"}
        for tags in streets.tag_sets
    ]
    on = np.repeat(np.array(tags)[streets.way_tags], np.diff(streets.way_offset))
    node = np.unique(streets.way_node[on]).astype(np.int64)
    found = []
    for along, across, sign in ((y_m, x_m, 1), (y_m, x_m, -1), (x_m, y_m, -1), (x_m, y_m, 1)):
        bands = np.array_split(node[np.argsort(along[node], kind="stable")], JOINS)
        found.append(np.array([band[np.argmax(sign * across[band])] for band in bands]))
    return found


def tiled_feed(feed: Path, projection: Projection, grid: Grid, out: Path) -> None:
    """The same timetable in every tile, joined by a line each way between those next to each other."""
    tables = {}
    with zipfile.ZipFile(feed) as archive:
        for name in archive.namelist():
            rows = list(csv.reader(io.TextIOWrapper(archive.open(name), "utf-8-sig")))
            tables[name.removesuffix(".txt")] = (rows[0], rows[1:])
    header, stops = tables["stops"]
    lon, lat, stop_id = header.index("stop_lon"), header.index("stop_lat"), header.index("stop_id")
    x_m, y_m = projection.to_metres(
        *(np.array([row[column] for row in stops], float) for column in (lon, lat))
    )
    east_m, south_m = grid.offset_m()
    times_header, times = tables["stop_times"]
    visited = [row[times_header.index("stop_id")] for row in times]
    hub = max(set(visited), key=visited.count)
    every_tile = {name: _template(*tables[name], ids) for name, ids in OWN_IDS.items()}
    joins = {name: io.StringIO() for name in tables}
    _join_lines(joins, tables, hub, grid.pairs())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, (columns, rows) in tables.items():
            with (
                archive.open(f"{name}.txt", "w", force_zip64=True) as file,
                io.TextIOWrapper(file, "utf-8") as text,
            ):
                writer = csv.writer(text)
                writer.writerow(columns)
                for tile in range(grid.copies):
                    if name in every_tile:
                        text.write(every_tile[name].replace("~~", f"~{tile}"))
                    elif name == "stops":
                        lon_deg, lat_deg = projection.to_lonlat(x_m + east_m[tile], y_m + south_m[tile])
                        writer.writerows(_moved(rows, (stop_id, lon, lat), tile, lon_deg, lat_deg))
                    elif tile == 0:
                        writer.writerows(rows)
                text.write(joins[name].getvalue())


def _moved(
    rows: list[list[str]], columns: tuple[int, int, int], tile: int, lon_deg: Floats, lat_deg: Floats
) -> list[list[str]]:
    """Stops of one tile, with ids of their own; `columns` are those of id, longitude and latitude."""
    stop_id, lon, lat = columns
    moved = [list(row) for row in rows]
    for row, one_lon, one_lat in zip(moved, lon_deg, lat_deg, strict=True):
        row[stop_id], row[lon], row[lat] = f"{row[stop_id]}~{tile}", f"{one_lon:.6f}", f"{one_lat:.6f}"
    return moved


def _template(columns: list[str], rows: list[list[str]], ids: tuple[str, ...]) -> str:
    """Rows as text in which `~~` stands for the tile."""
    text, at = io.StringIO(), [columns.index(name) for name in ids]
    for row in rows:
        for column in at:
            row[column] += "~~"
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _join_lines(
    text: dict[str, io.StringIO], tables: dict[str, Any], hub: str, pairs: list[tuple[int, int, bool]]
) -> None:
    """Lines every half hour, there and back, between the busiest stops of neighbouring tiles."""
    every_day = "JOINED"

    def write(name: str, **values: object) -> None:
        csv.writer(text[name]).writerow([values.get(column, "") for column in tables[name][0]])

    weekdays = dict.fromkeys(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1
    )
    write("calendar", service_id=every_day, start_date="20220101", end_date="20221231", **weekdays)
    agency = tables["agency"][1][0][tables["agency"][0].index("agency_id")]
    for one, other, _ in pairs:
        for a, b in ((one, other), (other, one)):
            route = f"J{a}-{b}"
            write("routes", route_id=route, agency_id=agency, route_short_name=route, route_type=3)
            for start in range(6 * 3600, 22 * 3600, HEADWAY_S):
                trip = f"{route}-{start}"
                write("trips", route_id=route, service_id=every_day, trip_id=trip)
                for number, (tile, at) in enumerate(((a, start), (b, start + RIDE_S)), 1):
                    clock = f"{at // 3600:02}:{at // 60 % 60:02}:00"
                    write(
                        "stop_times", trip_id=trip, stop_id=f"{hub}~{tile}", stop_sequence=number,
                        arrival_time=clock, departure_time=clock,
                    )  # fmt: skip


class Step(NamedTuple):
    """What a step cost: processor seconds of all threads, seconds on the clock, and the peak of memory while it ran."""

    name: str
    cpu_s: float
    clock_s: float
    peak_bytes: float


class Recorder:
    """Takes the steps one after the other."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def __call__(self, name: str, work: Callable[[], Any]) -> Any:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        cpu, clock = time.process_time(), time.perf_counter()
        result = work()
        took = time.process_time() - cpu, time.perf_counter() - clock
        status = Path("/proc/self/status").read_text(encoding="ascii")
        peak = float(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]
        self.steps.append(Step(name, *took, peak))
        sys.stderr.write(f"{name}: {took[0]:.1f} s CPU, {took[1]:.1f} s, {peak / 1e9:.2f} GB\n")
        return result


def lay_out(part: int, folder: Path) -> None:
    """Streets and timetable of a `part`-th of the country as files; 0 for one tile."""
    city, projection = _city()
    small, _ = build_street_network(city, ALL_PROFILES, projection)
    day, _ = read_timetable([FEED], DAY)
    n_per_tile, calls_per_tile = small.mapped.n_nodes, len(day.trips.call_stop)
    copies = round(max(N_NODES / n_per_tile, N_CALLS / calls_per_tile) / part) if part else 1
    x_m, y_m = projection.to_metres(city.lon_deg, city.lat_deg)
    # Some streets lead far out of the city: tiles overlap there, without meeting.
    width_m, height_m = (float(np.diff(np.quantile(xy, (0.05, 0.95)))[0]) for xy in (x_m, y_m))
    side = max(1, round((copies * height_m / width_m) ** 0.5))
    grid = Grid(copies, side, width_m + MARGIN_M, height_m + MARGIN_M)
    sys.stderr.write(
        f"{copies} tiles of {width_m:.0f} by {height_m:.0f} m, "
        f"{n_per_tile} junctions, {calls_per_tile} calls and {len(day.stops.id)} stops\n"
    )
    save_table(folder / STREETS, tiled_streets(city, projection, grid))
    tiled_feed(FEED, projection, grid, folder / TIMETABLE)


def _city() -> tuple[StreetMap, Projection]:
    city = read_osm(FILES["Heidelberg"], load_facility_kinds()).streets
    bare = replace(city, way_name=np.empty(0, np.int32), names=(("", ""),))
    return bare, utm_projection(city.lon_deg, city.lat_deg)


def _mapped(folder: Path) -> StreetMap:
    """Streets that `lay_out` wrote, held in memory as those of a reader are."""
    opened = open_table(StreetMap, folder)
    columns = {
        name: np.array(getattr(opened, name))
        for name in StreetMap.__slots__
        if isinstance(getattr(opened, name), np.ndarray)
    }
    tag_sets = tuple(tuple((key, value) for key, value in tags) for tags in opened.tag_sets)
    return replace(opened, **columns, tag_sets=tag_sets, names=(("", ""),))


def measure(part: int, folder: Path) -> dict[str, object]:
    """One size that is laid out in a folder, built and opened as a region is."""
    record, projection = Recorder(), _city()[1]
    contract = partial(write_streets, folder / "search", _mapped(folder / STREETS), projection, ALL_PROFILES)
    record("contract", contract)
    del contract
    search = record("order, fill and modes", partial(write_street_search, folder / "search"))
    network = search.network
    n_junctions = network.mapped.n_nodes
    timetable, _ = record("read the day", partial(read_timetable, [folder / TIMETABLE], DAY))
    tied = travel_network(search, no_service(), ALL_PROFILES, Assumptions())
    record("index of doors", lambda: [index.parts for index in tied.indexes])
    tied, _ = record("walks and events", partial(build_service, tied, timetable, projection, silent))
    random = np.random.default_rng(1)

    def scattered(n: int) -> Points:
        node, away_m = random.integers(n_junctions, size=n), random.normal(0, 50, (2, n))
        return Points(network.node_x_m[node] + away_m[0], network.node_y_m[node] + away_m[1])

    n_cells = N_CELLS // part if part else 500
    cells = scattered(n_cells)
    kinds = [scattered(max(1, n // max(part, 1))) for n in N_FACILITIES]
    for mode in (*MODES[:7], TAKING_ALONG[0]):
        target = folder / mode.name
        target.mkdir()
        write = partial(_write, target)
        run = partial(all_nearest, tied, cells, kinds, mode, WHOLE_DAY, write, N_THREADS)
        record(f"cells by {mode.name}", run)
    return {
        "part": part,
        "junctions": n_junctions,
        "stops": len(timetable.stops.id),
        "calls": len(timetable.trips.call_stop),
        "cells": n_cells,
        "steps": [step._asdict() for step in record.steps],
    }


def _write(folder: Path, found: AllNearest) -> None:
    """A file for each block: a column for each kind and percentile, and the share served."""
    columns: dict[str, Floats] = {}
    for kind, (seconds, served) in enumerate(
        zip(np.moveaxis(found.seconds, 1, 0), found.served_share.T, strict=True)
    ):
        columns |= {f"{kind}_p{column}": values for column, values in enumerate(seconds.T)}
        columns[f"{kind}_served"] = served
    pq.write_table(pa.table(columns), folder / f"{found.begin}.parquet")


def main() -> None:
    """Measure the parts named, each in a process of its own, and print them as JSON."""
    match sys.argv[1:]:
        case ["--lay-out", part, folder]:
            lay_out(int(part), Path(folder))
        case ["--measure", part, tile, folder]:
            measure(0, Path(tile))
            sys.stdout.write(json.dumps(measure(int(part), Path(folder))) + "\n")
        case parts:
            for part in parts:
                with tempfile.TemporaryDirectory() as tile, tempfile.TemporaryDirectory() as folder:
                    _in_process("--lay-out", "0", tile)
                    _in_process("--lay-out", part, folder)
                    _in_process("--measure", part, tile, folder)


def _in_process(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "benchmarks.country", *arguments], check=True)  # noqa: S603 -- this file


if __name__ == "__main__":
    main()

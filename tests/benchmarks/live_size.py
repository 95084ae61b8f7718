"""A whole fetch from files of the publishers' true sizes, on a server of our own, killed twice and taken up again.

    PYTHONPATH=.:tests python -m benchmarks.live_size

The made-up north of Groningen (`live_world`) as its publishers serve it, with three files as large as the real ones: a
national timetable with calendar_dates alone, an extract of a province (the streets of Heidelberg laid out over it, with its
.md5) and the squares of a country. The command is killed while it downloads the timetable and while it cuts the extract;
then it must take up the download where it broke off, and the region must open with every layer observed.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, Self

import numpy as np
import osmium
import pyogrio
import shapely
from benchmarks.bench_live import N_CALLS, write_feed
from benchmarks.networks import FILES
from osmium.osm.mutable import Node, Relation, Way

from data.study_area.region_toml import load_region
from support.live_server import Handler, Server, serve
from support.toys.live_world import RD, SPOTS, put_online

FEED, EXTRACT = "/nl/gtfs-nl.zip", "/groningen-latest.osm.pbf"
SQUARES = "/vierkant/100/2026-cbs_vk100_2025_v1.zip"
MILLION_CALLS, N_TILES, N_SQUARES = 16.8, 25, 400_000
TILE_M = 9_000.0
_FIRST_ID = 1_000_000
"""Ids of the small extract are below."""
_CHUNK_BYTES = 2**20


def main() -> int:
    """Serve, fetch, kill, resume, build and tell; 1 where something is not as it should be."""
    with TemporaryDirectory() as folder, serve() as site:
        own = put_online(site, Path(folder) / "online")
        _enlarge(site, Path(folder))
        for path in (FEED, EXTRACT, SQUARES):
            _tell(f"{path}: {len(site.files[path]) / 1e6:.0f} MB")
        run = Path(folder)
        command = [
            "fetch",
            "Noord-Groningen",
            "--municipalities",
            "Het Hogeland,Eemsdelta",
            "--sources",
            str(own),
        ]
        part = own.parent / "downloads"
        _killed(command, run, "the timetable half downloaded", lambda: _half(part, len(site.files[FEED])))
        _killed(
            command, run, "the extract being cut", lambda: any(run.glob("noord-groningen/.fetch-*/.cut-*"))
        )
        _whole(command, run)
        _whole(["build", "noord-groningen"], run)
        resumed = any(path == FEED and "range" in headers for path, headers in site.asked)
        modelled = [
            layer.layer for layer in load_region(run / "noord-groningen").layers if layer.origin != "observed"
        ]
    _tell(f"timetable resumed where it broke off: {resumed}; layers not observed: {modelled or 'none'}")
    return int(bool(modelled) or not resumed)


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _half(downloads: Path, n_bytes: int) -> bool:
    return any(n_bytes * 0.4 < path.stat().st_size < n_bytes for path in downloads.glob("*gtfs-nl.zip"))


def _start(command: list[str], run: Path) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    return subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-m", "dorpshub", *command, "--quiet"],
        cwd=run,
        env=os.environ | {"PYTHONPATH": paths},
    )


def _killed(command: list[str], run: Path, when: str, reached: Callable[[], bool]) -> None:
    process = _start(command, run)
    while not reached():
        if process.poll() is not None:
            _tell(f"ended before it could be killed: {when}")
            return
        time.sleep(0.01)
    process.kill()
    process.wait()
    _tell(f"killed with {when}; a region there: {(run / 'noord-groningen' / 'region.toml').exists()}")


def _whole(command: list[str], run: Path) -> None:
    start = time.perf_counter()
    process = _start(command, run)
    _, status, used = os.wait4(process.pid, 0)
    seconds, peak_mb = time.perf_counter() - start, used.ru_maxrss / 1024
    _tell(
        f"{command[0]}: exit {os.waitstatus_to_exitcode(status)}, {seconds:.0f} s "
        f"({used.ru_utime + used.ru_stime:.0f} s of CPU), peak {peak_mb:.0f} MB"
    )


def _enlarge(site: Server, folder: Path) -> None:
    """Give the three large files their true sizes; places, services and people of the small ones stay in them."""
    feed = folder / "feed.zip"
    write_feed(feed, int(MILLION_CALLS * 1e6 / N_CALLS))
    site.files[FEED] = feed.read_bytes()
    site.behaviours[FEED] = [_slow]
    small = folder / "small.osm.pbf"
    small.write_bytes(site.files[EXTRACT])
    site.files[EXTRACT] = _tiled(small, folder / "large.osm.pbf")
    site.files[SQUARES] = _country_squares(site.files[SQUARES], folder)


def _slow(handler: Handler, content: bytes) -> None:
    """Give the file as a line to the countryside does, until the other side hangs up."""
    handler.send_response(200)
    handler.describe(handler.tag(content), len(content))
    try:
        for start in range(0, len(content), _CHUNK_BYTES):
            handler.wfile.write(content[start : start + _CHUNK_BYTES])
            time.sleep(0.01)
    except OSError:
        handler.close_connection = True


def _tiled(small: Path, out: Path) -> bytes:
    """The small extract and the real streets side by side over its province, each tile with ids of its own.

    Ids are numbered through: those of OpenStreetMap, spread further apart tile by tile, would ask for more memory than any
    true file does.
    """
    header = osmium.io.Header()
    header.set("sorting", "Type_then_ID")
    header.set("osmosis_replication_timestamp", "2026-10-05T20:21:00Z")
    real = Real.read(FILES["Heidelberg"])
    side = round(N_TILES**0.5)
    west_m, south_m = SPOTS["Winsum"][0] - 6_000, SPOTS["Groningen"][1] - 6_000
    with osmium.SimpleWriter(str(out), header=header) as writer:
        for kind, write in (
            (osmium.osm.NODE, real.write_nodes),
            (osmium.osm.WAY, real.write_ways),
            (osmium.osm.RELATION, real.write_relations),
        ):
            for entity in osmium.FileProcessor(small, kind):
                writer.add(entity)
            for tile in range(N_TILES):
                write(writer, tile, (west_m + tile % side * TILE_M, south_m + tile // side * TILE_M))
    return out.read_bytes()


class Real(NamedTuple):
    """All that a real extract holds: id, position or members, and tags; and each id's number among its kind."""

    nodes: list[Any]
    ways: list[Any]
    relations: list[Any]
    number: dict[str, dict[int, int]]

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read the whole file."""
        kinds = {"n": osmium.osm.NODE, "w": osmium.osm.WAY, "r": osmium.osm.RELATION}
        rows = {
            kind: [_row(entity) for entity in osmium.FileProcessor(file, of)] for kind, of in kinds.items()
        }
        number = {kind: {row[0]: at for at, row in enumerate(all_, start=1)} for kind, all_ in rows.items()}
        return cls(rows["n"], rows["w"], rows["r"], number)

    def renamed(self, kind: str, old: int, tile: int) -> int:
        """Id in a tile; what the file itself lacks stays lacking: all of it is one id that nothing has."""
        return _FIRST_ID + tile * (len(self.number[kind]) + 1) + self.number[kind].get(old, 0)

    def write_nodes(self, writer: osmium.SimpleWriter, tile: int, middle_m: tuple[float, float]) -> None:
        """Write the nodes of a tile whose middle lies there, metres of the national grid."""
        lon, lat = (np.array([node[1][axis] for node in self.nodes]) for axis in (0, 1))
        x_m = middle_m[0] + (lon - np.median(lon)) * np.cos(np.radians(lat)) * 111_320
        y_m = middle_m[1] + (lat - np.median(lat)) * 111_320
        places = zip(*(axis.tolist() for axis in RD.to_lonlat(x_m, y_m)), strict=True)
        for (old, _, tags), place in zip(self.nodes, places, strict=True):
            writer.add_node(Node(id=self.renamed("n", old, tile), location=place, tags=tags))

    def write_ways(self, writer: osmium.SimpleWriter, tile: int, _: tuple[float, float]) -> None:
        """Write the ways of a tile."""
        for old, refs, tags in self.ways:
            nodes = [self.renamed("n", ref, tile) for ref in refs]
            writer.add_way(Way(id=self.renamed("w", old, tile), nodes=nodes, tags=tags))

    def write_relations(self, writer: osmium.SimpleWriter, tile: int, _: tuple[float, float]) -> None:
        """Write the relations of a tile."""
        for old, members, tags in self.relations:
            listed = [(kind, self.renamed(kind, ref, tile), role) for kind, ref, role in members]
            writer.add_relation(Relation(id=self.renamed("r", old, tile), members=listed, tags=tags))


def _row(entity: object) -> tuple[int, Any, dict[str, str]]:
    if isinstance(entity, osmium.osm.Node):
        return entity.id, (entity.lon, entity.lat), dict(entity.tags)
    if isinstance(entity, osmium.osm.Way):
        return entity.id, [node.ref for node in entity.nodes], dict(entity.tags)
    assert isinstance(entity, osmium.osm.Relation)
    members = [(member.type, member.ref, member.role) for member in entity.members]
    return entity.id, members, dict(entity.tags)


def _country_squares(small: bytes, folder: Path) -> bytes:
    """The squares of the villages, and as many others as the country has, all with the columns of the small file."""
    inside = folder / "squares"
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".gpkg"))
        archive.extract(name, inside)
    meta, _, wkb, columns = pyogrio.raw.read(inside / name)
    random = np.random.default_rng(1)
    east, north = random.integers(200, 2_000, N_SQUARES), random.integers(3_100, 5_600, N_SQUARES)
    shapes = shapely.to_wkb(shapely.box(east * 100, north * 100, east * 100 + 100, north * 100 + 100))
    cells = np.char.mod("E%04d", east) + np.char.mod("N%04d", north)
    more = [
        cells.astype(object),
        *(random.integers(1, 20, N_SQUARES).astype(np.int32) * 5 for _ in columns[1:]),
    ]
    (inside / name).unlink()
    pyogrio.raw.write(
        inside / name, np.concatenate([wkb, shapes]),
        [np.concatenate(pair) for pair in zip(columns, more, strict=True)], list(meta["fields"]),
        layer=Path(name).stem, geometry_type="Polygon", crs="EPSG:28992",
    )  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inside / name, name)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())

"""A national timetable cut to a region: seconds and peak memory, on a made-up feed of the real one's shape.

    PYTHONPATH=.:tests python -m benchmarks.bench_live [--million-calls 4.2]

The figures in docs/trust.md come from 4.2, a minute or so with the making of the feed, and 16.8, as many as the national
timetable has. The peak is `ru_maxrss` of a fresh process that does nothing but cut: the whole of it, Python and libraries
included. Above the limit that was asked for the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from data.live.area import Box
from data.live.timetable import cut_timetable

REGION = Box(6.2, 52.4, 7.2, 53.1)
N_STOPS, N_ROUTES, N_SERVICES, N_CALLS = 100_000, 3_000, 900, 21
LIMIT_MB = 1500


def main() -> int:
    """Make the feed, cut it in a process of its own, and tell; 1 where that took more memory than it may."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--million-calls", type=float, default=4.2, help="rows of stop_times.txt, in millions"
    )
    n_trips = int(parser.parse_args().million_calls * 1e6 / N_CALLS)
    with TemporaryDirectory() as folder:
        feed = Path(folder) / "feed.zip"
        write_feed(feed, n_trips)
        # A fresh process: the peak is that of cutting, not of making the feed.
        with get_context("spawn").Pool(1) as pool:
            seconds, peak_mb = pool.apply(_cut, (feed, Path(folder) / "cut.zip"))
        rows, size = n_trips * N_CALLS / 1e6, feed.stat().st_size / 1e6
    print(  # noqa: T201
        f"{size:.0f} MB, {rows:.1f} million stop times: {seconds:.0f} s, peak {peak_mb:.0f} MB of {LIMIT_MB} MB"
    )
    return int(peak_mb > LIMIT_MB)


def _cut(feed: Path, out: Path) -> tuple[float, float]:
    start = time.perf_counter()
    cut_timetable(feed, REGION, out, lambda *_: None)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_feed(path: Path, n_trips: int) -> None:
    """Write a made-up national timetable: calendar_dates alone, rows in the order publishers give them."""
    rng = random.Random(1)  # noqa: S311 -- no secret
    places = [(3.4 + 3.7 * rng.random(), 50.8 + 2.6 * rng.random()) for _ in range(N_STOPS)]
    along = sorted(range(N_STOPS), key=lambda stop: (int(places[stop][0] / 0.05), places[stop][1]))
    days = [f"202610{day:02d}" for day in range(1, 32)]
    tables: dict[str, tuple[str, Iterator[str]]] = {
        "agency": ("agency_id,agency_name,agency_url,agency_timezone", iter(["q,Q,https://q.example,Europe/Amsterdam\n"])),
        "stops": (
            "stop_id,stop_name,stop_lat,stop_lon,parent_station,platform_code",
            (f'{stop},"Halte, nr {stop}",{lat:.6f},{lon:.6f},,\n' for stop, (lon, lat) in enumerate(places)),
        ),
        "routes": (
            "route_id,agency_id,route_short_name,route_long_name,route_type",
            (f'{route},q,{route},"Lijn {route}",3\n' for route in range(N_ROUTES)),
        ),
        "trips": (
            "route_id,service_id,trip_id,realtime_trip_id,trip_headsign,direction_id,block_id,shape_id",
            (f"{trip % N_ROUTES},{trip % N_SERVICES},{trip},Q:{trip},Emmen,0,{trip // 8},{trip % 9000}\n" for trip in range(n_trips)),
        ),
        "calendar_dates": (
            "service_id,date,exception_type",
            (f"{service},{day},1\n" for service in range(N_SERVICES) for day in days),
        ),
        "stop_times": (
            "trip_id,stop_sequence,stop_id,stop_headsign,arrival_time,departure_time,pickup_type,drop_off_type,shape_dist_traveled",
            (_calls(trip, along) for trip in range(n_trips)),
        ),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, (header, rows) in tables.items():
            with archive.open(f"{name}.txt", "w", force_zip64=True) as stream:
                stream.write(f"{header}\n".encode())
                for row in rows:
                    stream.write(row.encode())


def _calls(trip: int, along: list[int]) -> str:
    """Calls of a trip along a strip of the country, two minutes apart."""
    first, minute = trip % N_ROUTES * 33 % (N_STOPS - N_CALLS), 300 + trip // N_ROUTES * 13 % 1100
    lines = []
    for call in range(N_CALLS):
        clock = f"{(minute + 2 * call) // 60:02d}:{(minute + 2 * call) % 60:02d}:00"
        lines.append(f"{trip},{call + 1},{along[first + call]},,{clock},{clock},0,0,{700 * call}\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())

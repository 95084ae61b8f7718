"""The timetable of a benchmark as a feed for nigiri, and questions to it.

nigiri counts in whole minutes and chains walks between stops; the feed holds walks of whole minutes, all of those that such
a chain could be as long as, so that both engines have the same ways and must give the same minutes.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from data.columns import Int32s
from data.timetable import Timetable, Trips
from network.lanes import UNREACHED_INT32
from network.transit.departures import Departing
from network.transit.transfers import TransferTimes

DAY = dt.date(2026, 1, 6)
MOST_TRANSFERS = 14


def whole_minutes(seconds: Int32s) -> Int32s:
    """Seconds made up to full minutes, `UNREACHED_INT32` kept."""
    return np.where(seconds < UNREACHED_INT32, -(-seconds // 60) * 60, seconds)


def write_feed(file: Path, timetable: Timetable, trips: Trips, ways: TransferTimes) -> None:
    """Write trips of one day, and the changes between their stops, as GTFS; a stop is called by its row."""
    stops, calls = timetable.stops, np.diff(trips.call_offset)
    trip_of_call, from_stop = (
        np.repeat(np.arange(len(calls)), calls),
        np.repeat(np.arange(len(stops.id)), np.diff(ways.offset)),
    )
    number = np.arange(len(trip_of_call)) - trips.call_offset[trip_of_call]
    lines, row_of = np.unique(np.array(trips.route), return_inverse=True)
    clock = [list(map(_clock, column.tolist())) for column in (trips.call_arrival, trips.call_departure)]
    tables: dict[str, tuple[str, Iterable[Sequence[object]]]] = {
        "agency": (
            "agency_id,agency_name,agency_url,agency_timezone",
            [("a", "a", "https://example.org", "Etc/UTC")],
        ),
        "stops": (
            "stop_id,stop_name,stop_lat,stop_lon",
            zip(range(len(stops.id)), stops.name, stops.lat_deg, stops.lon_deg, strict=True),
        ),
        "routes": (
            "route_id,agency_id,route_short_name,route_type",
            [(row, "a", row, 3) for row in range(len(lines))],
        ),
        "trips": (
            "route_id,service_id,trip_id",
            zip(row_of, ["s"] * len(calls), range(len(calls)), strict=True),
        ),
        "calendar_dates": ("service_id,date,exception_type", [("s", f"{DAY:%Y%m%d}", 1)]),
        "stop_times": (
            "trip_id,stop_sequence,stop_id,arrival_time,departure_time,pickup_type,drop_off_type",
            zip(
                trip_of_call,
                number,
                trips.call_stop,
                *clock,
                1 - trips.call_pickup.astype(int),
                1 - trips.call_dropoff.astype(int),
                strict=True,
            ),
        ),
        "transfers": (
            "from_stop_id,to_stop_id,transfer_type,min_transfer_time",
            zip(from_stop, ways.to_stop, [2] * len(from_stop), ways.seconds, strict=True),
        ),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as feed:
        for name, (header, rows) in tables.items():
            text = io.StringIO()
            text.write(header + "\n")
            csv.writer(text, lineterminator="\n").writerows(rows)
            feed.writestr(f"{name}.txt", text.getvalue())


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def asker(
    file: Path, walk_max_min: int, departing: Departing, egress: Int32s, travel_max_s: int
) -> Callable[[int, int], float]:
    """Ask nigiri for the travel time of a cell at a departure, in minutes; inf for none.

    Parameters
    ----------
    file
        Feed that `write_feed` wrote.
    walk_max_min
        Longest walk between stops that the feed holds.
    departing, egress
        Ways to the stops with the departures; (S,) int32 seconds from each stop, `UNREACHED_INT32` for none; both in whole minutes.
    travel_max_s
        Longest journey looked for.

    """
    import pynigiri  # noqa: PLC0415 -- an optional peer

    one_day = dt.timedelta(days=1)
    source, options = pynigiri.TimetableSource("feed", str(file)), pynigiri.FinalizeOptions()
    source.loader_config.link_stop_distance = 0
    options.adjust_footpaths = options.merge_dupes_inter_src = options.merge_dupes_intra_src = False
    options.max_footpath_length = walk_max_min + 1  # walks of this length itself are left out
    theirs = pynigiri.load_timetable([source], str(DAY - one_day), str(DAY + 2 * one_day), options)
    place = [theirs.find_location(str(stop)) for stop in range(len(egress))]
    midnight_min = int(dt.datetime.combine(DAY, dt.time(), dt.UTC).timestamp()) // 60
    ends = [
        pynigiri.Offset(place[stop], int(egress[stop]) // 60, 0)
        for stop in np.flatnonzero(egress < UNREACHED_INT32)
    ]

    def ask(cell: int, minute: int) -> float:
        ways, query = departing.access, pynigiri.Query()
        here = slice(ways.offset[cell], ways.offset[cell + 1])
        starts = zip(ways.stop[here], ways.seconds[here], strict=True)
        query.start = [pynigiri.Offset(place[stop], int(walk_s) // 60, 0) for stop, walk_s in starts]
        query.destination = ends
        query.start_time = midnight_min + int(departing.window.clocks[minute]) // 60
        query.max_transfers, query.max_travel_time = MOST_TRANSFERS, travel_max_s // 60
        query.start_match_mode = query.dest_match_mode = pynigiri.LocationMatchMode.INTERMODAL
        journeys = pynigiri.route(theirs, query)
        return min((journey.dest_time - query.start_time for journey in journeys), default=np.inf)

    return ask

"""A feed of three stops that fits on one screen, as files that a test may damage."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Mapping
from pathlib import Path

from data.build_report import BuildReport
from data.gtfs.timetable import read_timetable
from data.timetable import Timetable

WEDNESDAY = dt.date(2025, 1, 8)
VALID = {
    "agency": "agency_id,agency_name,agency_url,agency_timezone\nQ,Qbus,https://example.org,Europe/Amsterdam\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon\nA,Aa,52.8,6.0\nB,Bee,52.8,6.1\nC,Cee,52.8,6.4\n",
    "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nR,Q,1,Aa - Cee,3\n",
    "trips": "route_id,service_id,trip_id,trip_headsign,block_id\nR,WK,T1,Cee,b7\nR,WK,T2,Cee,\n",
    "stop_times": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,8:00:00,8:00:00,A,1\nT1,08:10:00,08:11:00,B,2\nT1,08:40:00,08:40:00,C,3\n"
        "T2,09:00:00,09:00:00,A,1\nT2,09:10:00,09:11:00,B,2\nT2,09:40:00,09:40:00,C,3\n"
    ),
    "calendar": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WK,1,1,1,1,1,0,0,20250106,20250131\n"
    ),
}
TIMES = "trip_id,arrival_time,departure_time,stop_id,stop_sequence"
TRIPS = "route_id,service_id,trip_id,block_id"
STOPS = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station"


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def write(path: Path, tables: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for table, text in tables.items():
            archive.writestr(f"{table}.txt", text)
    return path


def read(
    tmp_path: Path, transfer_times: Mapping[str, str | bytes], date: dt.date = WEDNESDAY
) -> tuple[Timetable, BuildReport]:
    return read_timetable([write(tmp_path / "feed.zip", {**VALID, **transfer_times})], date)


def tally(report: BuildReport) -> dict[str, tuple[str, int]]:
    return {finding.what: (finding.action, finding.count) for finding in report.findings}

"""The second stage of a build: what runs on one date, kept beside the streets that all dates share."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from accessibility.travel_network import Points, Service, TravelNetwork, build_service
from accessibility.travel_times import MODES, refuse_out_of_reach
from data.build_report import BuildReport
from data.files.ready_arrays import open_table, save_table
from data.files.whole import remove_folder
from data.on_demand.services import OnDemandServices, from_json, to_json
from data.places import Places
from data.progress import Progress
from data.projection import Projection

if TYPE_CHECKING:
    from data.study_area.service_day import ServiceDay

DAYS = "days"
SERVICE = "service"
REPORT = "report.json"
ON_DEMAND = "on_demand.json"
MOST_DAYS = 12
"""Dates that stay ready on disk; the one that was not looked at for longest goes first."""


class ReadyDay(NamedTuple):
    """What runs on one date, ready for the streets it was built for."""

    service: Service
    on_demand: OnDemandServices
    report: BuildReport


def write_day(
    folder: Path,
    streets: TravelNetwork,
    day: ServiceDay,
    places: Places,
    projection: Projection,
    progress: Progress,
) -> None:
    """Tie the timetable of a day to the streets, as an adult finds them, and write it into `folder`.

    Raises
    ------
    InputError
        When no stop is near any of the places.

    """
    tied, report = build_service(streets, day.timetable, projection, progress)
    refuse_out_of_reach(tied, MODES, Points(places.x_m, places.y_m))
    save_table(folder / SERVICE, tied.service)
    (folder / ON_DEMAND).write_text(to_json(day.on_demand), encoding="utf-8")
    (folder / REPORT).write_text(json.dumps((day.report + report).to_rows(), indent=1), encoding="utf-8")


def open_day(folder: Path, projection: Projection) -> ReadyDay:
    """Open what `write_day` wrote, by memory map."""
    services = from_json((folder / ON_DEMAND).read_text(encoding="utf-8"))
    rows = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    with suppress(OSError):  # a region that may only be read keeps no record of what was looked at last
        os.utime(folder)
    return ReadyDay(
        open_table(Service, folder / SERVICE),
        OnDemandServices(services, projection),
        BuildReport.from_rows(rows),
    )


def forget_old_days(days: Path, usual: str) -> None:
    """Remove the dates looked at longest ago until `MOST_DAYS` are left; the `usual` one always stays."""
    ready = [day for day in days.iterdir() if not day.name.startswith(".") and day.name != usual]
    ready.sort(key=lambda day: day.stat().st_mtime)
    for day in ready[: max(len(ready) + 1 - MOST_DAYS, 0)]:
        remove_folder(day)

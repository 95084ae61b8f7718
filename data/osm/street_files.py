"""Streets from a file: an OSM extract, or a graph that OSMnx saved."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree.ElementTree import ParseError

from data.build_report import BuildReport
from data.errors import InputError, no_file
from data.extras import of_extra
from data.osm.conditions import judge_streets
from data.osm.extract import NINE_S, read_osm_streets
from data.osm.graphs import from_networkx
from data.streets import StreetMap

GRAPH = ".graphml"


def read_streets(
    path: Path, day: dt.date | None = None, start_s: int = NINE_S
) -> tuple[StreetMap, BuildReport]:
    """Streets of a `.graphml` file as `osmnx.save_graphml` writes it, and of an OSM file where the name ends otherwise.

    What holds at certain times only is judged on `day` at `start_s`, see `data.osm.extract.read_osm`.

    Raises
    ------
    InputError
        When the file is missing, of another format or without streets.

    """
    if path.suffix.lower() != GRAPH:
        return read_osm_streets(path, day, start_s)
    if not path.is_file():
        raise InputError(no_file(path))
    with of_extra("graphs"):
        import osmnx  # noqa: PLC0415 -- takes seconds to import

    try:
        graph = osmnx.load_graphml(path)
    except (OSError, ValueError, KeyError, AttributeError, ParseError) as error:
        msg = f"{path}: this is no street graph of OSMnx ({error}). Save it with osmnx.save_graphml."
        raise InputError(msg) from error
    streets, report = from_networkx(graph)
    at = None if day is None else dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=start_s)
    judged, time_report = judge_streets(streets, at)
    return judged, report + time_report

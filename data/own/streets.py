"""Streets of somebody's own: the map file, cut to the region where it is a large one, and what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Floats
from data.files.faults import Fault, OwnFaultError, refuse_other_content
from data.files.points import MARGIN_DEG
from data.live.area import Box
from data.names import slug
from data.osm.extract import read_osm
from data.osm.file_names import osm_ending
from data.own.region import OwnFile
from data.parameters.facility_kinds import FacilityKinds
from data.progress import Progress
from data.projection import geod
from data.streets import StreetMap

LARGE_BYTES = 30_000_000
"""A province is twice as large; what is larger than this is cut to the region before it is read."""
BARELY_DEG = 1e-6
"""So that streets on one line have a box as well."""
JUNCTION = 3
"""Ways out of a junction, at least."""


@dataclass(frozen=True, slots=True)
class StreetFacts:
    """Streets in short.

    Attributes
    ----------
    box
        That holds them all.
    counts
        Junctions and whole kilometres.

    """

    box: Box
    counts: dict[str, int]

    @property
    def reach(self) -> Box:
        """The box and what may still be reached from it, as `data.files.tables.refuse_far_points` has it."""
        return widened(self.box)


def widened(box: Box) -> Box:
    """Box with a margin of about 10 km."""
    return Box(
        max(box.west - MARGIN_DEG, -180.0),
        max(box.south - MARGIN_DEG, -90.0),
        min(box.east + MARGIN_DEG, 180.0),
        min(box.north + MARGIN_DEG, 90.0),
    )


def street_facts(streets: StreetMap) -> StreetFacts:
    """What the streets are in short."""
    start, end, _ = streets.segments()
    n_ways_out = np.bincount(np.concatenate([start, end]), minlength=len(streets.node_id))
    lon, lat = streets.lon_deg, streets.lat_deg
    length_m = geod().inv(lon[start], lat[start], lon[end], lat[end])[2]
    box = Box(
        float(lon.min()) - BARELY_DEG,
        float(lat.min()) - BARELY_DEG,
        float(lon.max()) + BARELY_DEG,
        float(lat.max()) + BARELY_DEG,
    )
    junctions = int((n_ways_out >= JUNCTION).sum())
    return StreetFacts(box, {"junctions": junctions, "kilometres": round(float(np.sum(length_m)) / 1000)})


def facts_of_file(path: Path, kinds: FacilityKinds) -> StreetFacts:
    """What the streets of an OSM file are in short; InputError as `read_osm`."""
    return street_facts(read_osm(path, kinds).streets)


def prepare_streets(
    file: OwnFile, near: Box, out: Path, kinds: FacilityKinds, progress: Progress
) -> tuple[str, StreetFacts, BuildReport, BuildReport]:
    """Put the map into the folder `out` and read it.

    Returns its name there, what it is, and what was met while it was put there and while it was read.

    Raises
    ------
    OwnFaultError, InputError
        When it is no map, cannot be read, or lies elsewhere than `near`.

    """
    refuse_other_content(file.path, file.name, ("an OpenStreetMap file", "a packed file"))
    ending = osm_ending(file.path)
    path = out / f"own-{slug(file.name.split('.')[0])}{ending}"
    report = BuildReport()
    if file.path.stat().st_size > LARGE_BYTES:
        from data.live.osm import cut_extracts  # noqa: PLC0415 -- only for the few large files

        path = path.with_name(path.name.removesuffix(ending) + ".osm.pbf")
        named = out / f"whole{ending}"
        named.hardlink_to(file.path)
        cut_extracts([named], widened(near), kinds, path, progress)
        named.unlink()
        what = "maps of more than 30 MB, of which only the region and what lies around it is used"
        report += finding("streets", "dropped", what, [file.name])
    else:
        path.hardlink_to(file.path)
    extract = read_osm(path, kinds)
    facts = street_facts(extract.streets)
    box = facts.box
    apart = box.west > near.east or box.east < near.west or box.south > near.north or box.north < near.south
    if apart:
        middle = f"{(box.south + box.north) / 2:.2f}, {(box.west + box.east) / 2:.2f}"
        raise OwnFaultError(Fault("elsewhere", file.name, {"where": middle}))
    return path.name, facts, report, extract.report


def refuse_too_small(name: str, box: Box, lon_deg: Floats, lat_deg: Floats) -> None:
    """Refuse streets that lie far from points that must be reached over them."""
    reach = widened(box)
    far = (lon_deg < reach.west) | (lon_deg > reach.east) | (lat_deg < reach.south) | (lat_deg > reach.north)
    if far.any():
        raise OwnFaultError(Fault("too small", name, {"n": str(int(far.sum())), "total": str(len(far))}))

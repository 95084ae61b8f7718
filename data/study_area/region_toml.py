"""A study area: a folder with region.toml, which names every layer's file and where it came from."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from data.clock import parse_clock
from data.errors import InputError, RegionError
from data.on_demand.rules import OnDemandRules, parse_on_demand
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.osm.file_names import is_osm_file

EMBEDDED = Path(__file__).parents[1] / "regions"
LAYERS = ("streets", "timetable", "places", "facilities", "population", "outlines")
ORIGINS = ("observed", "modelled")
FINDINGS = "findings.json"
"""What was met when the files of a region's folder were put together, where whoever did so wrote it down."""


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Where one layer of a region came from.

    Attributes
    ----------
    layer
        One of `LAYERS`; several timetables are several sources. A timetable whose file is an OSM file is made of the
        routes mapped in it, and always modelled.
    file
        Path relative to the region folder, or to the generator's output when `generated`.
    generated
        Whether the file is made by the region's generator from its facts.
    origin
        ``observed`` or ``modelled``.
    source, date, licence, note
        In words, shown to the reader of a figure.

    """

    layer: str
    file: str
    generated: bool
    origin: str
    source: str
    date: str
    licence: str
    note: str

    def path(self, folder: Path, generated: Path) -> Path:
        """File of the layer, in the region's folder or in that with the generator's output."""
        return (generated if self.generated else folder) / self.file


@dataclass(frozen=True, slots=True)
class Region:
    """What region.toml says, checked.

    Attributes
    ----------
    window_start, window_end
        Clock times, seconds after midnight of the service day: departures are each minute from start to before end.
    on_demand
        On-demand services besides those of the timetables.
    holidays
        What opening hours mean by public and school holidays.

    """

    name: str
    title: str
    folder: Path
    crs: str
    service_date: date
    window_start: int
    window_end: int
    facts: str
    seed: int
    layers: tuple[LayerSource, ...]
    on_demand: tuple[OnDemandRules, ...] = ()
    holidays: Holidays = DUTCH_NORTH

    def layer(self, name: str) -> tuple[LayerSource, ...]:
        """Return the sources of one layer, none when the region does not have it."""
        return tuple(source for source in self.layers if source.layer == name)

    def is_modelled(self, name: str) -> bool:
        """Whether any source of a layer is modelled."""
        return any(source.origin == "modelled" for source in self.layer(name))


def embedded_regions() -> tuple[str, ...]:
    """Names of the regions that come with the project."""
    return tuple(sorted(path.parent.name for path in EMBEDDED.glob("*/region.toml")))


def load_region(name: str | Path) -> Region:
    """Read the region.toml of an embedded region or of a folder.

    Raises
    ------
    RegionError
        When there is no such region, or region.toml is incomplete; the message names the field.

    """
    folder = Path(name)
    if not (folder / "region.toml").is_file():
        folder = EMBEDDED / str(name)
        if str(name) not in embedded_regions():
            msg = (
                f"There is no region '{name}': it is no folder with a region.toml, and the regions that come along are "
                f"{', '.join(embedded_regions())}."
            )
            raise RegionError(msg)
    file = folder / "region.toml"
    try:
        fields = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file}: not valid TOML ({error})."
        raise RegionError(msg) from error
    return _region(file, fields)


def _region(file: Path, fields: dict[str, Any]) -> Region:
    unknown = set(fields) - {
        "title",
        "crs",
        "service_date",
        "window",
        "generator",
        "layer",
        "on_demand",
        "holidays",
    }
    if unknown:
        msg = f"{file}: unknown fields {', '.join(sorted(unknown))}. Remove or rename them."
        raise RegionError(msg)
    generator = fields.get("generator", {})
    window = _field(file, fields, "window", list)
    if len(window) != 2:
        msg = f'{file}: window must be a start and an end, for example ["09:00", "11:00"].'
        raise RegionError(msg)
    start, end = (_clock(file, text) for text in window)
    if end <= start:
        msg = f"{file}: the window ends at {window[1]}, not after its start {window[0]}."
        raise RegionError(msg)
    layers = tuple(_layer(file, row) for row in _field(file, fields, "layer", list))
    service_date = _field(file, fields, "service_date", date)
    region = Region(
        name=file.parent.resolve().name,
        title=_field(file, fields, "title", str),
        folder=file.parent,
        crs=_field(file, fields, "crs", str),
        service_date=service_date,
        window_start=start,
        window_end=end,
        facts=str(generator.get("facts", "")),
        seed=int(generator.get("seed", 0)),
        layers=layers,
        on_demand=parse_on_demand(file, fields["on_demand"], service_date) if "on_demand" in fields else (),
        holidays=_holidays(file, fields),
    )
    _check_layers(file, region)
    return region


def _holidays(file: Path, fields: dict[str, Any]) -> Holidays:
    try:
        return Holidays(str(fields.get("holidays", DUTCH_NORTH.place)))
    except InputError as error:
        msg = f"{file}: {error}"
        raise RegionError(msg) from error


def _check_layers(file: Path, region: Region) -> None:
    for name in ("streets", "places", "facilities", "population", "outlines"):
        if len(region.layer(name)) > 1:
            msg = f"{file}: {len(region.layer(name))} layers are called '{name}'; only timetables may be several."
            raise RegionError(msg)
    if not region.layer("streets"):
        msg = f'{file}: there is no layer "streets". Add one with the OSM file of the region.'
        raise RegionError(msg)
    if any(source.generated for source in region.layers) and not region.facts:
        msg = f'{file}: a layer is generated, but no [generator] with facts = "folder" says from what.'
        raise RegionError(msg)
    for source in region.layers:
        if not source.generated and not (region.folder / source.file).is_file():
            msg = f"{file}: layer '{source.layer}' names {source.file}, which is not in {region.folder}."
            raise RegionError(msg)
        if source.layer == "timetable" and source.origin != "modelled" and is_osm_file(source.file):
            msg = (
                f"{file}: the timetable of {source.file} is made of the routes mapped there, whose times are assumed; "
                'its origin must be "modelled".'
            )
            raise RegionError(msg)
    absent = sorted({name for name in on_demand_files(region) if not (region.folder / name).is_file()})
    if absent:
        msg = f"{file}: on-demand services name {', '.join(absent)}, which is not in {region.folder}."
        raise RegionError(msg)


def on_demand_files(region: Region) -> tuple[str, ...]:
    """Files that the on-demand services of region.toml name, relative to the region folder."""
    areas = [area for rules in region.on_demand for area in (rules.pickup, rules.dropoff)]
    return tuple(dict.fromkeys(file for area in areas for file in area.files))


def _layer(file: Path, row: object) -> LayerSource:
    if not isinstance(row, dict):
        msg = f"{file}: each layer must be a [[layer]] table."
        raise RegionError(msg)
    name = _field(file, row, "name", str)
    origin = _field(file, row, "origin", str)
    if name not in LAYERS:
        msg = f"{file}: there is no layer '{name}'. Layers are {', '.join(LAYERS)}."
        raise RegionError(msg)
    if origin not in ORIGINS:
        msg = f"{file}: the origin of layer '{name}' is '{origin}'; it must be observed or modelled."
        raise RegionError(msg)
    generated = "generated" in row
    return LayerSource(
        layer=name,
        file=_field(file, row, "generated" if generated else "file", str),
        generated=generated,
        origin=origin,
        source=_field(file, row, "source", str),
        date=str(_field(file, row, "date", (str, date))),
        licence=_field(file, row, "licence", str),
        note=str(row.get("note", "")),
    )


def _field(file: Path, fields: dict[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401
    if name not in fields:
        msg = f"{file}: the field '{name}' is missing."
        raise RegionError(msg)
    value = fields[name]
    if not isinstance(value, kind):
        msg = f"{file}: the field '{name}' has the value {value!r}, which is of the wrong type."
        raise RegionError(msg)
    return value


def _clock(file: Path, text: object) -> int:
    try:
        return parse_clock(str(text))
    except InputError as error:
        msg = f"{file}: window: {error}"
        raise RegionError(msg) from error


def digest(files: Iterable[Path]) -> str:
    """SHA-256 over the names and contents of files, in the order given; tells whether a build is still current."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode())
        with file.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()

"""A study area: a folder with region.toml, which names every layer's file and where it came from."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.clock import parse_clock
from data.errors import InputError, RegionError, did_you_mean
from data.files.whole import sweep
from data.on_demand.rules import OnDemandRules, parse_on_demand
from data.opening_hours.holidays import DUTCH_NORTH, Holidays
from data.osm.file_names import is_osm_file
from data.projection import Projection

EMBEDDED = Path(__file__).parents[1] / "regions"
MAKE_ONE = " 'dorpshub init' makes one of your own files, 'dorpshub fetch' of observed data."
LAYERS = ("streets", "timetable", "places", "facilities", "population", "outlines", "broadband")
SEVERAL = ("timetable", "places", "facilities")
"""Layers that may have several sources, all of which count."""
OF_MAP = ("places", "facilities")
"""Layers that are taken from the OSM file of the streets where they have no source, or where that file is one."""
ORIGINS = ("observed", "modelled")
FIELDS = ("title", "crs", "service_date", "window", "generator", "layer", "on_demand", "holidays", "keeper")
LAYER_FIELDS = ("name", "file", "origin", "source", "date", "licence")
"""Fields that a layer must have; instead of a file it may be generated, and it may have a note."""
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
NEVER_BLANK = ("title", "crs", "name", "file", "generated", "origin")
TYPE_ADVICE: dict[object, str] = {
    date: "; write a date without quotes, like 2026-10-06",
    str: "; write it in quotes",
}
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Of service dates: no timetable lies outside, and sums with days stay dates."""
NO_DATE = date(FIRST_YEAR, 1, 1)
"""Stands in for a date that is missing or wrong."""
FINDINGS = "findings.json"
"""What was met when the files of a region's folder were put together, where whoever did so wrote it down."""


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Where one layer of a region came from.

    Attributes
    ----------
    layer
        One of `LAYERS`; several tables of places or services, or several timetables, are several sources, which come beside
        each other. A timetable whose file is an OSM file is made of the
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
    keeper
        E-mail address of whoever keeps the data, for those who find a mistake; "" where none is given.

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
    keeper: str = ""

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
        When there is no such region, or with all that is wrong with its region.toml, by layer and field.

    """
    folder = Path(name)
    sweep(folder)  # whoever renewed it may have been cut short
    if not (folder / "region.toml").is_file():
        folder = EMBEDDED / str(name)
        if str(name) not in embedded_regions():
            near = did_you_mean(str(name), [*embedded_regions(), *_folders_beside(Path(name))])
            msg = (
                f"There is no region '{name}': it is no folder with a region.toml, and what comes along is "
                f"{', '.join(embedded_regions())}.{near or MAKE_ONE}"
            )
            raise RegionError(msg)
    file = folder / "region.toml"
    try:
        fields = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file}: not valid TOML ({error})."
        raise RegionError(msg) from error
    faults: list[str] = []
    region = _region(file, fields, faults)
    _check_layers(region, faults)
    if len(faults) == 1:
        msg = f"{file}: {faults[0]}."
        raise RegionError(msg)
    if faults:
        msg = "\n".join([f"{file} has {len(faults)} mistakes to mend:", *(f"  {fault}." for fault in faults)])
        raise RegionError(msg)
    return region


def _folders_beside(folder: Path) -> list[str]:
    """Folders of regions that stand where a wrong one was looked for, as they would be typed."""
    try:
        return [str(file.parent) for file in folder.parent.glob("*/region.toml")]
    except OSError:  # one that may not be looked into
        return []


def _region(file: Path, fields: dict[str, Any], faults: list[str]) -> Region:
    """Read the fields; what is wrong with them is added to `faults`, and something of the right type stands in for it."""
    unknown = sorted(set(fields) - set(FIELDS))
    if unknown:
        faults.append(
            f"unknown fields {', '.join(unknown)}; remove or rename them. Fields are {', '.join(FIELDS)}"
        )
    start, end = _window(fields, faults)
    service_date = _service_date(fields, faults)
    layers = _field(fields, "layer", list, faults)
    generator = _field(fields, "generator", dict, faults) if "generator" in fields else {}
    return Region(
        name=file.parent.resolve().name,
        title=_field(fields, "title", str, faults),
        folder=file.parent,
        crs=_crs(fields, faults),
        service_date=service_date,
        window_start=start,
        window_end=end,
        facts=_field({"facts": "", **generator}, "facts", str, faults, "generator: "),
        seed=_field({"seed": 0, **generator}, "seed", int, faults, "generator: "),
        layers=tuple(_layer(row, f"layer {number}", faults) for number, row in enumerate(layers, start=1)),
        on_demand=_on_demand(file, fields, service_date, faults),
        holidays=_holidays(fields, faults),
        keeper=_keeper(fields, faults),
    )


def _service_date(fields: dict[str, Any], faults: list[str]) -> date:
    day: date = _field(fields, "service_date", date, faults)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        faults.append(f"the service_date is {day}; write a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else NO_DATE


def _keeper(fields: dict[str, Any], faults: list[str]) -> str:
    address: str = _field({"keeper": "", **fields}, "keeper", str, faults)
    if address and not ADDRESS.fullmatch(address):
        faults.append(f"the field 'keeper' is '{address}', which is no e-mail address, like data@example.org")
    return address


def _holidays(fields: dict[str, Any], faults: list[str]) -> Holidays:
    try:
        return Holidays(str(fields.get("holidays", DUTCH_NORTH.place)))
    except InputError as error:
        faults.append(f"the field 'holidays': {_bare(error)}")
        return DUTCH_NORTH


def _window(fields: dict[str, Any], faults: list[str]) -> tuple[int, int]:
    texts, clocks = _field(fields, "window", list, faults), []
    if "window" in fields and isinstance(fields["window"], list) and len(texts) != 2:
        faults.append('window must be a start and an end, for example ["09:00", "11:00"]')
        return 0, 60
    for text in texts:
        try:
            clocks.append(parse_clock(str(text)))
        except InputError as error:
            faults.append(f"window: {_bare(error)}")
    if len(clocks) != 2:
        return 0, 60
    if clocks[1] <= clocks[0]:
        faults.append(f"the window ends at {texts[1]}, not after its start {texts[0]}")
    return clocks[0], clocks[1]


def _crs(fields: dict[str, Any], faults: list[str]) -> str:
    crs: str = _field(fields, "crs", str, faults)
    if crs:
        try:
            Projection(crs)
        except InputError as error:
            faults.append(f"the field 'crs': {_bare(error)}")
    return crs


def _on_demand(
    file: Path, fields: dict[str, Any], service_date: date, faults: list[str]
) -> tuple[OnDemandRules, ...]:
    if "on_demand" not in fields:
        return ()
    try:
        return parse_on_demand(file, fields["on_demand"], service_date)
    except RegionError as error:
        faults.append(_bare(error).removeprefix(f"{file}: "))
        return ()


def _bare(error: Exception) -> str:
    """What an error says, to stand inside a sentence."""
    return str(error).removesuffix(".")


def _check_layers(region: Region, faults: list[str]) -> None:
    """Whether the layers are those that a region needs, and their files are there."""
    faults += [
        f"{len(region.layer(name))} layers are called '{name}'; only {', '.join(SEVERAL)} may be several"
        for name in LAYERS
        if name not in SEVERAL and len(region.layer(name)) > 1
    ]
    if not region.layer("streets"):
        faults.append('there is no layer "streets". Add one with the OSM file of the region')
    if any(source.generated for source in region.layers) and not region.facts:
        faults.append('a layer is generated, but no [generator] with facts = "folder" says from what')
    for source in region.layers:
        if source.file and not source.generated and not (region.folder / source.file).is_file():
            faults.append(f"layer '{source.layer}' names {source.file}, which is not in {region.folder}")
        if source.layer == "timetable" and source.origin != "modelled" and is_osm_file(source.file):
            faults.append(
                f"the timetable of {source.file} is made of the routes mapped there, whose times are assumed; "
                'its origin must be "modelled"'
            )
    absent = sorted({name for name in on_demand_files(region) if not (region.folder / name).is_file()})
    if absent:
        faults.append(f"on-demand services name {', '.join(absent)}, which is not in {region.folder}")


def on_demand_files(region: Region) -> tuple[str, ...]:
    """Files that the on-demand services of region.toml name, relative to the region folder."""
    areas = [area for rules in region.on_demand for area in (rules.pickup, rules.dropoff)]
    return tuple(dict.fromkeys(file for area in areas for file in area.files))


def _layer(row: object, where: str, faults: list[str]) -> LayerSource:
    """Read one [[layer]]; what is wrong with it is added to `faults`."""
    if not isinstance(row, dict):
        faults.append(f"{where} must be a [[layer]] table")
        return LayerSource("", "", False, "", "", "", "", "")
    name = row.get("name")
    where = f"{where} ('{name}'): " if isinstance(name, str) else f"{where}: "
    unknown = sorted(set(row) - {*LAYER_FIELDS, "generated", "note"})
    if unknown:
        faults.append(f"{where}unknown fields {', '.join(unknown)}; remove or rename them")
    generated = "generated" in row
    if generated and "file" in row:
        faults.append(f"{where}it has a file and is generated; leave one of them out")
    texts = {
        field: _field(row, field, str, faults, where)
        for field in ("name", "generated" if generated else "file", "origin", "source", "licence")
    }
    if texts["name"] and name not in LAYERS:
        faults.append(f"there is no layer '{name}'. Layers are {', '.join(LAYERS)}")
    if texts["origin"] and texts["origin"] not in ORIGINS:
        faults.append(f"{where}the origin is '{texts['origin']}'; it must be observed or modelled")
    return LayerSource(
        layer=texts["name"],
        file=texts["generated" if generated else "file"],
        generated=generated,
        origin=texts["origin"],
        source=texts["source"],
        date=str(_field(row, "date", (str, date), faults, where)),
        licence=texts["licence"],
        note=_field({"note": "", **row}, "note", str, faults, where),
    )


def _field(
    fields: dict[str, Any], name: str, kind: type | tuple[type, ...], faults: list[str], where: str = ""
) -> Any:  # noqa: ANN401 -- of the kind asked for
    """Value of a field; where it is missing or of another type, that is a fault, and an empty value stands in."""
    value = fields.get(name)
    if name not in fields:
        faults.append(f"{where}the field '{name}' is missing")
    elif not isinstance(value, kind) or isinstance(value, bool):
        shown = f"the field '{name}' has the value {value!r}, which is of the wrong type"
        faults.append(f"{where}{shown}{TYPE_ADVICE.get(kind, '')}")
    elif isinstance(value, datetime):
        faults.append(f"{where}the field '{name}' is {value}, a date with a time; write {value.date()}")
    elif value == "" and name in NEVER_BLANK:
        faults.append(f"{where}the field '{name}' is blank")
    else:
        return value
    first = kind[0] if isinstance(kind, tuple) else kind
    return NO_DATE if first is date else first()


def digest(files: Iterable[Path], said: str = "") -> str:
    """SHA-256 over the names and contents of files, in the order given, and over what else was `said`: tells whether a build is still current."""
    total = hashlib.sha256(said.encode())
    for file in files:
        total.update(file.name.encode())
        with file.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()

"""The addresses of live data, from one TOML file that a user can edit."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from data.errors import InputError, no_file

SOURCES = Path(__file__).with_name("sources.toml")
SOURCE_IDS = (
    "extract_index",
    "extracts",
    "overpass",
    "timetable",
    "squares",
    "key_figures",
    "cars",
    "nearby",
    "outlines",
    "neighbourhoods",
    "postcodes",
    "full_postcodes",
    "registered_places",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

PLACE_NAMES = ("map", "register")
"""Where places come from: those of OpenStreetMap, or the places of the register of addresses."""
ABROAD = ("strip", "whole", "skip")
"""What to do with a large extract of which only the buffer needs a part."""

MOST = 1e6
"""Of any number here: MB, km, seconds, attempts."""
_DOWNLOAD = {
    "folder": str,
    "contact": str,
    "connect_s": (int, float),
    "read_s": (int, float),
    "attempts": int,
    "pause_s": (int, float),
}
_REGION = {
    "crs": str,
    "buffer_km": (int, float),
    "window": list,
    "weekday": str,
    "place_kinds": list,
    "place_names": str,
    "abroad": str,
    "secret_persons": int,
}
_SOURCE = {"addresses": list, "max_mb": (int, float), "credit": str, "licence": str}
_OPTIONAL = {
    "digest": str,
    "columns": dict,
    "years": list,
    "versions": list,
    "small_km2": (int, float),
    "whole_mb": (int, float),
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds, how often to ask, and how long to pause before the second time."""

    connect_s: float
    read_s: float
    attempts: int
    pause_s: float


@dataclass(frozen=True, slots=True)
class Source:
    """One live source.

    Attributes
    ----------
    addresses
        In the order in which to try them; paths on disk are absolute.
    where
        Where to change the addresses, in words, for messages.
    digest
        Ending that makes the address of a file's MD5, "" where there is none.
    small_km2
        Largest area to ask of this source; 0 where size does not matter.
    whole_mb
        Largest file to download whole for what the buffer alone needs of it; 0 where that does not matter.
    columns
        Our name of a column and the names it may have in the source, in turn.

    """

    id: str
    where: str
    addresses: tuple[str, ...]
    max_mb: float
    credit: str
    licence: str
    digest: str
    small_km2: float
    whole_mb: float
    columns: tuple[tuple[str, tuple[str, ...]], ...]

    def only(self, address: str) -> Source:
        """Source of which only this address is asked."""
        return replace(self, addresses=(address,))

    def within(self, box: str) -> Source:
        """Source of which `box`, west,south,east,north in degrees, is asked."""
        return replace(self, addresses=tuple(address.replace("{box}", box) for address in self.addresses))


@dataclass(frozen=True, slots=True)
class Sources:
    """What the file of sources says, checked; `window` are two clock times as texts, `weekday` counts from Monday.

    `place_names` is one of `PLACE_NAMES`, `abroad` one of `ABROAD`.
    """

    folder: Path
    contact: str
    patience: Patience
    crs: str
    buffer_m: float
    window: tuple[str, str]
    weekday: int
    place_kinds: tuple[str, ...]
    place_names: str
    abroad: str
    secret_persons: int
    all: tuple[Source, ...]

    def source(self, name: str) -> Source:
        """Return the source with this id, one of `SOURCE_IDS`."""
        return self.all[SOURCE_IDS.index(name)]


def load_sources(path: Path = SOURCES) -> Sources:
    """Read a file of sources; the head of the one that comes along explains the format.

    Raises
    ------
    InputError
        When the file is missing or not TOML, or with all its faults at once.

    """
    if not path.is_file():
        raise InputError(no_file(path))
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"Cannot read the file of sources {path}: {error.strerror}."
        raise InputError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path}: not valid TOML ({error})."
        raise InputError(msg) from error
    faults = _faults(table)
    if faults:
        msg = f"{path} has mistakes to mend: " + "; ".join(faults) + "."
        raise InputError(msg)
    download, region = table["download"], table["region"]
    return Sources(
        folder=_on_disk(path, download["folder"]),
        contact=download["contact"],
        patience=Patience(
            connect_s=download["connect_s"],
            read_s=download["read_s"],
            attempts=download["attempts"],
            pause_s=download["pause_s"],
        ),
        crs=region["crs"],
        buffer_m=region["buffer_km"] * 1000.0,
        window=tuple(region["window"]),
        weekday=WEEKDAYS.index(region["weekday"]),
        place_kinds=tuple(region["place_kinds"]),
        place_names=region["place_names"],
        abroad=region["abroad"],
        secret_persons=region["secret_persons"],
        all=tuple(_source(path, name, table["source"][name]) for name in SOURCE_IDS),
    )


def _faults(table: dict[str, Any]) -> list[str]:
    sources = table.get("source", {})
    faults = [f"there is no source '{name}'" for name in sources if name not in SOURCE_IDS]
    faults += [f"[{name}] is unknown" for name in table if name not in ("download", "region", "source")]
    faults += _field_faults("[download]", table.get("download", {}), _DOWNLOAD, {})
    faults += _field_faults("[region]", table.get("region", {}), _REGION, {})
    for name in SOURCE_IDS:
        faults += _field_faults(f"[source.{name}]", sources.get(name, {}), _SOURCE, _OPTIONAL)
    if faults:
        return faults
    region = table["region"]
    if region["weekday"] not in WEEKDAYS:
        faults.append(f"[region] weekday must be one of {', '.join(WEEKDAYS)}")
    for name, known in (("place_names", PLACE_NAMES), ("abroad", ABROAD)):
        if region[name] not in known:
            faults.append(f"[region] {name} must be one of {', '.join(known)}")
    if len(region["window"]) != 2:
        faults.append('[region] window must be a start and an end, such as ["09:00", "11:00"]')
    if table["download"]["attempts"] < 1:
        faults.append("[download] attempts must be 1 or more")
    return faults


def _field_faults(
    where: str, fields: dict[str, Any], required: dict[str, Any], optional: dict[str, Any]
) -> list[str]:
    faults = [f"{where} lacks {name}" for name in required if name not in fields]
    for name, value in fields.items():
        kind = required.get(name, optional.get(name))
        if kind is None:
            faults.append(f"{where} has an unknown field {name}")
        elif not isinstance(value, kind) or isinstance(value, bool) or not _holds(name, value):
            faults.append(f"{where} {name} = {value!r} is of the wrong type, or no number that it may be")
    return faults


def _holds(name: str, value: object) -> bool:
    """Whether numbers are such as they may be, and lists and tables hold what they must."""
    if isinstance(value, int | float):
        return 0 <= value <= MOST
    if isinstance(value, dict):
        return all(isinstance(names, list) and _holds("names", names) for names in value.values())
    if isinstance(value, list):
        kind = int if name in ("years", "versions") else str
        return all(isinstance(of, kind) and not isinstance(of, bool) for of in value)
    return True


def _source(path: Path, name: str, fields: dict[str, Any]) -> Source:
    editions = product(fields["addresses"], fields.get("years", [0]), fields.get("versions", [0]))
    filled = [
        address.replace("{year}", str(year))
        .replace("{next_year}", str(year + 1))
        .replace("{version}", str(version))
        for address, year, version in editions
    ]
    return Source(
        id=name,
        where=f"[source.{name}] in {path}",
        # An address without a placeholder is the same for all editions.
        addresses=tuple(dict.fromkeys(_address(path, address) for address in filled)),
        max_mb=float(fields["max_mb"]),
        credit=fields["credit"],
        licence=fields["licence"],
        digest=fields.get("digest", ""),
        small_km2=float(fields.get("small_km2", 0)),
        whole_mb=float(fields.get("whole_mb", 0)),
        columns=tuple((ours, tuple(theirs)) for ours, theirs in fields.get("columns", {}).items()),
    )


def _address(path: Path, address: str) -> str:
    if address.startswith(("http://", "https://")):
        return address
    return str(_on_disk(path, address.removeprefix("file://")))


def _on_disk(path: Path, text: str) -> Path:
    """Path that a user wrote in the file at `path`."""
    return path.resolve().parent / Path(text).expanduser()

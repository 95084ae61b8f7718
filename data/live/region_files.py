"""The text files of a fetched region: region.toml, SOURCES.md, and the log by which the next fetch knows this one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.build_report import BuildReport
from data.errors import InputError, RegionError
from data.live.area import Area, Box, Municipalities
from data.study_area.region_toml import LayerSource, Region, load_region

LOG = "fetched.json"
SOURCES = "SOURCES.md"


@dataclass(frozen=True, slots=True)
class Taken:
    """One source as it was used.

    Attributes
    ----------
    source
        Id in the file of sources.
    what
        What was made of it, in words.
    url, date, licence, credit
        Where it came from.
    state
        ``new``, ``unchanged``, ``kept`` (an earlier copy stands in), ``on disk`` or ``missing``.
    trouble
        Why it is kept or missing.

    """

    source: str
    what: str
    url: str
    date: str
    licence: str
    credit: str
    state: str
    trouble: str


def region_toml(
    title: str, crs: str, service_date: str, window: tuple[str, str], layers: Sequence[LayerSource]
) -> str:
    """Text of a region.toml."""
    lines = [
        "# Made by `dorpshub fetch`, which writes it anew each time. SOURCES.md tells where everything came from.",
        "",
        f"title = {_quoted(title)}",
        f"crs = {_quoted(crs)}",
        f"service_date = {service_date}",
        f"window = [{_quoted(window[0])}, {_quoted(window[1])}]",
    ]
    for layer in layers:
        fields = {
            "name": layer.layer,
            "file": layer.file,
            "origin": layer.origin,
            "source": layer.source,
            "date": layer.date,
            "licence": layer.licence,
        } | ({"note": layer.note} if layer.note else {})
        lines += ["", "[[layer]]", *(f"{name} = {_quoted(value)}" for name, value in fields.items())]
    return "\n".join(lines) + "\n"


def sources_md(title: str, taken: Sequence[Taken], report: BuildReport) -> str:
    """Text of a SOURCES.md."""
    lines = [
        f"# Sources of {title}",
        "",
        "Made by `dorpshub fetch`. Everything here is observed, except what the list at the end says was assumed.",
        "",
        "| what | source | date | licence | address | state |",
        "|---|---|---|---|---|---|",
    ]
    for one in taken:
        state = f"{one.state}: {one.trouble}" if one.trouble else one.state
        cells = (one.what, one.credit, one.date or "-", one.licence, one.url or "-", state)
        lines.append("| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |")
    lines += ["", "## Assumed, repaired or dropped while fetching", ""]
    lines += [
        f"* {found.layer}: {found.action} {found.count} x {found.what}"
        + (f" ({', '.join(found.examples)})" if found.examples else "")
        for found in report.findings
    ] or ["Nothing."]
    return "\n".join(lines) + "\n"


def write_log(path: Path, area: Area, buffer_m: float, taken: Sequence[Taken], report: BuildReport) -> None:
    """Write the log."""
    log = {
        "area": asdict(area),
        "buffer_m": buffer_m,
        "taken": [asdict(one) for one in taken],
        "report": report.to_rows(),
    }
    path.write_text(json.dumps(log, indent=1, ensure_ascii=False), encoding="utf-8")


def logged_area(folder: Path) -> Area | None:
    """Area that an earlier fetch left in `folder`."""
    log = _log(folder)
    try:
        area = log["area"]
        return Municipalities(tuple(area["names"])) if "names" in area else Box(**area)
    except (KeyError, TypeError, InputError):
        return None


def previous(folder: Path, area: Area, buffer_m: float) -> Region | None:
    """Region that an earlier fetch left in `folder`, if it was one of the same area and is whole."""
    before = logged_area(folder)
    if before is None or _key(before) != _key(area) or _log(folder).get("buffer_m") != buffer_m:
        return None
    try:
        return load_region(folder)
    except RegionError:
        return None


def _log(folder: Path) -> dict[str, Any]:
    try:
        log = json.loads((folder / LOG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return log if isinstance(log, dict) else {}


def _key(area: Area) -> list[str]:
    if isinstance(area, Box):
        return [f"{value:.6f}" for value in (area.west, area.south, area.east, area.north)]
    return sorted(name.strip().casefold() for name in area.names)


def _quoted(text: str) -> str:
    """Text as TOML writes it: its escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

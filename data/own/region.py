"""The folder of a region that takes some layers from files of somebody's own, and all else from another region."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.build_report import BuildReport
from data.live.job import COUNTRY, NEIGHBOURHOODS
from data.parameters.behaviour import BEHAVIOUR
from data.parameters.hub_services import HUB_SERVICES
from data.parameters.norms import NORMS
from data.parameters.plan import PLAN
from data.parameters.population import POPULATION
from data.parameters.school_days import SCHOOL_DAYS
from data.study_area.published_figures import FILE as CONTROL
from data.study_area.region_toml import FINDINGS, OF_MAP, Region, on_demand_files

REPLACEABLE = ("facilities", "places", "timetable", "streets")
"""Layers that a file of one's own can replace, those that most people have first."""
SEVERAL = ("timetable",)
ADDABLE = ("facilities", "places", "timetable")
"""Layers that a file of one's own can also be added to: there is one map of streets."""
UNKNOWN_LICENCE = "not stated"
_BESIDE = (
    *(POPULATION.name, NORMS.name, BEHAVIOUR.name, HUB_SERVICES.name, SCHOOL_DAYS.name, PLAN.name),
    *(CONTROL, NEIGHBOURHOODS, COUNTRY),
)
"""Files that belong to a region without being a layer."""


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that somebody brought.

    Attributes
    ----------
    layer
        One of `REPLACEABLE`.
    name
        What its owner calls it.
    path
        Where it is kept until it is used.
    origin
        ``observed`` or ``modelled``, as its owner says.
    day
        ISO date on which it was brought.
    adds
        Whether it comes beside what the region has of the layer, and does not replace it.

    """

    layer: str
    name: str
    path: Path
    origin: str
    day: str
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files in `folder` that take the place of layers or come beside them, as the readers will read them.

    Attributes
    ----------
    files
        What was brought, each with the name of the file in `folder` that was made of it.
    gone
        Layers of the other region that do not fit the new ones.

    """

    folder: Path
    files: tuple[tuple[OwnFile, str], ...]
    gone: tuple[str, ...]
    service_date: dt.date
    report: BuildReport

    @property
    def replaced(self) -> frozenset[str]:
        """Layers of which nothing of the other region stays."""
        return frozenset(file.layer for file, _ in self.files if not file.adds)

    @property
    def added(self) -> frozenset[str]:
        """Layers of which all that the other region has stays, beside what is new."""
        return frozenset(file.layer for file, _ in self.files if file.adds)


def free_name(stem: str, ending: str, taken: Collection[str]) -> str:
    """Name of a file that is not taken: the stem, with a number behind it where needed."""
    names = (f"{stem}{number}{ending}" for number in ("", *(f"-{n}" for n in range(2, len(taken) + 3))))
    return next(name for name in names if name not in taken)


def fill_own_folder(base: Region, prepared: Prepared, title: str, out: Path) -> None:
    """Fill the existing folder `out` with a whole region: region.toml, the prepared files, and what stays of `base`.

    Files are linked where the disk allows, so that streets of hundreds of megabytes are not there twice.
    """
    for _, file in prepared.files:
        _link(prepared.folder / file, out / file)
    stays = [source.file for source in base.layers if not source.generated and _stays(source.layer, prepared)]
    beside = [name for name in _BESIDE if (base.folder / name).is_file()]
    if "places" in prepared.replaced | prepared.added and POPULATION.name in beside:
        beside.remove(POPULATION.name)  # a forecast for other places and another year
    for name in dict.fromkeys([*stays, *beside, *on_demand_files(base)]):
        _link(base.folder / name, out / name)
    fields = tomllib.loads((base.folder / "region.toml").read_text(encoding="utf-8"))
    layers = [row for row in fields["layer"] if _stays(row["name"], prepared)]
    layers += [
        _of_map(layer, layers)
        for layer in sorted(prepared.added - {row["name"] for row in layers})
        if layer in OF_MAP
    ]
    if any("generated" in row for row in layers):
        facts = "facts"
        for source in sorted((base.folder / base.facts).rglob("*")):
            if source.is_file():
                _link(source, out / facts / source.relative_to(base.folder / base.facts))
        fields["generator"] = {**fields["generator"], "facts": facts}
    else:
        fields.pop("generator", None)
    layers += [_layer(of, file) for of, file in prepared.files]
    fields |= {"title": title, "service_date": prepared.service_date, "layer": layers}
    findings = json.dumps(prepared.report.to_rows(), indent=1, ensure_ascii=False)
    (out / FINDINGS).write_text(findings, encoding="utf-8")
    (out / "region.toml").write_text(toml(fields), encoding="utf-8")


def _stays(layer: str, prepared: Prepared) -> bool:
    return layer not in prepared.replaced and layer not in prepared.gone


def _of_map(layer: str, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Layer that a region without a table of it takes from its map, said in so many words."""
    (streets,) = (row for row in layers if row["name"] == "streets")
    return {**streets, "name": layer, "origin": "modelled" if layer == "places" else streets["origin"]}


def _layer(of: OwnFile, file: str) -> dict[str, str]:
    return {
        "name": of.layer,
        "file": file,
        "origin": of.origin,
        "source": f"own file {of.name}, uploaded {of.day}",
        "date": of.day,
        "licence": UNKNOWN_LICENCE,
    }


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def toml(fields: dict[str, Any]) -> str:
    """Write the fields of a region.toml; lists of tables become [[tables]], other tables stay on their line."""
    tables = {name: value for name, value in fields.items() if _is_tables(value)}
    lines = [f"{name} = {_value(value)}" for name, value in fields.items() if name not in tables]
    for name, rows in tables.items():
        for row in rows:
            lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in row.items())]
    return "\n".join(lines) + "\n"


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            # The escapes of TOML are those of JSON.
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case dict():
            inside = ", ".join(f"{json.dumps(key)} = {_value(of)}" for key, of in value.items())
            return f"{{ {inside} }}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dt.date() | dt.time():
            return value.isoformat()
        case int() | float():
            return repr(value)
    msg = f"no TOML for {value!r}"
    raise TypeError(msg)

"""Scenarios to and from JSON that a person can read."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.errors import ScenarioError
from scenarios.edits import CloseFacility, Edit, PlaceHub, Scenario

FIELDS = {"name", "note", "edits"}


def to_json(scenario: Scenario) -> str:
    """Readable JSON; fields of an edit that are not used are left out."""
    edits = [
        {"edit": type(edit).__name__}
        | {name: value for name, value in asdict(edit).items() if value is not None}
        for edit in scenario.edits
    ]
    return json.dumps(
        {"name": scenario.name, "note": scenario.note, "edits": edits}, indent=2, ensure_ascii=False
    )


def from_json(text: str) -> Scenario:
    """Read what `to_json` wrote or a person did.

    Raises
    ------
    ScenarioError
        When the text is no JSON, or with every edit that cannot be read, by number and reason.

    """
    try:
        fields = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        msg = f"The scenario is no valid JSON ({error})."
        raise ScenarioError(msg) from error
    if not isinstance(fields, dict) or not isinstance(fields.get("edits"), list):
        msg = 'A scenario must be a JSON object with a list of "edits", and a "name" and "note" if you like.'
        raise ScenarioError(msg)
    if unknown := set(fields) - FIELDS:
        msg = (
            f"The scenario has unknown fields: {', '.join(sorted(unknown))}. Known are name, note and edits."
        )
        raise ScenarioError(msg)
    problems: list[str] = []
    edits: list[Edit] = []
    for number, row in enumerate(fields["edits"], start=1):
        try:
            edits.append(_edit(row))
        except (TypeError, ValueError) as error:
            problems.append(f"edit {number}: {error}")
    if problems:
        raise ScenarioError("The scenario cannot be read. " + "; ".join(problems) + ".")
    return Scenario(str(fields.get("name", "")), str(fields.get("note", "")), tuple(edits))


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        As `from_json`, with the file's name; also when there is no such file.

    """
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read ({error})."
        raise ScenarioError(msg) from error
    except ScenarioError as error:
        msg = f"{path}: {error}"
        raise ScenarioError(msg) from error


def _edit(row: object) -> Edit:
    if not isinstance(row, dict):
        msg = "must be an object"
        raise TypeError(msg)
    fields = dict(row)
    kind = fields.pop("edit", None)
    if kind == "PlaceHub":
        return _place_hub(fields)
    if kind == "CloseFacility":
        facility_id = _taken(fields, "facility_id", str)
        _nothing_left(fields)
        return CloseFacility(facility_id)
    msg = f"'{kind}' is no kind of edit; known are PlaceHub and CloseFacility"
    raise ValueError(msg)


def _place_hub(fields: dict[str, Any]) -> PlaceHub:
    place_id = _taken(fields, "place_id", str) if "place_id" in fields else None
    lon_deg = float(_taken(fields, "lon_deg", (int, float))) if "lon_deg" in fields else None
    lat_deg = float(_taken(fields, "lat_deg", (int, float))) if "lat_deg" in fields else None
    kinds = _taken(fields, "kinds", list)
    if not all(isinstance(kind, str) for kind in kinds):
        msg = "'kinds' must be a list of texts"
        raise TypeError(msg)
    _nothing_left(fields)
    return PlaceHub(place_id, lon_deg, lat_deg, tuple(kinds))


def _taken(fields: dict[str, Any], name: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401
    if name not in fields:
        msg = f"'{name}' is missing"
        raise ValueError(msg)
    value = fields.pop(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        msg = f"'{name}' has the value {value!r}, which is of the wrong type"
        raise TypeError(msg)
    return value


def _nothing_left(fields: dict[str, Any]) -> None:
    if fields:
        msg = f"unknown fields {', '.join(sorted(fields))}"
        raise ValueError(msg)

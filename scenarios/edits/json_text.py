"""Scenarios to and from JSON that a person can read."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec

from data.errors import ScenarioError, no_file
from data.limits import EDITS
from scenarios.edits.scenario import Edit, Scenario

KINDS_OF_EDIT = tuple(kind.__name__ for kind in get_args(Edit))


class _Raw(msgspec.Struct, forbid_unknown_fields=True):
    """A scenario whose edits have not been looked at yet."""

    edits: list[msgspec.Raw]
    name: str = ""
    note: str = ""


def to_json(scenario: Scenario) -> str:
    """Readable JSON; fields of an edit that are not used are left out."""
    return msgspec.json.format(msgspec.json.encode(scenario), indent=2).decode()


def from_json(text: str) -> Scenario:
    """Read what `to_json` wrote or a person did.

    Raises
    ------
    ScenarioError
        When the text is no scenario, or with every edit that cannot be read, by number and reason, one on a line.

    """
    try:
        raw = msgspec.json.decode(text, type=_Raw)
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
        msg = (
            'A scenario must be a JSON object with a list of "edits", and a "name" and a "note" if you like.\n'
            f"This is none: {_plain(error)}."
        )
        raise ScenarioError(msg) from error
    if fault := EDITS.fault("The scenario", len(raw.edits)):
        raise ScenarioError(fault)
    edits: list[Edit] = []
    problems: list[str] = []
    for number, row in enumerate(raw.edits, start=1):
        try:
            edits.append(msgspec.json.decode(row, type=Edit))
        except (msgspec.ValidationError, msgspec.DecodeError, RecursionError) as error:
            problems.append(f"edit {number}: {_plain(error)}.")
    if problems:
        known = f"Kinds of edit are {', '.join(KINDS_OF_EDIT)}."
        raise ScenarioError("\n".join(["The scenario cannot be read.", *problems, known]))
    return Scenario(raw.name, raw.note, tuple(edits))


def _plain(error: Exception) -> str:
    """Words of the decoder without its path notation; what is no JSON at all is called that."""
    text = (
        str(error).replace(" - at `$.", " in `").replace(" - at `$[", " in `[").replace("`$`", "the scenario")
    )
    return text if isinstance(error, msgspec.ValidationError) else f"no valid JSON ({text})"


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ScenarioError
        As `from_json`, with the file's name; also when there is no such file.

    """
    if not path.is_file():
        raise ScenarioError(no_file(path))
    try:
        return from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read ({error}).") from error
    except ScenarioError as error:
        raise ScenarioError(f"{path}: {error}") from error

"""The arrow between the layers: data -> network -> accessibility -> scenarios -> ui."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from files import ROOT

from data.source_files import source_files

LAYERS = ("data", "network", "accessibility", "scenarios", "ui")
HOMES = {
    "osmium": "data",
    "osmnx": "data",
    "geopandas": "data",
    "gtfs_kit": "data",
    "pyarrow": "data",
    "networkx": "data",
    "numba": "network",
    "streamlit": "ui",
    "babel": "ui",
    "requests": "data",
    "opening_hours": "data",
    "pyogrio": "data",
    "highspy": "scenarios",
    "typst": "ui",
}
DOORS = sorted(ROOT.glob("cli*.py"))
"""Modules of the command line, above all layers."""


def imports(file: Path) -> set[str]:
    """Return the top-level packages a module imports, those inside functions included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_from_itself_and_from_the_left(layer: str) -> None:
    to_the_right = set(LAYERS[LAYERS.index(layer) + 1 :]) | {door.stem for door in DOORS} | {"streamlit_app"}
    files = sorted((ROOT / layer).rglob("*.py"))
    assert files
    for file in files:
        assert not imports(file) & to_the_right, file


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_an_outside_library_has_one_home(library: str, home: str) -> None:
    # streamlit_app.py is the door of the app and belongs to ui.
    files = [file for layer in LAYERS if layer != home for file in (ROOT / layer).rglob("*.py")]
    guests = [str(file) for file in [*files, *DOORS] if library in imports(file)]
    assert guests == []


def test_the_source_of_the_program_is_found_or_missed_loudly() -> None:
    # A key made of no file would be the same for every version.
    assert all(source_files([layer]) for layer in LAYERS)
    with pytest.raises(FileNotFoundError, match="no source"):
        source_files(["docs"])


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    for layer in LAYERS:
        for file in (ROOT / layer).rglob("__init__.py"):
            body = ast.parse(file.read_text(encoding="utf-8")).body
            assert len(body) == 1, file
            assert isinstance(body[0], ast.Expr), file

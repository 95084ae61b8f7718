"""The arrow between the layers: data -> network -> accessibility -> scenarios -> ui, and between the folders inside each."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from data.source_files import source_files
from support.files import ROOT, TESTS

LAYERS = ("data", "network", "accessibility", "scenarios", "ui")
HOMES = {
    "osmium": "data",
    "osmnx": "data",
    "pmtiles": "data",
    "geopandas": "data",
    "pyarrow": "data",
    "networkx": "data",
    "numba": "network",
    "contourpy": "accessibility",
    "streamlit": "ui",
    "babel": "ui",
    "requests": "data",
    "opening_hours": "data",
    "pyogrio": "data",
    "highspy": "scenarios",
    "distributed": "scenarios",
    "ortools": "scenarios",
    "typst": "ui",
}
FOLDERS = {
    "data": (
        "",
        "opening_hours",
        "metadata",
        "files",
        "download",
        "tiles",
        "gtfs",
        "on_demand",
        "parameters",
        "osm",
        "study_area",
        "generator",
        "live",
        "own",
    ),
    "network": ("", "modes", "streets", "hierarchy", "transit"),
    "accessibility": ("", "reach", "data_quality"),
    "scenarios": (
        "edits",
        "",
        "comparison",
        "blocks",
        "measures",
        "costs",
        "placement",
        "services",
        "plan",
        "rounds",
        "school",
        "monitoring",
        "reports",
    ),
    "ui": ("", "words", "views", "sentences", "map", "paper", "state", "widgets", "pages"),
}
"""Sub-folders of each layer in the order in which they build on each other; "" is what stands beside them."""
DOORS = [*sorted((ROOT / "dorpshub").rglob("*.py")), ROOT / "streamlit_app.py"]
"""Modules of the front doors, above all layers."""
HANDED_OUT = {"geopandas", "networkx"}
"""What the library for notebooks gives its users; the frames and graphs themselves are made in `data`."""
MOST_FILES = 25
"""A flat folder with more is one in which a stranger no longer finds the room."""


@cache
def modules(file: Path) -> set[str]:
    """Modules that a file imports by their full names, those inside functions included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imports(file: Path) -> set[str]:
    """Return the top-level packages a file imports."""
    return {module.split(".")[0] for module in modules(file)}


def folder_of(layer: str, module: str) -> str | None:
    """Sub-folder that a module of a layer lies in; None for modules of other layers and for the folders themselves."""
    parts = module.split(".")
    path = ROOT.joinpath(*parts)
    if parts[0] != layer or not path.with_suffix(".py").is_file():
        return None
    return parts[1] if len(parts) > 2 else ""


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_from_itself_and_from_the_left(layer: str) -> None:
    to_the_right = set(LAYERS[LAYERS.index(layer) + 1 :]) | {"dorpshub", "streamlit_app"}
    for file in source_files([layer]):
        assert not imports(file) & to_the_right, file


@pytest.mark.parametrize("layer", LAYERS)
def test_a_folder_imports_only_from_itself_and_from_those_before_it(layer: str) -> None:
    order = FOLDERS[layer]
    there = {folder.name for folder in (ROOT / layer).iterdir() if (folder / "__init__.py").is_file()}
    assert there == set(order) - {""}
    for file in source_files([layer]):
        parts = file.relative_to(ROOT / layer).parts
        here = parts[0] if len(parts) > 1 else ""
        reached = {folder_of(layer, module) for module in modules(file)} - {None}
        assert reached <= set(order[: order.index(here) + 1]), file


def test_no_page_imports_another_page() -> None:
    pages = [
        folder for folder in sorted((ROOT / "ui" / "pages").iterdir()) if (folder / "__init__.py").is_file()
    ]
    assert len(pages) == 8
    for page in pages:
        for file in page.rglob("*.py"):
            others = {module for module in modules(file) if module.startswith("ui.pages.")}
            assert all(module.split(".")[2] == page.name for module in others), file


def test_no_folder_is_a_heap() -> None:
    folders = {file.parent for layer in (*LAYERS, "dorpshub") for file in source_files([layer])}
    assert len(folders) > 20
    for folder in folders:
        assert len(list(folder.glob("*.py"))) < MOST_FILES, folder


def test_what_tests_share_stands_in_a_folder_of_its_own() -> None:
    # Beside the tests a helper would hide among them.
    beside = {file.name for file in TESTS.glob("*.py") if not file.name.startswith("test_")}
    assert beside == {"conftest.py"}
    assert len(list((TESTS / "support").rglob("*.py"))) > 20
    for folder in (path for path in TESTS.rglob("*") if path.is_dir()):
        assert len(list(folder.glob("*.py"))) < MOST_FILES, folder


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_an_outside_library_has_one_home(library: str, home: str) -> None:
    # streamlit_app.py is the door of the app and belongs to ui.
    files = source_files([layer for layer in LAYERS if layer != home])
    doors = [] if library in HANDED_OUT else DOORS[:-1]
    guests = [str(file) for file in [*files, *doors] if library in imports(file)]
    assert guests == []


def test_the_source_of_the_program_is_found_or_missed_loudly() -> None:
    # A key made of no file would be the same for every version.
    assert all(source_files([layer]) for layer in LAYERS)
    with pytest.raises(FileNotFoundError, match="no source"):
        source_files(["requirements"])


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    for layer in LAYERS:
        for file in (ROOT / layer).rglob("__init__.py"):
            body = ast.parse(file.read_text(encoding="utf-8")).body
            assert len(body) == 1, file
            assert isinstance(body[0], ast.Expr), file

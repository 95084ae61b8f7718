"""QGIS opens a GeoPackage with groups, colours in words, aliases with units, titles and licences; skipped where it is not there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.files.geopackage import Layer, fill_geopackage
from data.files.qgis_project import fill_project
from data.metadata.about import About, Credit
from scenarios.comparison.files import CATEGORIES

CHECK = Path(__file__).with_name("check.py")
PYTHON = "/usr/bin/python3"
"""The one that Debian's QGIS comes with."""
TABLE = pd.DataFrame(
    {"place": ["Aa", "Bee", "Cee"], "inhabitants": [1, 2, 3], "change_class": ["won", "same", "longer 15"]}
)


def has_qgis() -> bool:
    return shutil.which("qgis_process") is not None and Path(PYTHON).is_file()


pytestmark = pytest.mark.skipif(not has_qgis(), reason="QGIS is not on this machine")


def test_qgis_opens_what_is_written(tmp_path: Path) -> None:
    about = About(
        "comparison",
        "Valley",
        "EPSG:28992",
        "dorpshub 1.2",
        (),
        (Credit("places", "observed", "CBS", "2025", "CC BY 4.0"),),
    )
    x_m, y_m = np.array([250_000.0, 251_000.0, 252_000.0]), np.array([540_000.0, 540_500.0, 541_000.0])
    layers = [
        Layer(f"{name} gp bike", TABLE, x_m, y_m, cell_m, "change_class", CATEGORIES, about)
        for name, cell_m in (("places", 0.0), ("cells", 100.0))
    ]
    winners = About("winners", "Valley", "EPSG:28992", "dorpshub 1.2", (), about.credits)
    fill_geopackage(
        tmp_path / "out.gpkg", layers, {"winners": (TABLE[["inhabitants"]], winners)}, "EPSG:28992"
    )
    groups = {layer.name: ("Places before and after", layer.name) for layer in layers}
    groups["winners"] = ("Tables", "Who gains and who loses")
    fill_project(tmp_path / "out.qgz", tmp_path / "out.gpkg", "Valley", groups, "EPSG:28992")
    ran = subprocess.run(  # noqa: S603 -- a script of our own
        [PYTHON, CHECK, *(tmp_path / f"out.{ending}" for ending in ("gpkg", "qgz", "png"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.splitlines()[-1])
    assert found["crs"] == "EPSG:28992"
    assert found["groups"] == {
        "Places before and after": ["places gp bike", "cells gp bike"],
        "Tables": ["Who gains and who loses"],
    }
    assert found["on"] == ["places gp bike"]
    legend = {of.value: [of.label, "#{:02x}{:02x}{:02x}".format(*of.red_green_blue)] for of in CATEGORIES}
    for where, names in (
        ("project", ("places gp bike", "cells gp bike")),
        ("alone", ("places gp bike", "cells gp bike")),
    ):
        for name in names:
            layer = found[where][name]
            assert (layer["valid"], layer["features"], layer["crs"]) == (True, 3, "EPSG:28992")
            assert layer["legend"] == legend
            assert layer["aliases"]["inhabitants"] == "Inhabitants (persons)"
    assert found["alone"]["places gp bike"]["title"] == "Places before and after: Valley"
    assert found["alone"]["places gp bike"]["licences"] == ["CC BY 4.0"]
    assert found["alone"]["winners"]["aliases"]["inhabitants"] == "Inhabitants (persons)"
    assert (tmp_path / "out.png").stat().st_size > 1000

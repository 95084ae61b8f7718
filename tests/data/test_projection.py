"""Coordinate systems: positions in metres that are where they should be, or a refusal that says what to write."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from pyproj.transformer import TransformerFromCRS

from data.errors import InputError
from data.projection import Projection
from support.files import ROOT

RD_TEXT = (
    "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 "
    "+ellps=bessel +units=m +no_defs"
)
SEVEN = "+towgs84=565.2369,50.0087,465.658,-0.406857,0.350733,-1.87035,4.0812"
"""From Amersfoort to WGS84, as EPSG publishes it for GIS programs."""


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        (RD_TEXT, "EPSG:28992"),  # no word on the datum
        (f"{RD_TEXT} +towgs84=0,0,0", "EPSG:28992"),  # Bessel's ellipsoid taken for that of WGS84
        (f"{RD_TEXT} +nadgrids=@null", "EPSG:28992"),
        ("+proj=utm +zone=32 +ellps=GRS80 +units=m", "EPSG:25832"),
    ],
)
def test_a_description_without_datum_shift_is_refused_with_the_code_to_write(text: str, instead: str) -> None:
    with pytest.raises(InputError, match=f"Write {instead} instead"):
        Projection(text)


@pytest.mark.parametrize(
    "text", [f"{RD_TEXT} {SEVEN}", "+proj=utm +zone=31 +datum=WGS84", "Amersfoort / RD New"]
)
def test_a_description_with_its_datum_is_read_where_its_code_is(text: str) -> None:
    code = "EPSG:32631" if "utm" in text else "EPSG:28992"
    lon_deg, lat_deg = np.array([6.1]), np.array([52.9])
    # Seven parameters are good to half a metre.
    assert np.hypot(
        *np.subtract(
            Projection(text).to_metres(lon_deg, lat_deg), Projection(code).to_metres(lon_deg, lat_deg)
        )
    ) == pytest.approx(0.0, abs=1.0)


def test_the_church_tower_of_amersfoort_is_the_origin_of_the_dutch_system() -> None:
    # 155,000 and 463,000 by definition, at 5.387204 east and 52.155172 north of WGS84 (to a metre; Kadaster).
    x_m, y_m = Projection("EPSG:28992").to_metres(np.array([5.387204]), np.array([52.155172]))
    assert (x_m[0], y_m[0]) == (pytest.approx(155_000, abs=1.5), pytest.approx(463_000, abs=1.5))


@pytest.mark.parametrize(("text", "says"), [("EPSG:4326", "metres"), ("EPSG:99999", "no coordinate system")])
def test_what_is_no_system_of_metres_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Projection(text)


def test_threads_share_the_way_from_one_system_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    # The app has a thread for every click, and finding the way takes longer than most of what a click does.
    made = []
    make = TransformerFromCRS.__call__

    def counted(maker: TransformerFromCRS) -> Any:
        made.append(maker)
        return make(maker)

    monkeypatch.setattr(TransformerFromCRS, "__call__", counted)
    projection = Projection("EPSG:31370")
    first = projection.to_metres(np.array([4.35]), np.array([50.85]))
    n_made = len(made)
    for _ in range(3):
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(projection.to_metres, np.array([4.35]), np.array([50.85])).result() == first
    assert len(made) == n_made > 0


@pytest.mark.skipif(sys.platform == "win32", reason="no process is forked there")
def test_a_process_forked_after_a_conversion_converts_too() -> None:
    code = (
        "import os, sys, numpy as np\n"
        "from data.projection import Projection\n"
        "convert = lambda: Projection('EPSG:28992').to_metres(np.array([6.8]), np.array([52.8]))[0][0]\n"
        "x_m, child = convert(), os.fork()\n"
        "if child == 0:\n"
        "    os._exit(0 if convert() == x_m else 1)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)  # noqa: S603 -- this Python

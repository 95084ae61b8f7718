"""Outlines are polygons of degrees; whatever else stands in the file is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.errors import InputError
from data.outlines import read_outlines

RING = [[6, 52], [7, 52], [7, 53], [6, 52]]


def written(folder: Path, *polygons: Any) -> Path:
    path = folder / "outlines.geojson"
    features = [
        {"properties": {"name": "Aa"}, "geometry": {"type": "Polygon", "coordinates": polygon}}
        for polygon in polygons
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_whole_numbers_and_heights_are_fine(tmp_path: Path) -> None:
    high = [[6.5, 52.5, 12.0], [6.6, 52.5, 12.0], [6.6, 52.6, 12.0], [6.5, 52.5, 12.0]]
    (outline,) = read_outlines(written(tmp_path, [RING, high]))
    assert outline.rings[0] == ((6.0, 52.0), (7.0, 52.0), (7.0, 53.0), (6.0, 52.0))
    assert outline.rings[1][0] == (6.5, 52.5)


@pytest.mark.parametrize(
    ("ring", "says"),
    [
        ([[6, 52], [7, 52], [6, 52]], "a ring has 3 corners"),
        ([["6", "52"], *RING[1:]], "['6', '52'] is no corner"),
        (["65", *RING[1:]], "'65' is no corner"),  # a text has letters where a corner has numbers
        ([[6], *RING[1:]], "[6] is no corner"),
        ([[True, 52], *RING[1:]], "[True, 52] is no corner"),
        ([[float("inf"), 52], *RING[1:]], "are no degrees"),
        ([[float("nan"), 52], *RING[1:]], "are no degrees"),
        ([[230_000, 560_000], *RING[1:]], "[230000, 560000] are no degrees"),  # metres of the national grid
        ([[10**400, 52], *RING[1:]], "are no degrees"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_ring_of_degrees_is_named(ring: Any, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_outlines(written(tmp_path, [ring]))
    assert "outlines.geojson: expected a GeoJSON FeatureCollection" in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize("content", [b"[" * 5000, b"\xff\xfe{", b"", b"[]", b'{"features": 3}'])
def test_what_is_no_such_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "outlines.geojson"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"outlines\.geojson: expected"):
        read_outlines(path)

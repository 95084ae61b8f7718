"""Tracks of trains: the shapes that trips by rail follow, each once."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from data.gtfs.tracks import rail_tracks

ROUTES = "route_id,route_type\ntrain,2\nregional,106\nbus,3\n"
TRIPS = "route_id,trip_id,shape_id\ntrain,1,there\ntrain,2,back\nregional,3,branch\nbus,4,road\n"
SHAPES = """shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence
there,52.2,6.2,20
there,52.1,6.1,3
there,52.3,6.3,100
back,52.3,6.3,1
back,52.2,6.2,2
back,52.1,6.1,3
branch,52.2,6.2,1
branch,52.2,6.9,2
road,52.0,6.0,1
road,52.0,6.5,2
"""
TABLES = {"routes": ROUTES, "trips": TRIPS, "shapes": SHAPES}


def feed(folder: Path, **tables: str) -> Path:
    path = folder / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.txt", text)
    return path


def test_tracks_are_the_shapes_of_trains_in_order_and_once_for_both_directions(tmp_path: Path) -> None:
    # The main line is drawn there and back, the branch by a train of an extended type; the road of the bus is no track.
    assert sorted(rail_tracks(feed(tmp_path, **TABLES))) == [
        [[6.2, 52.2], [6.9, 52.2]],
        [[6.3, 52.3], [6.2, 52.2], [6.1, 52.1]],
    ]


@pytest.mark.parametrize(
    "tables",
    [
        {"routes": ROUTES, "trips": TRIPS},
        {"routes": ROUTES, "trips": "route_id,trip_id\ntrain,1\n"},
        TABLES | {"routes": "route_id,route_type\ntrain,3\nbus,3\nregional,700\n"},
        TABLES | {"shapes": SHAPES + "there,north,6.4,101\n"},
    ],
    ids=["no shapes", "no shape_id", "no trains", "unreadable"],
)
def test_a_feed_that_draws_no_tracks_has_none(tmp_path: Path, tables: dict[str, str]) -> None:
    assert rail_tracks(feed(tmp_path, **tables)) == []


def test_a_feed_may_be_a_folder_and_need_not_be_there(tmp_path: Path) -> None:
    for name, text in TABLES.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    assert len(rail_tracks(tmp_path)) == 2
    assert rail_tracks(tmp_path / "absent.zip") == []

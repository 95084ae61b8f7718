"""Population cells on the map: each in its class, at its place."""

from __future__ import annotations

from base64 import b64decode

import numpy as np

from data.places import PopulationGrid
from data.projection import Projection
from ui.map.cells import difference_classes, placed_cells
from ui.map.legend import BETTER_COLOURS, WORSE_COLOURS

RD = Projection("EPSG:28992")


def test_every_cell_is_put_within_two_metres_of_where_it_is() -> None:
    # A region of sixty by seventy kilometres: a step is a 65,535th of it, about a metre.
    rng = np.random.default_rng(1)
    x_m, y_m = (
        rng.integers(low, high, 500).astype(np.float64) * 100 + 50
        for low, high in ((2100, 2700), (5000, 5700))
    )
    grid = PopulationGrid(x_m, y_m, np.zeros(500, np.int32), np.ones((500, 4), np.int32))
    placed = placed_cells(grid, RD)
    west, south, east, north = placed["bounds"]
    at = np.frombuffer(b64decode(placed["at"]), "<u2").reshape(-1, 2) / 65_535
    found = RD.to_metres(west + at[:, 0] * (east - west), south + at[:, 1] * (north - south))
    assert np.abs(np.column_stack(found) - np.column_stack([x_m, y_m])).max() < 2.0
    # The box is the cells and half a cell around them; at this latitude it is a little wider than the grid, which is turned by a degree.
    assert 600 <= placed["across"] <= 625


def test_one_cell_has_a_box_of_its_own() -> None:
    grid = PopulationGrid(
        np.array([250_050.0]), np.array([540_050.0]), np.zeros(1, np.int32), np.ones((1, 4), np.int32)
    )
    placed = placed_cells(grid, RD)
    west, south, east, north = placed["bounds"]
    assert east > west
    assert north > south
    assert np.frombuffer(b64decode(placed["at"]), "<u2").tolist() == [32_768, 32_768]


def test_classes_follow_the_legend_of_differences() -> None:
    inf = np.inf
    before = np.array([20.0, 9.0, 9.0, 9.0, 9.0, 4.0, 8.0, inf, inf, 9.0])
    after = np.array([9.0, 4.0, 8.0, 8.1, 9.9, 9.0, inf, 8.0, inf, 10.0])
    classes, colours = difference_classes(before, after)
    ten, five, one = reversed(BETTER_COLOURS)
    assert [colours[number] for number in classes] == [
        *(ten, five, one),  # 11, 5 and 1 minute shorter
        *("", ""),  # less than a minute leaves the ground as it is
        WORSE_COLOURS[1],  # 5 minutes longer
        WORSE_COLOURS[2],  # no longer reached
        ten,  # reached for the first time
        colours[-1],  # never reached
        WORSE_COLOURS[0],  # 1 minute longer
    ]

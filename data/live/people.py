"""People of the squares given to places, in our age bands, as whole persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Int64s, freeze
from data.live.geopackages import SECRET
from data.live.squares import CELL_M, Squares
from data.places import AGE_SHARES

YOUNGER_SHARE = 0.5
"""Of those from 15 to 25, who are under 20: five of ten years, an assumption."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Inhabited cells.

    Attributes
    ----------
    x_m, y_m
        (C,) float64, centre in RD New.
    place
        (C,) int32, row of the places.
    inhabitants_by_age
        (C, 4) int32, persons in the bands of `data.places.AGE_BANDS`.

    """

    x_m: Floats
    y_m: Floats
    place: Int32s
    inhabitants_by_age: Int32s

    def __post_init__(self) -> None:
        freeze(self, len(self.x_m))

    def by_place(self, n_places: int) -> Int32s:
        """(P, 4) int32, persons of each place."""
        total = np.zeros((n_places, self.inhabitants_by_age.shape[1]), np.int32)
        np.add.at(total, self.place, self.inhabitants_by_age)
        return total


def settle(squares: Squares, place: Int32s, secret_persons: int) -> tuple[Cells, BuildReport]:
    """Turn squares into cells of whole persons by age.

    A secret total counts as `secret_persons`. Secret bands share what the others leave, as in all squares together; a
    square's bands are rounded apart from its total, which is kept. Where a person is a fraction, the rounding of a
    cell is made up for in the next one of its place.

    Parameters
    ----------
    squares
        What CBS gives.
    place
        (C,) int32, row of the place of each square.
    secret_persons
        Persons in a square whose number is secret.

    """
    is_secret = squares.inhabitants == SECRET
    total = np.where(is_secret, secret_persons, squares.inhabitants).astype(np.int64)
    exact = _our_bands(_shared(squares.by_age, total))
    order = np.argsort(place, kind="stable")
    whole = np.zeros(exact.shape, np.int32)
    carried, before = np.zeros(exact.shape[1]), -1
    for cell in order.tolist():
        if place[cell] != before:
            carried, before = np.zeros(exact.shape[1]), place[cell]
        wanted = exact[cell] + carried
        whole[cell] = _whole(wanted, int(total[cell]))
        carried = wanted - whole[cell]
    lived_in = total > 0
    cells = Cells(squares.x_m[lived_in], squares.y_m[lived_in], place[lived_in], whole[lived_in])
    return cells, _report(squares, is_secret, secret_persons)


def _shared(by_age: Int32s, total: Int64s) -> Floats:
    """(C, 5) float64, persons of the squares' bands, adding up to the totals."""
    known = np.maximum(by_age, 0).astype(np.float64)
    left = np.maximum(total - known.sum(axis=1), 0)
    everywhere = known.sum(axis=0) + 1.0  # nobody known anywhere: all bands alike
    weight = np.where(by_age == SECRET, everywhere, 0.0)
    of_all = weight.sum(axis=1)
    persons = known + weight * np.divide(left, of_all, out=np.zeros(len(left)), where=of_all > 0)[:, None]
    sums = persons.sum(axis=1)
    persons[sums == 0] = everywhere
    scaled: Floats = persons * (total / persons.sum(axis=1))[:, None]
    return scaled


def _our_bands(persons: Floats) -> Floats:
    """(C, 4) float64: 0 to 19, 20 to 64, 65 to 74, 75 and over."""
    from_0, from_15, from_25, from_45, from_65 = persons.T
    young = YOUNGER_SHARE * from_15
    older_share = AGE_SHARES[3] / (AGE_SHARES[2] + AGE_SHARES[3])
    bands: Floats = np.stack(
        [
            from_0 + young,
            from_15 - young + from_25 + from_45,
            from_65 * (1 - older_share),
            from_65 * older_share,
        ],
        axis=1,
    )
    return bands


def _whole(wanted: Floats, total: int) -> Int32s:
    """Whole numbers near `wanted`, none negative, that add up to `total`."""
    whole = np.floor(np.maximum(wanted, 0)).astype(np.int32)
    while (left := total - int(whole.sum())) != 0:
        rest = wanted - whole
        if left > 0:
            whole[np.argmax(rest)] += 1
        else:
            whole[np.argmin(np.where(whole > 0, rest, np.inf))] -= 1
    return whole


def _report(squares: Squares, is_secret: Bools, secret_persons: int) -> BuildReport:
    some_secret = ~is_secret & (squares.by_age == SECRET).any(axis=1)
    report = BuildReport()
    for rows, what in (
        (is_secret, f"{squares.noun} whose number of inhabitants is secret: counted as {secret_persons}"),
        (some_secret, f"{squares.noun} with a secret age band: shared as in all {squares.noun} together"),
        (~is_secret, f"{squares.noun} whose 15-25 and 65+ are split by the ages of the country"),
    ):
        cells = zip(squares.x_m[rows] // CELL_M, squares.y_m[rows] // CELL_M, strict=True)
        report += finding(
            "population", "assumed", what, (f"E{east:04.0f}N{north:04.0f}" for east, north in cells)
        )
    return report

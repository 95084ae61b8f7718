"""How many people live where by postcode, and which place each of them belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from data.build_report import BuildReport, finding
from data.columns import Bools, Floats, Int32s, Strings
from data.errors import InputError
from data.generator.tables import CRS, Points, Problems, facts_table, floats, strings
from data.places import AGE_BANDS
from data.projection import Projection

OUTLINES, INHABITANTS = "postcodes.geojson", "population_postcodes"
NONE = -1
"""Outline of a point that lies in none."""


@dataclass(frozen=True, slots=True, eq=False)
class Postcodes:
    """Postcodes with their outlines and inhabitants.

    Attributes
    ----------
    code
        (O,) strings.
    shape
        (O,) polygons in metres of the national grid.
    bounds_m
        (O, 4) float64, least x and y and greatest x and y of each.
    inhabitants_by_age
        (O, 4) int32.

    """

    code: Strings
    shape: NDArray[np.object_]
    bounds_m: Floats
    inhabitants_by_age: Int32s

    def at(self, points: Floats) -> Int32s:
        """(N,) int32, row of the postcode that each of `points`, (N, 2), lies in, `NONE` where in no outline."""
        found = np.full(len(points), NONE, dtype=np.int32)
        if not len(points):
            return found
        low, high = points.min(axis=0), points.max(axis=0)
        met = (self.bounds_m[:, :2] <= high).all(axis=1) & (self.bounds_m[:, 2:] >= low).all(axis=1)
        for row in np.flatnonzero(met):
            box = self.bounds_m[row]
            near = np.flatnonzero(((points >= box[:2]) & (points <= box[2:])).all(axis=1))
            inside = near[shapely.contains_xy(self.shape[row], points[near])]
            found[inside] = row
        return found


class Homes(NamedTuple):
    """Inhabitants by place and postcode: (H,) rows of both (`NONE` for no postcode), and (H, 4) persons by age.

    Nearly every place has one; one to which the rest of another postcode belongs has two.
    """

    place: Int32s
    postcode: Int32s
    inhabitants_by_age: Int32s

    def counted_alone(self, n_places: int, n_postcodes: int) -> Bools:
        """(P,) bool, places whose inhabitants are those of one postcode, which holds no other place."""
        n_of_postcode = np.bincount(self.postcode[self.postcode != NONE], minlength=n_postcodes)
        n_of_place = np.bincount(self.place, minlength=n_places)
        shared = (self.postcode == NONE) | (n_of_postcode[self.postcode] > 1)
        alone: Bools = n_of_place == 1
        alone[self.place[shared]] = False
        return alone


def read_postcodes(folder: Path, problems: Problems) -> Postcodes:
    """Outlines and inhabitants; the bands, which CBS rounds apart from the total, are scaled to it.

    Raises
    ------
    InputError
        When one of the files is missing or cannot be read.

    """
    path = folder / OUTLINES
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shape = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
        names = [str(feature["properties"]["name"]) for feature in features]
    except (OSError, ValueError, KeyError, TypeError, shapely.errors.GEOSException) as error:
        msg = f"{path}: expected a GeoJSON FeatureCollection of postcodes in WGS84 ({error!r})."
        raise InputError(msg) from error
    bands = [f"inhabitants_{band}" for band in AGE_BANDS]
    table = facts_table(folder, INHABITANTS, " ".join(["postcode4 inhabitants", *bands]))
    total = floats(table, INHABITANTS, "inhabitants", problems)
    by_age = np.column_stack([floats(table, INHABITANTS, band, problems) for band in bands])
    counted = {
        code: _scaled(row, of_all)
        for code, row, of_all in zip(strings(table, "postcode4"), by_age, total, strict=True)
    }
    problems += [
        f"{OUTLINES}: postcode {code} has no inhabitants in {INHABITANTS}.csv"
        for code in names
        if code not in counted
    ]
    problems += [
        f"{INHABITANTS}.csv: postcode {code} has no outline" for code in counted if code not in names
    ]
    nobody = np.zeros(len(AGE_BANDS), dtype=np.int32)
    projection = Projection(CRS)
    shape = shapely.transform(shape, lambda lonlat: np.column_stack(projection.to_metres(*lonlat.T)))
    shapely.prepare(shape)
    return Postcodes(
        tuple(names),
        shape,
        shapely.bounds(shape),
        np.array([counted.get(code, nobody) for code in names], dtype=np.int32),
    )


def _scaled(by_age: Floats, total: float) -> Int32s:
    if not np.isfinite(by_age).all() or not np.isfinite(total) or not by_age.sum():
        return np.zeros(len(by_age), dtype=np.int32)
    return largest_remainder(by_age, int(total))


def settle_postcodes(
    places: Points,
    in_region: Bools,
    named: tuple[Strings, Strings],
    before: Int32s,
    postcodes: Postcodes,
    problems: Problems,
) -> tuple[Homes, BuildReport]:
    """Divide the inhabitants of every postcode over the places in its outline, by the inhabitants they had before.

    Parameters
    ----------
    named
        (P,) postcode that each place lies in, and another one that belongs to it, "" for none. The outline of the
        other holds no place of the table, as its village got a postcode of its own.
    before
        (P, 4) int32, inhabitants of an earlier count. A place in no outline keeps them, less those that the other
        postcode counts.

    """
    rows = {code: row for row, code in enumerate(postcodes.code)} | {"": NONE}
    lies_in = postcodes.at(np.column_stack([places.x_m, places.y_m]))
    own, other = (np.array([rows.get(code, NONE) for code in codes], dtype=np.int32) for codes in named)
    for row in np.flatnonzero(in_region & (own != lies_in)):
        found = ("", *postcodes.code)[lies_in[row] + 1] or "no outline"
        problems.append(
            f"places.csv row {row + 2}: '{places.id[row]}' lies in {found}, not in postcode '{named[0][row]}'"
        )
    in_other = np.where(other == NONE, 0, postcodes.inhabitants_by_age.sum(axis=1)[other])
    weight = np.maximum(before.sum(axis=1) - in_other, 0)
    homes: list[tuple[int, int, Int32s]] = []
    for code in range(len(postcodes.code)):
        inside = np.flatnonzero(in_region & (own == code))
        if not len(inside):
            inside = np.flatnonzero(other == code)[:1]
        if not len(inside):
            problems.append(
                f"places.csv: no place lies in postcode {postcodes.code[code]}, or has it as its other one"
            )
            continue
        shares = divided(postcodes.inhabitants_by_age[code], weight[inside])
        homes += [(int(place), code, persons) for place, persons in zip(inside, shares, strict=True)]
    outside = np.flatnonzero(~in_region)
    kept = np.flatnonzero(in_region & (own == NONE))
    homes += [(int(place), NONE, before[place]) for place in outside]
    homes += [
        (int(place), NONE, largest_remainder(before[place].astype(np.float64), int(weight[place])))
        for place in kept
    ]
    report = finding(
        "places",
        "kept",
        "in no postcode of the count: inhabitants of 2018 less those whom the postcode it had still counts",
        [places.id[place] for place in kept],
    ) + finding(
        "places",
        "assumed",
        "postcode without a place of its own, counted with the place it belonged to",
        [f"{postcodes.code[other[place]]} {places.id[place]}" for place in np.flatnonzero(other != NONE)],
    )
    return _columns(homes), report


def _columns(homes: list[tuple[int, int, Int32s]]) -> Homes:
    homes = sorted(homes, key=lambda home: home[:2])
    return Homes(
        np.array([place for place, _, _ in homes], dtype=np.int32),
        np.array([postcode for _, postcode, _ in homes], dtype=np.int32),
        np.array([persons for _, _, persons in homes], dtype=np.int32).reshape(-1, len(AGE_BANDS)),
    )


def divided(by_age: Int32s, weight: Floats) -> Int32s:
    """Whole persons by place and age, (P, 4) int32, for places of some `weight`: both the bands and the places add up.

    Smallest places first: each takes its whole share of what is left of every band, the largest the rest.
    """
    shares = np.zeros((len(weight), len(by_age)), dtype=np.int32)
    totals = largest_remainder(np.asarray(weight, dtype=np.float64), int(by_age.sum()))
    left = by_age.copy()
    for place in np.argsort(totals, kind="stable"):
        if totals[place]:
            shares[place] = largest_remainder(left.astype(np.float64), int(totals[place]))
            left -= shares[place]
    return shares


def largest_remainder(weight: Floats, total: int) -> Int32s:
    """Whole shares of `total` in proportion to `weight`, (C,) int32, that add up exactly (Hamilton's method)."""
    exact = weight / weight.sum() * total
    shares: Int32s = np.floor(exact).astype(np.int32)
    rest = np.argsort(shares - exact, kind="stable")[: total - int(shares.sum())]
    shares[rest] += 1
    return shares

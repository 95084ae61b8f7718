"""Inhabitants by postcode: as many as CBS counts, within the outline, and nobody moved because an outline is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from data.errors import InputError
from data.generator.facts import Facts, read_facts
from data.generator.generate import generate
from data.generator.postcodes import NONE, divided
from support.files import FACTS

BANDS = ["inhabitants_0_19", "inhabitants_20_64", "inhabitants_65_74", "inhabitants_75plus"]
WITHOUT_OUTLINE = {"de-krim": 2001, "nieuweroord": 640, "eeserveen": 20, "t-noorden": 30}
"""Inhabitants of 2018 less those of 2021 in the postcode they had: 2,251 - 250, 940 - 300, 145 - 125, and 30."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(FACTS)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    folder = tmp_path_factory.mktemp("people")
    generate(FACTS, folder, 1, lambda _what, _share: None)
    return pd.read_parquet(folder / "population_grid.parquet")


def counted() -> pd.DataFrame:
    return pd.read_csv(FACTS / "population_postcodes.csv", dtype={"postcode4": str}).set_index("postcode4")


def places() -> pd.DataFrame:
    table = pd.read_csv(FACTS / "places.csv", dtype=str, keep_default_na=False)
    return table[table["in_region"] == "true"].set_index("place_id")


def outlines() -> dict[str, shapely.Geometry]:
    """Outlines in metres, by another projection than the generator's."""
    to_rd = Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True)
    features = json.loads((FACTS / "postcodes.geojson").read_text(encoding="utf-8"))["features"]
    return {
        feature["properties"]["name"]: shapely.transform(
            shapely.from_geojson(json.dumps(feature["geometry"])),
            lambda lonlat: np.column_stack(to_rd.transform(*lonlat.T)),
        )
        for feature in features
    }


def test_each_postcode_has_the_inhabitants_of_cbs_in_cells_within_its_outline(cells: pd.DataFrame) -> None:
    """Per postcode: the cells of its places that lie in its outline add up to the total, and none lie elsewhere."""
    total, shapes, table = counted(), outlines(), places()
    own, other = table["postcode4"], table["other_postcode4"]
    assert len(total) == len(shapes) == 164
    persons = cells[BANDS].sum(axis=1).to_numpy()
    points = np.array(shapely.points(cells["x_m"].to_numpy(), cells["y_m"].to_numpy()))
    homeless = cells["place_id"].isin(table.index).to_numpy().copy()
    for code, shape in shapes.items():
        of_code = cells["place_id"].isin(table.index[(own == code) | (other == code)]).to_numpy()
        inside = of_code & shapely.intersects(shapely.buffer(shape, 0.5), points)
        assert persons[inside].sum() == total.loc[code, "inhabitants"], code
        homeless &= ~inside
    # What is left lives in the four villages that no outline covers, and in no outline.
    left = pd.Series(persons[homeless]).groupby(cells["place_id"].to_numpy()[homeless]).sum()
    assert left.to_dict() == WITHOUT_OUTLINE
    everywhere = shapely.union_all([shapely.buffer(shape, -0.5) for shape in shapes.values()])
    assert not shapely.contains(everywhere, points[homeless]).any()


def test_bands_are_those_of_cbs_scaled_to_the_total(facts: Facts) -> None:
    """CBS rounds bands and totals to 5 apart, so that 51 postcodes differ by 5: a band then moves by a few persons."""
    total = counted()
    by_age = pd.DataFrame(facts.postcodes.inhabitants_by_age, index=list(facts.postcodes.code), columns=BANDS)
    assert (by_age.sum(axis=1) == total.loc[by_age.index, "inhabitants"]).all()
    off = by_age - total.loc[by_age.index, BANDS]
    assert int(((total[BANDS].sum(axis=1) - total["inhabitants"]) != 0).sum()) == 51
    assert off.abs().to_numpy().max() <= 5
    assert (off.abs().sum(axis=1) > 0).sum() <= 51


def test_every_place_lies_in_the_outline_of_its_postcode() -> None:
    """None of the 38 that did not do so any more; three of them were moved, the others given the right postcode."""
    table, shapes = places(), outlines()
    to_rd = Transformer.from_crs("EPSG:4326", "EPSG:28992", always_xy=True)
    for place in table.itertuples():
        point = shapely.Point(to_rd.transform(float(str(place.lon)), float(str(place.lat))))
        inside = [code for code, shape in shapes.items() if shapely.intersects(shape, point)]
        assert str(place.postcode4) in inside or (place.postcode4 == "" and not inside), place.Index
    moved = table.index[table["position_note"].str.startswith("moved")]
    assert set(moved) == {"dedemsvaart-zuidwest", "emmen-7814", "vredenheim"}
    assert set(table.index[table["postcode4"] == ""]) == set(WITHOUT_OUTLINE)


def test_no_village_is_empty_or_lost(facts: Facts) -> None:
    assert (facts.places.inhabitants > 0).all()
    row = facts.places.at.id.index("de-krim")
    # 2,001 by the count of 2018, and the 250 of what is left of its old postcode: as many as lived there in 2018.
    assert facts.places.inhabitants[row] == 2251
    assert facts.places.origin[row] == "modelled"
    told = {found.what: found for found in facts.report.findings}
    kept = next(found for what, found in told.items() if what.startswith("in no postcode"))
    assert set(kept.examples) == set(WITHOUT_OUTLINE)


def test_only_a_place_alone_in_its_postcode_is_observed(facts: Facts) -> None:
    homes, origin = facts.homes, np.array(facts.places.origin)
    for place in np.flatnonzero(facts.places.in_region):
        own = homes.postcode[homes.place == place]
        alone = len(own) == 1 and own[0] != NONE and (homes.postcode == own[0]).sum() == 1
        assert (origin[place] == "observed") == alone, facts.places.at.id[place]


@given(
    by_age=st.lists(st.integers(0, 400), min_size=4, max_size=4).filter(any),
    weight=st.lists(st.integers(1, 900), min_size=1, max_size=9),
)
def test_divided_people_add_up_by_age_and_by_place(by_age: list[int], weight: list[int]) -> None:
    ages = np.array(by_age, dtype=np.int32)
    shares = divided(ages, np.array(weight, dtype=np.float64))
    assert (shares >= 0).all()
    assert shares.sum(axis=0).tolist() == by_age
    exact = np.array(weight) / sum(weight) * sum(by_age)
    assert (np.abs(shares.sum(axis=1) - exact) < 1 + 1e-9).all()


def test_cars_are_those_of_the_district_or_of_the_municipality(facts: Facts) -> None:
    cars = dict(zip(facts.places.at.id, facts.places.cars_per_household.tolist(), strict=True))
    # CBS 2023: Emmen-Centrum 0.7, Schoonebeek 1.3; all quarters of Coevorden are one district, 1.1.
    assert (cars["emmen-centrum"], cars["schoonebeek"]) == (0.7, 1.3)
    assert {cars[one] for one in cars if one.startswith("coevorden-")} == {1.1}
    # Weerdinge has no district of its own name: the mean of Emmen by people, between its districts.
    assert 0.7 < cars["weerdinge"] < 1.5
    assert cars["weerdinge"] == cars["emmen-7822"]
    # Weijerswold has one without a value, so it takes that of Coevorden.
    assert cars["weijerswold"] == cars["schoonoord"]
    assert np.isnan(cars["stadskanaal"])


def test_a_place_outside_its_postcode_is_named(tmp_path: Path) -> None:
    shutil.copytree(FACTS, tmp_path / "facts")
    path = tmp_path / "facts" / "places.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    row = table.index[table["place_id"] == "exloo"][0]
    table.loc[row, "postcode4"] = "7811"
    table.to_csv(path, index=False, lineterminator="\n")
    with pytest.raises(InputError, match=rf"row {row + 2}: 'exloo' lies in 7875, not in postcode '7811'"):
        read_facts(tmp_path / "facts")

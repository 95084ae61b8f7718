"""Observed services take the place of modelled ones, and say of when they are and how exact their position is."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError
from data.generator.facts import Facts, read_facts
from data.opening_hours.hours import readable
from support.files import FACTS


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(FACTS)


def table_of(facts: Facts) -> pd.DataFrame:
    """One row per service, with the place it is nearest to."""
    of, places = facts.facilities, facts.places
    apart = np.hypot(of.at.x_m[:, None] - places.at.x_m[None, :], of.at.y_m[:, None] - places.at.y_m[None, :])
    return pd.DataFrame(
        {
            "id": of.at.id,
            "name": of.at.name,
            "kind": of.kind,
            "units": of.units,
            "opening": of.opening,
            "origin": of.origin,
            "date": of.date,
            "source": of.source,
            "position_origin": of.position_origin,
            "position_m": of.position_m,
            "inside": places.in_region[apart.argmin(axis=1)],
        }
    )


def test_supermarkets_of_the_region_are_those_that_are_there(facts: Facts) -> None:
    table = table_of(facts)
    shops = table[table["kind"] == "supermarket"]
    source = pd.read_csv(FACTS / "supermarkets.csv", dtype=str, keep_default_na=False)
    assert set(source["facility_id"]) <= set(shops["id"])
    # 97 in the six municipalities and 20 in seven towns just outside, where the nearest shop of some villages stands.
    places = pd.read_csv(FACTS / "places.csv", keep_default_na=False).set_index("place_id")
    inside = places.loc[source["place_id"], "in_region"].to_numpy()
    assert (int(inside.sum()), int((~inside).sum())) == (97, 20)
    assert not ((shops["origin"] == "modelled") & shops["inside"]).any()
    observed = shops[shops["date"] == "2026-07-28"]
    assert len(observed) == 117
    assert observed["source"].str.contains("no licence stated, not open data").all()
    assert (observed["position_m"] == 39).all()


def test_shops_are_called_what_the_sign_says_and_told_apart_by_their_street(facts: Facts) -> None:
    table = table_of(facts).set_index("id")
    kinds = ["supermarket", "primary_school", "secondary_school", "special_school", "pharmacy"]
    listed = table[table["kind"].isin(kinds) & (table["origin"] == "observed")]
    # Nobody can tell which of two is meant by a name that both have.
    assert not listed.duplicated(["kind", "name"]).any()
    name = listed["name"].to_dict()
    # One Plus in Dalen; five Jumbos in Emmen; a village shop whose village was part of its name; one named after it.
    assert name["supermarket-plus-dalen-de-waag-25"] == "Plus, Dalen"
    assert name["supermarket-jumbo-emmen-houtweg-296"] == "Jumbo, Emmen (Houtweg)"
    assert {"Van Klinken, Valthermond", "Supermarkt Hooghalen"} <= set(name.values())
    # Two buildings of one school in one street: only the number tells them apart.
    assert name["school-20la00"] == "Esdal College, Emmen (Oosterstraat 78)"
    shops = listed[listed["kind"] == "supermarket"]["name"]
    assert not shops[shops.str.contains(r"\d")].any()


def test_hours_are_written_as_openstreetmap_does(facts: Facts) -> None:
    table = table_of(facts).set_index("id")
    given = table.loc[(table["kind"] == "supermarket") & (table["opening"] != ""), "opening"]
    assert len(given) > 100
    assert all(readable(text) for text in given.tolist())
    # Supermarkt Koster in Nieuwlande: 8:30-12 and 13-18, on Tuesday to 12, on Friday to 20, on Saturday to 16.
    koster = next(
        text
        for one, text in zip(given.index.tolist(), given.tolist(), strict=True)
        if "koster-nieuwlande" in str(one)
    )
    assert koster == (
        "Mo 08:30-12:00,13:00-18:00; Tu 08:30-12:00; We-Th 08:30-12:00,13:00-18:00; Fr 08:30-12:00,13:00-20:00; "
        "Sa 08:30-16:00"
    )


def test_pharmacies_are_those_that_serve_the_public_one_per_address(facts: Facts) -> None:
    table = table_of(facts)
    own = table[(table["kind"] == "pharmacy") & table["inside"]]
    # 34 of 40 registrations serve the public, two of them at Jan Weitkamplaan 4 in Hardenberg.
    assert len(own) == 33
    assert (own["origin"] == "observed").all()
    dropped = {found.what: found.count for found in facts.report.findings if "pharmacies" in found.what}
    assert sum(dropped.values()) == 40 - 33
    assert dropped["pharmacies that serve emergencies only"] == 1
    assert dropped["pharmacies registered at the address of another, counted as one with it"] == 1


def test_practices_are_counted_and_stand_on_the_point_of_their_place(facts: Facts) -> None:
    table = table_of(facts)
    own = table[(table["kind"] == "gp") & (table["origin"] == "observed")]
    assert own["units"].sum() == 84
    assert set(own["position_origin"]) == {"modelled"}
    assert own["position_m"].isna().all()
    assert {"gp-barger-compascuum", "gp-emmer-compascuum", "gp-nieuw-dordrecht", "gp-exloo"} <= set(own["id"])
    everywhere = table[table["kind"] == "gp"]["id"]
    assert not {"gp-emmen-barger-oosterveld", "gp-emmen-parc-sandur", "gp-coevorden-ballast"} & set(
        everywhere
    )


def test_schools_have_their_pupils_as_size(facts: Facts) -> None:
    table = table_of(facts).set_index("id")
    # Basisschool Anloo has 18 pupils, De Nieuwe Veste in Coevorden 1,167.
    found = dict(zip(table.index, zip(table["kind"], table["units"], strict=True), strict=True))
    assert found["school-11ak00"] == ("primary_school", 18)
    assert found["school-12ir00"] == ("secondary_school", 1167)
    assert found["school-01bo00"][0] == "special_school"


def test_villages_without_a_listed_hall_keep_a_modelled_one(facts: Facts) -> None:
    table = table_of(facts)
    halls = table[table["kind"] == "village_hall"]
    assert set(halls["origin"]) == {"observed", "modelled"}
    assert not halls["id"].str.contains("village-hall-schoonoord|village_hall-schoonoord").any()
    assert halls["id"].str.contains("hall-dorpshuis-schoonoord").any()


def test_every_service_says_where_it_is_known_from(facts: Facts) -> None:
    table = table_of(facts)
    assert set(table["origin"]) == {"observed", "modelled"}
    observed = table[table["origin"] == "observed"]
    assert (observed["date"] != "").all()
    assert (table["source"] != "").all()
    # What a rule placed has no accuracy; what has an address has one, but for the shops that OpenStreetMap maps.
    assert table[table["position_origin"] == "modelled"]["position_m"].isna().all()
    known = observed[observed["position_origin"] == "observed"]
    assert known[known["position_m"].isna()]["source"].str.contains("OpenStreetMap").all()


@pytest.mark.parametrize("how", ["file", "row"])
def test_without_the_table_of_supermarkets_the_former_ones_are_back(
    tmp_path: Path, facts: Facts, how: str
) -> None:
    """Taken out, its file or its row in the list: then OpenStreetMap's rows and the modelled ones count again."""
    shutil.copytree(FACTS, tmp_path / "facts")
    if how == "file":
        (tmp_path / "facts" / "supermarkets.csv").unlink()
    else:
        listed = (tmp_path / "facts" / "services.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in listed if not line.startswith("supermarkets,")]
        (tmp_path / "facts" / "services.csv").write_text("".join(kept), encoding="utf-8")
    without, before = table_of(read_facts(tmp_path / "facts")), table_of(facts)
    former = pd.read_csv(FACTS / "facilities.csv", keep_default_na=False)
    former = former[former["kind"] == "supermarket"]
    shops = without[without["kind"] == "supermarket"]
    assert sorted(shops["id"]) == sorted(former["facility_id"])
    assert (shops["origin"] == "modelled").sum() == 81
    assert shops[shops["origin"] == "observed"]["source"].str.contains("OpenStreetMap").all()
    # All other kinds are as they were.
    now, then = (table[table["kind"] != "supermarket"].reset_index(drop=True) for table in (without, before))
    pd.testing.assert_frame_equal(now, then)


def test_a_service_at_an_unknown_place_is_named(tmp_path: Path) -> None:
    shutil.copytree(FACTS, tmp_path / "facts")
    path = tmp_path / "facts" / "pharmacies.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",gieten,", ",nowhere,", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"pharmacies\.csv row \d+: place_id 'nowhere' is unknown"):
        read_facts(tmp_path / "facts")

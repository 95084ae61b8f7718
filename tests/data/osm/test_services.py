"""One service counts once, however often it is mapped, and two are two: small maps, drawn in metres."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data.osm.extract import OsmExtract
from data.osm.mapped_twice import Mapped, Names, same_services
from support.toys.osm_map import LAT_DEG, LON_DEG, OsmMap

SHOP = {"shop": "supermarket"}
SCHOOL = {"amenity": "school", "school": "primary"}
PRACTICE = {"amenity": "doctors", "healthcare__speciality": "general"}
CENTRE = {"healthcare": "centre", "healthcare__speciality": "general"}
TWICE = "facilities mapped twice, merged"


def services(extract: OsmExtract) -> list[tuple[str, str]]:
    """Kind and name of each service, sorted."""
    return sorted(zip(extract.facilities.kind, extract.facilities.name, strict=True))


def names(extract: OsmExtract) -> list[str]:
    return sorted(extract.facilities.name)


def told(extract: OsmExtract) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {
        row.what: (row.count, row.examples) for row in extract.report.findings if row.layer == "facilities"
    }


# --- shops ---------------------------------------------------------------------------------------------------------


def test_a_branch_in_the_outline_of_its_brand_is_one_shop(tmp_path: Path) -> None:
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Albert Heijn")
    town.node(20, 15, **SHOP, name="Albert Heijn Dalen")
    extract = town.read(tmp_path)
    assert names(extract) == ["Albert Heijn Dalen"]
    # The corners and the ends of the street are nodes 1 to 6; each group can be named.
    assert extract.facilities.also == ("way/2",)
    assert told(extract) == {TWICE: (1, ("way/2 = node/7 Albert Heijn Dalen",))}


@pytest.mark.parametrize(("apart_m", "shops"), [(1, 1), (30, 1), (34, 1), (36, 2), (40, 2), (100, 2)])
def test_a_node_beside_the_outline_is_one_shop_up_to_35_m(tmp_path: Path, apart_m: float, shops: int) -> None:
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Albert Heijn")
    town.node(20, -apart_m, **SHOP, name="Albert Heijn", brand="Albert Heijn")
    assert len(services(town.read(tmp_path))) == shops


def test_two_buildings_of_a_brand_across_a_street_are_two(tmp_path: Path) -> None:
    # 40 m from outline to outline is more than the reach of 35 m.
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Jumbo")
    town.area(0, 70, 40, 30, **SHOP, name="Jumbo")
    assert names(town.read(tmp_path)) == ["Jumbo", "Jumbo"]


def test_the_node_in_a_multipolygon_with_a_courtyard_is_its_shop(tmp_path: Path) -> None:
    town = OsmMap()
    outer, inner = town.area(0, 0, 80, 80), town.area(30, 30, 20, 20)
    town.relation(
        [("way", outer, "outer"), ("way", inner, "inner")], type="multipolygon", **SHOP, name="Coop"
    )
    town.node(10, 10, **SHOP, name="Coop Sleen")
    assert names(town.read(tmp_path)) == ["Coop Sleen"]


def test_different_shops_side_by_side_stay_two(tmp_path: Path) -> None:
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Aldi")
    town.area(40, 0, 40, 30, **SHOP, name="Lidl")
    town.node(20, 15, **SHOP, name="ALDI")
    town.node(60, 15, **SHOP, name="Lidl Coevorden")
    assert names(town.read(tmp_path)) == ["ALDI", "Lidl Coevorden"]


def test_two_shops_in_a_building_without_a_name_are_two(tmp_path: Path) -> None:
    town = OsmMap()
    town.area(0, 0, 80, 30, **SHOP)
    town.node(10, 15, **SHOP, name="Aldi")
    town.node(70, 15, **SHOP, name="Lidl")
    extract = town.read(tmp_path)
    assert names(extract) == ["Aldi", "Lidl"]
    assert told(extract) == {"grounds and buildings of several facilities of one kind": (1, ("way/2",))}


def test_a_pharmacy_in_a_supermarket_stays(tmp_path: Path) -> None:
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Jumbo")
    town.node(20, 15, amenity="pharmacy", name="Jumbo")
    assert services(town.read(tmp_path)) == [("pharmacy", "Jumbo"), ("supermarket", "Jumbo")]


@pytest.mark.parametrize(
    ("one", "other", "shops"),
    [
        ({"name": "AH", "brand": "Albert Heijn"}, {"name": "Albert Heijn Dalen"}, 1),
        ({"brand": "Albert Heijn"}, {"name": "albert-heijn"}, 1),
        ({"name": "AlbertHeijn"}, {"name": "Albert Heijn"}, 1),
        ({"name": "Café Één"}, {"name": "Cafe Een"}, 1),
        ({"name": "Jan's Markt"}, {"name": "Jans"}, 1),
        ({"name": "Sint Jan"}, {"name": "St. Jan"}, 1),
        ({"operator": "Coop"}, {"name": "Coop Sleen"}, 1),
        ({"name": "De Linde", "operator": "Coop"}, {"name": "Coop"}, 1),
        ({"name": "Jumbo", "alt_name": "C1000;Super de Boer"}, {"name": "Super de Boer"}, 1),
        # "Supermarkt" is what it is, not what it is called: the outline says no name.
        ({"name": "Supermarkt"}, {"name": "Jumbo"}, 1),
        ({}, {"name": "Jumbo"}, 1),
        ({}, {}, 1),
        ({"name": "Jumbo"}, {"name": "Jumpo"}, 2),
        ({"name": "Jumbo", "brand": "Jumbo"}, {"name": "Aldi", "brand": "Aldi"}, 2),
        # One owner of two shops.
        ({"name": "Jumbo", "operator": "Bakker BV"}, {"name": "Aldi", "operator": "Bakker BV"}, 2),
    ],
)
@pytest.mark.parametrize("outline_offset", [True, False])
def test_names_brands_and_operators_are_compared(
    tmp_path: Path,
    one: dict[str, str],
    other: dict[str, str],
    shops: int,
    outline_offset: bool,  # noqa: FBT001
) -> None:
    outline, node = (one, other) if outline_offset else (other, one)
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, **outline)
    town.node(20, -10, **SHOP, **node)
    assert len(services(town.read(tmp_path))) == shops


def test_points_of_which_one_has_no_name_stay_two(tmp_path: Path) -> None:
    # Two cash machines beside each other, one of which says whose it is.
    town = OsmMap()
    town.node(0, 0, amenity="atm")
    town.node(5, 0, amenity="atm", brand="Geldmaat")
    assert names(town.read(tmp_path)) == ["", "Geldmaat"]


# --- which one stays -----------------------------------------------------------------------------------------------


def test_what_says_the_most_stays_and_the_door_is_where_one_goes(tmp_path: Path) -> None:
    """The outline has name and hours, the node only the name: the row is that of the outline, at the node."""
    town = OsmMap()
    outline = town.area(0, 0, 40, 30, **SHOP, name="Jumbo", opening_hours="Mo-Sa 08:00-20:00")
    node = town.node(39, 1, **SHOP, name="Jumbo")
    found = town.read(tmp_path).facilities
    assert (found.id, found.also) == ((f"way/{outline}",), (f"node/{node}",))
    assert found.opening == ("Mo-Sa 08:00-20:00",)
    assert_at(found.lon_deg[0], found.lat_deg[0], 39, 1)


def test_what_the_one_does_not_say_the_other_does(tmp_path: Path) -> None:
    # Brand and house number against hours: the node says more, but not when it is open.
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, opening_hours="Mo-Sa 08:00-20:00")
    node = town.node(20, 15, **SHOP, name="Jumbo", addr__housenumber="1")
    found = town.read(tmp_path).facilities
    assert (found.id, found.name, found.opening) == ((f"node/{node}",), ("Jumbo",), ("Mo-Sa 08:00-20:00",))


@pytest.mark.parametrize("with_node", [True, False])
def test_an_entrance_on_the_outline_is_the_place(tmp_path: Path, with_node: bool) -> None:  # noqa: FBT001
    town = OsmMap()
    spots = [
        (0, 0, {}),
        (40, 0, {}),
        (40, 15, {"entrance": "main"}),
        (40, 30, {}),
        (20, 30, {"entrance": "yes"}),
    ]
    spots += [(0, 30, {"entrance": "emergency"})]
    corners = [town.node(x_m, y_m, **tags) for x_m, y_m, tags in spots]
    town.way([*corners, corners[0]], **SHOP, name="Jumbo")
    if with_node:
        town.node(10, 10, **SHOP, name="Jumbo")
    found = town.read(tmp_path).facilities
    assert len(found.id) == 1
    assert_at(found.lon_deg[0], found.lat_deg[0], 40, 15)


def assert_at(lon_deg: float, lat_deg: float, x_m: float, y_m: float) -> None:
    """To ten centimetres; a degree of longitude at 52.8 degrees is 111,195 m times 0.6046."""
    assert (lon_deg - LON_DEG) * 111_195 * 0.6046 == pytest.approx(x_m, abs=0.1)
    assert (lat_deg - LAT_DEG) * 111_195 == pytest.approx(y_m, abs=0.1)


# --- schools -------------------------------------------------------------------------------------------------------


def test_a_school_is_its_site_ground_building_and_node(tmp_path: Path) -> None:
    village = OsmMap()
    one = village.area(0, 0, 20, 20, **SCHOOL, name="De Berk", building="school")
    other = village.area(100, 0, 20, 20, **SCHOOL, building="school")
    plain = village.area(50, 60, 20, 20, building="yes")
    node = village.node(60, 10, **SCHOOL, name="Basisschool De Berk")
    gate = village.node(60, 0)
    village.relation(
        [
            ("way", one, ""),
            ("way", other, ""),
            ("way", plain, ""),
            ("node", node, ""),
            ("node", gate, "entrance"),
        ],
        type="site",
        **SCHOOL,
        name="OBS De Berk",
        website="https://example.org",
    )
    extract = village.read(tmp_path)
    assert names(extract) == ["OBS De Berk"]
    # The site says the most; where one goes in is the gate.
    assert extract.facilities.id == ("relation/1",)
    assert_at(extract.facilities.lon_deg[0], extract.facilities.lat_deg[0], 60, 0)


@pytest.mark.parametrize("tags", [{"site": "school"}, {"amenity": "school"}])
def test_a_site_of_plain_buildings_is_a_school_by_itself(tmp_path: Path, tags: dict[str, str]) -> None:
    village = OsmMap()
    one, other = village.area(0, 0, 20, 20, building="yes"), village.area(80, 0, 20, 20, building="yes")
    village.relation([("way", one, ""), ("way", other, "")], type="site", name="OBS De Berk", **tags)
    extract = village.read(tmp_path)
    assert services(extract) == [("primary_school", "OBS De Berk")]
    assert 0 < (extract.facilities.lon_deg[0] - LON_DEG) * 111_195 * 0.6046 < 100


def test_a_site_of_which_nothing_is_in_the_file_is_told(tmp_path: Path) -> None:
    village = OsmMap()
    village.relation([("way", 99, ""), ("node", 98, "")], type="site", **SCHOOL, name="OBS De Berk")
    extract = village.read(tmp_path)
    assert services(extract) == []
    (lost,) = [row for row in extract.report.findings if row.layer == "features"]
    assert (lost.action, lost.examples) == ("dropped", ("relation/1",))


@pytest.mark.parametrize("ground", [{"name": "Campus Noord"}, {}, {"name": "Dalen"}])
@pytest.mark.parametrize("as_site", [True, False])
def test_a_campus_of_two_schools_is_two_schools(
    tmp_path: Path,
    ground: dict[str, str],
    as_site: bool,  # noqa: FBT001
) -> None:
    """Whether its own name is another, none, or goes with both: the public and the Christian school of Dalen."""
    village = OsmMap()
    one = village.area(0, 0, 20, 20, **SCHOOL, name="OBS Dalen")
    other = village.area(40, 0, 20, 20, **SCHOOL, name="CBS Dalen")
    if as_site:
        village.relation([("way", one, ""), ("way", other, "")], type="site", **SCHOOL, **ground)
    else:
        village.area(-10, -10, 90, 50, **SCHOOL, **ground)
    extract = village.read(tmp_path)
    assert names(extract) == ["CBS Dalen", "OBS Dalen"]
    assert told(extract)["grounds and buildings of several facilities of one kind"][0] == 1


def test_one_school_in_the_ground_of_another_stays_and_is_told(tmp_path: Path) -> None:
    village = OsmMap()
    village.area(0, 0, 20, 20, **SCHOOL, name="De Berk")
    village.area(-10, -10, 90, 50, **SCHOOL, name="De Eik")
    extract = village.read(tmp_path)
    assert names(extract) == ["De Berk", "De Eik"]
    assert told(extract) == {"facilities in the outline of another of their kind": (1, ("way/3 > way/2",))}


@pytest.mark.parametrize(
    ("college", "found"),
    [
        # A college may be of any kind; a level says that it is a secondary school.
        ({"name": "Hondsrug College"}, []),
        ({"name": "De Hondsrug", "isced__level": "2;3"}, [("secondary_school", "De Hondsrug")]),
    ],
)
def test_a_building_of_a_secondary_school_is_no_primary_school(
    tmp_path: Path, college: dict[str, str], found: list[tuple[str, str]]
) -> None:
    """By its own tags the building may be any school; what it belongs to says which."""
    town = OsmMap()
    town.area(-10, -10, 90, 50, amenity="school", **college)
    town.area(0, 0, 20, 20, amenity="school", building="school")
    extract = town.read(tmp_path)
    assert services(extract) == found
    assert told(extract)["facilities mapped twice, once as none of the kind"] == (1, ("way/3",))


def test_a_primary_school_beside_the_secondary_school_of_its_name_stays(tmp_path: Path) -> None:
    town = OsmMap()
    town.area(0, 0, 20, 20, amenity="school", name="Lliswerry Primary School")
    town.area(30, 0, 20, 20, amenity="school", name="Lliswerry High School")
    assert sorted(services(town.read(tmp_path))) == [
        ("primary_school", "Lliswerry Primary School"),
        ("secondary_school", "Lliswerry High School"),
    ]


# --- health centres ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("practices", "left"),
    [
        ([], ["Gezondheidscentrum De Brink"]),
        (["Huisartsenpraktijk De Brink"], ["Huisartsenpraktijk De Brink"]),
        (["Huisarts Jansen"], ["Huisarts Jansen"]),
        (["Huisarts Jansen", "Huisarts Smit"], ["Huisarts Jansen", "Huisarts Smit"]),
        # The name of the centre goes with both.
        (["De Brink - Jansen", "De Brink - Smit"], ["De Brink - Jansen", "De Brink - Smit"]),
        # One that does not say its name is that of the centre.
        ([""], ["Gezondheidscentrum De Brink"]),
    ],
)
@pytest.mark.parametrize("as_outline", [True, False])
def test_a_health_centre_gives_way_to_its_practices(
    tmp_path: Path,
    practices: list[str],
    left: list[str],
    as_outline: bool,  # noqa: FBT001
) -> None:
    village = OsmMap()
    if as_outline:
        village.area(-20, -20, 60, 40, **CENTRE, name="Gezondheidscentrum De Brink")
    else:
        village.node(10, 10, **CENTRE, name="Gezondheidscentrum De Brink")
    for number, name in enumerate(practices):
        village.node(12 * number, 0, **PRACTICE, **({"name": name} if name else {}))
    extract = village.read(tmp_path)
    assert services(extract) == [("gp", name) for name in left]


def test_a_practice_across_the_yard_of_a_centre_is_another(tmp_path: Path) -> None:
    village = OsmMap()
    village.area(
        0, 0, 30, 30, amenity="clinic", healthcare__speciality="general", name="Medisch Centrum Zuid"
    )
    village.node(15, -25, **PRACTICE, name="Huisarts Jansen")
    assert names(village.read(tmp_path)) == ["Huisarts Jansen", "Medisch Centrum Zuid"]


# --- there or not ----------------------------------------------------------------------------------------------------


def test_what_is_gone_or_closed_is_told_by_its_reason(tmp_path: Path) -> None:
    village = OsmMap()
    gone = {
        "disused": "yes",
        "end_date": "2024-12-31",
        "opening_date": "2031",
        "opening_hours": "closed",
        "access": "private",
    }
    for number, (key, value) in enumerate(gone.items()):
        village.node(100 * number, 0, **SHOP, name=key, **{key: value})
    village.node(0, 200, disused__shop="supermarket", name="gone")
    village.area(100, 200, 20, 20, was__amenity="school", name="gone as well")
    village.node(0, 400, **SHOP, name="open", end_date="who knows")
    extract = village.read(tmp_path)
    assert names(extract) == ["open"]
    assert {what: count for what, (count, _) in told(extract).items()} == {
        "facilities that are disused, abandoned or demolished": 1,
        "facilities whose end_date has passed": 1,
        "facilities whose opening_date or start_date is yet to come": 1,
        "facilities whose opening hours say closed": 1,
        "facilities that let no public in (access=private or no)": 1,
        "facilities that only a lifecycle prefix tells of, such as disused:shop": 2,
        "facilities with an opening or end date that cannot be read, taken to be open": 1,
    }


def test_a_closed_twin_does_not_close_the_shop_around_it(tmp_path: Path) -> None:
    # The old branch has its own node; the outline is the shop that is there now.
    town = OsmMap()
    town.area(0, 0, 40, 30, **SHOP, name="Jumbo")
    town.node(20, 15, **SHOP, name="Jumbo", end_date="2020")
    assert len(services(town.read(tmp_path))) == 1


def test_pupils_and_residents_are_let_in_where_the_public_is_not(tmp_path: Path) -> None:
    village = OsmMap()
    village.area(0, 0, 20, 20, **SCHOOL, name="De Berk", access="private")
    village.node(100, 0, amenity="nursing_home", name="De Eik", access="no")
    village.node(200, 0, amenity="library", name="Bieb", access="private")
    assert services(village.read(tmp_path)) == [("care_home", "De Eik"), ("primary_school", "De Berk")]


# --- order -----------------------------------------------------------------------------------------------------------


def town_of_twins() -> OsmMap:
    town = OsmMap()
    one = town.area(0, 0, 20, 20, **SCHOOL, name="OBS Dalen")
    other = town.area(40, 0, 20, 20, **SCHOOL, name="CBS Dalen")
    town.relation([("way", one, ""), ("way", other, "")], type="site", **SCHOOL, name="Scholen Dalen")
    town.area(200, 0, 40, 30, **SHOP, name="Jumbo")
    town.node(220, -20, **SHOP, name="Jumbo Dalen", opening_hours="Mo-Sa 08:00-20:00")
    town.node(230, 40, **SHOP, brand="Jumbo")
    town.node(260, 10, **SHOP, name="Aldi")
    town.area(400, 0, 60, 40, **CENTRE, name="Gezondheidscentrum De Brink")
    town.node(410, 10, **PRACTICE, name="De Brink - Jansen")
    town.node(420, 10, **PRACTICE, name="De Brink - Smit")
    town.node(430, 30, amenity="pharmacy", name="De Brink")
    return town


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**32))
@example(
    seed=107
)  # all ways in order, and no node missing at the end, but corners of areas only after the areas
def test_the_order_of_the_file_does_not_matter(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("town")

    def shuffled(objects: list[str]) -> list[str]:
        return random.Random(seed).sample(objects, len(objects))  # noqa: S311 -- an order, no secret

    sorted_file, shuffled_file = town_of_twins().read(folder), town_of_twins().read(folder, shuffled)
    assert services(sorted_file) == [
        ("gp", "De Brink - Jansen"),
        ("gp", "De Brink - Smit"),
        ("pharmacy", "De Brink"),
        ("primary_school", "CBS Dalen"),
        ("primary_school", "OBS Dalen"),
        ("supermarket", "Aldi"),
        ("supermarket", "Jumbo Dalen"),
    ]
    assert shuffled_file.facilities.id == sorted_file.facilities.id
    assert shuffled_file.facilities.also == sorted_file.facilities.also
    assert np.array_equal(shuffled_file.facilities.lon_deg, sorted_file.facilities.lon_deg)


WORDS = ("", "brink", "brink jansen", "brink smit", "eik")
FEATURES = st.tuples(
    st.integers(0, 40),
    st.integers(0, 40),
    st.sampled_from((0, 10, 60)),
    st.sampled_from(WORDS),
    st.booleans(),
)


def feature(x: int, y: int, size: int, words: str, is_house: bool) -> Mapped:  # noqa: FBT001
    """A point or square some metres from the origin on the equator, where a ten-thousandth of a degree is 11 m."""
    shape = shapely.box(x, y, x + size, y + size) if size else shapely.Point(x, y)
    named = frozenset({frozenset(words.split())}) if words else frozenset[frozenset[str]]()
    return Mapped(shapely.transform(shape, lambda at: at * 1e-5), Names(named), is_house)


@settings(deadline=None, max_examples=150)
@given(st.lists(FEATURES, min_size=1, max_size=4, unique_by=lambda row: row[:2]), st.booleans())
def test_the_order_of_the_features_does_not_matter(
    rows: list[tuple[int, int, int, str, bool]],
    shares_ground: bool,  # noqa: FBT001
) -> None:
    """Every order of the same features gives the same groups, and each feature is in one group or gave way."""
    features = [feature(*row) for row in rows]
    outcomes = set()
    for order in permutations(range(len(rows))):
        twins = same_services([features[number] for number in order], 15.0, shares_ground=shares_ground)
        groups = [tuple(sorted(order[place] for place in group)) for group in twins.services]
        gone = [order[place] for place in twins.gave_way]
        assert Counter([*gone, *(number for group in groups for number in group)]) == Counter(
            range(len(rows))
        )
        outcomes.add((tuple(sorted(groups)), tuple(sorted(gone))))
    assert len(outcomes) == 1

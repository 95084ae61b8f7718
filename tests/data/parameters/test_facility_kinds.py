"""Tag rules: which tags make a facility, and a table with mistakes in it."""

from pathlib import Path

import pytest

from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds

KINDS = load_facility_kinds()
KIND = '[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\n'


def kinds_of(**tags: str) -> list[str]:
    return [kind for kind, _ in KINDS.matches({key.replace("__", ":"): value for key, value in tags.items()})]


def test_the_table_names_every_kind_in_both_languages() -> None:
    assert KINDS.ids[:3] == ("gp", "pharmacy", "supermarket")
    assert "hub" in KINDS.ids
    assert len(set(KINDS.ids)) == 16
    assert KINDS.name("gp", "nl") == "huisarts"
    assert KINDS.name("village_hall", "en") == "village hall"
    with pytest.raises(ValueError, match="not in tuple"):
        KINDS.name("casino", "nl")


def test_the_table_is_a_value() -> None:
    assert load_facility_kinds() == KINDS
    assert hash(load_facility_kinds()) == hash(KINDS)


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({"amenity": "doctors"}, ["gp"]),
        ({"amenity": "doctors", "healthcare__speciality": "general"}, ["gp"]),
        ({"amenity": "doctors", "healthcare__speciality": "urology; General"}, ["gp"]),
        ({"amenity": "doctors", "healthcare__speciality": "urology"}, []),
        ({"healthcare": "doctor"}, ["gp"]),
        ({"healthcare": "hospital", "healthcare__speciality": "general"}, ["hospital"]),
        ({"amenity": "pharmacy"}, ["pharmacy"]),
        ({"amenity": "pharmacy", "dispensing": "no"}, []),
        ({"shop": "chemist"}, []),
        ({"disused__shop": "supermarket"}, []),
        ({"shop": "supermarket", "post_office": "post_partner"}, ["supermarket", "post"]),
        ({"shop": "supermarket", "post_office": "no"}, ["supermarket"]),
        ({"amenity": "school", "isced__level": "0;1"}, ["primary_school"]),
        ({"amenity": "school", "isced__level": "2;3"}, ["secondary_school"]),
        ({"amenity": "school", "school": "secondary"}, ["secondary_school"]),
        ({"amenity": "school", "school": "special_education_needs"}, ["special_school"]),
        ({"amenity": "school"}, ["primary_school"]),
        ({"amenity": "social_facility", "social_facility": "assisted_living"}, []),
        (
            {
                "amenity": "social_facility",
                "social_facility": "assisted_living",
                "social_facility__for": "senior",
            },
            ["care_home"],
        ),
        ({"social_facility": "nursing_home", "social_facility__for": "child"}, []),
        ({"dorpshub": "yes"}, []),
        # Rarer taggings, lists and levels.
        ({"amenity": "doctors", "healthcare__speciality": "huisarts"}, ["gp"]),
        ({"amenity": "clinic", "healthcare": "clinic", "healthcare__speciality": "family_medicine"}, ["gp"]),
        ({"amenity": "clinic", "name": "Huisartsenpraktijk Zuid"}, ["gp"]),
        ({"healthcare": "centre", "name": "Gezondheidscentrum Zuid"}, []),
        ({"amenity": "clinic", "healthcare__speciality": "urology", "name": "Huisartsenpost"}, []),
        ({"healthcare": "pharmacy"}, ["pharmacy"]),
        ({"healthcare": "pharmacy", "dispensing": "no"}, []),
        ({"shop": "chemist", "dispensing": "yes"}, ["pharmacy"]),
        ({"amenity": "doctors", "dispensing": "yes"}, ["gp", "pharmacy"]),
        ({"amenity": "pharmacy;doctors"}, ["gp", "pharmacy"]),
        ({"shop": "supermarket;bakery"}, ["supermarket"]),
        ({"shop": "bakery, convenience", "amenity": "post_office"}, ["convenience", "post"]),
        ({"shop": "kiosk", "post_office__type": "post_partner"}, ["post"]),
        ({"amenity": "vending_machine", "vending": "parcel_pickup;parcel_mail_in"}, ["post"]),
        ({"shop": "supermarket", "atm": "no"}, ["supermarket"]),
        ({"healthcare": "dentist"}, ["dentist"]),
        ({"amenity": "clinic", "healthcare__speciality": "physiotherapy;speech"}, ["physiotherapist"]),
        ({"amenity": "townhall", "name": "Dorpshuis De Schakel"}, ["village_hall"]),
        ({"amenity": "townhall", "name": "Gemeentehuis"}, []),
        *(
            ({"amenity": "school", "isced__level": level}, ["primary_school"])
            for level in ("1", "0,1", "0;1", "0-2", "1-3", "0 - 1", "0\u20132", "0+1", "1;2-3")
        ),
        *(({"amenity": "school", "isced__level": level}, []) for level in ("0", "12")),
        *(
            ({"amenity": "school", "isced__level": level}, ["secondary_school"])
            for level in ("2-3", "2,3", "3")
        ),
        ({"amenity": "school", "school__type": "basisonderwijs"}, ["primary_school"]),
        ({"amenity": "school", "school__type": "public"}, ["primary_school"]),
        ({"amenity": "school", "school__type": "secondary"}, ["secondary_school"]),
        ({"amenity": "school", "name": "CSG Het Voortgezet College"}, ["secondary_school"]),
        ({"amenity": "school", "name": "Helmholtz-Gymnasium"}, ["secondary_school"]),
        # A college may be a school for adults or of music: the name alone does not tell.
        ({"amenity": "school", "name": "Drenthe College"}, []),
        ({"amenity": "school", "name": "Grund- und Hauptschule"}, ["primary_school"]),
        # What the tags say goes before the name.
        ({"amenity": "school", "name": "Campus College", "isced__level": "1-3"}, ["primary_school"]),
        ({"amenity": "school", "name": "Primary School", "isced__level": "2"}, ["secondary_school"]),
        ({"amenity": "kindergarten"}, []),
    ],
)
def test_tags_make_kinds(tags: dict[str, str], kinds: list[str]) -> None:
    assert kinds_of(**tags) == kinds


def test_only_what_the_tags_leave_open_is_assumed() -> None:
    assert KINDS.matches({"amenity": "school", "isced:level": "1"}) == [("primary_school", "")]
    ((_, assumed),) = KINDS.matches({"amenity": "school"})
    assert "taken for primary schools" in assumed
    # Both the rule for general practice and the one for doctors hold: one without a doubt is enough.
    assert KINDS.matches({"amenity": "doctors", "healthcare": "general_practitioner"}) == [("gp", "")]


@pytest.mark.parametrize(
    ("tags", "kind", "says", "settles"),
    [
        ({"amenity": "doctors", "healthcare:speciality": "gynaecology"}, "gp", "another speciality", False),
        ({"amenity": "clinic"}, "gp", "without general practice", False),
        ({"amenity": "school", "isced:level": "2;3"}, "primary_school", "another level", True),
        ({"amenity": "school", "name": "Het College"}, "primary_school", "another level", True),
        ({"amenity": "kindergarten"}, "primary_school", "kindergartens", False),
        ({"amenity": "pharmacy", "dispensing": "no"}, "pharmacy", "do not dispense", False),
        ({"social_facility": "group_home"}, "care_home", "not for the elderly", False),
        ({"shop": "general"}, "convenience", "general and grocery stores", False),
    ],
)
def test_what_looks_like_a_kind_and_is_none_says_why(
    tags: dict[str, str],
    kind: str,
    says: str,
    settles: bool,  # noqa: FBT001
) -> None:
    assert kind not in [found for found, _ in KINDS.matches(tags)]
    (found,) = KINDS.left_out(tags)
    assert (found.kind, found.settles) == (kind, settles)
    assert says in found.why


def test_what_is_of_a_kind_is_not_left_out_of_it() -> None:
    assert KINDS.left_out({"amenity": "doctors;clinic"}) == []
    assert KINDS.left_out({"amenity": "bench"}) == []
    # A gynaecologist in a pharmacy is told of all the same.
    both = {"amenity": "pharmacy;doctors", "healthcare:speciality": "gynaecology"}
    assert [kind for kind, _ in KINDS.matches(both)] == ["pharmacy"]
    assert [found.kind for found in KINDS.left_out(both)] == ["gp"]


def test_every_kind_is_found_by_one_of_the_filter_keys() -> None:
    assert {"amenity", "shop", "healthcare", "post_office"} <= KINDS.keys
    assert KINDS.keys.isdisjoint({"dispensing", "name", "healthcare:speciality"})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[kind]\n", "not valid TOML"),
        ("", "one or more"),
        ("kind = 3\n", "one or more"),
        ("kind = [3]\n", "kind 1 is not a table"),
        ('[[kind]]\nid = "a b"\nname = {nl = "x", en = "y"}\nany = []\n', "needs an id"),
        ('[[kind]]\nid = "a"\nname = {nl = "x"}\nany = []\n', "a name in each of the languages nl, en"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\n', "needs a list 'any'"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [3]\n', "rule 1 must be a table"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{}]\n', "names no tag"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{shop = 3}]\n', "value of 'shop'"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{shop = []}]\n', "value of 'shop'"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{shop = false}]\n', "value of 'shop'"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{shop = "x", not = 1}]\n', "'not' must be"),
        (
            '[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = [{shop = "x", assumed = 1}]\n',
            "'assumed' must",
        ),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = []\nicon = "x"\n', "unknown entries: icon"),
        (KIND + 'any = [{name = "~x"}]\n', "must have whole values"),
        (KIND + 'any = [{shop = "x", settles = true}]\n', "in a rule of left_out only"),
        (KIND + 'any = []\nleft_out = [{shop = "x"}]\n', "must say 'why'"),
        (KIND + "any = []\nleft_out = [3]\n", "left_out 1 must be a table"),
        (KIND + "any = []\nany_access = 1\n", "'any_access' must be true or false"),
        (KIND + "any = []\ntwins = 3\n", "'twins' must be a table"),
        (KIND + "any = []\ntwins = {reach = 3}\n", "'twins' must be a table"),
        (KIND + "any = []\ntwins = {reach_m = -1}\n", "'reach_m' must be a number"),
        (KIND + "any = []\ntwins = {words = []}\n", "'reach_m' must be a number"),
        (KIND + 'any = []\ntwins = {reach_m = 1, words = "x"}\n', "'words' must be a list"),
        (KIND + "any = []\ntwins = {reach_m = 1, shares_ground = 1}\n", "'shares_ground' must be"),
        (KIND + "any = []\ntwins = {reach_m = 1, houses = [{}]}\n", "house 1 names no tag"),
        ('[[kind]]\nid = "a"\nname = {nl = "x", en = "y"}\nany = []\n' * 2, "'a' is given to more than one"),
    ],
)
def test_mistakes_in_the_table_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=complaint):
        load_facility_kinds(path)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text('[[kind]]\nid = "a"\nany = [{shop = 3}]\n')
    with pytest.raises(InputError, match=r"a name in each.*value of 'shop'"):
        load_facility_kinds(path)


def test_a_table_that_was_changed_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "kinds.toml"
    for name in ("a", "b"):
        path.write_text(
            f'[[kind]]\nid = "{name}"\nname = {{nl = "x", en = "y"}}\nany = []\n', encoding="utf-8"
        )
        assert load_facility_kinds(path).ids == (name,)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_facility_kinds(tmp_path / "nowhere.toml")

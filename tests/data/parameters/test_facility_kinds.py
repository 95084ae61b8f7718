"""Tag rules: which tags make a facility, and a table with mistakes in it."""

from pathlib import Path

import pytest

from data.errors import InputError
from data.parameters.facility_kinds import load_facility_kinds

KINDS = load_facility_kinds()


def kinds_of(**tags: str) -> list[str]:
    return [kind for kind, _ in KINDS.matches({key.replace("__", ":"): value for key, value in tags.items()})]


def test_the_table_names_every_kind_in_both_languages() -> None:
    assert KINDS.ids[:3] == ("gp", "pharmacy", "supermarket")
    assert "hub" in KINDS.ids
    assert len(set(KINDS.ids)) == 13
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
        ({"healthcare": "hospital", "healthcare__speciality": "general"}, []),
        ({"amenity": "pharmacy"}, ["pharmacy"]),
        ({"amenity": "pharmacy", "dispensing": "no"}, []),
        ({"shop": "chemist"}, []),
        ({"disused__shop": "supermarket"}, []),
        ({"shop": "supermarket", "post_office": "post_partner"}, ["supermarket", "post"]),
        ({"shop": "supermarket", "post_office": "no"}, ["supermarket"]),
        ({"amenity": "school", "isced__level": "0;1"}, ["primary_school"]),
        ({"amenity": "school", "isced__level": "2;3"}, []),
        ({"amenity": "school", "school": "secondary"}, []),
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


def test_every_kind_is_found_by_one_of_the_filter_keys() -> None:
    assert {"amenity", "shop", "healthcare", "post_office"} <= KINDS.keys
    assert "dispensing" not in KINDS.keys


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


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_facility_kinds(tmp_path / "nowhere.toml")

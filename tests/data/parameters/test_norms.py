"""Norms and behaviour are data with their source; a region may say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.norms import load_norms
from data.study_area.region_toml import EMBEDDED, embedded_regions

KINDS = load_facility_kinds().ids
CHOICE = """
[[norm]]
kind = "gp"
mode = "bike"
limit_min = 12.0
source = "Council of the valley, 2025"
nl = "Twaalf minuten."
en = "Twelve minutes."
"""


def test_the_quarter_of_an_hour_of_the_gp_is_said_to_be_no_travel_norm() -> None:
    (norm, choice) = load_norms(None).of("gp", "car")
    assert norm.limit_s == 15 * 60
    assert "WTZi" in norm.source
    assert "geen norm voor hoe lang een patiënt" in norm.text("nl")
    assert "no norm for how long a patient" in norm.text("en")
    # It is the GP who comes by car: by bike nothing is laid down.
    assert not choice.is_norm
    assert load_norms(None).of("gp", "bike") == (choice,)


def test_every_limit_is_of_a_kind_that_exists_and_is_explained_in_both_languages() -> None:
    for norm in load_norms(None).norms:
        assert norm.kind in KINDS
        assert norm.is_norm or "keuze" in norm.nl
        assert norm.is_norm or "choice" in norm.en


def test_a_region_adds_limits_and_replaces_those_of_the_same_question(tmp_path: Path) -> None:
    (tmp_path / "norms.toml").write_text(CHOICE)
    norms = load_norms(tmp_path)
    assert [norm.limit_min for norm in norms.of("gp", "bike")] == [12, 10]
    (tmp_path / "norms.toml").write_text(CHOICE.replace('mode = "bike"', 'mode = ""'))
    assert [norm.limit_min for norm in load_norms(tmp_path).of("gp", "bike")] == [12]


def test_a_region_without_the_files_has_what_comes_along(tmp_path: Path) -> None:
    assert load_norms(tmp_path) == load_norms(None)
    assert load_behaviour(tmp_path) == load_behaviour(None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CHOICE.replace("limit_min = 12.0\n", ""), "norm 1: give either limit_min or limit_m"),
        (CHOICE.replace("limit_min = 12.0", "limit_min = 12.0\nlimit_m = 5.0"), "give either"),
        (CHOICE.replace("12.0", "-1.0"), "> 0"),
        (CHOICE.replace("12.0", "inf"), "<= 1000000000"),
        (CHOICE.replace("12.0", "nan"), "norm 1: "),
        (CHOICE.replace("12.0", "9999-12-31"), "norm 1: "),
        (CHOICE + CHOICE.replace('source = "Council of the valley, 2025"', ""), "norm 2: Object missing"),
        (CHOICE.replace("[[norm]]", "[[rule]]"), "unknown tables rule"),
        (CHOICE.replace("[[norm]]", "[norm]"), "must be written as [[norm]]"),
        ("norm =", "cannot be read as TOML"),
    ],
)
def test_a_bad_file_of_norms_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "norms.toml").write_text(text)
    with pytest.raises(InputError) as error:
        load_norms(tmp_path)
    assert says in str(error.value)


def test_all_faults_of_the_norms_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "norms.toml").write_text(CHOICE.replace("12.0", "-1.0") + CHOICE.replace("en =", "de ="))
    with pytest.raises(InputError, match=r"norm 1: .*norm 2: "):
        load_norms(tmp_path)


def test_an_average_inhabitant_has_the_contacts_that_nivel_counts() -> None:
    contacts = load_behaviour(None).contacts_with("gp")
    assert contacts is not None
    # 5.1 a year, to the rounding of the bands; more with every band from 20 on.
    assert contacts.average == pytest.approx(5.1, abs=0.05)
    assert sorted(contacts.per_year) == list(contacts.per_year)


def test_four_fifths_of_those_of_17_and_over_have_a_licence_as_cbs_counts() -> None:
    # By the shares of the bands: 58.9 + 10.9 + 8.0 per cent of the people, and of those under 20 nearly nobody.
    _, adults, older, oldest = load_behaviour(None).without_car.share
    with_licence = 0.589 * (1 - adults) + 0.109 * (1 - older) + 0.080 * (1 - oldest)
    assert with_licence / (0.589 + 0.109 + 0.080) == pytest.approx(0.80, abs=0.02)


@pytest.mark.parametrize("name", embedded_regions())
def test_the_embedded_regions_have_behaviour_and_norms_that_can_be_read(name: str) -> None:
    folder = EMBEDDED / name
    capacity = load_behaviour(folder).capacity_of("gp")
    assert capacity is not None
    # 84 practices are counted for the 310,191 inhabitants, 3,693 each; one that is modelled stands for 4,000.
    assert capacity.people_per_unit == pytest.approx(310_191 / 84, abs=10)
    assert load_norms(folder).norms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[decay]]\nname = "x"\nform = "steps"\nassumed = true\nsource = "x"\n', "belong to the form steps"),
        (
            '[[decay]]\nname = "x"\nform = "steps"\nsteps_min = [2.0, 1.0]\nweights = [1, 1]\nassumed = true\nsource = "x"',
            "must ascend",
        ),
        (
            '[[contacts]]\nkind = "gp"\nper_year = [1.0]\non_site_share = 1.0\nassumed = true\nsource = "x"\n',
            "length 4",
        ),
        (
            '[without_car]\nshare = [2.0, 0.0, 0.0, 0.0]\nhouseholds_share = 0.3\nassumed = true\nsource = "x"\n',
            "<= 1",
        ),
    ],
)
def test_bad_behaviour_is_refused_in_words(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "behaviour.toml").write_text(text)
    with pytest.raises(InputError) as error:
        load_behaviour(tmp_path)
    assert says in str(error.value)

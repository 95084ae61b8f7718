"""The state of the app survives in its link, and a damaged link says so."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import ScenarioError
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.scenario import EMPTY, Scenario
from ui.state.link import LARGEST_SCENARIO_BYTES, Choices, pack, read_choices, to_query, unknown_words, unpack

SCENARIO = Scenario(
    "Hub in Zwiggelte \u00e9n Valthe",
    "",
    (
        PlaceHub(place_id="valthe", kinds=("gp",)),
        PlaceHub(lon_deg=6.7, lat_deg=52.8, kinds=()),
        CloseFacility("gp-1"),
    ),
)


def test_the_first_link_is_bare() -> None:
    assert to_query(Choices(), EMPTY) == {}
    assert read_choices({}) == Choices()


def test_a_link_gives_back_what_was_chosen() -> None:
    choices = Choices(
        lang="en",
        traveller="frame",
        date="2026-10-10",
        hours="17-19",
        kind="supermarket",
        mode="bike_transit",
        limit=45,
        show="difference",
        place="exloo",
        what_if="close-gp",
    )
    query = to_query(choices, SCENARIO)
    assert read_choices(query) == choices
    assert unpack(query["s"]) == SCENARIO


@pytest.mark.parametrize(
    "name", ["lang", "region", "traveller", "date", "hours", "kind", "mode", "limit", "show", "what_if"]
)
def test_an_unknown_choice_is_the_default(name: str) -> None:
    assert read_choices({name: "<script>"}) == Choices()


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20261010", "2026-W41-6", "10-10-2026", "2026-10-10T09:00", "9" * 99]
)
def test_a_date_is_written_in_one_way_only(text: str) -> None:
    assert read_choices({"date": text}) == Choices()


@given(text=st.text(max_size=60))
@settings(deadline=None)
def test_no_text_in_a_link_breaks_the_app(text: str) -> None:
    with pytest.raises(ScenarioError, match=r"link|scenario"):
        unpack(text)


@given(name=st.text(st.characters(codec="utf-8"), max_size=80))
@settings(deadline=None)
def test_any_name_survives(name: str) -> None:
    scenario = Scenario(name, "", SCENARIO.edits)
    assert unpack(pack(scenario)) == scenario


def test_a_cut_link_is_damaged() -> None:
    with pytest.raises(ScenarioError, match="damaged"):
        unpack(pack(SCENARIO)[:-8])


def test_a_hub_without_a_place_survives_and_is_refused_when_it_is_applied() -> None:
    # Whoever has such a link sees which edit is wrong beside the others, and no traceback.
    hub = PlaceHub(kinds=("gp",))
    assert hub.site_id == ""
    assert unpack(pack(Scenario("", "", (hub,)))) == Scenario("", "", (hub,))


def test_a_link_that_unpacks_to_too_much_is_refused() -> None:
    bomb = urlsafe_b64encode(zlib.compress(b"0" * (LARGEST_SCENARIO_BYTES + 1))).decode()
    with pytest.raises(ScenarioError, match="damaged"):
        unpack(bomb)


def test_what_is_unknown_in_a_link_is_named_as_it_stands_there() -> None:
    query = {
        "mode": "hovercraft",
        "kind": "gp",
        "limit": "7",
        "date": "2026-99-99",
        "place": "atlantis",
        "s": "x",
    }
    assert unknown_words(query) == ("date=2026-99-99", "mode=hovercraft", "limit=7")
    assert unknown_words(to_query(Choices(mode="car", limit=20), EMPTY)) == ()

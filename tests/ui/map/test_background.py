"""Which server of map pictures is offered for which region, and what the visitor is told before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from support.toys.ui import toy_view, toy_world
from ui.map.background import SOURCES, background, load_sources
from ui.map.layers import map_data
from ui.words.i18n import texts_in

NL, EN = texts_in("nl"), texts_in("en")
OWN = """
[[source]]
name = "Ons"
tiles = "https://tiles.example/{z}/{x}/{y}.png"
credit = "Wij"
link = "https://example"
crs = []
zooms = [5, 17]
"""


def test_the_netherlands_get_the_map_of_its_land_registry_and_others_that_of_openstreetmap() -> None:
    dutch, other = (background(crs, load_sources(), NL) for crs in ("EPSG:28992", "EPSG:27700"))
    assert dutch is not None
    assert other is not None
    assert dutch["tiles"].startswith(
        "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/"
    )
    assert "Kadaster, CC BY 4.0" in dutch["credit"]
    assert other["tiles"] == "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    assert other["credit"] == "\u00a9 OpenStreetMap contributors"
    assert other["link"] == "https://www.openstreetmap.org/copyright"


def test_the_visitor_is_told_whose_server_it_is_and_what_it_sees() -> None:
    offered = background("EPSG:28992", load_sources(), EN)
    assert offered is not None
    assert offered["texts"]["told"] == (
        "Your browser then asks PDOK (Kadaster) for pictures of the map. That server sees your internet address and which "
        "piece of the map you look at."
    )
    assert all("{" not in text for text in offered["texts"].values())


def test_the_address_is_changed_in_one_file(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN)
    offered = background("EPSG:28992", load_sources(own), NL)
    assert offered is not None
    assert (offered["tiles"], offered["zooms"]) == ("https://tiles.example/{z}/{x}/{y}.png", [5, 17])


def test_without_a_source_for_a_region_there_is_no_switch(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace("crs = []", 'crs = ["EPSG:3035"]'))
    assert background("EPSG:28992", load_sources(own), NL) is None
    own = tmp_path / "none.toml"
    own.write_text("# nothing is offered\n")
    assert background("EPSG:28992", load_sources(own), NL) is None


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("/{y}.png", ".png", r"lacks \{y\}"),
        ("https://tiles", "javascript:tiles", "no list of map servers"),
        ("link = ", "site = ", "no list of map servers"),
        ("zooms = [5, 17]", "zooms = [5]", "no list of map servers"),
        ("[[source]]", "[[source", "no list of map servers"),
    ],
)
def test_a_bad_file_names_what_is_wrong(tmp_path: Path, before: str, after: str, says: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN.replace(before, after))
    with pytest.raises(InputError, match=says) as error:
        load_sources(own)
    assert str(own) in str(error.value)


def test_every_map_is_given_the_offer_and_no_picture() -> None:
    data = map_data(toy_world(), toy_view(), "after", NL, "kaart")
    assert data["background"] == background("EPSG:28992", load_sources(SOURCES), NL)

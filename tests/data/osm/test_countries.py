"""Kinds of street that are open in one country and closed in another, by where they lie."""

from __future__ import annotations

import numpy as np
import pytest

from data.osm.countries import with_country_rules
from data.parameters.access_by_country import load_countries
from data.streets import StreetMap, TagSet

PLACES = {
    "Emmen": (6.9, 52.78),
    "Maastricht": (5.69, 50.85),
    "Hasselt": (5.33, 50.93),
    "Heidelberg": (8.68, 49.4),
    "São Paulo": (-46.63, -23.55),
    "Newport": (-3.0, 51.58),
    "Innsbruck": (11.4, 47.26),
    "Oslo": (10.75, 59.91),
    "Austin": (-97.74, 30.27),
}


def one_way(where: tuple[float, float], **tags: str) -> dict[str, str]:
    """Tags of one way at a place, after its country has spoken."""
    streets, _ = with_country_rules(streets_at([where], tuple(tags.items())))
    return dict(streets.tag_sets[streets.way_tags[0]])


def streets_at(places: list[tuple[float, float]], tags: TagSet) -> StreetMap:
    """A way of a hundred metres or so at each place."""
    n = len(places)
    lon = np.array([lon + step for lon, _ in places for step in (0, 0.001)])
    return StreetMap(
        node_id=np.arange(2 * n, dtype=np.int64),
        lon_deg=lon,
        lat_deg=np.repeat([lat for _, lat in places], 2),
        node_tags=np.zeros(2 * n, np.int32),
        way_id=np.arange(1, n + 1, dtype=np.int64),
        way_offset=2 * np.arange(n + 1, dtype=np.int64),
        way_node=np.arange(2 * n, dtype=np.int32),
        way_tags=np.ones(n, np.int32),
        tag_sets=((), tuple(sorted((key.replace("__", ":"), value) for key, value in tags))),
    )


@pytest.mark.parametrize("kind", ["trunk", "trunk_link"])
def test_trunk_roads_are_closed_to_walkers_where_the_country_says_so(kind: str) -> None:
    closed = {"highway": kind, "foot": "no", "bicycle": "no"}
    for place in ("Emmen", "Maastricht", "Hasselt", "Innsbruck"):
        assert one_way(PLACES[place], highway=kind) == closed, place
    for place in ("São Paulo", "Heidelberg", "Newport", "Austin", "Oslo"):
        assert one_way(PLACES[place], highway=kind) == {"highway": kind}, place


def test_what_is_tagged_goes_before_the_country() -> None:
    emmen = PLACES["Emmen"]
    assert one_way(emmen, highway="trunk", bicycle="yes") == {
        "highway": "trunk",
        "bicycle": "yes",
        "foot": "no",
    }
    found = one_way(emmen, highway="trunk", foot="yes", bicycle__backward="no")
    assert found == {"highway": "trunk", "foot": "yes", "bicycle:backward": "no"}


def test_tracks_are_for_farm_traffic_where_the_country_says_so() -> None:
    for place in ("Hasselt", "Oslo"):
        assert one_way(PLACES[place], highway="track") == {
            "highway": "track",
            "motor_vehicle": "agricultural",
        }
        assert one_way(PLACES[place], highway="track", motorcar="yes") == {
            "highway": "track",
            "motorcar": "yes",
        }
    for place in ("Emmen", "Heidelberg", "Newport"):
        assert one_way(PLACES[place], highway="track") == {"highway": "track"}


def test_a_map_across_a_border_follows_both_countries_and_tells_which_ways() -> None:
    # Bourtange in the Netherlands, Rhede in Germany: eight kilometres from each other.
    streets, report = with_country_rules(streets_at([(7.18, 53.0), (7.27, 53.06)], (("highway", "trunk"),)))
    found = [dict(streets.tag_sets[row]) for row in streets.way_tags]
    assert found == [{"highway": "trunk", "foot": "no", "bicycle": "no"}, {"highway": "trunk"}]
    (told,) = report.findings
    assert (told.action, told.count, told.examples) == ("assumed", 1, ("1",))
    assert "rules of the country" in told.what


def test_streets_that_no_country_rules_are_left_alone() -> None:
    streets = streets_at([PLACES["Emmen"]], (("highway", "residential"),))
    assert with_country_rules(streets)[0] is streets
    streets = streets_at([PLACES["Newport"]], (("highway", "track"),))
    assert with_country_rules(streets)[0] is streets


def test_every_country_has_a_source_and_zones_of_its_own() -> None:
    countries = load_countries()
    assert all(country.source and (country.trunk or country.track) for country in countries)
    zones = [zone for country in countries for zone in country.zones]
    assert len(zones) == len(set(zones))

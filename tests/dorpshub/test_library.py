"""The library for notebooks, on three villages on a road; and the examples of its docstrings, on the region that comes along.

On foot one goes 1.33 m/s: the 2 km between two villages take 1504 s, the 4 km from end to end 3008 s.
"""

from __future__ import annotations

import doctest
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest

import dorpshub
from data.errors import InputError, RegionError, ScenarioError
from data.osm.extract import read_osm_streets
from dorpshub import (
    answers,
    cared,
    costed,
    explained,
    monitored,
    planned,
    reached,
    regions,
    reported,
    schools,
)
from dorpshub import points as points_between
from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from support.real_networks import FILES
from support.toys.region import lonlat, write_toy_region, write_week

HUB: dict[str, Any] = {
    "name": "Hub",
    "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}],
}

ROOMS = (
    *(regions, answers, cared, costed, explained, planned, reached, reported, points_between),
    *(schools, monitored),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_region(tmp_path_factory.mktemp("library") / "valley")


@pytest.fixture(scope="module")
def valley(folder: Path) -> dorpshub.Region:
    return dorpshub.open_region(folder)


def points(*spots: str) -> pd.DataFrame:
    return pd.DataFrame([(spot, *lonlat(spot)) for spot in spots], columns=["id", "lon", "lat"])


def test_the_examples_run() -> None:
    found = [doctest.testmod(room) for room in ROOMS]
    assert (sum(of.failed for of in found), sum(of.attempted for of in found) > 20) == (0, True)


def test_importing_the_package_loads_none_of_what_it_stands_on() -> None:
    code = "import dorpshub, sys; print(sorted({'numpy', 'pandas', 'numba', 'shapely'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_the_package_runs_as_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dorpshub", "--help"], capture_output=True, text=True, check=True
    )
    assert "Travel times from every village" in done.stdout


def test_everything_offered_is_there_and_nothing_else() -> None:
    assert dir(dorpshub) == sorted(dorpshub.__all__)
    for name in dorpshub.__all__:
        offered = getattr(dorpshub, name)
        assert offered is getattr(sys.modules[offered.__module__], name)
        assert sys.modules[offered.__module__] in ROOMS
    with pytest.raises(AttributeError, match=r"no attribute 'teleport'; it offers .*travel_times"):
        getattr(dorpshub, "teleport")  # noqa: B009 -- the type checker knows as well


def test_a_region_says_what_it_is(valley: dorpshub.Region) -> None:
    assert repr(valley) == "Region('valley', 4 places, 2 facilities, Tuesday 2026-10-06, adult)"
    places, facilities = valley.places, valley.facilities
    assert places.crs.to_epsg() == facilities.crs.to_epsg() == 4326
    assert places.set_index("place_id")["inhabitants"].to_dict() == {
        "west": 400, "mid": 200, "east": 100, "lone": 4,
    }  # fmt: skip
    # The GP is in Mid, to the fifth decimal of a degree: about a metre.
    at = facilities.set_index("kind").geometry["gp"]
    assert (at.x, at.y) == pytest.approx(lonlat("mid"), abs=1e-5)


def test_a_region_on_a_date_for_a_traveller(tmp_path: Path) -> None:
    folder = write_week(tmp_path / "valley")
    saturday = dorpshub.open_region(folder, date="2026-10-10", traveller="75plus")
    assert repr(saturday) == "Region('valley', 4 places, 2 facilities, Saturday 2026-10-10, 75plus)"
    # 2 km at 0.94 m/s.
    by_foot = dorpshub.travel_times(saturday, "gp", "walk").set_index("place_id")["travel_time_s"]
    assert by_foot["west"] == 2128
    with pytest.raises(InputError, match="nearest days with service are 2026-10-10 and 2026-10-12"):
        dorpshub.open_region(folder, date="2026-10-11")


def test_times_of_every_place(valley: dorpshub.Region) -> None:
    table = dorpshub.travel_times(valley, "gp", ["walk", "transit"])
    on_foot, by_bus = (table[table["mode"] == mode].set_index("place_id") for mode in ("walk", "transit"))
    assert on_foot["travel_time_s"].dropna().to_dict() == {"west": 1504, "mid": 0, "east": 1504}
    assert on_foot["reason"]["lone"] == "no street within reach"
    # The bus takes 4 minutes and goes each half hour; one who would wait longer than 21 minutes walks.
    assert 240 < by_bus["travel_time_s"]["west"] < 1504
    assert (on_foot.geometry["west"].x, on_foot.geometry["west"].y) == pytest.approx(lonlat("west"), abs=1e-5)
    # All kinds that occur, by the eight modes of an adult without the ride that nobody offers here.
    assert len(dorpshub.travel_times(valley)) == 4 * 2 * 7


@pytest.mark.parametrize("form", ["mapping", "text", "file", "name of the file", "scenario"])
def test_a_scenario_in_any_form_leaves_the_region_as_it_is(
    valley: dorpshub.Region, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "hub.json"
    file.write_text(json.dumps(HUB))
    scenario: Any = {
        "mapping": HUB,
        "text": json.dumps(HUB),
        "file": file,
        "name of the file": str(file),
        "scenario": Scenario("Hub", edits=(PlaceHub(place_id="west", kinds=("gp",)),)),
    }[form]
    after = dorpshub.apply(valley, scenario)
    # The GP, and the hub that offers it.
    assert (
        repr(after) == "Region('valley', 4 places, 4 facilities, Tuesday 2026-10-06, adult, scenario 'Hub')"
    )
    assert "2 facilities" in repr(valley)


def test_a_scenario_on_another_has_both_names(valley: dorpshub.Region) -> None:
    closed = {"edits": [{"edit": "CloseFacility", "facility_id": "gp-0"}]}
    after = dorpshub.apply(dorpshub.apply(valley, HUB), closed)
    assert after.scenario == "Hub + unnamed"
    # Only the GP of the hub in West is left.
    assert dorpshub.travel_times(after, "gp", "walk")["travel_time_s"].dropna().tolist() == [0, 1504, 3008]


def test_a_scenario_that_does_not_fit_is_refused(valley: dorpshub.Region) -> None:
    with pytest.raises(ScenarioError, match="edit 1"):
        dorpshub.apply(valley, {"edits": [{"edit": "CloseFacility", "facility_id": "casino"}]})


def test_before_and_after(valley: dorpshub.Region) -> None:
    table = dorpshub.compare(valley, dorpshub.apply(valley, HUB), "gp", "walk").set_index("place_id")
    assert table["before_scenario"].unique().tolist() == ["as it is"]
    # A GP opens in West: who lives there saves the 2 km to Mid, for all others nothing changes.
    assert table["difference_s"].to_dict() == {"west": -1504, "mid": 0, "east": 0, "lone": 0}
    assert table["change"].to_dict() == {"west": "shorter", "mid": "same", "east": "same", "lone": "never"}


def test_before_and_after_of_two_regions_are_refused(valley: dorpshub.Region) -> None:
    with pytest.raises(InputError, match="do not have the same places"):
        dorpshub.compare(valley, dorpshub.open_region("zuid-oost-drenthe"))


def test_what_a_scenario_costs_and_what_people_get_for_it(valley: dorpshub.Region, tmp_path: Path) -> None:
    paid = {"edits": [{**HUB["edits"][0], "cost_per_year": 40_000}]}
    table = dorpshub.costs(valley, paid).set_index("item")
    assert table["per_year_eur"].to_dict() == {"hub": 40_000, "total": 40_000}
    # The 400 of West come within ten minutes on foot of a GP, who was 25 minutes away.
    row = dorpshub.value_for_money(valley, paid, "gp", "walk").iloc[0]
    assert (row["gained"], row["per_person_eur"]) == (400, 100)
    # A GP in the hub of which nobody said what it costs is assumed, and rates of one's own do not change that.
    rates = tmp_path / "rates.toml"
    rates.write_text('[ride]\neuros = 1.0\nlow = 1.0\nhigh = 1.0\nassumed = false\nsource = "x"\n')
    assert set(dorpshub.costs(valley, HUB, rates=rates)["basis"]) == {"assumed"}
    with pytest.raises(InputError, match="has a scenario already"):
        dorpshub.costs(dorpshub.apply(valley, HUB), paid)


def test_one_hub_comes_where_most_people_have_furthest(valley: dorpshub.Region) -> None:
    with pytest.raises(ScenarioError, match="4 people reach no site at all: Lone"):
        dorpshub.place_hubs(valley, 1, "gp", "walk")
    hubs = dorpshub.place_hubs(valley, 1, "gp", "walk", unreached_min=60)
    assert hubs["site_id"].tolist() == ["west"]
    # The 100 of East still walk 2 km to Mid; the 4 of Lone count as an hour each.
    assert hubs["value"].tolist() == [100 * 1504 + 4 * 3600]
    elsewhere = dorpshub.place_hubs(valley, 1, "gp", "walk", unreached_min=60, forbidden=["west"])
    assert elsewhere["site_id"].tolist() == ["east"]


def test_there_and_back(valley: dorpshub.Region) -> None:
    table = dorpshub.round_trips(valley, "supermarket", "walk", stay_min=30).set_index("place_id")
    # From West 4 km there, half an hour in the shop, 4 km back; in East only the half hour.
    assert table["away_best_s"].dropna().to_dict() == {
        "west": 3008 + 1800 + 3008,
        "mid": 1504 + 1800 + 1504,
        "east": 1800,
    }


def test_one_way_in_words(valley: dorpshub.Region) -> None:
    # Who leaves at 8:30 takes the first bus, at 9:00: it is in East 8 minutes later.
    way = dorpshub.explain(valley, "west", "supermarket", at="08:30")
    assert (way.departure_s, way.arrival_s) == (8.5 * 3600, 9 * 3600 + 480)
    assert (
        str(way).splitlines()[0]
        == "West to Supermarket east, transit, Tuesday 2026-10-06: 38 min, 08:30 to 09:08"
    )
    assert "line 1 towards East, at East 09:08" in way.legs[1]
    # The last bus that is there by 10:00 leaves at 9:30.
    assert dorpshub.explain(valley, "West", "supermarket", arrive_by="10:00").departure_s == 9.5 * 3600
    nowhere = dorpshub.explain(valley, "Lone", "gp", "walk", at="09:00")
    assert (nowhere.arrival_s, nowhere.legs) == (None, ())
    assert (
        str(nowhere)
        == "There is no connection from Lone within 4 hours on Tuesday 2026-10-06, leaving at 09:00."
    )


@pytest.mark.parametrize("streets", ["region", "file", "graph", "file of the graph"])
def test_a_matrix_over_any_streets(
    valley: dorpshub.Region, folder: Path, tmp_path: Path, streets: str
) -> None:
    graph = valley.to_networkx("bike")
    osmnx.save_graphml(graph, tmp_path / "streets.graphml")
    over: dict[str, Any] = {
        "region": valley,
        "file": folder / "streets.osm",
        "graph": graph,
        "file of the graph": str(tmp_path / "streets.graphml"),
    }
    table = dorpshub.matrix(over[streets], points("west", "mid"), points("east"))
    assert table["travel_time_s"].tolist() == [3008, 1504]
    within = dorpshub.matrix(over[streets], points("west", "mid"), points("east"), max_min=30)
    # 3008 s are more than 30 minutes.
    assert within["travel_time_s"].isna().tolist() == [True, False]


@pytest.mark.parametrize("town", ["newport", "heidelberg"])
def test_times_of_a_mode_are_the_same_whatever_else_is_asked(town: str) -> None:
    # The network is kept for the modes that are asked; edges end, and so times are rounded, where they always do.
    if not FILES[town].exists():
        pytest.skip(f"the shared test data of {town} is not here")
    streets, _ = read_osm_streets(FILES[town])
    row = np.random.default_rng(5).integers(len(streets.node_id), size=40)
    somewhere = pd.DataFrame(
        {"id": row, "lon": streets.lon_deg[row], "lat": streets.lat_deg[row]}
    ).drop_duplicates("id")
    together = dorpshub.matrix(
        FILES[town], somewhere, somewhere, modes=("walk", "bike", "ebike", "car"), keep=False
    )
    for mode, of_mode in together.groupby("mode"):
        alone = dorpshub.matrix(FILES[town], somewhere, somewhere, modes=str(mode), keep=False)
        pd.testing.assert_frame_equal(of_mode.reset_index(drop=True), alone)


def test_a_matrix_with_a_timetable_and_a_pace(folder: Path) -> None:
    table = dorpshub.matrix(
        folder / "streets.osm", points("west"), points("east"), modes=["walk", "transit"],
        timetables=[folder / "timetable.zip"], date="2026-10-06", speeds_kmh={"walk": 3.6},
        window_min=1, percentiles=[50],
    )  # fmt: skip
    # 4 km at 1 m/s; the bus that leaves at 9:00 sharp takes 8 minutes.
    assert table["travel_time_s"].dropna().tolist() == [4000]
    assert table["travel_time_p50_s"].dropna().tolist() == [480]


def test_a_matrix_has_the_limits_of_the_command(valley: dorpshub.Region, folder: Path) -> None:
    by_bus: dict[str, Any] = {
        "modes": "transit", "timetables": [folder / "timetable.zip"], "date": "2026-10-06", "window_min": 1,
        "percentiles": [50],
    }  # fmt: skip

    def seconds(streets: Any, origin: str, **more: Any) -> list[float]:
        table = dorpshub.matrix(streets, points(origin), points("east"), **more)
        return table["travel_time_p50_s"].tolist()

    streets = folder / "streets.osm"
    # The bus that leaves at 9:00 sharp takes 8 minutes; without a way to the stop there is only the walk of 4 km.
    assert seconds(streets, "west", **by_bus) == [480]
    assert seconds(streets, "west", **by_bus, crs="EPSG:28992") == [480]
    assert seconds(streets, "west", **by_bus, max_rides=1) == [480]
    near = lonlat("west")
    aside = pd.DataFrame([("aside", near[0] + 0.01, near[1])], columns=["id", "lon", "lat"])
    both = dorpshub.matrix(
        streets, pd.concat([points("west"), aside]), points("east"), **by_bus, max_access_min=1
    )
    # 0.01 degrees east are some 675 m along the road, more than a minute on foot: the 3.3 km left are walked at 1.33 m/s.
    assert both["travel_time_p50_s"].tolist() == [480, pytest.approx(2500, abs=50)]
    of_region = {"modes": "transit", "window_min": 1, "percentiles": [50]}
    assert seconds(valley, "west", **of_region, max_access_min=10, max_rides=1) == [480]


def test_all_answers_take_a_time_by_which_people_must_be_there(valley: dorpshub.Region, folder: Path) -> None:
    # The buses from West are in East at 9:08 and 9:38. To be there at 9:10 one takes the first: 10 minutes from leaving at
    # 9:00; at 9:07 nothing is in time but the walk of 3,008 s. Of the half hour from 9:08 on each minute more takes one
    # minute more: 8 to 37, in the middle, the higher of two, 23.
    for arrive_by, seconds in (("9:10", 600), ("9:07", 3008), ("09:08-09:38", 23 * 60)):
        by_file: dict[str, Any] = {"timetables": [folder / "timetable.zip"], "date": "2026-10-06"}
        for streets, more in ((valley, {}), (folder / "streets.osm", by_file)):
            table = dorpshub.matrix(
                streets, points("west", "mid"), points("east"), modes="transit", percentiles=[50],
                arrive_by=arrive_by, **more,
            )  # fmt: skip
            assert table["travel_time_p50_s"].tolist()[0] == seconds
    # The GP is at Mid, where the bus is at 9:04 and 9:34.
    times = dorpshub.travel_times(valley, "gp", "transit", arrive_by="9:10")
    assert times.set_index("place_id").loc["west", "travel_time_s"] == 600
    assert set(times["window"]) == {"arriving by 09:10"}
    hub = {"edit": "PlaceHub", "lon_deg": lonlat("west")[0], "lat_deg": lonlat("west")[1], "kinds": ["gp"]}
    table = dorpshub.compare(
        valley, dorpshub.apply(valley, {"edits": [hub]}), "gp", "transit", arrive_by="9:10"
    )
    west = table.set_index("place_id").loc["west"]
    assert (west["before_s"], west["after_s"], west["change"]) == (600, 0, "shorter")
    assert len(dorpshub.place_hubs(valley, 1, mode="transit", unreached_min=60, arrive_by="9:10")) == 1


@pytest.mark.parametrize("wrong", ["9", "08:00-09:00-10:00", "09:00-08:00"])
def test_a_time_of_arrival_that_is_none_is_refused(valley: dorpshub.Region, wrong: str) -> None:
    with pytest.raises(InputError, match=r"08:30|HH:MM|not after"):
        dorpshub.travel_times(valley, "gp", "transit", arrive_by=wrong)


def test_streets_as_a_graph(valley: dorpshub.Region, tmp_path: Path) -> None:
    graph = valley.to_networkx("walk")
    stats = osmnx.stats.basic_stats(graph)
    # One street of 4 km with a junction at either end, open both ways.
    assert (stats["n"], stats["m"], stats["street_segment_count"]) == (2, 2, 1)
    assert stats["street_length_total"] == pytest.approx(4000, abs=0.1)
    assert [data["travel_time"] for _, _, data in graph.edges(data=True)] == [3008, 3008]
    there, back = (data["geometry"].coords for _, _, data in graph.edges(data=True))
    assert list(there) == list(back)[::-1]
    plain = valley.to_networkx("walk", geometry=False)
    nx.write_graphml(plain, tmp_path / "plain.graphml")
    again = nx.read_graphml(tmp_path / "plain.graphml", node_type=int, force_multigraph=True)
    assert dict(again.nodes(data=True)) == dict(plain.nodes(data=True))
    assert sorted(again.edges(data="travel_time")) == sorted(plain.edges(data="travel_time"))


def test_a_graph_without_lines_has_as_many_streets(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    (west, y), (mid, _), (east, _) = (lonlat(spot) for spot in ("west", "mid", "east"))
    half = (west + mid) / 2
    spots = [(west, y), (mid, y), (east, y), (half, y + 0.001), (half, y - 0.001), (west - 0.01, y)]
    nodes = "".join(
        f'<node id="{number}" lat="{lat}" lon="{lon}" version="1"/>'
        for number, (lon, lat) in enumerate(spots, 1)
    )
    ways = ""
    # North there and south back, each one-way, between the same two junctions; a street beyond either of these.
    for number, (refs, oneway) in enumerate(((142, "yes"), (251, "yes"), (23, "no"), (16, "no")), 1):
        line = "".join(f'<nd ref="{ref}"/>' for ref in str(refs))
        tags = f'<tag k="highway" v="residential"/><tag k="oneway" v="{oneway}"/>'
        ways += f'<way id="{number}" version="1">{line}{tags}</way>'
    (folder / "streets.osm").write_text(f'<osm version="0.6">{nodes}{ways}</osm>')
    region = dorpshub.open_region(folder)
    drawn, plain = (region.to_networkx("car", geometry=lines) for lines in (True, False))
    stats = osmnx.stats.basic_stats(plain)
    assert (stats["n"], stats["m"], stats["street_segment_count"]) == (4, 6, 4)
    assert stats == osmnx.stats.basic_stats(drawn)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda of: dorpshub.travel_times(of, "doctor"), "Unknown kinds 'doctor'. Kinds are .*gp"),
        (lambda of: dorpshub.travel_times(of, "gp", "hovercraft"), "Unknown modes 'hovercraft'. Modes are walk"),
        (lambda of: dorpshub.compare(of, of, "doctor"), "Unknown kinds 'doctor'"),
        (lambda of: dorpshub.compare(of, of, "gp", "hovercraft"), "Unknown modes 'hovercraft'"),
        (lambda of: dorpshub.place_hubs(of, 1, "doctor"), "Unknown kinds 'doctor'"),
        (lambda of: dorpshub.place_hubs(of, 1, "gp", "hovercraft"), "Unknown modes 'hovercraft'"),
        (lambda of: dorpshub.place_hubs(of, 1, objective=cast("answers.Objective", "fun")), "Unknown objective 'fun'. .* coverage"),
        (lambda of: dorpshub.place_hubs(of, 0), "n_hubs is 0"),
        (lambda of: dorpshub.round_trips(of, "doctor"), "Unknown kinds 'doctor'"),
        (lambda of: dorpshub.round_trips(of, "gp", depart="12:00", until="9:00"), "not after"),
        (lambda of: dorpshub.explain(of, "Utopia", "gp", at="9:00"), "one place called 'Utopia'"),
        (lambda of: dorpshub.explain(of, "West", "gp"), "Say either"),
        (lambda of: dorpshub.explain(of, "West", "gp", at="9:00", arrive_by="10:00"), "Say either"),
        (lambda of: dorpshub.explain(of, "West", "gp", at="nine"), "no clock time"),
        (lambda _: dorpshub.open_region("valley", traveller="cat"), "Unknown travellers 'cat'. .*75plus"),
        (lambda _: dorpshub.open_region("valley", date="soon"), "'soon' is no date"),
        (lambda of: of.to_networkx("hovercraft"), "Unknown modes 'hovercraft'"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid"), date="2026-10-06"), "has its own"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid"), crs="EPSG:28992"), "has its own"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid"), max_rides=-1), "0 or more"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid"), max_access_min=-1), "0 or more"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid"), percentiles=[101]), "between 0 and 100"),
        (lambda _: dorpshub.matrix("x.osm", points("west"), points("mid"), modes="transit"), "and a date"),
        (lambda _: dorpshub.matrix("x.graphml", points("west"), points("mid")), "no such file"),
        (lambda of: dorpshub.matrix(of, points("west")[["id"]], points("mid")), "origins: the column 'lon'"),
        (lambda of: dorpshub.matrix(of, points("west"), points("mid").rename(
            columns={"lon": "lat", "lat": "lon"})), "destinations: .* look swapped"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_with_what_is_right(
    valley: dorpshub.Region, ask: Any, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        ask(valley)


def test_a_mode_that_the_traveller_does_not_have_is_refused(folder: Path) -> None:
    without_car = dorpshub.open_region(folder, traveller="no_car")
    with pytest.raises(
        InputError, match="Traveller 'no_car' does not have the mode 'car', but walk, bike, ebike"
    ):
        dorpshub.travel_times(without_car, "gp", "car")


def test_an_unknown_region_is_told_with_those_that_come_along() -> None:
    with pytest.raises(RegionError, match="zuid-oost-drenthe"):
        dorpshub.open_region("atlantis")

"""The `dorpshub` command as people run it: results in files, errors in words, exit codes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import osmnx
import pandas as pd
import pytest

from accessibility.travel_times import TravelMode
from accessibility.world import World
from data.osm.graphs import to_networkx
from data.osm.street_files import read_streets
from network import jit
from scenarios.comparison import compare
from support.command import dorpshub
from support.toys.osm_map import OsmMap
from support.toys.region import SPOTS, lonlat, write_toy_region, write_week


@pytest.fixture
def valley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The toy region, with the working folder beside it."""
    monkeypatch.chdir(tmp_path)
    return write_toy_region(tmp_path / "valley")


def points(path: Path, *spots: str) -> Path:
    rows = [f"{spot},{lonlat(spot)[0]},{lonlat(spot)[1]}" for spot in spots]
    path.write_text("\n".join(["id,lon,lat", *rows]) + "\n")
    return path


def matrix(valley: Path, *more: object) -> list[object]:
    origins = points(valley / "o.csv", "west", "east", "lone")
    destinations = points(valley / "d.csv", "mid")
    return [
        "matrix", "--streets", valley / "streets.osm", "--timetable", valley / "timetable.zip",
        "--origins", origins, "--destinations", destinations, *more,
    ]  # fmt: skip


def test_times_of_a_region(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "times", valley, "--modes", "walk,transit") == 0
    table = pd.read_csv("times.csv")
    # Four places x the two kinds that occur x two modes: nobody is dropped.
    assert len(table) == 4 * 2 * 2
    assert set(table["kind"]) == {"gp", "supermarket"}
    assert "Modelled layers: timetable" in capsys.readouterr().out


def test_times_with_a_scenario_count_its_hub(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("hub.json").write_text(
        '{"name": "Hub", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}'
    )
    assert (
        dorpshub(
            monkeypatch,
            "times",
            valley,
            "--scenario",
            "hub.json",
            "--out",
            "t.parquet",
            "--modes",
            "bike",
            "--quiet",
        )
        == 0
    )
    table = pd.read_parquet("t.parquet").set_index(["place_id", "kind"])
    assert table.loc[("west", "gp"), "travel_time_s"] == 0
    assert "hub" in table.index.get_level_values("kind")


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        # The region has a GP at Mid for its 200; a has none, and b one for the 400 of West too.
        ((), [(200, 0, "as it is", "a"), (200, 600, "as it is", "b")]),
        (("--with-first",), [(0, 600, "a", "b")]),
    ],
)
def test_compare_several_scenarios_with_the_region_or_with_the_first(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: tuple[str, ...],
    counts: list[tuple[int, int, str, str]],
) -> None:
    Path("a.json").write_text('{"edits": [{"edit": "CloseFacility", "facility_id": "gp-0"}]}')
    Path("b.json").write_text('{"edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}')
    assert (
        dorpshub(
            monkeypatch,
            "compare",
            valley,
            "a.json",
            "b.json",
            "--modes",
            "walk",
            "--kinds",
            "gp",
            "--out",
            "c.csv",
            *more,
        )
        == 0
    )
    told = capsys.readouterr().out
    table = pd.read_csv("c.csv")
    assert table[["before_scenario", "after_scenario"]].drop_duplicates().to_numpy().tolist() == [
        [old, new] for _, _, old, new in counts
    ]
    for before, after, old, new in counts:
        assert f"{after} of 704 inhabitants within 10 min (before {before})" in told
        assert (f"{old} -> {new}" in told) == (len(counts) > 1)


def test_comparing_with_the_first_needs_another_one(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.json").write_text('{"edits": []}')
    assert dorpshub(monkeypatch, "compare", valley, "a.json", "--with-first") == 2
    assert "name two or more" in capsys.readouterr().err


UNKNOWN = "library: unknown, as it is not in the data of this region"
"""The valley has a GP and a supermarket, and nobody says where its library is."""


def test_times_to_a_kind_that_is_not_in_the_data_are_unknown(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "times", valley, "--kinds", "gp,library,hub", "--modes", "walk,transit") == 0
    assert UNKNOWN in capsys.readouterr().out
    table = pd.read_csv("times.csv", keep_default_na=False)
    library, hub = (table[table["kind"] == kind] for kind in ("library", "hub"))
    assert set(library["reason"]) == {"not in the data of this region"}
    assert set(library["served_share"]) == {""}
    # Hubs are only placed by scenarios: that there is none is known.
    assert set(hub["reason"]) == {"no facility of this kind"}


def test_comparisons_of_a_kind_that_is_not_in_the_data_are_unknown(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("a.json").write_text('{"edits": [{"edit": "CloseFacility", "facility_id": "gp-0"}]}')
    Path("b.json").write_text('{"edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["library"]}]}')
    asked = (
        "compare",
        valley,
        "a.json",
        "b.json",
        "--kinds",
        "gp,library",
        "--modes",
        "walk",
        "--contributions",
    )
    assert dorpshub(monkeypatch, *asked) == 0
    told = capsys.readouterr().out
    assert told.count("library by walk: unknown, as it is not in the data of this region") == 2
    table = pd.read_csv("comparison.csv")
    assert set(table["change"][table["kind"] == "library"]) == {"unknown"}
    # The only GP of the region is closed by a: that is a loss of all who reached it, not unknown.
    assert set(table["change"][(table["kind"] == "gp") & (table["after_scenario"] == "a")]) == {
        "lost",
        "never",
    }
    winners = pd.read_csv("comparison-winners.csv")
    of_library = winners[(winners["kind"] == "library") & (winners["after_scenario"] == "b")]
    assert of_library[["change", "inhabitants"]].to_numpy().tolist() == [["unknown", 704]]


def test_matrix_keeps_unreached_pairs_and_its_columns(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ["--modes", "walk,car,transit", "--date", "2026-10-06", "--depart", "09:00", "--window-min", "1"]
    assert (
        dorpshub(monkeypatch, *matrix(valley, *more, "--percentiles", "25,50", "--out", "m.csv", "--quiet"))
        == 0
    )
    table = pd.read_csv("m.csv")
    assert list(table.columns) == [
        "origin_id", "destination_id", "mode", "n_draws", "travel_time_s", "travel_time_p25_s",
        "travel_time_p50_s",
    ]  # fmt: skip
    assert len(table) == 3 * 1 * 3
    row = table.set_index(["origin_id", "mode"])
    assert row.loc[("west", "walk"), "travel_time_s"] == pytest.approx(2000 / 1.33, abs=1)
    assert row.loc[("west", "transit"), "travel_time_p50_s"] == 240  # the bus of 9:00 sharp, 4 minutes
    assert row["travel_time_s"].isna()[("lone", "walk")]


def test_ids_that_a_spreadsheet_would_run_are_harmless_unless_they_are_to_be_kept(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = matrix(valley, "--modes", "walk", "--out", "m.csv", "--quiet")
    origins = Path(str(arguments[arguments.index("--origins") + 1]))
    origins.write_text(origins.read_text().replace("west", "@west"))
    for more, first in (((), "'@west"), (("--keep-formulas",), "@west"), ((), "'@west")):
        assert dorpshub(monkeypatch, *arguments, *more) == 0
        assert pd.read_csv("m.csv")["origin_id"].tolist()[0] == first


def test_matrix_takes_the_travellers_own_speed_and_limit(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = ["--modes", "walk", "--walk-kmh", "3.6", "--max-min", "30", "--out", "m.csv", "--quiet"]
    assert dorpshub(monkeypatch, *matrix(valley, *more)) == 0
    # 2 km at 1 m/s are 2,000 s, more than the 30 minutes that count.
    assert pd.read_csv("m.csv")["travel_time_s"].isna().all()
    assert dorpshub(monkeypatch, *matrix(valley, *more, "--max-min", "40")) == 0
    assert pd.read_csv("m.csv")["travel_time_s"].tolist()[:2] == pytest.approx([2000, 2000], abs=1)


def test_a_time_of_arrival_says_no_more_when_to_leave(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--modes", "transit", "--date", "2026-10-06", "--arrive-by", "9:10", "--percentiles", "50"]
    asked = [*matrix(valley, *more), "--out", "m.csv"]
    # The bus of 9:00 is at Mid at 9:04: who must be there at 9:10 leaves 10 minutes before.
    assert dorpshub(monkeypatch, *asked) == 0
    assert pd.read_csv("m.csv").set_index("origin_id")["travel_time_p50_s"]["west"] == 600
    assert dorpshub(monkeypatch, *asked, "--depart", "8:00") == 2
    assert "leave out --depart" in capsys.readouterr().err


def test_matrix_takes_the_time_to_park(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    more = ["--modes", "car", "--out", "m.csv", "--quiet"]
    seconds = []
    for minutes in ("0", "1.5"):
        assert dorpshub(monkeypatch, *matrix(valley, *more, "--car-terminal-min", minutes)) == 0
        seconds.append(pd.read_csv("m.csv").set_index("origin_id")["travel_time_s"]["west"])
    # A minute and a half to get in, and as much to park.
    assert seconds[1] - seconds[0] == 180


def test_matrix_takes_the_travellers_own_limits_on_access_and_rides(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--modes", "transit", "--date", "2026-10-06", "--depart", "09:00", "--window-min", "1"]
    more += ["--percentiles", "50", "--out", "m.csv", "--max-rides", "1"]
    # East lies 2 km from the GP and no bus goes that way: one walks, 1,504 s, whatever the limit to the first stop.
    # West has its stop at the door, which is within reach also of who walks for no minute at all.
    for limit_min in ("30", "0"):
        assert dorpshub(monkeypatch, *matrix(valley, *more, "--max-access-min", limit_min)) == 0
        seconds = pd.read_csv("m.csv").set_index("origin_id")["travel_time_p50_s"]
        assert seconds["west"] == 240
        assert seconds["east"] == pytest.approx(1504, abs=1)
        assert "At most 1 ride." in capsys.readouterr().out
    # The farm is out of everybody's reach: no timetable helps who lives there.
    arguments = matrix(valley, *more)
    points(valley / "o.csv", "lone")
    assert dorpshub(monkeypatch, *arguments) == 2
    assert "within 30 minutes of any of the 1 origins" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["times", "explain", "compare"])
def test_a_limit_on_rides_is_told(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    (valley / "s.json").write_text('{"edits": []}')
    more: dict[str, list[object]] = {
        "times": ["--modes", "transit", "--kinds", "gp"],
        "explain": ["--from", "west", "--to", "gp", "--at", "9:00"],
        "compare": [valley / "s.json", "--modes", "transit", "--kinds", "gp"],
    }
    assert dorpshub(monkeypatch, verb, valley, *more[verb], "--max-rides", "2") == 0
    assert "At most 2 rides." in capsys.readouterr().out


def test_times_tell_three_readings(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dorpshub(monkeypatch, "times", valley, "--kinds", "gp", "--modes", "walk,transit", "--quiet") == 0
    table = pd.read_csv("times.csv").set_index(["place_id", "mode"])
    # As test_nearest_times counts: the bus at once takes 4 minutes, who just missed it walks 1,504 s.
    west = ("west", "transit")
    assert table["travel_time_well_planned_s"][west] == 240
    assert table["travel_time_just_missed_s"][west] == pytest.approx(1504, abs=1)
    assert table["n_draws"][west] == 1
    assert table["travel_time_well_planned_s"].isna()[("west", "walk")]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--modes", "fly"], "Unknown modes 'fly'"),
        (["--modes", ""], "Modes are walk"),
        (["--modes", "transit"], "needs --timetable and --date"),
        (["--modes", "transit", "--date", "2030-01-01"], "2026-10-06"),
        (["--depart", "9 o'clock"], "HH:MM"),
        (["--percentiles", "half"], "separated by commas"),
        (["--percentiles", "50,500"], "between 0 and 100"),
        (["--percentiles", "50,50"], "none of them twice"),
        (["--crs", "EPSG:4326"], "metres"),
        (["--out", "m.xlsx"], ".csv"),
        (["--streets", "nowhere.osm.pbf"], "nowhere.osm.pbf"),
    ],
)
def test_what_the_user_can_mend_exits_with_2_and_says_how(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    says: str,
) -> None:
    assert dorpshub(monkeypatch, *matrix(valley, "--modes", "walk", "--out", "m.csv", "--quiet", *more)) == 2
    assert says in capsys.readouterr().err
    assert not Path("m.csv").exists()


def test_a_point_far_from_any_street_is_refused(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = matrix(valley, "--modes", "walk", "--out", "m.csv", "--quiet")
    lon, lat = lonlat("west")
    (valley / "o.csv").write_text(f"id,lon,lat\nfar,{lon + 0.8},{lat}\n")
    assert dorpshub(monkeypatch, *arguments) == 2
    assert "'far' at lon" in capsys.readouterr().err


def test_an_unknown_region_and_a_wrong_option_exit_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "times", "atlantis") == 2
    assert "There is no region 'atlantis'" in capsys.readouterr().err
    assert dorpshub(monkeypatch, "times", "--nonsense") == 2


def test_build_asks_what_the_app_asks_first_once(
    valley: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    real = compare.outcomes
    monkeypatch.setattr(jit, "machine_code", lambda: tmp_path / "kernels")

    def outcomes(world: World, kinds: list[str], modes: list[TravelMode]) -> list[compare.Outcome]:
        asked.extend(mode.name for mode in modes)
        return real(world, kinds, modes)

    monkeypatch.setattr(compare, "outcomes", outcomes)
    assert dorpshub(monkeypatch, "build", valley, "--quiet") == 0
    assert {"walk", "bike", "car", "transit"} <= set(asked)
    del asked[:]
    assert dorpshub(monkeypatch, "build", valley, "--quiet") == 0
    assert asked == []
    # The machine code is that of the version: a region that is built anew is not asked again.
    shutil.rmtree(valley / ".ready")
    assert dorpshub(monkeypatch, "build", valley, "--quiet") == 0
    assert asked == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("is_terminal", "more"), [(True, []), (False, []), (True, ["--quiet"])])
def test_build_tells_what_it_made_and_shows_progress_to_who_looks(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    is_terminal: bool,  # noqa: FBT001
    more: list[str],
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    assert dorpshub(monkeypatch, "build", valley, *more) == 0
    printed = capsys.readouterr()
    # A bar is redrawn in place, which a file or a pipe would keep as hundreds of lines.
    assert ("walks between stops" in printed.err) == (is_terminal and not more)
    assert is_terminal or not printed.err
    assert (f"{len(SPOTS)} places, 2 facilities" in printed.out) == (not more)


def test_explain_tells_walks_waits_and_rides(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "explain", valley, "--from", "West", "--to", "gp", "--at", "8:50") == 0
    told = capsys.readouterr().out
    # Ten minutes of waiting for the bus of 9:00, which is in Mid at 9:04; the GP is at the stop.
    assert "West to Gp mid, transit, Tuesday 2026-10-06: 14 min, 08:50 to 09:04" in told
    # Not the departures of the window, 9 to 10: who is told leaves at ten to nine.
    assert "Public transport: 2026-10-06, leaving at 8:50, traveller: adult" in told
    assert "08:50  on foot 0 min to West, wait 10 min" in told
    assert "09:00  line 1 towards East, at Mid 09:04" in told


def test_explain_leaves_as_late_as_possible_and_goes_by_street_where_that_is_quicker(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # To be in Mid by 9:40 the bus of 9:30 will do; by 9:20 nobody need leave before the walk of 25 minutes, 8:54.
    assert (
        dorpshub(monkeypatch, "explain", valley, "--from", "west", "--to", "mid", "--arrive-by", "9:40") == 0
    )
    assert "09:30 to 09:34" in capsys.readouterr().out
    assert (
        dorpshub(monkeypatch, "explain", valley, "--from", "west", "--to", "mid", "--arrive-by", "9:03") == 0
    )
    assert "on foot, 25 min, to Mid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--from", "Utopia", "--to", "gp", "--at", "9:00"], "one place called 'Utopia'"),
        (["--from", "West", "--to", "casino", "--at", "9:00"], "one place called 'casino'"),
        (["--from", "West", "--to", "library", "--at", "9:00"], "Where a library is, is unknown"),
        (["--from", "West", "--to", "gp"], "either --at"),
        (["--from", "West", "--to", "gp", "--at", "9:00", "--arrive-by", "9:30"], "either --at"),
        (["--from", "West", "--to", "gp", "--at", "nine"], "HH:MM"),
    ],
)
def test_explain_says_what_it_needs(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    says: str,
) -> None:
    assert dorpshub(monkeypatch, "explain", valley, *more) == 2
    assert says in capsys.readouterr().err


def test_explain_says_so_where_there_is_no_way(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dorpshub(monkeypatch, "explain", valley, "--from", "lone", "--to", "gp", "--at", "9:00") == 0
    assert (
        "no connection from Lone within 4 hours on Tuesday 2026-10-06, leaving at 09:00"
        in capsys.readouterr().out
    )


def test_a_date_is_that_of_every_row_and_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    valley, saturday = write_week(tmp_path / "valley"), ("--date", "2026-10-10")
    asked = ("times", valley, "--modes", "transit", "--kinds", "supermarket")
    assert dorpshub(monkeypatch, *asked) == 0
    tuesday = pd.read_csv("times.csv").set_index("place_id")["travel_time_s"]
    assert dorpshub(monkeypatch, *asked, *saturday) == 0
    assert "Public transport: 2026-10-10," in capsys.readouterr().out
    table = pd.read_csv("times.csv").set_index("place_id")
    assert set(table["service_date"]) == {"2026-10-10"}
    # The only bus of Saturday leaves at 9:00, the first minute of the window: all others walk the four kilometres.
    assert table["travel_time_s"]["west"] > tuesday["west"]
    assert (
        dorpshub(monkeypatch, "explain", valley, "--from", "west", "--to", "east", "--at", "09:00", *saturday)
        == 0
    )
    assert "line 2" in capsys.readouterr().out
    assert (
        dorpshub(monkeypatch, "explain", valley, "--from", "west", "--to", "east", "--at", "09:20", *saturday)
        == 0
    )
    assert "line 2" not in capsys.readouterr().out


def test_a_date_without_trips_is_refused_with_the_nearest_that_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    valley = write_week(tmp_path / "valley")
    assert dorpshub(monkeypatch, "times", valley, "--date", "2026-10-11") == 2
    assert "nearest days with service are 2026-10-10 and 2026-10-12" in capsys.readouterr().err


def test_matrix_over_a_graph_of_osmnx_is_that_over_the_file_it_was_made_of(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    osmnx.save_graphml(to_networkx(read_streets(valley / "streets.osm")[0]), valley / "streets.graphml")
    asked = matrix(valley, "--modes", "walk", "--out")
    assert dorpshub(monkeypatch, *asked, "osm.csv") == 0
    asked[2] = valley / "streets.graphml"
    assert dorpshub(monkeypatch, *asked, "graph.csv") == 0
    assert Path("graph.csv").read_text() == Path("osm.csv").read_text()
    assert dorpshub(monkeypatch, *asked, "routes.csv", "--routes-from-osm") == 2
    assert "--routes-from-osm needs an OSM file" in capsys.readouterr().err
    (valley / "streets.graphml").write_text("<not a graph")
    assert dorpshub(monkeypatch, *asked, "none.csv") == 2
    assert "Save it with osmnx.save_graphml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("date", "depart", "is_open"),
    [
        ([], "09:00", True),
        (["--date", "2026-06-02"], "09:00", False),
        (["--date", "2026-06-02"], "20:00", True),
    ],
)
def test_matrix_closes_what_is_closed_when_its_departures_begin(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    date: list[str],
    depart: str,
    is_open: bool,  # noqa: FBT001
) -> None:
    # Every street of the valley is closed to walkers on workdays from 7 to 19; 2 June 2026 is a Tuesday.
    streets = valley / "streets.osm"
    closed = '<tag k="foot:conditional" v="no @ (Mo-Fr 07:00-19:00)"/></way>'
    streets.write_text(streets.read_text().replace("</way>", closed))
    asked = ["--modes", "walk,bike", *date, "--depart", depart, "--out", "times.csv"]
    assert dorpshub(monkeypatch, *matrix(valley, *asked)) == 0
    times = pd.read_csv("times.csv").set_index(["origin_id", "mode"])["travel_time_s"]
    assert (times["west", "walk"] > 0) == is_open
    assert times["west", "bike"] > 0


def test_matrix_tells_of_points_that_only_a_bridge_is_near(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # A bridge of 3 km between the street of 900 m in the south and one in the north: from its middle both are 1.5 km away.
    plan = OsmMap()
    south, north = plan.node(450, -500), plan.node(450, 2500)
    plan.way([plan.node(0, -500), south, plan.node(900, -500)], highway="residential")
    plan.way([south, north], highway="residential", bridge="yes")
    plan.way([plan.node(0, 2500), north, plan.node(900, 2500)], highway="residential")
    plan.read(tmp_path)
    streets, origins, destinations = (tmp_path / name for name in ("map.osm", "o.csv", "d.csv"))
    origins.write_text(f"id,lon,lat\nmid,{6.8 + 480 / 67_230:.6f},{52.8 + 1000 / 111_195:.6f}\n")
    destinations.write_text(f"id,lon,lat\nshop,{6.8 + 450 / 67_230:.6f},{52.8 - 510 / 111_195:.6f}\n")
    asked = ("--streets", streets, "--origins", origins, "--destinations", destinations, "--modes", "walk")
    assert dorpshub(monkeypatch, "matrix", *asked, "--out", tmp_path / "m.csv") == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("points")]
    what = (
        "origin points with nothing in reach by walk but what is passed: a bridge, tunnel, ferry or motorway"
    )
    assert told == [f"points: assumed 1 x {what} (mid)"]
    # 30 m to the bridge, 1,500 m along it and 10 m to the shop, at 1.33 m/s.
    assert pd.read_csv(tmp_path / "m.csv")["travel_time_s"].tolist() == pytest.approx([1540 / 1.33], abs=5)


def test_a_region_as_one_file_gives_the_same_figures_elsewhere(
    valley: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("hub.json").write_text(
        '{"name": "Hub in West", "edits": [{"edit": "PlaceHub", "place_id": "west", "kinds": ["gp"]}]}'
    )
    assert dorpshub(monkeypatch, "export", valley, "hub.json") == 0
    # Whoever gives it away is told under which licences, and how to open it.
    told = capsys.readouterr().out
    assert "streets: made by hand, 2026, MIT (observed)" in told
    assert told.endswith("Next: dorpshub import valley.dorpshub\n")
    asked = ("--modes", "bike,transit", "--quiet", "--out")
    assert dorpshub(monkeypatch, "times", valley, "--scenario", "hub.json", *asked, "here.csv") == 0
    # Another home, to which nothing but the file comes.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move("valley.dorpshub", elsewhere)
    shutil.rmtree(valley)
    monkeypatch.chdir(elsewhere)
    assert dorpshub(monkeypatch, "import", "valley.dorpshub") == 0
    assert "valley/scenarios/hub-in-west.json" in capsys.readouterr().out
    scenario = "valley/scenarios/hub-in-west.json"
    assert dorpshub(monkeypatch, "times", "valley", "--scenario", scenario, *asked, "there.csv") == 0
    assert Path("there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()

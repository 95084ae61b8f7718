"""Measures of the toy valley (drawn in toys/region.py) as tables, worked out by hand, and on the command line.

West 400 people, 2 km from the GP in Mid (200 people), East 100 people 2 km on the other side, Lone 4 people without a street.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accessibility.nearest_times import origin_access
from accessibility.population import in_year
from accessibility.travel_times import MODES
from accessibility.world import World, open_world
from data.errors import DorpshubError
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.norms import Norm, Norms, load_norms
from dorpshub.cli.commands import commands
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, PlaceHub
from scenarios.edits.json_text import to_json
from scenarios.edits.people import ChangeTraveller
from scenarios.edits.scenario import Scenario
from scenarios.measures.measures import Found, Yardsticks, find
from scenarios.measures.tables import (
    curve_table,
    gains_table,
    limit_lines,
    measures_table,
    viability_table,
)
from support.toys.region import write_toy_region

BY_NAME = {mode.name: mode for mode in MODES}
YARDSTICKS = Yardsticks(load_norms(None), load_behaviour(None), (1600.0,), "en")
HUB = Scenario("Hub in West", "", (PlaceHub(place_id="west", kinds=("gp",), cost_per_year=80_000.0),))
STEP_S = 2000 / 1.33
POPULATION = """
base_year = 2026
[[total]]
year = 2040
inhabitants = 1408
origin = "modelled"
source = "made by hand: twice as many"
"""


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    (folder / "population.toml").write_text(POPULATION)
    return folder


@pytest.fixture(scope="module")
def world(valley: Path) -> World:
    return open_world(valley, silent)


def found(world: World, mode: str, kind: str = "gp") -> Found:
    by = BY_NAME[mode]
    return find(world, origin_access(world.network, world.residents, by, world.window), kind, by, YARDSTICKS)


def figures(table: pd.DataFrame, area: str, people: str = "all") -> dict[str, float]:
    chosen = table[(table["area"] == area) & (table["people"] == people) & table["limit_s"].isna()]
    return dict(zip(chosen["measure"], chosen["value"], strict=True))


def test_times_and_fairness_on_foot(world: World) -> None:
    table = measures_table(world, [found(world, "walk")], YARDSTICKS)
    everybody = figures(table, "region")
    assert (everybody["inhabitants"], everybody["unreached"]) == (704, 4)
    # 500 of the 700 who reach the GP walk 2 km, the others have it in the village.
    assert everybody["mean"] == pytest.approx(500 / 700 * STEP_S, abs=1)
    assert everybody["mean_along_street"] == pytest.approx(500 / 700 * 2000, abs=1)
    # The 352nd of 704 is one of those who walk; so is the 634th, and the last tenth holds the four who reach none.
    assert everybody["median"] == pytest.approx(STEP_S, abs=1)
    assert everybody["within_reach_of_nine_tenths"] == pytest.approx(STEP_S, abs=1)
    assert np.isnan(everybody["worst_tenth_mean"])
    # Two sevenths have no time and five sevenths all alike: the Gini coefficient is the share of those without.
    assert everybody["gini_between_places"] == pytest.approx(2 / 7, abs=1e-3)
    # A tenth, 70 people, over four tenths, 280, of whom 200 have no time.
    assert everybody["palma_between_places"] == pytest.approx(70 / 80, abs=1e-3)
    # There is no second GP.
    assert np.isnan(everybody["second_nearest_mean"])
    assert figures(table, "Valley") == pytest.approx(everybody, nan_ok=True)


def test_groups_are_counted_by_their_ages(world: World) -> None:
    table = measures_table(world, [found(world, "walk")], YARDSTICKS)
    assert figures(table, "region", "under20")["inhabitants"] == 100 + 50 + 20
    assert figures(table, "region", "65plus")["inhabitants"] == 100 + 50 + 20 + 2
    assert figures(table, "region", "75plus")["inhabitants"] == 50 + 25 + 10 + 2
    # Without a car: 94 % of 170, 16 % of 362 and of 85, 46 % of 87: 271.3.
    assert figures(table, "region", "without_car")["inhabitants"] == 271
    assert table[table["group_modelled"]]["people"].unique().tolist() == ["without_car"]


def test_norms_are_told_with_their_text(world: World) -> None:
    table = measures_table(world, [found(world, "car")], YARDSTICKS)
    norm = table[(table["limit_s"] == 900) & (table["people"] == "all")].set_index("measure")
    assert norm["value"].to_dict() == {"people_within": 700, "share_within": pytest.approx(700 / 704)}
    assert norm["source"].str.contains("WTZi").all()
    assert norm["note"].str.contains("no norm for how long a patient travels").all()
    on_foot = measures_table(world, [found(world, "walk")], YARDSTICKS)
    on_foot = on_foot[on_foot["area"] == "region"]
    choice = on_foot[(on_foot["limit_s"] == 600) & (on_foot["measure"] == "people_within")]
    # Ten minutes reach nobody but Mid; that is a choice and says so.
    assert choice.set_index("people")["value"].to_dict()["all"] == 200
    assert choice["source"].tolist() == ["none"] * 5
    lines = limit_lines(world, [found(world, "car")], YARDSTICKS)
    assert lines[0].startswith("gp by car: 700 of 704 (all) within 15 min; norm: Beleidsregel WTZi")
    assert any("no norm for how long a patient travels" in line for line in lines)


def test_a_limit_of_metres_is_held_against_metres(world: World) -> None:
    posted = replace(world, facilities=replace(world.facilities, kind=("post", "supermarket")))
    norm = Norm(kind="post", mode="", limit_m=1999.0, source="made by hand", nl="Kort.", en="Short.")
    short = Yardsticks(Norms((norm,)), YARDSTICKS.behaviour, (), "en")
    by = BY_NAME["walk"]
    searched = find(
        posted, origin_access(posted.network, posted.residents, by, posted.window), "post", by, short
    )
    lines = limit_lines(posted, [searched], short)
    # West and East are 2,000 m away, a metre too far.
    assert lines[0].startswith("post by walk: 200 of 704 (all) within 1999 m")
    # Public transport has no metres to hold against the norm.
    assert short.limits_of("post", BY_NAME["transit"]) == ()


def test_what_is_within_reach_and_how_many_share_it(world: World) -> None:
    everybody = figures(measures_table(world, [found(world, "walk")], YARDSTICKS), "region")
    # All 700 have the one GP within 1,600 s, 200 of them within ten minutes.
    assert everybody["facilities_within_26.6667_min"] == pytest.approx(700 / 704)
    assert everybody["facilities_within_10_min"] == pytest.approx(200 / 704)
    # Half as much every ten minutes: 500 people at 25 minutes.
    assert everybody["gravity_negative_exponential"] == pytest.approx(
        (200 + 500 * 2 ** (-STEP_S / 600)) / 704, abs=1e-3
    )
    # 2,350 places. The 700 who reach them, 170, 360, 85 and 85 by age, have 3.2, 4.6, 7.0 and 11.7 contacts a year; the
    # average inhabitant of the country has 5.12. So they need as much as 740 such people; Lone has no place.
    demand = (170 * 3.2 + 360 * 4.6 + 85 * 7.0 + 85 * 11.7) / 5.1188
    assert everybody["places_per_person_2sfca"] == pytest.approx(2350 / demand * 700 / 704)
    # In zones West and East, 25 minutes off, count 0.22: as demand, and in what they get.
    near = (50 * 3.2 + 100 * 4.6 + 25 * 7.0 + 25 * 11.7) / 5.1188
    zones = 2350 / (near + 0.22 * (demand - near)) * (200 + 0.22 * 500) / 704
    assert everybody["places_per_person_e2sfca"] == pytest.approx(zones)


def test_broadband_saves_time_on_the_way(world: World) -> None:
    before = figures(measures_table(world, [found(world, "walk")], YARDSTICKS), "region")
    wired = replace(world, digital_share=(("gp", 0.5),))
    after = figures(measures_table(wired, [found(wired, "walk")], YARDSTICKS), "region")
    # West: 100, 200, 50 and 50 people with 3.2, 4.6, 7.0 and 11.7 contacts; East 20, 60, 10, 10; 67 % on site; two ways.
    contacts = (120 * 3.2 + 260 * 4.6 + 60 * 7.0 + 60 * 11.7) * 0.67
    assert before["travel_per_day"] == pytest.approx(contacts / 365 * 2 * STEP_S / 60, rel=1e-3)
    assert after["travel_per_day"] == pytest.approx(before["travel_per_day"] / 2)
    assert after["visits_per_day"] == pytest.approx(before["visits_per_day"] / 2)
    # Nobody counts how often people go to a hub.
    assert "travel_per_day" not in figures(
        measures_table(world, [found(world, "walk", "hub")], YARDSTICKS), "region"
    )


def test_the_curve_holds_every_limit(world: World) -> None:
    table = curve_table(world, found(world, "walk"), YARDSTICKS.behaviour)
    everybody = table[table["people"] == "all"]
    # Mid at once, West and East, as far as each other, together.
    assert everybody["people_within"].tolist() == [200, 700]
    assert everybody["share_within"].iloc[-1] == pytest.approx(700 / 704)


def test_a_hub_lives_on_those_whose_nearest_it_is_now_and_later(world: World) -> None:
    after = apply(world, HUB, load_facility_kinds())
    twice = in_year(world, 2040)
    later = replace(after, places=twice.places, grid=twice.grid)
    table = viability_table(after, later, found(after, "walk")).set_index("facility_id")
    assert table["people_all"].to_dict() == {"gp-0": 300, "hub-west/gp": 400}
    assert table["later_people_all"].to_dict() == {"gp-0": 600, "hub-west/gp": 800}
    assert table["people_75plus"].to_dict() == {"gp-0": 35, "hub-west/gp": 50}


def test_people_around_the_region_are_told_apart_from_those_who_count(world: World) -> None:
    inside = world.places.in_region.copy()
    inside[world.places.id.index("east")] = False
    around = replace(world, places=replace(world.places, in_region=inside))
    (row,) = viability_table(around, around, found(around, "walk")).to_dict("records")
    # Of West (400), Mid (200) and East (100) East is surroundings now; of 75 and older live 50, 25 and 10 there.
    assert (row["people_all"], row["outside_people_all"]) == (600, 100)
    assert (row["people_75plus"], row["outside_people_75plus"]) == (75, 10)
    assert (row["later_people_all"], row["later_outside_people_all"]) == (600, 100)


def test_measures_of_a_kind_that_is_not_in_the_data_are_unknown(world: World) -> None:
    # Nobody says where the library of the valley is: that is not the same as nobody reaching one.
    unknown = [found(world, "walk", "library")]
    table = measures_table(world, unknown, YARDSTICKS)
    assert set(table["measure"][table["value"].notna()]) == {"inhabitants"}
    assert set(table["note"][table["measure"] == "unreached"]) == {"not in the data of this region"}
    assert limit_lines(world, unknown, YARDSTICKS) == [
        "library by walk: unknown, as it is not in the data of this region"
    ]
    assert curve_table(world, unknown[0], YARDSTICKS.behaviour).empty
    gains = gains_table((world, world), [(unknown[0], unknown[0])], 80_000.0, YARDSTICKS)
    assert gains[["within_before", "within_after", "gained", "cost_per_person"]].isna().all(axis=None)
    assert len(gains)


def test_a_kind_that_a_scenario_closes_is_known_to_be_gone(world: World) -> None:
    closed = apply(world, Scenario("", "", (CloseFacility("gp-0"),)), load_facility_kinds())
    assert figures(measures_table(closed, [found(closed, "walk")], YARDSTICKS), "region")["unreached"] == 704


def test_what_a_scenario_gains_has_its_price(world: World) -> None:
    after = apply(world, HUB, load_facility_kinds())
    results = [(found(world, "walk"), found(after, "walk"))]
    table = gains_table((world, after), results, 80_000.0, YARDSTICKS)
    row = table[(table["people"] == "all") & (table["limit_s"] == 600)].iloc[0]
    # West's 400 people come within ten minutes for 80,000 euros a year.
    assert (row["within_before"], row["within_after"], row["gained"]) == (200, 600, 400)
    assert row["cost_per_person"] == 200
    # Within 1,600 s everybody was already.
    assert np.isnan(table[(table["people"] == "all") & (table["limit_s"] == 1600)].iloc[0]["cost_per_person"])


OUTPUTS = ("out", "curves-out", "facilities-out", "nearest-out", "gains-out")


def dorpshub(*arguments: object) -> None:
    commands([str(argument) for argument in arguments], standalone_mode=False)


def test_measures_on_the_command_line(
    valley: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hub.json").write_text(to_json(HUB))
    more = [(name, tmp_path / f"{name}.csv") for name in OUTPUTS]
    dorpshub(
        "measures", valley, "--scenario", tmp_path / "hub.json", "--kinds", "gp", "--modes", "walk,transit",
        "--limit-min", "20", "--lang", "nl", "--later-year", "2040",
        *(part for name, path in more for part in (f"--{name}", path)),
    )  # fmt: skip
    printed = capsys.readouterr().out
    assert "gp by walk: 600 of 704 (all) within 10 min; norm: none" in printed
    assert "Er is geen norm voor de reis naar de huisarts" in printed
    tables = {name: pd.read_csv(path) for name, path in more}
    assert set(tables["out"]["mode"]) == {"walk", "transit"}
    assert tables["facilities-out"]["later_people_all"].max() == 800
    assert tables["gains-out"]["cost_per_person"].min() == 200
    assert len(tables["curves-out"]) > 5
    near = tables["nearest-out"]
    east = near[(near["place_id"] == "east") & (near["mode"] == "walk")]
    # East's nearest is the GP in Mid, 2 km off, then the hub in West; there is no third; Lone reaches none.
    assert east["facility_id"].tolist()[:2] == ["gp-0", "hub-west/gp"]
    assert east["street_m"].tolist() == pytest.approx([2000, 4000, np.nan], abs=1, nan_ok=True)
    assert east["travel_time_s"].isna().tolist() == [False, False, True]
    assert near[near["place_id"] == "lone"]["travel_time_s"].isna().all()


def test_a_traveller_is_measured_by_the_modes_that_are_his(valley: Path, tmp_path: Path) -> None:
    old = Scenario("Older", "", (ChangeTraveller(traveller="75plus"),))
    (tmp_path / "old.json").write_text(to_json(old))
    more = ["--scenario", tmp_path / "old.json", "--kinds", "gp", "--out", tmp_path / "m.csv", "--quiet"]
    dorpshub("measures", valley, *more, "--gains-out", tmp_path / "g.csv")
    assert set(pd.read_csv(tmp_path / "m.csv")["mode"]) == {"walk", "transit"}
    assert set(pd.read_csv(tmp_path / "g.csv")["mode"]) == {"walk", "transit"}
    with pytest.raises(DorpshubError, match="'75plus' does not have the mode 'bike'"):
        dorpshub("measures", valley, *more, "--modes", "bike")


@pytest.mark.parametrize(("flags", "left_without"), [([], [0, 0]), (["--pairs"], [700])])
def test_the_stress_test_on_the_command_line(
    valley: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    flags: list[str],
    left_without: list[int],
) -> None:
    (tmp_path / "hub.json").write_text(to_json(HUB))
    dorpshub(
        "stress", valley, "--scenario", tmp_path / "hub.json", "--kind", "gp", "--mode", "walk",
        "--out", tmp_path / "s.csv", *flags,
    )  # fmt: skip
    printed = capsys.readouterr().out
    table = pd.read_csv(tmp_path / "s.csv")
    # Two GPs: each by itself sends its people on, both together leave all 700 without.
    assert table["people_left_without"].tolist() == left_without
    assert "worst in West" in printed


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["measures", "--gains-out", "g.csv"], "name one with --scenario"),
        (["measures", "--modes", "hover"], "Unknown modes"),
        (["measures", "--kinds", "gp", "--modes", "walk", "--later-year", "2050"], "known for 2026 to 2040"),
        (["stress", "--kind", "hub"], "there is none of it here"),
        (["stress", "--kind", "gp,supermarket"], "one kind"),
        (["stress", "--kind", "gp", "--mode", "walk,bike"], "name one mode"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    valley: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    verb, *options = arguments
    with pytest.raises(DorpshubError, match=says):
        dorpshub(verb, valley, *options, "--quiet")
    assert not list(tmp_path.glob("*.csv"))

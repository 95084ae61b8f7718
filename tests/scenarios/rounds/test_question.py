"""Rounds in the toy valley (see toys/region.py): what contradicts itself, who is drawn, lists of clients, and the verb."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dorpshub as library
from accessibility.travel_network import Points
from accessibility.world import World
from data.errors import InputError, ScenarioError
from data.files.care_visits import read_care_visits
from data.parameters.home_care import HOME_CARE, load_home_care
from scenarios.rounds.answer import answered, compared
from scenarios.rounds.clients import Drawing, drawn, listed
from scenarios.rounds.question import CareQuestion, refuse_faults, staff_of, usual_question
from support.command import dorpshub
from support.toys.networks import clock
from support.toys.region import lonlat, write_toy_region

CARE = load_home_care(None)
USUAL = usual_question(CARE.staff, ("west",), 2, "bike")
LIST = "client,place,minutes,from,until\nalie,mid,30,07:30,09:00\nalie,mid,20,18:00,21:30\nbea,east,30,08:00,12:00\n"


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> library.Region:
    return library.open_region(write_toy_region(tmp_path_factory.mktemp("care") / "valley"))


@pytest.fixture(scope="module")
def world(region: library.Region) -> World:
    return region.world


def clients(folder: Path, text: str) -> Path:
    path = folder / "visits.csv"
    path.write_text(text, encoding="utf-8")
    return path


def west(world: World) -> Points:
    row = [world.places.id.index("west")]
    return Points(world.places.x_m[row], world.places.y_m[row])


def test_shares_of_people_with_care_are_those_of_the_source() -> None:
    # 365,090 of 8.0 % of 17,181,084 in a year, and 304 of 589 thousand at a time; 112,310 of 10.9 %.
    of_oldest = 365_090 / (0.080 * 17_181_084) * 304 / 589
    of_older = 112_310 / (0.109 * 17_181_084) * 304 / 589
    assert CARE.clients.share_by_age == (0.0, 0.0, round(of_older, 3), round(of_oldest, 3))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"staff": 0}, "without staff nobody is visited"),
        ({"staff": 31}, "are 62, and at most 60"),
        ({"bases": ()}, "no base is named"),
        ({"bases": ("west", "west")}, "named twice"),
        ({"shifts": ()}, "no shift is named"),
        ({"shifts": ((clock("9:00"), clock("9:00")),)}, "the shift 09:00-09:00 must begin before it ends"),
        ({"break_min": 480.0}, "the break of 480 minutes is as long as the shift 07:00-15:00"),
        (
            {"break_min": 250.0},
            "in the shift 07:00-15:00 no break of 250 minutes lies 2 hours from both ends",
        ),
        ({"break_min": -1.0}, "is none"),
        ({"gap_min": -1.0}, "give 0 to 1440"),
        ({"mode": "transit"}, "nobody makes rounds by transit"),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(changed: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        refuse_faults(replace(USUAL, **changed))  # type: ignore[arg-type]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InputError, match=r"(?s)no base.*without staff.*as long as"):
        refuse_faults(replace(USUAL, bases=(), staff=0, break_min=600.0))


def test_only_a_long_shift_has_a_break() -> None:
    # More than 5.5 hours; it begins 2 hours after the start at the earliest, and is over 2 hours before the end.
    shifts = ((clock("7:00"), clock("12:30")), (clock("7:00"), clock("12:31")))
    staff = staff_of(replace(USUAL, staff=1, shifts=shifts))
    assert staff.break_s.tolist() == [0, 1800]
    assert (staff.break_from_s[1], staff.break_until_s[1]) == (clock("9:00"), clock("10:01"))


def test_fewer_people_are_the_first_of_more() -> None:
    few, more = (staff_of(replace(USUAL, bases=("west", "mid"), staff=staff)) for staff in (1, 2))
    assert more.base[: len(few.base)].tolist() == few.base.tolist()
    assert more.start_s[: len(few.base)].tolist() == few.start_s.tolist()


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        ((("5:00", "6:00"),), r"(?s)None of the 3 visits.*Of 3 visits: nobody works"),
        ((("8:00", "8:20"),), r"(?s)Of 2 visits: .*do not fit into any shift"),
    ],
)
def test_when_no_visit_can_be_made_it_is_said_why(
    shifts: tuple[tuple[str, str], ...], told: str, world: World, tmp_path: Path
) -> None:
    spans = tuple((clock(start), clock(end)) for start, end in shifts)
    demand = listed(world, clients(tmp_path, LIST.replace("08:00,12:00", "07:30,09:00")))
    with pytest.raises(ScenarioError, match=told):
        answered(world, replace(USUAL, shifts=spans), demand, 100)


def test_a_client_whom_no_base_reaches_is_named_and_not_planned(world: World, tmp_path: Path) -> None:
    # Lone stands 2.5 km from any street.
    demand = listed(world, clients(tmp_path, LIST + "cor,lone,30,08:00,12:00\n"))
    answer = answered(world, USUAL, demand, 500)
    assert answer.plan.reason == ("", "", "", "no_way")


def test_clients_are_drawn_by_chance_but_the_same_ones_again(world: World) -> None:
    one, again, fewer, other = (
        drawn(world, CARE, west(world), "bike", Drawing(n_clients, 30, seed))
        for n_clients, seed in ((8, 1), (8, 1), (5, 1), (8, 2))
    )
    assert one.clients.place.tolist() == again.clients.place.tolist()
    assert one.clients.place[:5].tolist() == fewer.clients.place.tolist()
    assert one.clients.place.tolist() != other.clients.place.tolist()
    # 50 + 25 + 10 people of 75 and over and as many of 65 to 74; nobody of Lone, which no street leads to.
    assert one.people == pytest.approx(85 * 0.137 + 85 * 0.031)
    # Everybody has a visit in the morning.
    assert set(one.visits.client.tolist()) == set(range(8))


def test_where_more_people_live_more_clients_are_drawn(world: World) -> None:
    places = np.concatenate(
        [drawn(world, CARE, west(world), "bike", Drawing(4, 30, seed)).clients.place for seed in range(200)]
    )
    shares = np.bincount(places, minlength=4)[:3] / len(places)
    # As 50, 25 and 10 people; drawn without putting back, so a little nearer to each other.
    assert shares == pytest.approx([50 / 85, 25 / 85, 10 / 85], abs=0.05)


def test_only_those_near_a_base_are_drawn_and_no_more_than_there_are(world: World) -> None:
    # By bike at 15.8 km/h Mid is 2 km away, 7.6 minutes, and East twice that.
    near = drawn(world, CARE, west(world), "bike", Drawing(8, 10))
    assert world.places.id.index("east") not in near.clients.place
    with pytest.raises(
        ScenarioError, match=r"About 14 people have home care within 30 minutes.* fewer than the 40"
    ):
        drawn(world, CARE, west(world), "bike", Drawing(40, 30))


def test_a_list_is_read_with_places_or_points(world: World, tmp_path: Path) -> None:
    lon, lat = lonlat("east")
    text = f"client,place,lon,lat,minutes,from,until\na,Mid,,,30,07:30,09:00\na,,{lonlat('mid')[0]},{lonlat('mid')[1]},20,18:00,21:30\nb,,{lon},{lat},30.5,08:00,08:00\n"
    rows = read_care_visits(clients(tmp_path, text), world.places, world.projection)
    assert rows.client == ("a", "a", "b")
    assert rows.care_s.tolist() == [1800, 1200, 1830]
    demand = listed(world, tmp_path / "visits.csv")
    assert [world.places.id[row] for row in demand.clients.place] == ["mid", "east"]
    assert demand.visits.client.tolist() == [0, 0, 1]


def test_every_fault_of_a_list_is_told_at_once(world: World, tmp_path: Path) -> None:
    text = (
        "client,place,minutes,from,until\n,mid,30,07:30,09:00\nb,nowhere,30,07:30,09:00\nc,mid,0,07:30,09:00\n"
        "d,mid,30,7u30,09:00\ne,mid,30,10:00,09:00\nf,,30,07:30,09:00\ng,mid,30,07:30,09:00\ng,east,30,17:30,19:00\n"
    )
    with pytest.raises(InputError) as refused:
        read_care_visits(clients(tmp_path, text), world.places, world.projection)
    for told in (
        "the client is blank",
        "no place, or more than one, has this id or name",
        "minutes must be above 0",
        "from is no clock time",
        "until comes before from",
        "neither a place nor lon and lat are given",
        "the client lives elsewhere in another row",
    ):
        assert told in str(refused.value)


def test_swapped_degrees_are_refused(world: World, tmp_path: Path) -> None:
    lon, lat = lonlat("east")
    path = clients(tmp_path, f"client,lon,lat,minutes,from,until\na,{lat},{lon},30,07:30,09:00\n")
    with pytest.raises(InputError, match="far from every place"):
        read_care_visits(path, world.places, world.projection)


def test_a_list_that_says_nowhere_where_clients_live_is_refused(world: World, tmp_path: Path) -> None:
    path = clients(tmp_path, "client,minutes,from,until\na,30,07:30,09:00\n")
    with pytest.raises(InputError, match="nowhere where the clients live"):
        read_care_visits(path, world.places, world.projection)


@pytest.mark.parametrize("seed", range(3))
def test_one_more_person_never_makes_less_and_one_less_never_more(seed: int, world: World) -> None:
    demand = drawn(world, CARE, west(world), "bike", Drawing(8, 30, seed))
    more, fewer = compared((world, USUAL), (world, replace(USUAL, staff=1)), demand, 200)
    assert fewer.plan.n_planned <= more.plan.n_planned
    if fewer.plan.n_planned == more.plan.n_planned:
        assert more.costs.total_s <= fewer.costs.total_s


def test_nothing_changes_where_nothing_is_changed(world: World) -> None:
    demand = drawn(world, CARE, west(world), "bike", Drawing(8, 30))
    before, after = compared((world, USUAL), (world, USUAL), demand, 300)
    assert (before.plan.n_planned, before.costs.total_s) == (after.plan.n_planned, after.costs.total_s)


def test_a_table_of_the_region_replaces_that_which_comes_along(tmp_path: Path) -> None:
    (tmp_path / HOME_CARE.name).write_text(
        '[[visit]]\nname = "noon"\nshare = 1.0\ncare_min = 10\nbegin = ["12:00", "13:00"]\nassumed = true\nsource = "made by hand"\n'
    )
    known = load_home_care(tmp_path)
    assert [visit.name for visit in known.visits] == ["noon"]
    assert known.staff == CARE.staff
    (tmp_path / HOME_CARE.name).write_text(
        '[[visit]]\nname = "noon"\nshare = 2.0\ncare_min = 10\nbegin = ["12:00", "13:00"]\nassumed = true\nsource = "x"\n'
        '[[visit]]\nname = "night"\nshare = 1.0\ncare_min = 10\nbegin = ["23:00", "1:00"]\nassumed = true\nsource = "x"\n'
    )
    with pytest.raises(InputError, match=r"visit 1: .*share.*visit 2: .*second time comes first"):
        load_home_care(tmp_path)


def test_the_verb_writes_villages_and_stops(
    region: library.Region,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    path = clients(tmp_path, LIST)
    options = (
        "--base",
        "west",
        "--staff",
        "1",
        "--mode",
        "bike",
        "--clients",
        path,
        "--steps",
        "500",
        "--then-base",
        "mid",
    )
    assert dorpshub(monkeypatch, "care-rounds", world.region.folder, *options, "--plan-out", "plan.csv") == 0
    said = capsys.readouterr().out
    assert "2 clients of the list, 3 visits a day." in said
    assert "After:\nFrom Mid by bike: 3 of 3 visits to 2 clients, by 2 of 2 people." in said
    villages = pd.read_csv("care-rounds.csv").set_index("place_id")
    table = library.care_rounds(
        region, "west", staff=1, mode="bike", clients=path, then_bases="mid", steps_per_visit=500
    ).set_index("place_id")
    assert villages["travel_per_client_after_s"].tolist() == table["travel_per_client_after_s"].tolist()
    # Alie lives in Mid: once the base is there, the evening visit to her takes no way at all.
    assert villages["travel_after_s"]["mid"] < villages["travel_s"]["mid"]
    stops = pd.read_csv("plan.csv")
    assert stops.loc[stops["plan"] == "before", "act"].tolist().count("visit") == 3
    frame = pd.read_csv(path)
    again = library.care_rounds(
        region, "west", staff=1, mode="bike", clients=frame, by_stop=True, steps_per_visit=500
    )
    assert set(again["plan"]) == {"now"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--base", "west", "--shift", "7-15"), "write from when to when"),
        (("--base", "nowhere"), "There must be one place called 'nowhere'"),
        (("--base", "west", "--clients", "visits.csv", "--n-clients", "3"), "leave one of them out"),
        (("--base", "west", "--n-clients", "0"), "ask for 1 or more"),
        (("--base", "west", "--then-staff", "0"), "without staff"),
    ],
)
def test_a_mistake_is_told(
    options: tuple[str, ...],
    told: str,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("visits.csv").touch()
    arguments = ("--n-clients", "3") if "--n-clients" not in options else ()
    assert dorpshub(monkeypatch, "care-rounds", world.region.folder, *options, *arguments) == 2
    assert told in capsys.readouterr().err


def test_usual_questions_are_those_of_the_table() -> None:
    assert isinstance(USUAL, CareQuestion)
    assert USUAL.shifts == ((clock("7:00"), clock("15:00")), (clock("16:00"), clock("23:00")))

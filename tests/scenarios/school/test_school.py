"""School days: against plain loops in random worlds, and in the toy valley (see toys/region.py) worked out in words."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import dorpshub as library
from accessibility.nearest_times import nearest_times, origin_access
from accessibility.travel_network import Points, street_matrix
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller
from data.clock import clock_text, parse_clock
from data.columns import take
from data.errors import InputError
from data.parameters.school_days import SCHOOL_DAYS, OneSchool, SchoolDays, load_school_days
from network.transit.departures import Window
from scenarios.school.day import SchoolDay, school_day
from scenarios.school.question import SchoolQuestion, question_of
from scenarios.school.tables import (
    answered,
    counts,
    counts_by,
    main_school,
    mean_s,
    moves_table,
    places_table,
    schools_table,
)
from support.command import dorpshub
from support.random_worlds import random_world
from support.toys.region import lonlat, write_toy_region

KIND = "primary_school"
(PUPIL,) = [traveller for traveller in TRAVELLERS if traveller.id == "pupil"]


# --- plain loops ---------------------------------------------------------------------------------------------------


def random_schools(seed: int) -> tuple[World, World, SchoolQuestion]:
    """Two thirds of the services of a random world as schools, some with a bell and room of their own; one of them closes."""
    world, rng = random_world(seed), np.random.default_rng([seed, 7])
    of = world.facilities
    kinds = tuple(KIND if rng.random() < 0.67 else "gp" for _ in of.id)
    units = rng.integers(1, 60, len(of.id)).astype(np.float64)
    world = replace(world, facilities=replace(of, kind=(KIND, *kinds[1:]), units=units))
    known = load_school_days(None)
    bells = ("08:15", "08:30", "09:40", None)
    schools = tuple(
        OneSchool(
            id=id_,
            bell=bells[int(rng.integers(0, 4))],
            room=int(rng.integers(0, 90)) if rng.random() < 0.5 else None,
            assumed=True,
            source="drawn",
        )
        for id_, kind in zip(of.id, kinds, strict=True)
        if kind == KIND and rng.random() < 0.6
    )
    days = SchoolDays(known.cycling, known.kinds, schools)
    question = SchoolQuestion(days.of_kind(KIND), days, float(rng.choice([120, 300, 600])))
    left = np.delete(np.arange(len(of.id)), 0)
    return world, replace(world, facilities=take(world.facilities, left)), question


def bell_by(world: World, question: SchoolQuestion, row: int) -> int:
    """When pupils must be at a school: 5 minutes before its own bell, or before 8:30."""
    own = {school.id: school.bell for school in question.days.schools}
    return parse_clock(own.get(world.facilities.id[row]) or "08:30") - 300


def one_by_one(world: World, question: SchoolQuestion, mode_name: str) -> list[dict[str, float]]:
    """Seconds to every school from each resident, in the order of the facilities, asking school by school."""
    pupil = for_traveller(world, PUPIL)
    (mode,) = [mode for mode in pupil.modes if mode.name == mode_name]
    found: list[dict[str, float]] = [{} for _ in pupil.residents.place]
    for row, kind in enumerate(world.facilities.kind):
        if kind != KIND:
            continue
        one = take(world.facilities, np.array([row]))
        if mode.rides:
            window = Window(bell_by(world, question, row), 60, 1, arrives=True)
            access = origin_access(pupil.network, pupil.residents, mode, window)
            seconds = nearest_times(pupil.network, access, one, KIND, mode).seconds
        else:
            seconds = street_matrix(
                pupil.network, mode.street, pupil.residents.points, Points(one.x_m, one.y_m), np.inf
            )[:, 0]
        for origin, s in enumerate(seconds.tolist()):
            found[origin][world.facilities.id[row]] = s
    return found


def nearest(of: dict[str, float]) -> tuple[float, str]:
    """The least of them and its first school; none where no school is reached."""
    least = min(of.values(), default=np.inf)
    return least, next((id_ for id_, s in of.items() if s == least < np.inf), "")


def first_rides(world: World, question: SchoolQuestion) -> Iterator[float]:
    """First arrival at each school, trip by trip."""
    pupil = for_traveller(world, PUPIL)
    network, trips = pupil.network, pupil.network.service.timetable.trips
    limit_s = PUPIL.walk_max_s
    for row, kind in enumerate(world.facilities.kind):
        if kind != KIND:
            continue
        door = Points(world.facilities.x_m[[row]], world.facilities.y_m[[row]])
        walk_s = street_matrix(network, PUPIL.walk, network.service.stops, door, limit_s)[:, 0]
        earliest = bell_by(world, question, row) - network.assumptions.travel_max_s
        found = [np.inf]
        for trip in range(len(trips.call_offset) - 1):
            for call in range(trips.call_offset[trip] + 1, trips.call_offset[trip + 1]):
                there = trips.call_arrival[call] + walk_s[trips.call_stop[call]]
                if trips.call_dropoff[call] and there >= earliest:
                    found.append(there)
        yield min(found)


@pytest.mark.parametrize("seed", range(8))
def test_every_number_is_that_of_plain_loops(seed: int) -> None:
    before_world, after_world, question = random_schools(seed)
    sides = []
    for world in (before_world, after_world):
        day = school_day(world, question)
        ids = [*world.facilities.id, ""]
        for mode, way in day.ways.items():
            of_all = one_by_one(world, question, mode)
            found = [(s, ids[row]) for s, row in zip(way.seconds, way.school, strict=True)]
            if "transit" not in mode:
                assert found == [nearest(of) for of in of_all], mode
            # Of two schools for which one leaves at the same time either may be told.
            for (s, id_), of in zip(found, of_all, strict=True):
                assert s == nearest(of)[0], mode
                assert of[id_] == s if id_ else s == np.inf, mode
        assert day.first_ride.tolist() == list(first_rides(world, question))
        _same_counts(day)
        sides.append((day, [nearest(of)[1] for of in one_by_one(world, question, "bike")]))
    (before, old), (after, new) = sides
    moved: dict[tuple[str, str], float] = defaultdict(float)
    for origin, pair in enumerate(zip(old, new, strict=True)):
        if pair[0] != pair[1] and after.pupils[origin]:
            moved[pair] += after.pupils[origin]
    answer = answered(before, after)
    table = moves_table(answer)
    told = {(row["from_id"], row["to_id"]): row["pupils"] for row in table.to_dict("records")}
    assert told == pytest.approx({pair: round(pupils, 1) for pair, pupils in moved.items()})
    assert table["pupils"].is_monotonic_decreasing
    _same_rolls(schools_table(answer), before_world, moved, (before, old), question)


def _same_counts(day: SchoolDay) -> None:
    """Pupils of each place, person by person."""
    residents, limit_s = day.world.residents, day.question.limit_s
    expected = np.zeros((len(day.world.places.id), 7))
    weighted: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for origin, place in enumerate(residents.place.tolist()):
        # Of twenty years of age eight go to school, from 4 on; five of these are too young to cycle alone at nine.
        children = int(residents.people_by_age[origin, 0])
        young, alone = children * 5 / 20, children * 3 / 20
        bike, walk, bus = (day.ways[mode].seconds[origin] for mode in ("bike", "walk", "transit"))
        far = bike > limit_s
        expected[place] += [
            young + alone,
            (young + alone) * far,
            (young + alone) * (far and bus < walk),
            (young + alone) * np.isinf(bike),
            young,
            young * (walk <= limit_s),
            alone * (not far),
        ]
        if children and day.ways["bike"].school[origin] >= 0:
            weighted[place][int(day.ways["bike"].school[origin])] += young + alone
    found = counts_by(day, residents.place, len(expected))
    assert np.allclose(found, expected)
    inside = day.world.places.in_region
    assert np.allclose(counts(day), expected[inside].sum(axis=0))
    for place, school in enumerate(main_school(day).tolist()):
        most = max(weighted[place].values(), default=0)
        assert (school == -1) == (not most)
        if most:
            assert school == min(s for s, pupils in weighted[place].items() if pupils == most)
    # One point per place: its mean is its own time, where pupils live.
    for mode, way in day.ways.items():
        expected_s = np.where(residents.people_by_age[:, 0] > 0, way.seconds, np.inf)
        assert np.allclose(mean_s(day, mode), expected_s)


def _same_rolls(
    table: pd.DataFrame,
    world: World,
    moved: dict[tuple[str, str], float],
    side: tuple[SchoolDay, list[str]],
    question: SchoolQuestion,
) -> None:
    before, old = side
    pupils_of: dict[str, float] = defaultdict(float)
    for origin, id_ in enumerate(old):
        pupils_of[id_] += before.pupils[origin]
    size = dict(zip(world.facilities.id, world.facilities.units.tolist(), strict=True))
    room = {school.id: school.room for school in question.days.schools}
    closed = world.facilities.id[0]
    for row in table.to_dict("records"):
        id_ = row["facility_id"]
        known = np.nan if size[id_] == 1 else size[id_]
        assert row["pupils"] == pytest.approx(round(pupils_of[id_], 1))
        assert row["pupils_counted"] == pytest.approx(known, nan_ok=True)
        expected = known if id_ != closed else np.nan
        for (start, end), pupils in moved.items():
            leaving = np.nan if not start or size[start] == 1 else size[start] * pupils / pupils_of[start]
            expected += leaving if end == id_ else -leaving if start == id_ else 0
        assert row["pupils_counted_after"] == pytest.approx(expected, nan_ok=True, abs=0.051)
        has = room.get(id_)
        assert row["room"] == pytest.approx(np.nan if has is None else has, nan_ok=True)
        assert row["be_there_by"] == clock_text(bell_by(world, question, world.facilities.id.index(id_)))


@pytest.mark.parametrize("seed", range(3))
def test_without_a_change_nobody_moves(seed: int) -> None:
    world, _, question = random_schools(seed)
    day = school_day(world, question)
    answer = answered(day, school_day(world, question))
    assert len(answer.moved.pupils) == 0
    table = places_table(answer)
    ends = [name for name in table if f"{name}_after" in table]
    assert len(ends) == 9
    assert all((table[name] == table[f"{name}_after"]).all() for name in ends)


# --- the valley ----------------------------------------------------------------------------------------------------

OWN = """
[[school]]
id = "school-east"
bell = "09:30"
room = 45
assumed = false
source = "made by hand"
"""
CLOSE = '{"name": "One school", "edits": [{"edit": "CloseFacility", "facility_id": "school-west"}]}'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy valley with a school in West, where 30 pupils were counted, and one in East with 20; built once."""
    region = write_toy_region(tmp_path_factory.mktemp("built") / "valley")
    with (region / "facilities.csv").open("a") as file:
        for spot, pupils in (("west", 30), ("east", 20)):
            lon, lat = lonlat(spot)
            file.write(f"school-{spot},primary_school,School {spot},{lon},{lat},{pupils},observed\n")
    library.open_region(region)
    return region


@pytest.fixture
def valley(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, beside a scenario that closes the school in West."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "close.json").write_text(CLOSE)
    return Path(shutil.copytree(built, tmp_path / "valley"))


def test_one_of_two_schools_closes(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # Of 0 to 19 there are 100 in West, 50 in Mid and 20 in East: eight of twenty years go to school, so 40, 20 and 8. Mid is 2 km
    # from both schools and is told the first. From West to East 4 km take 15.2 minutes by bike: with one school West is far.
    more = ["--scenario", "close.json", "--moves-out", "moves.csv", "--schools-out", "schools.csv"]
    assert dorpshub(monkeypatch, "school", valley, *more) == 0
    places = pd.read_csv("school.csv").set_index("place_id")
    assert places["pupils"].to_dict() == {"west": 40, "mid": 20, "east": 8, "lone": 0}
    assert places["far"].sum() == 0
    assert places["far_after"].to_dict() == {"west": 40, "mid": 0, "east": 0, "lone": 0}
    assert [places[name]["west"] for name in ("bike_s", "bike_after_s")] == [0, pytest.approx(912, abs=2)]
    # Five of the eight years are too young to cycle alone: 5 of the 8 of East live beside the school; the 12.5 of Mid and, without
    # a school, the 25 of West are brought, as they are half an hour and an hour on foot away.
    assert places["walking_after"].tolist() == [0, 0, 5, 0]
    assert places["brought_after"].tolist() == [25, 12.5, 0, 0]
    assert places["cycling_after"].tolist() == [0, 7.5, 3, 0]
    moved = pd.read_csv("moves.csv")
    assert moved[["from_id", "to_id", "pupils", "pupils_counted"]].to_numpy().tolist() == [
        ["school-west", "school-east", 60, 30]
    ]
    schools = pd.read_csv("schools.csv").set_index("facility_id")
    assert schools["pupils"].to_dict() == {"school-west": 60, "school-east": 8}
    assert [schools[name]["school-east"] for name in ("pupils_after", "pupils_counted_after")] == [68, 50]
    assert np.isnan(schools["pupils_after"]["school-west"])
    told = capfd.readouterr().out
    assert "68 pupils of 4 to 11. The bell rings at 08:30; they are there 5 min before." in told
    assert (
        "With the scenario 40 are beyond 15 min by bike (before 0), and 38 are brought (before 12)." in told
    )
    assert "School west -> School east: 60 pupils (30 of those counted)" in told
    assert "Whether there is room is unknown at 1 of the 1 schools that get more pupils." in told
    # The first bus is in East at 9:08.
    assert (
        "Bells before the first bus: at 1 of the 1 schools with a stop within a walk no bus or train brings anybody in time: "
        "School east (bell 08:30, first 09:08)" in told
    )
    assert "Counted at 2 schools of the region: 50 pupils; the model sends 68 there." in told
    assert "Assumed: bells, margin and ages; see school_days.toml." in told


def test_a_bell_after_the_bus_lets_it_bring_those_who_are_far(
    valley: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # East begins at 9:30 and has room for 45. There by 9:25: the bus leaves West at 9:00, 25 minutes before, quicker than an hour on
    # foot. West's own school still begins at 8:30.
    (valley / SCHOOL_DAYS.name).write_text(OWN)
    more = ["--scenario", "close.json", "--schools-out", "schools.csv"]
    assert dorpshub(monkeypatch, "school", valley, *more) == 0
    places = pd.read_csv("school.csv").set_index("place_id")
    assert places["far_with_bus_after"].to_dict() == {"west": 40, "mid": 0, "east": 0, "lone": 0}
    assert places.loc["west", "transit_after_s"] == 25 * 60
    schools = pd.read_csv("schools.csv").set_index("facility_id")
    names = ("bell", "be_there_by", "first_ride", "room", "over_room")
    assert [schools[name]["school-east"] for name in names] == [
        "09:30",
        "09:25",
        "09:08",
        45,
        5,
    ]
    assert schools["bell_assumed"].to_dict() == {"school-west": True, "school-east": False}
    told = capfd.readouterr().out
    assert "School east has room for 45 and gets 50 (counted now 20): too small." in told
    assert "Bells before" not in told


def test_another_age_and_bell_are_taken_for_all(valley: Path) -> None:
    (valley / SCHOOL_DAYS.name).write_text(OWN)
    region = library.open_region(valley)
    table = library.school_days(region, from_age=4, bell="09:10", rows="place").set_index("place_id")
    assert table["too_young"].sum() == 0
    # 20 of Mid cycle, as do those who live beside a school.
    assert table["cycling"].tolist() == [40, 20, 8, 0]
    schools = library.school_days(region, bell="09:10", rows="school")
    assert set(schools["be_there_by"]) == {"09:05"}
    assert schools["bell_assumed"].all()
    # The first bus is in East at 9:08; at the school of West nobody is before 9:29, on foot from Mid.
    assert schools["first_ride"].tolist() == ["09:29", "09:08"]
    assert schools["bell_before_first_ride"].tolist() == [True, False]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "gp"], "'gp' has no school days: name one of primary_school, secondary_school"),
        (["--kind", "secondary_school"], "Where a secondary_school is, is unknown"),
        (["--kind", "school"], "Did you mean"),
        (["--bell", "25:10"], "it rings before midnight"),
        (["--bell", "half nine"], "'half nine' is no clock time"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    valley: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    assert dorpshub(monkeypatch, "school", valley, *options) == 2
    assert said in capfd.readouterr().err


def test_choices_that_mean_nothing_are_refused_together(valley: Path) -> None:
    region = library.open_region(valley)
    with pytest.raises(InputError, match=r"(?s)'8' is no clock time.*age of 30"):
        library.school_days(region, bell="8", from_age=30)
    with pytest.raises(InputError, match="A limit of 0 min"):
        library.school_days(region, limit_min=0)
    with pytest.raises(InputError, match="rows 'pupil'"):
        library.school_days(region, rows="pupil")  # type: ignore[arg-type]


def test_schools_that_there_are_not_are_refused(valley: Path) -> None:
    (valley / SCHOOL_DAYS.name).write_text(OWN.replace("school-east", "school-north"))
    with pytest.raises(InputError, match="there are no facilities school-north"):
        question_of(library.open_region(valley).world, KIND)


def test_all_faults_of_a_table_are_told_at_once(tmp_path: Path) -> None:
    text = """
[cycling]
alone_from_age = 40
assumed = true
source = "made by hand"

[[kind]]
kind = "primary_school"
bell = "8.30"
margin_min = -1.0
ages = [11, 4]
assumed = true
source = "made by hand"

[[school]]
id = "a"
room = -5
assumed = true
source = "made by hand"

[[school]]
id = "b"
bell = "24:00"
assumed = true
source = "made by hand"

[[school]]
id = "c"
assumed = true
source = "made by hand"

[[school]]
id = "c"
assumed = true
source = "made by hand"
"""
    (tmp_path / SCHOOL_DAYS.name).write_text(text)
    with pytest.raises(InputError) as refused:
        load_school_days(tmp_path)
    said = str(refused.value)
    for part in (
        "cycling 1",
        "kind 1",
        "school 1",
        "school 2",
        "rings before midnight",
        "'c' stands there twice",
    ):
        assert part in said, said


def test_the_table_that_comes_along_says_what_is_assumed() -> None:
    days = load_school_days(None)
    assert [of.kind for of in days.kinds] == ["primary_school", "secondary_school"]
    assert all(of.assumed for of in days.kinds)
    assert not days.cycling.assumed
    # Pupils of 4 to 11 are eight of twenty years; at nine five of these are too young to cycle alone. At secondary school nobody is.
    assert days.of_kind(KIND).shares(9) == (5 / 20, 3 / 20)
    assert days.of_kind("secondary_school").shares(9) == (0, 5 / 20)
    assert days.of_kind(KIND).shares(20) == (8 / 20, 0)
    assert days.arrive_by(KIND) == parse_clock("08:25")

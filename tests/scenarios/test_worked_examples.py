"""What changes mean for people, worked out on the embedded region as somebody there would ask it."""

from __future__ import annotations

import numpy as np
import pytest

from accessibility.nearest_times import NearestTimes, nearest_times, of_kind, origin_access
from accessibility.round_trips import (
    WHOLE_DAY,
    RoundTrips,
    Visited,
    facilities_visited,
    round_trips,
    round_trips_to_each,
)
from accessibility.travel_network import Points, street_matrix
from accessibility.travel_times import MODES
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, for_traveller, open_world
from data.columns import take
from data.parameters.behaviour import load_behaviour
from data.parameters.facility_kinds import load_facility_kinds
from data.parameters.hub_services import load_hub_services
from data.parameters.uncertainty import load_ranges
from data.parameters.visits import load_visits
from network.transit.departures import Window
from scenarios.comparison.compare import compare_worlds
from scenarios.comparison.equity import equity_table
from scenarios.comparison.tables import Compared
from scenarios.costs.costs import region_costs
from scenarios.costs.value import limit_of, value_of
from scenarios.edits.apply import apply
from scenarios.edits.facilities import CloseFacility, OpenFacility, PlaceHub
from scenarios.edits.lines import ChangeHeadway, DropLine
from scenarios.edits.scenario import Edit, Scenario
from scenarios.edits.streets import ChangeSpeedLimit, CloseStreets
from scenarios.placement.question import inhabited
from scenarios.placement.times import times
from scenarios.services.question import ServicesQuestion, services_named, sites_of, task_of, times_by_kind
from scenarios.services.solve import best_answer
from scenarios.services.tables import as_scenario
from support.toys.placement import PATIENT
from ui.views.area import AreaQuestion, area_view, ground_of

MODE = {mode.name: mode for mode in MODES}
OF_75_AND_OVER = 3
"""Column of the age bands."""


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("zuid-oost-drenthe", lambda _label, _share: None)


def changed(world: World, *edits: Edit) -> World:
    return apply(world, Scenario("", "", edits), load_facility_kinds())


def place(world: World, name: str) -> Points:
    row = [world.places.name.index(name)]
    return Points(world.places.x_m[row], world.places.y_m[row])


# --- groceries in Emmen from Nieuw-Schoonebeek, which has no shop and one line ---------------------------------------


def groceries(world: World) -> RoundTrips:
    """From Nieuw-Schoonebeek to the supermarket in the middle of Emmen and back by bus."""
    visit = load_visits().of_kind("supermarket")
    all_shops = facilities_visited(
        world.facilities, "supermarket", visit, world.region.service_date, world.region.holidays
    )
    (shop,) = [
        row for row, at in enumerate(all_shops.row) if world.facilities.id[at].endswith("emmen-baander-165")
    ]
    points = Points(all_shops.points.x_m[[shop]], all_shops.points.y_m[[shop]])
    in_emmen = Visited(all_shops.row[[shop]], points, (all_shops.hours[shop],), all_shops.stay_s)
    return round_trips(world.network, MODE["transit"], place(world, "Nieuw-Schoonebeek"), in_emmen, WHOLE_DAY)


def test_groceries_take_as_much_longer_as_the_bus_comes_less_often(world: World) -> None:
    by_headway = {
        minutes: groceries(changed(world, ChangeHeadway(line="95", headway_min=minutes)))
        for minutes in (30, 60, 120)
    }
    best = {minutes: trips.percentile_s(0)[0] for minutes, trips in by_headway.items()}
    worst = {minutes: trips.percentile_s(100)[0] for minutes, trips in by_headway.items()}
    # The runs keep their minute, so who leaves for the right bus is back just as soon, after 2 h 13 ...
    assert best[30] == best[60] == best[120]
    assert 132 * 60 < best[60] < 134 * 60
    # ... but who has just missed one waits a whole headway for the next, less the minute that is left of his own.
    assert {minutes: worst[minutes] - best[minutes] for minutes in worst} == {
        30: 29 * 60,
        60: 59 * 60,
        120: 119 * 60,
    }
    # At two hours between buses more than a third of all departures means over three hours for groceries.
    above = {minutes: trips.share_above(3 * 3600)[0] for minutes, trips in by_headway.items()}
    assert above[30] == 0 < above[60] < 1 / 3 < above[120]
    assert by_headway[60].tour_s.tolist() == groceries(world).tour_s.tolist(), "hourly is what runs now"


def test_after_the_last_bus_it_cannot_be_done(world: World) -> None:
    trips = groceries(world)
    last = np.flatnonzero(np.isfinite(trips.tour_s[0])).max()
    clock_h = (WHOLE_DAY.first + 60 * last) / 3600
    # The last bus that leaves time for the shop before it closes at 21:00 goes between 19 and 20 h.
    assert 19 < clock_h < 20
    assert np.isinf(trips.tour_s[0, last + 1 :]).all()


# --- the N34 at another speed, the A37 closed ------------------------------------------------------------------------


def drive_s(world: World, start: str, end: str) -> float:
    """Seconds by car from one place to another."""
    return float(street_matrix(world.network, "car", place(world, start), place(world, end), np.inf)[0, 0])


def test_what_another_limit_on_the_n34_means_for_who_drives_along_it(world: World) -> None:
    faster = changed(world, ChangeSpeedLimit(road="N34", limit_kmh=120))
    slower = changed(world, ChangeSpeedLimit(road="N34", limit_kmh=80))
    before_s, faster_s, slower_s = (drive_s(of, "Borger", "Annen") for of in (world, faster, slower))
    # 15.9 km from Borger to Annen are observed: 636 s at 0.9 of 100 km/h, 795 s at 0.9 of 80, and 603 s at the 95 km/h
    # that nobody exceeds whatever the limit. What is driven before and after stays, but for other ways round.
    assert slower_s - before_s == pytest.approx(795 - 636, abs=20)
    assert before_s - faster_s == pytest.approx(636 - 603, abs=5)
    # Pesse and Fluitenberg lie on the other side of the region.
    assert drive_s(faster, "Pesse", "Fluitenberg") == drive_s(world, "Pesse", "Fluitenberg")


def test_who_drives_from_klazienaveen_to_hoogeveen_misses_the_a37(world: World) -> None:
    closed = changed(world, CloseStreets(road="A37", modes=("car",)))
    before_s, after_s = (drive_s(of, "Klazienaveen", "Geesbrug") for of in (world, closed))
    assert after_s > before_s + 120
    assert np.isfinite(after_s)
    # Nobody cycles there, and buses keep their timetable.
    ends = place(world, "Klazienaveen"), place(world, "Geesbrug")
    by_bike = [street_matrix(of.network, "bike", *ends, np.inf) for of in (world, closed)]
    assert (by_bike[0] == by_bike[1]).all()


# --- the GP of Odoorn retires -----------------------------------------------------------------------------------------


def gp_of_village(world: World) -> str:
    """Id of the one practice of Odoorn."""
    (row,) = [
        row for row in of_kind(world.facilities, "gp") if world.facilities.name[row].endswith(" Odoorn")
    ]
    facility_id: str = world.facilities.id[row]
    return facility_id


def of_residents(world: World, mode: str) -> NearestTimes:
    by = next(one for one in world.modes if one.name == mode)
    return nearest_times(
        world.network,
        origin_access(world.network, world.residents, by, world.window),
        world.facilities,
        "gp",
        by,
    )


def patients_of(world: World, times: NearestTimes, facility_id: str) -> np.ndarray:
    return np.flatnonzero(times.facility == world.facilities.id.index(facility_id))


def test_when_a_gp_retires_everybody_goes_to_the_next_one(world: World) -> None:
    gp = gp_of_village(world)
    after = changed(world, CloseFacility(gp))
    before_times, after_times = of_residents(world, "bike"), of_residents(after, "bike")
    moved = patients_of(world, before_times, gp)
    # The practice serves villages around Odoorn too, such as Klijndijk; Exloo has one of its own.
    odoorn = world.places.inhabitants[world.places.name.index("Odoorn")]
    assert odoorn < world.residents.people[moved].sum() < 5 * odoorn
    # Plain loop: of all other practices the least time by bike, from a full matrix of the old world.
    rows = of_kind(world.facilities, "gp")
    others = rows[[world.facilities.id[row] != gp for row in rows]]
    homes = Points(world.residents.points.x_m[moved], world.residents.points.y_m[moved])
    targets = Points(world.facilities.x_m[others], world.facilities.y_m[others])
    seconds = street_matrix(world.network, "bike", homes, targets, np.inf)
    assert after_times.seconds[moved].tolist() == seconds.min(axis=1).tolist()
    for home, facility in zip(range(len(moved)), after_times.facility[moved], strict=True):
        known = world.facilities.id.index(after.facilities.id[facility])
        assert seconds[home, others.tolist().index(known)] == seconds[home].min()
    # Nobody else notices.
    same = np.setdiff1d(np.arange(len(before_times.seconds)), moved)
    assert after_times.seconds[same].tolist() == before_times.seconds[same].tolist()


def test_for_those_of_75_and_over_without_a_car_it_is_further_than_for_others(world: World) -> None:
    gp = gp_of_village(world)
    elderly = for_traveller(world, next(one for one in TRAVELLERS if one.id == "75plus"))
    times = {
        (who, when): of_residents(changed(of, *edits), mode)
        for who, of, mode in (("elderly", elderly, "transit"), ("others", world, "bike"))
        for when, edits in (("now", ()), ("then", (CloseFacility(gp),)))
    }
    moved = patients_of(world, of_residents(world, "bike"), gp)
    people = world.residents.people_by_age[moved]
    added = {}
    for who, weight in (("elderly", people[:, OF_75_AND_OVER]), ("others", people.sum(axis=1))):
        longer = times[who, "then"].seconds[moved] - times[who, "now"].seconds[moved]
        added[who] = float((longer * weight).sum() / weight.sum())
    # On foot and by bus, at 0.94 m/s, the next practice is further away than by bike.
    assert people[:, OF_75_AND_OVER].sum() > 100
    assert added["elderly"] > added["others"] > 0


def test_reopening_gives_the_first_numbers_back_to_the_last_digit(world: World) -> None:
    row = world.facilities.id.index(gp_of_village(world))
    lon_deg, lat_deg = world.projection.to_lonlat(world.facilities.x_m[[row]], world.facilities.y_m[[row]])
    gp = CloseFacility(world.facilities.id[row])
    closed = changed(world, gp)
    again = OpenFacility(
        kind="gp", name="GP Odoorn again", lon_deg=float(lon_deg[0]), lat_deg=float(lat_deg[0])
    )
    reopened = changed(closed, again)
    for mode in ("walk", "bike", "car", "transit"):
        now, then = of_residents(world, mode), of_residents(reopened, mode)
        assert then.seconds.tolist() == now.seconds.tolist()
        assert then.percentiles_s.tolist() == now.percentiles_s.tolist()


# --- from a care base to every village and back ----------------------------------------------------------------------


def test_a_nurse_of_borger_serves_the_villages_around(world: World) -> None:
    rows = np.flatnonzero(world.places.in_region).astype(np.int32)
    points = Points(world.places.x_m[rows], world.places.y_m[rows])
    villages = Visited(rows, points, (((0, 86_400),),) * len(rows), 30 * 60)
    by_car = round_trips_to_each(
        world.network, MODE["car"], place(world, "Borger"), villages, Window(9 * 3600, 60, 1)
    )
    out_s = street_matrix(world.network, "car", place(world, "Borger"), points, np.inf)[0]
    back_s = street_matrix(world.network, "car", points, place(world, "Borger"), np.inf)[:, 0]
    # By car there is no waiting: the way there, half an hour, and the way back.
    assert by_car.tour_s[:, 0].tolist() == (out_s + 30 * 60 + back_s).tolist()
    within_hour = by_car.tour_s[:, 0] <= 3600
    served = int(world.places.inhabitants[rows][within_hour].sum())
    everybody = int(world.places.inhabitants[rows].sum())
    assert 5_000 < served < everybody / 2


# --- a hub in Odoornerveen, and those without a car ------------------------------------------------------------------


def test_a_hub_in_a_village_of_drivers_helps_those_without_a_car_less(world: World) -> None:
    hub = changed(world, PlaceHub(place_id="odoornerveen", kinds=("gp",)))
    results = compare_worlds(world, [hub], ["gp"], ["bike"])[0]
    pair = Compared("as it is", "hub", world, hub, results)
    behaviour, span = load_behaviour(world.region.folder), load_ranges().without_car
    table = equity_table([pair], behaviour, span, 600.0, 60.0).set_index("area")
    region = table.loc["region"]
    # In the region 31 % have no car to drive, children among them (29 to 34 %); in the villages around the hub, with 1.4 cars
    # a household, 22 % (21 to 25 %). However many they are, the hub gives them less than their part.
    assert region["gain"] == 644
    assert (region["gain_without_car_low"], region["gain_without_car"], region["gain_without_car_high"]) == (
        134,
        143,
        158,
    )
    assert region["without_car_share"] == pytest.approx(0.31, abs=0.005)
    assert region["verdict"] == "less"
    # All of it is in the two municipalities that the hub lies between, and nothing of it is lost between them.
    parts = table.drop("region")
    assert parts.index[parts["gain"] > 0].tolist() == ["Borger-Odoorn", "Coevorden"]
    for name in ("people", "without_car", "gain", "gain_without_car"):
        assert parts[name].sum() == region[name]


# --- the report of Coevorden -----------------------------------------------------------------------------------------


def test_two_hubs_proposed_for_coevorden(world: World) -> None:
    found = area_view(ground_of(world, AreaQuestion("gp", "bike", 10)), "Coevorden", None)
    # In 2021 35,305 people, of CBS; by 2040 fewer, and over half as many again of 75 and older.
    assert (sum(found.ages), sum(found.ages_later)) == (35_305, 32_141)
    assert found.ages_later[OF_75_AND_OVER] > 1.5 * found.ages[OF_75_AND_OVER]
    # Geesbrug, 28 minutes from a GP, with 1,294 people, and Hoogehaar between Steenwijksmoer and Vossebelt.
    assert [edit.name for edit in found.compare.design.edits] == ["Geesbrug", "Hoogehaar"]
    within = found.compare.all_ages
    assert (within.before, within.after, within.people_after) == (26_445, 28_839, 35_305)
    # There the gain is shared evenly with those without a car.
    assert found.compare.equity.verdict == "even"


# --- what a hub offers for 100,000 euros a year ----------------------------------------------------------------------


def test_a_hub_offers_a_pharmacy_point_and_a_shop_where_most_people_lack_them(world: World) -> None:
    known = load_hub_services(None)
    named = services_named(known, ("pharmacy", "supermarket"))
    question = ServicesQuestion(named, 100_000.0, known.hub.cost_per_year)
    sites, _ = sites_of(question, world, world)
    task = task_of(question, world, sites, times_by_kind(question, world, sites))
    answer = best_answer(task, PATIENT)
    # 30,000 for the hub, as much for the pharmacy point and 40,000 for a shop with one till: one hub, and nothing is left.
    assert (answer.ids, answer.is_proved, answer.cost_per_year) == (("erm",), True, 100_000)
    # The pharmacy point is full: 15 hours of 8 visits in 50 weeks, of people who come as often as the average of the region.
    people = inhabited(world.residents).people_by_age
    average = (people @ np.array([2.0, 4.0, 8.0, 12.0])).sum() / people.sum()
    assert answer.served[0] == pytest.approx(6000 / average, abs=0.02)
    # With the hub as a scenario those it has room for, and more, are within ten minutes by bike of a pharmacy.
    after = apply(world, as_scenario(world, answer, "", ""), load_facility_kinds())
    chosen, origins = take(sites, answer.chosen), inhabited(world.residents)
    before_s, after_s = (
        times(of, "pharmacy", chosen, origins, MODE["bike"], 50.0).existing for of in (world, after)
    )
    won = origins.people[(before_s > 600) & (after_s <= 600)].sum()
    assert won > answer.served[0]
    assert not ((before_s <= 600) & (after_s > 600)).any()


# --- what a bus each half hour from Emmen to Nieuw-Schoonebeek costs --------------------------------------------------


def test_twice_as_many_buses_on_line_95_cost_a_million_a_year(world: World) -> None:
    found = region_costs(world, Scenario("", "", (ChangeHeadway(line="95", headway_min=30),)))
    # A run takes 41.1 minutes. On working days and Saturdays 16 leave each way, 7:02 to 22:02 and 7:20 to 22:20; each half hour
    # there are 31. On Sundays 8, every two hours from 7:02 to 21:02; each half hour 29. A year has 255 working days, 52 Saturdays
    # and 58 Sundays and holidays.
    run_h = 41.1 / 60
    before = 2 * run_h * ((255 + 52) * 16 + 58 * 8)
    after = 2 * run_h * ((255 + 52) * 31 + 58 * 29)
    (line,) = found.lines
    assert [line.before, line.after] == pytest.approx([before, after])
    assert after - before == pytest.approx(7_977.5, abs=0.1)
    # 7,977.5 hours at 120 euros, 90 to 160 euros: an assumption, and told as one.
    assert found.per_year == pytest.approx((957_300, 717_976, 1_276_400), abs=2)
    assert found.is_whole
    assert found.bases == ("assumed",)


def test_dropping_line_95_saves_money_and_that_is_divided_by_nobody(world: World) -> None:
    scenario = Scenario("", "", (DropLine(line="95"),))
    found = region_costs(world, scenario)
    # All its 7,365 hours at 120 euros.
    assert found.per_year.used == pytest.approx(-7_365.12 * 120)
    after = changed(world, *scenario.edits)
    (results,) = compare_worlds(world, [after], ["supermarket"], ["transit"])
    value = value_of((world, after), results[0], limit_of(30), found.whole_per_year, load_behaviour(None))
    assert value.gained is not None
    assert value.hours is not None
    # Nobody comes within half an hour and all travel takes longer: money saved is divided by nobody and by no hour.
    assert value.gained <= 0
    assert value.hours.saved < -100_000
    assert (value.why_not_person, value.per_person) == ("nobody gains", None)
    assert (value.why_not_hour, value.per_hour) == ("nobody gains", None)

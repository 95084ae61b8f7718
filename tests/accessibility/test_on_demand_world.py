"""Rides on demand in a region, as a mode like the others, on the toy valley (drawn in toys/region.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accessibility.nearest_times import NearestTimes, nearest_times, origin_access, reasons
from accessibility.od_matrix import od_times
from accessibility.origins import place_origins
from accessibility.travel_network import Points, as_traveller, with_streets
from accessibility.travel_times import MODES, TravelMode, modes_of
from accessibility.travellers import TRAVELLERS
from accessibility.world import World, open_world
from data.on_demand.services import NO_ON_DEMAND, OnDemandServices
from scenarios.comparison.report import basis
from support.toys.region import TAXI, write_toy_region

WEST, MID, EAST, LONE = range(4)
PREBOOKED = replace(
    next(mode for mode in MODES if mode.name == "on_demand"), access_max_s=15 * 60, egress_max_s=15 * 60
)
"""With less than the 25 minutes to walk from one stop to the next, for who waits for the service to open."""
IMMEDIATE = replace(PREBOOKED, name="on_demand_immediate", on_demand="immediate")
SERVICE = TAXI.replace("09:00", "09:30")


def silent(_label: str, _share: float) -> None:
    """Take no notice of progress."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = write_toy_region(tmp_path_factory.mktemp("toy") / "valley")
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + SERVICE)
    return open_world(folder, silent)


def times_to(world: World, kind: str, mode: TravelMode = PREBOOKED) -> NearestTimes:
    access = origin_access(world.network, place_origins(world.places), mode, world.window)
    return nearest_times(world.network, access, world.facilities, kind, mode)


def test_an_ordered_ride_is_a_mode_of_its_own(world: World) -> None:
    times = times_to(world, "supermarket")
    # 4 km along a residential street at 24 km/h are 600 s, the taxi's way 900 s, and ten minutes of margin: 1,500 s.
    # It starts at half past nine: of the sixty departures from nine on thirty wait, half an hour down to a minute.
    assert times.percentiles_s[WEST, 0] == 1500
    assert times.seconds[WEST] == 1500 + 60  # the thirty-first of sixty
    assert times.percentiles_s[WEST, -1] == 1500 + 1800
    assert times.seconds[MID] == 300 * 1.5 + 600 + 60
    assert times.metres[WEST] == pytest.approx(4000, abs=1)
    assert times.facility[[WEST, MID]].tolist() == [1, 1]
    # East has the supermarket at its stop: 0 m are less than a kilometre. Lone is out of reach of any stop.
    assert times.facility[[EAST, LONE]].tolist() == [-1, -1]
    assert times.served_share.tolist() == [1, 1, 0, 0]


def test_ordered_on_leaving_the_lead_counts(world: World) -> None:
    # Leaving at nine one is picked up at ten, an hour later; nobody waits for the opening.
    assert times_to(world, "supermarket", IMMEDIATE).percentiles_s[WEST].tolist() == [1500 + 3600] * 7


def test_who_cannot_order_a_ride_is_told_why(world: World) -> None:
    access = origin_access(world.network, place_origins(world.places), PREBOOKED, world.window)
    times = nearest_times(world.network, access, world.facilities, "supermarket", PREBOOKED)
    refused = "no ride can be booked: outside the zones or hours, or too short or too long"
    assert reasons(access, world.facilities, times) == ("", "", refused, "no street within reach")


def test_rides_are_never_mixed_into_the_bus_and_need_a_service(world: World) -> None:
    bus = next(mode for mode in MODES if mode.name == "transit")
    without = replace(world, network=replace(world.network, on_demand=NO_ON_DEMAND))
    by_bus = [
        nearest_times(
            of.network,
            origin_access(of.network, place_origins(of.places), bus, of.window),
            of.facilities,
            "supermarket",
            bus,
        )
        for of in (world, without)
    ]
    assert np.array_equal(by_bus[0].percentiles_s, by_bus[1].percentiles_s)
    assert np.isinf(times_to(without, "supermarket").seconds).all()


def test_a_service_more_never_makes_anyone_later_and_the_world_stays_as_it_was(world: World) -> None:
    (taxi,) = world.network.on_demand.services
    early = replace(taxi, id="early", periods=((0, 86_400),))
    more = replace(
        world, network=replace(world.network, on_demand=OnDemandServices((taxi, early), world.projection))
    )
    before, after = times_to(world, "gp"), times_to(more, "gp")
    assert (after.percentiles_s <= before.percentiles_s).all()
    assert after.percentiles_s[WEST, -1] == 300 * 1.5 + 600
    assert np.array_equal(times_to(world, "gp").percentiles_s, before.percentiles_s)


def test_other_streets_and_travellers_keep_the_services(world: World) -> None:
    network = world.network
    assert with_streets(network, network.search).on_demand == network.on_demand
    frame = next(traveller for traveller in TRAVELLERS if traveller.id == "frame")
    assert as_traveller(network, frame).on_demand == network.on_demand
    # With a walking frame one walks 15 minutes to a stop at most.
    assert {mode.access_max_s for mode in modes_of(frame) if mode.on_demand} == {900}


def test_the_matrix_of_any_files_knows_the_mode_too(world: World) -> None:
    places = Points(world.places.x_m[:3], world.places.y_m[:3])
    found = od_times(world.network, PREBOOKED, places, places, world.window, (0.0, 100.0))
    # 2 km take 450 s and the margin, 4 km 900 s; half an hour more for who leaves at nine.
    quickest = [[np.inf, 1050, 1500], [1050, np.inf, 1050], [1500, 1050, np.inf]]
    assert found.seconds[:, :, 0].tolist() == quickest
    assert found.seconds[:, :, 1].tolist() == (np.array(quickest) + 1800).tolist()
    nothing = replace(world.network, on_demand=NO_ON_DEMAND)
    assert np.isinf(od_times(nothing, PREBOOKED, places, places, world.window, (50.0,)).seconds).all()


def test_a_mode_that_orders_must_be_given_its_departures(world: World) -> None:
    walking = origin_access(world.network, place_origins(world.places), MODES[0], world.window)
    with pytest.raises(ValueError, match="needs its departures"):
        nearest_times(world.network, walking, world.facilities, "gp", PREBOOKED)


def test_a_changed_zone_is_built_anew(tmp_path: Path) -> None:
    folder = write_toy_region(tmp_path / "valley")
    service = SERVICE.replace('stops = "timetable"', 'stops_file = "stops.csv"')
    (folder / "region.toml").write_text((folder / "region.toml").read_text() + service)
    (folder / "stops.csv").write_text("id,lon,lat\na,6.9,52.75\n")
    old = open_world(folder, silent)
    (folder / "stops.csv").write_text("id,lon,lat\nb,6.9,52.75\n")
    new = open_world(folder, silent)
    assert new.digest != old.digest
    assert new.network.on_demand.services[0].pickup.stops[0].name == "b"


def test_a_table_says_what_an_ordered_ride_rests_on(world: World) -> None:
    row = basis(world, PREBOOKED)
    assert (row["service_date"], row["window"]) == ("2026-10-06", "09:00-10:00")
    # The service assumes its detour; the timetable, which is modelled too, plays no part.
    assert row["modelled_layers"] == "on_demand"

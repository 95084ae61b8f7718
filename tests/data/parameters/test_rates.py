"""Rates are data with their source; a region, and then a file of one's own, may say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import InputError
from data.parameters.rates import DAY_KINDS, Discount, load_rates, vehicle_of

TRAIN = """
[[vehicle_hour]]
vehicle = "train"
euros = 500.0
low = 400.0
high = 700.0
assumed = false
source = "Contract of the valley line, 2026"
"""
BUS = TRAIN.replace('"train"', '"bus"').replace("valley line", "valley bus")


def test_every_rate_has_a_source_and_what_is_assumed_says_so() -> None:
    rates = load_rates(None)
    rows = [*rates.vehicle_hours, *rates.paths, rates.ride, rates.discount, rates.days]
    assert all(row.source for row in rows)
    assert [row.assumed for row in rows] == ["assum" in row.source for row in rows]
    assert sum(rates.days.of(kind) for kind in DAY_KINDS) == 365


def test_what_is_not_in_the_table_has_no_rate_which_is_not_0() -> None:
    assert load_rates(None).of_vehicle("train") is None


def test_rows_of_a_region_and_of_an_own_file_replace_those_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "rates.toml").write_text(BUS + TRAIN)
    own = tmp_path / "own.toml"
    own.write_text(TRAIN.replace("500.0", "600.0"))
    rates = load_rates(tmp_path, own)
    assert [rates.of_vehicle(vehicle).euros for vehicle in ("bus", "train")] == [500, 600]  # type: ignore[union-attr]
    assert load_rates(tmp_path).of_vehicle("train").euros == 500  # type: ignore[union-attr]
    assert rates.paths == load_rates(None).paths


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    own = tmp_path / "rates.toml"
    own.write_text(
        BUS.replace("low = 400.0", "low = 600.0")
        + TRAIN.replace('"train"', '"zeppelin"')
        + '[days]\nweekday = 255.0\nsaturday = 52.0\nsunday = 5.0\nassumed = true\nsource = "x"\n'
        + '[discount]\nshare = 2.25\nassumed = true\nsource = "x"\n'
    )
    with pytest.raises(InputError) as error:
        load_rates(tmp_path)
    told = str(error.value)
    assert "vehicle_hour 1: low (600), euros (500) and high (700) must ascend" in told
    assert "vehicle_hour 2: Invalid enum value 'zeppelin'" in told
    assert "must be 365 or 366 days together, not 312" in told
    assert "discount 1" in told
    with pytest.raises(InputError, match="nowhere"):
        load_rates(None, tmp_path / "nowhere.toml")


def test_a_one_off_cost_is_paid_off_in_its_life() -> None:
    # 1,000 euros lent at 5 %, paid back in parts of 1,000 x annuity: nothing is left after 10 years.
    part = 1_000 * Discount(share=0.05, assumed=False, source="x").per_year(10)
    left = 1_000.0
    for _ in range(10):
        left = left * 1.05 - part
    assert left == pytest.approx(0, abs=1e-9)
    assert Discount(share=0, assumed=False, source="x").per_year(40) == 1 / 40


@pytest.mark.parametrize(
    ("route_type", "vehicle"),
    [(0, "tram"), (1, "metro"), (2, "train"), (3, "bus"), (4, "ferry"), (7, "other"), (11, "bus"), (109, "train"),
     (204, "bus"), (401, "metro"), (700, "bus"), (800, "bus"), (900, "tram"), (1000, "ferry"), (1300, "other"), (1500, "other")],
)  # fmt: skip
def test_route_types_stand_for_vehicles(route_type: int, vehicle: str) -> None:
    assert vehicle_of(route_type) == vehicle

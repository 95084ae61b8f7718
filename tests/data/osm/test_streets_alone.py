"""Streets read alone are those of the whole extract."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from data.osm.extract import read_osm, read_osm_streets
from data.parameters.facility_kinds import load_facility_kinds
from support.real_networks import FILES

DAY = dt.date(2026, 10, 6)


@pytest.mark.parametrize("name", ["newport", "heidelberg"])
def test_the_streets_are_the_same_whether_or_not_anything_else_is_read(name: str) -> None:
    path: Path = FILES[name]
    if not path.exists():
        pytest.skip(f"the shared test data of {name} is not here")
    whole = read_osm(path, load_facility_kinds(), DAY)
    streets, report = read_osm_streets(path, DAY)
    for field in fields(streets):
        one, other = getattr(streets, field.name), getattr(whole.streets, field.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=field.name)
        else:
            assert one == other, field.name
    of_streets = [found for found in whole.report.findings if found.layer == "streets"]
    assert [found for found in report.findings if found.layer == "streets"] == of_streets

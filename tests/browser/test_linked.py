"""What is picked on the map, in the table or on the curve of "Vergelijk" is marked on all three."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browser.visit import Visit

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from ui.state.link import pack

HUB = Scenario("Hub in Valthe", "", (PlaceHub(place_id="valthe", kinds=("gp", "pharmacy", "supermarket")),))
VALTHE = (6.89444, 52.84583)
ON_MAP = """document.querySelector(".dorpshub-map").dorpshub.map.getSource("picked").serialize().data
  .features.map((feature) => feature.properties.tip)"""
IN_TABLE = """[...document.querySelectorAll("[data-testid=stDataFrame] tr[aria-selected=true]")]
  .map((row) => row.querySelector("[role=gridcell]").textContent)"""
ON_CURVE = """[...document.querySelectorAll("[data-testid=stVegaLiteChart] svg :not(.role-legend-label) > text")]
  .map((text) => text.textContent)"""


def wait_until_marked(visit: Visit, names: list[str]) -> None:
    """Wait until exactly these places are marked on the map and in the table, and named at the curve."""
    visit.page.wait_for_function(
        f"""names => {{
            const same = (found) => JSON.stringify([...found].sort()) === JSON.stringify(names);
            return same({ON_MAP}) && same({IN_TABLE}) && names.every((name) => {ON_CURVE}.some((said) => said.includes(name)));
        }}""",
        arg=sorted(names),
    )


FIRST_ROW = (16, 52)
"""Pixels from the corner of the table to the box before its first row: below the names of the columns."""
MINUTE = 10


@pytest.fixture
def visit(browser: Any, address: str) -> Visit:
    """The page "Vergelijk" of the hub, with nothing picked."""
    visit = Visit(browser, 1280, 1000)
    visit.open(f"{address}/vergelijk?s={pack(HUB)}")
    return visit


def test_map_table_and_curve_mark_what_was_clicked_on_the_map(visit: Visit) -> None:
    visit.click(*VALTHE, times=1)
    wait_until_marked(visit, ["Valthe"])
    assert visit.errors == visit.outside == []


def test_map_table_and_curve_mark_what_was_picked_in_the_table(visit: Visit) -> None:
    table = visit.page.get_by_test_id(
        "stDataFrame"
    ).last  # the one before it is the curve in numbers, folded away
    table.scroll_into_view_if_needed()
    name = table.locator("tbody tr").first.locator("[role=gridcell]").first.text_content()
    table.click(position={"x": FIRST_ROW[0], "y": FIRST_ROW[1]})
    wait_until_marked(visit, [name])
    assert visit.errors == visit.outside == []


def test_map_table_and_curve_mark_the_villages_that_cross_the_minute_picked_on_the_curve(
    visit: Visit,
) -> None:
    # Both villages around the hub are within 10 minutes with it, and were not before; no other village is.
    chart = visit.page.get_by_test_id("stVegaLiteChart").first
    tick = chart.locator("svg .role-axis-label text").filter(has_text=re.compile(f"^{MINUTE}$")).first
    at, box = tick.bounding_box(), chart.bounding_box()
    chart.click(position={"x": at["x"] + at["width"] / 2 - box["x"], "y": box["height"] / 2})
    wait_until_marked(visit, ["Valthe", "Valtherblokken"])
    assert visit.errors == visit.outside == []

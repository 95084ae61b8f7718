"""What is picked on the map of "Vergelijk" is marked there, in the table and on the curve."""

from __future__ import annotations

from typing import Any

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
ON_CURVE = """[...document.querySelectorAll("[data-testid=stVegaLiteChart] svg text")].map((text) => text.textContent)"""


def wait_until_marked(visit: Visit, names: list[str]) -> None:
    """Wait until exactly these places are marked on the map and in the table, and named at the curve."""
    visit.page.wait_for_function(
        f"""names => {{
            const same = (found) => JSON.stringify([...found].sort()) === JSON.stringify(names);
            return same({ON_MAP}) && same({IN_TABLE}) && names.every((name) => {ON_CURVE}.some((said) => said.includes(name)));
        }}""",
        arg=sorted(names),
    )


def test_map_table_and_curve_mark_what_was_clicked_on_the_map(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 1000)
    visit.open(f"{address}/vergelijk?s={pack(HUB)}")
    visit.click(*VALTHE, times=1)
    wait_until_marked(visit, ["Valthe"])
    assert visit.errors == visit.outside == []

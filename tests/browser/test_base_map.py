"""The ground of the map in a real browser: streets of our own at every zoom, and a map that goes to what matters."""

from __future__ import annotations

from typing import Any

import pytest
from browser.chromium import wait_for_map
from browser.visit import Visit

MAP = "document.querySelector('.dorpshub-map').dorpshub.map"
EXLOO = (6.8665, 52.8815)


def zoom(visit: Visit) -> float:
    found: float = visit.page.evaluate(f"{MAP}.getZoom()")
    return found


def sees(visit: Visit, spot: tuple[float, float]) -> bool:
    found: bool = visit.page.evaluate(f"spot => {MAP}.getBounds().contains(spot)", list(spot))
    return found


def look(visit: Visit, spot: tuple[float, float], zoom: float) -> None:
    """Look at a spot and wait until all of it is drawn."""
    visit.page.evaluate(f"([center, zoom]) => {MAP}.jumpTo({{ center, zoom }})", [list(spot), zoom])
    visit.page.wait_for_function(f"() => {MAP}.loaded() && {MAP}.areTilesLoaded()")


def drawn(visit: Visit, layer: str) -> int:
    """How many features of a layer are on the map."""
    found: int = visit.page.evaluate(
        f"layer => {MAP}.queryRenderedFeatures({{ layers: [layer] }}).length", layer
    )
    return found


def test_streets_are_there_down_to_the_village_and_no_other_host_is_asked(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.open(f"{address}/ontwerp")
    assert drawn(visit, "roads") > 0
    look(visit, EXLOO, 14)
    assert drawn(visit, "streets") > 0
    assert drawn(visit, "names") > 0
    look(visit, EXLOO, 16.5)
    assert drawn(visit, "streets") > 0
    tiles = {url.removeprefix(f"{address}/map/tiles/").split("/")[1] for url in asked if url.endswith(".mvt")}
    # Of the levels below the deepest, which is drawn larger beyond.
    assert "13" in tiles
    assert "14" not in tiles
    assert visit.outside == []
    assert visit.errors == []


def test_the_library_and_the_ground_are_asked_for_once(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    first = visit.headline
    visit.page.locator(".maplibregl-canvas").focus()
    visit.page.keyboard.press("Enter")
    visit.wait_for_other_headline(first)
    assert not [url for url in asked if "/map/code/" in url or "/map/layers/" in url]


def test_the_map_goes_to_the_village_and_to_the_whole_region_by_one_click(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/?place=exloo")
    assert sees(visit, EXLOO)
    assert zoom(visit) > 10.5
    visit.press("Hele regio")
    visit.page.wait_for_function(f"() => !{MAP}.isMoving() && {MAP}.getZoom() < 10")
    # The page keeps its view: a reload comes back to the whole region.
    whole = zoom(visit)
    visit.page.reload()
    wait_for_map(visit.page)
    assert zoom(visit) == pytest.approx(whole, abs=1e-6)
    assert visit.errors == []


def test_population_cells_take_the_place_of_the_circles(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    button = visit.page.get_by_role("button", name="Per 100 meter")
    assert drawn(visit, "places") > 100
    button.click()
    visit.page.wait_for_function(f"() => {MAP}.getLayer('cells') && {MAP}.loaded()")
    assert button.get_attribute("aria-pressed") == "true"
    assert drawn(visit, "places") == 0
    painted = visit.page.evaluate(
        """() => {
            const { canvas } = document.querySelector('.dorpshub-map').dorpshub.cells;
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let painted = 0;
            for (let at = 3; at < data.length; at += 4) painted += data[at] > 0;
            return painted / (data.length / 4);
        }"""
    )
    # 36,020 cells of a hundredth of a square kilometre in a box of some 60 by 75 km: eight per cent of it.
    assert 0.02 < painted < 0.15
    button.click()
    visit.page.wait_for_function(f"() => {MAP}.queryRenderedFeatures({{ layers: ['places'] }}).length > 100")
    assert visit.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ground_follows_the_theme(browser: Any, address: str, scheme: str) -> None:
    visit = Visit(browser, 1280, 900, scheme)
    visit.open(f"{address}/ontwerp")
    land = visit.page.evaluate(f"{MAP}.getPaintProperty('land', 'fill-color')")
    assert land == {"light": "#fbfaf6", "dark": "#1b2526"}[scheme]
    assert visit.barriers() == []

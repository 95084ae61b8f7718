"""Map pictures from the internet: asked for only when switched on, with credit, and never needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from browser.chromium import wait_for_map
from browser.visit import ANSWER_MS, Visit

from scenarios.edits.facilities import PlaceHub
from scenarios.edits.scenario import Scenario
from ui.state.link import Choices, to_query

SERVER = "https://service.pdok.nl/"
SWITCH = "Achtergrondkaart van internet"
FAILS = "De kaartbeelden van PDOK (Kadaster) komen niet binnen. U ziet de kaart van deze app zelf."
PARTLY = "Een deel van de kaartbeelden van PDOK (Kadaster) is niet binnengekomen."
RED = [220, 30, 40]


def picture() -> bytes:
    """A red square of 256 pixels as PNG, written by hand: no library is needed to look at one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes(RED) * 256) * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class Tiles:
    """A server of map pictures that gives, refuses, or does not answer."""

    def __init__(self, visit: Visit, answer: Callable[[int], str]) -> None:
        self.asked: list[str] = []
        self.answer = answer
        visit.page.route(f"{SERVER}**", self._serve)

    def _serve(self, route: Any) -> None:
        self.asked.append(route.request.url)
        match self.answer(len(self.asked)):
            case "picture":
                route.fulfill(
                    body=picture(), content_type="image/png", headers={"Access-Control-Allow-Origin": "*"}
                )
            case "absent":
                route.fulfill(status=404, headers={"Access-Control-Allow-Origin": "*"})
            case "broken":
                route.fulfill(status=500, headers={"Access-Control-Allow-Origin": "*"})
            case "offline":
                route.abort()


@pytest.fixture
def visit(browser: Any, address: str) -> Visit:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    return visit


def switch(visit: Visit) -> Any:
    return visit.page.get_by_role("switch", name=SWITCH)


def wait_until(visit: Visit, condition: str) -> None:
    visit.page.wait_for_function(condition, timeout=ANSWER_MS)


def wait_for_trouble(visit: Visit, sentence: str) -> None:
    visit.page.wait_for_function(
        "told => document.querySelector('.dorpshub-trouble')?.innerText === told", arg=sentence
    )


def wait_for_pictures(visit: Visit) -> None:
    """Wait until the pictures are drawn and nothing more is loading."""
    wait_until(
        visit,
        """() => {
            const map = document.querySelector(".dorpshub-map").dorpshub.map;
            return map.getLayer("dorpshub-background") && map.areTilesLoaded() && map.getPaintProperty("land", "fill-opacity") < 1;
        }""",
    )


def redness(visit: Visit) -> float:
    """Share of the pixels of the map that are of the colour of the pictures, dimmed or not."""
    share: float = visit.page.evaluate(
        """() => {
            const map = document.querySelector(".dorpshub-map").dorpshub.map;
            map.redraw();
            const gl = map.getCanvas().getContext("webgl2") ?? map.getCanvas().getContext("webgl");
            const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
            const pixels = new Uint8Array(4 * width * height);
            gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
            let red = 0;
            for (let at = 0; at < pixels.length; at += 4) red += pixels[at] > 150 && pixels[at + 1] < 110;
            return red / (width * height);
        }"""
    )
    return share


def test_nothing_is_asked_before_and_pictures_come_after_switching_on(visit: Visit, address: str) -> None:
    tiles = Tiles(visit, lambda _number: "picture")
    assert not switch(visit).is_checked()
    assert visit.outside == tiles.asked == []
    told = visit.page.locator(".dorpshub-background").inner_text()
    assert "PDOK (Kadaster)" in told
    assert "Die server ziet uw internetadres en welk stuk van de kaart u bekijkt." in told
    assert not visit.page.locator(".dorpshub-credit").is_visible()
    assert redness(visit) < 0.01
    before = visit.page.evaluate("document.querySelector('.dorpshub-map').dorpshub.component.data.places")

    switch(visit).check()
    wait_for_pictures(visit)
    # The scale of the map of six municipalities is about level 9 or 10; each address names level, column and row.
    levels = {int(url.removeprefix(SERVER).split("/")[6]) for url in tiles.asked}
    assert levels <= {8, 9, 10, 11}
    assert all("/grijs/EPSG:3857/" in url and url.endswith(".png") for url in tiles.asked)
    credit = visit.page.locator(".dorpshub-credit")
    assert credit.inner_text() == "BRT Achtergrondkaart \u00a9 Kadaster, CC BY 4.0"
    assert credit.locator("a").get_attribute("href") == "https://www.pdok.nl"
    assert redness(visit) > 0.5
    assert visit.page.locator(".dorpshub-trouble").inner_text() == ""
    # The figures are as they were, and a picture of the map can still be taken: the canvas is not locked.
    after = visit.page.evaluate("document.querySelector('.dorpshub-map').dorpshub.component.data.places")
    assert after == before
    taken = visit.page.evaluate("document.querySelector('.maplibregl-canvas').toDataURL().length")
    assert taken > 10_000

    # Another page, and a reload: the choice holds for this session.
    visit.page.get_by_role("link", name="Waar een hub?").click()
    visit.page.wait_for_url(f"{address}/waar-een-hub**")
    wait_for_map(visit.page)
    wait_for_pictures(visit)
    assert switch(visit).is_checked()
    visit.page.reload()
    wait_for_map(visit.page)
    wait_for_pictures(visit)

    switch(visit).uncheck()
    wait_until(
        visit, "() => !document.querySelector('.dorpshub-map').dorpshub.map.getSource('dorpshub-background')"
    )
    assert not visit.page.locator(".dorpshub-credit").is_visible()
    assert redness(visit) < 0.01
    seen = len(tiles.asked)
    visit.page.evaluate("document.querySelector('.dorpshub-map').dorpshub.map.zoomTo(11, {animate: false})")
    visit.page.reload()
    wait_for_map(visit.page)
    assert not switch(visit).is_checked()
    assert len(tiles.asked) == seen
    assert visit.outside == []


@pytest.mark.parametrize("answer", ["offline", "broken", "absent"])
def test_a_server_that_fails_leaves_the_own_map_and_is_told(visit: Visit, answer: str) -> None:
    Tiles(visit, lambda _number: answer)
    switch(visit).check()
    wait_for_trouble(visit, FAILS)
    # Land and roads of our own, as before; who made the pictures stands there while they are asked for.
    opacity = "document.querySelector('.dorpshub-map').dorpshub.map.getPaintProperty('land', 'fill-opacity')"
    assert visit.page.evaluate(opacity) == 1
    wait_for_map(visit.page)
    assert visit.page.locator(".dorpshub-credit").is_visible()
    switch(visit).uncheck()
    wait_for_trouble(visit, "")


def test_a_server_that_gives_some_pictures_is_told_too(visit: Visit) -> None:
    Tiles(visit, lambda number: "picture" if number % 2 else "broken")
    switch(visit).check()
    wait_for_trouble(visit, PARTLY)
    assert redness(visit) > 0.1


def test_maps_beside_each_other_share_one_switch(visit: Visit, address: str) -> None:
    tiles = Tiles(visit, lambda _number: "picture")
    hubs = [Scenario(at, "", (PlaceHub(place_id=at, kinds=("gp",)),)) for at in ("exloo", "valthe")]
    visit.open(f"{address}/vergelijk?{urlencode(to_query(Choices(), hubs[0], (hubs[1],)))}")
    assert visit.page.locator(".dorpshub-map").count() == 2
    assert switch(visit).count() == 1
    switch(visit).check()
    wait_for_pictures(visit)
    assert tiles.asked
    both = """() => [...document.querySelectorAll(".dorpshub-map")].every(
        host => host.dorpshub.map.getLayer("dorpshub-background") && host.querySelector(".dorpshub-credit a"))"""
    wait_until(visit, both)


def test_the_keyboard_reaches_the_switch(visit: Visit) -> None:
    tiles = Tiles(visit, lambda _number: "picture")
    visit.page.locator(".maplibregl-canvas").focus()
    # After the map come its buttons: the whole region, the cells, closer, further away; then the switch.
    for _ in range(5):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate("document.activeElement.getAttribute('role')") == "switch":
            break
    assert visit.page.evaluate("document.activeElement.getAttribute('role')") == "switch"
    visit.page.keyboard.press("Space")
    wait_for_pictures(visit)
    assert tiles.asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_in_dark(visit: Visit, scheme: str) -> None:
    Tiles(visit, lambda _number: "picture")
    visit.page.emulate_media(color_scheme=scheme)
    visit.page.reload()
    wait_for_map(visit.page)
    switch(visit).check()
    wait_for_pictures(visit)
    assert visit.barriers() == []

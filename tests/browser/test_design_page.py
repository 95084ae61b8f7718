"""The journey of a planner in a real browser: open the app, click on open ground, read what changes."""

from __future__ import annotations

import json
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any
from zlib import compress

import pytest
from browser.chromium import wait_for_map
from browser.visit import Visit


def open_ground(visit: Visit) -> tuple[float, float]:
    """Return a point of the map in pixels that lies in the region, with no place within 7 pixels."""
    point = visit.page.evaluate(
        """() => {
          const { map } = document.querySelector('.dorpshub-map').dorpshub;
          const { width, height } = map.getCanvas().getBoundingClientRect();
          for (let y = height * 0.1; y < height * 0.9; y += 3)
            for (let x = width * 0.1; x < width * 0.9; x += 3) {
              const box = [[x - 7, y - 7], [x + 7, y + 7]];
              const layers = ['places', 'unreached', 'facility-dots', 'facilities'];
              const road = map.queryRenderedFeatures([[x - 2, y - 2], [x + 2, y + 2]], { layers: ['roads'] });
              const land = map.queryRenderedFeatures([x, y], { layers: ['land'] });
              if (!map.queryRenderedFeatures(box, { layers }).length && land.length && road.length) return [x, y];
            }
          return null;
        }"""
    )
    assert point, "the map shows no open ground"
    return point[0], point[1]


@pytest.mark.parametrize(
    ("width", "height", "start"),
    # On a phone the whole region is so small that a finger may take the nearest place.
    [(1280, 900, "Met een hub bij "), (390, 844, "Met een hub ")],
    ids=["desktop", "phone"],
)
def test_a_click_on_open_ground_places_a_hub(
    browser: Any, address: str, width: int, height: int, start: str
) -> None:
    visit = Visit(browser, width, height)
    visit.open(f"{address}/ontwerp")
    first = visit.headline
    assert "inwoners" in first
    if width < 500:
        # On a phone the places cover the roads of the whole region: a finger zooms in first.
        visit.page.locator(".maplibregl-ctrl-zoom-in").click()
        visit.page.wait_for_timeout(1_000)
        wait_for_map(visit.page)
    x, y = open_ground(visit)
    visit.page.locator(".maplibregl-canvas").click(position={"x": x, "y": y})
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith(start)
    visit.page.wait_for_url("**?s=*")

    # Reload keeps the scenario, because it is in the link.
    with_hub = visit.headline
    visit.open(visit.page.url)
    assert visit.headline == with_hub
    assert visit.outside == []
    assert visit.errors == []


def test_the_keyboard_reaches_the_map_and_enter_places_a_hub(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    first = visit.headline
    canvas = visit.page.locator(".maplibregl-canvas")
    assert "Enter" in (canvas.get_attribute("aria-label") or "")
    canvas.focus()
    visit.page.keyboard.press("Enter")
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith("Met een hub ")
    visit.press("Ongedaan maken")
    visit.page.wait_for_function(
        "first => document.querySelector('.dh-headline')?.innerText === first", arg=first
    )
    assert visit.outside == []
    assert visit.errors == []


def test_the_other_page_and_the_other_language(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp?lang=en")
    assert "inhabitants" in visit.headline
    assert visit.page.evaluate("document.documentElement.lang") == "en"
    visit.page.get_by_role("link", name="About the data").click()
    visit.page.wait_for_function(
        "() => document.querySelector('.dh-headline')?.innerText.includes('observed')"
    )
    visit.page.wait_for_selector("table:visible")
    assert visit.outside == []
    assert visit.errors == []


EXLOO, VALTHE, NEAR_WEERDINGE, OUTSIDE = (6.8665, 52.8815), (6.8973, 52.8475), (6.93, 52.83), (7.05, 52.5)


def test_back_and_forward_undo_and_redo(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    headlines, links = [visit.headline], [visit.page.url]
    for place in (EXLOO, NEAR_WEERDINGE):
        visit.click(*place, times=1)
        visit.wait_for_other_headline(headlines[-1])
        visit.page.wait_for_function("link => location.href !== link", arg=links[-1])
        headlines.append(visit.headline)
        links.append(visit.page.url)
    visit.page.go_back()
    visit.wait_for_headline(headlines[1])
    visit.page.go_back()
    visit.wait_for_headline(headlines[0])
    visit.page.go_forward()
    visit.wait_for_headline(headlines[1])
    assert visit.errors == []


def test_a_double_click_places_one_hub_and_does_not_zoom(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    first = visit.headline
    zoom = "document.querySelector('.dorpshub-map').dorpshub.map.getZoom()"
    before = visit.page.evaluate(zoom)
    visit.click(*NEAR_WEERDINGE, times=2)
    visit.wait_for_other_headline(first)
    visit.page.wait_for_timeout(1_000)  # a second hub or a zoom would come within this
    assert visit.page.locator(".dh-edit").count() == 1
    assert visit.page.evaluate(zoom) == before


def test_a_click_where_no_road_is_says_so(browser: Any, address: str) -> None:
    visit = Visit(browser, 390, 844)
    visit.open(f"{address}/ontwerp")
    first = visit.headline
    visit.page.locator(".maplibregl-canvas").scroll_into_view_if_needed()
    visit.click(*OUTSIDE, times=1)
    box = visit.page.get_by_text("Deze wijziging kan hier niet.")
    box.wait_for()
    assert visit.headline == first
    top = box.bounding_box()["y"]
    assert 0 <= top < 844, "the message must be seen where the visitor is looking"


def test_language_and_page_keep_the_scenario(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp?mode=ebike")
    first = visit.headline
    visit.click(*EXLOO, times=1)
    visit.wait_for_other_headline(first)
    dutch = visit.headline
    visit.choose("EN")
    visit.wait_for_other_headline(dutch)
    english = visit.headline
    assert english.startswith("With a hub in Exloo")
    visit.page.get_by_role("link", name="About the data").click()
    visit.page.wait_for_selector("table:visible")
    visit.page.get_by_role("link", name="Design").click()
    visit.wait_for_headline(english)
    visit.choose("NL")
    visit.wait_for_headline(dutch)


def link_to(edits: list[dict[str, object]]) -> str:
    """Link that holds these edits, written as the app writes it."""
    text = json.dumps({"name": "", "note": "", "edits": edits})
    return urlsafe_b64encode(compress(text.encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    "packed",
    ["abc", link_to([{"edit": "PlaceHub", "place_id": "atlantis", "kinds": ["gp"]}])],
    ids=["damaged", "unknown place"],
)
def test_a_link_that_cannot_be_used_says_so_in_dutch(browser: Any, address: str, packed: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp?s={packed}")
    visit.page.get_by_text("Het scenario in deze link is niet bruikbaar").wait_for()
    assert "inwoners" in visit.headline
    assert "s=" not in visit.page.url


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"geen json", "Dit bestand is geen scenario van deze app."),
        (b'{"a": 1}', "Dit bestand is geen scenario van deze app."),
        (b" " * 2_200_000, "Dit bestand is te groot (meer dan 2 MB)."),
    ],
    ids=["text", "other json", "too large"],
)
def test_a_file_that_cannot_be_used_says_so_in_dutch(
    browser: Any, address: str, tmp_path: Path, content: bytes, answer: str
) -> None:
    file = tmp_path / "scenario.json"
    file.write_bytes(content)
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    visit.page.get_by_text("Scenario bewaren of openen").click()
    visit.page.locator("input[type=file]").set_input_files(file)
    # Words of Streamlit's own controls are put in by style, so they are read where they are drawn.
    seen = "text => document.body.innerText.includes(text) || [...document.querySelectorAll('*')].some((e) => getComputedStyle(e, '::after').content.includes(text))"
    visit.page.wait_for_function(seen, arg=answer)
    assert "inwoners" in visit.headline


def test_a_line_is_drawn_by_its_stops_and_taken_along(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp?mode=transit")
    first = visit.headline
    visit.choose_tool("Teken een buslijn")
    visit.page.get_by_label("Naam van de lijn").wait_for()
    visit.click(*EXLOO, times=1)
    visit.wait_for_words("Exloo, Zuiderhoofdstraat")
    visit.click(*VALTHE, times=1)
    visit.wait_for_words("Exloo, Zuiderhoofdstraat \u2192 Valthe, ")
    visit.page.get_by_label("Naam van de lijn").fill("Test")
    visit.press("Voeg de lijn toe")
    visit.wait_for_other_headline(first)
    assert visit.headline.startswith("Met een nieuwe lijn Test om de 60 minuten")
    visit.page.get_by_text("Exporteren", exact=True).click()
    visit.settle()
    with visit.page.expect_download() as download:
        visit.press("Maak en download")
    with zipfile.ZipFile(download.value.path()) as archive:
        stem = download.value.suggested_filename.removesuffix(".zip")
        assert stem.startswith("zonder-naam-20")
        assert {f"{stem}.csv", f"{stem}.run.json"} <= set(archive.namelist())
    assert visit.outside == []
    assert visit.errors == []


def test_the_pin_of_a_hub_is_dragged_and_stays_one_hub(browser: Any, address: str) -> None:
    visit = Visit(browser, 1280, 900)
    visit.open(f"{address}/ontwerp")
    first = visit.headline
    visit.click(*EXLOO, times=1)
    visit.wait_for_other_headline(first)
    placed = visit.headline
    visit.settle()  # the page grows by the change, and the map moves with it
    wait_for_map(visit.page)
    x, y = visit.page.evaluate(
        """([lon, lat]) => {
          const { map } = document.querySelector('.dorpshub-map').dorpshub;
          const { x, y } = map.project([lon, lat]), box = map.getCanvas().getBoundingClientRect();
          return [box.x + x, box.y + y - 12];
        }""",
        EXLOO,
    )
    mouse = visit.page.mouse
    mouse.move(x, y)
    mouse.down()
    for share in (0.3, 0.7, 1.0):
        mouse.move(x + 60 * share, y + 40 * share)
    mouse.up()
    visit.wait_for_other_headline(placed)
    assert visit.headline.startswith("Met een hub ")
    assert visit.page.locator(".dh-edit").count() == 1
    visit.press("Ongedaan maken")
    visit.wait_for_headline(placed)
    visit.press("Opnieuw doen")
    visit.wait_for_other_headline(placed)
    assert visit.outside == []
    assert visit.errors == []

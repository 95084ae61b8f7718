"""The journey of a planner with files on a laptop: bring one, read what was found, use it, and find it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser.chromium import SLOW_MS
from browser.visit import Visit

SIZES = {"desk": (1280, 900), "phone": (390, 844)}
FOLDED = "Vervang delen van dit gebied door eigen bestanden"
FIELD = ".st-key-upload-file input[type=file]"
SERVICES = (
    "naam;soort;lon;lat\r\n"
    "Huisarts Exloo;huisarts;6,8665;52,8815\r\n"
    "Supermarkt Valthe;supermarkt;6,8973;52,8475\r\n"
    "Huisarts Amsterdam;huisarts;4,9000;52,3700\r\n"
)


def at_the_panel(browser: Any, address: str, width: int, height: int) -> Visit:
    """Come by the button on the page of the planner: the panel is open."""
    visit = Visit(browser, width, height)
    visit.open(f"{address}/ontwerp")
    visit.press("Gebruik eigen gegevens")
    visit.page.get_by_text(FOLDED).wait_for()
    visit.page.locator(FIELD).wait_for(state="attached")
    return visit


@pytest.mark.parametrize("size", SIZES)
def test_a_planner_brings_services_reads_the_report_and_uses_them(
    browser: Any, address: str, tmp_path: Path, size: str
) -> None:
    visit = at_the_panel(browser, address, *SIZES[size])
    page = visit.page
    file = tmp_path / "mijn voorzieningen.csv"
    file.write_bytes(SERVICES.encode("cp1252"))
    page.locator(FIELD).set_input_files(file)
    visit.wait_for_words("Gelezen: 2 voorzieningen van 2 soorten.")
    visit.wait_for_words("1 van de 3 rijen is weggelaten")
    visit.wait_for_words(
        "Deze soorten staan niet in uw bestand, en nu wel in het gebied: "
        "ziekenhuis, apotheek, basisschool, middelbare school, speciale school en dorpshuis."
    )
    assert visit.barriers() == []
    page.get_by_label("Naam van uw gebied").fill("Drenthe van mij")
    visit.press("Gebruik deze gegevens")
    page.set_default_timeout(SLOW_MS)  # the region is built
    visit.wait_for_words("Dit is nu uw gebied.")
    page.wait_for_url("**/ontwerp?region=own-*")
    link = page.url

    # The map is that of the visitor's own region: two services, and the name above it.
    visit.open(link)
    assert "DRENTHE VAN MIJ" in page.locator(".dh-kicker").first.inner_text().upper()
    headline = visit.headline
    assert "huisarts" in headline
    page.reload()
    visit.wait_for_headline(headline)
    assert page.url == link

    # Another visitor does not see it, unless by the link.
    other = Visit(browser, *SIZES["desk"])
    other.open(f"{address}/ontwerp")
    other.page.locator(".st-key-choose-region").get_by_role("combobox").click()
    other.page.get_by_role("option", name="Zuid- en Oost-Drenthe").first.wait_for()
    assert other.page.get_by_role("option", name="Drenthe van mij").count() == 0
    assert visit.errors == other.errors == []
    assert visit.outside == other.outside == []


def test_a_region_is_removed_and_brought_back(browser: Any, address: str, tmp_path: Path) -> None:
    visit = at_the_panel(browser, address, *SIZES["desk"])
    page = visit.page
    file = tmp_path / "mijn.csv"
    file.write_text(SERVICES)
    page.locator(FIELD).set_input_files(file)
    visit.press("Gebruik deze gegevens")
    page.set_default_timeout(SLOW_MS)
    visit.wait_for_words("Dit is nu uw gebied.")
    page.wait_for_url("**/ontwerp?region=own-*")
    visit.press("Gebruik eigen gegevens")
    visit.press("Verwijder dit gebied")
    visit.wait_for_words("Uw gebied is verwijderd.")
    page.wait_for_function("() => !location.search.includes('own-')")
    visit.press("Zet het verwijderde gebied terug")
    visit.wait_for_words("Uw gebied is terug.")
    page.wait_for_url("**region=own-*")
    assert visit.errors == []


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("brief.pdf", b"%PDF-1.7", "brief.pdf is een PDF, en dat kan hier niet. Bewaar de tabel als CSV"),
        ("leeg.csv", b"", "leeg.csv is leeg."),
        (
            "adressen.csv",
            b"straat;plaats\r\na;b\r\n",
            "In adressen.csv ontbreekt: kind, name, lon, lat. In uw bestand staat alleen: straat, plaats.",
        ),
    ],
)
def test_a_wrong_file_gives_one_plain_sentence(
    browser: Any, address: str, tmp_path: Path, name: str, content: bytes, answer: str
) -> None:
    visit = at_the_panel(browser, address, *SIZES["desk"])
    (tmp_path / name).write_bytes(content)
    visit.page.locator(FIELD).set_input_files(tmp_path / name)
    visit.wait_for_words(answer)
    assert visit.page.get_by_role("button", name="Gebruik deze gegevens").count() == 0
    assert visit.barriers() == []


def test_the_keyboard_reaches_it_and_english_is_whole(browser: Any, address: str, tmp_path: Path) -> None:
    visit = Visit(browser, *SIZES["desk"])
    page = visit.page
    page.goto(f"{address}/gegevens?lang=en")
    folded = page.locator(
        "summary", has_text="Replace parts of this region by files of your own, or add to them"
    )
    folded.wait_for()
    folded.focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("radio", name="Timetable")
    choice.focus()
    page.keyboard.press("Enter")
    visit.wait_for_words("One or more timetables in GTFS")
    (tmp_path / "not.zip").write_text("text")
    page.locator(FIELD).set_input_files(tmp_path / "not.zip")
    visit.wait_for_words("not.zip is text, and that cannot be used here.")
    assert visit.errors == []

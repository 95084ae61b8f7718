"""Names that would like to be more than names: on every page they are shown as text, and no other host hears of them.

They stand in a region (its title, places, services, stops, sources), in a scenario (name, note, author, what it adds), in files and
in links. What is in them is harmless: a picture of a host that does not exist, and marks that would stay in the page.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from browser.chromium import running_app
from browser.visit import Visit

from scenarios.edits.facilities import OpenFacility, PlaceHub
from scenarios.edits.scenario import Scenario
from support.pdf_reader import Pdf, squeezed
from support.toys.region import lonlat, write_toy_region
from ui.state.link import pack
from ui.words.i18n import WORD_JOINER

ELSEWHERE = "https://elsewhere.example"
HOSTILE = (
    f'<img src={ELSEWHERE}/a.png onerror=document.body.id="ran"> ![b]({ELSEWHERE}/b.png) [c]({ELSEWHERE}/c) www.elsewhere.example '
    '<b class=ran>d</b> $x^2$ :material/bolt: :red[e] :smile: `f` **g** ~~h~~ &lt;i&gt; #image("j.png")'
)
"""HTML, Markdown, what Streamlit adds to it, LaTeX, an entity, and typst code."""
MARKS = "#ran, .ran, .katex, img[src^='https://elsewhere'], a[href^='https://elsewhere'], del"
"""What would stand in a page in which any of it was read as more than text; a letter to the keeper holds it as its words."""
KEEPER = 'keeper = "keeper@example.org"\n'
PAGES = ("mijn-dorp", "vergelijk", "ontwerp", "waar-een-hub", "gegevens", "toegankelijkheid", "privacy")


def hostile_region(folder: Path) -> Path:
    """The toy valley with everything in it that has a name called after HOSTILE."""
    write_toy_region(folder)
    settings = (folder / "region.toml").read_text()
    literal = f"'''{HOSTILE}'''"
    settings = settings.replace('"Toy valley"', literal).replace('"made by hand"', literal)
    (folder / "region.toml").write_text(KEEPER + settings)
    for name, columns in (("places.csv", ("name", "municipality")), ("facilities.csv", ("name",))):
        (folder / name).write_text(renamed((folder / name).read_text(), columns))
    timetable = folder / "timetable.zip"
    with zipfile.ZipFile(timetable) as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    tables["stops.txt"] = renamed(tables["stops.txt"], ("stop_name",))
    tables["routes.txt"] = renamed(tables["routes.txt"], ("route_short_name", "route_long_name"))
    with zipfile.ZipFile(timetable, "w") as feed:
        for name, text in tables.items():
            feed.writestr(name, text)
    return folder


def renamed(table: str, columns: tuple[str, ...]) -> str:
    """Put HOSTILE behind what stands in some columns of a CSV."""
    rows = list(csv.DictReader(io.StringIO(table)))
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **{name: f"{row[name]} {HOSTILE}" for name in columns}} for row in rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app with the hostile region, and give its address."""
    folder = hostile_region(tmp_path_factory.mktemp("hostile") / "valley")
    with running_app(region=str(folder)) as url:
        yield url


SCENARIO = Scenario(
    HOSTILE,
    HOSTILE,
    (
        PlaceHub(place_id="mid", kinds=("gp", "supermarket"), cost_per_year=1.0),
        OpenFacility(kind="pharmacy", name=f"Apotheek {HOSTILE}", place_id="east"),
    ),
)
OTHER = Scenario(f"{HOSTILE} 2", "", (PlaceHub(place_id="west", kinds=("gp",)),))


def opened(browser: Any, url: str) -> Visit:
    """Open a link and wait until the page is done."""
    visit = Visit(browser, 1280, 900)
    visit.page.goto(url)
    visit.page.wait_for_selector(".dh-headline, [data-testid=stAlert]")
    visit.settle()
    visit.page.wait_for_timeout(1000)
    return visit


def unfolded(visit: Visit) -> str:
    """All that the page says, also in what is folded away: words as they are read."""
    visit.page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    visit.page.wait_for_timeout(500)
    # What keeps an address from becoming a link takes no room.
    return " ".join(visit.page.evaluate("document.body.innerText").replace(WORD_JOINER, "").split())


def is_text_alone(visit: Visit) -> None:
    """Nothing was asked of another host, nothing failed, and no name has become an element."""
    assert visit.outside == []
    assert visit.errors == []
    made = visit.page.evaluate(
        "marks => [...document.querySelectorAll(marks)].map((one) => one.outerHTML)", MARKS
    )
    assert made == []


@pytest.mark.parametrize("path", PAGES)
def test_on_every_page_a_name_is_a_text(browser: Any, address: str, path: str) -> None:
    query = urlencode({"place": "mid", "hubs": "1", "s": pack(SCENARIO), "others": pack(OTHER)})
    visit = opened(browser, f"{address}/{path}?{query}")
    said = unfolded(visit)
    is_text_alone(visit)
    # As it was typed, to the letter; the small capitals of a title are those of the style sheet.
    assert HOSTILE.upper() in said.upper()


@pytest.mark.parametrize("word", ["place", "region", "who", "date", "s", "what_if"])
def test_words_of_a_link_are_texts(browser: Any, address: str, word: str) -> None:
    visit = opened(browser, f"{address}/ontwerp?{word}={quote(HOSTILE)}")
    unfolded(visit)
    is_text_alone(visit)


def test_what_is_kept_and_printed_is_text(browser: Any, address: str) -> None:
    visit = opened(browser, f"{address}/ontwerp?s={pack(SCENARIO)}")
    visit.unfold("Bibliotheek van scenario")
    visit.page.get_by_label("Maker").fill(HOSTILE[:80])
    visit.press("Bewaar als nieuw")
    visit.wait_for_words("Het scenario staat in de bibliotheek.")
    unfolded(visit)
    is_text_alone(visit)
    visit.page.goto(f"{address}/?place=mid&s={pack(SCENARIO)}")
    visit.settle()
    with visit.page.expect_download() as given:
        visit.press("Druk deze pagina af (pdf, A4)")
    made = Pdf(Path(given.value.path()).read_bytes())
    assert squeezed(HOSTILE) in made.text()
    # The one link on paper leads to the page itself.
    assert all(link.startswith(address) for link in made.links)
    is_text_alone(visit)


def test_a_file_with_such_names_is_told_as_text(browser: Any, address: str, tmp_path: Path) -> None:
    visit = opened(browser, f"{address}/gegevens")
    visit.page.locator("summary", has_text="Vervang delen van dit gebied").click()
    lon, lat = lonlat("east")
    wrong = f"{HOSTILE} 2"
    table = io.StringIO()
    csv.writer(table).writerows(
        [
            ("name", "kind", "lon", "lat"),
            (HOSTILE, "gp", lon, lat),
            (HOSTILE, wrong, lon, lat),
            ("=1+1", "gp", "x", lat),
        ]
    )
    # A file cannot be called all that, but can be called enough of it.
    file = tmp_path / "a.csv"
    file.write_text(table.getvalue())
    content = {
        "name": re.sub(r"[/\\]", "_", HOSTILE)[:150] + ".csv",
        "mimeType": "text/csv",
        "buffer": file.read_bytes(),
    }
    visit.page.locator(".st-key-upload-file input[type=file]").set_input_files(content)
    visit.page.locator(".st-key-upload-report-facilities").wait_for()
    unfolded(visit)
    is_text_alone(visit)

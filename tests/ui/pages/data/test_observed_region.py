"""A region of live sources alone, as a visitor sees it: observed in every layer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from data.download.sources import Patience, load_sources
from data.live.area import Municipalities
from data.live.fetch import fetch_region
from data.live.job import Order
from support.live_server import serve
from support.toys.app import shown
from support.toys.live_world import put_online


def about_page(folder: str) -> None:
    """Draw the page about the data of a region, as a script of its own."""
    from accessibility.world import open_world  # noqa: PLC0415
    from ui.pages.data.page import render  # noqa: PLC0415
    from ui.words.i18n import texts_in  # noqa: PLC0415

    render(open_world(folder, lambda *_: None), texts_in("nl"))


def test_the_page_about_the_data_calls_every_layer_of_a_fetched_region_observed(tmp_path: Path) -> None:
    folder = tmp_path / "region"
    with serve() as site:
        sources = load_sources(put_online(site, tmp_path / "online"))
        order = Order("Noord-Groningen", folder, Municipalities(("Het Hogeland", "Eemsdelta")), None)
        fetch_region(
            order, replace(sources, patience=Patience(2, 0.4, 1, 0.01)), lambda *_: None, offline=False
        )
    app = AppTest.from_function(about_page, default_timeout=60, kwargs={"folder": str(folder)}).run()
    assert not app.exception
    (sources_table,) = (table.value for table in app.table if "Herkomst" in table.value)
    # Streets, timetable, people, places, services, outlines, figures: each was taken from a source.
    assert set(sources_table["Herkomst"]) == {"waargenomen"}
    said = shown(app)
    assert f"Alle {len(sources_table)} lagen zijn waargenomen." in said
    assert "gemodelleerd, geheel of deels" not in said

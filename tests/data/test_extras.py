"""The base runs without the extras, and says which one is missing where it is asked for."""

from __future__ import annotations

import datetime as dt
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest
import shapely

from accessibility.world import silent
from data.download.download import SourceError
from data.errors import InputError
from data.extras import LIBRARIES, installed, of_extra
from data.live.overpass import fetch_overpass
from data.osm.graphs import from_networkx, graph_of, to_networkx
from data.osm.street_files import read_streets
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.blocks.workers import Workers, connected
from support.files import ROOT
from ui.pages.design import export
from ui.paper.code import square_code
from ui.paper.pdf import Report, pdf
from ui.words.i18n import texts_in

PACKAGE = re.compile(r"[A-Za-z0-9_-]+")
FOR_DEVELOPERS = {"dev", "bench", "docs"}


def without(monkeypatch: pytest.MonkeyPatch, extra: str) -> None:
    """Make the libraries of an extra as if they were not installed: None is how Python refuses an import."""
    for name in LIBRARIES[extra]:
        monkeypatch.setitem(sys.modules, name, None)


def graphml(folder: Path) -> Path:
    file = folder / "streets.graphml"
    file.write_text("never read", encoding="utf-8")
    return file


def a_line() -> nx.MultiDiGraph[int]:
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=6.8, y=52.8)
    graph.add_node(2, x=6.9, y=52.8)
    graph.add_edge(1, 2, osmid=5, highway="residential", oneway=False)
    return graph


def overpass(folder: Path) -> object:
    square = shapely.box(6, 52, 6.1, 52.1)
    return fetch_overpass(
        "https://example.org", "agent", [square], load_facility_kinds(), folder / "out.osm.pbf", silent
    )


def work_on_processes(_folder: Path) -> None:
    with connected(Workers(n_processes=1)):
        pass


ASKED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "osmnx": ("graphs", lambda folder: read_streets(graphml(folder))),
    "networkx": ("graphs", lambda _: graph_of((), ())),
    "segno": ("paper", lambda _: square_code("https://example.org")),
    "typst": ("paper", lambda _: pdf(Report("en", "", "", (), (), dt.date(2026, 1, 1), ""))),
    "distributed": ("dask", work_on_processes),
}


@pytest.mark.parametrize("library", ASKED)
def test_what_needs_an_extra_says_what_to_install(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra, ask = ASKED[library]
    without(monkeypatch, extra)
    assert not installed(extra)
    with pytest.raises(
        InputError, match=rf"This needs {library}, .*: pip install 'dorpshub\[{extra}\]'\.$"
    ) as told:
        ask(tmp_path)
    assert texts_in("nl").say_data(str(told.value)).startswith(f"Hiervoor is {library} nodig")


def test_a_fetch_without_the_library_that_asks_overpass_is_a_source_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The fetch then goes on with extracts, as it does where the server does not answer.
    without(monkeypatch, "graphs")
    with pytest.raises(SourceError, match=r"Overpass at https://example.org is not asked. This needs osmnx"):
        overpass(tmp_path)


def test_another_library_that_is_missing_is_no_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"), of_extra("graphs"):
        import no_such_library  # type: ignore[import-not-found]  # noqa: F401, PLC0415


def test_graphs_are_read_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    # Who has a graph has its library; reading one needs nothing of ours, writing one does.
    graph = a_line()
    without(monkeypatch, "graphs")
    streets, _ = from_networkx(graph)
    assert streets.node_id.tolist() == [1, 2]
    with pytest.raises(InputError, match="networkx"):
        to_networkx(streets)


def test_a_picture_is_offered_where_it_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "png" in export.offered(texts_in("nl"))
    without(monkeypatch, "paper")
    assert "png" not in export.offered(texts_in("nl"))


def test_the_extras_are_those_of_the_package() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = {
        extra: {found[0] for line in lines if (found := PACKAGE.match(line))}
        for extra, lines in extras.items()
        if extra not in FOR_DEVELOPERS
    }
    assert named == {extra: set(libraries) for extra, libraries in LIBRARIES.items()}

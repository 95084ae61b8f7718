"""A folder of results as a catalogue: every file that says what it is, and everything that DCAT-AP-NL asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from data.errors import InputError
from data.files.geopackage import fill_geopackage
from data.files.output import write_table
from data.metadata.about import About, Credit
from data.metadata.dcat import Publisher, catalogue, files_in, licence_of
from data.own.region_file import write_region_file
from data.study_area.region_toml import load_region
from support.command import dorpshub
from support.toys.region import write_toy_region

OPEN = "http://creativecommons.org/licenses/by/4.0/"
BY = Publisher(
    "Gemeente Valley",
    "https://valley.example/id",
    "data@valley.example",
    "https://valley.example/data/",
    OPEN,
    "public",
)
ASKED = {
    "dcat:Catalog": ("dct:title", "dct:description", "dct:publisher", "dcat:contactPoint", "dcat:dataset"),
    "dcat:Dataset": (
        *("dct:title", "dct:description", "dct:identifier", "dct:publisher", "dct:creator"),
        *("dct:accessRights", "dcat:contactPoint", "dcat:theme"),
    ),
    "dcat:Distribution": ("dcat:accessURL", "dct:license"),
    "foaf:Agent": ("foaf:name",),
    "vcard:Organization": ("vcard:fn", "vcard:hasEmail"),
}
"""Properties that must be there, by class: those of DCAT-AP 3.0 and what its Dutch profile adds."""


def about(table: str, *licences: str) -> About:
    sources = tuple(Credit("places", "observed", "CBS", "2025-06-01", licence) for licence in licences)
    return About(table, "Valley", "EPSG:28992", "dorpshub 1.2", (), sources)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results of every kind, with some that say nothing of themselves."""
    out = tmp_path / "out"
    out.mkdir()
    table = pd.DataFrame({"place_id": ["aa"], "lon": [6.8], "lat": [52.8]})
    for ending in ("csv", "parquet", "geojson"):
        write_table(out / f"times.{ending}", table, about("times", "CC BY 4.0"))
        write_table(out / f"plain.{ending}", table)
    fill_geopackage(
        out / "winners.gpkg", [], {"winners": (table, about("winners", "CC BY 4.0"))}, "EPSG:28992"
    )
    (out / "damaged.gpkg").write_bytes(b"SQLite format 3\0 and no more")
    (out / "letter.txt").write_text("private")
    return out


def nodes(of: Any) -> list[dict[str, Any]]:
    """All things of a class in a piece of JSON-LD, the inner ones too."""
    if isinstance(of, list):
        return [node for one in of for node in nodes(one)]
    if not isinstance(of, dict):
        return []
    inner = [node for name, one in of.items() if name != "@context" for node in nodes(one)]
    return [of, *inner] if "@type" in of and "@value" not in of else inner


def test_every_file_that_says_what_it_is_is_described(folder: Path) -> None:
    names = [file.path.name for file in files_in(folder)]
    assert names == ["times.csv", "times.geojson", "times.parquet", "winners.gpkg"]
    assert {file.title for file in files_in(folder)} == {
        "Times to the nearest facility: Valley",
        "Who gains and who loses: Valley",
    }


def test_all_that_the_profile_asks_for_is_there(folder: Path) -> None:
    found = nodes(catalogue("Hubs", files_in(folder), BY))
    kinds = [node["@type"] for node in found]
    assert (kinds.count("dcat:Dataset"), kinds.count("dcat:Distribution")) == (4, 4)
    for node in found:
        for name in ASKED.get(node["@type"], ()):
            assert node.get(name), (node["@type"], name)
    # Of these the profile allows one; each data set is known by a name of its own.
    sets = [node for node in found if node["@type"] == "dcat:Dataset"]
    assert len({node["dct:identifier"] for node in sets}) == 4
    assert all(isinstance(node["dcat:contactPoint"], dict) for node in sets)
    assert {node["dct:accessRights"] for node in sets} == {
        "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    }


def test_the_licence_is_that_of_the_sources_or_must_be_said(folder: Path) -> None:
    assert licence_of(files_in(folder)) == OPEN
    write_table(
        folder / "more.csv", pd.DataFrame({"place_id": ["aa"]}), about("times", "ODbL 1.0", "NDOV open data")
    )
    with pytest.raises(
        InputError, match=r"under CC BY 4\.0; ODbL 1\.0; NDOV open data|ODbL 1\.0; NDOV open data; CC BY 4\.0"
    ):
        licence_of(files_in(folder))


def test_a_region_as_one_file_is_described_too(tmp_path: Path) -> None:
    region = load_region(write_toy_region(tmp_path / "valley"))
    (tmp_path / "out").mkdir()
    write_region_file(tmp_path / "out" / "valley.dorpshub", region, (), "1.2")
    (file,) = files_in(tmp_path / "out")
    assert (file.title, file.rights) == ("Region: Toy valley", ("MIT",))


def test_the_command_writes_it_or_says_what_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    by = (
        "--publisher",
        "Valley",
        "--publisher-uri",
        BY.uri,
        "--contact",
        BY.email,
        "--address",
        "https://valley.example/data",
    )
    assert dorpshub(monkeypatch, "describe", folder, *by) == 0
    assert "4 files described" in capsys.readouterr().out
    told = json.loads((folder / "dcat.jsonld").read_text(encoding="utf-8"))
    addresses = [node["dcat:downloadURL"] for node in nodes(told) if node["@type"] == "dcat:Distribution"]
    assert addresses[0] == "https://valley.example/data/times.csv"
    for wrong, said in (
        (("--address", "valley"), "begins with https://"),
        (("--contact", "valley"), "write an e-mail address"),
        (("--licence", "CC BY"), "begins with https://"),
    ):
        assert dorpshub(monkeypatch, "describe", folder, *by, *wrong) == 2
        assert said in capsys.readouterr().err
    (folder / "empty").mkdir()
    assert dorpshub(monkeypatch, "describe", folder / "empty", *by) == 2
    assert "no file in it says what it is" in capsys.readouterr().err

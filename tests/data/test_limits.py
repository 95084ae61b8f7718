"""Limits are told in a sentence, at the border, before the work is done; the table of the documentation is that of the code."""

from __future__ import annotations

import bz2
import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data import limits
from data.errors import InputError, ScenarioError
from data.files.any_table import load_table
from data.gtfs.tables import read_tables
from data.limits import LIMITS, packing_fault
from data.osm.extract import read_osm_streets
from scenarios.edits.json_text import from_json
from support.files import DOCS
from support.toys.gtfs import VALID, write
from ui.words.data_texts import data_texts_in
from ui.words.i18n import TEXTS

SPACES = b" " * 3_000_000
"""They pack a thousand times."""


def test_the_documentation_has_every_limit() -> None:
    text = (DOCS / "robustness.md").read_text(encoding="utf-8")
    rows = [f"| {of} | {limit.most:,.0f} {limit.what} |" for of, some in LIMITS.items() for limit in some]
    assert len(rows) == 15
    assert [row for row in rows if row not in text] == []


def test_packing_counts_only_for_what_becomes_large() -> None:
    assert packing_fault(10, 1_000_000) == ""  # a hundred thousand times, but less than a MB
    assert packing_fault(100_000, 15_000_000) == ""  # 150 times
    assert (
        "it would unpack to 14 MB or more: 151 times its size, and at most 150 can be used."
        in packing_fault(100_000, 15_100_000)
    )
    assert "and at most 30,720 can be used" in packing_fault(2**34, 2**35)


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress)])
def test_a_map_that_unpacks_to_a_thousand_times_its_size_is_refused(
    ending: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / f"map.osm{ending}"
    path.write_bytes(pack(b"<osm>" + SPACES + b"</osm>"))
    with pytest.raises(
        InputError, match=rf"map\.osm\{ending}: it would unpack to \d MB or more: .* at most 150"
    ):
        read_osm_streets(path)


def test_a_feed_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.zip", VALID)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.txt", SPACES)
    with pytest.raises(InputError, match=r"feed\.zip: it would unpack to .* at most 150"):
        read_tables(path, "")


def test_a_small_parquet_of_many_rows_is_refused_before_it_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "many.parquet"
    pd.DataFrame({"name": ["a"] * 200_001}).to_parquet(path)
    assert path.stat().st_size < 10_000
    with pytest.raises(
        InputError, match=r"many\.parquet: 200,001 rows, and at most 200,000 can be used\. Keep"
    ):
        load_table(path, path.name, "places")


def test_values_are_counted_over_all_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.files.any_table.TABLE_CELLS", limits.Limit("values", 5, "Leave some out."))
    csv, geojson = tmp_path / "t.csv", tmp_path / "t.geojson"
    csv.write_text("a,b,c\n1,2,3\n4,5,6\n")
    # Each feature has a property of its own, so that a table of them has three columns and three rows.
    features = [{"properties": {name: 1}, "geometry": None} for name in "abc"]
    geojson.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    for path, n in ((csv, 6), (geojson, 9)):
        with pytest.raises(InputError, match=rf"{n} values, and at most 5 can be used\. Leave some out"):
            load_table(path, path.name, "places")


def test_a_scenario_of_too_many_edits_is_refused() -> None:
    edit = {"edit": "CloseFacility", "facility_id": "gp"}
    assert len(from_json(json.dumps({"edits": [edit] * 200})).edits) == 200
    with pytest.raises(ScenarioError, match="201 edits, and at most 200"):
        from_json(json.dumps({"edits": [edit] * 201}))


def test_what_is_said_beyond_a_limit_has_dutch_words() -> None:
    texts = data_texts_in(TEXTS / "data.nl.po")
    for limit in (limit for some in LIMITS.values() for limit in some):
        said = texts.say(limit.fault("bestand.csv", 10 * limit.most))
        assert said.startswith("bestand.csv: ")
        assert f"hoogstens {limit.most:,.0f}".replace(",", ".") in said
        assert limit.instead not in said
    packed = texts.say(f"map.osm.gz: {packing_fault(2**20, 2**30)}")
    assert packed.startswith("map.osm.gz: uitgepakt zou het 1.024 MB of meer zijn: 1.024 maal zo groot")

"""What one takes along from the page "Design": tables, a picture, paper, and the run from which it can all be made again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from accessibility.world import World
from data.extras import installed
from data.files.csv_text import COMMAS, SEMICOLONS, spreadsheet_bytes
from data.files.long_table import framed
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.files import write_comparison
from scenarios.comparison.report import about
from scenarios.comparison.run import compared, tables_of
from scenarios.comparison.run_file import Spec, fill_run, run_file
from scenarios.edits.scenario import EMPTY, Scenario
from ui.paper import parts as on_paper
from ui.paper.pdf import Report, png
from ui.sentences.columns import PARTS, in_language, scenario_title
from ui.sentences.edits import opening
from ui.state import cache, session
from ui.views.compare import compare_view
from ui.views.design import SAME_BELOW_MIN, DesignView
from ui.views.reach import ReachView
from ui.views.side_by_side import sides
from ui.widgets import paper
from ui.widgets.comparison_report import parts
from ui.widgets.downloads import forms, scenario_file, today
from ui.words.file_names import file_name
from ui.words.i18n import Texts, mark

FORMATS = {
    "csv-semicolons": mark("Tables as CSV with semicolons (a spreadsheet set to Dutch)"),
    "csv-commas": mark("Tables as CSV with commas (other spreadsheets)"),
    "parquet": mark("Tables as Parquet"),
    "gpkg": mark("GeoPackage with styled layers"),
    "geojson": mark("GeoJSON"),
    "png": mark("Picture of the map (PNG)"),
    "run": mark("Run file, to make it all again"),
}
CSV_FORMS = {"csv-semicolons": SEMICOLONS, "csv-commas": COMMAS}


def draw(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the choice of a format and the button; the file is made when it is asked for."""
    with st.expander(texts.say("Export")):
        chosen = st.selectbox(
            texts.say("Format"),
            offered(texts),
            key="export",
            format_func=lambda name: texts.say(FORMATS[name]),
        )
        scenario = session.visit().scenario
        st.download_button(
            texts.say("Make and download"),
            maker(world, view, scenario, chosen, texts),
            scenario_file("", ending_of(chosen), texts),
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(texts.say("Each file says with which traveller, day, hours and sources it was made."))


def offered(texts: Texts) -> tuple[str, ...]:
    """All formats that can be made here, first the CSV of the language of the page."""
    words = {form: name for name, form in CSV_FORMS.items()}
    csv = tuple(words[form] for form in forms(texts))
    left_out = {*csv, *(() if installed("paper") else ("png",))}
    return (*csv, *(name for name in FORMATS if name not in left_out))


def ending_of(chosen: str) -> str:
    """Ending of the file of a format: several tables come as one zip."""
    return chosen if chosen in {"gpkg", "png"} else "zip"


def maker(
    world: World, view: DesignView, scenario: Scenario, chosen: str, texts: Texts
) -> Callable[[], bytes]:
    """What makes the file once it is asked for."""
    if chosen == "png":
        return lambda: png(report(world, view, scenario, None, "", today(), texts))
    spec = spec_of(world, scenario, view)
    return lambda: tables(world, spec, chosen, texts)


def title_of(view: DesignView, scenario: Scenario, texts: Texts) -> str:
    """What the scenario is called: by its name, or by what it changes."""
    return scenario.name or opening(view.edits, texts) or texts.say("As it is now")


def report(
    world: World,
    view: DesignView,
    scenario: Scenario,
    within: ReachView | None,
    address: str,
    made: date,
    texts: Texts,
) -> Report:
    """The scenario on paper, as "Compare" has it, with how far one gets where that is shown."""
    found, title = cache.worked_out(world, scenario, view.kind, view.mode), title_of(view, scenario, texts)
    costs = cache.costs(world, scenario)
    whole = compare_view(world, found.after, scenario, found.comparison, costs, view.limit_min)
    sure = cache.sure.known(world, scenario, view.kind, view.mode)
    told = parts(world, sides((title,), (whole,), (sure,)), (whole,), texts)
    told += paper.reach_parts(world, view, "after", within, texts)
    return on_paper.report(world, title, told, (view.basis, view.mode), address, made, texts)


def spec_of(world: World, scenario: Scenario, view: DesignView) -> Spec:
    """Say in full what is compared."""
    return Spec(
        region=world.region.name,
        scenarios=(EMPTY, scenario),
        kinds=(view.kind,),
        modes=(view.mode,),
        traveller=world.traveller.id,
        max_rides=0,
        limit_min=float(view.limit_min),
        same_below_min=SAME_BELOW_MIN,
        cells=world.grid is not None,
        legs=False,
        contributions=False,
        band=False,
    )


def tables(world: World, spec: Spec, chosen: str, texts: Texts) -> bytes:
    """Tables of a comparison as one file: a GeoPackage, or a zip with the run file beside them.

    A CSV is for reading: in the language of the page. It is not among the files of the run, which come out the same anywhere.
    """
    kinds = load_facility_kinds()
    found = compared(world, spec, kinds)
    made = tables_of(world, spec, found, kinds, lambda _step, _share: None)
    title = scenario_title(spec.scenarios[-1], texts)
    with TemporaryDirectory() as folder:

        def path(what: str, ending: str) -> Path:
            return Path(folder) / file_name(title, what, today(), ending)

        if chosen in CSV_FORMS:
            for name, table in {"": made.places, "cells": made.cells, **made.more}.items():
                if len(table):
                    content = spreadsheet_bytes(in_language(framed(table), texts), CSV_FORMS[chosen])
                    path(texts.say(PARTS[name]) if name else "", "csv").write_bytes(content)
            # Of tables in the language of the page the names of columns are told by themselves, the sources once for all.
            told = about(world, "comparison").as_json()
            path(texts.say("Sources").lower(), "json").write_text(told, encoding="utf-8")
        if chosen in {*CSV_FORMS, "run"}:
            fill_run(path("", "run.json"), run_file(world, spec, []))
        else:
            files = write_comparison(
                path("", chosen), found, made, lambda beside: run_file(world, spec, beside)
            )
            if chosen == "gpkg":
                return files[0].read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(Path(folder).iterdir()):
                archive.write(file, file.name)
        return packed.getvalue()

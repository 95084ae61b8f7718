"""Exports of the page "Design": tables, maps, paper, and the run from which it can all be made again."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from accessibility.world import World
from data.parameters.facility_kinds import load_facility_kinds
from scenarios.comparison.files import write_comparison
from scenarios.comparison.run import compared, tables_of
from scenarios.comparison.run_file import Spec, run_file
from scenarios.edits.scenario import EMPTY, Scenario
from ui.paper.pdf import pdf, png
from ui.sentences.edits import opening
from ui.state import cache, session
from ui.views.compare import compare_view
from ui.views.design import SAME_BELOW_MIN, DesignView
from ui.widgets.comparison_report import report
from ui.words.i18n import Texts, mark

FORMATS = {
    "csv": mark("Tables as CSV"),
    "parquet": mark("Tables as Parquet"),
    "gpkg": mark("GeoPackage with styled layers"),
    "geojson": mark("GeoJSON"),
    "png": mark("Picture of the map (PNG)"),
    "pdf": mark("Report as PDF (A4)"),
    "run": mark("Run file, to make it all again"),
}


def draw(world: World, view: DesignView, texts: Texts) -> None:
    """Draw the choice of a format and the button; the file is made when it is asked for."""
    with st.expander(texts.say("Export")):
        chosen = st.selectbox(
            texts.say("Format"),
            tuple(FORMATS),
            key="export",
            format_func=lambda name: texts.say(FORMATS[name]),
        )
        scenario = session.visit().scenario
        st.download_button(
            texts.say("Make and download"),
            maker(world, view, scenario, chosen, texts),
            f"dorpshub.{ending_of(chosen)}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(texts.say("Each file says with which traveller, day, hours and sources it was made."))


def ending_of(chosen: str) -> str:
    """Ending of the file of a format: several tables come as one zip."""
    return {"csv": "zip", "parquet": "zip", "geojson": "zip", "run": "zip"}.get(chosen, chosen)


def maker(
    world: World, view: DesignView, scenario: Scenario, chosen: str, texts: Texts
) -> Callable[[], bytes]:
    """What makes the file once it is asked for."""
    if chosen in {"png", "pdf"}:

        def paper() -> bytes:
            made = cache.worked_out(world, scenario, view.kind, view.mode)
            whole = compare_view(world, made.after, scenario, made.comparison, view.limit_min)
            name = scenario.name or opening(view.edits, texts) or texts.say("As it is now")
            found = report(world, whole, name, texts)
            return pdf(found) if chosen == "pdf" else png(found)

        return paper
    spec = spec_of(world, scenario, view)
    return lambda: tables(world, spec, chosen)


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


def tables(world: World, spec: Spec, chosen: str) -> bytes:
    """Tables of a comparison as one file: a GeoPackage, or a zip with the run file beside them."""
    kinds = load_facility_kinds()
    found = compared(world, spec, kinds)
    made = tables_of(world, spec, found, kinds, lambda _step, _share: None)
    ending = "csv" if chosen == "run" else chosen
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"dorpshub.{ending}"
        *files, run = write_comparison(out, found, made, lambda beside: run_file(world, spec, beside))
        if chosen == "gpkg":
            return files[0].read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in [run] if chosen == "run" else [*files, run]:
                archive.write(file, file.name)
        return packed.getvalue()

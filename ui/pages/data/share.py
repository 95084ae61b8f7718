"""The panel "This region as one file": take the region along with one's scenario, or bring one that somebody gave."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from accessibility.world import World
from data.names import slug
from data.own.region_file import ENDING, write_region_file
from scenarios.edits.json_text import to_json
from scenarios.edits.scenario import Scenario
from ui.pages.data import upload_actions
from ui.sentences.columns import scenario_title
from ui.state import session
from ui.state.uploading import Uploading
from ui.widgets.downloads import today
from ui.words.file_names import file_name
from ui.words.i18n import Texts, plain


def draw(world: World, texts: Texts) -> None:
    """Draw the button to take the region along, and the field to bring one."""
    say, scenario = texts.say, session.visit().scenario
    with st.expander(say("Take this region along as one file, or bring one")):
        st.write(
            say(
                "One file holds the data of this region and the scenario that is open. Whoever opens it works out the same figures."
            )
        )
        st.download_button(
            plain(say("Download {region} as one file").format(region=world.region.title)),
            lambda: content(world, scenario, texts),
            file_name(world.region.title, "", today(), ENDING.removeprefix(".")),
            "application/zip",
            key="share-region",
            icon=":material/download:",
            on_click="ignore",
        )
        st.write(say("Did somebody give you such a file? It becomes a region that only its link leads to."))
        key = f"share-file-{session.visit().of(Uploading).round}"
        st.file_uploader(
            say("A region as one file"),
            max_upload_size=upload_actions.MOST_TOTAL_MB,
            key=key,
            on_change=upload_actions.take_region,
            args=(key,),
        )


def content(world: World, scenario: Scenario, texts: Texts) -> bytes:
    """The region as one file, with a scenario where it changes something."""
    # A region of a visitor is called by the secret of its link, which must not go along.
    region = replace(world.region, name=slug(world.region.title))
    scenarios = [(scenario_title(scenario, texts), to_json(scenario))] if scenario.edits else []
    with TemporaryDirectory() as folder:
        out = Path(folder) / f"region{ENDING}"
        write_region_file(out, region, scenarios, version("dorpshub"))
        return out.read_bytes()

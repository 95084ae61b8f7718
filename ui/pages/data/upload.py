"""The panel "Your own data": bring files, read what was found in them, and make a region of them."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from accessibility.world import World
from data.own.region import ADDABLE, REPLACEABLE, SEVERAL
from ui.pages.data import upload_actions
from ui.sentences.design import layer_name
from ui.sentences.upload import LAYER_NEEDS, WAY_MEANS, WAYS, count_name, fault_sentence, meaning
from ui.state import session
from ui.state.background_job import about
from ui.state.regions import is_uploaded
from ui.state.uploading import Draft, Uploading
from ui.views.upload import CheckView, LayerView, check_view, example_table, smallest_table
from ui.widgets.downloads import csv_buttons, today
from ui.widgets.findings import draw_findings
from ui.widgets.inputs import segments, select
from ui.widgets.job_progress import job_progress
from ui.widgets.tables import plain_table
from ui.words.file_names import file_name
from ui.words.i18n import Texts, plain
from ui.words.words import ORIGINS

TABLES = ("facilities", "places")
DEGREES = "{:.4f}".format


def draw(world: World, texts: Texts) -> None:
    """Draw the panel; folded away unless there is something of the visitor's own in it."""
    uploading = session.visit().of(Uploading)
    draft = uploading.draft if uploading.draft and uploading.draft.region == world.region.name else None
    is_open = bool(uploading.is_open or draft or uploading.removed)
    st.subheader(texts.say("Your own data"), anchor=False)
    with st.expander(
        texts.say("Replace parts of this region by files of your own, or add to them"), expanded=is_open
    ):
        _region(world, texts)
        st.write(
            texts.say(
                "Choose a part of the region, and a file. It is checked first, and nothing changes until you say so. All other "
                "parts stay as they are in {region}."
            ).format(region=plain(world.region.title))
        )
        layer = _bring(world, texts)
        if draft is not None:
            _files(draft, texts)
            _check(draft, world, texts)
        st.caption(
            texts.say(
                "Only those who have the link see a region with your data. It is kept on the computer that runs this app, and is "
                "deleted when nobody has opened it for half a year. This file may be at most {mb} MB, all files together {total} MB."
            ).format(mb=upload_actions.MOST_MB[layer], total=upload_actions.MOST_TOTAL_MB)
        )


def _region(world: World, texts: Texts) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if is_uploaded(world.region.name):
            st.write(texts.say("This is a region with data of somebody's own."))
            st.button(
                texts.say("Remove this region"),
                key="upload-remove",
                on_click=upload_actions.remove,
                args=(world.region.name,),
            )
        if session.visit().of(Uploading).removed:
            st.button(
                texts.say("Bring back the removed region"),
                key="upload-restore",
                icon=":material/undo:",
                on_click=upload_actions.restore,
            )


def _bring(world: World, texts: Texts) -> str:
    say = texts.say
    layer = st.segmented_control(
        say("Which part?"),
        REPLACEABLE,
        default=REPLACEABLE[0],
        key="upload-layer",
        required=True,
        format_func=lambda name: layer_name(name, texts),
    )
    _choose_way(layer, texts)
    st.write(say(LAYER_NEEDS[layer]))
    if layer in TABLES:
        plain_table(_written(smallest_table(world, layer), texts).set_index("name"))
        name = layer_name(layer, texts)
        csv_buttons(
            say("Download {layer} of this region as an example").format(layer=name.lower()),
            lambda: example_table(world, layer),
            file_name(world.region.title, name, today(), "csv"),
            f"upload-example-{layer}",
            texts,
        )
    too_large = json.dumps(
        say("This file is too large (more than {mb} MB).").format(mb=upload_actions.MOST_MB[layer])
    )
    key = f"upload-file-{layer}-{session.visit().of(Uploading).round}"
    with st.container(key="upload-file"):
        st.html(f"<style>.st-key-upload-file {{ --dh-too-large: {too_large}; }}</style>")
        st.file_uploader(
            say("Your file for: {layer}").format(layer=layer_name(layer, texts)),
            accept_multiple_files=layer in SEVERAL,
            max_upload_size=upload_actions.MOST_MB[layer],
            key=key,
            on_change=upload_actions.take,
            args=(key, layer),
        )
    return layer


def _choose_way(layer: str, texts: Texts) -> None:
    """Draw the choice between replacing and adding, and what it means; of streets there is one map."""
    way = "add" if layer in session.visit().of(Uploading).adding else "replace"
    if layer in ADDABLE:
        words = {name: texts.say(word) for name, word in WAYS.items()}
        label = texts.say("What should your file do?")
        segments(label, words, way, f"upload-way-{layer}", upload_actions.choose_way, layer)
    st.caption(texts.say(WAY_MEANS[way]))


def _written(table: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    """Example as text: degrees as they are in the file, people with the separators of the language."""
    shown = table.assign(
        lon=[DEGREES(lon) for lon in table["lon"]],
        lat=[DEGREES(lat) for lat in table["lat"]],
    )
    if "inhabitants" in table:
        shown["inhabitants"] = [texts.number(count) for count in table["inhabitants"]]
    return shown


def _files(draft: Draft, texts: Texts) -> None:
    say, origins = texts.say, {name: texts.say(word) for name, word in ORIGINS.items()}
    with st.container(border=True, gap="small"):
        st.html(f'<p class="dh-kicker">{say("Files that you have brought")}</p>')
        if not draft.files:
            st.html(f'<p class="dh-empty">{say("No files.")}</p>')
        for number, file in enumerate(draft.files):
            with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
                label, key = f"{layer_name(file.layer, texts)}: {file.name}", f"upload-origin-{number}"
                select(label, origins, file.origin, key, upload_actions.choose_origin, number, width=380)
                st.button(
                    say("Take out: {change}").format(change=plain(file.name)),
                    key=f"upload-out-{number}",
                    type="tertiary",
                    icon=":material/close:",
                    on_click=upload_actions.take_out,
                    args=(number,),
                )
        st.caption(
            say("Observed: counted or taken from a source. Modelled: a plan, an estimate or made by a rule.")
        )
        if session.visit().of(Uploading).past:
            st.button(say("Undo"), icon=":material/undo:", key="upload-undo", on_click=upload_actions.undo)


def _check(draft: Draft, world: World, texts: Texts) -> None:
    check = about(session.visit().of(Uploading).check, draft)
    if check is None:
        return
    if not check.is_over:
        job_progress(
            check,
            lambda: texts.say("Your files are read and checked: {share}.").format(
                share=texts.percent(check.step.value if check.step else 0.0)
            ),
            None,
            texts,
        )
    elif check.result is None:
        st.warning(texts.say("The check broke off. Try again, or look at the page later."))
        st.button(texts.say("Check again"), key="upload-again", on_click=upload_actions.check_again)
    else:
        report(check_view(check.result, draft.service_date), texts)
        if check.result.prepared is not None:
            _use(world, texts)


def report(view: CheckView, texts: Texts) -> None:
    """Draw what was found, layer by layer."""
    for found in view.layers:
        with st.container(border=True, gap="small", key=f"upload-report-{found.layer}"):
            st.html(
                f'<h3 class="dh-kicker">{layer_name(found.layer, texts)}</h3>',
            )
            if found.fault is None:
                _found(found, texts.day(view.service_date), texts)
            else:
                _fault(found, texts.day(view.service_date), texts)


def _fault(found: LayerView, day: str, texts: Texts) -> None:
    if found.fault is None:
        return
    st.error(plain(fault_sentence(found.fault, found.layer, found.days, day, texts)))
    if found.days is not None:
        st.button(
            texts.say("Take {day}").format(day=texts.day(found.days.usual)),
            key="upload-day",
            on_click=upload_actions.choose_day,
            args=(found.days.usual,),
        )
    if found.fault.detail:
        with st.expander(texts.say("Details")):
            st.text(found.fault.detail)


def _found(found: LayerView, day: str, texts: Texts) -> None:
    say = texts.say
    st.write(plain(" ".join(meaning(found, day, texts))))
    table = {
        say("Count"): [count_name(one, texts) for one in found.counts],
        say("Now"): [texts.number(one.before) for one in found.counts],
        say("With your file"): [texts.number(one.after) for one in found.counts],
    }
    plain_table(pd.DataFrame(table).set_index(say("Count")))
    if found.report.findings:
        with st.expander(say("What was assumed, repaired or left out")):
            draw_findings(found.report, texts)
    else:
        st.caption(say("Nothing was assumed, repaired or left out."))


def _use(world: World, texts: Texts) -> None:
    suffix = texts.say("with own data")
    title = world.region.title
    with st.form("upload-use", border=True):
        st.text_input(
            texts.say("Name of your region"),
            value=title if title.endswith(suffix) else f"{title} {suffix}",
            key="upload-title",
            max_chars=upload_actions.LONGEST_TITLE,
        )
        st.caption(texts.say("The region is then prepared once. That takes a few minutes at most."))
        st.form_submit_button(
            texts.say("Use these data"), type="primary", on_click=upload_actions.use, args=("upload-title",)
        )

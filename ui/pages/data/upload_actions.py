"""What a visitor can do with uploaded files: the callbacks of the panel "Your own data"."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.errors import DorpshubError, InputError
from data.own.region import SEVERAL, OwnFile, fill_own_folder
from data.own.region_file import ENDING, read_region_file, scenario_files
from data.study_area.region_toml import load_region
from scenarios.edits.json_text import from_json
from scenarios.edits.scenario import EMPTY
from scenarios.library import new_key
from ui.state import cache, searches
from ui.state.background_job import about
from ui.state.regions import first_region, location, uploaded_regions
from ui.state.session import OTHER_REGION, UNDO_STEPS, Message, act, region, visit
from ui.state.uploading import Draft, Uploading
from ui.words.i18n import mark

DESIGN = "ontwerp"
MOST_MB = {"facilities": 25, "places": 25, "timetable": 250, "streets": 250}
"""Of one file of a layer: a table of 25 MB has hundreds of thousands of rows; the national timetable is just below 250."""
MOST_TOTAL_MB = 500
MOST_TIMETABLES = 8
MB = 2**20
LONGEST_TITLE, LONGEST_NAME = 80, 120
USED = mark("This is your region now. Keep the link of this page: it is the only way back to it.")
REMOVED = mark("Your region was removed. You can bring it back.")
RESTORED = mark("Your region is back.")
NO_ROOM = mark("Your file could not be kept. There is no room for it now: try again later.")
TOO_MUCH = mark(
    "A file is too large, or all files together are (more than 500 MB), or there are more than eight timetables. Take one out, or choose a smaller one."
)
NO_REGION = mark(
    "This file cannot be used as a region. The details say why. Ask whoever gave it to you for the file again."
)
NOT_MADE = mark("Your region could not be made. Check the files again.")


class Uploaded(Protocol):
    """A file of an upload field."""

    name: str
    size: int
    file_id: str

    def getbuffer(self) -> memoryview:
        """Contents."""


def take(widget: str, layer: str) -> None:
    """Keep the files of an upload field on disk, and check all files there are by now."""
    state, value = act(), st.session_state.get(widget)
    files: Sequence[Uploaded] = value if isinstance(value, list) else [value] if value is not None else []
    if not files:
        return
    state.of(Uploading).round += 1
    draft = _draft()
    try:
        if draft is None:
            draft = _begun()
        stays = draft.files if layer in SEVERAL else tuple(of for of in draft.files if of.layer != layer)
        if not _fits(stays, files, layer):
            state.message = Message(TOO_MUCH, "")
            return
        added = tuple(_kept(draft.folder, file, layer, stays) for file in files)
    except (InputError, OSError) as error:
        state.message = Message(NO_ROOM, str(error))
        return
    finally:
        _forget(files)
    _check(replace(draft, files=stays + added))


def _fits(stays: Sequence[OwnFile], files: Sequence[Uploaded], layer: str) -> bool:
    total = sum(of.path.stat().st_size for of in stays) + sum(file.size for file in files)
    n_feeds = sum(of.layer == "timetable" for of in stays) + len(files) * (layer == "timetable")
    is_small = all(file.size <= MOST_MB[layer] * MB for file in files)
    return is_small and total <= MOST_TOTAL_MB * MB and n_feeds <= MOST_TIMETABLES


def _draft() -> Draft | None:
    """The visitor's files for the region that is open."""
    state = visit()
    draft = state.of(Uploading).draft
    return draft if draft is not None and draft.region == state.choices.region else None


def _begun() -> Draft:
    state = visit()
    base = load_region(location(state.choices.region))
    state.of(Uploading).past = []
    return Draft(uploaded_regions().begin(), state.choices.region, (), base.service_date)


def _kept(folder: Path, file: Uploaded, layer: str, stays: Sequence[OwnFile]) -> OwnFile:
    """Write a file to disk at once: it must not stay in memory."""
    name = plain(Path(file.name.replace("\\", "/")).name)[-LONGEST_NAME:] or "file"
    path = folder / f"{len(list(folder.iterdir()))}-{layer}"
    with path.open("wb") as stream:
        stream.write(file.getbuffer())
    origin = next((of.origin for of in stays if of.layer == layer), "observed")
    adds = layer in visit().of(Uploading).adding
    return OwnFile(layer, name, path, origin, dt.datetime.now(dt.UTC).date().isoformat(), adds)


def plain(text: str) -> str:
    """Text without signs that mean something else where it is shown: no name of a file may become a link or a picture."""
    return re.sub(r"[^\w .,()+'&\u2013-]", "_", text)


def _forget(files: Sequence[Uploaded]) -> None:
    """Let Streamlit drop what it holds of these files."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _check(draft: Draft) -> None:
    """Make a draft the visitor's, and check it in the background; an earlier check ends."""
    uploading = act().of(Uploading)
    if uploading.draft is not None and uploading.draft.folder == draft.folder:
        uploading.past = [*uploading.past[1 - UNDO_STEPS :], uploading.draft]
    _start(draft)


def _start(draft: Draft) -> None:
    uploading = act().of(Uploading)
    uploading.draft = draft
    if uploading.check is not None:
        uploading.check.stop()
    uploading.check = None
    if draft.files:
        uploading.check = searches.file_job(region(), draft)
        uploading.check.start()


def check_again() -> None:
    """Check the files once more."""
    if (draft := _draft()) is not None:
        _start(draft)


def take_out(number: int) -> None:
    """Take a file out; undo brings it back."""
    if (draft := _draft()) is not None:
        _check(replace(draft, files=draft.files[:number] + draft.files[number + 1 :]))


def undo() -> None:
    """Go back to the files before the last change."""
    uploading = act().of(Uploading)
    if uploading.past:
        _start(draft := uploading.past.pop())
        layers = {file.layer for file in draft.files}
        adding = {file.layer for file in draft.files if file.adds}
        uploading.adding = uploading.adding - layers | adding


def choose_origin(number: int, widget: str) -> None:
    """Say where a file came from."""
    draft = _draft()
    if draft is None or not st.session_state[widget]:
        return
    changed = replace(draft.files[number], origin=st.session_state[widget])
    _check(replace(draft, files=(*draft.files[:number], changed, *draft.files[number + 1 :])))


def choose_way(layer: str, widget: str) -> None:
    """Say whether the files of a layer replace what the region has, or come beside it."""
    if not (way := st.session_state[widget]):
        return
    uploading = act().of(Uploading)
    uploading.adding = uploading.adding | {layer} if way == "add" else uploading.adding - {layer}
    draft = _draft()
    if draft is not None and any(file.layer == layer for file in draft.files):
        files = (
            replace(file, adds=layer in uploading.adding) if file.layer == layer else file
            for file in draft.files
        )
        _check(replace(draft, files=tuple(files)))


def choose_day(day: dt.date) -> None:
    """Read the timetables for another day."""
    if (draft := _draft()) is not None:
        _check(replace(draft, service_date=day))


def use(widget: str) -> None:
    """Make a region of the files that were checked, and open it; what it is made of is written beside and renamed."""
    state = act()
    uploading, draft = state.of(Uploading), _draft()
    check = about(uploading.check, draft)
    if draft is None or check is None or check.result is None or check.result.prepared is None:
        return
    base = load_region(location(draft.region))
    title = plain(str(st.session_state.get(widget, "")).strip())[:LONGEST_TITLE] or base.title
    whole = draft.folder / "region"
    try:
        shutil.rmtree(whole, ignore_errors=True)
        whole.mkdir()
        fill_own_folder(base, check.result.prepared, title, whole)
        name = uploaded_regions().keep(whole)
    except (InputError, OSError) as error:
        state.message = Message(NOT_MADE, str(error))
        return
    shutil.rmtree(draft.folder, ignore_errors=True)
    uploading.draft, uploading.check, uploading.past = None, None, []
    uploading.known = (*uploading.known, name)
    _go_to(name)
    state.news, state.redirect = USED, DESIGN


def take_region(widget: str) -> None:
    """Make a region of the one file that was brought, open it with the first scenario in it, and keep all of them."""
    state, file = act(), st.session_state.get(widget)
    if file is None:
        return
    uploading = state.of(Uploading)
    uploading.round += 1
    folder: Path | None = None
    try:
        if file.size > MOST_TOTAL_MB * MB:
            state.message = Message(TOO_MUCH, "")
            return
        folder = uploaded_regions().begin()
        brought = folder / f"brought{ENDING}"
        brought.write_bytes(file.getbuffer())
        whole, _ = read_region_file(brought, folder / "region", from_json)
        scenarios = [from_json(path.read_text(encoding="utf-8")) for path in scenario_files(whole)]
        name = uploaded_regions().keep(whole)
    except (DorpshubError, OSError) as error:
        state.message = Message(NO_REGION, str(error).replace(f"{folder}/", ""))
        return
    finally:
        _forget([file])
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    for scenario in scenarios:
        if scenario.edits:
            cache.library().add(
                name, scenario, "", dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), new_key()
            )
    uploading.known = (*uploading.known, name)
    _go_to(name)
    state.scenario, state.saved = (scenarios[0] if scenarios else EMPTY), None
    state.news, state.redirect = USED, DESIGN


def _go_to(region: str) -> None:
    state = act()
    state.if_impossible = OTHER_REGION
    state.choices = replace(state.choices, region=region)


def remove(name: str) -> None:
    """Remove a region with uploaded files; it can be brought back."""
    state = act()
    uploading = state.of(Uploading)
    if uploaded_regions().remove(name):
        uploading.removed.append(name)
        uploading.known = tuple(one for one in uploading.known if one != name)
        uploading.is_open = True
        if state.choices.region == name:
            _go_to(first_region())
        state.news = REMOVED


def restore() -> None:
    """Bring back the region that was removed last, and open it."""
    state = act()
    uploading = state.of(Uploading)
    if uploading.removed and uploaded_regions().restore(name := uploading.removed.pop()):
        uploading.known = (*uploading.known, name)
        _go_to(name)
        state.news = RESTORED

"""The map: two Streamlit components, one that holds MapLibre and the unchanging layers, one that draws and listens.

MapLibre GL lies inside the `maplibre` wheel, so nothing is fetched from an outside host. It is nearly a megabyte; as a
component of its own it is sent once per visit instead of with every change of the data.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import streamlit as st

MAPLIBRE_VERSION = "5.3.0"
HERE = Path(__file__).parent
# The library is a UMD script: given a local `module` it hands itself over instead of looking for a loader.
BASE_JS = """
if (!globalThis.dorpshub) {
  const module = { exports: {} }, exports = module.exports;
  %s
  globalThis.dorpshub = { maplibregl: module.exports, bases: {} };
}
export default ({ data }) => {
  const base = JSON.parse(new TextDecoder().decode(data));
  globalThis.dorpshub.bases[base.name] = base;
  document.dispatchEvent(new Event("dorpshub-base"));
};
"""
MAP_HTML = '<div class="dorpshub-map"><div class="dorpshub-canvas"></div></div><div class="dorpshub-background" hidden></div>'


def library_file(name: str) -> Path:
    """Path of `maplibre-gl.js` or `.css` in the installed wheel."""
    return Path(str(distribution("maplibre").locate_file(f"maplibre/srcjs/{name}")))


@cache
def _base() -> Callable[..., Any]:
    script = library_file("maplibre-gl.js").read_text(encoding="utf-8")
    library_css = library_file("maplibre-gl.css").read_text(encoding="utf-8")
    own_css = (HERE / "component.css").read_text(encoding="utf-8")
    # Streamlit takes text of one line for the path of a file; the first line makes it plain that this is css.
    css = f"/* MapLibre GL {MAPLIBRE_VERSION} */\n{library_css}\n{own_css}"
    return st.components.v2.component(
        "dorpshub_base",
        html="<span hidden></span>",
        js=BASE_JS.replace("%s", script),
        css=css,
        isolate_styles=False,
    )


@cache
def _map() -> Callable[..., Any]:
    script = "\n".join(
        (HERE / name).read_text(encoding="utf-8") for name in ("component.js", "background.js")
    )
    return st.components.v2.component("dorpshub_map", html=MAP_HTML, js=script, isolate_styles=False)


def draw_map(
    base: bytes,
    data: dict[str, Any],
    key: str,
    on_click: Callable[[], None],
    on_drag: Callable[[], None] | None = None,
) -> None:
    """Draw the map; a click stores `{lng, lat, id, layer, facility}` under `key` as `click` and calls `on_click`.

    With `on_drag` the pins of hubs can be dragged: where one is let go is stored as `drag`, with the same fields. The
    unchanging layers come as JSON in bytes: what is text already need not be written anew on every click.
    """
    _base()(key=f"{key}-base", data=base)
    dragging = {} if on_drag is None else {"on_drag_change": on_drag}
    _map()(key=key, data=data | {"draggable": on_drag is not None}, on_click_change=on_click, **dragging)

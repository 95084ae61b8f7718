"""The map as a Streamlit component: a thin one, which fetches the code and the ground of the map from our own server.

What travels with every change are the data of the view; MapLibre GL, what never changes of a region, and the tiles of the
base map come over HTTP from `ui.map.served` and stay in the browser. Nothing is fetched from an outside host.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ui.map.served import code_address

HERE = Path(__file__).parent
MAP_HTML = '<div class="dorpshub-map"><div class="dorpshub-canvas"></div></div><div class="dorpshub-background" hidden></div>'
MAP_JS = """
const code = new URL("%s", location.origin).href;
const ready = new Promise((done) => {
  const sheet = new URL("../library/maplibre-gl.css", code).href;
  if (document.querySelector(`link[href="${sheet}"]`)) return done();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet, onload: done, onerror: done });
  document.head.append(link);
});
const drawing = Promise.all([import(code), ready]);
export default (component) => {
  const call = { gone: false, clean: () => {} };
  drawing.then(([map]) => {
    if (!call.gone) call.clean = map.default(component);
  });
  return () => {
    call.gone = true;
    call.clean();
  };
};
"""


@cache
def _map() -> Callable[..., Any]:
    # Streamlit takes text of one line for the path of a file: the sheet has more.
    css = (HERE / "browser" / "map.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "dorpshub_map", html=MAP_HTML, css=css, js=MAP_JS.replace("%s", code_address()), isolate_styles=False
    )


def draw_map(
    base: dict[str, Any],
    data: dict[str, Any],
    key: str,
    on_click: Callable[[], None],
    on_drag: Callable[[], None] | None = None,
) -> None:
    """Draw the map; a click stores `{lng, lat, id, layer, facility}` under `key` as `click` and calls `on_click`.

    With `on_drag` the pins of hubs can be dragged: where one is let go is stored as `drag`, with the same fields. `base`
    says where the browser finds what never changes, see `ui.state.cache.base_layers`.
    """
    dragging = {} if on_drag is None else {"on_drag_change": on_drag}
    told = data | {"base": base, "key": key, "draggable": on_drag is not None}
    _map()(key=key, data=told, on_click_change=on_click, **dragging)

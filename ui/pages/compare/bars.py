"""Bars and curves: the share of inhabitants within the limit, and how many there are within each minute."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from ui.views.compare import CompareView, Within
from ui.widgets.charts import COLOURS, DASHES, in_language
from ui.words.i18n import Texts


def bars_html(view: CompareView, texts: Texts) -> str:
    """Draw the share of all inhabitants and of those of 75 and older, before and after, with the persons beside each."""
    groups = ((texts.say("All inhabitants"), view.all_ages), (texts.say("75 and older"), view.old))
    drawn = "".join(_group(name, within, texts) for name, within in groups)
    return f'<div class="dh-bars">{drawn}</div>'


def _group(name: str, within: Within, texts: Texts) -> str:
    rows = (
        (texts.say("Now"), within.before, within.people_before, "dh-now"),
        (texts.say("With the changes"), within.after, within.people_after, "dh-then"),
    )
    drawn = ""
    for label, count, people, look in rows:
        share = count / people if people else 0.0
        said = texts.say("{percent}: {count} of {total}").format(
            percent=texts.percent(share), count=texts.number(count), total=texts.number(people)
        )
        drawn += (
            f'<div class="dh-row"><span>{escape(label)}</span><span class="dh-track">'
            f'<span class="{look}" style="width:{100 * share:.1f}%"></span></span><span>{escape(said)}</span></div>'
        )
    return f"<h3>{escape(name)}</h3>{drawn}"


def curve_table(views: tuple[tuple[str, CompareView], ...], texts: Texts) -> pd.DataFrame:
    """One row per minute: inhabitants within it now, and with each scenario."""
    first = views[0][1]
    columns: dict[str, list[int]] = {
        texts.say("Minutes"): list(range(len(first.curve))),
        texts.say("Now"): [before for before, _ in first.curve],
    }
    for name, view in views:
        columns[name] = [after for _, after in view.curve]
    return pd.DataFrame(columns)


def draw_curves(views: tuple[tuple[str, CompareView], ...], texts: Texts) -> None:
    """Draw the curves over each other, with the persons on hover and the same as a table."""
    table = curve_table(views, texts)
    minutes = texts.say("Minutes")
    long = table.melt(minutes, var_name=texts.say("Scenario"), value_name=texts.say("Inhabitants"))
    names = [str(name) for name in table.columns[1:]]
    st.vega_lite_chart(long, _spec(names, minutes, texts), width="stretch")
    with st.expander(texts.say("The same as a table")):
        st.dataframe(table, hide_index=True)


def _spec(names: list[str], minutes: str, texts: Texts) -> dict[str, Any]:
    scenario, people = texts.say("Scenario"), texts.say("Inhabitants")

    def look(values: Sequence[object]) -> dict[str, Any]:
        scale = {"domain": names, "range": list(values[: len(names)])}
        return {"field": scenario, "type": "nominal", "sort": names, "scale": scale}

    return {
        "height": 280,
        "description": texts.say("Inhabitants within each number of minutes, now and with the changes"),
        "mark": {"type": "line", "interpolate": "step-after", "tooltip": True},
        "encoding": {
            "x": {"field": minutes, "type": "quantitative", "scale": {"domainMin": 0, "nice": False}},
            "y": {"field": people, "type": "quantitative", "scale": {"zero": True}, "axis": {"format": ",d"}},
            "color": look(COLOURS) | {"legend": {"orient": "top", "title": None, "labelLimit": 320}},
            "strokeDash": look(DASHES) | {"legend": None},
            "tooltip": [
                {"field": scenario, "type": "nominal"},
                {"field": minutes, "type": "quantitative"},
                {"field": people, "type": "quantitative", "format": ",d"},
            ],
        },
        "config": in_language(texts),
    }

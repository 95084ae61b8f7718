"""Curves of the difference: how many more inhabitants are within each minute than now, with each scenario.

What is picked in a table or on a map has its line here; a click on a minute picks the places that come within it, or no
longer do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from ui.state import session
from ui.views.compare import CompareView
from ui.views.design import PlaceRow
from ui.widgets.charts import COLOURS, DASHES, in_language
from ui.widgets.tables import pick as pick_places
from ui.widgets.tables import picked_rows
from ui.words.i18n import Texts

KEY, MINUTE = "compare-curve", "minute"
MOST_NAMES = 6
"""Of picked places beside their lines; more would lie over each other."""

Named = Sequence[tuple[str, CompareView]]


def curve_table(views: Named, texts: Texts) -> pd.DataFrame:
    """One row per minute: inhabitants within it now, and how many more with each scenario."""
    first = views[0][1]
    columns: dict[str, list[int]] = {
        texts.say("Minutes"): list(range(len(first.curve))),
        texts.say("Now"): [before for before, _ in first.curve],
    }
    for name, view in views:
        columns[name] = [after - before for before, after in view.curve]
    return pd.DataFrame(columns)


def crossing(view: CompareView, minute: int) -> tuple[int, ...]:
    """Rows of the places that come within so many minutes, or no longer are."""
    return tuple(
        row.row
        for row in view.design.rows
        if _within(row.before_min, minute) != _within(row.after_min, minute)
    )


def _within(minutes: float | None, limit_min: int) -> bool:
    return minutes is not None and minutes <= limit_min


def draw_curves(views: Named, told: CompareView, texts: Texts) -> None:
    """Draw the curves over each other, with the persons on hover and the same as a table.

    Picked places stand at their minutes with the scenario that is `told` of.
    """
    table = curve_table(views, texts)
    rows = set(picked_rows(told.design))
    picked = [row for row in told.design.rows if row.row in rows]
    st.vega_lite_chart(
        table.drop(columns=texts.say("Now")).melt(
            texts.say("Minutes"), var_name=texts.say("Scenario"), value_name=texts.say("Inhabitants")
        ),
        _spec([name for name, _ in views], picked, texts),
        width="stretch",
        key=KEY,
        on_select=partial(_pick_minute, told, texts.say("Minutes")),
        selection_mode=MINUTE,
    )
    st.caption(
        texts.say(
            "How many more people than now are within each number of minutes. Click on a minute: the villages that come "
            "within it, or no longer do, are marked on the map and in the table."
        )
    )
    with st.expander(texts.say("The same as a table")):
        st.dataframe(table, hide_index=True)


def _pick_minute(told: CompareView, minutes: str) -> None:
    """Pick the places that cross the minute that was clicked; a click that takes the choice away leaves them."""
    chosen = st.session_state[KEY]["selection"][MINUTE]
    if chosen:
        session.act()
        pick_places(crossing(told, int(chosen[0][minutes])))


def _spec(names: list[str], picked: Sequence[PlaceRow], texts: Texts) -> dict[str, Any]:
    scenario, people, minutes = texts.say("Scenario"), texts.say("Inhabitants"), texts.say("Minutes")

    def look(values: Sequence[object]) -> dict[str, Any]:
        scale = {"domain": names, "range": list(values[: len(names)])}
        return {"field": scenario, "type": "nominal", "sort": names, "scale": scale}

    colour = look(COLOURS) | {
        "legend": {"orient": "top", "title": None, "labelLimit": 260, "columns": 2, "symbolType": "stroke"}
    }
    axis = {"field": minutes, "type": "quantitative", "scale": {"domainMin": 0, "nice": False}}
    curve = {
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5},
        "encoding": {
            "color": colour,
            "strokeDash": look(DASHES) | {"legend": None},
        },
    }
    spots = {
        "mark": {"type": "point", "size": 70, "filled": True},
        "params": [
            {
                "name": MINUTE,
                # Across alone: a point of the next minute may lie nearer to the hand.
                "select": {"type": "point", "encodings": ["x"], "nearest": True, "toggle": False},
            }
        ],
        "encoding": {
            "color": colour,
            "opacity": {"condition": {"param": MINUTE, "empty": False, "value": 1}, "value": 0},
            "tooltip": [
                {"field": scenario, "type": "nominal"},
                {"field": minutes, "type": "quantitative"},
                {"field": people, "type": "quantitative", "format": "+,d"},
            ],
        },
    }
    return {
        "height": 330,
        "description": texts.say(
            "How many more inhabitants than now are within each number of minutes, with each scenario"
        ),
        "encoding": {
            "x": axis,
            "y": {
                "field": people,
                "type": "quantitative",
                "scale": {"zero": True},
                "axis": {"format": "+,d", "title": texts.say("More than now")},
            },
        },
        "layer": [curve, spots, *_marks(picked, minutes, texts)],
        "config": in_language(texts),
    }


def _marks(picked: Sequence[PlaceRow], minutes: str, texts: Texts) -> list[dict[str, Any]]:
    """Lines of the picked places: at the minutes now, dashed, and with the changes, with the name."""
    now, then = texts.say("Now"), texts.say("With the changes")
    spots = [
        {minutes: at, "name": row.name, "when": when}
        for row in picked
        for when, at in ((now, row.before_min), (then, row.after_min))
        if at is not None
    ]
    if not spots:
        return []
    along = {"x": {"field": minutes, "type": "quantitative"}, "y": None}
    tip = {"tooltip": [{"field": "name"}, {"field": "when"}, {"field": minutes, "format": ".1f"}]}
    dashed = {"condition": {"test": f"datum.when == '{now}'", "value": [3, 3]}, "value": [1, 0]}
    rule = {
        "data": {"values": spots},
        "mark": {"type": "rule", "color": "#8b867c", "strokeWidth": 1.5},
        "encoding": along | tip | {"strokeDash": dashed},
    }
    # Places at the same minute share a line, and their names too.
    named: dict[int, list[str]] = {}
    for row in picked[:MOST_NAMES]:
        if row.after_min is not None:
            named.setdefault(round(row.after_min), []).append(row.name)
    name = {
        "data": {"values": [{minutes: at, "name": ", ".join(names)} for at, names in named.items()]},
        "mark": {"type": "text", "angle": 270, "align": "right", "dx": -4, "dy": 9, "fontSize": 12},
        "encoding": along | {"y": {"value": 0}, "text": {"field": "name"}},
    }
    return [rule, name]

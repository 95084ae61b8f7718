"""What was assumed, repaired or left out, as a table."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pandas as pd
import streamlit as st

from data.build_report import BuildReport
from ui.sentences.design import layer_name
from ui.words.i18n import Texts
from ui.words.words import ACTIONS


def draw_findings(report: BuildReport, texts: Texts) -> None:
    """Draw the findings of a report that has any."""
    say = texts.say
    findings = {
        say("Layer"): [_layer(finding.layer, texts) for finding in report.findings],
        say("What was done"): [say(ACTIONS[finding.action]) for finding in report.findings],
        say("What was met"): [texts.say_data(finding.what) for finding in report.findings],
        say("How often"): [finding.count for finding in report.findings],
        say("For example"): [", ".join(finding.examples) for finding in report.findings],
    }
    whole: Callable[[Any], str] = texts.number
    counts: list[Hashable] = [say("How often")]
    table = pd.DataFrame(findings).style.set_uuid("findings").format(whole, subset=counts)
    st.dataframe(table, hide_index=True)


def _layer(layer: str, texts: Texts) -> str:
    """Name of a layer, behind it which timetable where there are several."""
    first, _, feed = layer.partition(" ")
    return f"{layer_name(first, texts)} {feed}" if first == "timetable" and feed else layer_name(layer, texts)

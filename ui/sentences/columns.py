"""Tables for a spreadsheet in the language of the page: names of columns, and the words that stand in them.

Files for programs (Parquet, GeoPackage, GeoJSON, and all of the command) have the same names in every language.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from scenarios.edits.scenario import Scenario
from ui.sentences.design import layer_name
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MODES, TRAVELLERS

COLUMNS = {
    "before_scenario": mark("Compared with"),
    "after_scenario": mark("Scenario"),
    "cell": mark("Cell"),
    "place_id": mark("Id of the place"),
    "place": mark("Place"),
    "municipality": mark("Municipality"),
    "in_region": mark("In the region"),
    "inhabitants": mark("Inhabitants"),
    "lon": mark("Longitude"),
    "lat": mark("Latitude"),
    "kind": mark("Service"),
    "mode": mark("Way of travelling"),
    "before_s": mark("Before (s)"),
    "after_s": mark("After (s)"),
    "difference_s": mark("Difference (s)"),
    "mean_difference_s": mark("Mean difference (s)"),
    "before_facility_id": mark("Id of the service, before"),
    "before_facility": mark("Goes to, before"),
    "after_facility_id": mark("Id of the service, after"),
    "after_facility": mark("Goes to, after"),
    "before_reason": mark("Why not reached, before"),
    "after_reason": mark("Why not reached, after"),
    "traveller": mark("Who travels"),
    "service_date": mark("Day of the timetable"),
    "window": mark("Hours"),
    "modelled_layers": mark("Modelled layers"),
    "change": mark("Change"),
}
CHANGES = {
    "shorter": mark("shorter"),
    "longer": mark("longer"),
    "same": mark("the same"),
    "won": mark("reached for the first time"),
    "lost": mark("no longer reached"),
    "never": mark("not reached"),
    "unknown": mark("unknown"),
}
PARTS = {"": "", "cells": mark("cells"), "winners": mark("winners-and-losers")}
"""Tables of a comparison, as the names of their files call them; the places are all."""


def in_language(table: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    """Table of a comparison with its names and words in the language of the reader; figures stay."""
    say = texts.say
    written: dict[str, Callable[[object], str]] = {
        "before_scenario": lambda name: texts.say_data(str(name)),
        "after_scenario": lambda name: texts.say_data(str(name)),
        "kind": lambda kind: say(KINDS[kind].label) if kind in KINDS else str(kind),
        "mode": lambda mode: say(MODES[mode].label) if mode in MODES else str(mode),
        "traveller": lambda who: say(TRAVELLERS[who].label) if who in TRAVELLERS else str(who),
        "change": lambda change: say(CHANGES[str(change)]),
        "in_region": lambda inside: say("yes") if inside else say("no"),
        "before_reason": lambda reason: texts.say_data(str(reason)),
        "after_reason": lambda reason: texts.say_data(str(reason)),
        "modelled_layers": lambda layers: ", ".join(
            layer_name(layer, texts) for layer in str(layers).split(";") if layer
        ),
    }
    columns = {name: table[name].map(written[name]) for name in table.columns if name in written}
    return table.assign(**columns).rename(columns={name: say(COLUMNS[name]) for name in table.columns})


def scenario_title(scenario: Scenario, texts: Texts) -> str:
    """What a scenario is called where it must be called something."""
    if scenario.edits:
        return scenario.name or texts.say("Without a name")
    return texts.say("As it is now")

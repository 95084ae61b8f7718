"""The names that options offer, apart from what is behind them: help needs no network, and a test holds them together."""

from __future__ import annotations

DIRECTIONS = ("to", "from")
EVERYBODY = "all"
GOALS = ("median", "excess", "equity", "coverage", "worst", "fewest", "cheapest")
PLAN_GOALS = ("people", "time", "beyond")
LANGUAGES = ("nl", "en")
MODES = (
    *("walk", "bike", "ebike", "car", "transit", "bike_transit", "ebike_transit", "on_demand"),
    *("bike_on_board", "ebike_on_board"),
)
CAR_TERMINAL_MIN, MOST_TERMINAL_MIN = 0.0, 60
REACH_MIN = "5,10,15,30,45,60"
TRAVELLERS = ("adult", "75plus", "ebike", "no_car", "frame", "pupil")
USUAL_MODES = ("walk", "bike", "car", "transit")
"""Those of the measures; all modes would take many times as long."""
DAY_START, DAY_END = "07:00", "22:00"
"""Between which departures of a trip there and back are looked at."""
ACCESS = ("public", "restricted", "non-public")
STEPS_PER_VISIT, MOST_STEPS = 20_000, 1_000_000
"""Of the search for rounds of care."""

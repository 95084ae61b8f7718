"""What the page of a village tells of one trip adds up on a clock without seconds."""

from __future__ import annotations

from ui.pages.village.day_line import day_html
from ui.views.day import DayView, Step
from ui.words.i18n import texts_in

NINE_S = 9 * 3600


def test_minutes_of_the_steps_are_those_between_their_clock_times() -> None:
    ends = [NINE_S + 50, NINE_S + 7 * 60 + 10, NINE_S + 20 * 60 + 50, NINE_S + 27 * 60 + 5]
    steps = (
        Step("street", ends[0], ends[1], "", "Winkel"),
        Step("visit", ends[1], ends[2], "", "Winkel"),
        Step("street", ends[2], ends[3], "", ""),
    )
    view = DayView(
        "supermarket", "bike", steps, "Winkel", 13, False, 26.25, 26.25, 26.25, 0.0, 0.0, NINE_S, NINE_S, None
    )
    told = day_html(view, texts_in("nl"))
    # 9.00, 9.07, 9.20 and 9.27 are what one reads; the way there takes 6 min 20 s, and all of it 26 min 15 s.
    assert [time in told for time in ("9.00", "9.07", "9.20", "9.27")] == [True] * 4
    assert told.count(">7 min ") == 2
    assert ">13 min " in told
    assert "27 minuten na vertrek" in told

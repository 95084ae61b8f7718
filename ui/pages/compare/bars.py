"""Bars: the share of inhabitants within the limit, before and after."""

from __future__ import annotations

from html import escape

from ui.views.compare import CompareView, Within
from ui.words.i18n import Texts


def bars_html(view: CompareView, texts: Texts) -> str:
    """Draw the share of all inhabitants, of those of 75 and older and of those without a car, before and after, with the persons beside each."""
    groups = (
        (texts.say("All inhabitants"), view.all_ages),
        (texts.say("75 and older"), view.old),
        (texts.say("Without a car"), view.without_car),
    )
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

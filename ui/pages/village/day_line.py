"""The day line drawn: a bar in proportion, the same as a list in words, and the sentence above it."""

from __future__ import annotations

from html import escape

from ui.views.day import DayView, Step, clock_minutes
from ui.words.i18n import Texts
from ui.words.words import KINDS, MODES


def day_sentence(view: DayView, village: str, texts: Texts) -> str:
    """Say how long one is away from home on an ordinary trip, at best and at worst."""
    words = {
        "village": village,
        "service": texts.say(KINDS[view.kind].the),
        "travelling": texts.say(MODES[view.mode].travelling),
        "stay": texts.minutes_in_words(view.stay_min),
    }
    if view.is_on_foot:
        walked = texts.say(
            "Nobody needs a bus to {service}: there and back on foot, with a stay of {stay}, takes {away}."
        )
        return walked.format(**words, away=texts.minutes_in_words(view.away_min))
    if view.ordinary_min is None:
        return texts.say(
            "A visit to {service} and back on the same day cannot be done this way from {village}."
        ).format(**words)
    sentence = texts.say(
        "A visit to {service} of {stay} takes {ordinary} from {village} and back on an ordinary day, {best} at best and "
        "{worst} at worst."
    )
    return sentence.format(
        **words,
        ordinary=texts.minutes_in_words(view.ordinary_min),
        best=texts.minutes_in_words(view.best_min),
        worst=texts.minutes_in_words(view.worst_min),
    )


def last_sentence(view: DayView, texts: Texts) -> str:
    """Say until when one can leave, and where the hours of opening come from."""
    parts = []
    if view.last_done is not None:
        sentence = texts.say("Anyone who leaves after {clock} cannot do it any more that day.")
        parts.append(sentence.format(clock=texts.clock(view.last_done)))
    if view.long_share:
        sentence = texts.say(
            "Of all departures between {first} and {last}, {share} take more than three hours."
        )
        parts.append(
            sentence.format(
                first=texts.clock(view.first),
                last=texts.clock(view.last),
                share=texts.percent(view.long_share),
            )
        )
    if view.assumed_hours:
        parts.append(texts.say("Its opening hours are not known: usual ones are assumed."))
    return " ".join(parts)


def day_html(view: DayView, texts: Texts) -> str:
    """Draw the steps of the trip as a bar and as a list."""
    if not view.steps or view.away_min is None:
        return ""
    total = view.steps[-1].end - view.steps[0].start
    bar = "".join(
        f'<span class="dh-step dh-{step.what}" style="flex-grow:{(step.end - step.start) / total:.4f}"></span>'
        for step in view.steps
    )
    items = "".join(
        f'<li><b>{escape(texts.clock(step.start))}</b> <span class="dh-step dh-{step.what}"></span>{escape(step_words(step, view, texts))}</li>'
        for step in view.steps
    )
    home = texts.say("home again, {away} after leaving").format(away=texts.minutes_in_words(view.away_min))
    items += f"<li><b>{escape(texts.clock(view.steps[-1].end))}</b> {escape(home)}</li>"
    return f'<div class="dh-bar" aria-hidden="true">{bar}</div><ol class="dh-day">{items}</ol>'


def step_words(step: Step, view: DayView, texts: Texts) -> str:
    """One step in words."""
    words = {
        "street": texts.say("{time} {travelling} to {name}"),
        "wait": texts.say("{time} waiting at {name}"),
        "ride": texts.say("line {line} to {name}, {time}"),
        "open": texts.say("{time} waiting until {name} opens"),
        "visit": texts.say("{time} in {name}"),
    }
    # By bus one walks to the stops; only those who go all the way by one vehicle are named after it.
    on_street = view.mode if len(view.steps) <= 3 else "walk"
    travelling = MODES[on_street if on_street != "transit" else "walk"].travelling
    return words[step.what].format(
        time=texts.duration(clock_minutes(step.start, step.end)),
        name=step.name or texts.say("home"),
        line=step.line,
        travelling=texts.say(travelling),
    )

"""Sentences beside a proposal: what it starts from, how people are taken to travel, and which sites are left out."""

from __future__ import annotations

from ui.views.edits import EditView
from ui.views.placement import Found
from ui.views.placement_task import Question
from ui.words.i18n import Texts, mark
from ui.words.words import MODES, TIMETABLE_MODES

LEFT_OUT = {
    "sites without a street near": mark("no street near"),
    "sites listed twice: the first counts": mark("listed twice"),
    "sites that have a hub already": mark("a hub already"),
}


def kept_sentences(kept: tuple[EditView, ...], texts: Texts) -> tuple[str, ...]:
    """What the visitor changed already, and that the proposal comes on top of it; nothing without changes."""
    if not kept:
        return ()
    n_hubs, n_closed = (sum(edit.action == action for edit in kept) for action in ("hub", "closure"))
    said = (
        (texts.plural("Your hub stays.", "Your {count} hubs stay.", n_hubs), n_hubs),
        (
            texts.plural(
                "The service that you close stays closed.",
                "The {count} services that you close stay closed.",
                n_closed,
            ),
            n_closed,
        ),
        (
            texts.plural(
                "{count} more change of your scenario counts.",
                "{count} more changes of your scenario count.",
                len(kept) - n_hubs - n_closed,
            ),
            len(kept) - n_hubs - n_closed,
        ),
    )
    parts = tuple(sentence.format(count=texts.number(count)) for sentence, count in said if count)
    return (*parts, texts.say("What is proposed here comes on top; \u201cnow\u201d is with your changes."))


def left_out_sentence(left_out: tuple[tuple[str, int], ...], texts: Texts) -> str:
    """Sites that were not looked at, and why; "" where all were."""
    if not left_out:
        return ""
    parts = tuple(
        texts.say("{count} ({reason})").format(count=texts.number(count), reason=texts.say(LEFT_OUT[what]))
        for what, count in left_out
    )
    return texts.say("Sites that were left out: {parts}.").format(parts=texts.sentence_list(parts))


def apart_sentence(asked: Question, texts: Texts) -> str:
    """Say how the search and the figures differ where they do, "" where they are the same."""
    if asked.mode not in TIMETABLE_MODES and asked.ask.by == "mode":
        return ""
    return texts.say(
        "In the search everybody goes to one hub all day. Who can take another one at another hour travels a little faster; the "
        "figures above count that."
    )


def travelling_sentences(asked: Question, texts: Texts) -> tuple[str, ...]:
    """How groups travel, and by which mode the map is; nothing where everybody travels by the chosen mode."""
    if asked.ask.by == "mode":
        return ()
    label = texts.say(MODES[asked.mode].label)
    return (
        texts.say(
            "Who has no car takes the bus or the bike, whichever is quicker; the others take whatever is quickest, the car "
            "included. How many people have no car is modelled, with national shares by age."
        ),
        texts.say("The map and the table of places are about one way to travel: {mode}.").format(
            mode=label[:1].lower() + label[1:]
        ),
    )


def others_sentence(found: Found, texts: Texts) -> str:
    """What is known of the sites that are not told as good."""
    if not found.n_undecided:
        return texts.say("No other site is as good: that is certain.")
    sentence = texts.plural(
        "Of {count} other site it is not certain whether it is as good.",
        "Of {count} other sites it is not certain whether they are as good.",
        found.n_undecided,
    )
    return sentence.format(count=texts.number(found.n_undecided))

"""Whole sentences about a proposal of sites: what it means, how sure it is that none is better, what else would do.

Sentences beside a proposal: what it starts from, how people are taken to travel, and which sites are left out.
"""

from __future__ import annotations

from math import ceil, isfinite

from scenarios.placement.incumbent import Step
from ui.sentences.edits import opening
from ui.views.edits import EditView
from ui.views.placement.answer import Found, PlacementView
from ui.views.placement.link import Aim, SiteList, Who
from ui.views.placement.question import PageQuestion
from ui.views.placement.weighing import CurvePoint
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MIXED, MODES, TIMETABLE_MODES

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


def apart_sentence(question: PageQuestion, texts: Texts) -> str:
    """Say how the search and the figures differ where they do, "" where they are the same."""
    if question.mode not in TIMETABLE_MODES and question.chosen.by == "mode":
        return ""
    return texts.say(
        "In the search everybody goes to one hub all day. Anyone who can take another one at another hour travels a little faster; the "
        "figures above count that."
    )


def travelling_sentences(question: PageQuestion, texts: Texts) -> tuple[str, ...]:
    """How groups travel, and by which mode the map is; nothing where everybody travels by the chosen mode."""
    if question.chosen.by == "mode":
        return ()
    label = texts.say(MODES[question.mode].label)
    return (
        texts.say(
            "Those who have no car take the bus or the bike, whichever is quicker; the others take whatever is quickest, the car "
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


WHO_WORDS: dict[Who, str] = {
    "all": mark("All inhabitants"),
    "75plus": mark("Inhabitants of 75 and older"),
    "without_car": mark("Inhabitants without a car"),
}
FOR_WORDS: dict[Who, str] = {
    "all": mark("all inhabitants"),
    "75plus": mark("inhabitants of 75 and older"),
    "without_car": mark("inhabitants without a car"),
}
AIM_WORDS: dict[Aim, str] = {
    "within": mark("As many people as possible nearby"),
    "time": mark("The shortest trips, all together"),
    "worst": mark("Help the place that is worst off"),
    "fewest": mark("As few hubs as will do"),
}
SITE_WORDS: dict[SiteList, str] = {
    "places": mark("In any village"),
    "village_hall": mark("In a village hall"),
    "primary_school": mark("In a primary school"),
    "points": mark("Only in my own spots"),
}


def people(who: Who, count: int, texts: Texts) -> str:
    """So many of those asked about."""
    said = {
        "all": texts.plural("{count} inhabitant", "{count} inhabitants", count),
        "75plus": texts.plural(
            "{count} inhabitant of 75 or older", "{count} inhabitants of 75 and older", count
        ),
        "without_car": texts.plural(
            "{count} inhabitant without a car", "{count} inhabitants without a car", count
        ),
    }
    return said[who].format(count=texts.number(count))


def placement_headline(view: PlacementView, texts: Texts) -> str:
    """Say what the proposed hubs do, in the terms of the aim."""
    aim = view.question.chosen.aim
    if not view.found.hubs:
        return _nothing_needed(view, texts)
    if aim == "time":
        return _on_average(view, texts)
    if aim == "worst":
        return _worst(view, texts)
    if aim == "fewest":
        return _fewest(view, texts)
    gain = view.figures.within_after - view.figures.within_before
    if not gain:
        return texts.say("{opening}, nobody more has {service} within {limit} minutes {travelling}.").format(
            opening=opening(view.design.edits, texts), **service_words(view.question, texts)
        )
    sentence = texts.plural(
        "{opening}, {people} gets {service} within {limit} minutes {travelling}.",
        "{opening}, {people} get {service} within {limit} minutes {travelling}.",
        gain,
    )
    return sentence.format(
        opening=opening(view.design.edits, texts),
        people=people(view.question.chosen.who, gain, texts),
        **service_words(view.question, texts),
    )


def _nothing_needed(view: PlacementView, texts: Texts) -> str:
    if view.question.chosen.aim != "fewest":
        return texts.say("No hub in any of these sites would bring {service} closer.").format(
            **service_words(view.question, texts)
        )
    sentence = texts.say(
        "No hub is needed: {percent} of {who} have {service} within {limit} minutes {travelling} already."
    )
    return sentence.format(
        percent=_share(view.figures.within_before, view, texts),
        who=texts.say(FOR_WORDS[view.question.chosen.who]),
        **service_words(view.question, texts),
    )


def _on_average(view: PlacementView, texts: Texts) -> str:
    figures = view.figures
    sentence = texts.say(
        "{opening}, the trip to {the_service} takes {who} {after} minutes on average; now it is {before}."
    )
    return sentence.format(
        opening=opening(view.design.edits, texts),
        who=texts.say(FOR_WORDS[view.question.chosen.who]),
        after=_decimal(figures.mean_after_min, texts),
        before=_decimal(figures.mean_before_min, texts),
        **service_words(view.question, texts),
    )


def _decimal(minutes: float | None, texts: Texts) -> str:
    return texts.say("not reached") if minutes is None else texts.decimal(minutes)


def _worst(view: PlacementView, texts: Texts) -> str:
    figures = view.figures
    if figures.worst_after_min is None:
        sentence = texts.say("{opening}, there are still people near {place} who cannot reach {service}.")
    elif figures.worst_before_min is None:
        sentence = texts.say(
            "{opening}, everybody reaches {service}: the longest trip is {after}, from {place}. Now some people reach none."
        )
    else:
        sentence = texts.say(
            "{opening}, the longest trip to {the_service} is {after}, from {place}; now it is {before}, from {place_before}."
        )
    return sentence.format(
        opening=opening(view.design.edits, texts),
        place=figures.worst_after,
        place_before=figures.worst_before,
        after=texts.minutes_in_words(figures.worst_after_min),
        before=texts.minutes_in_words(figures.worst_before_min),
        **service_words(view.question, texts),
    )


def _fewest(view: PlacementView, texts: Texts) -> str:
    n_hubs = len(view.found.hubs)
    sentence = texts.plural(
        "With {count} hub, {percent} of {who} have {service} within {limit} minutes {travelling}; now it is {now}.",
        "With {count} hubs, {percent} of {who} have {service} within {limit} minutes {travelling}; now it is {now}.",
        n_hubs,
    )
    return sentence.format(
        count=texts.number(n_hubs),
        percent=_share(view.figures.within_after, view, texts),
        now=_share(view.figures.within_before, view, texts),
        who=texts.say(FOR_WORDS[view.question.chosen.who]),
        **service_words(view.question, texts),
    )


def placement_details(view: PlacementView, texts: Texts) -> tuple[str, ...]:
    """Sentences below the headline: the numbers behind it, how good the choice is proved to be, and what else would do."""
    counts = texts.say(
        "That makes {after} of {people} ({percent}) within {limit} minutes; now it is {before}."
    ).format(
        after=texts.number(view.figures.within_after),
        people=people(view.question.chosen.who, view.figures.people, texts),
        percent=_share(view.figures.within_after, view, texts),
        before=texts.number(view.figures.within_before),
        limit=texts.number(view.question.limit_min),
    )
    return (
        *kept_sentences(view.kept, texts),
        counts,
        *_year(view.question, texts),
        proof(view.question, view.found, texts),
    )


def _year(question: PageQuestion, texts: Texts) -> tuple[str, ...]:
    if not question.chosen.year:
        return ()
    return (
        texts.say("Counted with the inhabitants of {year}, a forecast.").format(year=question.chosen.year),
    )


def proof(question: PageQuestion, found: Found, texts: Texts) -> str:
    """How sure it is that no other choice is better."""
    if not isfinite(found.bound):
        return texts.say("How much better another choice could be is not known yet.")
    words = {
        "sites": texts.number(found.n_sites),
        "seconds": _seconds(found.taken_s, texts),
        "bound": bound_in_words(question, found.bound, texts),
    }
    if not found.gap_share:
        sentence = texts.say(
            "This is certain: no other choice from the {sites} sites is better. Searching took {seconds}."
        )
    elif found.is_quick:
        sentence = texts.say(
            "This is a quick answer, found in {seconds}. Another choice from the {sites} sites could be better, but "
            "{bound}."
        )
    else:
        sentence = texts.say(
            "After {seconds} of searching, another choice from the {sites} sites could still be better, but "
            "{bound}."
        )
    return sentence.format(**words)


def bound_in_words(question: PageQuestion, bound: float, texts: Texts) -> str:
    """What no choice can better, in the terms of the aim."""
    match question.chosen.aim:
        case "within":
            sentence = texts.say("more than {people} within {limit} minutes is impossible")
        case "time":
            sentence = texts.say("less than {minutes} minutes on average is impossible")
        case "worst":
            sentence = texts.say("a longest trip below {minutes} minutes is impossible")
        case "fewest":
            sentence = texts.plural(
                "fewer than {count} hub is impossible", "fewer than {count} hubs is impossible", ceil(bound)
            )
    return sentence.format(
        people=people(question.chosen.who, max(round(bound), 0), texts),
        limit=texts.number(question.limit_min),
        minutes=texts.decimal(bound),
        count=texts.number(ceil(bound)),
    )


def gap_in_words(share: float, texts: Texts) -> str:
    """A gap as whole percents, rounded up: it is what could be won at most."""
    return texts.percent(ceil(share * 100) / 100)


def _seconds(seconds: float, texts: Texts) -> str:
    whole = round(seconds)
    if whole < 1:
        return texts.say("less than a second")
    return texts.plural("{count} second", "{count} seconds", whole).format(count=texts.number(whole))


def progress_sentence(step: Step | None, *, is_waiting: bool, texts: Texts) -> str:
    """How far an exact search is."""
    if is_waiting:
        return texts.say("Another search comes first; this one begins as soon as that is over.")
    if step is None or not all(map(isfinite, (step.value, step.bound, step.gap_share))):
        return texts.say("Searching for the best choice.")
    found = texts.say(
        "After {seconds} of searching a choice was found. Another can be {gap} better, no more."
    )
    return found.format(seconds=_seconds(step.taken_s, texts), gap=gap_in_words(step.gap_share, texts))


def curve_sentence(points: tuple[CurvePoint, ...], question: PageQuestion, texts: Texts) -> str:
    """The curve in one sentence: with the fewest, with half as many, and with the most hubs."""
    chosen = [points[0], points[(len(points) - 1) // 2], points[-1]] if len(points) > 2 else list(points)
    parts = []
    for point in chosen:
        said = texts.plural("{people} with {count} hub", "{people} with {count} hubs", point.hubs)
        gain = people(question.chosen.who, point.people - point.now, texts)
        parts.append(said.format(people=gain, count=texts.number(point.hubs)))
    return texts.say("So many get {service} within {limit} minutes {travelling}: {parts}.").format(
        parts=texts.sentence_list(tuple(parts)), **service_words(question, texts)
    )


def service_words(question: PageQuestion, texts: Texts) -> dict[str, str]:
    """Words for the blanks of a sentence: the service, the limit and the way to travel."""
    travelling = (MODES[question.mode] if question.chosen.by == "mode" else MIXED).travelling
    return {
        "service": texts.say(KINDS[question.kind].one),
        "the_service": texts.say(KINDS[question.kind].the),
        "limit": texts.number(question.limit_min),
        "travelling": texts.say(travelling),
    }


def _share(persons: int, view: PlacementView, texts: Texts) -> str:
    return texts.percent(persons / view.figures.people if view.figures.people else 0.0)

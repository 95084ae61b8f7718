"""The three sentences of a comparison, and how sure they are."""

from __future__ import annotations

from scenarios.comparison.equity import Verdict
from ui.sentences.costs import costs
from ui.views.compare import CompareView, Sureness
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS

ODDS = {
    50: mark("far fewer"),
    67: mark("fewer"),
    80: mark("somewhat fewer"),
    100: mark("as is thought now"),
    125: mark("somewhat more"),
    150: mark("more"),
    200: mark("far more"),
}
"""By the odds in per cent of those that are used, see `ui.state.link.WITHOUT_CAR_PCT`."""
VERDICTS: dict[Verdict, str] = {
    "more": mark("That is more than their part of all inhabitants ({percent}): the change helps them most."),
    "even": mark("That is about their part of all inhabitants ({percent})."),
    "less": mark(
        "That is less than their part of all inhabitants ({percent}): the change helps others most."
    ),
    "unsure": mark(
        "Their part of all inhabitants is {percent}; it is too uncertain to say whether they gain more or less than others."
    ),
}


def three_sentences(view: CompareView, texts: Texts) -> tuple[str, str, str]:
    """Who gains, who loses, what it costs."""
    return gains(view, texts), losses(view, texts), costs(view, texts)


def gains(view: CompareView, texts: Texts) -> str:
    """Say who gets closer to the service, and how many of them are 75 or older."""
    count = view.design.inhabitants_with("shorter", "won")
    if not count:
        return texts.say("Nobody's trip to {service} becomes a minute shorter or more.").format(
            service=texts.say(KINDS[view.design.kind].the)
        )
    sentence = texts.plural(
        "{count} inhabitant gains: the trip to {service} becomes {minutes} shorter on average; {old}.",
        "{count} inhabitants gain: the trip to {service} becomes {minutes} shorter on average; {old}.",
        count,
    )
    if view.design.effect["shorter"].people == 0:
        sentence = texts.plural(
            "{count} inhabitant gains: {service} comes within reach for the first time; {old}.",
            "{count} inhabitants gain: {service} comes within reach for the first time; {old}.",
            count,
        )
    return sentence.format(
        count=texts.number(count),
        service=texts.say(KINDS[view.design.kind].the),
        minutes=texts.minutes_in_words(view.design.mean_minutes("shorter")),
        old=_old(view.old_effect["shorter"].people + view.old_effect["won"].people, texts),
    )


def losses(view: CompareView, texts: Texts) -> str:
    """Say whose trip gets longer, and who reaches none any more."""
    count = view.design.inhabitants_with("longer", "lost")
    if not count:
        return texts.say("Nobody loses: for no inhabitant does the trip become a minute longer or more.")
    sentence = texts.plural(
        "{count} inhabitant loses: the trip to {service} becomes {minutes} longer on average; {old}.",
        "{count} inhabitants lose: the trip to {service} becomes {minutes} longer on average; {old}.",
        count,
    )
    if view.design.effect["longer"].people == 0:
        sentence = texts.plural(
            "{count} inhabitant loses: {service} is no longer within reach; {old}.",
            "{count} inhabitants lose: {service} is no longer within reach; {old}.",
            count,
        )
    return sentence.format(
        count=texts.number(count),
        service=texts.say(KINDS[view.design.kind].the),
        minutes=texts.minutes_in_words(view.design.mean_minutes("longer")),
        old=_old(view.old_effect["longer"].people + view.old_effect["lost"].people, texts),
    )


def equity_sentences(view: CompareView, texts: Texts) -> tuple[str, ...]:
    """Say how many people have no car, how sure that is, and how much of the gain is theirs."""
    found, say, number = view.equity, texts.say, texts.number
    without = found.without_car
    lives = say(
        "{count} of the {total} inhabitants have no car to drive, children included; it may be {low} to {high}."
    ).format(
        count=number(round(without.used)),
        total=number(found.people),
        low=number(round(without.low)),
        high=number(round(without.high)),
    )
    if not found.gain:
        return (lives,)
    gained, share = found.gain_without_car, found.gain_share
    gain = texts.plural(
        "Of the {total} inhabitant who gains {count} has no car: {percent}.",
        "Of the {total} inhabitants who gain {count} have no car: {percent}.",
        found.gain,
    ).format(total=number(found.gain), count=number(round(gained.used)), percent=texts.percent(share.used))
    of_all = texts.percent(without.used / max(found.people, 1))
    return lives, gain, say(VERDICTS[found.verdict]).format(percent=of_all)


def odds_words(percent: int, texts: Texts) -> str:
    """Say how many people have no car beside the number that is used, for one of the values that can be tried out."""
    return texts.say(ODDS[percent])


def _old(count: int, texts: Texts) -> str:
    if not count:
        return texts.say("none of them is 75 or older")
    sentence = texts.plural("{count} of them is 75 or older", "{count} of them are 75 or older", count)
    return sentence.format(count=texts.number(count))


def sure_sentence(found: Sureness, texts: Texts) -> str:
    """Say for how many inhabitants the direction of the change is sure when assumptions are off."""
    total = found.people
    if not total:
        return texts.say("Whatever the assumptions, nobody's trip changes by a minute or more.")
    sentence = texts.say(
        "For {certain} of {total} inhabitants whose trip changes it is certain whether it gets shorter or longer, for "
        "{likely} it is likely, and for {unsure} it is too uncertain to say."
    )
    if found.certain == total:
        sentence = texts.plural(
            "For the {total} inhabitant whose trip changes it is certain whether it gets shorter or longer.",
            "For all {total} inhabitants whose trip changes it is certain whether it gets shorter or longer.",
            total,
        )
    counts = sentence.format(
        certain=texts.number(found.certain),
        total=texts.number(total),
        likely=texts.number(found.likely),
        unsure=texts.number(found.unsure),
    )
    low, high = sorted((abs(found.least_min), abs(found.most_min)))
    spread = texts.say(
        "Their trip becomes between {low} minutes shorter and {high} minutes longer on average."
    )
    if found.most_min <= 0:
        spread = texts.say("Their trip becomes {low} to {high} minutes shorter on average.")
    elif found.least_min >= 0:
        spread = texts.say("Their trip becomes {low} to {high} minutes longer on average.")
    else:
        low, high = -found.least_min, found.most_min
    return f"{counts} {spread.format(low=texts.decimal(low), high=texts.decimal(high))}"

"""What a scenario costs or saves, what people get for it, and what that rests on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.parameters.rates import DAY_KINDS, DayKind
from scenarios.costs.costs import Basis, CostLine
from scenarios.costs.euros import Euros
from scenarios.costs.value import Why
from ui.sentences.edits import edit_title
from ui.views.compare import CompareView
from ui.words.i18n import Texts, mark
from ui.words.words import KINDS, MODES

BASES: dict[Basis, str] = {
    "typed": mark("filled in"),
    "sourced": mark("published"),
    "assumed": mark("assumed"),
    "unknown": mark("not known"),
}
DAYS: dict[DayKind, str] = {
    "weekday": mark("working days"),
    "saturday": mark("Saturdays"),
    "sunday": mark("Sundays"),
}
NOT_EACH: dict[Why, str] = {
    "cost unknown": mark("cost not known"),
    "times unknown": mark("not known"),
    "visits unknown": mark("not known how often people go"),
    "saves money": mark("saves money"),
    "nobody gains": mark("nobody gains"),
}


def costs(view: CompareView, texts: Texts) -> str:
    """Say what it costs or saves a year, what that is for each inhabitant who comes within the limit, and what is unknown."""
    found, say = view.costs, texts.say
    if not found.lines:
        return say("These changes cost nobody anything.")
    titles = dict.fromkeys(_title(view, line, texts) for line in found.unknown)
    names = texts.sentence_list(tuple(f"\u2018{title}\u2019" for title in titles))
    if not found.known:
        return say(
            "What it costs is not known: nobody has said so, and there is no rate for {names}."
        ).format(names=names)
    sentences = [_whole(view, texts)]
    if names:
        sentences.append(say("Not known, and not counted, is what this costs: {names}.").format(names=names))
    elif (each := view.value.per_person) is not None and found.per_year.used and found.per_year.low >= 0:
        sentence = say("That is {each} euros for each inhabitant who comes within {limit} minutes.")
        sentences.append(
            sentence.format(each=euros_words(each, texts), limit=texts.number(view.design.limit_min))
        )
    elif view.value.why_not_person == "nobody gains" and found.per_year.used > 0:
        sentence = say("On balance no more inhabitants come within {limit} minutes.")
        sentences.append(sentence.format(limit=texts.number(view.design.limit_min)))
    return " ".join(sentences)


def _whole(view: CompareView, texts: Texts) -> str:
    """Say the sum of all that is known."""
    found, say = view.costs, texts.say
    cost = found.per_year
    if found.is_whole and cost.rounded() == (0, 0, 0):
        if found.bases == ("typed",):
            return say("According to what was filled in, it costs nothing extra.")
        return say("It costs nothing extra.")
    sentences = {
        (True, False): say("It costs {euros} euros a year."),
        (True, True): say("It saves {euros} euros a year."),
        (False, False): say("What is known of it costs {euros} euros a year."),
        (False, True): say("What is known of it saves {euros} euros a year."),
    }
    said = sentences[found.is_whole, cost.used < 0].format(euros=euros_words(cost, texts))
    if cost.low < 0 < cost.high:
        unsure = say(
            "It is not certain whether it costs or saves money: from {saved} euros less to {spent} euros more."
        )
        low, _, high = sorted(cost.rounded())
        said = f"{said} {unsure.format(saved=texts.number(-low), spent=texts.number(high))}"
    return said


def cost_details(view: CompareView, texts: Texts) -> tuple[str, ...]:
    """Say what has to be paid to begin with, hours of travel, and on what the sums rest."""
    found, say, value = view.costs, texts.say, view.value
    sentences = []
    if found.once.used:
        sentence = say(
            "To begin with, {euros} euros have to be paid; that is spread over the years that it lasts."
        )
        sentences.append(sentence.format(euros=euros_words(found.once, texts)))
    if value.hours is not None:
        sentences.append(_hours(view, texts))
    sentences += [_refused(view, line, texts) for line in found.lines if line.refused]
    if any(line.item == "vehicle_hours" for line in found.lines):
        sentences.append(
            say(
                "The hours that buses drive are counted on a working day, a Saturday and a Sunday, each as often as it comes in a "
                "year; public holidays count as Sundays."
            )
        )
    if "assumed" in found.bases:
        sentences.append(
            say(
                "Where it says assumed, nobody has published a price: ask those who pay for it, and read the sum as a first guess."
            )
        )
    if any(line.item != "other" for line in found.known):
        sentences.append(say("What passengers pay is not taken off."))
    return tuple(sentences)


def _hours(view: CompareView, texts: Texts) -> str:
    """Say how many hours all visits together take less, and what each of them costs."""
    value, say, design = view.value, texts.say, view.design
    assert value.hours is not None  # noqa: S101 -- asked where they are known
    saved = round(value.hours.saved)
    words = {
        "hours": texts.number(abs(saved)),
        "service": say(KINDS[design.kind].the),
        "mode": say(MODES[design.mode].label).lower(),
    }
    sentence = say(
        "If everybody went to {service} in this way ({mode}), all visits together would take as long as now."
    )
    if saved > 0:
        sentence = say(
            "If everybody went to {service} in this way ({mode}), all visits of a year together would take {hours} hours less."
        )
    elif saved < 0:
        sentence = say(
            "If everybody went to {service} in this way ({mode}), all visits of a year together would take {hours} hours more."
        )
    said = sentence.format(**words)
    if value.per_hour is not None and value.per_hour.used:
        each = say("That is {each} euros for each hour.").format(each=euros_words(value.per_hour, texts))
        said = f"{said} {each}"
    if won := round(value.hours.visits_won):
        more = say("Visits that become possible for the first time are not in it: {count} a year.")
        said = f"{said} {more.format(count=texts.number(won))}"
    if lost := round(value.hours.visits_lost):
        fewer = say("Visits that are no longer possible are not in it: {count} a year.")
        said = f"{said} {fewer.format(count=texts.number(lost))}"
    return said


def _refused(view: CompareView, line: CostLine, texts: Texts) -> str:
    days = texts.sentence_list(tuple(texts.say(DAYS[kind]) for kind, _ in line.refused))
    sentence = texts.say("On {days} this changes nothing, as it cannot be made then: {name}.")
    return sentence.format(days=days, name=_title(view, line, texts))


def cost_table(view: CompareView, texts: Texts) -> pd.DataFrame:
    """One row per thing that costs something: how much of it there is, euros a year, and what they rest on."""
    say = texts.say
    lines = view.costs.lines
    return pd.DataFrame(
        {
            say("Change"): [_title(view, line, texts) for line in lines],
            say("How much"): [_amount(line, texts) for line in lines],
            say("Euros a year"): [_line_euros(line.per_year, texts) for line in lines],
            say("Rests on"): [_basis(line, texts) for line in lines],
        }
    ).set_index(say("Change"))


def sources(view: CompareView, texts: Texts) -> tuple[str, ...]:
    """Where the rates come from, each once."""
    found = [line.source for line in view.costs.known if line.basis in {"assumed", "sourced"} and line.source]
    if view.costs.once.used:
        found.append(view.costs.discount)
    return tuple(texts.say_data(source) for source in dict.fromkeys(found))


def _title(view: CompareView, line: CostLine, texts: Texts) -> str:
    title = edit_title(view.design.edits[line.edit - 1], texts)
    if line.item == "service":
        kind = texts.say(KINDS[line.about].label) if line.about in KINDS else line.about
        return f"{title}: {kind}"
    if line.item == "upkeep":
        return f"{title}: {texts.say('upkeep')}"
    return title


def _amount(line: CostLine, texts: Texts) -> str:
    number = texts.number
    if np.isnan(line.after) and line.item == "vehicle_hours":
        kinds = tuple(texts.say(DAYS[kind]) for kind in DAY_KINDS if kind in line.unknown_days)
        return texts.say("not known on {days}").format(days=texts.sentence_list(kinds))
    if np.isnan(line.after):
        return texts.say("not known")
    if line.item == "vehicle_hours":
        sentence = texts.say("{after} hours of driving a year instead of {before}")
        return sentence.format(after=number(round(line.after)), before=number(round(line.before)))
    if line.item in {"path", "upkeep"}:
        return texts.say("{metres} m").format(metres=number(round(line.after)))
    if line.item == "rides":
        return texts.say("{count} rides a year").format(count=number(round(line.after)))
    return ""


def _basis(line: CostLine, texts: Texts) -> str:
    if line.unknown == "rides" and line.rate is not None:
        sentence = texts.say("a ride is {euros} euros; how many there will be is not known")
        return sentence.format(euros=euros_words(line.rate, texts))
    if line.per_year is None:
        return texts.say(BASES["unknown"])
    return texts.say(BASES[line.basis])


def _line_euros(cost: Euros | None, texts: Texts) -> str:
    if cost is None:
        return texts.say("not known")
    words = euros_words(cost, texts)
    return texts.say("saves {euros}").format(euros=words) if cost.used < 0 else words


def euros_words(cost: Euros, texts: Texts) -> str:
    """`45,000`, or `957,000 (718,000 to 1,280,000)` where it is unsure; without a sign, for sentences that say it is saved."""
    used, low, high = (abs(value) for value in cost.rounded())
    if cost.low == cost.high or cost.low < 0 < cost.high:
        return texts.number(used)
    span = texts.say("{count} ({low} to {high})")
    return span.format(
        count=texts.number(used), low=texts.number(min(low, high)), high=texts.number(max(low, high))
    )


def each_euros(each: Euros | None, why_not: Why, texts: Texts) -> str:
    """Euros for each person or hour in a cell of a table, or why there are none."""
    return texts.say(NOT_EACH[why_not]) if each is None else texts.number(each.rounded().used)

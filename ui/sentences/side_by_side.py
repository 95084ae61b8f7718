"""Which scenario is best at what, in sentences and in the cells of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scenarios.costs.euros import Euros
from ui.sentences.costs import each_euros
from ui.views.side_by_side import Side, least, most, too_close
from ui.words.i18n import Texts
from ui.words.words import KINDS

Sides = Sequence[Side]


def title(side: Side) -> str:
    """What a scenario is called where it stands beside others."""
    return f"{side.letter} \u00b7 {side.name}"


def best_headline(found: Sides, kind: str, texts: Texts) -> str:
    """Say with which scenario most people gain, and with which people lose."""
    return f"{_gain(found, kind, texts)} {_lose(found, texts)}"


def best_details(found: Sides, texts: Texts) -> tuple[str, ...]:
    """Say which is best for those of 75 and older, which costs least, and how sure that is."""
    return (_old(found, texts), *_cost(found, texts), *_sure(found, texts))


def _letters(found: Sides, rows: Sequence[int], texts: Texts) -> str:
    return texts.sentence_list(tuple(found[row].letter for row in rows))


def _gain(found: Sides, kind: str, texts: Texts) -> str:
    leaders = most([side.gain for side in found])
    count = found[leaders[0]].gain
    if not count:
        sentence = texts.say("None of these scenarios brings anybody a minute or more closer to {service}.")
        return sentence.format(service=texts.say(KINDS[kind].the))
    if len(leaders) == len(found):
        return texts.say("All scenarios help equally many people: with each, {count} gain.").format(
            count=texts.number(count)
        )
    sentence = texts.plural(
        "{names} helps the most people: {count} gain.",
        "{names} help the most people: with each, {count} gain.",
        len(leaders),
    )
    said = sentence.format(names=_letters(found, leaders, texts), count=texts.number(count))
    if close := too_close(found):
        names = texts.sentence_list(tuple(side.letter for side in close))
        unsure = texts.say("The difference with {names} is too small to be certain of.").format(names=names)
        return f"{said} {unsure}"
    return said


def _lose(found: Sides, texts: Texts) -> str:
    numbers = [side.lose for side in found]
    if not max(numbers):
        return texts.say("Nobody loses with any of them.")
    if min(numbers) == max(numbers):
        sentence = texts.say("With each of them equally many people lose: {count}.")
        return sentence.format(count=texts.number(numbers[0]))
    sentence = texts.say("The most people lose with {most} ({many}), the fewest with {least} ({few}).")
    return sentence.format(
        most=_letters(found, most(numbers), texts),
        many=texts.number(max(numbers)),
        least=_letters(found, least(numbers), texts),
        few=texts.number(min(numbers)),
    )


def _old(found: Sides, texts: Texts) -> str:
    leaders = most([side.old_gain for side in found])
    count = found[leaders[0]].old_gain
    if not count:
        return texts.say("Nobody of 75 or older gains.")
    if len(leaders) == len(found):
        sentence = texts.say("With each of them equally many people of 75 and older gain: {count}.")
        return sentence.format(count=texts.number(count))
    sentence = texts.say("The most people of 75 and older gain with {names}: {count}.")
    return sentence.format(names=_letters(found, leaders, texts), count=texts.number(count))


def _cost(found: Sides, texts: Texts) -> tuple[str, ...]:
    costs = [side.known_cost for side in found]
    known = [cost for cost in costs if cost is not None]
    if not known:
        return (texts.say("It is not known of any of them what it costs."),)
    cheapest = least(costs)
    names, euros = _letters(found, cheapest, texts), texts.number(round(abs(min(known))))
    saves = min(known) < 0
    if len(known) == 1:
        sentence = texts.say("Only of {names} it is known what it costs: {euros} euros a year.")
        if saves:
            sentence = texts.say("Only of {names} it is known what it costs: it saves {euros} euros a year.")
        return (sentence.format(names=names, euros=euros),)
    if len(cheapest) == len(found):
        sentence = texts.say("All scenarios cost the same: {euros} euros a year.")
        if saves:
            sentence = texts.say("All scenarios save the same: {euros} euros a year.")
        return (sentence.format(euros=euros),)
    sentence = texts.plural(
        "{names} costs the least: {euros} euros a year.",
        "{names} cost the least: {euros} euros a year.",
        len(cheapest),
    )
    if saves:
        sentence = texts.plural(
            "{names} saves the most money: {euros} euros a year.",
            "{names} save the most money: {euros} euros a year.",
            len(cheapest),
        )
    said = sentence.format(names=names, euros=euros)
    unknown = [row for row, cost in enumerate(costs) if cost is None]
    if not unknown:
        return (said,)
    rest = texts.say("Of {names} it is not known, or not wholly, what it costs.")
    return (said, rest.format(names=_letters(found, unknown, texts)))


def _sure(found: Sides, texts: Texts) -> tuple[str, ...]:
    if any(side.sure is None for side in found):
        return (texts.say("How sure these figures are is still being worked out."),)
    leaders = most([side.certain_share for side in found])
    if not leaders:
        return ()
    people = tuple(_certain(found[row], texts) for row in leaders)
    sentence = texts.say("The surest figures are those of {names}: the direction is certain for {people}.")
    return (sentence.format(names=_letters(found, leaders, texts), people=texts.sentence_list(people)),)


def _certain(side: Side, texts: Texts) -> str:
    assert side.sure is not None  # noqa: S101 -- asked of those that are known only
    sentence = texts.plural(
        "{certain} of the {total} person whose trip changes ({percent})",
        "{certain} of the {total} persons whose trip changes ({percent})",
        side.sure.people,
    )
    return sentence.format(
        certain=texts.number(side.sure.certain),
        total=texts.number(side.sure.people),
        percent=texts.percent(side.certain_share or 0.0),
    )


class Line(NamedTuple):
    """One line of the table: what is compared, the words in the column of each scenario, and which of them are best."""

    title: str
    cells: tuple[str, ...]
    best: tuple[int, ...]


def lines(found: Sides, limit_min: int, texts: Texts) -> tuple[Line, ...]:
    """What the table tells of each scenario; where all are alike none is best."""
    say, number = texts.say, texts.number
    within = say("Within {limit} minutes").format(limit=number(limit_min))

    def line(title: str, cells: Sequence[str], best: tuple[int, ...]) -> Line:
        return Line(title, tuple(cells), best if len(best) < len(found) else ())

    return (
        line(say("Gain"), [number(side.gain) for side in found], most([side.gain for side in found])),
        line(say("Lose"), [number(side.lose) for side in found], least([side.lose for side in found])),
        line(
            say("75 and older who gain"),
            [number(side.old_gain) for side in found],
            most([side.old_gain for side in found]),
        ),
        line(
            say("75 and older who lose"),
            [number(side.old_lose) for side in found],
            least([side.old_lose for side in found]),
        ),
        line(
            say("Without a car who gain"),
            [number(side.gain_without_car) for side in found],
            most([side.gain_without_car for side in found]),
        ),
        line(within, [number(side.within) for side in found], most([side.within for side in found])),
        line(
            say("Euros a year"),
            [_euros(side, texts) for side in found],
            least([side.known_cost for side in found]),
        ),
        line(
            say("Euros a year for each inhabitant more within {limit} minutes").format(
                limit=number(limit_min)
            ),
            [each_euros(side.value.per_person, side.value.why_not_person, texts) for side in found],
            least([_used(side.value.per_person) for side in found]),
        ),
        line(
            say("Euros for each hour of travel saved"),
            [each_euros(side.value.per_hour, side.value.why_not_hour, texts) for side in found],
            least([_used(side.value.per_hour) for side in found]),
        ),
        line(
            say("Certain"),
            [_sureness(side, texts) for side in found],
            # As long as one is being worked out, none is known to be the best.
            most([side.certain_share for side in found]) if all(side.sure for side in found) else (),
        ),
    )


def _euros(side: Side, texts: Texts) -> str:
    if side.cost_per_year is None:
        return texts.say("not known")
    euros = texts.number(round(abs(side.cost_per_year)))
    if side.cost_per_year < 0:
        euros = texts.say("saves {euros}").format(euros=euros)
    return euros if side.cost_is_whole else texts.say("{euros} as far as known").format(euros=euros)


def _used(each: Euros | None) -> float | None:
    return None if each is None else each.rounded().used


def _sureness(side: Side, texts: Texts) -> str:
    if side.sure is None:
        return texts.say("being worked out")
    if not side.sure.people:
        return texts.say("nobody's trip changes")
    return texts.say("{certain} of {total}").format(
        certain=texts.number(side.sure.certain), total=texts.number(side.sure.people)
    )

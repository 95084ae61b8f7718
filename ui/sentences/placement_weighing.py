"""Whole sentences about what a proposal is weighed against: the worst-off, and other assumptions and years."""

from __future__ import annotations

from math import isinf

from scenarios.placement.incumbent import Step
from scenarios.placement.robustness import Case
from ui.sentences.placement import people, progress_sentence, service_words
from ui.views.placement.question import PageQuestion
from ui.views.placement.weighing import RobustView, Trade
from ui.words.i18n import Texts

NAMED_AT_MOST = 3


def step_sentence(step: Step | None, *, is_waiting: bool, texts: Texts) -> str:
    """How many of the calculations are done."""
    if is_waiting or step is None:
        return progress_sentence(None, is_waiting=is_waiting, texts=texts)
    return texts.say("Done: {done} of at most {total} calculations.").format(
        done=texts.number(round(step.value)), total=texts.number(round(step.bound))
    )


def trade_sentence(found: tuple[Trade, ...], question: PageQuestion, texts: Texts) -> str:
    """What a shorter longest trip costs, in a sentence or two."""
    first, last = found[0], found[-1]
    words = service_words(question, texts)
    if last.worst_min is None:
        return texts.say(
            "Whatever is chosen, some people do not reach {service}: there is no longest trip to make shorter."
        ).format(**words)
    shortest = texts.minutes_in_words(last.worst_min)
    if len(found) == 1:
        return texts.say(
            "One choice is the best in both: most people are helped, and the longest trip cannot be shorter than {shortest}."
        ).format(shortest=shortest)
    if first.worst_min is None:
        begin = texts.say("With the choice that helps most people, not everybody reaches {service}.")
    else:
        begin = texts.say("With the choice that helps most people, the longest trip is {longest}.")
    end = texts.say("Anyone who wants it to be no more than {shortest} helps {people} less.")
    fewer = people(question.chosen.who, first.people - last.people, texts)
    longest = texts.minutes_in_words(first.worst_min)
    return f"{begin} {end}".format(longest=longest, shortest=shortest, people=fewer, **words)


def robust_sentences(found: RobustView, texts: Texts) -> tuple[str, ...]:
    """How sure a proposal is: how often it is as good as the best, at worst, and how often each of its sites is chosen."""
    if not found.n_answered:
        return (texts.say("The search was stopped before anything was known."),)
    total = texts.number(found.n_answered)
    good = texts.say(
        "In {good} of the {total} calculations this choice is the best, or at most 1% worse than the best."
    ).format(good=texts.number(found.n_as_good), total=total)
    early: tuple[str, ...] = ()
    if len(found.cases) < found.n_asked:
        sentence = texts.say("{count} calculations were meant; the search was stopped earlier.")
        early = (sentence.format(count=texts.number(found.n_asked)),)
    return (good, *_worst(found, texts), *_sites(found, texts), *early)


def _worst(found: RobustView, texts: Texts) -> tuple[str, ...]:
    worst = found.worst
    if worst is None or worst.regret_share is None:
        return ()
    case = case_words(worst.case, found.cases.index(worst), texts)
    if isinf(worst.regret_share):
        return (texts.say("In one of them it does not meet a condition: {case}.").format(case=case),)
    sentence = texts.say("At worst it is {share} worse than the best: {case}.")
    return (sentence.format(share=texts.percent_fine(worst.regret_share), case=case),)


def _sites(found: RobustView, texts: Texts) -> tuple[str, ...]:
    """How often the proposed sites are chosen; of many only the least certain one."""
    proposed = [(name, count) for name, is_proposed, count in found.counts if is_proposed]
    sentence = texts.say("{site} is among the best {hubs} in {count} of the {total} calculations.")
    if len(proposed) == 1:
        sentence = texts.say("{site} is the best site in {count} of the {total} calculations.")
    told = proposed if len(proposed) <= NAMED_AT_MOST else proposed[-1:]
    words = {"hubs": texts.number(len(proposed)), "total": texts.number(found.n_answered)}
    return tuple(sentence.format(site=name, count=texts.number(count), **words) for name, count in told)


def counted_sentence(count: int, total: int, texts: Texts) -> str:
    """So many of all calculations."""
    return texts.say("{count} of {total}").format(count=texts.number(count), total=texts.number(total))


def case_words(case: Case, number: int, texts: Texts) -> str:
    """What is different in a case, which is the `number`-th."""
    draw = case.draw
    if case.year:
        return texts.say("the inhabitants of {year}").format(year=case.year)
    if draw.sites > 1:
        return texts.say("everything different at the same time, draw {number}").format(number=number)
    if draw.sites:
        return texts.say("modelled services elsewhere")
    if draw.walking_speed != 1:
        sentence = texts.say("walking at {percent} of the pace")
        return sentence.format(percent=texts.percent(draw.walking_speed))
    if draw.car_speed != 1:
        return texts.say("cars at {percent} of the speed").format(percent=texts.percent(draw.car_speed))
    if draw.change_time != 1:
        sentence = texts.say("changing takes {times} times as long")
        return sentence.format(times=texts.number(draw.change_time))
    return texts.say("the numbers that are used everywhere here")

"""Whole sentences about rounds of home care: what a plan comes to, what a change does, and what that rests on."""

from __future__ import annotations

from scenarios.placement.incumbent import Step
from scenarios.rounds.task import Reason
from ui.views.care import CarePlan, CareRound, CareView, CareVillage
from ui.words.i18n import Texts
from ui.words.words import MODES


def care_headline(view: CareView, texts: Texts) -> str:
    """The answer in one sentence."""
    before, after = view.before, view.after
    if after is None:
        if before.per_client_min is None:
            return texts.say("None of the visits can be made.")
        return texts.say("From {base} the team is {minutes} on the way each day for every client.").format(
            base=before.base, minutes=_minutes(before.per_client_min, texts)
        )
    # Who leaves clients far away unvisited is less on the way: that is no gain, so visits are told first.
    if before.per_client_min is None or after.per_client_min is None or before.planned != after.planned:
        return texts.say("{before} of the {visits} visits can be made now, and {after} afterwards.").format(
            before=texts.number(before.planned),
            after=texts.number(after.planned),
            visits=texts.number(after.visits),
        )
    now, then = _minutes(before.per_client_min, texts), _minutes(after.per_client_min, texts)
    if now == then:
        return texts.say(
            "With the change the team stays {minutes} on the way each day for every client."
        ).format(minutes=then)
    return texts.say(
        "With the change the team is {after} on the way each day for every client; now {before}."
    ).format(before=now, after=then)


def care_sentences(view: CareView, texts: Texts) -> tuple[str, ...]:
    """How many clients there are, and what each plan comes to."""
    drawn = texts.say(
        "{clients} clients were drawn by chance from about {people} people with home care within 20 minutes of the base."
    ).format(clients=texts.number(view.clients), people=texts.number(view.people))
    if view.after is None:
        return (drawn, *plan_sentences(view.before, view.mode, texts))
    now, then = texts.say("This is how it is now."), texts.say("This is how it gets with the change.")
    return (
        drawn,
        now,
        *plan_sentences(view.before, view.mode, texts),
        then,
        *plan_sentences(view.after, view.mode, texts),
    )


def plan_sentences(plan: CarePlan, mode: str, texts: Texts) -> tuple[str, ...]:
    """How many visits are made by how many people, how far they go, and what is left and why."""
    made = texts.say(
        "{staff} of {all} people go out from {base} ({mode}), for {planned} of {visits} visits."
    ).format(
        staff=texts.number(plan.staff_out),
        all=texts.number(plan.staff),
        base=plan.base,
        mode=texts.say(MODES[mode].label).lower(),
        planned=texts.number(plan.planned),
        visits=texts.number(plan.visits),
    )
    if plan.per_client_min is None:
        return (made, *_left_out(plan, texts))
    far = texts.say(
        "They ride {km} kilometres; {share} of the time they are on the way, the rest with clients."
    ).format(km=texts.number(round(plan.km)), share=texts.percent(plan.travel_share))
    return (made, far, *_left_out(plan, texts))


def _left_out(plan: CarePlan, texts: Texts) -> tuple[str, ...]:
    return tuple(
        _reason(reason, count, texts).format(count=texts.number(count)) for reason, count in plan.left_out
    )


def _reason(reason: Reason, count: int, texts: Texts) -> str:
    match reason:
        case "no_way":
            return texts.plural(
                "{count} visit cannot be made: no way leads from the base to the client and back.",
                "{count} visits cannot be made: no way leads from the base to the client and back.",
                count,
            )
        case "no_shift":
            return texts.plural(
                "{count} visit cannot be made: at the time for it nobody works.",
                "{count} visits cannot be made: at the time for them nobody works.",
                count,
            )
        case "too_far":
            return texts.plural(
                "{count} visit cannot be made: with the way there and back it does not fit into a shift.",
                "{count} visits cannot be made: with the way there and back they do not fit into a shift.",
                count,
            )
        case _:
            return texts.plural(
                "{count} visit is left: nobody has room for it.",
                "{count} visits are left: nobody has room for them.",
                count,
            )


def care_basis(view: CareView, texts: Texts) -> str:
    """What the figures rest on."""
    shifts = texts.sentence_list(tuple(texts.span(*shift) for shift in view.shifts))
    told = texts.say(
        "People work {shifts}, with half an hour off in a long shift. A way between two clients counts half for each of them. The plan "
        "is a good one; that none is better is not proved."
    ).format(shifts=shifts)
    if not view.assumed:
        return told
    return told + " " + texts.say("How long visits take and when they begin is assumed, not observed.")


def village_words(village: CareVillage, texts: Texts) -> str:
    """A village on the map: its name, clients, and minutes of travel for each."""
    clients = texts.plural("{count} client", "{count} clients", village.clients).format(
        count=texts.number(village.clients)
    )
    minutes = village.before_min if village.after_min is None else village.after_min
    told = (
        texts.say("nobody is visited")
        if minutes is None
        else texts.say("{minutes} on the way for each").format(minutes=_minutes(minutes, texts))
    )
    return f"{village.name}\n{clients}, {told}"


def round_words(round_: CareRound, texts: Texts) -> str:
    """A round on the map: who, from when to when, and how many visits."""
    return texts.plural(
        "Person {person}: {span}, {count} visit", "Person {person}: {span}, {count} visits", round_.visits
    ).format(
        person=texts.number(round_.person),
        span=texts.span(round_.leave_s, round_.back_s),
        count=texts.number(round_.visits),
    )


def care_progress(step: Step | None, *, is_waiting: bool, texts: Texts) -> str:
    """How far the search is."""
    if is_waiting:
        return texts.say("Another visitor's question is worked out first.")
    if step is None:
        return texts.say("The ways between all clients are being worked out.")
    return texts.say("Rounds are being sought: {share} done.").format(share=texts.percent(step.value))


def _minutes(minutes: float, texts: Texts) -> str:
    return texts.minutes_in_words(minutes)

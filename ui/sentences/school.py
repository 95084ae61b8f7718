"""Whole sentences about school days."""

from __future__ import annotations

from ui.views.school import RegionSchool, SchoolBasis, VillageSchool
from ui.words.i18n import Texts
from ui.words.words import KINDS


def village_sentences(view: VillageSchool, texts: Texts) -> tuple[str, ...]:
    """Say how many pupils a village has, how they get to school in time, and what the changes do."""
    now, pupils = view.now, round(view.now.pupils)
    if not pupils:
        return (texts.say("{village} has no pupils of these ages.").format(village=view.village),)
    first = texts.plural(
        "{village} has about {count} pupil for {service}.",
        "{village} has about {count} pupils for {service}.",
        pupils,
    )
    told = [first.format(village=view.village, count=texts.number(pupils), service=_the(view.basis, texts))]
    told += [_nearest(view, texts), *_alone(view, texts)]
    if round(now.far):
        sentence = texts.say(
            "More than {limit} minutes by bike: {far} of the {pupils} pupils. Of these {bus} are at school by bus or train before "
            "the bell of {bell}, quicker than on foot."
        )
        told.append(
            sentence.format(
                limit=view.basis.limit_min,
                far=texts.number(round(now.far)),
                pupils=texts.number(pupils),
                bus=texts.number(round(now.far_with_bus)),
                bell=texts.clock(view.basis.bell),
            )
        )
    return (*told, *_changed(view, texts))


def _the(basis: SchoolBasis, texts: Texts) -> str:
    return texts.say(KINDS[basis.kind].the)


def _nearest(view: VillageSchool, texts: Texts) -> str:
    nearest = view.nearest[0]
    if not nearest.school:
        return texts.say("None of them can get to such a school by bike.")
    sentence = texts.say("For most {school} is the nearest; on average it is {time} by bike.")
    return sentence.format(school=nearest.school, time=texts.minutes_in_words(nearest.bike_min))


def _alone(view: VillageSchool, texts: Texts) -> tuple[str, ...]:
    """Who is too young to cycle alone; nothing where nobody is."""
    now, young = view.now, round(view.now.young)
    if not young:
        return ()
    sentence = texts.plural(
        "{count} of them is younger than {age} and does not cycle alone: {walking} within {limit} minutes on foot, {brought} "
        "brought. By bike on their own: {cycling}.",
        "{count} of them are younger than {age} and do not cycle alone: {walking} within {limit} minutes on foot, {brought} "
        "brought. By bike on their own: {cycling}.",
        young,
    )
    return (
        sentence.format(
            count=texts.number(young),
            age=view.basis.from_age,
            limit=view.basis.limit_min,
            walking=texts.number(round(now.walking)),
            brought=texts.number(young - round(now.walking)),
            cycling=texts.number(round(now.cycling)),
        ),
    )


def _changed(view: VillageSchool, texts: Texts) -> tuple[str, ...]:
    if not view.is_changed:
        return ()
    sentence = texts.say(
        "With these changes: more than {limit} minutes by bike for {after} of the {pupils} pupils (now {before}), brought: "
        "{brought_after} (now {brought})."
    )
    told = [
        sentence.format(
            limit=view.basis.limit_min,
            after=texts.number(round(view.then.far)),
            before=texts.number(round(view.now.far)),
            pupils=texts.number(round(view.then.pupils)),
            brought_after=texts.number(round(view.then.brought)),
            brought=texts.number(round(view.now.brought)),
        )
    ]
    if round(view.then.far):
        by_bus = texts.say(
            "Then {bus} of those who have so far to go are at school by bus or train before the bell, quicker than on foot."
        )
        told.append(by_bus.format(bus=texts.number(round(view.then.far_with_bus))))
    then = view.nearest[1]
    if then.school and then != view.nearest[0]:
        nearest = texts.say("For most {school} is then the nearest; on average it is {time} by bike.")
        told.append(nearest.format(school=then.school, time=texts.minutes_in_words(then.bike_min)))
    return tuple(told)


def region_sentences(view: RegionSchool, texts: Texts) -> tuple[str, ...]:
    """Say for how many pupils school is far, now and with the changes, who moves, and what was counted."""
    words = {
        "service": _the(view.basis, texts),
        "limit": view.basis.limit_min,
        "pupils": texts.number(round(view.then.pupils)),
        "before": texts.number(round(view.now.far)),
        "after": texts.number(round(view.then.far)),
        "age": view.basis.from_age,
        "brought": texts.number(round(view.now.brought)),
        "brought_after": texts.number(round(view.then.brought)),
    }
    far = texts.say(
        "For {after} of the {pupils} pupils {service} is more than {limit} minutes by bike; now that is so for {before}."
    )
    told = [far.format(**words)]
    if round(view.now.young):
        brought = texts.say(
            "Younger than {age}, more than {limit} minutes on foot, and so brought: {brought_after} pupils; now {brought}."
        )
        told.append(brought.format(**words))
    moved = texts.say("No pupil gets another nearest school.")
    if view.moved:
        moved = texts.plural(
            "{count} pupil gets another nearest school.",
            "{count} pupils get another nearest school.",
            view.moved,
        ).format(count=texts.number(view.moved))
    return (*told, moved, *_before_bus(view, texts), *_counted(view, texts))


def _before_bus(view: RegionSchool, texts: Texts) -> tuple[str, ...]:
    """Say where the bell comes before the first bus."""
    if not view.n_before_bus:
        return ()
    example = texts.say("{school} (bell {bell}, first bus {first})")
    examples = tuple(
        example.format(school=of.school, bell=texts.clock(of.bell), first=texts.clock(of.first_ride))
        for of in view.before_bus
    )
    sentence = texts.plural(
        "At {count} of the {all} schools with a stop nearby the bell comes before the first bus: {examples}.",
        "At {count} of the {all} schools with a stop nearby the bell comes before the first bus, such as {examples}.",
        view.n_before_bus,
    )
    return (
        sentence.format(
            count=texts.number(view.n_before_bus),
            all=texts.number(view.n_with_stop),
            examples=texts.sentence_list(examples),
        ),
    )


def _counted(view: RegionSchool, texts: Texts) -> tuple[str, ...]:
    if view.counted is None or view.modelled is None:
        return (texts.say("How many pupils the schools have is not in the data of this region."),)
    sentence = texts.say(
        "At the schools of the region {counted} pupils were counted; by these figures it would be {modelled}."
    )
    return (sentence.format(counted=texts.number(view.counted), modelled=texts.number(view.modelled)),)


def basis_sentence(basis: SchoolBasis, texts: Texts) -> str:
    """Say what the figures of pupils rest on."""
    first, last = basis.ages
    sentence = texts.say(
        "Pupils of {first} to {last}, each to the nearest school, {margin} minutes before the bell of {bell}. Many choose another "
        "school."
    )
    if basis.assumed:
        sentence = texts.say(
            "Pupils of {first} to {last}, each to the nearest school, {margin} minutes before the bell of {bell}. Ages and bell are "
            "assumed, and many choose another school."
        )
    return sentence.format(
        first=first, last=last, margin=texts.number(basis.margin_min), bell=texts.clock(basis.bell)
    )

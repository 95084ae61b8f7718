"""Whole sentences about what was published year by year, beside what was promised."""

from __future__ import annotations

from scenarios.monitoring.series import Verdict
from ui.views.monitoring import FollowedRow, FollowedView
from ui.words.i18n import Texts, mark

VERDICTS: dict[Verdict, str] = {
    "as promised": mark("as promised"),
    "less": mark("less than promised"),
    "more": mark("more than promised"),
    "opposite": mark("the other way than promised"),
    "not seen": mark("no change to be seen, but one was promised"),
    "not promised": mark("changed, but that was not promised"),
}


def followed_sentences(view: FollowedView, texts: Texts) -> tuple[str, ...]:
    """Say how many figures can be compared, what that comes to, and what else is in a change."""
    total = texts.plural(
        "Your file has {count} series of figures.", "Your file has {count} series of figures.", len(view.rows)
    ).format(count=texts.number(len(view.rows)))
    if not view.n_compared:
        none = texts.say("None of them can be put beside what your scenario promises; the table says why.")
        return (total, none)
    parts = tuple(
        texts.say("{count} {verdict}").format(
            count=texts.number(number), verdict=texts.say(VERDICTS[verdict])
        )
        for verdict, number in view.by_verdict
    )
    compared = texts.say("Beside what your scenario promises: {parts}.")
    return (
        total,
        compared.format(parts=texts.sentence_list(parts)),
        texts.say("Whatever else happened in those years is in the published change too."),
    )


def verdict_words(row: FollowedRow, texts: Texts) -> str:
    """What a change comes to, or why that cannot be said."""
    if row.verdict:
        return texts.say(VERDICTS[row.verdict])
    why = "; ".join(map(texts.say_data, row.reasons))
    return texts.say("cannot be compared: {why}").format(why=why)


def signed(value: float | None, texts: Texts) -> str:
    """Write a difference with its sign, up to two decimals."""
    if value is None:
        return texts.say("unknown")
    whole = abs(value) >= 10
    size = texts.number(round(abs(value))) if whole else texts.decimal(abs(value))
    sign = "+" if value > 0 else "\u2212"
    return size if not float(f"{abs(value):.1f}") else f"{sign}{size}"

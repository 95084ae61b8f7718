"""What a proposal is weighed against: more hubs, a shorter longest trip, and other assumptions; each worked out when asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from html import escape
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from ui.pages.placement import actions
from ui.pages.placement.answer import Said, progress
from ui.paper import parts as on_paper
from ui.paper.pdf import Heading, Part, Sentences
from ui.sentences.placement import curve_sentence
from ui.sentences.placement_weighing import (
    case_words,
    counted_sentence,
    robust_sentences,
    step_sentence,
    trade_sentence,
)
from ui.state import searches
from ui.state.background_job import Job
from ui.state.cached import key_of
from ui.state.searches import Asked
from ui.views.placement import weighing
from ui.views.placement.answer import PlacementView
from ui.views.placement.link import PlacementChoices
from ui.views.placement.question import PageQuestion
from ui.views.placement.weighing import CurvePoint, RobustView, Trade
from ui.widgets.charts import in_language
from ui.widgets.tables import plain_table
from ui.words.i18n import Texts

Result = TypeVar("Result")
COLOUR = "#0b5d59"


def curve(asked: Asked, texts: Texts) -> tuple[Part, ...]:
    """Draw what each number of hubs can do, and costs, once that was asked for; whatever the aim and the number of hubs.

    Each of these gives what it shows for paper, nothing before it was asked for.
    """
    usual, chosen = PlacementChoices(), asked.question.chosen
    whole = _with(
        asked, replace(chosen, aim=usual.aim, hubs=usual.hubs, share=usual.share, budget=usual.budget)
    )
    return worked_out(
        texts.say("What does one more hub bring?"),
        ("curve", key_of(whole)),
        texts.say("For each number of hubs the best choice is sought. That takes half a minute at most."),
        (texts.say("Work out 1 to 10 hubs"), ":material/show_chart:"),
        lambda: searches.weighing_job(whole, weighing.curve, texts),
        lambda points: _drawn_curve(points, asked.question, texts),
        texts,
    )


def trade(asked: Asked, texts: Texts) -> tuple[Part, ...]:
    """Draw what a shorter longest trip costs, once that was asked for; whatever the aim."""
    usual = PlacementChoices()
    whole = _with(asked, replace(asked.question.chosen, aim=usual.aim, share=usual.share))
    return worked_out(
        texts.say("Many people nearby, or nobody far away?"),
        ("trade", key_of(whole)),
        texts.say(
            "With the same number of hubs one can help more people, or those who live farthest away. All choices in between are "
            "sought. That takes a minute at most."
        ),
        (texts.say("Weigh the two"), ":material/balance:"),
        lambda: searches.weighing_job(whole, weighing.trades, texts),
        lambda found: _drawn_trade(found, asked.question, texts),
        texts,
    )


def robust(asked: Asked, view: PlacementView, texts: Texts) -> tuple[Part, ...]:
    """Draw how sure the proposal is, once that was asked for."""
    ids = tuple(sorted(site.id for site in view.found.sites))
    return worked_out(
        texts.say("Is this choice still right if we are mistaken?"),
        ("robust", key_of((asked, ids))),
        texts.say(
            "The best choice is sought again with other speeds and times to change, with modelled services elsewhere, and with the "
            "inhabitants of later years. That takes a minute, and a few with the bus."
        ),
        (texts.say("Try other assumptions"), ":material/science:"),
        lambda: searches.robust_job(asked, ids, texts),
        lambda found: _drawn_robust(found, texts),
        texts,
    )


def _with(asked: Asked, chosen: PlacementChoices) -> Asked:
    return asked._replace(question=replace(asked.question, chosen=chosen))


def worked_out(
    title: str,
    about: tuple[actions.JobName, Hashable],
    promise: str,
    button: tuple[str, str],
    make: Callable[[], Job[Result]],
    draw: Callable[[Result], tuple[Part, ...]],
    texts: Texts,
    choices: Callable[[], None] = lambda: None,
    said: Said = step_sentence,
) -> tuple[Part, ...]:
    """Draw `choices`, and what was found in the background, how far the work is, or the button (label, icon) that begins it."""
    st.subheader(title, anchor=False)
    choices()
    name, what = about
    job = actions.job_about(name, what)
    if job is not None and not job.is_over:
        progress(job, texts, said)
    elif job is not None and job.result:
        return (Heading(title), *draw(job.result))
    elif job is not None and job.error is not None:
        st.warning(texts.say(actions.NO_ANSWER))
        with st.expander(texts.say("Details")):
            st.text(texts.say_data(str(job.error)))
    else:
        label, icon = button
        if job is None:
            st.write(promise)
        st.button(label, key=f"placement-{name}", icon=icon, on_click=actions.start, args=(name, make))
    return ()


def curve_table(points: tuple[CurvePoint, ...], texts: Texts) -> pd.DataFrame:
    """One row per number of hubs: inhabitants who come within the limit, all within it, the most possible, euros a year."""
    say = texts.say
    table = {
        say("Hubs"): [point.hubs for point in points],
        say("More than now"): [point.people - point.now for point in points],
        say("Inhabitants"): [point.people for point in points],
        say("At most possible"): [point.most for point in points],
    }
    if any(point.euros for point in points):
        table[say("Euros a year")] = [round(point.euros) for point in points]
    return pd.DataFrame(table)


def _drawn_curve(points: tuple[CurvePoint, ...], question: PageQuestion, texts: Texts) -> tuple[Part, ...]:
    sentence = curve_sentence(points, question, texts)
    table = curve_table(points, texts)
    written = table.map(texts.number).set_index(texts.say("Hubs"))
    _chart(table, (texts.say("Hubs"), "ordinal"), texts.say("More than now"), sentence, texts)
    with st.expander(texts.say("The same as a table")):
        plain_table(written)
    return Sentences((sentence,)), on_paper.table_of("", written)


def trade_table(found: tuple[Trade, ...], texts: Texts) -> pd.DataFrame:
    """One row per choice: minutes of the longest trip, inhabitants within the limit, and where the hubs are."""
    say = texts.say
    return pd.DataFrame(
        {
            say("Longest trip (min)"): [
                None if each.worst_min is None else round(each.worst_min) for each in found
            ],
            say("Inhabitants"): [each.people for each in found],
            say("More than now"): [each.people - each.now for each in found],
            say("Hubs in"): [texts.sentence_list(each.sites) for each in found],
        }
    )


def _drawn_trade(found: tuple[Trade, ...], question: PageQuestion, texts: Texts) -> tuple[Part, ...]:
    table, minutes = trade_table(found, texts), texts.say("Longest trip (min)")
    sentence = trade_sentence(found, question, texts)
    if len(found) > 1:
        _chart(table, (minutes, "quantitative"), texts.say("More than now"), sentence, texts)
    else:
        st.html(f'<p class="dh-details">{escape(sentence)}</p>')
    said = [sentence]
    if not all(each.is_proved for each in found):
        said.append(texts.say("Not everything was proved in time: a choice in between may be missing."))
        st.caption(said[-1])
    numbers = [name for name in table if name != texts.say("Hubs in")]
    written = table.copy()
    for name in numbers:
        written[name] = [texts.say("not reached") if pd.isna(of) else texts.number(of) for of in table[name]]
    written = written.set_index(minutes)
    with st.expander(texts.say("The same as a table"), expanded=True):
        plain_table(written)
    return Sentences(tuple(said)), on_paper.table_of("", written)


def _chart(table: pd.DataFrame, across: tuple[str, str], people: str, sentence: str, texts: Texts) -> None:
    """Draw the sentence, and people against something else."""
    st.html(f'<p class="dh-details">{escape(sentence)}</p>')
    name, kind = across
    numbers = [str(column) for column in table if pd.api.types.is_numeric_dtype(table[column])]
    across_axis: dict[str, Any] = {"field": name, "type": kind, "axis": {"labelAngle": 0}}
    if kind == "quantitative":
        across_axis |= {"scale": {"zero": False}, "axis": {"labelAngle": 0, "format": "d", "tickMinStep": 1}}
    spec = {
        "height": 260,
        "description": sentence,
        "mark": {"type": "line", "point": {"size": 70, "color": COLOUR}, "color": COLOUR, "tooltip": True},
        "encoding": {
            "x": across_axis,
            "y": {"field": people, "type": "quantitative", "scale": {"zero": True}, "axis": {"format": ",d"}},
            "tooltip": [{"field": of, "type": "quantitative", "format": ",d"} for of in numbers],
        },
        "config": in_language(texts),
    }
    st.vega_lite_chart(table, spec, width="stretch")


def count_table(found: RobustView, texts: Texts) -> pd.DataFrame:
    """One row per site: whether it is proposed, and in how many cases it is among the best."""
    say = texts.say
    return pd.DataFrame(
        {
            say("Site"): [name for name, _, _ in found.counts],
            say("Proposed"): [say("yes") if proposed else say("no") for _, proposed, _ in found.counts],
            say("Among the best in"): [
                counted_sentence(n, found.n_answered, texts) for _, _, n in found.counts
            ],
        }
    )


def case_table(found: RobustView, texts: Texts) -> pd.DataFrame:
    """One row per case: by how much the proposal is worse than the best there, and what is best."""
    say = texts.say
    return pd.DataFrame(
        {
            say("What is different"): [
                case_words(each.case, number, texts) for number, each in enumerate(found.cases)
            ],
            say("Proposal is worse by"): [_regret(each.regret_share, texts) for each in found.cases],
            say("Best there"): [texts.sentence_list(each.best) for each in found.cases],
        }
    )


def _regret(share: float | None, texts: Texts) -> str:
    if share is None:
        return texts.say("no answer")
    return texts.percent_fine(share) if share < 1 else texts.say("not possible there")


def _drawn_robust(found: RobustView, texts: Texts) -> tuple[Part, ...]:
    sentences = robust_sentences(found, texts)
    counts = count_table(found, texts).set_index(texts.say("Site"))
    cases = case_table(found, texts).set_index(texts.say("What is different"))
    st.html(f'<p class="dh-details">{escape(" ".join(sentences))}</p>')
    plain_table(counts)
    with st.expander(texts.say("All calculations")):
        plain_table(cases)
    return Sentences(tuple(sentences)), on_paper.table_of("", counts), on_paper.table_of("", cases)

"""The verb `care-rounds`: from bases to the clients of home care, before and after a change."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict, Unpack

from data.clock import clock_text
from data.errors import InputError
from dorpshub.cared import CareInput, by_village, changed_input, demand_asked, question_of
from dorpshub.cli import typed
from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis_of
from scenarios.comparison.report import about
from scenarios.rounds.answer import answered, compared
from scenarios.rounds.solve import refuse_without_solver
from scenarios.rounds.tables import answer_lines, basis_line, difference_line, plan_table


class CareOptions(TypedDict):
    """Options of the verb, as click hands them over."""

    base: str
    staff: int
    mode: str
    clients: Path | None
    n_clients: int | None
    within_min: float
    seed: int
    shifts: tuple[str, ...]
    break_min: float | None
    gap_min: float | None
    then_base: str
    then_staff: int | None
    then_mode: str
    steps: int
    plan_out: Path | None
    out: Path


def care_rounds(source: Source, **options: Unpack[CareOptions]) -> None:
    """Plan rounds, and say what they come to village by village."""
    refuse_without_solver()  # before anything is worked out
    first = CareInput(
        tuple(typed.parts(options["base"])),
        options["staff"],
        options["mode"],
        options["shifts"],
        options["break_min"],
        options["gap_min"],
        options["n_clients"],
        options["within_min"],
        options["seed"],
    )
    if options["clients"] is not None and options["n_clients"] is not None:
        raise InputError("Clients are listed by --clients, or drawn by --n-clients: leave one of them out.")
    changed = changed_input(
        first, tuple(typed.parts(options["then_base"])), options["then_staff"], options["then_mode"]
    )
    opened = source.opened()
    demand = demand_asked(opened.before, first, options["clients"])
    question, progress = question_of(opened.before, first), source.progress()

    def on_share(share: float) -> bool:
        progress("searching rounds", share)
        return True

    lines = [basis_line(opened.before, demand)]
    if opened.scenario.edits or changed != first:
        pair = ((opened.before, question), (opened.world, question_of(opened.world, changed)))
        before, after = compared(*pair, demand, options["steps"], on_share)
        answers = [("before", before), ("after", after)]
        lines += [
            "Before:",
            *answer_lines(before),
            "After:",
            *answer_lines(after),
            difference_line(before, after),
        ]
    else:
        answer = answered(opened.before, question, demand, options["steps"], on_share)
        answers = [("now", answer)]
        lines += answer_lines(answer)
    progress("searching rounds", 1.0)
    write_result(options["out"], by_village(answers), about(opened.world, "care-rounds"))
    if options["plan_out"]:
        write_result(options["plan_out"], plan_table(answers), about(opened.world, "care-plan"))
    when = f"shifts {', '.join(_span(*shift) for shift in question.shifts)}"
    source.tell([*lines, f"Village by village in {options['out']}. {basis_of(opened.world, when)}"])


def _span(start: int, end: int) -> str:
    return f"{clock_text(start)}-{clock_text(end)}"

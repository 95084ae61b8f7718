"""The verb `school`: who gets to school before the bell, and who moves when one closes."""

from __future__ import annotations

from pathlib import Path

from dorpshub.cli.options import write_result
from dorpshub.cli.source import Source, basis
from scenarios.comparison.report import about
from scenarios.edits.scenario import EMPTY
from scenarios.school.counted import observed
from scenarios.school.day import school_day
from scenarios.school.question import question_of
from scenarios.school.tables import answered, moves_table, places_table, schools_table
from scenarios.school.words import school_lines


def school(
    source: Source,
    kind: str,
    limit_min: float,
    from_age: int | None,
    bell: str,
    no_counts: bool,
    out: Path,
    schools_out: Path | None,
    moves_out: Path | None,
) -> None:
    """Work out a school day, and what a scenario changes of it."""
    region, scenario, world = source.opened()
    question = question_of(region, kind, limit_min, bell=bell, from_age=from_age)
    before = school_day(region, question)
    changed = scenario != EMPTY
    after = school_day(world, question) if changed else before
    answer = answered(before, after, None if no_counts else observed(region, question.kind))
    tables = (
        (out, "school", places_table),
        (schools_out, "schools", schools_table),
        (moves_out, "school_moves", moves_table),
    )
    for path, name, table in tables:
        if path is not None:
            write_result(path, table(answer), about(before.world, name))
    said = school_lines(answer, changed=changed, with_journeys=not no_counts)
    source.tell([*said, f"Place by place in {out}. {basis(before.world)}"])

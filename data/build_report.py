"""What a reader or builder assumed, repaired or dropped: nothing happens silently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, Self

Action = Literal["kept", "assumed", "repaired", "dropped"]
N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of irregularity in one layer, how often it was met and what was done about it."""

    layer: str
    action: Action
    what: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """All findings of a build; reports of several layers are added up."""

    findings: tuple[Finding, ...] = ()

    def __add__(self, other: Self) -> BuildReport:
        return BuildReport(self.findings + other.findings)

    def to_rows(self) -> list[dict[str, object]]:
        """One plain row per finding, fit for JSON and tables."""
        return [asdict(finding) for finding in self.findings]

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, object]]) -> BuildReport:
        """Read back what `to_rows` gave."""
        return cls(
            tuple(
                Finding(
                    layer=str(row["layer"]),
                    action=row["action"],  # type: ignore[arg-type]
                    what=str(row["what"]),
                    count=int(str(row["count"])),
                    examples=tuple(str(example) for example in row["examples"]),  # type: ignore[attr-defined]
                )
                for row in rows
            )
        )


def finding(layer: str, action: Action, what: str, ids: Iterable[object]) -> BuildReport:
    """Report of one finding over `ids`, empty when there are none; the first few ids become its examples."""
    names = [str(name) for name in ids]
    if not names:
        return BuildReport()
    return BuildReport((Finding(layer, action, what, len(names), tuple(names[:N_EXAMPLES])),))


def summed(findings: Iterable[Finding]) -> BuildReport:
    """Report of findings with those of one thing in one layer added up, the first few examples of all."""
    sums: dict[tuple[str, Action, str], Finding] = {}
    for one in findings:
        key = one.layer, one.action, one.what
        before = sums.get(key, Finding(*key, 0))
        examples = (before.examples + one.examples)[:N_EXAMPLES]
        sums[key] = Finding(*key, before.count + one.count, examples)
    return BuildReport(tuple(sums.values()))

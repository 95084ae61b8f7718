"""Kinds of facility and the tags by which the map shows them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from data.columns import Strings
from data.errors import InputError

FACILITY_KINDS = Path(__file__).with_name("facility_kinds.toml")
LANGUAGES = ("nl", "en")

Tags: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagMatch:
    """One tag that must carry one of `values`; no values stand for any value but "no"."""

    key: str
    values: Strings

    def holds(self, tags: Tags) -> bool:
        """Whether `tags` match; a value is a list separated by semicolons, upper and lower case are the same."""
        value = tags.get(self.key)
        if value is None:
            return False
        found = {part.strip().lower() for part in value.split(";")}
        return not found.isdisjoint(self.values) if self.values else found != {"no"}


@dataclass(frozen=True, slots=True)
class TagRule:
    """Tags that make a feature one of a kind: all of `required` and none of `excluded`.

    `assumed` says in words what is taken for granted where the tags leave room for doubt, else it is "".
    """

    required: tuple[TagMatch, ...]
    excluded: tuple[TagMatch, ...]
    assumed: str

    def holds(self, tags: Tags) -> bool:
        """Whether `tags` satisfy the rule."""
        return all(match.holds(tags) for match in self.required) and not any(
            match.holds(tags) for match in self.excluded
        )


@dataclass(frozen=True, slots=True)
class FacilityKind:
    """A kind of facility: its id, its name per language of `LANGUAGES`, and the rules that find it."""

    id: str
    names: Strings
    rules: tuple[TagRule, ...]


@dataclass(frozen=True, slots=True)
class FacilityKinds:
    """The kinds of facility in the order in which they are shown."""

    kinds: tuple[FacilityKind, ...]

    @property
    def ids(self) -> Strings:
        """Id of each kind."""
        return tuple(kind.id for kind in self.kinds)

    @property
    def keys(self) -> frozenset[str]:
        """Tag keys of which a facility has at least one: what a reader may filter on."""
        return frozenset(match.key for kind in self.kinds for rule in kind.rules for match in rule.required)

    def name(self, kind: str, language: str) -> str:
        """Name of `kind` in `language`, one of `LANGUAGES`; an unknown kind or language is a ValueError."""
        return self.kinds[self.ids.index(kind)].names[LANGUAGES.index(language)]

    def matches(self, tags: Tags) -> list[tuple[str, str]]:
        """Kinds that a feature with `tags` belongs to, each with what had to be assumed ("" where nothing)."""
        found = []
        for kind in self.kinds:
            reasons = [rule.assumed for rule in kind.rules if rule.holds(tags)]
            if reasons:
                # One rule without a doubt settles it, wherever it stands in the list.
                found.append((kind.id, "" if "" in reasons else reasons[0]))
        return found


def load_facility_kinds(path: Path = FACILITY_KINDS) -> FacilityKinds:
    """Read the table of facility kinds; its own head explains the format.

    Raises
    ------
    InputError
        If the file is missing or not TOML, or with all faults of the table at once.

    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"Cannot read the table of facility kinds {path}: {error.strerror}."
        raise InputError(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path.name} is not valid TOML: {error}. Mend that line."
        raise InputError(msg) from error
    rows = table.get("kind")
    if not isinstance(rows, list) or not rows or set(table) != {"kind"}:
        msg = f"{path.name} must hold one or more [[kind]] tables and nothing else."
        raise InputError(msg)
    faults: list[str] = []
    kinds = tuple(_kind(row, f"kind {number}", faults) for number, row in enumerate(rows, start=1))
    ids = [kind.id for kind in kinds]
    faults += [
        f"id '{name}' is given to more than one kind" for name in dict.fromkeys(ids) if ids.count(name) > 1
    ]
    if faults:
        msg = f"{path.name} has mistakes to mend: " + "; ".join(faults) + "."
        raise InputError(msg)
    return FacilityKinds(kinds)


def _kind(row: object, where: str, faults: list[str]) -> FacilityKind:
    """One [[kind]] table; what is wrong with it is added to `faults`."""
    if not isinstance(row, dict):
        faults.append(f"{where} is not a table")
        return FacilityKind("", (), ())
    name = row.get("id")
    if not isinstance(name, str) or not name.isidentifier():
        faults.append(f"{where} needs an id of letters, digits and underscores")
        name = where
    names = row.get("name")
    if not isinstance(names, dict) or set(names) != set(LANGUAGES) or not all(map(_is_text, names.values())):
        faults.append(
            f"{where} ({name}) needs a name in each of the languages {', '.join(LANGUAGES)}, and no other"
        )
        names = dict.fromkeys(LANGUAGES, "")
    rules = row.get("any")
    if not isinstance(rules, list):
        faults.append(f"{where} ({name}) needs a list 'any' of tag rules (empty where no tag makes one)")
        rules = []
    unknown = sorted(set(row) - {"id", "name", "any"})
    if unknown:
        faults.append(f"{where} ({name}) has unknown entries: {', '.join(unknown)}")
    parsed = tuple(
        _rule(rule, f"{where} ({name}), rule {number}", faults) for number, rule in enumerate(rules, start=1)
    )
    return FacilityKind(name, tuple(names[language] for language in LANGUAGES), parsed)


def _rule(row: object, where: str, faults: list[str]) -> TagRule:
    """One entry of `any`."""
    if not isinstance(row, dict):
        faults.append(f'{where} must be a table of tags, like {{ shop = "supermarket" }}')
        return TagRule((), (), "")
    tags = {key: value for key, value in row.items() if key not in ("not", "assumed")}
    excluded = row.get("not", {})
    assumed = row.get("assumed", "")
    if not tags:
        faults.append(f"{where} names no tag that must be there")
    if not isinstance(excluded, dict):
        faults.append(f"{where}: 'not' must be a table of tags")
        excluded = {}
    if not isinstance(assumed, str):
        faults.append(f"{where}: 'assumed' must be a text")
        assumed = ""
    return TagRule(_tag_matches(tags, where, faults), _tag_matches(excluded, where, faults), assumed)


def _tag_matches(tags: dict[str, object], where: str, faults: list[str]) -> tuple[TagMatch, ...]:
    """Parse matches written as key = value, list of values, or true."""
    matches = []
    for key, value in tags.items():
        values = value if isinstance(value, list) else [value]
        if value is True:
            matches.append(TagMatch(key, ()))
        elif values and all(map(_is_text, values)):
            matches.append(TagMatch(key, tuple(str(text).lower() for text in values)))
        else:
            faults.append(f"{where}: the value of '{key}' must be a text, a list of texts, or true")
    return tuple(matches)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())

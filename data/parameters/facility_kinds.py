"""Kinds of facility and the tags by which the map shows them."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from data.columns import Strings
from data.errors import InputError

FACILITY_KINDS = Path(__file__).with_name("facility_kinds.toml")
LANGUAGES = ("nl", "en")

Tags: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TagMatch:
    """One tag that must carry one of `values`; no values stand for any value but "no".

    A value that starts with "~" is one that a word of the tag starts with: "~lyceum" is in "Het Nieuwe Lyceum".
    """

    key: str
    values: Strings

    def holds(self, tags: Tags) -> bool:
        """Whether `tags` match; a tag may list several values, upper and lower case are the same."""
        value = tags.get(self.key)
        if value is None:
            return False
        found = _listed(value)
        if not self.values:
            return found != {"no"}
        return not found.isdisjoint(self.values) or any(
            text.startswith("~") and _has_word(value, text[1:]) for text in self.values
        )


@dataclass(frozen=True, slots=True)
class TagRule:
    """Tags that make a feature one of a kind: all of `required` and none of `excluded`.

    `told` says in words what is taken for granted where the tags leave room for doubt, or why a feature that looks
    like one of the kind is none; else it is "". Where a feature that is none `settles` it, neither is what is mapped
    beside it as the same, and leaves it open.
    """

    required: tuple[TagMatch, ...]
    excluded: tuple[TagMatch, ...]
    told: str
    settles: bool = False

    def holds(self, tags: Tags) -> bool:
        """Whether `tags` satisfy the rule."""
        return all(match.holds(tags) for match in self.required) and not any(
            match.holds(tags) for match in self.excluded
        )


@dataclass(frozen=True, slots=True)
class TwinRule:
    """Which features of one kind are one service that is mapped twice.

    Attributes
    ----------
    reach_m
        Features whose names go together are one up to this far apart, from outline to outline.
    words
        What says nothing in a name of this kind, in small letters without accents.
    houses
        Features that these rules hold for only house others of the kind: a health centre with a practice in it.
    shares_ground
        An outline with two or more of the kind in it, under other names than its own, is but the ground they share.

    """

    reach_m: float
    words: frozenset[str] = frozenset()
    houses: tuple[TagRule, ...] = ()
    shares_ground: bool = False


@dataclass(frozen=True, slots=True)
class FacilityKind:
    """A kind of facility: its id, its name per language of `LANGUAGES`, and the rules that find it.

    `left_out` finds what looks like one of the kind and is none. Behind `any_access` the public need not be let in.
    """

    id: str
    names: Strings
    rules: tuple[TagRule, ...]
    left_out: tuple[TagRule, ...]
    twins: TwinRule
    any_access: bool


class LeftOut(NamedTuple):
    """Why a feature is none of a kind that it looks like, and whether that settles it for its twins."""

    kind: str
    why: str
    settles: bool


class _Candidate(NamedTuple):
    """A rule with its kind, and where it stands: rules that find come before those that leave out."""

    kind: int
    number: int
    is_left_out: bool
    rule: TagRule


@dataclass(frozen=True, slots=True)
class FacilityKinds:
    """The kinds of facility in the order in which they are shown."""

    kinds: tuple[FacilityKind, ...]
    _by_tag: dict[str, dict[str, list[_Candidate]]] = field(init=False, repr=False, compare=False)
    """Rules by key and value of their first tag, "" for any value: most features of a map are of no kind."""

    def __post_init__(self) -> None:
        by_tag: dict[str, dict[str, list[_Candidate]]] = {}
        for place, kind in enumerate(self.kinds):
            for number, rule in enumerate(kind.rules + kind.left_out):
                first = rule.required[0]
                candidate = _Candidate(place, number, number >= len(kind.rules), rule)
                for value in first.values or ("",):
                    by_tag.setdefault(first.key, {}).setdefault(value, []).append(candidate)
        object.__setattr__(self, "_by_tag", by_tag)

    @property
    def ids(self) -> Strings:
        """Id of each kind."""
        return tuple(kind.id for kind in self.kinds)

    @property
    def keys(self) -> frozenset[str]:
        """Tag keys of which a facility has at least one, the first of each rule: what a reader may filter on."""
        return frozenset(self._by_tag)

    def kind(self, kind: str) -> FacilityKind:
        """Kind of that id; an unknown one is a ValueError."""
        return self.kinds[self.ids.index(kind)]

    def name(self, kind: str, language: str) -> str:
        """Name of `kind` in `language`, one of `LANGUAGES`; an unknown kind or language is a ValueError."""
        return self.kind(kind).names[LANGUAGES.index(language)]

    def matches(self, tags: Tags) -> list[tuple[str, str]]:
        """Kinds that a feature with `tags` belongs to, each with what had to be assumed ("" where nothing)."""
        reasons: dict[int, list[str]] = {}
        for candidate in self._holding(tags):
            if not candidate.is_left_out:
                reasons.setdefault(candidate.kind, []).append(candidate.rule.told)
        # One rule without a doubt settles it, wherever it stands in the list.
        return [(self.kinds[kind].id, "" if "" in told else told[0]) for kind, told in reasons.items()]

    def left_out(self, tags: Tags) -> list[LeftOut]:
        """Kinds that a feature with `tags` looks like and is none of, by the first rule of each that holds."""
        first: dict[int, _Candidate] = {}
        for candidate in self._holding(tags):
            first.setdefault(candidate.kind, candidate)
        return [
            LeftOut(self.kinds[kind].id, candidate.rule.told, candidate.rule.settles)
            for kind, candidate in first.items()
            if candidate.is_left_out
        ]

    def _holding(self, tags: Tags) -> list[_Candidate]:
        """Rules that hold, in the order of the table."""
        found = {
            candidate[:2]: candidate
            for key in self._by_tag.keys() & tags.keys()
            for value in ("", *_listed(tags[key]))
            for candidate in self._by_tag[key].get(value, ())
            if candidate.rule.holds(tags)
        }
        return [found[place] for place in sorted(found)]


@lru_cache(maxsize=10_000)
def _listed(value: str) -> frozenset[str]:
    """Values of a list, in small letters; of a range of levels such as "0-2" each level."""
    found: set[str] = set()
    for part in re.split("[;,+/]", value.lower()):
        span = re.fullmatch(r"\s*([0-9])\s*[-\u2013]\s*([0-9])\s*", part)
        if span:
            found.update(str(level) for level in range(int(span[1]), int(span[2]) + 1))
        found.add(part.strip())
    return frozenset(found)


@lru_cache(maxsize=10_000)
def _has_word(value: str, start: str) -> bool:
    return re.search(rf"\b{re.escape(start)}", value.lower()) is not None


def load_facility_kinds(path: Path = FACILITY_KINDS) -> FacilityKinds:
    """Read the table of facility kinds; its own head explains the format.

    Raises
    ------
    InputError
        If the file is missing or not TOML, or with all faults of the table at once.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        msg = f"Cannot read the table of facility kinds {path}: {error.strerror}."
        raise InputError(msg) from error
    return _kinds_of(content, path.name)


@lru_cache(maxsize=4)
def _kinds_of(content: bytes, name: str) -> FacilityKinds:
    """Kinds of a table of that file name: every answer asks for them, and they are the same each time."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{name} is not valid TOML: {error}. Mend that line."
        raise InputError(msg) from error
    rows = table.get("kind")
    if not isinstance(rows, list) or not rows or set(table) != {"kind"}:
        msg = f"{name} must hold one or more [[kind]] tables and nothing else."
        raise InputError(msg)
    faults: list[str] = []
    kinds = tuple(_kind(row, f"kind {number}", faults) for number, row in enumerate(rows, start=1))
    ids = [kind.id for kind in kinds]
    faults += [
        f"id '{one}' is given to more than one kind" for one in dict.fromkeys(ids) if ids.count(one) > 1
    ]
    if faults:
        msg = f"{name} has mistakes to mend: " + "; ".join(faults) + "."
        raise InputError(msg)
    return FacilityKinds(kinds)


def _kind(row: object, where: str, faults: list[str]) -> FacilityKind:
    """One [[kind]] table; what is wrong with it is added to `faults`."""
    if not isinstance(row, dict):
        faults.append(f"{where} is not a table")
        return FacilityKind("", (), (), (), TwinRule(0.0), any_access=False)
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
    unknown = sorted(set(row) - {"id", "name", "any", "left_out", "twins", "any_access"})
    if unknown:
        faults.append(f"{where} ({name}) has unknown entries: {', '.join(unknown)}")
    if not isinstance(row.get("any"), list):
        faults.append(f"{where} ({name}) needs a list 'any' of tag rules (empty where no tag makes one)")
    left_out = _rules(row.get("left_out", []), "why", f"{where} ({name}), left_out", faults)
    if not all(rule.told for rule in left_out):
        faults.append(f"{where} ({name}): each rule of 'left_out' must say 'why'")
    any_access = row.get("any_access", False)
    if not isinstance(any_access, bool):
        faults.append(f"{where} ({name}): 'any_access' must be true or false")
    return FacilityKind(
        name,
        tuple(names[language] for language in LANGUAGES),
        _rules(row.get("any"), "assumed", f"{where} ({name}), rule", faults),
        left_out,
        _twins(row.get("twins", {"reach_m": 0}), f"{where} ({name})", faults),
        any_access is True,
    )


def _twins(row: object, where: str, faults: list[str]) -> TwinRule:
    """Parse the entry `twins` of a kind."""
    if not isinstance(row, dict) or not set(row) <= {"reach_m", "words", "houses", "shares_ground"}:
        faults.append(f"{where}: 'twins' must be a table of reach_m, words, houses and shares_ground")
        return TwinRule(0.0)
    reach, words, ground = row.get("reach_m"), row.get("words", []), row.get("shares_ground", False)
    if isinstance(reach, bool) or not isinstance(reach, int | float) or not 0 <= reach < math.inf:
        faults.append(f"{where}: 'reach_m' must be a number of metres")
        reach = 0.0
    if not isinstance(words, list) or not all(map(_is_text, words)):
        faults.append(f"{where}: 'words' must be a list of texts")
        words = []
    if not isinstance(ground, bool):
        faults.append(f"{where}: 'shares_ground' must be true or false")
    houses = _rules(row.get("houses"), "assumed", f"{where}, house", faults)
    return TwinRule(float(reach), frozenset(map(str, words)), houses, ground is True)


def _rules(rows: object, told: str, where: str, faults: list[str]) -> tuple[TagRule, ...]:
    """Parse a list of rules; what each tells stands under the key `told`."""
    if not isinstance(rows, list):
        return ()
    return tuple(_rule(row, told, f"{where} {number}", faults) for number, row in enumerate(rows, start=1))


def _rule(row: object, told: str, where: str, faults: list[str]) -> TagRule:
    """Parse one rule."""
    if not isinstance(row, dict):
        faults.append(f'{where} must be a table of tags, like {{ shop = "supermarket" }}')
        return TagRule((), (), "")
    tags = {key: value for key, value in row.items() if key not in ("not", told, "settles")}
    excluded = row.get("not", {})
    words = row.get(told, "")
    matches = _tag_matches(tags, where, faults)
    if not tags:
        faults.append(f"{where} names no tag that must be there")
    elif matches and any(value.startswith("~") for value in matches[0].values):
        faults.append(f"{where}: its first tag, by which features are looked up, must have whole values")
    if not isinstance(excluded, dict):
        faults.append(f"{where}: 'not' must be a table of tags")
        excluded = {}
    if not isinstance(words, str):
        faults.append(f"{where}: '{told}' must be a text")
        words = ""
    settles = row.get("settles", False)
    if not isinstance(settles, bool) or (settles and told != "why"):
        faults.append(f"{where}: 'settles' may be true in a rule of left_out only")
    return TagRule(matches, _tag_matches(excluded, where, faults), words, settles is True)


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

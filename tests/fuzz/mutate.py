"""Damage done to files by a seeded hand: any bytes, and values of tables, JSON, TOML and XML that people and programs get wrong."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any, TypeAlias

Hand: TypeAlias = random.Random
Mutate: TypeAlias = Callable[[bytes, Hand], bytes]
"""Damaged copy of a content."""

WORDS = (
    *("", " ", "Infinity", "-inf", "nan", "NaN", "null", "None", "NA", "true", "x", "é", "\u202e", "\0"),
    *(
        "0",
        "-0",
        "-1",
        "1.5",
        "1,5",
        "1e20",
        "1e400",
        "-1e20",
        "2147483648",
        "3000000000",
        "9" * 20,
        "9" * 400,
    ),
    *(
        "0001-01-01",
        "9999-12-31",
        "00010101",
        "99991231",
        "20261301",
        "0000-00-00",
        "25:61",
        "99:59:59",
        "24:00:00",
    ),
    *('"', "'", ",", ";", "\r", "\n", "a,b", "<", "&", "=1+1", "../..", "/", "a" * 3000, "[[]]", "{}"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e20, -1e20, 2**31, 3_000_000_000, 10**20, 10**400),
    *(float("inf"), float("-inf"), float("nan"), [], {}, [[]], [None], {"a": None}, [[[0, 0]]], [1, 2, 3]),
    *WORDS,
)
TOML_VALUES = (
    *(
        "inf",
        "-inf",
        "nan",
        "true",
        "0",
        "-1",
        "1.5",
        "1e20",
        "3000000000",
        "9223372036854775807",
        '""',
        '"x"',
        '" "',
    ),
    *(
        "[]",
        "{}",
        "[[]]",
        "[1]",
        '["x"]',
        "[{}]",
        "{ a = 1 }",
        '["09:00"]',
        '["25:00", "26:00"]',
        '"Infinity"',
        '"\\u0000"',
    ),
    *(
        "0001-01-01",
        "9999-12-31",
        "2026-10-06T09:00:00",
        "12:00:00",
        '"0001-01-01"',
        '"Mo-Fr 25:00-26:00"',
        '"../x"',
        "'é'",
    ),
)
BYTES = (
    b"\0",
    b"\xff",
    b"\r",
    b"\n",
    b'"',
    b",",
    b"<",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xc3",
    b"\x1a",
    b"PK\x03\x04",
)
DEEP = 3000


def any_bytes(content: bytes, hand: Hand) -> bytes:
    """Bytes changed, lost, doubled, put in or cut off, whatever they mean."""
    if not content:
        return hand.choice(BYTES)
    start = hand.randrange(len(content))
    end = min(start + hand.choice((1, 1, 2, 8, 64, 1024)), len(content))
    match hand.randrange(6):
        case 0:
            return content[:start] + bytes([hand.randrange(256)]) + content[start + 1 :]
        case 1:
            return content[:start] + content[end:]
        case 2:
            return content[:end] + content[start:]
        case 3:
            return content[:start]
        case 4:
            return content[:start] + hand.choice(BYTES) + content[start:]
        case _:
            return content[:start] + hand.randbytes(end - start) + content[end:]


def table_text(content: bytes, hand: Hand) -> bytes:
    """Cells, rows, columns, line ends or the alphabet code of a CSV table."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    row = hand.randrange(len(rows))
    column = hand.randrange(max(len(rows[0]), 1))
    match hand.randrange(12):
        case 0:
            rows = [[*cells[:column], *cells[column + 1 :]] for cells in rows]
        case 1:
            rows = [
                [*cells[:column], *cells[column : column + 1] * 2, *cells[column + 1 :]] for cells in rows
            ]
        case 2:
            del rows[row]
        case 3:
            rows.insert(row, rows[row])
        case 4:
            rows[row] = rows[row][:column]
        case 5:
            return _lines(rows).replace(b"\n", hand.choice((b"\r", b"\r\n", b"\n\n", b"\r\r\n")))
        case 6:
            text = _lines(rows).decode().replace("a", "é")
            return text.encode(hand.choice(("utf-16", "cp1252", "utf-8-sig", "utf-32")))
        case _:
            for _ in range(hand.choice((1, 1, 3))):
                cells = rows[hand.randrange(len(rows))]
                if cells:
                    cells[hand.randrange(len(cells))] = hand.choice(WORDS)
    return _lines(rows)


def _lines(rows: list[list[str]]) -> bytes:
    return "".join(f"{','.join(cells)}\n" for cells in rows).encode()


def json_text(content: bytes, hand: Hand) -> bytes:
    """A value somewhere in a JSON document lost, or another in its place; now and then a very deep one."""
    document = json.loads(content)
    if hand.random() < 0.03:
        return content.replace(b"[", b"[" * DEEP, 1) if hand.random() < 0.5 else b'{"a":' * DEEP
    for _ in range(hand.choice((1, 1, 2))):
        document = _changed(document, hand)
    return json.dumps(document).encode()


def _changed(value: Any, hand: Hand) -> Any:  # whatever JSON holds
    if isinstance(value, dict) and value and hand.random() < 0.9:
        key = hand.choice(sorted(value))
        if hand.random() < 0.1:
            return {name: of for name, of in value.items() if name != key}
        return value | {key: _changed(value[key], hand)} if hand.random() < 0.97 else value | {"new": 1}
    if isinstance(value, list) and value and hand.random() < 0.9:
        at = hand.randrange(len(value))
        if hand.random() < 0.1:
            return value[:at] + value[at + 1 :]
        return [*value[:at], _changed(value[at], hand), *value[at + 1 :]]
    return hand.choice(VALUES)


def toml_text(content: bytes, hand: Hand) -> bytes:
    """A value of a TOML file changed for another, or a line lost or doubled."""
    lines = content.decode().splitlines()
    for _ in range(hand.choice((1, 1, 2))):
        at = hand.randrange(len(lines))
        key, is_given, _ = lines[at].partition("=")
        match hand.randrange(8):
            case 0:
                lines[at] = ""
            case 1:
                lines.insert(at, lines[at])
            case _ if is_given:
                lines[at] = f"{key}= {hand.choice(TOML_VALUES)}"
            case _:
                lines[at] = hand.choice(
                    (f"x = {hand.choice(TOML_VALUES)}", "[x]", "[[layer]]", f"{lines[at]} x")
                )
    return "\n".join(lines).encode()


def xml_text(content: bytes, hand: Hand) -> bytes:
    """An attribute of an XML file changed, or an element lost or doubled."""
    pattern = rb'="[^"]*"' if hand.random() < 0.7 else rb"<[^>]*>"
    found = list(re.finditer(pattern, content))
    if not found:
        return any_bytes(content, hand)
    at = hand.choice(found)
    if pattern == rb'="[^"]*"':
        other = hand.choice(WORDS).replace('"', "").encode()
        return content[: at.start()] + b'="' + other + b'"' + content[at.end() :]
    twice = hand.random() < 0.5
    return content[: at.start()] + at[0] * 2 * twice + content[at.end() :]


def mostly(meant: Mutate) -> Mutate:
    """Damage of one sort, and in one of three any bytes."""
    return lambda content, hand: (meant if hand.random() < 2 / 3 else any_bytes)(content, hand)

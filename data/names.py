"""Names of places and regions as ids and folders."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from data.columns import Strings


def ids_of(names: Strings, municipalities: Strings) -> list[str]:
    """Short id of each place from its name; with the municipality, then a number, where several have one name."""
    ids = [slug(name) for name in names]
    for more in (municipalities, tuple("" for _ in names)):
        often = Counter(ids)
        ids = [
            f"{one}-{slug(other)}" if often[one] > 1 and other else one
            for one, other in zip(ids, more, strict=True)
        ]
    seen: Counter[str] = Counter()
    taken = set(ids)
    unique = []
    for one in ids:
        seen[one] += 1
        name = one
        while seen[one] > 1 and name in taken:
            name = f"{one}-{seen[one]}"
            seen[one] += name in taken
        taken.add(name)
        unique.append(name)
    return unique


def slug(name: str) -> str:
    """Name in small letters without accents, with hyphens: fit for ids and folders."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "place"

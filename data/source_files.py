"""The program's own source: what results, builds and compiled kernels are keyed by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def source_files(folders: Iterable[str], endings: tuple[str, ...] = (".py",)) -> list[Path]:
    """Files of some top-level folders and all below them, in a fixed order; data of regions are no source.

    Raises
    ------
    FileNotFoundError
        When a folder holds none: a digest of nothing would call any two versions of the program the same.

    """
    found: list[Path] = []
    for folder in folders:
        files = [
            file
            for file in sorted((ROOT / folder).rglob("*"))
            if file.suffix in endings and "regions" not in file.relative_to(ROOT).parts
        ]
        if not files:
            raise FileNotFoundError(f"no source of the program in {ROOT / folder}")
        found += files
    return found

"""`make licences`: under which licence each locked dependency stands, as its own metadata say, written to docs/licences.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "docs" / "licences.md"
USERS = ("requirements.txt",)
DEVELOPERS = ("requirements/dev.txt", "requirements/tools.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^ \\;]+)", re.MULTILINE)
COPYLEFT = re.compile(r"GPL|MPL|EPL|EUPL|CDDL|ODbL|Mozilla|General Public", re.IGNORECASE)
ONLY_ELSEWHERE = {"colorama": "BSD-3-Clause"}
"""What is installed on Windows alone, read off its project."""
LONGEST = 60
"""A "licence" of more characters is its whole text; then the classifier tells."""
HEAD = """# Licences of the dependencies

dorpshub is under MIT. Everything below is installed beside it, unchanged, from its own wheels; nothing of it is copied into our code (what
is, MapLibre GL and its like, stands with its licence in `ui/map/library`). Written by `make licences` from the metadata of the packages;
a test holds the list to the locks.

## What asks for more than being named

| what | licence | what it means here |
|---|---|---|
| certifi (in the base) | MPL-2.0 | Binds its own files alone: who changes and passes on the list of certificates gives that file on. |
| GEOS, within the wheels of shapely and pyogrio | LGPL-2.1-or-later | A shared library that can be replaced. Who passes on an image or installer that holds it offers its source too. |
| libgfortran and libquadmath, within the wheels of SciPy and NumPy on Linux | GPL-3.0 with the runtime exception, LGPL-2.1-or-later | The exception leaves programs that use them free; libquadmath as GEOS. |
| hypothesis, pathspec, axe-core (for tests alone) | MPL-2.0 | Not passed on. |
| pandana (`make bench` alone, never installed otherwise) | AGPL-3.0 | Compared with, as a process of its own; not passed on. |

None of it bears on the licence of our code, or on what is computed with it. Wheels also carry libraries under permissive licences; their texts
lie in the `licenses` folders of the packages.
"""


def licence_of(name: str) -> str:
    """Licence in the words of a package's metadata: the expression, else a short field, else the classifiers.

    Raises
    ------
    PackageNotFoundError
        When it is neither installed nor known to be for other systems.

    """
    if name in ONLY_ELSEWHERE:
        return ONLY_ELSEWHERE[name]
    told = metadata(name)  # a Message; its own, or of importlib_metadata, where a field that is not there is a KeyError
    if "License-Expression" in told:
        return told["License-Expression"]
    field = told["License"].strip() if "License" in told else ""
    first, *more = field.splitlines() or [""]
    if first and not more and len(first) <= LONGEST:
        return first
    classifiers = [line for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    return "; ".join(line.rsplit(" :: ", 1)[-1] for line in classifiers) or "not told: see its project"


def pinned(files: Iterable[str]) -> dict[str, list[str]]:
    """Versions of each package in lock files; several where they differ between Pythons."""
    found: dict[str, list[str]] = {}
    for file in files:
        for name, version in PINNED.findall((ROOT / file).read_text(encoding="utf-8")):
            versions = found.setdefault(name, [])
            if version not in versions:
                versions.append(version)
    return dict(sorted(found.items()))


def table(packages: dict[str, list[str]]) -> list[str]:
    """Rows of Markdown; copyleft is in bold."""
    rows = ["| package | locked | licence |", "|---|---|---|"]
    for name, versions in packages.items():
        licence = licence_of(name)
        shown = f"**{licence}**" if COPYLEFT.search(licence) else licence
        rows.append(f"| {name} | {', '.join(versions)} | {shown} |")
    return rows


def page() -> str:
    """All of docs/licences.md."""
    users = pinned(USERS)
    others = {name: versions for name, versions in pinned(DEVELOPERS).items() if name not in users}
    parts = [HEAD, "## Installed with the program and its extras", "", *table(users), ""]
    parts += ["## For development, and the extra `dask`", "", *table(others)]
    return "\n".join(parts) + "\n"


def main() -> None:
    """Write the page."""
    try:
        OUT.write_text(page(), encoding="utf-8")
    except PackageNotFoundError as error:
        raise SystemExit(
            f"{error.name} is not installed here: run make .venv/.dev, then make licences again."
        ) from error


if __name__ == "__main__":
    main()

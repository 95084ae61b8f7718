"""Run the notebooks of the documentation, and hold what they say beside what is kept in them.

`python docs/notebooks.py` fails where a cell says something else than the kept one; pictures are not compared, as they
differ by version of the library that draws them. `--write` keeps what the cells say now.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent / "tutorial"
SPOKEN = "text/plain"


def said(cell: dict[str, Any]) -> list[str]:
    """What a cell says in words: printed lines, and values but for pictures."""
    return [
        output.get("text") or output["data"][SPOKEN]
        for output in cell.get("outputs", ())
        if output["output_type"] != "display_data"
    ]


def run(path: Path) -> Any:  # noqa: ANN401 -- nbformat has no types
    """Notebook with the outputs of now, and nothing in it that differs from run to run."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell["id"] = {}, f"cell-{number}"
        if cell.cell_type != "code":
            continue
        # A table is kept as text and as HTML; a program's warnings and progress are not part of the answer.
        cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook


def differing(path: Path, now: Any) -> list[str]:  # noqa: ANN401 -- as above
    """Each cell of a notebook that says something else than what is kept, in words."""
    kept = nbformat.read(path, as_version=4)
    pairs = enumerate(zip(map(said, kept.cells), map(said, now.cells), strict=True), start=1)
    return [
        f"{path}, cell {number} says\n{after}\nwhere\n{before}\nis kept. If that is right, run this with --write."
        for number, (before, after) in pairs
        if before != after
    ]


def main() -> None:
    """Run them all; write them down where that is asked, else end with what differs."""
    wrong = []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        now = run(path)
        if "--write" in sys.argv:
            nbformat.write(now, path)
        wrong += differing(path, now)
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()

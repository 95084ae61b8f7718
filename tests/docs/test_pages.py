"""The pages of the documentation: each can be found, and leads where it says. The site itself is made by `make docs`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from posixpath import normpath

import pytest

from dorpshub import __all__ as offered
from dorpshub.cli.commands import commands
from support.docs_text import FENCED, fenced, pages, text_of
from support.files import DOCS, ROOT

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")
READ = [*pages(), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def name_of(page: Path) -> str:
    """Name as the lists of contents have it: the path within the documentation, without ending."""
    return page.relative_to(DOCS).with_suffix("").as_posix()


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as GitHub and the site make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def listed(page: Path) -> Iterator[set[str]]:
    """Names in each list of contents of a page."""
    names = {name_of(other) for other in pages()}
    for block in fenced(text_of(page), "{toctree}"):
        found = set()
        for line in filter(None, block.splitlines()):
            if not line.startswith(":"):
                wanted = normpath(f"{Path(name_of(page)).parent}/{line}")
                # As in Sphinx a star stops at a folder.
                these = {
                    name
                    for name in names
                    if name.count("/") == wanted.count("/") and fnmatchcase(name, wanted)
                }
                assert these, f"{page}: {line} is no page"
                found |= these
        yield found


def test_every_page_stands_in_one_list_of_contents() -> None:
    times = Counter(name for page in pages() for names in listed(page) for name in names)
    # Only the first page is in no list: all others are below it.
    assert set(times) == {name_of(page) for page in pages()} - {"index"}
    assert not [name for name, n_lists in times.items() if n_lists > 1]


@pytest.mark.parametrize("page", READ, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for link in LINK.findall(FENCED.sub("", text_of(page))):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page}: {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page}: {link}"


def test_every_verb_is_told_with_an_example() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    told = re.findall(
        r"^## ([\w-]+)$(?:(?!^## ).)*?^\$ dorpshub \1 (?:(?!^## ).)*?click:: dorpshub\.cli\.verbs\.\w+:\w+\n   :prog: dorpshub \1$",
        text,
        re.MULTILINE | re.DOTALL,
    )
    assert sorted(told) == sorted(commands.commands)


def test_all_that_the_library_offers_is_told() -> None:
    text = (DOCS / "reference" / "library.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"auto(?:function|class):: (\w+)", text)) == sorted(offered)

"""What is told about dependencies and versions is true: licences and locks, releases, and the forms that others read."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from supply.licences import COPYLEFT, DEVELOPERS, PINNED, USERS, licence_of, pinned

from support.files import DOCS, ROOT

ROW = re.compile(r"^\| ([a-z0-9-]+) \| ([0-9][^|]*) \| ([^|]+) \|$", re.MULTILINE)
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d\d-\d\d)$", re.MULTILINE)


def listed() -> dict[str, tuple[str, str]]:
    """Versions and licence of each package in docs/licences.md."""
    text = (DOCS / "licences.md").read_text(encoding="utf-8")
    return {name: (versions, licence) for name, versions, licence in ROW.findall(text)}


def test_the_list_of_licences_is_that_of_the_locks() -> None:
    locked = pinned((*USERS, *DEVELOPERS))
    assert len(locked) > 80
    assert {name: versions for name, (versions, _) in listed().items()} == {
        name: ", ".join(versions) for name, versions in locked.items()
    }


def test_the_licences_are_those_that_the_installed_packages_tell() -> None:
    told = {}
    for name, (versions, licence) in listed().items():
        try:
            installed = version(name)
        except PackageNotFoundError:
            continue  # for another system
        if installed in versions.split(", "):
            told[name] = (licence.strip("*"), licence_of(name))
    assert len(told) > 40
    assert {name: both for name, both in told.items() if both[0] != both[1]} == {}


def test_copyleft_of_what_is_installed_with_the_program_is_told_in_words() -> None:
    text = (DOCS / "licences.md").read_text(encoding="utf-8")
    words = text[: text.index("## Installed with")]
    bound = [name for name in pinned(USERS) if COPYLEFT.search(listed()[name][1])]
    assert "certifi" in bound
    assert [name for name in bound if name not in words] == []


def test_every_locked_file_has_a_digest() -> None:
    for file in (*USERS, *(f"requirements/{path.name}" for path in (ROOT / "requirements").glob("*.txt"))):
        text = (ROOT / file).read_text(encoding="utf-8")
        assert PINNED.search(text), file
        blocks = re.split(r"^(?=[A-Za-z0-9._-]+==)", text, flags=re.MULTILINE)[1:]
        assert [block.split(" ")[0] for block in blocks if "--hash=sha256:" not in block] == []
        # Addresses of an index would bind everybody to the mirror of whoever locked last.
        assert "://" not in text, file


def test_the_version_comes_from_the_tags_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dynamic"] == ["version"]
    assert "version" not in project


def test_forms_that_others_read_name_the_last_release() -> None:
    """publiccode.yml and CITATION.cff say what the changelog says, and nothing before the first release."""
    releases = RELEASE.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    number, day = releases[0] if releases else (None, None)
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (public.get("softwareVersion"), _text(public.get("releaseDate"))) == (number, day)
    assert (cited.get("version"), _text(cited.get("date-released"))) == (number, day)


def _text(day: object) -> str | None:
    return None if day is None else str(day)


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_call_what_there_is_and_actions_by_their_digest(file: Path) -> None:
    # A tag can be moved to other code by whoever keeps the action; a digest cannot.
    text = file.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    called = re.findall(r"\bmake ([a-z-]+)", text)
    assert called
    assert set(called) <= targets
    used = re.findall(r"uses: (\S+)", text)
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}|\./\S+", action)] == []


def test_workflows_read_only_unless_they_publish() -> None:
    assert len(WORKFLOWS) == 2
    for file in WORKFLOWS:
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {"contents": "read"}
        may_write = {name for name, job in workflow["jobs"].items() if "write" in str(job.get("permissions"))}
        assert may_write <= {"publish"}


def test_the_windows_steps_are_those_of_make_test() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["windows"]["steps"]]
    recipes = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in ("ruff format --check .", "ruff check .", "mypy", "pytest -n 2 --dist loadfile"):
        assert f"$(BIN)/{line}\n" in recipes
        assert line in steps


def test_the_image_gets_what_the_wheel_is_made_of() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    needed = {name.rstrip("*") for name in tool["packages"]["find"]["include"]}
    needed |= {f"{module}.py" for module in tool["py-modules"]}
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {name for name in needed if f"!{name}" not in let_in} == set()

"""The wheel: everything that the program reads and nothing else, described rightly, and the same bytes each time.

What is done with an installed one takes minutes: `make wheel-test` (tests/supply/installed.py).
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path, PurePosixPath

import pytest
from supply.installed import OFFLINE, build_wheel, source_tree

from support.files import ROOT

PACKAGES = ("dorpshub", "data", "network", "accessibility", "scenarios", "ui")
EXTRAS = ("streamlit", "typst", "segno", "osmnx", "networkx", "distributed")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return source_tree(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(source, tmp_path_factory.mktemp("wheel"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as file:
        return set(file.namelist())


def read(wheel: Path, ending: str) -> str:
    with zipfile.ZipFile(wheel) as file:
        return file.read(next(name for name in file.namelist() if name.endswith(ending))).decode()


def metadata(wheel: Path) -> Message:
    return message_from_string(read(wheel, ".dist-info/METADATA"))


def test_it_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    git = shutil.which("git")
    assert git, "what belongs to the project is asked of git"
    kept = subprocess.run(  # noqa: S603 -- a list of files
        [git, "ls-files", "-z", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    expected = {name for name in kept if name and (ROOT / name).is_file()} | {"streamlit_app.py"}
    assert len(expected) > 400
    assert {name for name in names(wheel) if ".dist-info/" not in name} == expected


def test_every_file_in_it_has_the_digest_of_its_record(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        rows = list(csv.reader(io.StringIO(read(wheel, "RECORD"))))
        assert {row[0] for row in rows} == names(wheel)
        for name, digest, _ in rows:
            if digest:
                made = (
                    base64.urlsafe_b64encode(hashlib.sha256(file.read(name)).digest()).rstrip(b"=").decode()
                )
                assert digest == f"sha256={made}", name


def test_it_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    told = metadata(wheel)
    assert told["Name"] == "dorpshub"
    assert told["License-Expression"] == "MIT"
    assert told["Requires-Python"] == ">=3.11"
    assert set(told.get_all("Provides-Extra", [])) >= {"app", "paper", "graphs", "dask"}
    base = [line for line in told.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert not [line for line in base if line.startswith(EXTRAS)]
    assert "dorpshub = dorpshub.cli.main:main" in read(wheel, "entry_points.txt")


def test_the_same_source_makes_the_same_bytes(
    wheel: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two builds of one tree at one moment of the commit, whatever the clock says and whenever the files were written.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    first = build_wheel(source, tmp_path / "first")
    for file in source.rglob("*.py"):
        os.utime(file, (1_800_000_000, 1_800_000_000))
    second = build_wheel(source, tmp_path / "second")
    assert first.name == second.name == wheel.name
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()


def test_installed_elsewhere_it_is_imported_whole_without_extras_and_without_a_network(
    wheel: Path, tmp_path: Path
) -> None:
    """Every module but those of the pages is imported, with the libraries of the extras refused."""
    environment = tmp_path / "env"
    venv.create(environment, with_pip=False)
    packages = next(environment.rglob("site-packages"))
    with zipfile.ZipFile(wheel) as file:
        file.extractall(packages)
    # The libraries are those of this environment; the clone, which is installed in it, is not found through such a file.
    here = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(here), encoding="utf-8")
    refused = "import sys\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in EXTRAS)
    (packages / "sitecustomize.py").write_text(OFFLINE + refused, encoding="utf-8")
    pages = re.compile(r"ui\.(map|state|widgets|pages|sentences|views|server|headers)(\.|$)")
    modules = [
        ".".join(PurePosixPath(name).with_suffix("").parts).removesuffix(".__init__")
        for name in sorted(names(wheel))
        if name.endswith(".py") and name != "streamlit_app.py"
    ]
    modules = [name for name in modules if not pages.match(name)]
    assert len(modules) > 200
    imports = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\nimport data; print(data.__file__)"
    python = next((environment / ("Scripts" if os.name == "nt" else "bin")).glob("python*"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(  # noqa: S603 -- the imports above
        [python, "-c", imports], cwd=tmp_path, env=env, check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert Path(ran.stdout.strip()).is_relative_to(packages)

"""`make wheel-test`: what somebody has who installs the wheel, away from the clone and without a network.

Builds the wheel, installs the base and then each extra in an environment of its own, tells what each weighs, and then,
offline and as a user who may not write in the installation, builds the region, asks for times and opens the verbs.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import time
import tomllib
from http import HTTPStatus
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import urlopen

import click

ROOT = Path(__file__).resolve().parents[2]
REGION = "zuid-oost-drenthe"
PLACES = 407
"""Those of the surroundings included."""
EXTRAS = ("app", "paper", "graphs", "dask")
NOBODY = 65534
PORT = 8599
UV = (sys.executable, "-m", "uv")
LONGEST_S = 1800

# Loaded by Python itself at every start in the environment: no process there reaches further than this machine.
OFFLINE = """
import socket

_connect = socket.socket.connect


def connect(self, address):
    if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"asked for {address}, and there is no network")
    return _connect(self, address)


socket.socket.connect = connect
"""


def megabytes(folder: Path) -> float:
    """Size of the files in a folder, machine code of Python left out."""
    files = (file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return sum(file.stat().st_size for file in files) / 1e6


def python_of_everybody() -> Path:
    """The Python that runs here, or that of the system where only its owner can reach this one, as in root's home."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    of_system = shutil.which(version, path="/usr/local/bin:/usr/bin")
    for path in (Path(sys.executable).resolve(), *([Path(of_system)] if of_system else [])):
        if os.name == "nt" or all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents):
            return path
    sys.exit(
        f"Only its owner can start {sys.executable}. Install {version} for everybody, or run this as another user."
    )


class Installation:
    """A fresh environment outside the clone, with a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "env", folder / "home"
        self.home.mkdir(parents=True)
        _ran(
            [*UV, "venv", "--quiet", "--python", python_of_everybody(), self.folder],
            cwd=folder,
            env=dict(os.environ),
        )
        bin_folder = "Scripts" if os.name == "nt" else "bin"
        self.python = next((self.folder / bin_folder).glob("python*"))
        self.packages = next(self.folder.rglob("site-packages"))
        self.prefix: list[str] = []

    def uv(self, *arguments: object) -> None:
        """Run a verb of `uv pip` for this environment."""
        _ran([*UV, "pip", *arguments, "--python", self.python], cwd=self.folder.parent, env=dict(os.environ))

    def install(self, what: object) -> None:
        """Install the wheel, or one of its extras, with what the locks say."""
        locks = ("--constraint", ROOT / "requirements.txt", "--constraint", ROOT / "requirements" / "dev.txt")
        self.uv("install", "--quiet", *locks, what)

    def close(self) -> None:
        """Cut the network off, and let nobody write in the installation; root does so as somebody who is not."""
        (self.packages / "sitecustomize.py").write_text(OFFLINE, encoding="utf-8")
        if os.name == "nt":
            return
        for path in [self.folder, *self.folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~0o222)
        if os.geteuid() == 0:
            os.chown(self.home, NOBODY, NOBODY)
            self.prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]

    def dorpshub(self, *arguments: object) -> str:
        """Run the command of the installation, and return what it says."""
        return _ran(self.command(*arguments), cwd=self.home, env=self.env())

    def command(self, *arguments: object) -> list[object]:
        """The command, as the user who may not write there."""
        return [*self.prefix, self.python, "-P", "-m", "dorpshub", *arguments]

    def env(self) -> dict[str, str]:
        """Environment of a process: nothing of this one that tells Python where to look, and caches at home."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return inherited | {"HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / "cache")}

    def open_app(self) -> None:
        """Start the app, wait until it says that it is well, and end it."""
        command = list(map(str, self.command("app", REGION, "--port", PORT, "--no-open")))
        with subprocess.Popen(command, cwd=self.home, env=self.env()) as server:  # noqa: S603 -- as below
            try:
                _wait_for(f"http://127.0.0.1:{PORT}/_stcore/health", server)
            finally:
                server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LONGEST_S
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"the app ended with {server.returncode} before it answered at {address}")
        try:
            with urlopen(address) as answer:  # noqa: S310 -- an address of this machine
                assert answer.status == HTTPStatus.OK
                return
        except OSError:
            time.sleep(1)
    sys.exit(f"the app does not answer at {address}")


def _ran(command: list[object], *, cwd: Path, env: dict[str, str]) -> str:
    ended = subprocess.run(  # noqa: S603 -- commands of this file
        list(map(str, command)),
        cwd=cwd,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST_S,
    )
    if ended.returncode:
        click.echo(f"{ended.stdout}\n{ended.stderr}", err=True)
        sys.exit(f"{' '.join(map(str, command))} ended with {ended.returncode}")
    return ended.stdout + ended.stderr


def build_wheel(source: Path, out: Path) -> Path:
    """Build the wheel of a source tree, with what is installed here and without a network."""
    command = [
        *UV,
        "build",
        "--quiet",
        "--offline",
        "--wheel",
        "--no-build-isolation",
        "-o",
        out,
        source,
    ]
    _ran([*command, "--python", sys.executable], cwd=out.parent, env=dict(os.environ))
    return next(out.glob("*.whl"))


def source_tree(to: Path) -> Path:
    """Copy what the wheel is made of, so that building leaves nothing in the clone; the version is then that of no git."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = [name.rstrip("*") for name in tool["packages"]["find"]["include"]]
    for name in folders:
        shutil.copytree(
            ROOT / name, to / name, ignore=shutil.ignore_patterns("__pycache__", ".ready", ".*", "*.egg-info")
        )
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        *(f"{module}.py" for module in tool["py-modules"]),
    ):
        shutil.copy(ROOT / name, to / name)
    return to


def main() -> None:
    """Install, measure, and use what was installed."""
    folder = Path(mkdtemp(prefix="dorpshub-wheel-"))
    folder.chmod(0o755)
    wheel = build_wheel(source_tree(folder / "source"), folder / "dist")
    click.echo(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
    base = Installation(folder / "base")
    base.install(wheel)
    click.echo(f"base: {megabytes(base.packages):.0f} MB")
    base.close()
    click.echo(base.dorpshub("--version").strip())
    click.echo(base.dorpshub("build", REGION).strip().splitlines()[-1])
    base.dorpshub("times", REGION, "--kinds", "gp", "--modes", "bike,transit", "--out", "times.csv")
    rows = (base.home / "times.csv").read_text(encoding="utf-8").splitlines()
    click.echo(f"times: {len(rows) - 1} rows")
    assert len(rows) == 1 + 2 * PLACES, "every place by two modes"

    whole = Installation(folder / "whole")
    whole.install(wheel)
    size = megabytes(whole.packages)
    for extra in EXTRAS:
        whole.install(f"{wheel}[{extra}]")
        before, size = size, megabytes(whole.packages)
        click.echo(f"{extra}: {size - before:.0f} MB more")
    whole.close()
    if "  app " in whole.dorpshub("--help"):
        whole.open_app()
        click.echo("dorpshub app: answers, offline")
    else:
        click.echo("dorpshub app: NOT CHECKED, the command has no such verb")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()

"""`make audit`: known holes in the packages of an environment, and loudly what could not be checked.

pip-audit alone calls it a success when it could ask nobody about a package.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

CLEAN, HOLES, NOT_CHECKED = 0, 1, 3
PATIENCE_S = 600


def told(answer: dict[str, Any], installed: int) -> tuple[int, list[str]]:
    """What to say of an answer of pip-audit, and how to end.

    Parameters
    ----------
    answer
        Its JSON.
    installed
        Packages in the environment: fewer in the answer are packages nobody looked at.

    Returns
    -------
    CLEAN, HOLES or NOT_CHECKED, and lines. Holes go before what was not checked.

    """
    packages = answer["dependencies"]
    holes = [
        f"{of['name']} {of['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for of in packages
        for hole in of.get("vulns", [])
    ]
    skipped = [f"NOT CHECKED: {of['name']}, {of['skip_reason']}" for of in packages if "skip_reason" in of]
    if installed > len(packages):
        skipped.append(f"NOT CHECKED: {installed - len(packages)} packages of which the answer says nothing")
    n_checked = len(packages) - sum("skip_reason" in of for of in packages)
    code = HOLES if holes else NOT_CHECKED if skipped or not packages else CLEAN
    return code, [*holes, *skipped, f"{n_checked} of {installed} packages checked, {len(holes)} known holes."]


def main(tools: Path, shipped: Path) -> int:
    """Ask about all packages of the environment `shipped` with the pip-audit of the environment `tools`."""
    packages = next(shipped.resolve().rglob("site-packages"))
    installed = len(list(packages.glob("*.dist-info")))
    python = next(path for path in tools.rglob("python*") if path.parent.name in {"bin", "Scripts"})
    command = [python, "-m", "pip_audit", "--path", packages, "--format", "json", "--progress-spinner", "off"]
    ran = subprocess.run(  # noqa: S603 -- the command above
        list(map(str, command)), check=False, capture_output=True, text=True, timeout=PATIENCE_S
    )
    try:
        code, lines = told(json.loads(ran.stdout), installed)
    except (ValueError, KeyError):
        reason = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
        code, lines = NOT_CHECKED, [f"NOT CHECKED: none of {installed} packages. {reason[:300]}"]
    for line in lines:
        click.echo(line, err=code != CLEAN)
    return code


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))

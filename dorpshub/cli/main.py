"""The `dorpshub` command: how it is run and how it ends."""

from __future__ import annotations

import sys

import click

from data.errors import DorpshubError
from dorpshub.cli.verbs import commands


def main() -> None:
    """Run the command; exit with 0, with 2 for what the user can mend, with 1 for anything else."""
    try:
        code = commands(standalone_mode=False)
    except click.exceptions.Abort:
        code = 1
    except click.ClickException as error:
        error.show()
        code = 2
    except DorpshubError as error:
        click.echo(f"dorpshub: {error}", err=True)
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()

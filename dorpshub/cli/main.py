"""The `dorpshub` command: how it is run and how it ends."""

from __future__ import annotations

import sys

import click

from data.errors import DorpshubError
from dorpshub.cli.commands import commands
from dorpshub.cli.cycles import look_no_more, look_seldom

PROGRAM = "dorpshub"


def main() -> None:
    """Run the command in a process of its own, and end it."""
    look_seldom()
    code = run()
    look_no_more()
    sys.exit(code)


def run() -> int:
    """Run the command; return 0, 2 for what the user can mend, or 1 for anything else, with which the process ends."""
    try:
        code: int = commands(standalone_mode=False, prog_name=PROGRAM) or 0
    except click.exceptions.Abort:
        code = 1
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        click.echo(told(error), err=True)
        code = 2
    except DorpshubError as error:
        click.echo(f"dorpshub: {error}", err=True)
        code = 2
    return code


def told(error: click.ClickException) -> str:
    """One sentence with the verb, what is wrong with what was typed, the nearest right word, and where to read on."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    name = context.command_path if context else PROGRAM
    more = ""
    match error:
        case click.MissingParameter(param=click.Option(help=str(text))):
            more = f" {text}"
        case click.MissingParameter() if context:
            more = f" Write {name} {' '.join(context.command.collect_usage_pieces(context))}."
    said = error.format_message()
    end = "" if said.endswith((".", "?", "?)")) else "."
    return f"{name}: {said}{end}{more} '{name} --help' tells more."


if __name__ == "__main__":
    main()

"""The `dorpshub` command with all its verbs."""

from __future__ import annotations

import click

from dorpshub.cli.options import Verbs
from dorpshub.cli.verbs import planning, questions, regions, scenarios

ROOMS = (regions, questions, scenarios, planning)


@click.group(cls=Verbs, commands=[verb for room in ROOMS for verb in room.verbs.commands.values()])
@click.version_option(package_name="dorpshub")
def commands() -> None:
    """Travel times from every village to GPs, supermarkets and hubs, before and after a change."""

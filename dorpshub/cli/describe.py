"""The verb `describe`: a folder of results for a data portal."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import click

from data.errors import InputError
from data.files.whole import write_file
from data.metadata.dcat import FILE, Publisher, catalogue, files_in, licence_of
from data.study_area.region_toml import ADDRESS


def describe(
    folder: Path,
    publisher: str,
    publisher_uri: str,
    contact: str,
    address: str,
    licence: str,
    access: str,
    quiet: bool,
) -> None:
    """Describe the results and regions in a folder, after DCAT-AP-NL."""
    for option, text in (("--publisher-uri", publisher_uri), ("--address", address), ("--licence", licence)):
        if text and not (urlsplit(text).scheme in {"http", "https"} and urlsplit(text).netloc):
            msg = f"{option} '{text}': write an address that begins with https://."
            raise InputError(msg)
    if not ADDRESS.fullmatch(contact):
        msg = f"--contact '{contact}': write an e-mail address, like data@example.org."
        raise InputError(msg)
    files = files_in(folder)
    base = address if address.endswith("/") else f"{address}/"
    by = Publisher(publisher, publisher_uri, contact, base, licence or licence_of(files), access)
    text = json.dumps(catalogue(folder.resolve().name, files, by), ensure_ascii=False, indent=1) + "\n"

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8")

    write_file(folder / FILE, write)
    if not quiet:
        for file in files:
            click.echo(f"{file.path.name}: {file.title}")
        click.echo(f"{len(files)} files described in {folder / FILE}.")

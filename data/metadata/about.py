"""What a file of results says of itself: title, date, sources with licences, coordinate system, and what its figures rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple

from data.metadata.columns import Column, Table, dictionary

KEY = "dorpshub"
"""Under which a Parquet file carries it."""
VOCABULARIES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
DATATYPES = {
    "text": "string",
    "integer": "integer",
    "number": "number",
    "yes/no": "boolean",
    "date": "date",
    "clock": "string",
}
"""Of the W3C's CSV on the Web, by the types of the dictionary."""
WGS84_URI = "http://www.opengis.net/def/crs/EPSG/0/4326"


def made_by() -> str:
    """Name and version of this program."""
    return f"dorpshub {version('dorpshub')}"


class Credit(NamedTuple):
    """A source: which layer it is, ``observed`` or ``modelled``, and its own words on origin, date and licence."""

    layer: str
    origin: str
    source: str
    date: str
    licence: str


@dataclass(frozen=True, slots=True)
class About:
    """What is told of one table.

    Attributes
    ----------
    table
        Name in the dictionary.
    region
        Title of what it is about.
    crs
        Projected coordinate system of the region, as EPSG:28992.
    program
        Name and version of what made it.
    basis
        What the figures rest on, as words by what they say: traveller, service date, window.
    credits
        All sources.

    """

    table: str
    region: str
    crs: str
    program: str
    basis: tuple[tuple[str, str], ...]
    credits: tuple[Credit, ...]

    @property
    def entry(self) -> Table:
        """The table in the dictionary."""
        return dictionary()[self.table]

    @property
    def title(self) -> str:
        """What the table is called."""
        return f"{self.entry.title}: {self.region}"

    @property
    def date(self) -> str:
        """Date of the newest source, as it is written there; "" where none has one."""
        return max((credit.date for credit in self.credits), default="")

    @property
    def licences(self) -> list[str]:
        """Licences of the sources, each once."""
        return list(dict.fromkeys(credit.licence for credit in self.credits if credit.licence))

    @property
    def description(self) -> str:
        """Sentences on what a row is and what the figures rest on."""
        rests = ", ".join(f"{name} {text}" for name, text in self.basis if text)
        modelled = ", ".join(dict.fromkeys(of.layer for of in self.credits if of.origin == "modelled"))
        return (
            f"One row for {self.entry.row}. Made by {self.program}"
            f"{f', for {rests}' if rests else ''}. Modelled, wholly or in part: {modelled or 'nothing'}."
        )

    def json_ld(self) -> dict[str, Any]:
        """The same in the words of DCAT, Dublin Core and PROV; what the program cannot know, a publisher adds."""
        return {
            "@context": VOCABULARIES,
            "@type": "dcat:Dataset",
            "dct:title": self.title,
            "dct:description": self.description,
            "dct:modified": self.date,
            "dct:conformsTo": self.crs,
            "dct:rights": self.licences,
            "prov:wasGeneratedBy": self.program,
            "dct:source": [
                {
                    "dct:title": credit.layer,
                    "dct:type": credit.origin,
                    "dct:description": credit.source,
                    "dct:date": credit.date,
                    "dct:rights": credit.licence,
                }
                for credit in self.credits
            ],
            "dct:provenance": dict(self.basis),
        }

    def as_json(self) -> str:
        """`json_ld` as text, the same for the same contents."""
        return json.dumps(self.json_ld(), ensure_ascii=False, indent=1)


def csv_on_the_web(about: About, file: str, names: Iterable[str]) -> str:
    """What stands beside a CSV: the W3C's description of a table, which tools find by its name `FILE-metadata.json`."""
    columns = [_column(name, about.entry) for name in names]
    told = about.json_ld()
    del told["@context"], told["@type"]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": file,
        "dialect": {"encoding": "utf-8", "header": True},
        **told,
        "tableSchema": {"columns": columns},
    }
    # In the words of the standard's own prefixes, which know dc: for Dublin Core's terms.
    return json.dumps(content, ensure_ascii=False, indent=1).replace('"dct:', '"dc:') + "\n"


def _column(name: str, table: Table) -> dict[str, object]:
    known: list[Column] = table.columns_of([name])
    if not known:
        return {"name": name, "titles": name}
    (of,) = known
    unit = {"schema:unitText": of.unit} if of.unit else {}
    return {
        "name": name,
        "titles": [name, of.title],
        "datatype": DATATYPES[of.kind],
        "dc:description": of.meaning,
        **unit,
    }

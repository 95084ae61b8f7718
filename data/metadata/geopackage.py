"""What a GeoPackage says of itself, in the tables of its standard (OGC 12-128, "Metadata" and "Schema") and those of QGIS."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from data.metadata.about import About

TABLES = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (
    id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
    reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER,
    CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
"""
EXTENSIONS = {
    "gpkg_metadata": ("gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"),
    "gpkg_metadata_reference": ("gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"),
    "gpkg_data_columns": ("gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"),
    "gpkg_data_column_constraints": ("gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"),
}
"""Tables of an extension, with its name and where it is defined."""
DCAT, QGIS = "http://www.w3.org/ns/dcat", "http://mrcc.com/qgis.dtd"


def tell(database: sqlite3.Connection, told: Mapping[str, About], time: str) -> None:
    """Add what is told of each layer or table by its name, and of the whole file what is told of the first.

    Columns get their titles with units, which programs show as aliases. `time` stands for when it was written.
    """
    database.executescript(TABLES)
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
        [(table, *of) for table, of in EXTENSIONS.items()],
    )
    whole = next(iter(told.values()))
    _add(database, (DCAT, "application/ld+json", whole.as_json()), ("geopackage", None), time)
    for name, about in told.items():
        _add(database, (QGIS, "text/xml", layer_metadata(name, about)), ("table", name), time)
        database.execute(
            "UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (about.description, name)
        )
        columns = columns_in(database, name)
        database.executemany(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
            [(name, of.name, of.label, of.label, of.meaning) for of in about.entry.columns_of(columns)],
        )


def columns_in(database: sqlite3.Connection, name: str) -> list[str]:
    """Names of the columns of a layer or table."""
    return [row[1] for row in database.execute("SELECT * FROM pragma_table_info(?)", (name,))]


def _add(
    database: sqlite3.Connection, content: tuple[str, str, str], of: tuple[str, str | None], time: str
) -> None:
    """Add one piece of metadata and what it is of."""
    (number,) = database.execute("SELECT count(*) + 1 FROM gpkg_metadata").fetchone()
    database.execute("INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, ?, ?)", (number, *content))
    database.execute(
        "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, NULL)", (*of, time, number)
    )


def layer_metadata(name: str, about: About) -> str:
    """What QGIS shows under "Metadata" in the properties of a layer, in its own form (QMD)."""
    sources = "\n".join(
        f"  <history>{escape(f'{of.layer}: {of.source}, {of.date} ({of.origin})')}</history>"
        for of in about.credits
    )
    return "\n".join(
        [
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>",
            '<qgis version="3.22">',
            f"  <identifier>{escape(name)}</identifier>",
            "  <language>ENG</language>",
            "  <type>dataset</type>",
            f"  <title>{escape(about.title)}</title>",
            f"  <abstract>{escape(about.description)}</abstract>",
            *_each("license", about.licences),
            f"  <crs><spatialrefsys><authid>{escape(about.crs)}</authid></spatialrefsys></crs>",
            sources,
            "</qgis>",
        ]
    )


def _each(tag: str, texts: Sequence[str]) -> list[str]:
    return [f"  <{tag}>{escape(text)}</{tag}>" for text in texts]

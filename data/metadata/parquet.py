"""What a Parquet file says of itself, in the metadata of its schema and fields."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from data.metadata.about import KEY, About


def described(table: pa.Table, about: About | None, more: Mapping[str, str] | None = None) -> pa.Table:
    """Table with what `about` tells, and `more`, beside what its schema says already; the same rows."""
    told = {**(table.schema.metadata or {}), **(more or {})}
    if about is None:
        return table.replace_schema_metadata(told)
    known = {of.name: of for of in about.entry.columns_of(table.column_names)}
    fields = [
        field.with_metadata(
            {
                "title": known[field.name].title,
                "unit": known[field.name].unit,
                "meaning": known[field.name].meaning,
            }
        )
        if field.name in known
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, {**told, KEY: about.as_json()}))

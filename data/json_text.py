"""JSON from outside: whatever is wrong with it is one kind of error."""

from __future__ import annotations

import codecs
import json
from typing import Any


def json_of(content: bytes) -> Any:  # noqa: ANN401 -- whatever the text holds
    """Document of a JSON text in UTF-8.

    Raises
    ------
    ValueError
        When it is no UTF-8, no JSON, or lists and objects stand in each other deeper than can be read.

    """
    try:
        return json.loads(content.removeprefix(codecs.BOM_UTF8))
    except RecursionError as error:
        msg = "lists or objects stand in each other thousands deep"
        raise ValueError(msg) from error

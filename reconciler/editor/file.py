"""The schema as a file, where editors look for it."""

from collections.abc import Mapping
from pathlib import Path

import orjson

from ..catalogue import Kind
from ..files import write_file
from .keys import Keys
from .schema import editor_schema
from .templates import Templates


def schema_text(kinds: Mapping[str, Kind], keys: Keys, templates: Templates | None = None) -> str:
    """Write the schema as JSON."""
    schema = editor_schema(kinds, keys, templates)
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def write_schema(file: Path, schema: str) -> None:
    """Write the schema's file, and its folder where it is not there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_file(file, schema.encode())

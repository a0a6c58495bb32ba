"""The one JSON Schema by which editors complete, explain and check the YAML while it is typed."""

from .file import schema_text, write_schema
from .keys import Keys, keys_of
from .schema import editor_schema
from .templates import Templates, templates_of

__all__ = [
    "Keys", "Templates", "editor_schema", "keys_of", "schema_text", "templates_of", "write_schema",
]  # fmt: skip

"""The one JSON Schema by which editors complete, explain and check the YAML while it is typed."""

from .file import schema_text, write_schema
from .keys import Keys, keys_of
from .schema import editor_schema

__all__ = ["Keys", "editor_schema", "keys_of", "schema_text", "write_schema"]

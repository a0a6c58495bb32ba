"""The live organisation as YAML: readable, free of ids, and planned without a single change.

read every row → keys → values as people write them → files, and the ids into the bindings.
"""

from .export import Exported, Options, export
from .selection import Selection, parse_where

__all__ = ["Exported", "Options", "Selection", "export", "parse_where"]

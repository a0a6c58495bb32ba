"""The live organisation as YAML: readable, free of ids, and planned without a single change.

read every row → keys → values as people write them → files, and the ids into the bindings.
"""

from .export import Exported, Options, export
from .keys import make_keys
from .selection import Selection, parse_where
from .spool import Spool

__all__ = ["Exported", "Options", "Selection", "Spool", "export", "make_keys", "parse_where"]

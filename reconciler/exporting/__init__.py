"""The live organization as YAML: readable, free of ids, and planned without a single change.

Read every row → keys → values as people write them → files, ids into bindings. A folder that people
have edited is for :mod:`reconciler.sync`.
"""

from .choosing import read_rows
from .export import Exported, Options, export, holds_yaml
from .selection import Selection, parse_where
from .spool import Spool

__all__ = [
    "Exported",
    "Options",
    "Selection",
    "Spool",
    "export",
    "holds_yaml",
    "parse_where",
    "read_rows",
]

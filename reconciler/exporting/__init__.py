"""The live organization as YAML: readable, free of ids, and planned without a single change.

into a new folder: read every row → keys → values as people write them → files, ids into bindings
into one that people edited: match rows to addresses → what differs → edits of the files
"""

from .adopt import Adopted, adopt, parse_address
from .choosing import read_rows
from .export import Exported, Options, export, holds_yaml
from .keys import make_keys
from .selection import Selection, parse_where
from .spool import Spool
from .staging import finish_stopped
from .update import Updated, update

__all__ = [
    "Adopted",
    "Exported",
    "Options",
    "Selection",
    "Spool",
    "Updated",
    "adopt",
    "export",
    "finish_stopped",
    "holds_yaml",
    "make_keys",
    "parse_address",
    "parse_where",
    "read_rows",
    "update",
]

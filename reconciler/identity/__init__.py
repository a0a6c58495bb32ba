"""Which live row is meant by each resource, and which live rows are nobody's any more.

No state file: binding → computed id (``$was`` first) → natural key, first hit wins. Natural keys
may need rows that have not been read; then the answer holds questions, and the caller asks them
and comes again::

    live = read_owned(…)
    while (found := identify(…)).questions:
        live = ask(live, found.questions)
"""

from .found import Found, Identities, Orphan
from .match import identify
from .reading import columns_to_read, kinds_to_read
from .resolve import Resolver

__all__ = [
    "Found",
    "Identities",
    "Orphan",
    "Resolver",
    "columns_to_read",
    "identify",
    "kinds_to_read",
]

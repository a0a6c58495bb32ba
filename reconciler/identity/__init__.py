"""Which live row is meant by each resource, and which live rows are nobody's any more.

No state file: binding → computed id (``$was`` first) → natural key, first hit wins. Natural keys
may need rows that have not been read; then the answer holds questions, and the caller asks them
and comes again: :mod:`.asking` does so.
"""

from .asking import identify_again, read_and_identify
from .found import Found, Identities, Orphan
from .match import identify
from .odd import leaving_odd
from .reading import columns_to_read, kinds_to_read
from .resolve import Resolver

__all__ = [
    "Found",
    "Identities",
    "Orphan",
    "Resolver",
    "columns_to_read",
    "identify",
    "identify_again",
    "kinds_to_read",
    "leaving_odd",
    "read_and_identify",
]

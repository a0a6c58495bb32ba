"""The only place that knows HTTP: typed reads and writes of rows.

A PATCH or DELETE cannot be sent without naming its rows: the functions have no way to say it.
"""

from .client import PAGE, Client, Reader
from .connection import DEFAULT_URL, MAX_WAIT, RETRY_FOR, Connection
from .filters import (
    URL_BOUND,
    Condition,
    Locks,
    RowLock,
    chunks_by_url,
    equals,
    fits,
    in_range,
    lock_query,
    one_of,
    row_lock,
    value_chunks,
)
from .forms import OddRow
from .listening import Exchange, Listener
from .retries import nap

__all__ = [
    "DEFAULT_URL",
    "MAX_WAIT",
    "PAGE",
    "RETRY_FOR",
    "URL_BOUND",
    "Client",
    "Condition",
    "Connection",
    "Exchange",
    "Listener",
    "Locks",
    "OddRow",
    "Reader",
    "RowLock",
    "chunks_by_url",
    "equals",
    "fits",
    "in_range",
    "lock_query",
    "nap",
    "one_of",
    "row_lock",
    "value_chunks",
]

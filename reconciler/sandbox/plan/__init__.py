"""From a query to what shall be read and written: every name is looked up here.

What follows knows tables, columns and relations only, and no text of the request but values.
"""

from .check import (
    check_conditions,
    check_counted,
    check_own_name,
    check_read,
    check_returned,
    check_single_column,
)
from .read import Child, Read
from .tree import plan_read
from .write import Write, plan_write, returned_columns, written_columns

__all__ = [
    "Child",
    "Read",
    "Write",
    "check_conditions",
    "check_counted",
    "check_own_name",
    "check_read",
    "check_returned",
    "check_single_column",
    "plan_read",
    "plan_write",
    "returned_columns",
    "written_columns",
]

"""The grammar of the query string's values: select, filters, logic trees, order, columns.

Written so that a wrong text gives PostgREST's own words. The order of the alternatives and
where they may backtrack therefore matter, even where another order would accept the same texts.
"""

from .filters import filter_operation, logic_tree
from .names import columns, logic_path, tree_path
from .order import order
from .select import select

__all__ = [
    "columns",
    "filter_operation",
    "logic_path",
    "logic_tree",
    "order",
    "select",
    "tree_path",
]

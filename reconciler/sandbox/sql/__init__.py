"""From a plan to one SQL statement.

Names come from the schemas, values go as parameters: no text of a request becomes SQL. Where a
request gives a name of its own (a rename, a key inside JSON), SQL calls the value ``pgrst_c1`` and
the name is a value, too. All parameters are sent without a type, so that PostgreSQL reads each as
what stands beside it.
"""

from .conditions import where
from .read import count_statement, read_statement
from .shape import Shape
from .statement import Parameters, Statement, name_of
from .write import delete_statement, insert_statement, update_statement

__all__ = [
    "Parameters",
    "Shape",
    "Statement",
    "count_statement",
    "delete_statement",
    "insert_statement",
    "name_of",
    "read_statement",
    "update_statement",
    "where",
]

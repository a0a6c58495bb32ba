"""What a scalar means, whoever reads it."""

from ..configuration.load.nodes import is_null
from ..values.core import read_core
from ..values.unreadable import UnreadableError
from ..yamltext.tree import Scalar

_NULL = "null"
_VARIABLE = "${"


def meaning(node: Scalar) -> tuple[object, ...]:
    """Say what a scalar means in a text column and in JSON, as a value to compare."""
    if is_null(node):
        return (_NULL,)
    if _VARIABLE in node.text:
        # what a variable becomes inside JSON depends on the quotes around it
        return ("variable", node.text, node.plain)
    value: object = node.text
    if node.plain:
        try:
            value = read_core(node.text)
        except UnreadableError:
            value = None
    return ("scalar", node.text, type(value), value)

"""A value as written, with what must be known to read it and to speak of it."""

from enum import Enum
from typing import NamedTuple, TypeAlias

from ...diagnostics import Code, Position
from ...diagnostics.words import shortened
from ...values.address import Address
from ...values.column import Column
from ..load.nodes import Entry, MappingNode, Node, Scalar
from ..load.problems import ProblemReport
from ..resource import Value


class Bad(Enum):
    """What stands for a value that could not be read; why is in the report."""

    BAD = "bad"


BAD = Bad.BAD

Read: TypeAlias = "Value | Bad"
"""What reading a value gives."""


class Cell(NamedTuple):
    """One column of one resource."""

    column: Column
    entry: Entry
    address: Address
    report: ProblemReport
    inside: str = ""
    """For a place inside a JSON column: the property's name."""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.column.name}: {self.inside}" if self.inside else self.column.name

    def place(self, node: Node) -> Position:
        """Where a node inside this cell stands."""
        return self.entry.origin.position(node)

    def refuse(self, code: Code, node: Node, message: str, hint: str | None = None) -> Bad:
        """Report what is wrong with a node inside this cell."""
        address = str(self.address)
        self.report.error(code, message, self.place(node), address=address, hint=hint)
        return BAD

    def warn(self, code: Code, node: Node, message: str, hint: str) -> None:
        """Report what may be wrong with a node inside this cell."""
        address = str(self.address)
        self.report.warning(code, message, self.place(node), address=address, hint=hint)

    def expects(
        self, node: Node, expects: str, *, reason: str | None = None, hint: str | None = None
    ) -> Bad:
        """Report that the column takes something else; a private value is not shown."""
        shown = (
            "" if self.column.private and isinstance(node, Scalar) else f", not {describe(node)}"
        )
        tail = f": {reason}" if reason else ""
        message = f"{self.name} takes {expects}{shown}{tail}"
        return self.refuse("wrong-type", node, message, hint)


def describe(node: Node) -> str:
    """Say what was written, in a few words."""
    if isinstance(node, Scalar):
        return repr(shortened(node.text)) if node.text or not node.plain else "nothing"
    return "a mapping" if isinstance(node, MappingNode) else "a list"

"""A statement: its text, and the values that stand for its placeholders."""

from dataclasses import dataclass

from ..schema import Table
from ..tables import identifier

SOURCE = "pgrst_source"
"""The rows of a list as they were read, or those that a write touched."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with ``$1``… and what stands for them. It gives one row: total, rows, location, body."""

    text: str
    values: tuple[str, ...]


class Parameters:
    """Collects values while a statement is written."""

    def __init__(self) -> None:
        self._values: list[str] = []

    def add(self, value: str) -> str:
        """Take a value and give its placeholder; PostgREST's client sends it up to a NUL."""
        self._values.append(value.partition("\0")[0])
        return f"${len(self._values)}"

    def statement(self, text: str) -> Statement:
        """Finish: the text and the values belong together."""
        return Statement(text, tuple(self._values))


def name_of(table: Table) -> str:
    """Write a table's name; in which schema it is, the connection knows."""
    return identifier(table.name)

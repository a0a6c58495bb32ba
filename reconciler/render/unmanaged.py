"""Rows that are in no YAML, as every view tells them: by kind, and the first by their labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ..diagnostics.words import count
from ..plan.shape import ColumnDocument, UnmanagedDocument
from .explain import as_text
from .visible import visible

Found = Sequence[UnmanagedDocument]
"""Kinds with rows that are in no YAML."""


class Strangers(NamedTuple):
    """The rows of one kind: how many, and what the first of them are called."""

    kind: str
    rows: int
    named: tuple[str, ...]

    @property
    def text(self) -> str:
        """Say it in one line."""
        more = self.rows - len(self.named)
        rest = (f"and {more:,} more",) if more else ()
        return f"{self.kind}: {self.rows:,} ({'; '.join((*self.named, *rest))})"


def unmanaged_head(found: Found | None) -> str | None:
    """Say how many rows are in no YAML; None where nobody asked."""
    if found is None:
        return None
    rows, others = _total(found, "rows"), _total(found, "of_other_stacks")
    told = f"Not in the YAML: {count(rows, 'row') if rows else 'no row'}"
    return f"{told}; of other stacks: {count(others, 'row')}" if others else told


def strangers(found: Found | None) -> Iterator[Strangers]:
    """List the kinds with rows that are in no YAML."""
    for one in found or ():
        if one["rows"]:
            named = tuple(_named(row["label"], row["id"]) for row in one["first"])
            yield Strangers(visible(one["kind"]), one["rows"], named)


def _named(label: Mapping[str, ColumnDocument], row_id: str) -> str:
    said = [f"{visible(name)} {_value(column)}" for name, column in label.items()]
    return ", ".join(said) or visible(row_id)


def _value(column: ColumnDocument) -> str:
    if "hidden" in column:
        return f"({visible(column['hidden'])})"
    if "referred_to" in column:
        return visible(column["referred_to"])
    return as_text(column.get("before"))


def _total(found: Found, name: str) -> int:
    return sum(one["rows"] if name == "rows" else one["of_other_stacks"] for one in found)

"""Rules about several columns of one resource: which values cannot stand together."""

from collections.abc import Mapping

from ...catalogue import Kind
from ...catalogue.rules import Relation, is_broken, sentence
from ...values.column import Column
from ..resource import Unknown, Value
from .cell import Cell


def relations_among(kind: Kind, names: frozenset[str]) -> tuple[Relation, ...]:
    """Give the rules that speak of these columns only: of others the YAML does not know."""
    return tuple(rule for rule in kind.relations if names.issuperset(rule.columns))


def first_broken(
    rules: tuple[Relation, ...], columns: Mapping[str, Column], values: Mapping[str, Value]
) -> Relation | None:
    """Find a rule that values break; what a variable will say is not known yet."""
    for rule in rules:
        known = not any(isinstance(values[name], Unknown) for name in rule.columns)
        if known and is_broken(rule, columns, values):
            return rule
    return None


def report_relations(kind: Kind, cells: Mapping[str, tuple[Cell, Value]]) -> None:
    """Report every rule that the columns of a resource break, at the last of its columns."""
    for rule in relations_among(kind, frozenset(cells)):
        values = {name: cells[name][1] for name in rule.columns}
        if first_broken((rule,), kind.columns, values):
            cell = cells[rule.columns[-1]][0]
            message = sentence(rule, kind.columns)
            if rule.severity == "error":
                cell.refuse("columns-disagree", cell.entry.value, message, "change one of them")
            else:
                hint = "leave it if it is right"
                cell.warn("doubtful-value", cell.entry.value, message, hint)

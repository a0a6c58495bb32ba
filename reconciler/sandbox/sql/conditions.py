"""Fields, and conditions on them."""

from collections.abc import Callable

from ..query import (
    Compare,
    Condition,
    Embedded,
    Field,
    Filter,
    In,
    Is,
    IsDistinct,
    Operation,
    Search,
    Step,
)
from ..tables import identifier
from .statement import Parameters

Test = Callable[[Embedded], str]
"""Writes the test whether an embedded kind was found."""


def where(name: str, conditions: tuple[Condition, ...], values: Parameters) -> str:
    """Write conditions on the rows of ``name``, all of which must hold."""
    return combined([condition_of(name, one, values) for one in conditions])


def combined(conditions: list[str]) -> str:
    """Write the where of conditions; nothing for none."""
    return f" where {' and '.join(conditions)}" if conditions else ""


def condition_of(
    name: str, condition: Condition, values: Parameters, test: Test | None = None
) -> str:
    """Write one condition; ``test`` is for those on embedded kinds."""
    if isinstance(condition, Embedded):
        assert test is not None, "only a read embeds"
        return test(condition)
    negation = "not " if condition.negated else ""
    if isinstance(condition, Filter):
        field = field_of(name, condition.field, values)
        return f"{negation}{field} {_operation(condition.operation, values)}"
    parts = [condition_of(name, child, values, test) for child in condition.children]
    return f"{negation}({f' {condition.operator} '.join(parts)})"


def field_of(name: str, field: Field, values: Parameters) -> str:
    """Write a column of ``name``, or a place inside it."""
    return inside(f"{name}.{identifier(field.name)}", field.steps, values)


def inside(column: str, steps: tuple[Step, ...], values: Parameters) -> str:
    """Write a place inside a column; without steps the column itself."""
    if not steps:
        return column
    path = "".join(
        step.arrow + values.add(step.key) + ("::int" if step.is_index else "") for step in steps
    )
    return f"to_jsonb({column}){path}"


def array_literal(items: tuple[str, ...]) -> str:
    """Write texts as PostgreSQL's array literal."""
    escaped = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in escaped) + "}"


def _operation(operation: Operation, values: Parameters) -> str:
    match operation:
        case Compare(operator, value, quantifier):
            text = value.replace("*", "%") if operator in {"like", "ilike"} else value
            placeholder = values.add(text)
            operand = f"{quantifier}({placeholder})" if quantifier else placeholder
            return f"{_OPERATORS[operator]} {operand}"
        case Is(value):
            return f"is {value}"
        case In(("",)):
            return "= any ('{}')"
        case In(items):
            return f"= any ({values.add(array_literal(items))})"
        case IsDistinct(value):
            return f"is distinct from {values.add(value)}"
        case Search(operator, language, value):
            given = [values.add(one) for one in (language, value) if one is not None]
            return f"@@ {_SEARCHES[operator]}({', '.join(given)})"


_OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
_SEARCHES = {
    "fts": "to_tsquery",
    "plfts": "plainto_tsquery",
    "phfts": "phraseto_tsquery",
    "wfts": "websearch_to_tsquery",
}

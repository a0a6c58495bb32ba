"""Rules of a kind: which values cannot stand together, and what JSON columns hold inside.

A rule speaks of columns; it says nothing where one of them is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from ..values.column import JSON, Column
from ..values.days import day_number
from .shape import Evidence, RuleSchema, Severity


@dataclass(frozen=True, slots=True)
class Order:
    """The first column is never after, or over, the second: dates, or numbers."""

    columns: tuple[str, ...]
    severity: Severity
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Given:
    """Of the columns at least and at most so many have a value."""

    columns: tuple[str, ...]
    least: int
    most: int
    severity: Severity
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Needed:
    """The first column has a value where each of the others has one of some values."""

    columns: tuple[str, ...]
    when: Mapping[str, tuple[JSON, ...]]
    severity: Severity
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Inside:
    """What a column holds inside, as JSON Schema."""

    column: str
    schema: Mapping[str, JSON]
    severity: Severity
    evidence: Evidence


Relation: TypeAlias = Order | Given | Needed


def relation_of(rule: RuleSchema) -> Relation | None:
    """Read a rule about several columns."""
    severity, evidence = rule["severity"], rule["evidence"]
    if "order" in rule:
        return Order(tuple(rule["order"]), severity, evidence)
    if "given" in rule:
        given = rule["given"]
        columns = tuple(given["columns"])
        most = given.get("most", len(columns))
        return Given(columns, given.get("least", 0), most, severity, evidence)
    if "needed" in rule:
        when = {name: tuple(values) for name, values in rule["needed"]["when"].items()}
        return Needed((rule["needed"]["column"], *when), when, severity, evidence)
    return None


def inside_of(rule: RuleSchema) -> Inside | None:
    """Read a rule about what is inside a column."""
    if "inside" not in rule:
        return None
    inside = rule["inside"]
    return Inside(inside["column"], inside["schema"], rule["severity"], rule["evidence"])


def is_broken(rule: Relation, columns: Mapping[str, Column], values: Mapping[str, object]) -> bool:
    """Tell whether the values of a row break a rule; each of its columns is in ``values``."""
    match rule:
        case Order(columns=(first, second)):
            return _is_over(columns[first], values[first], values[second])
        case Given():
            given = sum(not _is_empty(values[name]) for name in rule.columns)
            return not rule.least <= given <= rule.most
        case Needed():
            told = all(values[name] in some for name, some in rule.when.items())
            return told and _is_empty(values[rule.columns[0]])
    return False


def sentence(rule: Relation, columns: Mapping[str, Column]) -> str:
    """Say what is wrong where a rule is broken, without a value."""
    match rule:
        case Order(columns=(first, second)):
            word = "before" if columns[first].type.form == "date" else "under"
            return f"{second} is {word} {first}"
        case Needed(columns=(column, *others)):
            shown = [f"{name} is {' or '.join(map(str, rule.when[name]))}" for name in others]
            return f"{column} is needed where {' and '.join(shown)}"
        case Given(least=least, most=most, columns=names):
            return f"{_how_many(least, most)} of {', '.join(names)} should have a value"
    raise AssertionError("there is no other rule")


def law(rule: Relation, columns: Mapping[str, Column]) -> str:
    """Say what holds where a rule is kept."""
    if isinstance(rule, Order):
        first, second = rule.columns
        word = "after" if columns[first].type.form == "date" else "over"
        return f"{first} is not {word} {second}"
    return sentence(rule, columns)


def _how_many(least: int, most: int) -> str:
    if least == most:
        return f"exactly {least}"
    return f"at most {most}" if not least else f"at least {least}"


def _is_over(column: Column, first: object, second: object) -> bool:
    try:
        return _measure(first, column) > _measure(second, column)
    except ValueError:
        return False  # null, infinity, or what the server alone understands


def _measure(value: object, column: Column) -> float:
    if isinstance(value, str) and column.type.form == "date":
        return day_number(value)
    if isinstance(value, int | float | Decimal) and column.type.form in ("integer", "real"):
        return float(value)
    raise ValueError("nothing to compare")


def _is_empty(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    return value is None or value in ("", [])

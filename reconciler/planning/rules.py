"""Rules where a part of what they speak of is not in the YAML: it is live, or filled in."""

from collections.abc import Iterable, Iterator, Mapping

from ..catalogue import Kind
from ..catalogue.rules import Relation, is_broken, sentence
from ..configuration.resource import Resource, Unknown
from ..diagnostics import Problem
from ..values.sent import Row


def broken_in_update(
    kind: Kind, resource: Resource, row: Row, changed: Iterable[str]
) -> Iterator[Problem]:
    """Say which rules a row would break that it does not break by what is left alone."""
    touched = frozenset(changed)
    rules = (rule for rule in kind.relations if not touched.isdisjoint(rule.columns))
    yield from _broken(kind, resource, rules, row, "live")


def broken_in_create(kind: Kind, resource: Resource) -> Iterator[Problem]:
    """Say which rules a new row would break, with what the server fills in."""
    if kind.relations:
        filled = {
            name: column.schema.get("default")
            for name, column in kind.columns.items()
            if "default" in column.schema or (column.nullable and not column.has_default)
        }
        yield from _broken(kind, resource, kind.relations, filled, "by default")


def _broken(
    kind: Kind, resource: Resource, rules: Iterable[Relation], others: Row, whence: str
) -> Iterator[Problem]:
    values: Mapping[str, object] = {**others, **resource.values}
    for rule in rules:
        apart = [name for name in rule.columns if name not in resource.values]
        known = all(
            name in values and not isinstance(values[name], Unknown) for name in rule.columns
        )
        # what the YAML says alone is judged with the YAML
        if known and apart and is_broken(rule, kind.columns, values):
            yield _problem(
                kind, resource, rule, [f"{n} {_told(kind, n, others)}" for n in apart], whence
            )


def _told(kind: Kind, name: str, others: Row) -> str:
    value = others[name]
    if kind.columns[name].private:
        return "has a value"
    return "has no value" if value is None else f"is {value}"


def _problem(
    kind: Kind, resource: Resource, rule: Relation, apart: list[str], whence: str
) -> Problem:
    given = [name for name in rule.columns if name in resource.values]
    message = f"{resource.address}: {sentence(rule, kind.columns)} ({', '.join(apart)} {whence})"
    return Problem(
        "columns-disagree" if rule.severity == "error" else "doubtful-value",
        message,
        position=resource.place(given[0]) if given else resource.position,
        address=str(resource.address),
        hint="change it, or give the other one, too",
        severity=rule.severity,
    )

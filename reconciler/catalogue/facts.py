"""What there is to know about a kind and its columns, as a document for people and programs."""

from collections.abc import Iterator
from typing import Literal, TypedDict

from ..values.codes import EXPECTS
from ..values.column import JSON, Column
from .example import column_example, example
from .kind import ConsentRule, Kind
from .rules import law
from .shape import Evidence, Severity, Verb

Giver = Literal["yaml", "tool", "server"]


class ColumnFacts(TypedDict):
    """One column or input; ``given_by`` says who writes it, ``takes`` what people may write.

    ``code`` is what its texts, or its items, are beyond their type, such as ``currency``.
    """

    name: str
    description: str
    type: str
    takes: str
    code: str | None
    given_by: Giver
    nullable: bool
    needed_to_create: bool
    only_to_create: bool
    has_default: bool
    default: JSON
    choices: list[JSON]
    references: list[str]
    personal: bool
    secret: bool
    unconfirmed: bool


class ConsentFacts(TypedDict):
    """A consent that a verb needs: when one of ``columns`` changes, and not with ``unless``."""

    name: str
    columns: list[str]
    unless: dict[str, JSON]


class RuleFacts(TypedDict):
    """What holds of columns together, or inside one; a warning is only likely to hold.

    ``says`` tells it to people; of what is inside, ``schema`` tells it as JSON Schema.
    """

    columns: list[str]
    says: str
    schema: dict[str, JSON] | None
    severity: Severity
    evidence: Evidence


class KindFacts(TypedDict):
    """One kind. ``id`` says who chooses the id of a new row, ``example`` is YAML."""

    kind: str
    title: str
    description: str
    area: str
    in_yaml: bool
    link: bool
    verbs: dict[Verb, Evidence]
    known_by: list[list[str]]
    id: Literal["computed", "server"]
    consents: dict[Verb, list[ConsentFacts]]
    columns: list[ColumnFacts]
    rules: list[RuleFacts]
    example: str


class OneColumn(TypedDict):
    """One column of a kind, with the rules that it is in and a line of YAML."""

    kind: str
    column: ColumnFacts
    rules: list[RuleFacts]
    example: str


def kind_facts(kind: Kind) -> KindFacts:
    """Say all about a kind."""
    return {
        "kind": kind.name,
        "title": kind.title,
        "description": kind.description,
        "area": kind.area,
        "in_yaml": kind.in_yaml,
        "link": kind.is_link,
        "verbs": dict(kind.verbs),
        "known_by": [[str(part) for part in key] for key in kind.natural_keys],
        "id": "server" if kind.server_chooses_id else "computed",
        "consents": {verb: [*map(_consent, rules)] for verb, rules in kind.consents.items()},
        "columns": [_column(kind, column) for column in kind.all_columns.values()],
        "rules": list(_rules(kind)),
        "example": example(kind) if kind.in_yaml else "",
    }


def column_facts(kind: Kind, column: Column) -> OneColumn:
    """Say all about one column of a kind."""
    line = column_example(kind, column) if kind.in_yaml and column.writable else ""
    rules = [rule for rule in _rules(kind) if column.name in rule["columns"]]
    return {"kind": kind.name, "column": _column(kind, column), "rules": rules, "example": line}


def _rules(kind: Kind) -> Iterator[RuleFacts]:
    for relation in kind.relations:
        yield {
            "columns": [*relation.columns],
            "says": law(relation, kind.all_columns),
            "schema": None,
            "severity": relation.severity,
            "evidence": relation.evidence,
        }
    for inside in kind.insides:
        yield {
            "columns": [inside.column],
            "says": f"what is in {inside.column} fits a JSON Schema",
            "schema": dict(inside.schema),
            "severity": inside.severity,
            "evidence": inside.evidence,
        }


def _column(kind: Kind, column: Column) -> ColumnFacts:
    return {
        "name": column.name,
        "description": column.description,
        "type": str(column.type),
        "takes": _takes(column),
        "code": column.code,
        "given_by": "server" if column.server_written else "tool" if column.filled else "yaml",
        "nullable": column.nullable,
        "needed_to_create": "create" in kind.verbs and column.name in kind.required,
        "only_to_create": column.stands_for is not None,
        "has_default": column.has_default,
        "default": column.schema.get("default"),
        "choices": [*column.choices],
        "references": _references(column),
        "personal": column.pii,
        "secret": column.sensitive,
        "unconfirmed": column.unconfirmed,
    }


def _takes(column: Column) -> str:
    if column.code is None:
        return column.type.expects
    expects = EXPECTS[column.code]
    return f"{column.type.expects}, each {expects}" if column.type.item else expects


def _references(column: Column) -> list[str]:
    targets = [column.reference] if column.reference else [p.target for p in column.places]
    return list(dict.fromkeys(f"{target.kind}.{target.column}" for target in targets))


def _consent(rule: ConsentRule) -> ConsentFacts:
    return {"name": rule.name, "columns": list(rule.columns), "unless": dict(rule.unless)}

"""What there is to know about a kind and its columns, as a document for people and programs."""

from typing import Literal, TypedDict

from ..values.column import JSON, Column
from .example import column_example, example
from .kind import ConsentRule, Kind
from .shape import Evidence, Verb

Giver = Literal["yaml", "tool", "server"]


class ColumnFacts(TypedDict):
    """One column or input; ``given_by`` says who writes it, ``takes`` what people may write."""

    name: str
    description: str
    type: str
    takes: str
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
    example: str


class OneColumn(TypedDict):
    """One column of a kind, with a line of YAML."""

    kind: str
    column: ColumnFacts
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
        "example": example(kind) if kind.in_yaml else "",
    }


def column_facts(kind: Kind, column: Column) -> OneColumn:
    """Say all about one column of a kind."""
    line = column_example(kind, column) if kind.in_yaml and column.writable else ""
    return {"kind": kind.name, "column": _column(kind, column), "example": line}


def _column(kind: Kind, column: Column) -> ColumnFacts:
    return {
        "name": column.name,
        "description": column.description,
        "type": str(column.type),
        "takes": column.type.expects,
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


def _references(column: Column) -> list[str]:
    targets = [column.reference] if column.reference else [p.target for p in column.places]
    return list(dict.fromkeys(f"{target.kind}.{target.column}" for target in targets))


def _consent(rule: ConsentRule) -> ConsentFacts:
    return {"name": rule.name, "columns": list(rule.columns), "unless": dict(rule.unless)}

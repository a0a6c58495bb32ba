"""Read one schema into a kind."""

from collections.abc import Mapping
from typing import TypeGuard

from ..diagnostics import UsageError
from ..values.column import JSON, Column, Place, Target
from ..values.types import TYPES, ColumnType
from .calendar import part_of
from .checked import checked
from .kind import ConsentRule, KeyPart, Kind
from .rules import inside_of, relation_of
from .shape import ColumnSchema, ConsentSchema, CreateSchema, DeleteSchema, KindSchema, Names


def parse_kind(schema: object) -> Kind:
    """Turn one kind's schema into a value; raises UsageError where it is none."""
    return kind_of(checked(schema))


def kind_of(known: KindSchema) -> Kind:
    """Turn a schema that was checked into a value."""
    create = known.get("x-create", CreateSchema(action=""))
    delete = known.get("x-delete", DeleteSchema(action=""))
    return Kind(
        name=known["x-kind"],
        title=known["title"],
        description=known["description"],
        area=known["x-area"],
        columns=_columns(known["properties"]),
        verbs=known["x-verbs"],
        primary_key=tuple(known["x-primary-key"]),
        natural_keys=_natural_keys(known.get("x-natural-key", [])),
        label=tuple(map(KeyPart.parse, known.get("x-label", []))),
        first=tuple(known.get("x-order", [])),
        is_link=known.get("x-link", False),
        server_chooses_id=known.get("x-id") == "server",
        version=known.get("x-version"),
        soft_delete=known.get("x-soft-delete"),
        unique=tuple(map(tuple, known.get("x-unique", []))),
        inputs=_columns(create.get("inputs", {})),
        create_action=create["action"] or None,
        create_columns=tuple(create.get("columns", [])),
        delete_action=delete["action"] or None,
        cascades=tuple(delete.get("cascades", [])),
        consents={
            verb: tuple(map(_consent, rules)) for verb, rules in known.get("x-consents", {}).items()
        },
        initial=known.get("x-initial"),
        relations=tuple(filter(None, map(relation_of, known.get("x-rules", [])))),
        insides=tuple(filter(None, map(inside_of, known.get("x-rules", [])))),
        calendar=part_of(known.get("x-calendar")),
    )


def _natural_keys(keys: Names | list[Names]) -> tuple[tuple[KeyPart, ...], ...]:
    """Read one key, a list of parts, or a list of keys."""
    one = tuple(KeyPart.parse(part) for part in keys if isinstance(part, str))
    several = (tuple(map(KeyPart.parse, key)) for key in keys if isinstance(key, list))
    return (one,) if one else tuple(several)


def _columns(schemas: Mapping[str, ColumnSchema]) -> dict[str, Column]:
    return {name: _column(name, schema) for name, schema in schemas.items()}


def _column(name: str, schema: ColumnSchema) -> Column:
    reference = schema.get("x-references")
    places = schema.get("x-json-references", [])
    pii, sensitive = schema.get("x-pii", False), schema.get("x-sensitive", False)
    return Column(
        name=name,
        type=_type(name, schema["x-type"]),
        schema=_plain(schema),
        description=schema["description"],
        nullable=isinstance(schema["type"], list) and "null" in schema["type"],
        has_default="default" in schema or "x-default-sql" in schema,
        server_written=schema.get("readOnly", False),
        required_on_create=schema.get("x-required-on-create", False),
        pii=pii,
        sensitive=sensitive,
        unconfirmed=schema.get("x-unconfirmed", False),
        filled="x-filled" in schema,
        code=schema.get("x-format") or ("email" if schema.get("format") == "email" else None),
        volatile=schema.get("x-volatile", False),
        reference=Target.parse(reference) if reference else None,
        places=tuple(Place(p["path"], Target.parse(p["references"])) for p in places),
        interim=schema.get("x-interim", False) and not (pii or sensitive),
        stands_for=schema.get("x-column"),
    )


def _type(column: str, name: str) -> ColumnType:
    if name not in TYPES:
        hint = f"one of {', '.join(TYPES)}; a new one is an entry of reconciler/values/types.py"
        raise UsageError(f"{column} has the column type {name}, which is not known", hint=hint)
    return TYPES[name]


def _plain(schema: object) -> Mapping[str, JSON]:
    """Take the keywords that are plain JSON Schema."""
    assert _is_json(schema), "it was read from JSON"
    return {name: value for name, value in schema.items() if not name.startswith("x-")}


def _is_json(schema: object) -> TypeGuard[Mapping[str, JSON]]:
    return isinstance(schema, dict)


def _consent(rule: ConsentSchema) -> ConsentRule:
    return ConsentRule(rule["name"], tuple(rule.get("columns", [])), rule.get("unless", {}))

"""Read one schema into a kind."""

from collections.abc import Mapping
from typing import cast

from ..values.column import JSON, Column, Place, Target
from ..values.types import TYPES
from .kind import ConsentRule, Evidence, KeyPart, Kind, Verb


def parse_kind(schema: Mapping[str, JSON]) -> Kind:
    """Turn one kind's schema into a value."""
    create = cast("dict[str, JSON]", schema.get("x-create", {}))
    delete = cast("dict[str, JSON]", schema.get("x-delete", {}))
    columns = cast("dict[str, dict[str, JSON]]", schema["properties"])
    inputs = cast("dict[str, dict[str, JSON]]", create.get("inputs", {}))
    return Kind(
        name=cast("str", schema["x-kind"]),
        title=cast("str", schema["title"]),
        description=cast("str", schema["description"]),
        area=cast("str", schema["x-area"]),
        columns={name: _column(name, spec) for name, spec in columns.items()},
        verbs=cast("dict[Verb, Evidence]", schema["x-verbs"]),
        primary_key=_names(schema["x-primary-key"]),
        natural_keys=_natural_keys(schema.get("x-natural-key", [])),
        label=tuple(KeyPart.parse(part) for part in _names(schema.get("x-label", []))),
        is_link=bool(schema.get("x-link")),
        server_chooses_id=schema.get("x-id") == "server",
        version=cast("str | None", schema.get("x-version")),
        soft_delete=cast("str | None", schema.get("x-soft-delete")),
        unique=tuple(_names(key) for key in cast("list[JSON]", schema.get("x-unique", []))),
        inputs={name: _column(name, spec) for name, spec in inputs.items()},
        create_action=cast("str | None", create.get("action")),
        create_columns=_names(create.get("columns", [])),
        delete_action=cast("str | None", delete.get("action")),
        cascades=_names(delete.get("cascades", [])),
        consents={
            verb: tuple(map(_consent, rules))
            for verb, rules in cast(
                "dict[Verb, list[dict[str, JSON]]]", schema.get("x-consents", {})
            ).items()
        },
    )


def _natural_keys(value: JSON) -> tuple[tuple[KeyPart, ...], ...]:
    """Read one key, a list of parts, or a list of keys."""
    keys = cast("list[JSON]", value)
    if keys and isinstance(keys[0], str):
        keys = [keys]
    return tuple(tuple(map(KeyPart.parse, _names(key))) for key in keys)


def _column(name: str, spec: Mapping[str, JSON]) -> Column:
    types = spec.get("type", [])
    places = cast("list[dict[str, str]]", spec.get("x-json-references", []))
    reference = spec.get("x-references")
    return Column(
        name=name,
        type=TYPES[cast("str", spec["x-type"])],
        schema={key: value for key, value in spec.items() if not key.startswith("x-")},
        description=cast("str", spec["description"]),
        nullable=isinstance(types, list) and "null" in types,
        has_default="default" in spec or "x-default-sql" in spec,
        server_written=bool(spec.get("readOnly")),
        required_on_create=bool(spec.get("x-required-on-create")),
        pii=bool(spec.get("x-pii")),
        sensitive=bool(spec.get("x-sensitive")),
        unconfirmed=bool(spec.get("x-unconfirmed")),
        filled=spec.get("x-filled") == "organization",
        zone=spec.get("x-format") == "time-zone",
        volatile=bool(spec.get("x-volatile")),
        reference=Target.parse(reference) if isinstance(reference, str) else None,
        places=tuple(Place(p["path"], Target.parse(p["references"])) for p in places),
        interim=bool(spec.get("x-interim")) and not (spec.get("x-pii") or spec.get("x-sensitive")),
        stands_for=cast("str | None", spec.get("x-column")),
    )


def _consent(rule: Mapping[str, JSON]) -> ConsentRule:
    return ConsentRule(
        name=cast("str", rule["name"]),
        columns=_names(rule.get("columns", [])),
        unless=cast("dict[str, JSON]", rule.get("unless", {})),
    )


def _names(value: JSON) -> tuple[str, ...]:
    return tuple(cast("list[str]", value))

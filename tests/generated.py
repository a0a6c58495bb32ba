"""A whole organization, made up: every readable kind, the same each time, as a seed file."""

import random
import uuid
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import cast

import orjson

from reconciler.catalogue import Kind
from reconciler.values.column import JSON, Column

from .builders import KINDS
from .coded import GOOD, sensible
from .sandbox_server import ROOT

Row = dict[str, JSON]
Rows = dict[str, list[Row]]
MOMENT = "2026-01-02T03:04:05.678901+00:00"
ODD = ("", "Zoë 😀", "NO", "0123", "12:30", "${x}", "a: b #c", "line\nline\n", "  two  ", "'\"\\")
SINGLE = frozenset({"organizations", "sites"})
SECRETS = frozenset({"external_calendars"})
"""Kinds that need a secret to be created: they can be exported, but not moved."""


def organization(identifier: str, rows: int, *, seed: int = 1) -> Rows:
    """Make up about this many rows of one organization, spread over all kinds."""
    dice = random.Random(seed)
    made: Rows = {}
    kinds = list(_referenced_first())
    each = max(2, rows // (len(kinds) - len(SINGLE)))
    for kind in kinds:
        wanted = 1 if kind.name in SINGLE else each
        for number in range(wanted):
            row = _row(kind, number, made, dice, identifier)
            if row is not None:
                made.setdefault(kind.name, []).append(row)
    _double_some(made)
    return made


def write_seed(path: Path, rows: Rows) -> Path:
    """Write rows as `reconciler sandbox --seed` reads them."""
    lines = [orjson.dumps({"kind": kind, "rows": some}) + b"\n" for kind, some in rows.items()]
    path.write_bytes(b"".join(lines))
    return path


def _double_some(made: Rows) -> None:
    """Give three pairs of rows the same natural key."""
    for kind, column in (("contacts", "email"), ("coupons", "code"), ("webhooks", "endpoint")):
        made[kind][1][column] = made[kind][0][column]


def _referenced_first() -> Iterator[Kind]:
    graph = {
        kind.name: {
            column.reference.kind
            for column in kind.references
            if column.reference
            and column.reference.kind in KINDS.keys() - {kind.name}
            # the two of these refer to each other; one is made without
            and (kind.name, column.name) != ("organizations", "paddle_subscription_id")
        }
        for kind in KINDS.values()
    }
    return (KINDS[name] for name in TopologicalSorter(graph).static_order())


def _row(kind: Kind, number: int, made: Rows, dice: random.Random, identifier: str) -> Row | None:
    raw = _raw(kind.name)
    row: Row = {}
    for column in kind.columns.values():
        if "x-generated" in raw[column.name] or column.unconfirmed:
            continue
        row[column.name] = _value(kind, column, number, made, dice, identifier)
        missing = row[column.name] is None and not column.nullable
        if missing:
            return None
    row = {**row, **sensible(kind, row)}
    if kind.is_link:
        return _with_own_pair(kind, number, row, made)
    return row


def _with_own_pair(kind: Kind, number: int, row: Row, made: Rows) -> Row | None:
    """Give each link a pair that no other has."""
    first, second = (kind.columns[part.column] for part in kind.natural_key)
    assert first.reference
    assert second.reference
    ones, others = made[first.reference.kind], made[second.reference.kind]
    if number >= len(ones) * len(others):
        return None
    shift = number // len(ones)
    row[first.name] = ones[number % len(ones)][first.reference.column]
    row[second.name] = others[(number + shift) % len(others)][second.reference.column]
    return row


def _value(
    kind: Kind, column: Column, number: int, made: Rows, dice: random.Random, identifier: str
) -> JSON:
    if column.reference:
        return _reference(kind, column, number, made, dice, identifier)
    if column.name in kind.primary_key or column.name == "id":
        return identifier if kind.name == "organizations" else _id(kind, column, number)
    if column.name == kind.soft_delete or (column.nullable and dice.random() < 0.4):
        return None
    if column.name in {"email", "code", "endpoint", "subdomain", "reference", "source_id"}:
        text = f"{column.name}-{kind.name}-{number}@example.com"
        return f"https://{text}" if column.code == "url" else text
    if "enum" in column.schema:
        choices = [
            value for value in cast("list[JSON]", column.schema["enum"]) if value is not None
        ]
        return dice.choice(choices)
    return by_type(kind, column, number, made, dice)


def _reference(
    kind: Kind, column: Column, number: int, made: Rows, dice: random.Random, identifier: str
) -> JSON:
    assert column.reference
    if column.filled or column.reference.kind == "organizations":
        return identifier
    if column.reference.kind not in KINDS:
        return str(uuid.UUID(int=number + 1))
    some = made.get(column.reference.kind, [])
    if not some or (column.nullable and dice.random() < 0.3):
        return None
    one_each = column.name in kind.primary_key or bool(kind.inputs)
    if one_each and not kind.is_link:
        return some[number % len(some)][column.reference.column]
    return dice.choice(some)[column.reference.column]


def _id(kind: Kind, column: Column, number: int) -> JSON:
    if column.type.name == "uuid":
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind.name}/{number}"))
    return f"{kind.name}-{number}" if column.type.name == "text" else number + 1


def by_type(kind: Kind, column: Column, number: int, made: Rows, dice: random.Random) -> JSON:
    """Make up a value as its type wants it."""
    if column.code == "url" and column.pii:
        return f"https://example.com/{kind.name}/{column.name}/{number}"  # nobody else's
    if column.code and not column.type.item:
        return dice.choice(GOOD[column.code])
    simple: dict[str, JSON] = {
        "boolean": dice.random() < 0.5,
        "smallint": dice.randint(0, 99),
        "integer": dice.randint(-5, 10**6),
        "bigint": dice.randint(0, 10**9),
        "real": dice.choice([0.1, 21, 1.5e-7, 12.25]),
        "date": f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}",
        "time": dice.choice(["15:00:00", "08:30:15.25", "24:00:00"]),
        "timestamptz": dice.choice([MOMENT, "2026-07-01T10:00:00+02:00"]),
        "daterange": "[2026-07-01,2026-07-08)",
        "datemultirange": "{[2026-01-01,2026-02-01),[2026-03-01,2026-04-01)}",
        "text[]": [dice.choice(ODD), f"item {number}"],
        "boolean[]": [dice.random() < 0.5 for _ in range(7)],
        "tsvector": "",
        "uuid": str(uuid.UUID(int=number + 7)),
    }
    if column.type.name in simple:
        return simple[column.type.name]
    if column.type.name == "jsonb":
        return _document(kind, column, number, made, dice)
    return f"{dice.choice(ODD)}{kind.name} {column.name} {number}"


def _document(kind: Kind, column: Column, number: int, made: Rows, dice: random.Random) -> JSON:
    for place in column.places:
        some = made.get(place.target.kind, [])
        if some and not place.property:
            return {str(dice.choice(some)["id"]): dice.randint(1, 4)}
        if some and place.property:
            inner: Row = {place.property: dice.choice(some)["id"], "period": None, "value": 10}
            document: JSON = {"type": "absolute", "restrictions": [], "value": [inner]}
            return [document] if column.schema.get("type") == "array" else document
    types = column.schema.get("type")
    if types == "array" or (isinstance(types, list) and types[0] == "array"):
        return [{"key": dice.choice(ODD), "value": str(number)}]
    return {"default": f"{kind.name} {number}", "nl-NL": dice.choice(ODD)}


def _raw(kind: str) -> dict[str, dict[str, JSON]]:
    path = ROOT / "schemas" / "kinds" / f"{kind}.schema.json"
    return cast("dict[str, dict[str, JSON]]", orjson.loads(path.read_bytes())["properties"])

"""A request to an action, and the few ways in which actions talk to PostgreSQL."""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast
from uuid import UUID

import orjson

from ...values.column import JSON
from ..database import Connection, make_missing
from ..exchange import JSON_TYPE, Answer, Incoming
from ..organizations import Access
from ..payload import bad_body, read_json
from ..refusal import Refusal
from ..schema import Table, load_tables
from ..sql import name_of
from ..tables import identifier

T = TypeVar("T", dict[str, JSON], list[JSON])
Row: TypeAlias = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Call:
    """A request to an action; ``table`` is the kind whose rights it needs."""

    incoming: Incoming
    access: Access
    table: Table

    def name(self, kind: str) -> str:
        """Write the name of a kind's table."""
        return name_of(load_tables()[kind])


def answer(status: int, body: JSON) -> Answer:
    """Answer with JSON."""
    return Answer(status, {"Content-Type": JSON_TYPE}, orjson.dumps(body), 1)


def read_object(call: Call) -> Row:
    """Read a body that is one JSON object; raise a Refusal with code PGRST102."""
    given = read_json(call.incoming.body)
    try:  # no PostgreSQL judges here of half a surrogate, or of a number beyond all doubles
        json.dumps(given, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        raise Refusal(400, "22P02", "invalid input syntax for type json") from None
    if not isinstance(given, dict):
        raise bad_body("The body has to be one JSON object")
    return given


def optional(given: Row, name: str, form: type[T], what: str) -> T | None:
    """Take a value that may be left out or null; raise a Refusal if it is of another form."""
    value = given.get(name)
    if value is None or isinstance(value, form):
        return value
    raise refuse(f"{name} has to be {what}")


def refuse(message: str, *, status: int = 400, details: str | None = None) -> Refusal:
    """Refuse as a database function that raises an exception."""
    return Refusal(status, "P0001", message, details=details)


def identity(value: JSON, what: str) -> str:
    """Read a UUID."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        shown = str(value)
        raise Refusal(
            400, "22P02", f'invalid input syntax for type uuid: "{shown}"', details=what
        ) from None


async def select(connection: Connection, sql: str, *values: str | list[str]) -> list[Row]:
    """Read rows as JSON."""
    text = f"select coalesce(json_agg(found), '[]')::text from ({sql}) found"
    row = await (await connection.execute(text.encode(), values)).fetchone()
    return cast("list[Row]", orjson.loads(cast("bytes", row[0]))) if row else []


async def insert(
    connection: Connection, call: Call, kind: str, rows: Iterable[Mapping[str, JSON]]
) -> list[Row]:
    """Insert rows that all have the same columns; give them back as stored."""
    given = list(rows)
    if not given:
        return []
    await make_missing(connection, call.access.home, [kind])
    table = call.name(kind)
    columns = ", ".join(map(identifier, given[0]))
    made = (
        f"insert into {table} ({columns}) select {columns}"
        f" from json_populate_recordset(null::{table}, $1::json) returning *"
    )
    text = f"with made as ({made}) select coalesce(json_agg(made), '[]')::text from made"
    values = (orjson.dumps(given).decode(),)
    row = await (await connection.execute(text.encode(), values)).fetchone()
    return cast("list[Row]", orjson.loads(cast("bytes", row[0]))) if row else []

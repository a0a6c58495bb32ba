"""The endpoints that are more than rows: products and members are made and removed by actions.

- ``POST /products`` takes a name, a rent period and a time zone, nothing more; the id is chosen
  here. ``DELETE /products?id=X`` takes the product's bookings and all that hangs on them along.
- ``POST /members`` invites: it makes a user profile and a member with the role ``user``.
  ``DELETE /members?id=X`` revokes, but not an admin.
"""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid4

import orjson
import psycopg

from ..kind import JSON
from .database import Connection, Pool, refused
from .exchange import JSON_TYPE, Answer, Incoming
from .organizations import Access
from .refusal import Refusal, no_permission
from .schema import Reference, Table, load_tables, referencing
from .sql import qualified
from .tables import identifier


@dataclass(frozen=True, slots=True)
class Call:
    """A request to one of these endpoints."""

    incoming: Incoming
    access: Access
    table: Table


Action = Callable[[Connection, Call], Awaitable[Answer]]


async def respond_specially(
    pool: Pool, incoming: Incoming, access: Access, action: Action
) -> Answer:
    """Run an action in one transaction, with the rights of the verb."""
    call = Call(incoming, access, load_tables()[incoming.path])
    if not access.allows(call.table, incoming.method):
        raise no_permission(call.table.name)
    try:
        async with pool.connection() as connection, connection.transaction():
            return await action(connection, call)
    except psycopg.Error as error:
        raise refused(error) from None


# --- products -------------------------------------------------------------------------------


async def _create_product(connection: Connection, call: Call) -> Answer:
    given = _object(call, ("name", "rent_period", "timezone", "organization_id"))
    given = {**given, "organization_id": call.access.organization, "id": str(uuid4())}
    table = qualified(call.access.schema, call.table)
    columns = ", ".join(map(identifier, given))
    body = await _one(
        connection,
        f"with made as (insert into {table} ({columns}) select {columns}"
        f" from json_populate_record(null::{table}, $1::json) returning *)"
        " select row_to_json(made)::text from made",
        orjson.dumps(given).decode(),
    )
    return Answer(201, {"Content-Type": JSON_TYPE}, body, 1)


async def _delete_product(connection: Connection, call: Call) -> Answer:
    row, body = await _the_row(connection, call)
    schema = call.access.schema
    events = f"{identifier(schema)}.calendar_events"
    bookings = await _ids(
        connection, f"select distinct booking_id from {events} where product_id = $1", row
    )
    theirs = await _ids(
        connection,
        f"select id from {events} where product_id = $1 or booking_id = any ($2)",
        row,
        bookings,
    )
    for name, ids in (("calendar_events", theirs), ("bookings", bookings), ("products", [row])):
        await _remove(connection, schema, name, ids, also_optional=True)
    return Answer(200, {"Content-Type": JSON_TYPE}, body, 1)


# --- members --------------------------------------------------------------------------------


async def _invite_member(connection: Connection, call: Call) -> Answer:
    given = _object(call, ("email", "name", "language"))
    where = identifier(call.access.schema)
    profile = await _profile(connection, where, given)
    taken = await _ids(connection, f"select id from {where}.members where user_id = $1", profile)
    if taken:
        raise Refusal(
            409, "23505", "This person is a member already", details=f"Key (user_id)=({profile})"
        )
    body = await _one(
        connection,
        f"with made as (insert into {where}.members (organization_id, user_id, role)"
        " values ($1, $2, 'user') returning *)"
        " select row_to_json(answer)::text from"
        f" (select made.*, row_to_json(p) as user_profile from made join {where}.user_profiles p"
        " on p.user_id = made.user_id) answer",
        call.access.organization,
        profile,
    )
    return Answer(201, {"Content-Type": JSON_TYPE}, body, 1)


async def _profile(connection: Connection, where: str, given: Mapping[str, JSON]) -> str:
    found = await _ids(
        connection,
        f"select user_id from {where}.user_profiles where email = $1",
        cast("str", given.get("email")),
    )
    if found:
        return found[0]
    user = str(uuid4())
    made = {**given, "user_id": user}
    columns = ", ".join(map(identifier, made))
    await connection.execute(
        f"insert into {where}.user_profiles ({columns}) select {columns}"
        f" from json_populate_record(null::{where}.user_profiles, $1::json)".encode(),
        (orjson.dumps(made).decode(),),
    )
    return user


async def _revoke_member(connection: Connection, call: Call) -> Answer:
    row, body = await _the_row(connection, call)
    if orjson.loads(body)["role"] != "user":
        raise Refusal(400, "P0001", "Only members with the role user can be revoked")
    await _remove(connection, call.access.schema, "members", [row], also_optional=False)
    return Answer(200, {"Content-Type": JSON_TYPE}, body, 1)


# --- what they share ------------------------------------------------------------------------


def _object(call: Call, allowed: tuple[str, ...]) -> dict[str, JSON]:
    """Read a body that is one object with no other columns than these."""
    try:
        given = orjson.loads(call.incoming.body)
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise Refusal(400, "PGRST102", "Empty or invalid json")
    for name in sorted(given.keys() - set(allowed)):
        kind = call.table.name
        known = " only, and changed afterwards" if name in call.table.columns else ""
        message = f"{kind} are made from {', '.join(allowed)}{known}: '{name}' is none of them"
        raise Refusal(400, "PGRST204", message)
    return given


async def _the_row(connection: Connection, call: Call) -> tuple[str, bytes]:
    """Find the one row that ``id=X`` or ``id=eq.X`` names: its id, and itself as JSON."""
    _, equals, text = call.incoming.query.partition("id=")
    try:
        wanted = str(UUID(text.removeprefix("eq."))) if equals else ""
    except ValueError:
        wanted = ""
    if not wanted:
        raise Refusal(400, "PGRST100", "Exactly one row has to be named, as id=eq.<uuid>")
    table = qualified(call.access.schema, call.table)
    body = await _one(
        connection, f"select row_to_json(t)::text from {table} t where id = $1", wanted
    )
    if not body:
        raise Refusal(404, "PGRST116", f"There is no row {wanted} in {call.table.name}")
    return wanted, body


async def _one(connection: Connection, sql: str, *values: str) -> bytes:
    row = await (await connection.execute(sql.encode(), values)).fetchone()
    return cast("bytes", row[0]) if row else b""


async def _ids(connection: Connection, sql: str, *values: str | list[str]) -> list[str]:
    rows = await (await connection.execute(sql.encode(), values)).fetchall()
    return [str(row[0]) for row in rows if row[0] is not None]


async def _remove(
    connection: Connection, schema: str, name: str, ids: list[str], *, also_optional: bool
) -> None:
    """Delete rows, and first everything that references them.

    A reference that may be empty is emptied, unless ``also_optional`` takes its row too.
    """
    for statement in _removal(schema, name, "id = any ($1)", also_optional=also_optional):
        await connection.execute(statement.encode(), (ids,))


def _removal(
    schema: str, name: str, chosen: str, seen: tuple[str, ...] = (), *, also_optional: bool
) -> Iterator[str]:
    table = qualified(schema, load_tables()[name])
    for reference in referencing(name):
        if reference.cascades or reference.table in seen:
            continue
        column = identifier(reference.column)
        target = identifier(reference.target_column)
        rows = f"{column} in (select {target} from {table} where {chosen})"
        if also_optional or not _is_optional(reference):
            yield from _removal(
                schema, reference.table, rows, (*seen, name), also_optional=also_optional
            )
        else:
            other = qualified(schema, load_tables()[reference.table])
            yield f"update {other} set {column} = null where {rows}"
    yield f"delete from {table} where {chosen}"


def _is_optional(reference: Reference) -> bool:
    return load_tables()[reference.table].columns[reference.column].nullable


_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("products", "POST"): _create_product,
    ("products", "DELETE"): _delete_product,
    ("members", "POST"): _invite_member,
    ("members", "DELETE"): _revoke_member,
}


def special_action(incoming: Incoming) -> Action | None:
    """Find the action that a kind has instead of a plain create or delete."""
    return _ACTIONS.get((incoming.path, incoming.method))

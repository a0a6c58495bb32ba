"""Products and members: made and removed by actions.

- ``POST /products`` takes a name, a rent period and a time zone, nothing more; the id is chosen
  here. ``DELETE /products?id=X`` takes the product's bookings and all that hangs on them along.
- ``POST /members`` invites: it makes a user profile and a member with the role ``user``.
  ``DELETE /members?id=X`` revokes, but not an admin.
"""

# ruff: noqa: S608 - names come from the schemas, values go as parameters

from collections.abc import Mapping
from typing import cast
from uuid import UUID, uuid4

from ...values.column import JSON
from ..database import Connection
from ..exchange import Answer
from ..parameters import read_pairs
from ..refusal import Refusal
from ..tables import PRIVATE
from .call import Call, Row, answer, insert, read_object, refuse, select
from .removal import remove


async def create_product(connection: Connection, call: Call) -> Answer:
    """Make a product of its three columns."""
    given = _allowed(call, ("name", "rent_period", "timezone", "organization_id"))
    given = {"organization_id": call.access.home.organization, **given, "id": str(uuid4())}
    [row] = await insert(connection, call, "products", [given])
    return answer(201, cast("JSON", row))


async def delete_product(connection: Connection, call: Call) -> Answer:
    """Remove a product with its bookings, their events and links."""
    row = await _the_row(connection, call)
    key, events = str(row["id"]), call.name("calendar_events")
    sql = f"select distinct booking_id as id from {events} where product_id = $1"
    bookings = _ids(await select(connection, sql, key))
    sql = f"select id from {events} where product_id = $1 or booking_id = any ($2)"
    theirs = _ids(await select(connection, sql, key, bookings))
    for name, ids in (("calendar_events", theirs), ("bookings", bookings), ("products", [key])):
        await remove(connection, name, ids, also_optional=True)
    return answer(200, cast("JSON", row))


async def invite_member(connection: Connection, call: Call) -> Answer:
    """Make a member with the role ``user``, and a user profile for a new e-mail address."""
    given = _allowed(call, ("email", "name", "language"))
    profile = await _profile(connection, call, given)
    user, members = str(profile["user_id"]), call.name("members")
    if await select(connection, f"select id from {members} where user_id = $1", user):
        message = "This person is a member already"
        raise Refusal(409, "23505", message, details=f"Key (user_id)=({user})")
    organization = call.access.home.organization
    row = {"organization_id": organization, "user_id": user, "role": "user"}
    [member] = await insert(connection, call, "members", [row])
    return answer(201, {**member, "user_profile": cast("JSON", profile)})


async def revoke_member(connection: Connection, call: Call) -> Answer:
    """Remove a member with the role ``user``."""
    row = await _the_row(connection, call)
    if row["role"] != "user":
        raise refuse("Only members with the role user can be revoked")
    await remove(connection, "members", [str(row["id"])], also_optional=False)
    return answer(200, cast("JSON", row))


# --- what they share ------------------------------------------------------------------------


async def _profile(connection: Connection, call: Call, given: Mapping[str, JSON]) -> Row:
    sql = f"select * from {call.name('user_profiles')} where email = $1"
    found = await select(connection, sql, str(given.get("email")))
    if found:
        return found[0]
    user: JSON = str(uuid4())
    if isinstance(given.get("email"), str):  # somebody of another organization is the same person
        sql = f"select {PRIVATE}.person($1) as id"
        [person] = await select(connection, sql, str(given["email"]))
        user = person["id"]
    [made] = await insert(connection, call, "user_profiles", [{**given, "user_id": user}])
    return made


def _allowed(call: Call, allowed: tuple[str, ...]) -> Row:
    """Read a body with no other columns than these."""
    given = read_object(call)
    for name in sorted(given.keys() - set(allowed)):
        kind = call.table.name
        known = " only, and changed afterwards" if name in call.table.columns else ""
        message = f"{kind} are made from {', '.join(allowed)}{known}: '{name}' is none of them"
        raise Refusal(400, "PGRST204", message)
    return given


async def _the_row(connection: Connection, call: Call) -> Row:
    """Find the one row that ``id=X`` or ``id=eq.X`` names, and nothing else says more of."""
    given = [pair for pair in read_pairs(call.incoming.query) if pair[0] != "select"]
    try:
        [(name, text)] = given
        wanted = str(UUID((text or "").removeprefix("eq.")))
    except ValueError:
        name = wanted = ""
    if name != "id":
        raise Refusal(400, "PGRST100", "Exactly one row has to be named, as id=eq.<uuid>")
    kind = call.table.name
    found = await select(connection, f"select * from {call.name(kind)} where id = $1", wanted)
    if not found:
        raise Refusal(404, "PGRST116", f"There is no row {wanted} in {kind}")
    return found[0]


def _ids(rows: list[Row]) -> list[str]:
    return [str(row["id"]) for row in rows if row["id"] is not None]

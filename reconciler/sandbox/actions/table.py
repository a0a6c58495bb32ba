"""Which request is an action, and with whose rights it runs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import psycopg

from ..database import Connection, Pool, opened, refused
from ..exchange import Answer, Incoming
from ..organizations import Access
from ..refusal import no_permission
from ..schema import load_tables, served
from .availability import availability
from .book import book
from .call import Call
from .products import create_product, delete_product, invite_member, revoke_member
from .search import search


@dataclass(frozen=True, slots=True)
class Action:
    """A function, and the kind and method whose rights it needs."""

    run: Callable[[Connection, Call], Awaitable[Answer]]
    kind: str
    method: str


_CREATE = Action(create_product, "products", "POST")
_DELETE = Action(delete_product, "products", "DELETE")
_INVITE = Action(invite_member, "members", "POST")
_REVOKE = Action(revoke_member, "members", "DELETE")
_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("products", "POST"): _CREATE,
    ("products", "DELETE"): _DELETE,
    ("members", "POST"): _INVITE,
    ("members", "DELETE"): _REVOKE,
    ("create-product", "POST"): _CREATE,
    ("delete-product", "POST"): _DELETE,
    ("invite-member", "POST"): _INVITE,
    ("revoke-member", "POST"): _REVOKE,
    ("availability", "GET"): Action(availability, "calendar_events", "GET"),
    ("search", "POST"): Action(search, "products", "GET"),
    # Not a plain create: that is documented of today where `POST /bookings` is not.
    ("book", "POST"): Action(book, "contact_bookings", "POST"),
}

ACTION_PATHS = frozenset(path for path, _ in _ACTIONS)


def special_action(incoming: Incoming) -> Action | None:
    """Find the action that a request means."""
    return None if served().replaces else _ACTIONS.get((incoming.path, incoming.method))


async def respond_specially(
    pool: Pool, incoming: Incoming, access: Access, action: Action
) -> Answer:
    """Run an action in one transaction, with the rights of its kind and method."""
    call = Call(incoming, access, load_tables()[action.kind])
    if not access.allows(call.table, action.method):
        raise no_permission(call.table.name)
    try:
        async with opened(pool, access.home) as connection, connection.transaction():
            return await action.run(connection, call)
    except psycopg.Error as error:
        raise refused(error) from None

"""One request to a kind: read what it wants, plan it, run it as one statement, answer.

This is the sandbox's main story. Whatever is wrong is raised as a Refusal on the way.
"""

from dataclasses import dataclass
from urllib.parse import quote

import orjson

from .database import Pool, Result, run
from .exchange import JSON_TYPE, Answer, Incoming
from .organizations import Access
from .parameters import read_query
from .payload import read_payload
from .plan import plan_conditions, plan_read, plan_returned, written_columns
from .preferences import Preferences
from .query import Query
from .ranges import content_range, list_status, out_of_bounds, page, requested_window
from .refusal import Refusal, missing_table, no_permission
from .schema import Table, load_tables
from .sql import (
    Shape,
    Statement,
    delete_statement,
    insert_statement,
    read_statement,
    update_statement,
)

OBJECT_TYPE = "application/vnd.pgrst.object+json"


@dataclass(frozen=True, slots=True)
class Request:
    """A request to a kind, read as far as it can be without the database."""

    incoming: Incoming
    access: Access
    table: Table
    query: Query
    preferences: Preferences
    singular: bool

    @property
    def counts(self) -> bool:
        """Tell whether an exact count is asked for."""
        return self.preferences.count is not None

    @property
    def content_type(self) -> dict[str, str]:
        """The header for the rows in the answer."""
        return {"Content-Type": f"{OBJECT_TYPE}; charset=utf-8" if self.singular else JSON_TYPE}


def read_request(incoming: Incoming, access: Access) -> Request:
    """Read a request; raise a Refusal for one that is not of the form."""
    query = read_query(incoming.query)
    table = load_tables().get(incoming.path)
    if table is None:
        raise missing_table(incoming.path)
    return Request(
        incoming,
        access,
        table,
        query,
        Preferences.parse(incoming.all_headers("prefer")),
        singular=OBJECT_TYPE in incoming.header("accept"),
    )


async def respond(pool: Pool, request: Request) -> Answer:
    """Answer a request to a kind."""
    match request.incoming.method:
        case "GET" | "HEAD":
            return await _list(pool, request)
        case "POST":
            return await _create(pool, request)
        case "PATCH":
            return await _update(pool, request)
        case "DELETE":
            return await _delete(pool, request)
        case method:
            raise Refusal(405, "PGRST117", f"Unsupported HTTP method: {method}")


async def _list(pool: Pool, request: Request) -> Answer:
    window = requested_window(request.query)
    read = plan_read(request.table, request.query, page(window))
    _permit(request, "GET")
    shape: Shape = "object" if request.singular else "list"
    statement = read_statement(request.access.schema, read, shape, count=request.counts)
    result = await run(pool, statement, singular=request.singular)
    status = list_status(window.offset, result.rows, result.total)
    headers = {
        "Content-Range": content_range(window.offset, result.rows, result.total),
        "Content-Location": _content_location(request),
        **request.content_type,
    }
    body = result.body
    if status == 416:
        body = out_of_bounds(window.offset, result.total or 0).body
    return Answer(status, headers, body, result.rows)


async def _create(pool: Pool, request: Request) -> Answer:
    payload = read_payload(
        request.incoming.body, request.incoming.header("content-type"), request.query.columns
    )
    read = plan_returned(request.table, request.query)
    columns = written_columns(request.table, payload.keys)
    _permit(request, "POST")
    locate = request.preferences.representation == "headers-only"
    statement = insert_statement(
        request.access.schema, read, columns, payload.text, _shape(request), locate=locate
    )
    result = await _write(pool, request, statement)
    headers = {
        **_location(request.table, result),
        "Content-Range": f"*/{result.rows if request.counts else '*'}",
    }
    return _written(request, 201, headers, result)


async def _update(pool: Pool, request: Request) -> Answer:
    payload = read_payload(
        request.incoming.body, request.incoming.header("content-type"), request.query.columns
    )
    read = plan_returned(request.table, request.query)
    columns = written_columns(request.table, payload.keys)
    conditions = plan_conditions(request.table, request.query)
    _permit(request, "PATCH")
    statement = update_statement(
        request.access.schema, read, columns, payload.text, conditions, _shape(request)
    )
    result = await _write(pool, request, statement)
    total = result.rows if request.counts else None
    return _written(request, 204, {"Content-Range": content_range(0, result.rows, total)}, result)


async def _delete(pool: Pool, request: Request) -> Answer:
    read = plan_returned(request.table, request.query)
    conditions = plan_conditions(request.table, request.query)
    _permit(request, "DELETE")
    statement = delete_statement(request.access.schema, read, conditions, _shape(request))
    result = await _write(pool, request, statement)
    headers = {"Content-Range": f"*/{result.rows if request.counts else '*'}"}
    return _written(request, 204, headers, result)


# --- what they share ------------------------------------------------------------------------


def _permit(request: Request, method: str) -> None:
    if not request.access.allows(request.table, method):
        raise no_permission(request.table.name)


def _shape(request: Request) -> Shape:
    if request.preferences.representation != "representation":
        return "none"
    return "object" if request.singular else "list"


async def _write(pool: Pool, request: Request, statement: Statement) -> Result:
    return await run(pool, statement, singular=request.singular)


def _written(request: Request, status: int, headers: dict[str, str], result: Result) -> Answer:
    """Answer a write: with the rows as they are now, if they are wanted."""
    if request.preferences.representation != "representation":
        return Answer(status, headers, b"", result.rows)
    with_rows = 201 if status == 201 else 200
    return Answer(with_rows, {**headers, **request.content_type}, result.body, result.rows)


def _content_location(request: Request) -> str:
    query = request.query.canonical
    return f"/{request.table.name}" + (f"?{query}" if query else "")


def _location(table: Table, result: Result) -> dict[str, str]:
    if result.location is None:
        return {}
    key: dict[str, str] = orjson.loads(result.location)
    query = "&".join(f"{column}={quote(value, safe='')}" for column, value in key.items())
    return {"Location": f"/{table.name}?{query}"}

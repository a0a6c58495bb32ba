"""One request to a kind: plan what it wants, check the names, run it as one statement, answer.

This is the sandbox's main story. Whatever is wrong is raised as a Refusal on the way.
"""

from typing import cast
from urllib.parse import quote

import orjson

from .database import Check, Pool, Result, expected_rows, not_one, run
from .exchange import Answer
from .parameters import canonical_query
from .plan import (
    Read,
    Write,
    check_conditions,
    check_counted,
    check_own_name,
    check_read,
    check_returned,
    check_single_column,
    plan_read,
    plan_write,
)
from .ranges import PAGE, content_range, list_status, out_of_bounds, page
from .refusal import Refusal, no_permission, too_many_changed
from .request import Request
from .schema import Table
from .sql import (
    Shape,
    Statement,
    count_statement,
    delete_statement,
    insert_statement,
    read_statement,
    update_statement,
)

_SHAPES: dict[str, Shape] = {
    "json": "list",
    "object": "object",
    "csv": "csv",
    "geo": "geo",
    "bytes": "bytes",
    "text": "text",
    "xml": "xml",
}


async def respond(pool: Pool, request: Request) -> Answer:
    """Answer a request to a kind."""
    match request.method:
        case "GET" | "HEAD":
            return await _list(pool, request)
        case "OPTIONS":
            return _options(request)
        case "POST":
            return await _create(pool, request)
        case "PUT":
            return await _put(pool, request)
        case "PATCH":
            return await _update(pool, request)
        case _:
            return await _delete(pool, request)


# --- reading --------------------------------------------------------------------------------


async def _list(pool: Pool, request: Request) -> Answer:
    read = plan_read(request.table, request.query, window=page(request.window))
    _check_names(request, read)
    _permit_reading(request, read)
    estimated = request.preferences.count == "estimated"
    statement = read_statement(
        read,
        _SHAPES[request.media],
        count=request.preferences.counts,
        at_most=PAGE + 1 if estimated else None,
    )
    result = await run(pool, request.access.home, statement, _single(request))
    total = await _total(pool, request, read, result)
    lower = request.window.lower
    status = list_status(lower, result.rows, total)
    headers = {
        "Content-Range": content_range(lower, result.rows, total),
        "Content-Location": _content_location(request),
        **request.content_headers,
    }
    body = out_of_bounds(lower, total or 0).body if status == 416 else result.body
    return Answer(status, headers, body, result.rows, _applied(request))


def _check_names(request: Request, read: Read) -> None:
    is_raw = request.media in {"bytes", "text", "xml"}
    if is_raw:
        check_single_column(read, request.content_headers["Content-Type"].partition(";")[0])
    check_read(read)
    if request.preferences.count is not None:
        check_counted(read)
    if is_raw:
        check_own_name(read)


async def _total(pool: Pool, request: Request, read: Read, result: Result) -> int | None:
    """Tell how many rows there are, as exactly as was asked for."""
    wanted, counted = request.preferences.count, result.total
    if wanted == "planned" or (counted is not None and wanted == "estimated" and counted > PAGE):
        expected = await expected_rows(pool, request.access.home, count_statement(read))
        return max(counted or 0, expected)
    return counted


def _options(request: Request) -> Answer:
    allowed = ["OPTIONS"]
    access, table = request.access, request.table
    allowed += ["GET", "HEAD"] if access.allows(table, "GET") else []
    allowed += [m for m in ("POST", "PUT", "PATCH", "DELETE") if access.allows(table, m)]
    return Answer(200, {"Access-Control-Allow-Origin": "*", "Allow": ",".join(allowed)})


# --- writing --------------------------------------------------------------------------------


async def _create(pool: Pool, request: Request) -> Answer:
    read, write = _plan(request)
    locate = request.preferences.representation == "headers-only"
    statement = insert_statement(write, read, _shape(request), locate=locate)
    result = await _run(pool, request, statement, _single(request))
    count = result.rows if request.preferences.counts else "*"
    headers = {**_location(request.table, result), "Content-Range": f"*/{count}"}
    conflict = write.conflict or request.query.on_conflict is not None
    resolution = request.preferences.resolution if conflict else None
    applied = [f"resolution={resolution}"] if resolution else []
    return _written(request, 201, headers, result, [*applied, *_missing(request)])


async def _put(pool: Pool, request: Request) -> Answer:
    read, write = _plan(request)
    statement = insert_statement(write, read, _shape(request), locate=False)
    result = await _run(pool, request, statement, _check_put)
    return _written(request, 204, {}, result, [])


async def _update(pool: Pool, request: Request) -> Answer:
    read, write = _plan(request)
    statement = update_statement(write, read, _shape(request))
    result = await _run(pool, request, statement, _single(request) or _limited(request))
    total = result.rows if request.preferences.counts else None
    headers = {"Content-Range": content_range(0, result.rows, total)}
    return _written(request, 204, headers, result, _missing(request))


async def _delete(pool: Pool, request: Request) -> Answer:
    read, write = _plan(request)
    statement = delete_statement(write, read, _shape(request))
    result = await _run(pool, request, statement, _single(request) or _limited(request))
    count = result.rows if request.preferences.counts else "*"
    return _written(request, 204, {"Content-Range": f"*/{count}"}, result, [])


def _plan(request: Request) -> tuple[Read, Write]:
    """Plan a write and the rows it answers; check all names, and the rights."""
    read = plan_read(request.table, request.query, window=None, written=True)
    write = plan_write(
        request.method, read, request.query, request.payload, request.preferences, request.window
    )
    check_conditions(write)
    check_returned(write)
    if request.preferences.full:
        check_read(read, write.returned)
        _permit_embedded(request, read)
    _permit(request, request.table, request.method)
    if write.resolution == "merge-duplicates":
        _permit(request, request.table, "PATCH")
    return read, write


async def _run(pool: Pool, request: Request, statement: Statement, check: Check | None) -> Result:
    undone = request.access.may_undo and request.preferences.transaction == "rollback"
    return await run(pool, request.access.home, statement, check, keep=not undone)


def _written(
    request: Request, status: int, headers: dict[str, str], result: Result, applied: list[str]
) -> Answer:
    """Answer a write: with the rows as they are now, if they are wanted."""
    all_applied = tuple(applied) or _applied(request)
    if not request.preferences.full:
        return Answer(status, headers, b"", result.rows, all_applied)
    with_rows = 201 if status == 201 else 200
    found = {**headers, **request.content_headers}
    return Answer(with_rows, found, result.body, result.rows, all_applied)


def _check_put(result: Result) -> None:
    if result.rows != 1:
        message = "Payload values do not match URL in primary key column(s)"
        raise Refusal(400, "PGRST115", message)


def _missing(request: Request) -> list[str]:
    missing = request.preferences.missing
    return [f"missing={missing}"] if missing else []


def _applied(request: Request) -> tuple[str, ...]:
    wanted = request.preferences.transaction
    return (f"tx={wanted}",) if wanted and request.access.may_undo else ()


def _location(table: Table, result: Result) -> dict[str, str]:
    if result.location is None:
        return {}
    key = cast("dict[str, str]", orjson.loads(result.location))
    query = "&".join(f"{column}={quote(value, safe='')}" for column, value in key.items())
    return {"Location": f"/{table.name}?{query}"}


# --- what they share ------------------------------------------------------------------------


def _permit(request: Request, table: Table, method: str) -> None:
    if not request.access.allows(table, method):
        raise no_permission(table.name)


def _permit_reading(request: Request, read: Read) -> None:
    for one in read.every():
        _permit(request, one.table, "GET")


def _permit_embedded(request: Request, read: Read) -> None:
    for child in read.children:
        _permit_reading(request, child.read)


def _single(request: Request) -> Check | None:
    """Refuse other than one row where one object is wanted."""
    if request.media != "object":
        return None

    def check(result: Result) -> None:
        if result.rows != 1:
            raise not_one(result.rows)

    return check


def _limited(request: Request) -> Check | None:
    """Refuse more changed rows than the limit: the order that chose them had ties."""
    limit = request.window.limit
    if limit is None:
        return None

    def check(result: Result) -> None:
        if result.rows > limit:
            raise too_many_changed(result.rows, limit)

    return check


def _shape(request: Request) -> Shape:
    return _SHAPES[request.media] if request.preferences.full else "none"


def _content_location(request: Request) -> str:
    query = canonical_query(request.incoming.query)
    return f"/{request.table.name}" + (f"?{query}" if query else "")

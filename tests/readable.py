"""A small HTTP server that reads rows out of memory, for what only reads and needs no database."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import orjson

from reconciler.catalogue.kind import Kind
from reconciler.client.connection import Connection
from reconciler.values.column import JSON
from tests.builders import KINDS, ORGANIZATION
from tests.front import Forward, Reply, Request, front

EMPTY: Mapping[str, JSON] = {
    "boolean": False,
    "smallint": 0,
    "integer": 0,
    "bigint": 0,
    "real": 0,
    "jsonb": {},
    "text[]": [],
    "boolean[]": [],
    "uuid": ORGANIZATION,
    "date": "2026-01-01",
    "time": "00:00:00",
    "timestamptz": "2026-01-01T00:00:00+00:00",
    "daterange": "empty",
    "datemultirange": "{}",
}
_ASKED = re.compile(r"([a-z_]+)=(?:in\.\(|eq\.)")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def whole(kind: Kind, given: Mapping[str, JSON]) -> dict[str, JSON]:
    """Give a row every column of its kind; what is not given is empty."""
    columns = kind.columns.values()
    return {
        **{c.name: None if c.nullable else EMPTY.get(c.type.name, "") for c in columns},
        **given,
    }


@contextmanager
def readable(
    rows: Mapping[str, Collection[Mapping[str, JSON]]], *, refused: Collection[str] = ()
) -> Iterator[Connection]:
    """Serve whole rows by kind to those who ask for ids; ``refused`` kinds may not be read.

    The ids may be of another column than the row's own.
    """

    def answer(request: Request, forward: Forward) -> Reply:
        assert request.method == "GET", "nothing is written here"
        if request.kind in refused:
            return Reply(403, b'{"code": "42501", "message": "permission denied"}')
        kind, ids = KINDS[request.kind], set(_UUID.findall(request.query))
        column = _ASKED.search(request.query)
        assert column, "nobody asks for whole kinds here"
        found = [row for row in rows.get(kind.name, ()) if row.get(column[1]) in ids]
        found.sort(key=lambda row: str(row[kind.id_column]))
        body = orjson.dumps([whole(kind, row) for row in found])
        return Reply(200, body, {"Content-Range": f"*/{len(found)}"})

    with front(answer) as url:
        yield Connection.checked(url, "key")

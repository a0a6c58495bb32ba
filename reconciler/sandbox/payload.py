"""The body of a write: its JSON, and the columns it gives."""

import csv
import io
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

from .jsonwords import json_problem
from .media import mime
from .refusal import Refusal


@dataclass(frozen=True, slots=True)
class Payload:
    """A body as JSON text, an object or an array of them, and the keys they all have."""

    text: str
    keys: frozenset[str]


def read_payload(body: bytes, content_type: str, columns: tuple[str, ...] | None) -> Payload:
    """Read a body; raise a Refusal with code PGRST102.

    Where the query string says which ``columns`` are meant, the JSON is left to PostgreSQL.
    """
    media = mime(content_type)
    if media == "application/json":
        if columns is not None:
            return Payload(body.decode(errors="replace"), frozenset(columns))
        return _uniform(body, "All object keys must match")
    if media == "text/csv":
        return _uniform(_json_of_csv(body), "All lines must have same number of fields")
    if media == "application/x-www-form-urlencoded":
        values = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        return Payload(orjson.dumps(values).decode(), frozenset(values))
    raise _bad(f"Content-Type not acceptable: {media}")


def _uniform(body: bytes, otherwise: str) -> Payload:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _bad(json_problem(body.decode(errors="replace"))) from None
    if isinstance(value, dict):
        return Payload(body.decode(), frozenset(value))
    if not isinstance(value, list) or not value:
        return Payload("[]", frozenset())
    head = value[0]
    if not isinstance(head, dict):
        raise _bad(otherwise)
    keys = head.keys()
    if not all(isinstance(row, dict) and row.keys() == keys for row in value):
        raise _bad(otherwise)
    return Payload(body.decode(), frozenset(keys))


def _json_of_csv(body: bytes) -> bytes:
    """Make objects of lines; the text NULL, and nothing else, is null."""
    lines = csv.reader(io.StringIO(body.decode(errors="replace"), newline=""))
    header, *rows = [line for line in lines if line] or [[]]
    if not header:
        raise _bad('parse error (not enough input) at ""')
    objects = [
        {key: None if value == "NULL" else value for key, value in zip(header, row, strict=False)}
        for row in rows
    ]
    return orjson.dumps(objects)


def _bad(message: str) -> Refusal:
    return Refusal(400, "PGRST102", message)

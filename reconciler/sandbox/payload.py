"""The body of a write: its JSON, and the columns it gives."""

import json
from dataclasses import dataclass
from typing import cast

import orjson

from ..values.column import JSON
from .csvlines import read_csv
from .jsonwords import json_problem
from .media import mime
from .parameters import read_pairs
from .refusal import Refusal

_MIXED_LINES = "All lines must have same number of fields"
_MIXED_KEYS = "All object keys must match"


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
            return Payload(_text_for_postgresql(body), frozenset(columns))
        return _uniform(read_json(body), body, _MIXED_KEYS)
    if media == "text/csv":
        return _of_csv(body)
    if media == "application/x-www-form-urlencoded":
        values = {key: value or "" for key, value in read_pairs(_text(body))}
        return Payload(orjson.dumps(values).decode(), frozenset(values))
    raise bad_body(f"Content-Type not acceptable: {media}")


def read_json(body: bytes) -> JSON:
    """Read JSON; raise a Refusal in the words of the library that PostgREST is built with."""
    try:
        return cast("JSON", orjson.loads(body))
    except orjson.JSONDecodeError:
        problem = json_problem(body)
        if problem is not None:
            raise bad_body(problem) from None
        # a number beyond all doubles, or a control character: PostgreSQL has to judge of them
        return cast("JSON", json.loads(body, parse_int=float, strict=False))


def bad_body(message: str) -> Refusal:
    """Refuse a body."""
    return Refusal(400, "PGRST102", message)


def _uniform(value: JSON, body: bytes, otherwise: str) -> Payload:
    if isinstance(value, dict):
        return Payload(body.decode(), frozenset(value))
    if not isinstance(value, list) or not value:
        return Payload("[]", frozenset())
    head = value[0]
    if not isinstance(head, dict):
        raise bad_body(otherwise)
    keys = head.keys()
    if not all(isinstance(row, dict) and row.keys() == keys for row in value):
        raise bad_body(otherwise)
    return Payload(body.decode(), frozenset(keys))


def _of_csv(body: bytes) -> Payload:
    try:
        rows = cast("list[JSON]", read_csv(body))
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from None
    except ValueError as error:
        raise bad_body(str(error)) from None
    return _uniform(rows, orjson.dumps(rows), _MIXED_LINES)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from None


def _not_utf8(error: UnicodeDecodeError) -> Refusal:
    byte = f"'\\x{error.object[error.start]:02x}'"
    reason = f"Cannot decode byte {byte}: Data.Text.Internal.Encoding: Invalid UTF-8 stream"
    return bad_body(f"Error in $: Failed reading: {reason}")


def _text_for_postgresql(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        message = f'invalid byte sequence for encoding "UTF8": 0x{body[error.start]:02x}'
        raise Refusal(400, "22021", message) from None

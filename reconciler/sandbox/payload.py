"""The body of a write: its JSON, and the columns it gives."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson

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
    media = content_type.partition(";")[0].strip().lower() or "application/json"
    if media == "application/x-www-form-urlencoded":
        values = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        return Payload(orjson.dumps(values).decode(), frozenset(values))
    if media not in {"application/json", "application/vnd.pgrst.object+json"}:
        raise Refusal(400, "PGRST102", f"Content-Type not acceptable: {media}")
    if columns is not None:
        return Payload(body.decode(errors="replace"), frozenset(columns))
    return _uniform(body)


def _uniform(body: bytes) -> Payload:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal(400, "PGRST102", "Empty or invalid json") from None
    if isinstance(value, dict):
        return Payload(body.decode(), frozenset(value))
    if not isinstance(value, list) or not value:
        return Payload("[]", frozenset())
    return Payload(body.decode(), _common_keys(value))


def _common_keys(rows: list[object]) -> frozenset[str]:
    head = rows[0]
    if isinstance(head, dict):
        keys = head.keys()
        if all(isinstance(row, dict) and row.keys() == keys for row in rows):
            return frozenset(keys)
    raise Refusal(400, "PGRST102", "All object keys must match")

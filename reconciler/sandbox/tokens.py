"""Why a key is no token, in the words of the library that PostgREST reads tokens with."""

import base64
import re
from contextlib import suppress

import orjson

_URL_SAFE = re.compile(r"[A-Za-z0-9_-]*").fullmatch


def token_problem(key: str) -> str:
    """Say what is wrong with a text that opens nothing; one of the right form is not signed."""
    parts = key.split(".")
    if len(parts) != 3:
        what = f"Invalid number of parts: Expected 3 parts; got {len(parts)}"
        return f"JWSError (CompactDecodeError {what})"
    header, payload, signature = map(_bytes_of, parts)
    problem = None
    if payload is None or header is None:
        problem = "Not valid base64url"
    elif (parameters := _object_of(header)) is None:
        problem = "protected header contains invalid JSON"
    elif "alg" not in parameters:
        problem = 'missing required header \\"alg\\"'
    elif signature is None:
        problem = "Not valid base64url"
    return f'JWSError (JSONDecodeError "{problem}")' if problem else "JWSError JWSInvalidSignature"


def _bytes_of(part: str) -> bytes | None:
    if not _URL_SAFE(part) or len(part) % 4 == 1:
        return None
    found = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    same = base64.urlsafe_b64encode(found).decode().rstrip("=") == part
    return found if same else None


def _object_of(text: bytes) -> dict[str, object] | None:
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(text)
        if isinstance(found, dict):
            return found
    return None

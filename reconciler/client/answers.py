"""What the server said, as values: rows, counts, and errors with the server's own words."""

import re
from collections.abc import Mapping

import orjson

from ..catalogue import Kind
from ..diagnostics import ApiError, AuthorizationError, BadAnswerError
from .cells import read_cells

_COUNT = re.compile(r"(?:\*|\d+-\d+)/(\d+)$")
_KEY_VALUES = re.compile(r"Key \((.*?)\)=\(.*\)")
_HINTS = {
    401: "check the API key (BOOKINGMOOD_API_KEY): it may be mistyped or revoked",
    403: "this API key may not do that: give it the right in Settings > API keys, or use another",
    404: "check the API address (BOOKINGMOOD_API_URL)",
    "23503": "a row that is referenced does not exist (any more): run plan again",
    "DELETE 23503": "other rows still refer to it: take these out first, or put its block back",
    "23505": "another row already has this value: rename one, or import the row that exists",
    "23502": "give the column a value",
}


def total_of(content_range: str | None) -> int | None:
    """Read the exact count from a Content-Range; None where the server gave none."""
    found = _COUNT.search(content_range or "")
    return int(found.group(1)) if found else None


def rows_of(method: str, path: str, status: int, body: bytes) -> list[dict[str, object]]:
    """Read an answer's rows, not yet looked at; raises BadAnswerError where it holds none."""
    try:
        content = read_cells(body)
    except ValueError as error:
        raise BadAnswerError(
            f"the answer to {method} {path} is not JSON ({_kind_of(body)})",
            method=method,
            path=path,
            status=status,
            hint="check the API address (BOOKINGMOOD_API_URL); a proxy or login page may answer",
        ) from error
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise BadAnswerError(
            f"the answer to {method} {path} is not a list of rows",
            method=method,
            path=path,
            status=status,
            hint="check the API address (BOOKINGMOOD_API_URL)",
        )
    return content


def error_of(kind: Kind | None, method: str, path: str, status: int, body: bytes) -> ApiError:
    """Turn an error answer into an error, with what could be personal left out."""
    words = _words(body)
    code = words.get("code")
    message = words.get("message") or words.get("error") or f"HTTP status {status}"
    return (AuthorizationError if status in {401, 403} else ApiError)(
        f"{method} {path} was refused: {message}",
        method=method,
        path=path,
        status=status,
        code=code,
        details=_masked(kind, words.get("details")),
        hint=_hint(method, code) or words.get("hint") or _HINTS.get(status),
    )


def _hint(method: str, code: str | None) -> str | None:
    return _HINTS.get(f"{method} {code}") or _HINTS.get(code or "")


def _words(body: bytes) -> dict[str, str]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(content, Mapping):
        return {}
    known = ("code", "message", "details", "hint", "error")
    return {name: str(content[name]) for name in known if content.get(name) is not None}


def _masked(kind: Kind | None, details: str | None) -> str | None:
    if details is None or details.startswith("Failing row contains"):
        return None  # it lists every value of the row
    found = _KEY_VALUES.search(details)
    names = [name.strip() for name in found.group(1).split(",")] if found else []
    private = kind is None or any(
        kind.columns[name].private for name in names if name in kind.columns
    )
    return _KEY_VALUES.sub(r"Key (\1)=(…)", details) if found and private else details


def _kind_of(body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return "it is empty"
    if start.startswith((b"<!doctype", b"<html", b"<")):
        return "it is a web page"
    return "it may be cut off" if start[:1] in b"[{" else "it is plain text"

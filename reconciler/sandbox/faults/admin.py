"""``/admin/faults``: shows, replaces and clears the faults of a running sandbox.

A page in a browser can send requests to this machine, too: the token keeps it out, and the check of
``Host`` keeps out a page whose name was made to point here.
"""

import secrets
from urllib.parse import urlsplit

import orjson

from ...diagnostics import UsageError
from ..exchange import JSON_TYPE, Answer, Incoming
from .board import Board
from .spec import Fault

_SAID = {"Content-Type": JSON_TYPE}
_OURSELVES = {"127.0.0.1", "localhost", "::1"}


def respond_to_admin(board: Board, token: str, incoming: Incoming) -> Answer:
    """Answer GET, PUT with a JSON list of SPECs, or DELETE, of whoever has the token."""
    refused = _refusal(token, incoming)
    if refused is not None:
        return refused
    method = incoming.method
    if method == "PUT":
        try:
            board.put(_read(incoming.body))
        except UsageError as error:
            return _said(400, error.message, error.hint)
    elif method == "DELETE":
        board.put(())
    elif method not in {"GET", "HEAD"}:
        return Answer(405, {"Allow": "GET, HEAD, PUT, DELETE"})
    return Answer(200, _SAID, orjson.dumps(board.shown()))


def _refusal(token: str, incoming: Incoming) -> Answer | None:
    if not _is_here(incoming.header("host")):
        return _said(403, "the Host is no address of this machine", "use http://127.0.0.1:PORT")
    scheme, _, given = incoming.header("authorization").partition(" ")
    if scheme.lower() == "bearer" and secrets.compare_digest(
        given.strip().encode(), token.encode()
    ):
        return None
    hint = "send the `admin_token` of the first line as Authorization: Bearer TOKEN"
    return _said(401, "the token is missing or another", hint)


def _is_here(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _OURSELVES
    except ValueError:
        return False


def _said(status: int, message: str, hint: str | None) -> Answer:
    return Answer(status, _SAID, orjson.dumps({"message": message, "hint": hint}))


def _read(body: bytes) -> list[Fault]:
    try:
        specs = orjson.loads(body)
    except orjson.JSONDecodeError:
        specs = None
    if not isinstance(specs, list) or not all(isinstance(one, str) for one in specs):
        raise UsageError("the body is no JSON list of texts", hint='such as ["status=503,nth=7"]')
    return [Fault.parse(one) for one in specs]

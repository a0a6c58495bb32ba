"""``/admin/faults``: shows, replaces and clears the faults of a running sandbox."""

import orjson

from ...errors import UsageError
from ..exchange import JSON_TYPE, Answer
from .board import Board
from .spec import Fault

_SAID = {"Content-Type": JSON_TYPE}


def respond_to_admin(board: Board, method: str, body: bytes) -> Answer:
    """Answer GET, PUT with a JSON list of SPECs, or DELETE."""
    if method == "PUT":
        try:
            board.put(_read(body))
        except UsageError as error:
            said = orjson.dumps({"message": error.message, "hint": error.hint})
            return Answer(400, _SAID, said)
    elif method == "DELETE":
        board.put(())
    elif method not in {"GET", "HEAD"}:
        return Answer(405, {"Allow": "GET, HEAD, PUT, DELETE"})
    return Answer(200, _SAID, orjson.dumps(board.shown()))


def _read(body: bytes) -> list[Fault]:
    try:
        specs = orjson.loads(body)
    except orjson.JSONDecodeError:
        specs = None
    if not isinstance(specs, list) or not all(isinstance(one, str) for one in specs):
        raise UsageError("the body is no JSON list of texts", hint='such as ["status=503,nth=7"]')
    return [Fault.parse(one) for one in specs]

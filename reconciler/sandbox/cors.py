"""What browsers are told: pages of every origin may ask for everything, as PostgREST allows."""

from collections.abc import Mapping

from .exchange import Answer, Incoming

_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "HEAD")
_HEADERS = ("Accept", "Accept-Language", "Content-Language")
_EXPOSED = (
    "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location, Server, "
    "Transfer-Encoding, Range-Unit"
)
_MAX_AGE = 24 * 60 * 60


def preflight(incoming: Incoming) -> Answer | None:
    """Answer what a browser asks before a request of another page; None of any other request."""
    origin = incoming.header("origin")
    wanted = incoming.header("access-control-request-method")
    if incoming.method != "OPTIONS" or not origin or wanted not in _METHODS:
        return None
    headers = {
        **_allowed(origin),
        "Access-Control-Allow-Methods": ", ".join(_METHODS),
        "Access-Control-Max-Age": str(_MAX_AGE),
    }
    asked = incoming.header("access-control-request-headers")
    if asked:
        named = ("Authorization", *(name.strip() for name in asked.split(",")))
        known = {name.lower() for name in named}
        others = (name for name in _HEADERS if name.lower() not in known)
        headers["Access-Control-Allow-Headers"] = ", ".join((*named, *others))
    return Answer(200, headers)


def cors_headers(incoming: Incoming) -> Mapping[str, str]:
    """Give what is added to the answer of a request that a page of another origin made."""
    origin = incoming.header("origin")
    if not origin or incoming.method == "OPTIONS":
        return {}
    return {**_allowed(origin), "Access-Control-Expose-Headers": _EXPOSED}


def _allowed(origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}

"""Paths that are no kind: the root, functions (there are none), and what is not there at all."""

from urllib.parse import parse_qsl

from .exchange import Answer, Incoming
from .media import content_type, mime
from .openapi import describe_api
from .organizations import Access
from .refusal import Refusal, not_found
from .request import read_form

BASE = "/v1"


def respond_at_root(incoming: Incoming, access: Access) -> Answer:
    """Answer a request to the root: the API's description."""
    read_form(incoming)
    if incoming.method == "OPTIONS":
        allowed = {"Access-Control-Allow-Origin": "*", "Allow": "OPTIONS,GET,HEAD"}
        return Answer(200, allowed)
    if incoming.method not in {"GET", "HEAD"}:
        raise not_found()
    headers = {"Content-Type": content_type("openapi")}
    return Answer(200, headers, describe_api(access, incoming.header("host"), BASE))


def respond_to_function(incoming: Incoming) -> Answer:
    """Refuse a function, in PostgREST's words."""
    _, _, name = incoming.path.partition("/")
    if "/" in name:
        raise not_found()
    reads = incoming.method in {"GET", "HEAD"}
    if not reads and incoming.method != "POST":
        message = f"Cannot use the {incoming.method} method on RPC"
        raise Refusal(405, "PGRST101", message)
    keys = sorted(key for key, _ in parse_qsl(incoming.query)) if reads else []
    given = ", ".join(keys)
    with_keys = f" with parameter{'s' if len(keys) > 1 else ''} {given}"
    searched = with_keys if keys else " without parameters"
    if not reads and mime(incoming.header("content-type")) == "application/json":
        searched += " or with a single unnamed json/jsonb parameter"
    found = f"({given})" if keys else " without parameters"
    raise Refusal(
        404,
        "PGRST202",
        f"Could not find the function public.{name}{found} in the schema cache",
        details=f"Searched for the function public.{name}{searched},"
        " but no matches were found in the schema cache.",
    )

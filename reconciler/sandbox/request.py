"""A request to a kind, read as far as it can be without the database."""

from dataclasses import dataclass
from typing import NamedTuple

from .exchange import Incoming
from .media import Media, Purpose, content_type, negotiated
from .organizations import Access
from .parameters import read_query
from .payload import Payload, read_payload
from .preferences import Preferences
from .query import Query, SelectRelation
from .ranges import ALL, Range, requested
from .refusal import Refusal, missing_table, not_found
from .relations import find_relation
from .schema import Table, load_tables

WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
METHODS = WRITES | {"GET", "HEAD", "OPTIONS"}
_SCHEMA = "public"


@dataclass(frozen=True, slots=True)
class Request:
    """A request: what it wants, of which kind, in which form."""

    incoming: Incoming
    access: Access
    table: Table
    query: Query
    window: Range
    payload: Payload | None
    preferences: Preferences
    media: Media
    profile: str | None

    @property
    def method(self) -> str:
        """The method; HEAD reads like GET."""
        return self.incoming.method

    @property
    def content_headers(self) -> dict[str, str]:
        """The headers for the rows in the answer."""
        profile = {"Content-Profile": self.profile} if self.profile else {}
        return {"Content-Type": content_type(self.media), **profile}


class Form(NamedTuple):
    """What a request asks for, whatever its path means."""

    query: Query
    window: Range
    payload: Payload | None
    media: Media
    profile: str | None


def read_form(incoming: Incoming) -> Form:
    """Read what a request asks for; of several mistakes PostgREST tells the first found here."""
    if "/" in incoming.path:
        raise not_found()
    if incoming.method not in METHODS:
        message = f"Unsupported HTTP method: {incoming.method}"
        raise Refusal(405, "PGRST117", message)
    query = read_query(incoming.query)
    accept = next(iter(incoming.all_headers("accept")), None)
    media = negotiated(accept, _purpose(incoming))
    profile = _profile(incoming)
    return Form(query, _window(incoming, query), _payload(incoming, query), media, profile)


def read_request(incoming: Incoming, access: Access) -> Request:
    """Read a request to a kind; raise a Refusal for the first thing that is not of the form."""
    form = read_form(incoming)
    return Request(
        incoming,
        access,
        _table(incoming, form.query, form.payload),
        form.query,
        form.window,
        form.payload,
        Preferences.parse(incoming.all_headers("prefer")),
        form.media,
        form.profile,
    )


def _purpose(incoming: Incoming) -> Purpose:
    if incoming.method == "OPTIONS":
        return "options"
    if incoming.method in WRITES:
        return "write"
    return "read" if incoming.path else "describe"


def _profile(incoming: Incoming) -> str | None:
    name = "content-profile" if incoming.method in WRITES else "accept-profile"
    profile = incoming.header(name)
    if profile not in {"", _SCHEMA}:
        message = f"The schema must be one of the following: {_SCHEMA}"
        raise Refusal(406, "PGRST106", message)
    return profile or None


def _window(incoming: Incoming, query: Query) -> Range:
    header = incoming.header("range") if incoming.method == "GET" else ""
    window = requested(query.windows.get((), ALL), header)
    ordered = any(terms for _, terms in query.order)
    if incoming.method in {"PATCH", "DELETE"} and query.windows and not ordered:
        message = "A 'limit' was applied without an explicit 'order'"
        hint = "Apply an 'order' using unique column(s)"
        raise Refusal(400, "PGRST109", message, hint=hint)
    if incoming.method == "PUT" and window != ALL:
        message = "limit/offset querystring parameters are not allowed for PUT"
        raise Refusal(400, "PGRST114", message)
    return window


def _payload(incoming: Incoming, query: Query) -> Payload | None:
    if incoming.method not in {"POST", "PATCH", "PUT"}:
        return None
    columns = None if incoming.method == "PUT" else query.columns
    return read_payload(incoming.body, incoming.header("content-type"), columns)


def _table(incoming: Incoming, query: Query, payload: Payload | None) -> Table:
    name = incoming.path
    found = load_tables().get(name)
    if found is not None:
        return found
    for item in query.select:
        if isinstance(item, SelectRelation):
            find_relation(name, item.name, item.hint)
    if incoming.method == "OPTIONS" or (payload and payload.keys):
        raise not_found()
    raise missing_table(name)

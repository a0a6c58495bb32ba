"""Trouble with the answers: said clearly, exit 1, nothing changed; and the same as a program."""

from pathlib import Path

import orjson
import pytest

from reconciler.ids import Owner
from reconciler.values.address import Address
from tests.commandline import Workspace, failed_inside, run, run_alone
from tests.front import Cut, Forward, Reply, Request, front
from tests.organization import Organization
from tests.server import THIRD
from tests.trouble.prepared import Refused, says

JOHN = Owner(THIRD, "villa-7f3a").id_of(Address("contacts", "john"))


# -- answers --------------------------------------------------------------------------------------

HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"
BAD: dict[str, tuple[Reply | None, str]] = {
    "a web page": (Reply(200, HTML, {"Content-Type": "text/html"}), "not JSON (it is a web page)"),
    "nothing": (Reply(200, b""), "not JSON (it is empty)"),
    "plain text": (Reply(200, b"OK"), "not JSON (it is plain text)"),
    "JSON that is cut off": (Reply(200, b'[{"id": "0f9a'), "it may be cut off"),
    "not UTF-8": (Reply(200, b'[{"id": "\xff\xfe"}]'), "not JSON"),
    "a cut body": (Reply(200, b'[{"id"', {"Content-Length": "5000"}), "no answer to GET"),
    "no gzip": (Reply(200, b"[]", {"Content-Encoding": "gzip"}), "no answer to GET"),
    "no chunks": (Reply(200, b"zz\r\n[]", {"Transfer-Encoding": "chunked"}), "no answer to GET"),
    "a reset": (None, "no answer to GET"),
    "a number": (Reply(200, b"5"), "is not a list of rows"),
    "a list of texts": (Reply(200, b'["a"]'), "is not a list of rows"),
    "an object that is no row": (Reply(200, b'{"message": "hi"}'), "has a row without id"),
    "a row without an id": (Reply(200, b'[{"name": "x"}]'), "has a row without id"),
    "a row with a null id": (Reply(200, b'[{"id": null}]'), "has a row without id"),
    "a redirect": (Reply(307, b"", {"Location": "https://evil.example.com/v1"}), "redirected"),
    "another redirect": (Reply(301, b"", {"Location": "/v2/contacts"}), "redirected"),
    "an unheard status": (Reply(418, b"{}"), "HTTP status 418"),
    "a web page of an error": (Reply(500, HTML), "HTTP status 500"),
    "too many requests": (Reply(429, b"{}", {"Retry-After": "0"}), "HTTP status 429"),
    "a bad gateway": (Reply(502, HTML), "HTTP status 502"),
    "an error in words": (
        Reply(400, b'{"message": "nope", "code": "PGRST100", "hint": "look"}'),
        "nope",
    ),
    "an echo of the key": (
        Reply(403, b'{"message": "Bearer third-key may not", "details": "key third-key"}'),
        "Bearer (API key) may not",
    ),
}


@pytest.mark.parametrize("kind", ["organizations", "contacts"])
@pytest.mark.parametrize("name", BAD)
def test_an_answer_that_is_none(
    edited: Workspace, refused: Refused, organization: Organization, name: str, kind: str
) -> None:
    reply, words = BAD[name]
    only_its_kinds = edited.folder / "bookingmood.yaml"

    def rule(request: Request, forward: Forward) -> Reply:
        if request.kind != kind:
            return forward(request)
        if reply is None:
            raise Cut
        return reply

    with front(rule, organization.url) as url:
        done = refused("--api-url", url, path=only_its_kinds)
    says(done, words)
    assert "evil.example.com" not in done["plan"].out


def test_a_redirect_is_not_followed(refused: Refused, organization: Organization) -> None:
    """The key must not go to another host."""
    visited: list[Request] = []

    def elsewhere(request: Request, forward: Forward) -> Reply:
        visited.append(request)
        return forward(request)

    with (
        front(elsewhere, organization.url) as other,
        front(lambda r, f: Reply(308, b"", {"Location": f"{other}/{r.kind}"})) as url,
    ):
        refused("--api-url", url)
    assert visited == []


def forgetful(request: Request, forward: Forward) -> Reply:
    """A server that counts every row, but leaves the contact John out of every answer."""
    reply = forward(request)
    if request.kind != "contacts" or reply.status != 200:
        return reply
    rows = orjson.loads(reply.body)
    left = [row for row in rows if row["id"] != JOHN]
    return Reply(200, orjson.dumps(left), reply.headers)


def test_fewer_rows_than_counted(refused: Refused, organization: Organization) -> None:
    """A row that is forgotten must not look as if it were gone."""
    with front(forgetful, organization.url) as url:
        says(refused("--api-url", url), "contacts cannot be read: contacts: the server counts 2")


def test_fewer_rows_than_counted_outside_the_yaml(
    edited: Workspace, organization: Organization, tmp_path: Path
) -> None:
    taxes_only = Workspace(tmp_path, edited.environment)
    taxes_only.write("taxes:\n  vat: {percentage: 21, label: {default: VAT}}\n")
    with front(forgetful, organization.url) as url:
        plan = taxes_only.plan("--api-url", url)
    assert plan["changes"] == []
    assert "contacts was not looked at" in str(plan["notes"])


def test_rows_of_another_shape_are_differences_and_no_crash(
    edited: Workspace, organization: Organization
) -> None:
    """Values that PostgreSQL would never send; the plan shows them, nothing breaks."""

    def rule(request: Request, forward: Forward) -> Reply:
        if request.kind != "taxes":
            return forward(request)
        rows = orjson.loads(forward(request).body)
        odd = [{**row, "percentage": "NaN", "label": 5, "unheard": [1]} for row in rows]
        return Reply(200, orjson.dumps(odd))

    with front(rule, organization.url) as url:
        assert "update taxes.vat" in edited.actions("--api-url", url)


def test_the_organization_of_somebody_else(refused: Refused, organization: Organization) -> None:
    """Two organizations seen by one key, and the YAML does not say which."""
    body = orjson.dumps([{"id": organization.id}, {"id": organization.id.replace("b3", "c3")}])

    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(200, body, {"Content-Range": "0-1/2"})

    with front(rule, organization.url) as url:
        says(refused("--api-url", url), "sees 2 organizations", "name one of them")


def test_no_organization_at_all(refused: Refused, organization: Organization) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(200, b"[]") if request.kind == "organizations" else forward(request)

    with front(rule, organization.url) as url:
        says(refused("--api-url", url), "the API key sees no organization")


# -- as a program ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["plan", "apply", "doctor"])
def test_exit_codes_are_those_of_the_process(command: str, edited: Workspace) -> None:
    arguments: list[str | Path] = [] if command == "doctor" else [edited.folder]
    arguments += ["--auto-approve"] if command == "apply" else []
    environment = {**edited.environment, "BOOKINGMOOD_API_KEY": "mistyped-key"}
    done = run_alone(command, *arguments, environment=environment)
    assert (done.code, done.out) == (1, "")
    assert "hint: check the API key" in done.err
    assert not failed_inside(done.err)
    assert "mistyped-key" not in done.all


def test_the_doctor_says_whose_key_it_is_and_what_it_may_read(
    edited: Workspace, organization: Organization
) -> None:
    environment = {**edited.environment, "BOOKINGMOOD_API_KEY": "blind-key"}
    done = run("doctor", environment=environment)
    assert done.code == 0
    assert organization.id in done.out
    assert "not contacts: " in done.out
    assert "blind-key" not in done.all

"""Trouble with the key, the network or the answers: said clearly, exit 1, nothing changed."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from reconciler.ids import Owner
from reconciler.resource import Address
from tests.commandline import Finished, Workspace, run, run_alone
from tests.conftest import THIRD, Server, environment_for, workspace_for
from tests.front import Cut, Forward, Reply, Request, closed_port, front
from tests.organization import Organization

SECRET = "third-key"
YAML = """
contacts:
  jane: {first_name: Jane, email: jane@example.com}
  john: {first_name: John, email: john@example.com}
taxes:
  vat: {percentage: 21, label: {default: VAT}}
"""
JOHN = Owner(THIRD, "villa-7f3a").id_of(Address("contacts", "john"))
EDITED = """
contacts:
  jane: {first_name: Janet, email: jane@example.com}
  jill: {first_name: Jill, email: jill@example.com}
taxes:
  vat: {percentage: 9, label: {default: VAT}}
"""


@pytest.fixture(autouse=True)
def no_waiting(impatient: None) -> None:
    """Waits between tries are short."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An organisation that was applied to, and a folder that was edited since."""

    organization: Organization
    folder: Path
    before: Mapping[str, str]

    def workspace(self) -> Workspace:
        return Workspace(self.folder, environment_for(self.organization))


@pytest.fixture(scope="module")
def prepared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A plan with a create, updates and a delete; made once, since nothing may change it."""
    organization = server.organization(2)
    workspace = workspace_for(organization, tmp_path_factory.mktemp("bad") / "villa")
    workspace.write(YAML)
    workspace.apply()
    workspace.write(EDITED)
    assert len(workspace.actions()) == 4
    return Prepared(organization, workspace.folder, organization.state())


@pytest.fixture
def organization(prepared: Prepared) -> Organization:
    """The organisation of the module."""
    return prepared.organization


@pytest.fixture
def edited(prepared: Prepared) -> Iterator[Workspace]:
    """The folder; whatever is done with it, nothing may change."""
    yield prepared.workspace()
    assert prepared.organization.state() == prepared.before


@pytest.fixture
def refused(edited: Workspace) -> Callable[..., dict[str, Finished]]:
    """Run plan and apply; both must end with exit code 1."""

    def commands(*options: str | Path, path: Path | None = None) -> dict[str, Finished]:
        done = {
            "plan": edited.run("plan", *options, path=path),
            "apply": edited.run("apply", "--auto-approve", *options, path=path),
        }
        for command, one in done.items():
            assert (command, one.code) == (command, 1), one.all
            assert "Traceback" not in one.all
            assert SECRET not in one.all
            assert one.err.strip()
        return done

    return commands


Refused = Callable[..., dict[str, Finished]]


def says(done: dict[str, Finished], *words: str) -> None:
    for one in done.values():
        for word in words:
            assert word in one.err, one.err


# -- the key --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [None, "", "   "])
def test_without_a_key(edited: Workspace, refused: Refused, key: str | None) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = key or ""
    says(refused(), "error: no API key is set", "hint: set BOOKINGMOOD_API_KEY")


def test_with_a_key_that_cannot_be_one(edited: Workspace, refused: Refused) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "two words"
    done = refused()
    says(done, "characters a key cannot have")
    assert "two words" not in done["plan"].all


def test_with_a_key_that_nobody_knows(edited: Workspace, refused: Refused) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "mistyped-key"
    done = refused()
    says(done, "GET /organizations", "401", "hint: check the API key (BOOKINGMOOD_API_KEY)")
    assert "mistyped-key" not in done["plan"].all + done["apply"].all


def test_with_a_key_file(edited: Workspace, organization: Organization, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{organization.key}\n")
    edited.environment["BOOKINGMOOD_API_KEY"] = "mistyped-key"
    assert len(edited.actions("--api-key-file", file)) == 4


@pytest.mark.parametrize("name", ["missing", "."])
def test_with_a_key_file_that_cannot_be_read(refused: Refused, tmp_path: Path, name: str) -> None:
    says(refused("--api-key-file", tmp_path / name), "the API key file", "cannot be read")


def test_with_a_key_file_that_holds_something_else(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("-----BEGIN PRIVATE KEY-----\nMIIE\n")
    done = refused("--api-key-file", file)
    says(done, "characters a key cannot have")
    assert "PRIVATE" not in done["plan"].all


def test_with_the_key_of_another_organization(
    edited: Workspace, other_organization: Organization, organization: Organization, tmp_path: Path
) -> None:
    there = workspace_for(other_organization, tmp_path / "villa")
    block = f"reconciler: {{stack: villa-7f3a, organization: {organization.id}}}\n"
    there.write(block + EDITED)
    before = other_organization.state()
    for command in ("plan", "apply"):
        options = ["--auto-approve"] if command == "apply" else []
        words = f"is of organization {other_organization.id}, not of {organization.id}"
        assert words in there.refusal(command, *options)
    assert other_organization.state() == before


def test_with_a_key_that_may_only_read(edited: Workspace) -> None:
    """Planning works with it; applying says what is missing, once, and changes nothing."""
    edited.environment["BOOKINGMOOD_API_KEY"] = "reader-key"
    assert len(edited.actions()) == 4
    done = edited.run("apply", "--auto-approve")
    assert done.code == 5, done.all
    assert "Applied: 0 done" in done.out
    assert "this API key may not do that" in done.err
    assert "reader-key" not in done.all


def test_with_a_key_that_may_not_read_a_kind_of_the_yaml(
    edited: Workspace, refused: Refused
) -> None:
    edited.environment["BOOKINGMOOD_API_KEY"] = "blind-key"
    says(refused(), "error: contacts cannot be read", "refused")


def test_a_kind_outside_the_yaml_that_may_not_be_read_is_noted_and_left_alone(
    edited: Workspace, tmp_path: Path
) -> None:
    taxes_only = Workspace(tmp_path, edited.environment)
    taxes_only.write("taxes:\n  vat: {percentage: 21, label: {default: VAT}}\n")
    taxes_only.environment["BOOKINGMOOD_API_KEY"] = "blind-key"
    plan = taxes_only.plan()
    assert plan["changes"] == []
    assert "contacts was not looked at, and nothing is deleted there" in str(plan["notes"])
    assert taxes_only.apply().out.startswith("Stack")


# -- the address and the network ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://api.bookingmood.com/v1", "would send the API key unencrypted"),
        ("http://192.168.1.10:8787/v1", "would send the API key unencrypted"),
        ("https://third-key@api.bookingmood.com/v1", "must not hold a user name"),
        ("https://x:third-key@api.bookingmood.com/v1", "must not hold a user name"),
        ("https://api.bookingmood.com/v1?api_key=third-key", "must not hold a user name"),
        ("api.bookingmood.com/v1", "is not an http(s) address"),
        ("ftp://third-key@api.bookingmood.com", "is not an http(s) address"),
        ("http://localhost:99999/v1", "is not an http(s) address"),
        ("http://[::1/v1", "is not an http(s) address"),
    ],
)
def test_with_an_address_that_is_none(refused: Refused, url: str, words: str) -> None:
    says(refused("--api-url", url), words)


def test_where_nobody_listens(refused: Refused) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    says(refused("--api-url", url), f"no connection to {url}", "hint: check the network")


def test_where_the_name_is_not_known(refused: Refused) -> None:
    url = "https://api.example.invalid/v1"
    says(refused("--api-url", url), f"no connection to {url}", "hint: check the network")


def test_where_another_protocol_is_spoken(refused: Refused) -> None:
    """TLS to a server that speaks plain HTTP."""
    with front(lambda request, forward: Reply()) as url:
        https = url.replace("http://", "https://")
        says(refused("--api-url", https), f"no connection to {https}")


def test_where_no_answer_comes_in_time(refused: Refused) -> None:
    over = threading.Event()

    def rule(request: Request, forward: Forward) -> Reply:
        over.wait(20)
        raise Cut

    with front(rule) as url:
        done = refused("--api-url", url, "--timeout", "0.1")
        over.set()
    says(done, "no answer to GET /organizations: the time ran out")


def test_where_an_answer_drips(refused: Refused, organization: Organization) -> None:
    """The time limit is for the whole answer to begin and go on, not for ever."""

    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(200, b"[", {"Content-Length": "100"})

    with front(rule, organization.url) as url:
        says(refused("--api-url", url, "--timeout", "0.2"), "no answer to GET /organizations")


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
    """Two organisations seen by one key, and the YAML does not say which."""
    body = orjson.dumps([{"id": organization.id}, {"id": organization.id.replace("0f", "1f")}])

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
    assert "Traceback" not in done.err
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

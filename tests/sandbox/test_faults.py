"""Misbehaviour on demand: what a client sees, and what was done all the same."""

from collections.abc import Iterator
from time import perf_counter

import httpx
import pytest

from reconciler.diagnostics import UsageError
from reconciler.sandbox.faults import Board, Fault
from tests.sandbox_server import RunningSandbox, running_sandbox

from .conftest import ONE

FULL = {"Prefer": "return=representation"}


@pytest.fixture(scope="module")
def faulty() -> Iterator[RunningSandbox]:
    options = ("--organization", f"{ONE}=one", "--admin", "--fault", "status=500,path=/seasons")
    with running_sandbox(*options) as running:
        yield running


class Client(httpx.Client):
    """A client that may also switch the faults of its sandbox."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        headers = {"Authorization": "Bearer one"}
        super().__init__(base_url=sandbox.url, headers=headers, trust_env=False)
        self.sandbox = sandbox

    def admin(self, method: str, json: object = None, **headers: str) -> httpx.Response:
        given = {**self.sandbox.admin, **headers}
        return self.request(method, self.sandbox.faults, json=json, headers=given)


@pytest.fixture
def client(faulty: RunningSandbox) -> Iterator[Client]:
    with Client(faulty) as client:
        client.delete("/taxes")
        rows = [{"organization_id": ONE, "percentage": n} for n in range(4)]
        assert client.post("/taxes", json=rows).status_code == 201
        yield client
        put(client)


def put(client: Client, *specs: str) -> httpx.Response:
    return client.admin("PUT", specs)


def count(client: Client) -> int:
    put(client)
    return len(client.get("/taxes").json())


def one_more(client: Client) -> httpx.Response:
    return client.post("/taxes", json={"organization_id": ONE, "percentage": 9}, headers=FULL)


def test_a_fault_of_the_command_line(client: Client) -> None:
    assert client.get("/seasons").status_code == 500
    assert client.get("/taxes").status_code == 200


def test_admin_shows_replaces_and_clears(client: Client) -> None:
    spec = "status=429,retry-after=1,nth=2,method=GET"
    assert put(client, spec).json() == [{"spec": spec, "matched": 0, "fired": 0}]
    statuses = [client.get("/taxes").status_code for _ in range(3)]
    assert statuses == [200, 429, 200]
    assert client.admin("GET").json() == [{"spec": spec, "matched": 3, "fired": 1}]
    assert put(client, "what").status_code == 400
    assert client.admin("PUT", {}).status_code == 400
    assert client.admin("DELETE").json() == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer one"}, 401),
        ({"Host": "rebound.example"}, 403),
        ({"Host": "rebound.example", "Authorization": ""}, 403),
        ({"Host": "[x"}, 403),
        ({"Host": "localhost:80"}, 200),
        ({"Host": "[::1]"}, 200),
    ],
)
def test_admin_asks_for_its_token_and_an_address_of_this_machine(
    client: Client, headers: dict[str, str], status: int
) -> None:
    put(client, "status=418")
    assert client.admin("DELETE", **headers).status_code == status
    assert len(client.admin("GET").json()) == (status != 200)


def test_there_is_no_admin_unless_asked_for(http: httpx.Client) -> None:
    assert http.put(str(http.base_url).replace("/v1/", "/admin/faults")).status_code == 404


def test_a_refusal_does_nothing_and_may_say_when_to_come_back(client: Client) -> None:
    put(client, "status=503,retry-after=2,method=POST")
    answer = one_more(client)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert count(client) == 4


def test_a_refusal_after_the_work_was_done(client: Client) -> None:
    put(client, "status=504,after-commit,method=POST")
    assert one_more(client).status_code == 504
    assert count(client) == 5


def test_latency(client: Client) -> None:
    put(client, "latency=50ms", "latency=0.05s")
    began = perf_counter()
    assert client.get("/taxes").status_code == 200
    assert perf_counter() - began >= 0.1


@pytest.mark.parametrize(("spec", "rows"), [("reset-before", 4), ("reset-after-commit", 5)])
def test_a_reset_before_or_after_the_work(client: Client, spec: str, rows: int) -> None:
    put(client, f"{spec},method=POST,path=taxes")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)):
        one_more(client)
    assert count(client) == rows


def test_a_body_that_is_cut(client: Client) -> None:
    put(client, "cut")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/taxes")


def test_a_page_of_html(client: Client) -> None:
    put(client, "html,method=POST")
    answer = one_more(client)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert count(client) == 5


def test_bad_json(client: Client) -> None:
    put(client, "bad-json")
    answer = client.get("/taxes")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="delimiter"):
        answer.json()


def test_a_slow_drip(client: Client) -> None:
    put(client, "drip=200ms")
    with client.stream("GET", "/taxes") as answer:
        pieces = list(answer.iter_raw())
    assert len(pieces) > 5
    assert b"".join(pieces).startswith(b"[{")


@pytest.mark.parametrize(("spec", "rows"), [("short-list", 2), ("short-list=3", 3)])
def test_a_list_that_ends_early(client: Client, spec: str, rows: int) -> None:
    put(client, spec)
    answer = client.get("/taxes", headers={"Prefer": "count=exact"})
    assert len(answer.json()) == rows
    assert answer.headers["content-range"] == f"0-{rows - 1}/4"


def test_an_editor_after_a_read(client: Client) -> None:
    guest = {"organization_id": ONE, "email": "a@example.com"}
    row = client.post("/contacts", json=guest, headers=FULL).json()[0]
    put(client, "edit,column=email,path=/contacts,nth=1")
    url = f"/contacts?id=eq.{row['id']}"
    assert client.get(url).json() == [row]
    after = client.get(url).json()[0]
    assert after["email"].startswith("edited elsewhere")
    assert after["updated_at"] > row["updated_at"]


def test_an_editor_before_a_write(client: Client) -> None:
    row = one_more(client).json()[0]
    put(client, "edit,method=PATCH")
    lock = {"id": f"eq.{row['id']}", "updated_at": f"eq.{row['updated_at']}"}
    answer = client.patch("/taxes", params=lock, json={"percentage": 1}, headers=FULL)
    assert answer.json() == []


@pytest.mark.parametrize(
    "spec",
    [
        *("", "nth=1", "status=200", "latency=5", "cut=1", "rate=2,cut", "foo", "status"),
        *("nth=0,cut", "cut,method=PACTH", "cut,method=", "cut,path=/contact", "cut,path="),
        *("cut,path=/v1/contacts", "edit,column=e-mail", "edit,column="),
    ],
)
def test_a_spec_that_is_wrong(spec: str) -> None:
    with pytest.raises(UsageError):
        Fault.parse(spec)


@pytest.mark.parametrize(
    ("spec", "struck"),
    [
        ("cut,nth=3", "3"),
        ("cut,first=2", "12"),
        ("cut,every=4", "48"),
        ("cut,rate=0", ""),
        ("cut,rate=1.0", "123456789"),
        ("cut,method=POST|PATCH", ""),
        ("cut,path=/taxes|book", "123456789"),
        ("cut,path=seasons|/", ""),
        ("edit,nth=1", "1"),
    ],
)
def test_which_requests_are_struck(spec: str, struck: str) -> None:
    board = Board()
    board.put([Fault.parse(spec)])
    assert "".join(str(n) for n in range(1, 10) if board.draw("GET", "taxes")) == struck


def test_chance_is_the_same_at_each_run() -> None:
    runs = []
    for _ in range(2):
        board = Board()
        board.put([Fault.parse("cut,rate=0.3")])
        runs.append([bool(board.draw("GET", "x")) for _ in range(100)])
    assert runs[0] == runs[1]
    assert 15 < sum(runs[0]) < 45

"""The client: paging, counts, quoting, locks, retries; against a sandbox and against trouble."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import orjson
import pytest

from reconciler.change import Row
from reconciler.client import (
    Client,
    Condition,
    Connection,
    Locks,
    RowLock,
    chunks_by_url,
    equals,
    one_of,
    row_lock,
    value_chunks,
)
from reconciler.client.filters import URL_BOUND, lock_query
from reconciler.client.http import LONGEST_WAIT, TRIES, retry_after
from reconciler.client.limiter import Limiter
from reconciler.errors import (
    ApiError,
    BadAnswerError,
    IncompleteReadError,
    LostAnswerError,
    UnreachableError,
    UsageError,
)
from reconciler.kind import JSON
from tests.api import with_client
from tests.builders import KINDS, foreign_id
from tests.front import Cut, Forward, Reply, Request, Rule, closed_port, front
from tests.organization import Organization

CONTACTS = KINDS["contacts"]
ODD = [
    "plain",
    "",
    " ",
    "a,b",
    'say "hi"',
    "(in) parentheses",
    "back\\slash",
    "a\\,b",
    "100%",
    "%41",
    "a+b",
    "a&b=c",
    "#?/:;",
    "null",
    "true",
    "*",
    "a.b.c",
    "eq.x",
    "{a,b}",
    "ünï¢ødé",
    "🏖 beach",
    "line\nbreak",
    "\ttab",
    "o'clock",
]


def ask(rule: Rule, use: Callable[[Client], Awaitable[object]], behind: Organization) -> object:
    """Use a client that talks to a front before the sandbox."""

    async def run(url: str) -> object:
        async with Client(Connection.checked(url, behind.key)) as client:
            return await use(client)

    with front(rule, behind.url) as url:
        return asyncio.run(run(url))


# -- reading --------------------------------------------------------------------------------------


def test_more_rows_than_a_page_holds_are_all_read(organization: Organization) -> None:
    made = organization.insert_all("contacts", [{"notes": str(n)} for n in range(2500)])
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        return forward(request)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id", "notes"], []), organization)
    assert isinstance(rows, list)
    assert [row["id"] for row in rows] == sorted(str(row["id"]) for row in made)
    assert len(seen) == 3
    assert [" id=gt." in f" {r.query.replace('&', ' ')}" for r in seen] == [False, True, True]


@pytest.mark.parametrize("counted", [True, False])
def test_a_server_that_sends_fewer_rows_at_a_time_is_read_to_the_end(
    organization: Organization, counted: bool
) -> None:
    organization.insert_all("contacts", [{} for _ in range(1200)])

    def rule(request: Request, forward: Forward) -> Reply:
        target = request.target.replace("limit=1000", "limit=500")
        reply = forward(replace_target(request, target))
        return reply if counted else Reply(reply.status, reply.body)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert isinstance(rows, list)
    assert len({row["id"] for row in rows}) == len(rows) == 1200


def replace_target(request: Request, target: str) -> Request:
    return Request(
        request.method, request.kind, request.query, target, request.headers, request.body
    )


def counting(rows: int, total: int) -> Reply:
    body = orjson.dumps([{"id": foreign_id(n)} for n in range(rows)])
    return Reply(206, body, {"Content-Range": f"0-{rows}/{total}"})


def test_fewer_rows_than_the_server_counts_are_not_a_whole_read(
    organization: Organization,
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return (
            Reply(200, b"[]", {"Content-Range": "*/0"})
            if "gt." in request.query
            else counting(2, 3)
        )

    with pytest.raises(IncompleteReadError, match="counts 3 rows but sent 2") as caught:
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert "nothing is deleted" in str(caught.value.hint)


def test_rows_that_go_meanwhile_are_looked_at_once_more(organization: Organization) -> None:
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.query)
        if "gt." in request.query:
            return Reply(200, b"[]", {"Content-Range": "*/0"})
        return counting(2, 3 if len(seen) == 1 else 2)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert isinstance(rows, list)
    assert len(rows) == 2
    assert len(seen) == 3


@pytest.mark.parametrize("total", ["7", "*"])
def test_a_server_that_leaves_out_our_filters_does_not_keep_us_for_ever(
    organization: Organization, total: str
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(206, b'[{"id": "a"}, {"id": "b"}]', {"Content-Range": f"0-1/{total}"})

    with pytest.raises(BadAnswerError, match="does not go on"):
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)


# -- quoting --------------------------------------------------------------------------------------


@pytest.fixture
def odd_contacts(organization: Organization) -> dict[str, str]:
    """Contacts with odd notes: their ids by the notes."""
    rows = organization.insert_all("contacts", [{"notes": text} for text in ODD])
    return {str(row["notes"]): str(row["id"]) for row in rows}


@pytest.mark.parametrize("operator", ["eq", "in"])
def test_odd_values_are_found_exactly(
    organization: Organization, odd_contacts: dict[str, str], operator: str
) -> None:
    async def look(client: Client) -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        for text in ODD:
            one = equals("notes", text) if operator == "eq" else one_of("notes", [text, "nobody"])
            found[text] = [row["id"] for row in await client.read(CONTACTS, ["id"], [one])]
        return found

    assert with_client(organization, look) == {text: [i] for text, i in odd_contacts.items()}


def test_many_odd_values_are_found_together(
    organization: Organization, odd_contacts: dict[str, str]
) -> None:
    rows = with_client(organization, lambda c: c.read(CONTACTS, ["id"], [one_of("notes", ODD)]))
    assert {row["id"] for row in rows} == set(odd_contacts.values())


@pytest.mark.parametrize("together", [True, False])
def test_odd_values_lock_exactly_their_rows(
    organization: Organization, odd_contacts: dict[str, str], together: bool
) -> None:
    def lock(text: str) -> RowLock:
        return RowLock((("id", odd_contacts[text]),), (("notes", text), ("avatar", None)))

    async def write(client: Client) -> int:
        runs = [ODD] if together else [[text] for text in ODD]
        count = 0
        for run in runs:
            first, *others = map(lock, run)
            count += await client.update(CONTACTS, (first, *others), {"city": "Oslo"}) or 0
        return count

    assert with_client(organization, write) == len(ODD)
    assert {row["city"] for row in organization.rows("contacts")} == {"Oslo"}


@pytest.mark.parametrize("held", [("notes", "other"), ("notes", None), ("avatar", "x")])
def test_a_row_that_holds_something_else_is_not_touched(
    organization: Organization, held: tuple[str, str | None]
) -> None:
    row = organization.insert("contacts", notes="now")
    locks: Locks = (RowLock((("id", str(row["id"])),), (held,)),)
    assert with_client(organization, lambda c: c.update(CONTACTS, locks, {"city": "Oslo"})) == 0
    assert with_client(organization, lambda c: c.delete(CONTACTS, locks)) == 0
    assert organization.one("contacts") == row


def test_a_column_called_order_can_be_asked_for_and_locked(organization: Organization) -> None:
    items = KINDS["site_nav_items"]
    site = organization.one("sites")["id"]
    rows = organization.insert_all(
        "site_nav_items", [{"site_id": site, "order": n} for n in (1, 2, 3)]
    )
    wanted = {str(row["id"]) for row in rows if row["order"] == 2}

    async def use(client: Client) -> tuple[list[Row], list[Row], int | None]:
        one = await client.read(items, ["id", "order"], [one_of("order", ["2"])])
        same = await client.read(items, ["id"], [equals("order", "2")])
        lock = row_lock(["id"], [items.columns["order"]], one[0])
        return one, same, await client.update(items, (lock,), {"url": "/two"})

    one, same, count = with_client(organization, use)
    assert {str(row["id"]) for row in one} == wanted
    assert {str(row["id"]) for row in same} == wanted
    assert count == 1


LOCKED: list[tuple[str, Row, Row]] = [
    ("attributes", {"name": {"default": 'a "b", (c)'}, "order": -3, "type": "multi-select"},
     {"order": 4}),
    ("reply_to_addresses", {"email": "a,b@example.com", "name": "O'Hara (x)"}, {"name": "x"}),
    ("site_nav_items", {"label": {"default": "50%"}, "order": 5}, {"label": {}}),
    ("site_nav_items", {"label": {}, "parent_id": None}, {"order": 9}),
    ("external_calendars", {"ical_url": "https://example.com/?a=1&b=(2)", "time_offset": 60,
                            "sync_requested_at": "2026-07-01T16:00:00.123456+02:00"},
     {"time_offset": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "changed"), LOCKED)
def test_a_row_without_a_version_is_locked_at_all_it_holds(
    organization: Organization, kind: str, values: Row, changed: Row
) -> None:
    """Read, lock at what was read, write: exactly one row; once more: none."""
    one = KINDS[kind]
    assert one.version is None
    parents: dict[str, JSON] = {}
    if "product_id" in one.columns:
        parents["product_id"] = organization.product("Villa")
    if "site_id" in one.columns:
        parents["site_id"] = organization.one("sites")["id"]
    organization.insert(kind, **values, **parents)
    row = organization.one(kind)
    lock = row_lock([one.id_column], one.lock_columns, row)

    async def use(client: Client) -> tuple[int | None, int | None, int | None]:
        first = await client.update(one, (lock,), changed)
        again = await client.update(one, (lock,), changed)
        return first, again, await client.delete(one, (lock,))

    assert with_client(organization, use) == (1, 0, 0)


# -- no write without rows ------------------------------------------------------------------------


def test_a_write_cannot_be_sent_without_naming_its_rows(organization: Organization) -> None:
    sent: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        sent.append(request)
        return forward(request)

    with pytest.raises(ValueError, match="unpack"):
        ask(rule, lambda c: c.delete(CONTACTS, ()), organization)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unpack"):
        ask(rule, lambda c: c.update(CONTACTS, (), {}), organization)  # type: ignore[arg-type]
    assert sent == []


def test_every_function_that_changes_rows_takes_locks_or_one_id() -> None:
    """What mypy checks: there is no way to write down a PATCH or DELETE of everything."""
    writes = {
        name: inspect.signature(function)
        for name, function in inspect.getmembers(Client, inspect.iscoroutinefunction)
        if not name.startswith("_") and re.search('"(PATCH|DELETE)"', inspect.getsource(function))
    }
    assert set(writes) == {"update", "delete", "delete_one"}
    assert writes["update"].parameters["locks"].annotation is Locks
    assert writes["delete"].parameters["locks"].annotation is Locks
    assert writes["delete_one"].parameters["row_id"].annotation is str


def test_a_lock_names_its_row() -> None:
    with pytest.raises(ValueError, match="unpack"):
        row_lock([], CONTACTS.lock_columns, {"updated_at": "2026-01-01"})


@pytest.mark.parametrize("row_id", ["", "*", "not-a-uuid", "(a,b)"])
def test_an_odd_id_deletes_nothing(organization: Organization, row_id: str) -> None:
    organization.insert("members", email="ann@example.com")
    before = organization.state()
    with pytest.raises(ApiError):
        with_client(organization, lambda c: c.delete_one(KINDS["members"], row_id))
    assert organization.state() == before


# -- long addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["x", "ü", '"', "🏖" * 40])
def test_addresses_stay_under_the_bound(text: str) -> None:
    locks = [RowLock((("id", foreign_id(n)),), (("notes", text),)) for n in range(300)]
    runs = list(chunks_by_url("contacts", locks))
    assert [lock for run in runs for lock in run] == locks
    for run in runs:
        assert len(f"/contacts?{lock_query(run)}") <= URL_BOUND
    assert len(runs) < 30


def test_values_are_cut_so_that_the_address_stays_under_the_bound() -> None:
    values = ["ü" * 50 for _ in range(100)] + [foreign_id(n) for n in range(400)]
    runs = list(value_chunks(values))
    assert [value for run in runs for value in run] == values
    for run in runs:
        assert len(f"/contacts?{one_of('email', run).parameter()}") < URL_BOUND - 1000


def test_cutting_nothing_gives_nothing() -> None:
    assert list(value_chunks([])) == []
    assert list(chunks_by_url("contacts", [])) == []


# -- what may pass --------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_waiting(impatient: None) -> None:
    """Waits between tries are short."""


def failing(times: int, *replies: Reply | None) -> tuple[Rule, list[Request]]:
    """A rule that answers the first requests with something else; None cuts the connection."""
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        if len(seen) > times:
            return forward(request)
        reply = replies[(len(seen) - 1) % len(replies)]
        if reply is None:
            raise Cut
        return reply

    return rule, seen


BUSY = Reply(429, b'{"message": "too many"}', {"Retry-After": "0"})


@pytest.mark.parametrize(
    "reply", [BUSY, Reply(429), Reply(502), Reply(503, b"", {"Retry-After": "0"}), Reply(504), None]
)
def test_a_read_is_tried_again_where_the_trouble_may_pass(
    organization: Organization, reply: Reply | None
) -> None:
    row = organization.insert("contacts")
    rule, seen = failing(TRIES - 1, reply)
    found = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert found == [{"id": row["id"]}]
    assert len(seen) == TRIES


@pytest.mark.parametrize(("reply", "error"), [(BUSY, ApiError), (None, UnreachableError)])
def test_a_read_is_not_tried_for_ever(
    organization: Organization, reply: Reply | None, error: type[ApiError]
) -> None:
    rule, seen = failing(1000, reply)
    with pytest.raises(error):
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert len(seen) == TRIES


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
def test_what_will_not_pass_is_not_tried_again(organization: Organization, status: int) -> None:
    rule, seen = failing(1000, Reply(status, b'{"message": "no", "code": "X"}'))
    with pytest.raises(ApiError, match="no") as caught:
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert caught.value.status == status
    assert len(seen) == 1


def test_a_write_that_was_surely_not_done_is_tried_again(organization: Organization) -> None:
    rule, seen = failing(2, BUSY)
    row: Row = {"id": foreign_id(1), "organization_id": organization.id}
    ask(rule, lambda c: c.create(CONTACTS, [row]), organization)
    assert len(seen) == 3
    assert organization.ids("contacts") == [foreign_id(1)]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(502),
        Reply(503),
        Reply(504),
        Reply(500, b"<html>oops</html>"),
        Reply(200, b"<html>welcome</html>"),
        Reply(201, b'[{"id": "cut'),
        Reply(201, b"[]", {"Content-Length": "500"}),
        Reply(201, b"zz\r\nnot chunked", {"Transfer-Encoding": "chunked"}),
        None,
    ],
)
def test_a_write_whose_answer_is_lost_is_not_repeated_but_said(
    organization: Organization, reply: Reply | None
) -> None:
    rule, seen = failing(1000, reply)
    row: Row = {"id": foreign_id(1), "organization_id": organization.id}
    with pytest.raises(LostAnswerError):
        ask(rule, lambda c: c.create(CONTACTS, [row]), organization)
    assert len(seen) == 1


def test_a_delete_on_a_connection_that_was_used_before_is_not_repeated_unseen(
    organization: Organization,
) -> None:
    """Its second answer would say that there was no such row; nobody would know of the first."""
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.method)
        if request.method == "DELETE":
            raise Cut
        return forward(request)

    async def read_and_delete(client: Client) -> None:
        await client.read(CONTACTS, ["id"], [])
        lock = row_lock(["id"], [], {"id": foreign_id(1)})
        await client.delete(CONTACTS, (lock,))

    with pytest.raises(LostAnswerError):
        ask(rule, read_and_delete, organization)
    assert seen == ["GET", "DELETE"]


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b"", b'{"id": null}', b"[{},{}]"])
def test_a_create_that_does_not_say_which_row_it_made_is_no_crash(
    organization: Organization, body: bytes
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(201, body)

    assert ask(rule, lambda c: c.create(CONTACTS, [{}]), organization) is None
    assert ask(rule, lambda c: c.create_one(CONTACTS, {}), organization) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("0", 0.05),
        ("-5", 0.05),
        ("2", 2.0),
        ("1.5", 1.5),
        ("100000", LONGEST_WAIT),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.05),
        ("Wed, 99 Oct 99999 07:28:00 GMT", None),
        (format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True), LONGEST_WAIT),
    ],
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


# -- how many at once -----------------------------------------------------------------------------


async def _most_at_once(limiter: Limiter, tasks: int, *, refused: bool = False) -> int:
    now = most = 0

    async def one() -> None:
        nonlocal now, most
        async with limiter.slot():
            now += 1
            most = max(most, now)
            for _ in range(3):
                await asyncio.sleep(0)
            now -= 1
        if refused:
            limiter.shrink(float("inf"), None)
        else:
            limiter.grow()

    await asyncio.gather(*(one() for _ in range(tasks)))
    return most


def test_the_number_in_flight_grows_with_good_answers_to_the_most() -> None:
    assert asyncio.run(_most_at_once(Limiter(8), 200)) == 8


def test_the_number_in_flight_never_passes_the_most() -> None:
    assert asyncio.run(_most_at_once(Limiter(2), 50)) == 2
    assert asyncio.run(_most_at_once(Limiter(1), 50)) == 1


def test_refusals_for_load_halve_the_number_down_to_one() -> None:
    limiter = Limiter(8)

    async def run() -> list[int]:
        limits = []
        for _ in range(5):
            limiter.shrink(float("inf"), None)
            limits.append(limiter.limit)
        for _ in range(100):
            limiter.grow()
        return [*limits, limiter.limit]

    assert asyncio.run(run()) == [2, 1, 1, 1, 1, 8]


def test_everybody_gets_through_while_refusals_come() -> None:
    assert asyncio.run(_most_at_once(Limiter(8), 50, refused=True)) <= 8


# -- addresses and keys ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.bookingmood.com",
        "ftp://api.bookingmood.com/v1",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "http://localhost:99999",
        "http://localhost:port",
        "http://api.bookingmood.com/v1",
        "http://10.0.0.5/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com/v1",
        "https://sk_live_secret@api.bookingmood.com/v1",
        "https://user:sk_live_secret@api.bookingmood.com/v1",
        "ftp://user:sk_live_secret@api.bookingmood.com/v1",
        "https://api.bookingmood.com/v1?apikey=sk_live_secret",
        "https://api.bookingmood.com/v1#sk_live_secret",
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        Connection.checked(url, "key")
    assert "sk_live_secret" not in caught.value.message + str(caught.value.hint)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://api.bookingmood.com/v1", "https://api.bookingmood.com/v1"),
        ("https://api.bookingmood.com/v1/", "https://api.bookingmood.com/v1"),
        ("http://localhost:8787/v1", "http://localhost:8787/v1"),
        ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787/v1"),
        ("http://[::1]:8787/v1", "http://[::1]:8787/v1"),
    ],
)
def test_an_address_is_taken(url: str, base: str) -> None:
    assert Connection.checked(url, "key").url == base


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "sché", "a\x00b", "a\x1bb", "a\x7f"])
def test_a_key_that_cannot_be_one_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(UsageError, match="API key") as caught:
        Connection.checked("https://api.bookingmood.com/v1", key)
    assert not key.strip() or key not in caught.value.message


def test_the_key_is_trimmed_and_never_shown() -> None:
    connection = Connection.checked("https://api.bookingmood.com/v1", "  secret\n")
    assert connection.key == "secret"
    assert "secret" not in repr(connection)


def test_neither_netrc_nor_a_proxy_gets_in_the_way_on_this_machine(
    organization: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.headers["authorization"])
        return forward(request)

    ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert seen == [f"Bearer {organization.key}"]


@pytest.mark.parametrize(("no_proxy", "reached"), [("", True), ("api.example.invalid", False)])
def test_elsewhere_the_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, no_proxy: str, reached: bool
) -> None:
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(f"{request.method} {request.target}")
        return Reply(403)

    async def read() -> list[Row]:
        connection = Connection.checked("https://api.example.invalid/v1", "secret")
        async with Client(connection) as client:
            return await client.read(CONTACTS, ["id"], [])

    with front(rule) as url:
        monkeypatch.setenv("https_proxy", url.removesuffix("/v1"))
        monkeypatch.setenv("no_proxy", no_proxy)
        with pytest.raises(UnreachableError):
            asyncio.run(read())
    assert bool(seen) is reached
    assert set(seen) <= {"CONNECT api.example.invalid:443"}


def test_a_condition_is_written_bare_but_for_words_of_the_query() -> None:
    assert equals("email", "a,b").parameter() == "email=eq.a,b"
    assert Condition("order", "gte", "5").parameter() == "and=(order.gte.5)"
    assert one_of("order", ["1", "2"]).parameter() == "and=(order.in.(1,2))"

"""Filters and locks: odd values are quoted, rows are named, addresses stay short."""

import inspect
import re

import pytest

from reconciler.client.client import ApiClient
from reconciler.client.filters import (
    URL_BOUND,
    Condition,
    Locks,
    RowLock,
    chunks_by_url,
    equals,
    lock_query,
    one_of,
    row_lock,
    value_chunks,
)
from reconciler.diagnostics import ApiError
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.api import ask, with_client
from tests.builders import KINDS, foreign_id
from tests.front import Forward, Reply, Request
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
    async def look(client: ApiClient) -> dict[str, list[object]]:
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

    async def write(client: ApiClient) -> int:
        runs = [ODD] if together else [[text] for text in ODD]
        count = 0
        for run in runs:
            first, *others = map(lock, run)
            count += (await client.update(CONTACTS, (first, *others), {"city": "Oslo"}))[0] or 0
        return count

    assert with_client(organization, write) == len(ODD)
    assert {row["city"] for row in organization.rows("contacts")} == {"Oslo"}


@pytest.mark.parametrize("held", [("notes", "other"), ("notes", None), ("avatar", "x")])
def test_a_row_that_holds_something_else_is_not_touched(
    organization: Organization, held: tuple[str, str | None]
) -> None:
    row = organization.insert("contacts", notes="now")
    locks: Locks = (RowLock((("id", str(row["id"])),), (held,)),)
    assert with_client(organization, lambda c: c.update(CONTACTS, locks, {"city": "Oslo"})) == (
        0,
        [],
    )
    assert with_client(organization, lambda c: c.delete(CONTACTS, locks)) == 0
    assert organization.one("contacts") == row


def test_a_column_called_order_can_be_asked_for_and_locked(organization: Organization) -> None:
    items = KINDS["site_nav_items"]
    site = organization.one("sites")["id"]
    rows = organization.insert_all(
        "site_nav_items", [{"site_id": site, "order": n} for n in (1, 2, 3)]
    )
    wanted = {str(row["id"]) for row in rows if row["order"] == 2}

    async def use(client: ApiClient) -> tuple[list[Row], list[Row], int | None]:
        one = await client.read(items, ["id", "order"], [one_of("order", ["2"])])
        same = await client.read(items, ["id"], [equals("order", "2")])
        lock = row_lock(["id"], [items.columns["order"]], one[0])
        return one, same, (await client.update(items, (lock,), {"url": "/two"}))[0]

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

    async def use(client: ApiClient) -> tuple[int | None, int | None, int | None]:
        first, _ = await client.update(one, (lock,), changed)
        again, _ = await client.update(one, (lock,), changed)
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
        for name, function in inspect.getmembers(ApiClient, inspect.iscoroutinefunction)
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


def test_a_condition_is_written_bare_but_for_words_of_the_query() -> None:
    assert equals("email", "a,b").parameter() == "email=eq.a,b"
    assert Condition("order", "gte", "5").parameter() == "and=(order.gte.5)"
    assert one_of("order", ["1", "2"]).parameter() == "and=(order.in.(1,2))"

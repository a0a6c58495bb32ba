"""Which changes go in one request, and what stands in it."""

from dataclasses import dataclass, replace

import pytest

from reconciler.client.filters import fits
from reconciler.execution.batches import Batch, batches, bodies_of, row_locks, sent, values_of
from reconciler.plan.change import Change, Difference
from reconciler.values.column import JSON
from reconciler.values.sent import Pending, Sent
from tests.builders import KINDS, ORGANIZATION, address, change, foreign_id, own_id, row

SEEN = "2026-01-01T00:00:00+00:00"
IDS = {address("products.villa"): foreign_id(5), address("products.hut"): foreign_id(6)}
VILLA = Pending(address("products.villa"))


@dataclass
class Bounds:
    """What the server takes; it may shrink on the way."""

    rows_per_create: int = 500
    url_bound: int = 8000


def updated(name: str, **columns: Sent) -> Change:
    kind = name.partition(".")[0]
    seen = row(kind, own_id(name), updated_at=SEEN)
    given = {column: Difference(None, value) for column, value in columns.items()}
    return replace(change(f"update {name}", row=seen), columns=given)


def deleted(name: str) -> Change:
    kind = name.partition(".")[0]
    return change(f"delete {name}", row=row(kind, own_id(name), updated_at=SEEN))


def line(batch: Batch) -> str:
    """Write a batch in a line: action, kind, the keys of its changes."""
    assert {one.kind for one in batch.changes} == {batch.kind.name}
    keys = " ".join(one.address.key if one.address else "?" for one in batch.changes)
    return f"{batch.action.value} {batch.kind.name}: {keys}"


def lines(changes: list[Change], bounds: Bounds | None = None) -> list[str]:
    return [line(batch) for batch in batches(changes, KINDS, IDS, bounds or Bounds())]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            [change("create contacts.a", first_name="A", city="X"),
             change("create contacts.b", city="Y", first_name="B"),
             change("create contacts.c", first_name="C")],
            ["create contacts: a b", "create contacts: c"], id="creates with the same columns"),
        pytest.param(
            [change("create products.a", name={}), change("create products.b", name={})],
            ["create products: a", "create products: b"], id="a create by an action is alone"),
        pytest.param(
            [change("create contacts.a", city="X"), change("create taxes.a", city="X")],
            ["create contacts: a", "create taxes: a"], id="kinds are apart"),
        pytest.param(
            [updated("contacts.a", city="X"), updated("contacts.b", city="Y"),
             updated("contacts.c", city="X")],
            ["update contacts: a c", "update contacts: b"], id="updates to equal values"),
        pytest.param(
            [updated("capacities.a", product_id=VILLA),
             updated("capacities.b", product_id=foreign_id(5)),
             updated("capacities.c", product_id=Pending(address("products.hut")))],
            ["update capacities: a b", "update capacities: c"], id="a known id is a value"),
        pytest.param(
            [updated("contacts.a", city="X"),
             replace(updated("contacts.b", city="X"), action=change("adopt contacts.b").action)],
            ["update contacts: a b"], id="to adopt with columns is an update"),
        pytest.param(
            [deleted("contacts.a"), deleted("contacts.b"), deleted("taxes.c")],
            ["delete contacts: a b", "delete taxes: c"], id="deletes of a kind"),
        pytest.param(
            [deleted("products.a"), deleted("products.b"), deleted("members.c"),
             deleted("members.d")],
            ["delete products: a", "delete products: b", "delete members: c", "delete members: d"],
            id="a delete by an action is alone"),
        pytest.param(
            [deleted("contacts.a"), updated("contacts.a", city="X"), change("create contacts.a")],
            ["delete contacts: a", "update contacts: a", "create contacts: a"],
            id="actions are apart"),
        pytest.param(
            [updated("taxes.a", percentage=1), updated("taxes.b", percentage=2),
             updated("taxes.c", percentage=1)],
            ["update taxes: a c", "update taxes: b"], id="values that are no texts"),
        pytest.param([], [], id="nothing"),
    ],
)  # fmt: skip
def test_what_goes_together(changes: list[Change], expected: list[str]) -> None:
    assert lines(changes) == expected


def test_only_an_update_has_values() -> None:
    changes = [
        updated("capacities.a", product_id=VILLA, order=1),
        change("create capacities.b", order=2),
        deleted("capacities.c"),
    ]
    found = [batch.values for batch in batches(changes, KINDS, IDS, Bounds())]
    assert found == [{"product_id": foreign_id(5), "order": 1}, {}, {}]


def test_creates_are_cut_by_their_number() -> None:
    five = [change(f"create contacts.{key}", city="X") for key in "abcde"]
    assert lines(five, Bounds(rows_per_create=2)) == [
        "create contacts: a b",
        "create contacts: c d",
        "create contacts: e",
    ]
    bounds = Bounds(rows_per_create=3)
    some = batches(five, KINDS, IDS, bounds)
    first = line(next(some))
    bounds.rows_per_create = 1  # learned from what became of the first
    assert [first, *map(line, some)] == [
        "create contacts: a b c",
        "create contacts: d",
        "create contacts: e",
    ]


def test_updates_and_deletes_are_cut_by_the_length_of_their_url() -> None:
    for some in ([updated(f"contacts.{key}", city="X") for key in "abcde"],
                 [deleted(f"contacts.{key}") for key in "abcde"]):  # fmt: skip
        found = list(batches(some, KINDS, IDS, Bounds(url_bound=260)))
        assert [len(batch.changes) for batch in found] == [2, 2, 1]
        assert [one for batch in found for one in batch.changes] == some
        assert {(batch.bound, batch.weak) for batch in found} == {(260, False)}
        bounds = Bounds(url_bound=260)
        rest = batches(some, KINDS, IDS, bounds)
        first = next(rest)
        bounds.url_bound = 8000
        assert [len(first.changes), *(len(batch.changes) for batch in rest)] == [2, 3]


def test_a_row_whose_lock_does_not_fit_is_alone_and_weak() -> None:
    long = row("contacts", own_id("contacts.b"), updated_at="x" * 300)
    some = [
        updated("contacts.a", city="X"),
        change("update contacts.b", row=long, city="X"),
        updated("contacts.c", city="X"),
    ]
    found = [(line(b), b.weak, b.bound) for b in batches(some, KINDS, IDS, Bounds(url_bound=250))]
    assert found == [
        ("update contacts: a", False, 250),
        ("update contacts: b", True, 250),
        ("update contacts: c", False, 250),
    ]
    length = len(f"/contacts?id=eq.{own_id('contacts.b')}&updated_at=eq.{'x' * 300}")
    for bound, weak in ((length, False), (length - 1, True)):
        [batch] = batches(some[1:2], KINDS, IDS, Bounds(url_bound=bound))
        assert batch.weak is weak
        assert fits("contacts", batch.every_lock(), bound) is not weak


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (None, None),
        (VILLA, foreign_id(5)),
        ([VILLA, "a", [VILLA]], [foreign_id(5), "a", [foreign_id(5)]]),
        ({"a": VILLA, "b": {"c": [VILLA]}, "d": 1},
         {"a": foreign_id(5), "b": {"c": [foreign_id(5)]}, "d": 1}),
    ],
)  # fmt: skip
def test_ids_are_put_in_at_any_depth(value: Sent, expected: JSON) -> None:
    assert sent(value, IDS) == expected
    one = change("update capacities.a", product_id=value)
    assert values_of(one, IDS) == {"product_id": expected}


@pytest.mark.parametrize(
    ("one", "body"),
    [
        (change("create contacts.a", city="X"),
         {"id": own_id("contacts.a"), "organization_id": ORGANIZATION, "city": "X"}),
        (change("create capacities.a", product_id=VILLA),
         {"id": own_id("capacities.a"), "product_id": foreign_id(5)}),
    ],
)  # fmt: skip
def test_a_create_sends_the_id_and_the_organization_where_there_is_one(
    one: Change, body: dict[str, JSON]
) -> None:
    kind = KINDS[one.kind]
    assert bool(kind.filled) is ("organization_id" in body)
    assert bodies_of([one, one], kind, IDS, ORGANIZATION) == [body, body]


def test_a_row_is_locked_by_its_id_its_pair_and_what_it_held() -> None:
    contact = row("contacts", "1", updated_at=SEEN, city="X")
    [lock] = row_locks(KINDS["contacts"], [contact])
    assert lock.row == (("id", "1"),)
    assert lock.expected == (("updated_at", SEEN.replace("+00:00", "Z")),)
    [unread] = row_locks(KINDS["contacts"], [row("contacts", "1", city="X")])
    assert unread.expected == ()  # a column that cannot be read cannot be compared
    kind = KINDS["coupon_products"]
    pair: dict[str, JSON] = {"id": "1", "coupon_id": "2", "product_id": "3"}
    [lock] = row_locks(kind, [pair])
    assert lock.row == (("id", "1"), ("coupon_id", "2"), ("product_id", "3"))
    assert not {"id", "coupon_id", "product_id"} & dict(lock.expected).keys()


def test_a_batch_locks_its_rows_as_they_are_in_it() -> None:
    some = [deleted("contacts.a"), deleted("contacts.b"), deleted("contacts.c")]
    [batch] = batches(some, KINDS, IDS, Bounds())
    kind, rows = KINDS["contacts"], [one.row or {} for one in some]
    assert batch.every_lock() == tuple(row_locks(kind, rows))
    assert batch.part(some[1:], 300).every_lock() == tuple(row_locks(kind, rows[1:]))
    read_again = replace(some[0], row={**rows[0], "updated_at": "2027-01-01T00:00:00+00:00"})
    lock = batch.part([read_again], 300).every_lock()[0]
    assert lock.expected == (("updated_at", "2027-01-01T00:00:00Z"),)
    assert Batch(kind, batch.action, tuple(some), {}).every_lock() == batch.every_lock()

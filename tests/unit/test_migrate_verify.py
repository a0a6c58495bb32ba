"""The proof of a migration: every row of the source is looked for there, and compared."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from reconciler.catalogue import tenant_of
from reconciler.client.client import ApiReader
from reconciler.client.forms import OddRow
from reconciler.exporting import Spool
from reconciler.migration import (
    Expected,
    Moved,
    Skipped,
    Verification,
    WrittenBefore,
    shared_between_organizations,
    verify,
)
from reconciler.migration.exclude import LEFT
from reconciler.migration.verify import ODD_THERE, ROWS_AT_A_TIME, translated
from reconciler.values.column import JSON
from reconciler.values.stored import Form, Forms
from tests.builders import KINDS, address, foreign_id, row
from tests.readable import readable, whole

Row = Mapping[str, JSON]
HERE, THERE = foreign_id(1), foreign_id(11)
PARENT_HERE, PARENT_THERE = foreign_id(2), foreign_id(12)
CHILD, PARENT = address("services.child"), address("services.parent")
MOVED = (Moved(CHILD, HERE, THERE), Moved(PARENT, PARENT_HERE, PARENT_THERE))
PARENTS = (row("services", PARENT_HERE), row("services", PARENT_THERE))
TYPE = KINDS["services"].columns["type"]


def verified(
    here: Collection[Row],
    there: Collection[Row],
    *,
    moved: Collection[Moved] = MOVED,
    skipped: Mapping[str, Skipped] | None = None,
    written: WrittenBefore | None = None,
    stored: Forms | None = None,
    kind: str = "services",
) -> Verification:
    """Compare rows of one kind; what was moved has the ids of :data:`MOVED`."""
    names = {one.source: one.address.key for one in MOVED}
    left_out = {address(name): one for name, one in (skipped or {}).items()}
    by_address = {one.address: one for one in moved}
    expected = Expected({kind: names}, by_address, left_out, frozenset(names), stored or {})

    async def run(source: Spool) -> Verification:
        async with ApiReader(connection) as reader:
            return await verify(source, reader, KINDS, expected, written or WrittenBefore())

    with Spool() as source, readable({kind: there}) as connection:
        source.add(KINDS[kind], [whole(KINDS[kind], one) for one in here])
        return asyncio.run(run(source))


def child(row_id: str, **values: JSON) -> dict[str, JSON]:
    return row("services", row_id, type="checkbox", **values)


# -- one row --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "differing"),
    [
        pytest.param({}, {}, [], id="the same"),
        pytest.param({"type": "a"}, {"type": "b"}, ["type"], id="another text"),
        pytest.param({"parent_id": PARENT_HERE}, {"parent_id": PARENT_THERE}, [],
                     id="a reference, translated"),
        pytest.param({"parent_id": PARENT_HERE}, {"parent_id": None}, ["parent_id"],
                     id="a reference that was lost"),
        pytest.param({"label": {"default": "x", "n": 1}}, {"label": {"n": 1.0, "default": "x"}},
                     [], id="another spelling"),
        pytest.param({"fee": {"tax_id": HERE}}, {"fee": {"tax_id": THERE}}, [],
                     id="an id in a document, translated"),
        pytest.param({"fee": {HERE: [PARENT_HERE]}}, {"fee": {THERE: [PARENT_THERE]}}, [],
                     id="an id as a name"),
        pytest.param({"updated_at": "2026-01-01T00:00:00Z"}, {"updated_at": "2026-02-02T00:00:00Z"},
                     [], id="a column that is not exported"),
    ],
)  # fmt: skip
def test_each_column_is_compared_in_its_canonical_form(
    here: Row, there: Row, differing: list[str]
) -> None:
    parent_here, parent_there = PARENTS
    found = verified(
        [{**child(HERE), **here}, parent_here], [{**child(THERE), **there}, parent_there]
    )
    assert found.differing == [(CHILD, column) for column in differing]
    assert not (found.missing or found.conflicts or found.repaired or found.left)
    counts = found.kinds["services"]
    assert (counts.expected, counts.compared, counts.differing) == (2, 2, len(differing))
    assert found.rows == {"services": 2}
    assert found.proven is (not differing)


def test_a_reference_that_was_cleared_is_not_compared() -> None:
    cleared = Moved(CHILD, HERE, THERE, frozenset({"parent_id"}))
    here, there = child(HERE, parent_id=PARENT_HERE), child(THERE, parent_id=None)
    assert verified([here], [there], moved=[cleared]).proven
    assert not verified([here], [there]).proven


def test_a_form_of_the_servers_own_is_no_difference() -> None:
    here, there = {**child(HERE), "type": "Hi "}, {**child(THERE), "type": "Hi"}
    assert verified([here], [there]).differing == [(CHILD, "type")]
    assert verified([here], [there], stored={"services.type": Form("trim")}).proven
    assert not verified([here], [there], stored={"products.type": Form("trim")}).proven


@pytest.mark.parametrize(
    "text", [f"see {HERE}", HERE.upper(), {HERE: 1}, ["x", {"a": f"<{HERE}>"}]]
)
def test_an_id_of_the_source_that_is_left_there_is_named(text: JSON) -> None:
    found = verified([child(HERE, label=text)], [child(THERE, label=text)])
    assert found.left == [(CHILD, "label")]
    assert not found.proven


# -- what people changed there --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrote", "here", "there", "verdict"),
    [
        ("old", "old", "mended", "repaired"),
        ("old", "new", "mended", "conflicts"),
        ("old", "new", "old", "differing"),
        (None, "new", "old", "differing"),
    ],
)
def test_what_people_changed_there_is_told_from_what_was_not_written(
    wrote: str | None, here: str, there: str, verdict: str
) -> None:
    written = WrittenBefore()
    if wrote:
        written.put(CHILD, THERE, TYPE, wrote)
    one, other = {**child(HERE), "type": here}, {**child(THERE), "type": there}
    found = verified([one], [other], written=written)
    for name in ("repaired", "conflicts", "differing"):
        assert getattr(found, name) == ([(CHILD, "type")] if name == verdict else [])
    assert found.proven is (verdict == "repaired")


def test_what_is_as_the_source_says_is_remembered_as_written() -> None:
    written = WrittenBefore()
    verified([child(HERE)], [child(THERE)], written=written)
    assert written.was(CHILD, THERE, TYPE, "checkbox")
    assert not written.knows(CHILD, THERE, "updated_at")


# -- rows that are not there ----------------------------------------------------------------------


def test_a_row_that_is_not_there_is_missing_and_so_is_one_that_nobody_moved() -> None:
    found = verified([child(HERE), PARENTS[0]], [], moved=[MOVED[0]])
    assert found.missing == [PARENT, CHILD]
    counts = found.kinds["services"]
    assert (counts.expected, counts.compared, counts.missing) == (2, 0, 2)
    assert found.rows == {}


def test_a_row_that_is_marked_as_deleted_there_is_missing() -> None:
    coupon = Moved(address("coupons.child"), HERE, THERE)
    here, there = row("coupons", HERE, code="A"), row("coupons", THERE, code="A")
    gone = {**there, "deleted_at": "2026-01-01T00:00:00+00:00"}
    assert verified([here], [there], moved=[coupon], kind="coupons").proven
    assert verified([here], [gone], moved=[coupon], kind="coupons").missing == [coupon.address]


def test_a_row_that_was_left_out_is_counted_by_its_reason() -> None:
    found = verified([child(HERE)], [], moved=[], skipped={"services.child": Skipped.of(LEFT)})
    assert found.proven
    assert dict(found.kinds["services"].left_out) == {"it was named in --leave": 1}


def test_an_odd_row_there_is_not_compared_and_not_missing() -> None:
    found = verified([child(HERE)], [child(THERE, parent_id=17)])
    assert list(found.odd) == [CHILD]
    assert found.missing == []
    assert dict(found.kinds["services"].left_out) == {ODD_THERE: 1}
    assert not found.proven


def test_what_could_not_be_read_here_is_said() -> None:
    with Spool() as source, readable({}) as connection:
        source.unread["reviews"] = "no right"
        source.odd.append(OddRow("contacts", HERE, {}, {"email": "email is no text"}))
        source.add(KINDS["taxes"], [])
        source.leave_out("taxes", [])
        source.left_out["taxes"] = {"it is of a season": 2}

        async def run() -> Verification:
            async with ApiReader(connection) as reader:
                return await verify(source, reader, KINDS, EXPECTED, WrittenBefore())

        found = asyncio.run(run())
    assert found.unread == {"reviews": "no right"}
    assert len(found.odd_here) == 1
    assert (found.kinds["taxes"].expected, dict(found.kinds["taxes"].left_out)) == (
        2,
        {"it is of a season": 2},
    )


EXPECTED = Expected({}, {}, {}, frozenset())


def test_many_rows_are_compared_in_parts() -> None:
    numbers = range(1, ROWS_AT_A_TIME + 2)
    moved = [Moved(address(f"taxes.t{n}"), foreign_id(n), foreign_id(100_000 + n)) for n in numbers]
    names = {"taxes": {one.source: one.address.key for one in moved}}
    by_address = {one.address: one for one in moved}

    async def run(source: Spool) -> Verification:
        async with ApiReader(connection) as reader:
            expected = Expected(names, by_address, {}, frozenset())
            return await verify(source, reader, KINDS, expected, WrittenBefore())

    there = [row("taxes", one.target) for one in moved[:-1]]
    with Spool() as source, readable({"taxes": there}) as connection:
        source.add(KINDS["taxes"], [whole(KINDS["taxes"], row("taxes", m.source)) for m in moved])
        found = asyncio.run(run(source))
    assert found.rows == {"taxes": ROWS_AT_A_TIME}
    assert found.missing == [moved[-1].address]


# -- ids, and kinds that are of everybody ---------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "then"),
    [
        (HERE, THERE),
        (f"see {HERE}", f"see {HERE}"),
        ([HERE, None, 1, True], [THERE, None, 1, True]),
        ({"a": HERE, HERE: {"b": [HERE]}}, {"a": THERE, THERE: {"b": [THERE]}}),
        (foreign_id(5), foreign_id(5)),
        (None, None),
    ],
)
def test_ids_of_the_source_become_those_there(value: JSON, then: JSON) -> None:
    assert translated(value, {HERE: THERE}) == then


def test_a_profile_is_of_a_person_and_not_of_an_organization() -> None:
    shared = shared_between_organizations(KINDS, tenant_of(KINDS))
    assert "user_profiles" in shared
    assert not shared & {"organizations", "contacts", "contact_bookings", "members", "tasks"}

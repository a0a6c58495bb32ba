"""Three sides of a migration: written before, the source now, the target now; no server."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from reconciler.migration import (
    Moving,
    Sides,
    WrittenBefore,
    deletes_of,
    keep_theirs,
    without_deletes,
)
from reconciler.migration.exclude import GONE_THERE
from reconciler.plan.change import Change
from reconciler.plan.model import Plan
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    address,
    change,
    configuration,
    foreign_id,
    line_of,
    ref,
    resource,
    row,
)

JANE, ID = address("contacts.jane"), foreign_id(1)
COLUMNS = KINDS["contacts"].columns


def written(**columns: str) -> WrittenBefore:
    """What an earlier run wrote into the row of Jane, if anything."""
    made = WrittenBefore()
    for name, value in columns.items():
        made.put(JANE, ID, COLUMNS[name], value)
    return made


def plan(*changes: Change) -> Plan:
    return Plan(STACK, ORGANIZATION, "sha256:0", (changes,), 0)


def update(before: str, after: str, row_id: str = ID) -> Change:
    """Change the first name of Jane from what is there to what is here."""
    there = row("contacts", row_id, first_name=before, city="Oslo")
    return change(
        "update contacts.jane",
        id=row_id,
        row=there,
        before={"first_name": before},
        first_name=after,
    )


def kept(one: Change, known: WrittenBefore, theirs: Iterable[str] = ()) -> Moving | None:
    jane = resource("contacts.jane", first_name="x", city="Oslo")
    link = resource("contact_bookings.l", contact_id=ref("contacts.jane"))
    sides = Sides(known, [address(name) for name in theirs])
    return keep_theirs(Moving(configuration(jane, link)), plan(one), KINDS, sides)


@pytest.mark.parametrize(
    ("wrote", "there", "here", "stays", "conflict"),
    [
        pytest.param("Jane", "Jane", "Janet", False, False, id="changed here only"),
        pytest.param("Jane", "Mended", "Jane", True, False, id="put right there"),
        pytest.param("Jane", "Mended", "Janet", True, True, id="changed on both sides"),
        pytest.param(None, "Mended", "Janet", False, False, id="never written"),
    ],
)
def test_what_people_changed_there_stays(
    wrote: str | None, there: str, here: str, stays: bool, conflict: bool
) -> None:
    known = written(first_name=wrote) if wrote else written()
    moving = kept(update(there, here), known)
    column = (JANE, "first_name")
    assert (moving is not None) is stays
    assert (moving is not None and column in moving.kept) is stays
    assert (moving is not None and column in moving.conflicts) is conflict
    if moving:
        assert moving.configuration.resources[JANE].values == {"city": "Oslo"}


def test_where_the_source_is_to_win_nothing_stays() -> None:
    assert kept(update("Mended", "Janet"), written(first_name="Jane"), ["contacts.jane"]) is None


def test_what_was_written_into_another_row_says_nothing_of_this_one() -> None:
    assert kept(update("Mended", "Janet", foreign_id(2)), written(first_name="Jane")) is None


def test_another_column_says_nothing_of_this_one() -> None:
    assert kept(update("Mended", "Janet"), written(city="Bergen")) is None


def test_a_column_of_a_change_without_a_row_is_sent() -> None:
    unseen = replace(update("Mended", "Janet"), row=None)
    assert kept(unseen, written(first_name="Jane")) is None


@pytest.mark.parametrize(("certain", "stays"), [(True, True), (False, False)])
def test_a_row_that_was_deleted_there_is_not_made_again(certain: bool, stays: bool) -> None:
    known = written(first_name="Jane")
    known.rows[JANE].certain = certain
    moving = kept(change("create contacts.jane", first_name="Jane"), known)
    assert (moving is not None) is stays
    if moving:
        assert moving.skipped[JANE].code == GONE_THERE
        assert moving.skipped[JANE].rows == (ID,)
        # the link cannot be without her
        assert list(moving.configuration.resources) == []


def test_a_row_that_was_never_there_is_made() -> None:
    assert kept(change("create contacts.jane", first_name="Jane"), written()) is None


# -- rows that are gone in the source -------------------------------------------------------------


def delete(row_id: str = ID, **columns: str) -> Change:
    return change("delete contacts", id=row_id, row=row("contacts", row_id, **columns))


@pytest.mark.parametrize(
    ("known", "there", "gone", "theirs", "verdict"),
    [
        pytest.param(written(first_name="J"), delete(first_name="J"), True, False, "wanted",
                     id="as it was written"),
        pytest.param(written(first_name="J"), delete(first_name="M"), True, False, "conflict",
                     id="changed there"),
        pytest.param(written(first_name="J"), delete(first_name="M"), True, True, "wanted",
                     id="changed there, and the source is to win"),
        pytest.param(written(first_name="J", city="O"), delete(first_name="J", city="P"), True,
                     False, "conflict", id="changed in one column"),
        pytest.param(written(first_name="J"), delete(first_name="J", city="P"), True, False,
                     "wanted", id="changed where nothing was written"),
        pytest.param(written(first_name="J", city="O"), delete(first_name="J"), True, False,
                     "wanted", id="a column that cannot be read any more"),
        pytest.param(written(first_name="J"), delete(first_name="J"), False, False, "other",
                     id="still in the source"),
        pytest.param(written(first_name="J"), delete(foreign_id(2), first_name="J"), True, False,
                     "other", id="a row that was not moved"),
        pytest.param(written(), delete(first_name="J"), True, False, "other",
                     id="nothing is known"),
    ],
)  # fmt: skip
def test_a_row_that_went_in_the_source_goes_there_unless_people_changed_it(
    known: WrittenBefore, there: Change, gone: bool, theirs: bool, verdict: str
) -> None:
    sides = Sides(known, [JANE] if theirs else [])
    found = deletes_of(plan(there, update("a", "b")), KINDS, [JANE] if gone else [], sides)
    assert found.wanted == ({there.id} if verdict == "wanted" else set())
    assert found.conflicts == ((JANE,) if verdict == "conflict" else ())
    assert found.others == (verdict == "other")


def test_deletes_that_are_not_wanted_are_taken_out_of_a_plan() -> None:
    one, two = delete(foreign_id(1)), delete(foreign_id(2))
    whole = replace(plan(), levels=((update("a", "b"), one), (two,)))
    left = without_deletes(whole, {foreign_id(1)})
    assert [[line_of(c) for c in level] for level in left.levels] == [
        ["update contacts.jane", f"delete contacts[{foreign_id(1)}]"]
    ]
    assert without_deletes(whole, [foreign_id(1), foreign_id(2)]).levels == whole.levels

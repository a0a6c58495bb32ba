"""Whether a row that was read again is what a change saw, or what it wanted."""

from dataclasses import replace

import pytest

from reconciler.execution.compare import as_planned, holds, unchanged, written
from reconciler.plan.change import Change
from reconciler.values.column import JSON
from tests.builders import KINDS, change, own_id, row

SEEN, LATER = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"
HOOKS, CALENDARS = KINDS["webhooks"], KINDS["external_calendars"]
BEFORE = row("webhooks", own_id("webhooks.a"), description="Old", source="x", updated_at=SEEN)
HOOK = change(
    "update webhooks.a",
    row=BEFORE,
    before={"description": "Old", "source": "x"},
    description="New",
    source="y",
)


@pytest.mark.parametrize(
    ("found", "yes"),
    [
        ({"description": "New", "source": "y"}, True),
        ({"description": "New", "source": "x"}, False),
        ({"description": "Old", "source": "y"}, False),
        ({"description": "New"}, True),  # what cannot be read is taken as right
        ({}, True),
        ({"description": "New", "source": "y", "endpoint": "other"}, True),
    ],
)
def test_a_row_holds_values(found: dict[str, JSON], yes: bool) -> None:
    assert holds(HOOKS, found, {"description": "New", "source": "y"}) is yes
    assert written(HOOKS, found, HOOK, {"description": "New", "source": "y"}) is yes


def test_values_are_compared_as_their_types_say() -> None:
    taxes = KINDS["taxes"]
    assert holds(taxes, {"percentage": 19}, {"percentage": 19.0})
    assert not holds(taxes, {"percentage": 19}, {"percentage": 19.5})


def test_what_moves_by_itself_is_not_compared() -> None:
    [volatile] = (name for name, column in CALENDARS.columns.items() if column.volatile)
    found: dict[str, JSON] = {volatile: SEEN, "name": "a"}
    one = change("update external_calendars.a", name="a")
    for wanted in (SEEN, LATER):
        assert holds(CALENDARS, found, {volatile: wanted, "name": "a"})
        assert written(CALENDARS, found, one, {volatile: wanted, "name": "a"})
    assert not holds(CALENDARS, found, {volatile: LATER, "name": "b"})
    assert not written(CALENDARS, found, one, {volatile: LATER, "name": "b"})


@pytest.mark.parametrize(
    ("before", "sent", "found", "yes"),
    [
        ("Old", "New ", "New", True),  # by a form of the server's own
        ("Old", "New", "new", True),
        ("new", "New", "new", False),  # that is what stood there before
        ("Old", "New", "Newer", False),
    ],
)
def test_a_row_shows_a_change_in_a_form_of_the_servers_own(
    before: str, sent: str, found: str, yes: bool
) -> None:
    one = change("update webhooks.a", before={"description": before}, description=sent)
    assert written(HOOKS, {"description": found}, one, {"description": sent}) is yes


@pytest.mark.parametrize(
    ("found", "planned", "same"),
    [
        ({}, True, True),
        ({"updated_at": LATER}, True, False),
        ({"description": "New"}, False, True),
        ({"endpoint": "other"}, True, True),
        ({"source": "z", "updated_at": LATER}, False, False),
    ],
)
def test_a_row_is_as_the_plan_saw_it(found: dict[str, JSON], planned: bool, same: bool) -> None:
    there = {**BEFORE, **found}
    assert as_planned(HOOKS, there, HOOK) is planned
    assert unchanged(HOOKS, there, HOOK) is same  # by the version alone


def test_where_the_plan_saw_no_lock_nothing_has_changed() -> None:
    unread = {name: value for name, value in BEFORE.items() if name != "updated_at"}
    for one in (replace(HOOK, row=unread), replace(HOOK, row=None)):
        checked: Change = one
        assert unchanged(HOOKS, {**BEFORE, "updated_at": LATER}, checked)

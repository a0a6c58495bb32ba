"""Order: referenced rows first, dependents deleted first, deletes last."""

import pytest

from reconciler.diagnostics import PlanError
from reconciler.plan.change import Action, Change, Levels, rows_referenced
from reconciler.planning.order import order, with_references_to
from reconciler.values.column import JSON
from reconciler.values.sent import Sent
from tests.builders import KINDS, change, foreign_id, line_of, own_id, row


def levels(*changes: Change) -> list[list[str]]:
    return [[line_of(one) for one in level] for level in order(changes, KINDS)]


def deleting(name: str, **columns: str) -> Change:
    """A delete of a row that references the rows of these addresses."""
    kind = name.partition(".")[0]
    values = {column: own_id(target) for column, target in columns.items()}
    return change(f"delete {name}", row=row(kind, own_id(name), **values))


JANE = change("create contacts.jane")
STAY = change("create bookings.stay")
LINK = change("create contact_bookings.jane--stay", needs=["contacts.jane", "bookings.stay"])


def test_nothing_is_ordered_as_nothing() -> None:
    assert levels() == []
    assert levels(change("no-op contacts.jane")) == []


def test_what_does_not_depend_on_each_other_shares_a_level() -> None:
    assert levels(STAY, JANE) == [["create bookings.stay", "create contacts.jane"]]


def test_referenced_rows_come_first() -> None:
    assert levels(LINK, STAY, JANE) == [
        ["create bookings.stay", "create contacts.jane"],
        ["create contact_bookings.jane--stay"],
    ]


def test_what_exists_already_is_not_waited_for() -> None:
    jane = change("update contacts.jane", first_name="Jane")
    assert levels(jane, LINK) == [["create contact_bookings.jane--stay", "update contacts.jane"]]


def test_an_update_waits_for_what_it_will_reference() -> None:
    moved = change("update contact_bookings.x--stay", needs=["contacts.jane"], contact_id="…")
    assert levels(moved, JANE) == [
        ["create contacts.jane"],
        ["update contact_bookings.x--stay"],
    ]


@pytest.mark.parametrize("kind", ["services", "site_nav_items"])
def test_rows_of_one_kind_are_ordered_by_their_parents(kind: str) -> None:
    top = change(f"create {kind}.top")
    middle = change(f"create {kind}.middle", needs=[f"{kind}.top"])
    bottom = change(f"create {kind}.bottom", needs=[f"{kind}.middle"])
    assert levels(bottom, top, middle) == [
        [f"create {kind}.top"],
        [f"create {kind}.middle"],
        [f"create {kind}.bottom"],
    ]


@pytest.mark.parametrize("kind", ["services", "site_nav_items"])
def test_children_are_deleted_before_their_parents(kind: str) -> None:
    top, middle = (
        deleting(f"{kind}.top"),
        deleting(f"{kind}.middle", parent_id=f"{kind}.top"),
    )
    bottom = deleting(f"{kind}.bottom", parent_id=f"{kind}.middle")
    assert levels(top, bottom, middle) == [
        [f"delete {kind}.bottom"],
        [f"delete {kind}.middle"],
        [f"delete {kind}.top"],
    ]


def test_a_row_that_references_itself_is_no_cycle() -> None:
    assert levels(deleting("services.odd", parent_id="services.odd")) == [["delete services.odd"]]
    itself = change("create services.odd", needs=["services.odd"])
    assert levels(itself) == [["create services.odd"]]


def test_all_deletes_come_after_everything_else() -> None:
    link = deleting(
        "contact_bookings.old--gone", contact_id="contacts.old", booking_id="bookings.gone"
    )
    assert levels(
        deleting("contacts.old"),
        link,
        deleting("bookings.gone"),
        LINK,
        STAY,
        JANE,
    ) == [
        ["create bookings.stay", "create contacts.jane"],
        ["create contact_bookings.jane--stay"],
        ["delete contact_bookings.old--gone"],
        ["delete bookings.gone", "delete contacts.old"],
    ]


def test_the_order_does_not_depend_on_the_order_of_the_files() -> None:
    one, other = order([LINK, STAY, JANE], KINDS), order([JANE, STAY, LINK], KINDS)
    assert one == other


def test_live_rows_that_reference_each_other_round_are_named() -> None:
    one = deleting("services.one", parent_id="services.two")
    two = deleting("services.two", parent_id="services.one")
    with pytest.raises(PlanError) as caught:
        order([one, two], KINDS)
    [problem] = caught.value.problems
    assert problem.code == "delete-cycle"
    assert own_id("services.one") in problem.message
    assert own_id("services.two") in problem.message


def test_rows_to_be_created_that_reference_each_other_round_are_named() -> None:
    one = change("create services.one", needs=["services.two"])
    two = change("create services.two", needs=["services.one"])
    with pytest.raises(PlanError) as caught:
        order([one, two], KINDS)
    [problem] = caught.value.problems
    assert problem.code == "reference-cycle"
    assert "services.one" in problem.message
    assert "services.two" in problem.message


def test_only_some_actions_bind_an_address() -> None:
    binding = {Action.ADOPT, Action.RENAME, Action.RELEASE}
    assert {action for action in Action if action.binds} == binding


# -- what a row references ------------------------------------------------------------------------


def test_a_row_references_what_its_columns_and_marked_json_places_name() -> None:
    fee: JSON = {
        "prices": [{"value": 5, "tax_id": foreign_id(7)}],
        "capacity_group_id": foreign_id(8),
    }
    service = row("services", foreign_id(1), parent_id=foreign_id(2), fee=fee, deposit=None)
    found = rows_referenced(change("delete services", id=foreign_id(1), row=service), KINDS)
    assert found == {
        ("services", foreign_id(2)),
        ("taxes", foreign_id(7)),
        ("capacity_groups", foreign_id(8)),
    }


def test_the_names_of_an_occupancy_map_are_references() -> None:
    event = row("calendar_events", foreign_id(1), occupancy={foreign_id(2): 3, foreign_id(3): 1})
    found = rows_referenced(change("delete calendar_events", id=foreign_id(1), row=event), KINDS)
    assert found == {("capacity_groups", foreign_id(2)), ("capacity_groups", foreign_id(3))}


def test_a_tax_is_deleted_after_the_service_that_charges_it() -> None:
    service = row("services", own_id("services.s"), fee={"tax_id": own_id("taxes.vat")})
    assert levels(deleting("taxes.vat"), change("delete services.s", row=service)) == [
        ["delete services.s"],
        ["delete taxes.vat"],
    ]


def test_a_row_that_cannot_be_read_is_deleted_before_all_that_its_kind_may_reference() -> None:
    """Nobody knows which member or template it names, so both wait; a tax need not."""
    row_id = foreign_id(1)
    unseen = change("delete task_template_assignees", id=row_id, row={"id": row_id})
    assert not KINDS["task_template_assignees"].can_list
    template, member = deleting("task_templates.t"), deleting("members.m")
    assert levels(template, deleting("taxes.vat"), member, unseen) == [
        [f"delete task_template_assignees[{row_id}]", "delete taxes.vat"],
        ["delete members.m", "delete task_templates.t"],
    ]


# -- who still references a row to be deleted -----------------------------------------------------

GUEST = ("contact_bookings", foreign_id(9))
DELETED = ("contacts", own_id("contacts.jane"))


@pytest.mark.parametrize(
    ("other", "referencing"),
    [
        ([], {GUEST}),
        ([change("delete contact_bookings", id=GUEST[1])], set()),
        ([change("update contact_bookings.a--b", id=GUEST[1], first_name="x")], {GUEST}),
        (
            [
                change(
                    "update contact_bookings.a--b",
                    id=GUEST[1],
                    before={"contact_id": DELETED[1]},
                    contact_id=foreign_id(3),
                )
            ],
            set(),
        ),
    ],
    ids=["stays", "deleted too", "changed elsewhere", "moved away"],
)
def test_a_row_is_referenced_by_what_will_still_reference_it(
    other: list[Change], referencing: set[tuple[str, str]]
) -> None:
    delete = deleting("contacts.jane")
    [after, *_] = with_references_to([delete, *other], {DELETED: frozenset({GUEST})})
    assert after.referenced_by == referencing


def test_a_row_is_not_referenced_by_a_document_that_will_name_another() -> None:
    tax, service = ("taxes", foreign_id(1)), ("services", foreign_id(2))
    references_to = {tax: frozenset({service})}
    delete = change("delete taxes", id=tax[1])
    before: dict[str, JSON] = {"fee": [{"tax_id": tax[1], "value": 5}]}
    longer: list[Sent] = [{"tax_id": tax[1], "value": 6}]
    kept = change("update services.s", id=service[1], before=before, fee=longer)
    moved = change("update services.s", id=service[1], before=before, fee=[{"value": 5}])
    assert with_references_to([delete, kept], references_to)[0].referenced_by == {service}
    assert with_references_to([delete, moved], references_to)[0].referenced_by == frozenset()


def test_a_row_is_not_referenced_by_a_map_that_names_it_no_longer() -> None:
    group, event = ("capacity_groups", foreign_id(1)), ("calendar_events", foreign_id(2))
    references_to = {group: frozenset({event})}
    delete = change("delete capacity_groups", id=group[1])
    before: dict[str, JSON] = {"occupancy": {group[1]: 3}}
    kept = change("update calendar_events.e", id=event[1], before=before, occupancy={group[1]: 4})
    moved = change("update calendar_events.e", id=event[1], before=before, occupancy={})
    assert with_references_to([delete, kept], references_to)[0].referenced_by == {event}
    assert with_references_to([delete, moved], references_to)[0].referenced_by == frozenset()


def test_only_deletes_are_referenced() -> None:
    update = change("update contacts.jane", first_name="x")
    assert with_references_to([update], {DELETED: frozenset({GUEST})}) == (update,)


def test_levels_are_plain_data() -> None:
    found: Levels = order([JANE], KINDS)
    assert found == ((JANE,),)

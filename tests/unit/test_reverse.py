"""Taking a run back: what is done for each effect, and what is left as it is, with a note."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.bindings import Binding
from reconciler.plan.change import Action, Change
from reconciler.planning.effects import Effect
from reconciler.planning.reverse import reverse, rows_needed, without_lost
from reconciler.values.address import Address
from reconciler.values.sent import Row
from reconciler.values.stored import Form
from tests.builders import KINDS, address, change, foreign_id, line_of, own_id, row

JANE, ID = own_id("contacts.jane"), foreign_id(1)
T0, T1 = "2026-01-01T00:00:00+00:00", "2026-01-02T00:00:00+00:00"


def effect(
    line: str,
    *,
    before: Row | None = None,
    after: Row | None = None,
    expected: Row | None = None,
    left: tuple[Row, ...] = (),
) -> Effect:
    """What a run did: ``update contacts.jane``; what it expects is what it sent, where not told."""
    action, _, name = line.partition(" ")
    kind, dot, _ = name.partition(".")
    sent = after or {}
    return Effect(
        KINDS[kind], Action(action), own_id(name) if dot else ID, address(name) if dot else None,
        before, sent, sent if expected is None else expected, None, None, True, left,
    )  # fmt: skip


WORDS = {
    "undo-stale": {"the row was changed since, so it stays"},
    "undo-gone": {"the row is gone, so there is nothing to take back"},
    "undo-marked": {"it is marked as deleted, and undo leaves the mark"},
    "undo-impossible": {
        "the API cannot delete it",
        "the API cannot bring it back as it was",
    },
}


def taken_back(
    one: Effect,
    there: Row | None,
    bindings: Mapping[Address, Binding] | None = None,
    stored: Mapping[str, Form] | None = None,
) -> tuple[tuple[Change, ...], list[str]]:
    """Take an effect back, and say what stays."""
    live = {one.kind.name: {one.id: there}} if there is not None else {}
    changes, notes = reverse((one,), live, bindings or {}, stored or {})
    for note in notes:
        assert (note.address, note.severity) == (one.name, "warning")
        assert note.message.removeprefix(f"{one.name}: ") in WORDS[note.code]
    return changes, [note.code for note in notes]


CREATED = effect("create contacts.jane", after={"city": "Oslo"})
CHANGED = effect("update contacts.jane", before={"city": "Oslo"}, after={"city": "Rome"})
DELETED = effect("delete contacts.jane", before={"city": "Oslo"})
COUPON = effect("create coupons.ten", after={"code": "TEN"})


@pytest.mark.parametrize(
    ("one", "there", "done", "notes"),
    [
        pytest.param(CREATED, {"city": "Oslo"}, ["delete contacts.jane"], [], id="as created"),
        pytest.param(CREATED, {"city": "Rome"}, [], ["undo-stale"], id="changed since"),
        pytest.param(CREATED, None, [], ["undo-gone"], id="gone"),
        pytest.param(CHANGED, {"city": "Rome"}, ["update contacts.jane"], [], id="as changed"),
        pytest.param(CHANGED, {"city": "Bonn"}, [], ["undo-stale"], id="changed again"),
        pytest.param(CHANGED, {"city": "Oslo"}, [], [], id="taken back already"),
        pytest.param(CHANGED, None, [], ["undo-gone"], id="changed, and gone"),
        pytest.param(DELETED, None, ["create contacts.jane"], [], id="deleted"),
        pytest.param(DELETED, {"city": "x"}, [], [], id="back already"),
        pytest.param(COUPON, {"code": "TEN", "deleted_at": None}, ["delete coupons.ten"], [],
                     id="created, and not marked"),
        pytest.param(COUPON, {"code": "TEN", "deleted_at": T0}, [], ["undo-gone"],
                     id="created, and marked as deleted"),
        pytest.param(replace(COUPON, action=Action.DELETE), {"deleted_at": T0}, [],
                     ["undo-marked"], id="marked as deleted by the run"),
        pytest.param(effect("delete products.villa", before={}), None, [], ["undo-impossible"],
                     id="the server chooses the id"),
        pytest.param(effect("delete task_template_assignees.a--b", before={}), None, [],
                     ["undo-impossible"], id="nobody could read it"),
        pytest.param(effect("delete sites.main", before={}), None, [], ["undo-impossible"],
                     id="cannot be created"),
        pytest.param(effect("create sites.main"), {}, [], ["undo-impossible"],
                     id="cannot be deleted"),
    ],
)  # fmt: skip
def test_a_row_is_taken_back_only_as_the_run_left_it(
    one: Effect, there: Row | None, done: list[str], notes: list[str]
) -> None:
    changes, said = taken_back(one, there)
    assert ([line_of(change) for change in changes], said) == (done, notes)
    assert {(change.kind, change.id) for change in changes} <= {(one.kind.name, one.id)}


MOVED = effect("create contacts.jane", after={"city": "Oslo"}, expected={"city": "oslo"})
LEFT = replace(CHANGED, after={"city": "Rome", "email": "a@x"}, left=({"city": "Half"},))
LEFT = replace(
    LEFT, expected={**LEFT.after, "updated_at": T0}, before={"city": "O", "email": "b@x"}
)


@pytest.mark.parametrize(
    ("one", "there", "forms", "ours"),
    [
        (MOVED, {"city": "oslo"}, {}, True),
        (MOVED, {"city": "Oslo"}, {}, False),
        (CREATED, {"city": "oslo"}, {}, False),
        (CREATED, {"city": "oslo"}, {"contacts.city": Form("lower")}, True),
        (CREATED, {"city": "oslo"}, {"contacts.email": Form("lower")}, False),
        (CREATED, {"city": "rome"}, {"contacts.city": Form("lower")}, False),
        (replace(CHANGED, expected={"city": "rome"}), {"city": "rome"}, {}, True),
        (replace(CHANGED, expected={"city": "rome"}), {"city": "Rome"}, {}, False),
        (CREATED, {}, {}, True),  # a column that was not read says nothing
        (replace(CREATED, expected={"unheard_of": 1}), {"unheard_of": 2}, {}, True),
        (replace(CREATED, expected={"updated_at": T0}), {"updated_at": T1}, {}, False),
        (effect("create external_calendars.f", after={"sync_requested_at": T0}),
         {"sync_requested_at": T1}, {}, True),
        # an undo that was cut off: each column is from the run, from before, or of that undo
        (LEFT, {"city": "Half", "email": "a@x"}, {}, True),
        (LEFT, {"city": "Half", "email": "b@x"}, {}, True),
        (LEFT, {"city": "O", "email": "a@x"}, {}, True),
        (LEFT, {"city": "Half", "email": "c@x"}, {}, False),
        (LEFT, {"city": "Other", "email": "a@x"}, {}, False),
        (replace(LEFT, left=()), {"city": "O", "email": "a@x"}, {}, False),
        (replace(CREATED, left=({"city": "A"},), expected={"city": "Oslo", "updated_at": T0}),
         {"city": "A", "updated_at": T1}, {}, True),  # which moved the version, too
    ],
)  # fmt: skip
def test_which_row_is_as_the_run_left_it(
    one: Effect, there: Row, forms: Mapping[str, Form], ours: bool
) -> None:
    changes, notes = taken_back(one, there, stored=forms)
    assert bool(changes) is ours
    assert notes == ([] if ours else ["undo-stale"])


def test_a_delete_holds_the_row_as_it_was_read() -> None:
    there = row("products", own_id("products.villa"), rent_period="daily")
    [found], _ = taken_back(effect("create products.villa", after={"rent_period": "daily"}), there)
    assert found.row == there
    assert found.consents == ("billing-delete", "cascade")
    assert not found.unconfirmed
    [found], _ = taken_back(effect("create seasons.summer"), row("seasons", ID))
    assert found.unconfirmed


def test_a_change_gets_the_old_values_of_what_it_set() -> None:
    one = effect(
        "update bookings.stay",
        before={"confirmed_at": T0, "notes": "kept", "reference": "old"},
        after={"confirmed_at": None, "reference": "new", "silent": False},
    )
    there = row("bookings", one.id, confirmed_at=None, reference="new", silent=False, notes="x")
    [found], _ = taken_back(one, there)
    assert {name: (d.before, d.after) for name, d in found.columns.items()} == {
        "confirmed_at": (None, T0),
        "reference": ("new", "old"),
    }
    assert (found.action, found.row) == (Action.UPDATE, there)
    assert found.consents == ("notifies",)
    silent = replace(one, after={**one.after, "silent": True}, expected={})
    [found], _ = taken_back(silent, {**there, "silent": True})
    assert found.consents == ()


@pytest.mark.parametrize(("name", "unconfirmed"), [("seasons.s", True), ("contacts.c", False)])
def test_a_verb_that_nobody_has_tried_is_marked(name: str, unconfirmed: bool) -> None:
    column = "value" if unconfirmed else "city"
    one = effect(f"update {name}", before={column: "a"}, after={column: "b"})
    [found], _ = taken_back(one, {column: "b"})
    assert found.unconfirmed is unconfirmed
    [found], _ = taken_back(effect(f"delete {name}", before={column: "a"}), None)
    assert found.unconfirmed is (KINDS[found.kind].unconfirmed("create"))


def test_a_deleted_row_comes_back_with_what_people_may_write() -> None:
    one = effect(
        "delete bookings.stay",
        before={"id": ID, "updated_at": T0, "reference": "BM-1", "silent": False, "strange": 1},
    )
    [found], _ = taken_back(one, None)
    assert (found.after["reference"], found.after["silent"]) == ("BM-1", False)
    assert not found.after.keys() & {"updated_at", "strange"}
    assert {d.before for d in found.columns.values()} == {None}
    assert (found.consents, found.binding) == (("notifies",), None)
    assert found.unconfirmed
    bound = replace(one, binding=Binding(ID, "adopted"), bound_as=address("bookings.stay"))
    [found], _ = taken_back(bound, None)
    assert found.binding == "adopted"


def test_a_row_without_a_name_comes_back_under_its_id() -> None:
    [found], _ = taken_back(effect("delete contacts", before={"city": "Oslo"}), None)
    assert (found.address, found.id) == (Address("contacts", ID), ID)


def test_every_effect_is_looked_at() -> None:
    gone = replace(CREATED, id=ID, address=None)
    live = {"contacts": {JANE: {"city": "Rome"}}}
    changes, notes = reverse((gone, DELETED, CHANGED, gone), live, {}, {})
    assert [line_of(one) for one in changes] == ["update contacts.jane"]
    assert [note.code for note in notes] == ["undo-gone", "undo-gone"]


# -- names ----------------------------------------------------------------------------------------

JOAN = address("contacts.joan")
ADOPTED = replace(CHANGED, action=Action.ADOPT)
WAS_OWNED = replace(ADOPTED, action=Action.RENAME, binding=Binding(JANE, "owned"), bound_as=JOAN)
WAS_ADOPTED = replace(WAS_OWNED, binding=Binding(JANE, "adopted"))
NOW = {address("contacts.jane"): Binding(JANE, "adopted")}


@pytest.mark.parametrize(
    ("one", "there", "bindings", "done", "notes"),
    [
        (ADOPTED, {"city": "Rome"}, NOW, ["release contacts.jane city"], []),
        (ADOPTED, {"city": "Oslo"}, NOW, ["release contacts.jane "], []),
        (ADOPTED, {"city": "Bonn"}, NOW, ["release contacts.jane "], ["undo-stale"]),
        (ADOPTED, None, NOW, ["release contacts.jane "], ["undo-gone"]),
        (ADOPTED, {"city": "Rome"}, {}, ["update contacts.jane city"], []),
        (ADOPTED, {"city": "Oslo"}, {}, [], []),
        (ADOPTED, {"city": "Oslo"}, {address("contacts.jane"): Binding(ID, "owned")}, [], []),
        (replace(ADOPTED, address=None), {"city": "Oslo"}, NOW, [], []),
        (CHANGED, {"city": "Rome"}, NOW, ["update contacts.jane city"], []),
        (WAS_OWNED, {"city": "Rome"}, NOW, ["rename contacts.joan city"], []),
        (WAS_ADOPTED, {"city": "Oslo"}, NOW, ["adopt contacts.joan "], []),
        (WAS_OWNED, {"city": "Oslo"}, {JOAN: Binding(JANE, "owned")}, [], []),
        (WAS_OWNED, {"city": "Oslo"}, {JOAN: Binding(JANE, "adopted")},
         ["rename contacts.joan "], []),
        (replace(WAS_OWNED, bound_as=None), {"city": "Oslo"}, NOW, ["release contacts.jane "], []),
    ],
)  # fmt: skip
def test_a_name_is_given_back(
    one: Effect,
    there: Row | None,
    bindings: Mapping[Address, Binding],
    done: list[str],
    notes: list[str],
) -> None:
    changes, said = taken_back(one, there, bindings)
    assert [f"{line_of(found)} {' '.join(found.columns)}" for found in changes] == done
    assert said == notes
    for found in changes:
        assert (found.kind, found.id, found.row) == ("contacts", JANE, there)
        origin = one.binding.origin if one.binding and one.bound_as else None
        assert found.binding == (origin if found.action.binds else None)


def test_values_that_come_with_a_name_ask_for_consent_too() -> None:
    one = effect("adopt bookings.stay", before={"confirmed_at": T0}, after={"confirmed_at": None})
    bindings = {address("bookings.stay"): Binding(one.id, "adopted")}
    [found], _ = taken_back(one, {"confirmed_at": None}, bindings)
    assert (found.action, found.consents) == (Action.RELEASE, ("notifies",))


# -- rows that are gone and stay gone -------------------------------------------------------------

CONTACT, STAY = ("contacts", foreign_id(2)), ("bookings", foreign_id(3))
LINK = change("create contact_bookings.l", contact_id=CONTACT[1], booking_id=STAY[1])
GUEST = change("create contacts.guest", id=CONTACT[1], creator_id=foreign_id(4))
TOP = change("create services.top", parent_id=foreign_id(5))
MIDDLE = change("create services.middle", parent_id=own_id("services.top"))
MOVE = change("update services.s", parent_id=foreign_id(5), type="x")
BACK = change("update services.s", parent_id=foreign_id(5))


def test_the_rows_that_changes_refer_to_are_named() -> None:
    assert rows_needed((LINK, GUEST, TOP, MIDDLE, MOVE), KINDS) == {
        "bookings": {STAY[1]},
        "user_profiles": {foreign_id(4)},
        "services": {foreign_id(5)},
    }
    assert rows_needed((change("update services.s", parent_id=None),), KINDS) == {}


@pytest.mark.parametrize(
    ("changes", "lost", "kept", "notes"),
    [
        ([LINK, GUEST], set(), [LINK, GUEST], []),
        ([LINK], {STAY}, [], ["contact_bookings.l: booking_id refers to bookings"]),
        ([LINK, TOP], {CONTACT, STAY}, [TOP], [
            "contact_bookings.l: booking_id refers to bookings",
            "contact_bookings.l: contact_id refers to contacts",
        ]),
        # a reference that may be empty is left out alone
        ([GUEST], {("user_profiles", foreign_id(4))}, [replace(GUEST, columns={})],
         ["contacts.guest: creator_id refers to user_profiles"]),
        ([MOVE], {("services", foreign_id(5))},
         [replace(MOVE, columns={"type": MOVE.columns["type"]})],
         ["services.s: parent_id refers to services"]),
        ([BACK], {("services", foreign_id(5))}, [], ["services.s: parent_id refers to services"]),
        ([replace(BACK, action=Action.RENAME)], {("services", foreign_id(5))},
         [replace(BACK, action=Action.RENAME, columns={})],
         ["services.s: parent_id refers to services"]),
        # the same id in another kind is another row
        ([LINK], {("contacts", STAY[1]), ("services", CONTACT[1])}, [LINK], []),
    ],
)  # fmt: skip
def test_what_refers_to_a_row_that_stays_gone_is_left_out(
    changes: list[Change], lost: set[tuple[str, str]], kept: list[Change], notes: list[str]
) -> None:
    found, said = without_lost(tuple(changes), KINDS, lost)
    assert [replace(one, needs=frozenset()) for one in found] == kept
    assert [note.message.partition("[")[0] for note in said] == notes
    for note in said:
        assert (note.code, note.severity) == ("undo-lost", "warning")
        assert note.message.endswith("], which is gone and stays gone")
        assert note.address == note.message.partition(":")[0]


def test_what_is_left_out_takes_along_what_refers_to_it() -> None:
    """Whatever the order in which they come."""
    page = change("create site_pages.home", id=foreign_id(8), site_id=foreign_id(7))
    event = change("create tasks.t", id=foreign_id(9), calendar_event_id=foreign_id(10))
    calendar = change("create calendar_events.e", id=foreign_id(10), product_id=foreign_id(11))
    found, said = without_lost(
        (page, event, calendar, GUEST), KINDS, {("products", foreign_id(11))}
    )
    assert [one.name for one in found] == ["site_pages.home", "contacts.guest"]
    assert [note.address for note in said] == ["calendar_events.e", "tasks.t"]


def test_what_is_brought_back_waits_for_what_it_refers_to() -> None:
    needs = change("update services.x", parent_id=own_id("services.middle"))
    stale = replace(LINK, needs=frozenset({address("services.top")}))
    found, _ = without_lost((MIDDLE, TOP, GUEST, stale, needs), KINDS, set())
    assert {one.name: {str(need) for need in one.needs} for one in found} == {
        "services.middle": {"services.top"},
        "services.top": set(),
        "contacts.guest": set(),
        "contact_bookings.l": {"contacts.guest"},
        "services.x": {"services.middle"},
    }

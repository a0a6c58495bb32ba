"""The plan as a document: what it says of each change, and which values it never holds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.diagnostics import Position, Problem
from reconciler.plan.change import Change, Difference
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.document import document_of, text_of
from reconciler.plan.model import Plan, sha256
from reconciler.plan.shape import ChangeDocument
from reconciler.plan.writing import fingerprint, within
from reconciler.values.column import JSON
from reconciler.values.jsonform import canonical_json
from reconciler.values.sent import Pending, Row, Sent
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    Told,
    address,
    change,
    foreign_id,
    own_id,
    row,
)

JANE, STAY, ID = own_id("contacts.jane"), own_id("bookings.stay"), foreign_id(1)
VERSION = "2026-01-01T00:00:00+00:00"


def plan(*changes: Change, **fields: object) -> Plan:
    names = {JANE: "contacts.jane", STAY: "bookings.stay"}
    whole = Plan(STACK, ORGANIZATION, "sha256:0", (changes,), 3, names=names)
    return replace(whole, **fields)  # type: ignore[arg-type]


def written(one: Change, *, reveal: bool = False, **fields: object) -> ChangeDocument:
    [found] = document_of(plan(one, **fields), KINDS, reveal=reveal)["changes"]
    return found


def test_the_whole_of_it() -> None:
    notes = (Problem("two-claims", "twice", hint="once"), Problem("two-claims", "again"))
    whole = plan(
        change("create contacts.jane"),
        change("delete taxes", id=ID),
        notes=notes,
        unmet=frozenset({address("sites.b"), address("sites.a")}),
    )
    document = document_of(whole, KINDS)
    changes, digest = document.pop("changes"), document.pop("digest")  # type: ignore[misc]
    assert document == {
        "format_version": 2,
        "tool_version": __version__,
        "stack": STACK,
        "organization": ORGANIZATION,
        "configuration": "sha256:0",
        "summary": {
            "create": 1, "update": 0, "adopt": 0, "rename": 0, "delete": 1, "no-op": 3, "unmet": 2,
        },
        "unmet": ["sites.a", "sites.b"],
        "notes": ["twice (once)", "again"],
    }  # fmt: skip
    assert [one["action"] for one in changes] == ["create", "delete"]
    assert digest == digest_of_document(document_of(whole, KINDS))


def test_what_a_change_says() -> None:
    one = replace(
        change(
            "update bookings.stay",
            row=row("bookings", STAY, updated_at=VERSION),
            needs=["widgets.w", "contacts.jane"],
            consents=["notifies"],
            reference="new",
            before={"reference": "old"},
        ),
        places=Told(Position("villa.yaml", 7, 3)),
        unconfirmed=True,
    )
    assert written(one) == {
        "address": "bookings.stay",
        "kind": "bookings",
        "id": STAY,
        "action": "update",
        "columns": {"reference": {"before": "old", "after": "new"}},
        "label": {},
        "references": ["contacts.jane", "widgets.w"],
        "referenced_by": [],
        "consents": ["notifies"],
        "protected": False,
        "unconfirmed": True,
        "file": "villa.yaml",
        "line": 7,
        "fingerprint": VERSION,
    }


def test_what_a_delete_says() -> None:
    there = row("contact_bookings", ID, contact_id=JANE, booking_id=STAY, created_at=VERSION)
    one = change(
        "delete contact_bookings", id=ID, row=there, referenced_by=[("tasks", "b"), ("tasks", "a")]
    )
    found = written(one)
    assert (found["address"], found["id"], found["file"], found["line"]) == (None, ID, None, None)
    assert found["columns"] == {}
    assert found["label"] == {
        "contact_id": {"before": JANE, "referred_to": "contacts.jane"},
        "booking_id": {"before": STAY, "referred_to": "bookings.stay"},
    }
    assert found["references"] == ["bookings.stay", "contacts.jane"]
    assert found["referenced_by"] == ["tasks[a]", "tasks[b]"]
    assert "was_named" not in found


def test_a_delete_refers_to_rows_by_the_names_of_the_plan() -> None:
    """Also to rows that go with it; never to itself."""
    guest = change("delete contacts", id=ID, row=row("contacts", ID))
    top = change("delete services.top", id=foreign_id(3), row={"parent_id": foreign_id(3)})
    link = change("delete contact_bookings.l", row={"contact_id": ID, "booking_id": foreign_id(2)})
    found = document_of(plan(guest, top, link), KINDS)["changes"]
    assert [one["references"] for one in found] == [[], [], [f"contacts[{ID}]"]]


@pytest.mark.parametrize(
    ("line", "old_names", "was_named"),
    [
        ("delete contacts", {("contacts", ID): address("contacts.gone")}, "contacts.gone"),
        ("delete contacts", {("taxes", ID): address("taxes.gone")}, None),
        ("delete contacts.jane", {("contacts", ID): address("contacts.gone")}, None),
    ],
)
def test_a_delete_says_what_its_row_was_called(
    line: str, old_names: Mapping[tuple[str, str], object], was_named: str | None
) -> None:
    found = document_of(plan(change(line, id=ID), old_names=old_names), KINDS)
    assert found["changes"][0].get("was_named") == was_named
    assert found["digest"] == digest_of_document(document_of(plan(change(line, id=ID)), KINDS))


@pytest.mark.parametrize(
    ("line", "protect", "marked"),
    [
        ("delete contacts.jane", ["contacts"], True),
        ("delete contacts.jane", ["contacts.jane"], True),
        ("delete contacts.jane", ["taxes"], False),
        ("update contacts.jane", ["contacts"], False),
    ],
)
def test_what_is_protected_is_marked(line: str, protect: Iterable[str], marked: bool) -> None:
    assert written(change(line), protect=frozenset(protect))["protected"] is marked


# -- the digest -----------------------------------------------------------------------------------

WHOLE = plan(change("update taxes.vat", percentage=9, before={"percentage": 5}))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(WHOLE, stack="barn"), id="the stack"),
        pytest.param(replace(WHOLE, organization=ID), id="the organization"),
        pytest.param(replace(WHOLE, configuration="sha256:1"), id="the configuration"),
        pytest.param(replace(WHOLE, unchanged=4), id="the summary"),
        pytest.param(replace(WHOLE, unmet=frozenset({address("sites.a")})), id="what is unmet"),
        pytest.param(replace(WHOLE, levels=()), id="the changes"),
        pytest.param(
            plan(change("update taxes.vat", percentage=8, before={"percentage": 5})), id="a value"
        ),
        pytest.param(
            plan(change("update taxes.vat", percentage=9, before={"percentage": 6})),
            id="a value from before",
        ),
    ],
)
def test_whoever_changes_a_plan_changes_its_digest(other: Plan) -> None:
    document, changed = document_of(WHOLE, KINDS), document_of(other, KINDS)
    assert changed["digest"] != document["digest"]
    assert digest_of_document(changed) == changed["digest"]


# -- values ---------------------------------------------------------------------------------------


def test_ids_are_shown_with_the_names_of_their_rows() -> None:
    moved = change(
        "update contact_bookings.l",
        contact_id=JANE,
        booking_id=Pending(address("bookings.new")),
        before={"contact_id": foreign_id(5), "booking_id": STAY},
    )
    assert written(moved)["columns"] == {
        "contact_id": {"before": foreign_id(5), "after": JANE, "refers_to": "contacts.jane"},
        "booking_id": {
            "before": STAY,
            "after": "(id of bookings.new)",
            "referred_to": "bookings.stay",
            "refers_to": "bookings.new",
        },
    }


def test_a_create_has_no_values_from_before_and_shows_its_inputs() -> None:
    member = replace(
        change("create members.ann", role="admin"), inputs={"email": "a@x", "language": "nl"}
    )
    shown = {"role": {"after": "admin"}, "language": {"after": "nl"}}
    assert written(member)["columns"] == {**shown, "email": {"hidden": "personal"}}
    assert written(member, reveal=True)["columns"] == {**shown, "email": {"after": "a@x"}}


def test_ids_to_come_are_written_wherever_they_stand() -> None:
    pending = Pending(address("products.villa"))
    coupon = change("create coupons.c", definition={"products": [pending, 1], "x": None})
    assert written(coupon)["columns"]["definition"] == {
        "after": {"products": ["(id of products.villa)", 1], "x": None}
    }


HIDDEN = [
    # the kind, the column, and what stands there once personal values are shown
    ("contacts", "email", {"before": "old", "after": "new"}),
    ("contacts", "language", {"before": "old", "after": "new"}),
    ("webhooks", "signing_secret", {"hidden": "secret"}),
]


@pytest.mark.parametrize(("kind", "column", "revealed"), HIDDEN)
def test_personal_and_secret_values_are_hidden(
    kind: str, column: str, revealed: dict[str, JSON]
) -> None:
    definition = KINDS[kind].columns[column]
    hidden = {"hidden": "secret" if definition.sensitive else "personal"}
    one = change(f"update {kind}.x", before={column: "old"}, **{column: "new"})  # type: ignore[arg-type]
    assert written(one)["columns"] == {column: hidden if definition.private else revealed}
    assert written(one, reveal=True)["columns"] == {column: revealed}
    shown, kept = document_of(plan(one), KINDS, reveal=True), document_of(plan(one), KINDS)
    assert kept["changes"][0]["columns"] == {column: hidden if definition.private else revealed}
    assert shown["digest"] == kept["digest"]


def test_a_personal_label_is_hidden_too() -> None:
    one = change("delete contacts", id=ID, row=row("contacts", ID, email="jane@example.com"))
    assert written(one)["label"] == {"email": {"hidden": "personal"}}
    assert written(one, reveal=True)["label"] == {"email": {"before": "jane@example.com"}}
    named = change("delete contacts.jane", row=row("contacts", JANE, email="jane@example.com"))
    assert written(named, reveal=True)["label"] == {}
    bare = change("delete contacts", id=ID, row=row("contacts", ID, email=None))
    assert written(bare, reveal=True)["label"] == written(replace(bare, row=None))["label"] == {}


def test_a_kind_without_a_natural_key_has_a_label() -> None:
    there = row("line_items", ID, booking_id=STAY, name={"default": "Dog"})
    assert written(change("delete line_items", id=ID, row=there))["label"] == {
        "booking_id": {"before": STAY, "referred_to": "bookings.stay"},
        "name": {"before": {"default": "Dog"}},
    }


@pytest.mark.parametrize(
    ("before", "after", "hidden"),
    [
        ("x", "y", False),
        ("x", "s3cret", True),
        ("s3cret", "y", True),
        ("x", "before s3cret after", True),
        ("x", "other", True),
        ({"a": [{"b": "s3cret"}]}, None, True),
        (None, {"s3cret": 1}, True),
        ({"a": [1, None, True]}, ["b"], False),
        (None, ["b", "s3cret"], True),
    ],
)
def test_a_column_that_holds_the_value_of_a_secret_variable_is_hidden(
    before: JSON, after: Sent, hidden: bool
) -> None:
    values = {"before": before, "after": after}
    one = change("update webhooks.w", before={"events": before}, events=after)
    secrets = frozenset({"s3cret", "other"})
    assert written(one, secrets=secrets)["columns"] == {
        "events": {"hidden": "secret"} if hidden else values
    }
    assert written(one)["columns"] == {"events": values}


def test_a_label_that_holds_the_value_of_a_secret_variable_is_hidden() -> None:
    one = change("delete webhooks", id=ID, row=row("webhooks", ID, endpoint="https://x/s3cret"))
    assert written(one, secrets=frozenset({"s3cret"}))["label"] == {
        "endpoint": {"hidden": "secret"}
    }


# -- which state of the row it was made from ------------------------------------------------------

REPLY_TO = {"organization_id": ORGANIZATION, "email": "a@x", "name": "A"}


def printed(kind: str, there: Row | None) -> str | None:
    return fingerprint(change(f"update {kind}.x", row=there), KINDS[kind])


def test_a_fingerprint_is_the_version_or_a_hash_of_what_is_not_personal() -> None:
    assert printed("contacts", None) is None
    assert printed("contacts", {"updated_at": VERSION}) == VERSION
    link: Row = {"contact_id": JANE, "booking_id": STAY, "created_at": VERSION}
    locked: JSON = {"contact_id": JANE, "booking_id": STAY}
    assert printed("contact_bookings", link) == sha256(canonical_json(locked))
    assert printed("reply_to_addresses", REPLY_TO) == sha256(
        canonical_json({"organization_id": ORGANIZATION})
    )


# -- places ---------------------------------------------------------------------------------------


def test_a_column_of_an_overlay_says_where_it_stands(tmp_path: Path) -> None:
    here, there = str(tmp_path / "villa.yaml"), str(tmp_path / "over" / "lay.yaml")
    one = replace(
        change("update taxes.vat"),
        places=Told(
            Position(here, 1, 1),
            {"percentage": Position(here, 2, 1), "type": Position(there, 9, 1)},
        ),
        columns={"percentage": Difference(1, 2), "type": Difference("a", "b")},
    )
    found = written(one, folder=tmp_path)
    assert (found["file"], found["line"]) == ("villa.yaml", 1)
    assert found["columns"] == {
        "percentage": {"before": 1, "after": 2},
        "type": {"before": "a", "after": "b", "file": "over/lay.yaml", "line": 9},
    }
    nowhere = written(replace(one, places=None), folder=tmp_path)
    assert all("file" not in column for column in nowhere["columns"].values())


def test_files_are_named_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert within("live/a.yaml", tmp_path / "live") == "a.yaml"
    assert within("a.yaml", tmp_path / "live") == "../a.yaml"
    assert within("live/a.yaml", None) == "live/a.yaml"


def test_the_text_is_for_people_too() -> None:
    text = text_of(document_of(plan(change("create taxes.vat", percentage=9)), KINDS))
    assert text.startswith('{\n  "format_version": 2,\n')
    assert text.endswith("}\n")

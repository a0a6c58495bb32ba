"""Every problem that matching, comparing and ordering can find, in full: what, where, what next.

``UPDATE_CASES=1 pytest tests/unit/test_problem_words.py`` writes the file anew: read the diff.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.client.forms import OddRow
from reconciler.configuration.resource import Unknown, Value
from reconciler.diagnostics import Position, Problem
from reconciler.diagnostics.errors import PlanError
from reconciler.identity.found import Found, Orphan
from reconciler.identity.odd import leaving_odd, looked_up_and_odd
from reconciler.live.rows import Live, Question
from reconciler.planning.diff import diff
from reconciler.planning.order import order
from reconciler.values.column import JSON
from tests.builders import (
    KINDS,
    Told,
    address,
    change,
    configuration,
    foreign_id,
    live,
    lookup,
    own_id,
    ref,
    resource,
    row,
)
from tests.differing import compare, identities, there
from tests.matching import BY_EMAIL, EMAIL, FOREIGN, JANE, OTHER_STACK, contact, match

GOLDEN = Path(__file__).with_name("problems.txt")
OLD, MINE = own_id("contacts.joan"), own_id("contacts.jane")


def matched(*given: object, **more: object) -> list[Problem]:
    """Match, and give the problems, then the notes."""
    found = match(*given, **more)  # type: ignore[arg-type]
    return [*found.problems, *found.notes]


def compared(*given: object, **more: object) -> list[Problem]:
    """Compare, and give the problems, then the notes."""
    found = compare(*given, **more)  # type: ignore[arg-type]
    return [*found.problems, *found.notes]


def refused(*lines: tuple[str, str]) -> tuple[Problem, ...]:
    """Order creates that need each other; gives why that cannot be."""
    changes = [
        replace(change(f"create {one}", needs=[need]), places=Told(Position("villa.yaml", at, 3)))
        for at, (one, need) in enumerate(lines, 7)
    ]
    with pytest.raises(PlanError) as caught:
        order(changes, KINDS)
    return caught.value.problems


def deleting(*lines: tuple[str, str]) -> tuple[Problem, ...]:
    """Order deletes of rows that reference each other; gives why that cannot be."""
    changes = [
        change(f"delete {one}", row=row("services", own_id(one), parent_id=own_id(other)))
        for one, other in lines
    ]
    with pytest.raises(PlanError) as caught:
        order(changes, KINDS)
    return caught.value.problems


def odd_rows(number: int, kind: str = "contacts") -> Live:
    """Read that many rows which are not as they should be."""
    reasons = {"email": "email is a number, not a text"}
    rows = [OddRow(kind, foreign_id(n), {"id": foreign_id(n)}, reasons) for n in range(number)]
    return replace(live([BY_EMAIL]), odd={kind: {one.id: one for one in rows}})


def protecting() -> list[Problem]:
    """Keep two rows without a block: one with its name, and one without."""
    gone = [Orphan("contacts", OLD, address("contacts.joan")), Orphan("contacts", FOREIGN, None)]
    whole = {"contacts": {OLD: row("contacts", OLD), FOREIGN: row("contacts", FOREIGN)}}
    return diff(configuration(protect=["contacts"]), KINDS, identities(orphans=gone), whole).notes


def limited() -> list[Problem]:
    """Leave a row that is to go, in a run that is limited."""
    gone = resource("contacts.jane", absent=True, line=8)
    known = identities(gone, found=there("contacts.jane"))
    return diff(configuration(gone, limited=["contacts.jane"]), KINDS, known, {}).notes


UNSET = Unknown("SECRET", "set SECRET")
HOOK = resource("webhooks.hook", signing_secret=UNSET, line=4)
VAT = {"label": {"default": "VAT"}, "percentage": 9, "type": "included"}
LINK: Mapping[str, Value] = {"contact_id": ref("contacts.jane"), "booking_id": ref("bookings.stay")}
RENAMED = Told(Position("villa.yaml", 6, 3), {"$renamed_from": Position("villa.yaml", 7, 5)})
GREETING: Mapping[str, Value] = {"subject": {"default": "Welcome"}}
TEXT: Mapping[str, Value] = {"subject": {"default": "Hello"}}
LOOKED = lookup("taxes", type="included", percentage=9)
SERVICE = replace(
    resource("services.s", fee={"tax_id": LOOKED}),
    places=Told(Position("villa.yaml", 5, 3), {"fee": Position("villa.yaml", 6, 5)}),
)

CASES: dict[str, Callable[[], Iterable[Problem]]] = {
    "the row of a binding is gone": lambda: matched(
        JANE, rows=live([BY_EMAIL]), bindings={"contacts.jane": (FOREIGN, "owned")}
    ),
    "bindings without a block": lambda: matched(
        rows=live(),
        bindings={
            "contacts.gone": (FOREIGN, "owned"),
            "contacts.kept": (foreign_id(2), "adopted"),
            "task_template_assignees.a": (foreign_id(3), "adopted"),
            "strange.x": (foreign_id(4), "owned"),
        },
    ),
    "two blocks, one row by its binding": lambda: matched(
        JANE, resource("contacts.john", line=9), rows=live([BY_EMAIL], contacts=[contact(FOREIGN)]),
        bindings={"contacts.jane": (FOREIGN, "owned"), "contacts.john": (FOREIGN, "owned")},
    ),
    "two blocks, one row that was renamed": lambda: matched(
        resource("contacts.anna", renamed_from="jane", line=2), JANE,
        rows=live([BY_EMAIL], contacts=[contact(MINE)]),
    ),
    "the old row and the new one": lambda: matched(
        replace(resource("contacts.jane", renamed_from="joan"), places=RENAMED),
        rows=live(contacts=[contact(OLD), contact(MINE)]),
    ),
    "maybe renamed": lambda: matched(
        resource("contacts.joan", email="joan@example.com", line=2),
        resource("contacts.new", email=EMAIL, line=9),
        rows=live([BY_EMAIL], contacts=[contact(OLD, email=EMAIL)]),
    ),
    "several rows": lambda: matched(
        JANE, rows=live([BY_EMAIL], contacts=[
            contact(foreign_id(2), email=EMAIL), contact(FOREIGN, email=EMAIL)]),
    ),
    "maybe renamed, by two parts": lambda: matched(
        resource("message_templates.old", TEXT, type="email", line=2),
        resource("message_templates.new", GREETING, type="email", line=9),
        rows=greetings(own_id("message_templates.old")),
    ),
    "several rows, by two parts": lambda: matched(
        resource("message_templates.new", GREETING, type="email"),
        rows=greetings(foreign_id(2), FOREIGN),
    ),
    "a row of another stack, by two parts": lambda: matched(
        resource("message_templates.new", GREETING, type="email"), rows=greetings(OTHER_STACK)
    ),
    "a row of another stack": lambda: matched(
        JANE, rows=live([BY_EMAIL], contacts=[contact(OTHER_STACK, email=EMAIL)])
    ),
    "an odd row is meant": lambda: matched(
        JANE, rows=odd_rows(2), bindings={"contacts.jane": (FOREIGN, "owned")}
    ),
    "many odd rows of nobody": lambda: matched(rows=odd_rows(7)),
    "odd rows of a kind without deletes": lambda: matched(rows=odd_rows(1, "organizations")),
    "rows that turn out odd": lambda: turned_odd(),
    "a lookup that may mean an odd row": lambda: looked_up_and_odd(
        SERVICE, LOOKED, KINDS, odd_rows(1, "taxes")
    ),
    "a kind that cannot be created": lambda: compared(resource("sites.s", line=3)),
    "a column that a create needs": lambda: compared(resource("taxes.vat", line=3)),
    "a secret that nobody gave": lambda: compared(HOOK),
    "a secret that nobody gave, of a row": lambda: compared(HOOK, found=there("webhooks.hook")),
    "a kind that cannot be changed": lambda: compared(
        resource("messages.m", subject="new", body="b", line=7),
        found=there("messages.m", subject="old", body="a"),
    ),
    "a kind that cannot be deleted": lambda: compared(
        resource("sites.s", absent=True, line=7), found=there("sites.s"),
        rows=[("sites", row("sites", own_id("sites.s")))],
    ),
    "an orphan that cannot be deleted": lambda: compared(
        orphans=[Orphan("sites", FOREIGN, None)], rows=[("sites", row("sites", FOREIGN))]
    ),
    "a reference to what cannot be created": lambda: compared(
        resource("site_pages.p", site_id=ref("sites.s"), line=4), resource("sites.s", line=9)
    ),
    "two links of one pair": lambda: compared(
        *(resource(f"contact_bookings.{n}", LINK, line=at) for at, n in enumerate("ab", 3)),
        resource("contacts.jane"), resource("bookings.stay"),
    ),
    "a column that the server moves": lambda: compared(
        resource("external_calendars.f", sync_requested_at="2026-06-01T00:00:00Z", line=3),
        found=there("external_calendars.f", sync_requested_at="2026-07-01T00:00:00+00:00"),
    ),
    "protected, without a block": protecting,
    "to be deleted, in a limited run": limited,
    "creates that need each other": lambda: refused(
        ("services.a", "services.b"), ("services.b", "services.a")
    ),
    "deletes that reference each other": lambda: deleting(
        ("services.a", "services.b"), ("services.b", "services.a")
    ),
    "a lookup without a row": lambda: matched(SERVICE, rows=answered()),
    "a lookup with two rows": lambda: matched(
        SERVICE, rows=answered(tax(foreign_id(2)), tax(FOREIGN))
    ),
    "a lookup of a row of the plan": lambda: matched(
        SERVICE, resource("taxes.vat", line=9), rows=answered(tax(own_id("taxes.vat")))
    ),
    "a lookup of a row that goes": lambda: matched(SERVICE, rows=answered(tax(own_id("taxes.v")))),
}  # fmt: skip


def tax(row_id: str) -> dict[str, object]:
    return dict(row("taxes", row_id, type="included", percentage=9))


def greetings(*ids: str) -> Live:
    """Read message templates that have the same subject, and all that could be asked."""
    asked = [Question("message_templates", "subject->>default", t) for t in ("Welcome", "Hello")]
    same: Mapping[str, JSON] = {"subject": {"default": "Welcome"}, "type": "email"}
    return live(asked, message_templates=[row("message_templates", one, **same) for one in ids])


def answered(*taxes: dict[str, object]) -> Live:
    """Read taxes, all questions about them being answered."""
    questions = match(SERVICE).questions
    return live(questions, taxes=list(taxes))  # type: ignore[arg-type]


def turned_odd() -> list[Problem]:
    """Read rows whole that turn out odd: one with a block, and orphans that were to go."""
    there = {address("contacts.jane"): Found(FOREIGN, None, "id")}
    gone = (
        Orphan("contacts", foreign_id(0), None),
        Orphan("contacts", foreign_id(2), address("contacts.gone")),
    )
    before = replace(match(), found=there, orphans=gone)
    odd = odd_rows(3).odd["contacts"].values()
    after = leaving_odd(before, {JANE.address: JANE}, odd, KINDS, frozenset())
    return [*after.problems, *after.notes]


def written(one: Problem) -> str:
    """Write all that a problem says."""
    lines = [
        f"{one.severity} {one.code} at {one.position} of {one.address}",
        f"  {one.message}",
        f"  hint: {one.hint}",
        *(f"  row: {row_id}" for row_id in one.rows),
    ]
    return "\n".join(lines)


def test_every_problem_says_what_and_where_and_what_to_do() -> None:
    parts = (f"== {name}\n" + "\n".join(map(written, make())) for name, make in CASES.items())
    text = "\n\n".join(parts) + "\n"
    if "UPDATE_CASES" in os.environ:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_every_case_finds_something() -> None:
    assert [name for name, make in CASES.items() if not list(make())] == []

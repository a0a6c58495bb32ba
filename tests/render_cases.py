"""Plans to show: one that has everything, one that has nothing, and very large ones."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from reconciler.diagnostics import Position, Problem
from reconciler.plan.change import Change
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.document import document_of
from reconciler.plan.model import Plan
from reconciler.plan.shape import PlanDocument
from reconciler.render.plan_text import plan_lines
from reconciler.values.column import JSON
from reconciler.values.sent import Pending, Sent
from tests.builders import KINDS, ORGANIZATION, STACK, Told, address, change, foreign_id, own_id

CONFIGURATION = "sha256:" + "c" * 64
NASTY = "</script><img src=x onerror=alert(1)> | @octocat `#1` **b** \x1b[31mred \u202eevil"

BEFORE_TEXT = """Dear guest,

the key is in the box beside the door.
The code is 4711.

See you soon
"""
AFTER_TEXT = """Dear guest,

the key is in the box beside the blue door.
The code is 4712.
Please close the gate.

See you soon
"""
BEFORE_NAME: dict[str, JSON] = {
    "default": "Villa",
    "nl-NL": "Huis",
    "tags": ["a", "b"],
    "rooms": {"bed": 2},
}
AFTER_NAME: dict[str, Sent] = {
    "default": "Villa Marina",
    "tags": ["a", "c", "d"],
    "rooms": {"bed": 3},
}
LONG = "A bright house for eight, a hundred steps from the beach, with a garden and a sauna."


def plan_text(document: PlanDocument, *, width: int | None = None, compact: bool = False) -> str:
    """Write what the terminal shows."""
    return "\n".join(plan_lines(document, width, compact=compact)) + "\n"


def document(
    changes: Iterable[Change],
    *,
    unchanged: int = 0,
    notes: Iterable[str] = (),
    protect: Iterable[str] = (),
    reveal: bool = False,
    names: Mapping[str, str] | None = None,
) -> PlanDocument:
    """Write a plan of these changes as a document that no release changes."""
    plan = Plan(
        stack=STACK,
        organization=ORGANIZATION,
        configuration=CONFIGURATION,
        levels=(tuple(changes),),
        unchanged=unchanged,
        protect=frozenset(protect),
        notes=tuple(Problem("verb-missing", note, severity="warning") for note in notes),
        names=names or {},
    )
    found = document_of(plan, KINDS, reveal=reveal)
    found["tool_version"] = "1.2.3"
    masked = document_of(plan, KINDS) if reveal else found
    found["digest"] = digest_of_document({**masked, "tool_version": "1.2.3"})
    return found


def everything(*, reveal: bool = False) -> PlanDocument:
    """A plan in which all that can be shown happens."""
    return document(
        _everything(),
        unchanged=1234,
        notes=["services.cleaning is not compared in price: ${PRICE} is not set", NASTY],
        protect=["taxes.vat"],
        reveal=reveal,
        names={own_id("contacts.jane-doe"): "contacts.jane-doe"},
    )


def nothing() -> PlanDocument:
    """A plan of an organization that is as it should be."""
    return document([], unchanged=54)


@lru_cache(maxsize=1)  # the large ones are slow to take apart at the end
def many(number: int) -> PlanDocument:
    """A plan of very many changes, of a few kinds, with references and consents; look, only."""
    return document(_many(number), unchanged=17)


def _everything() -> Iterable[Change]:
    yield at(
        change("create contacts.jane-doe", email="jane@example.com", country_code="NO"),
        "contacts.yaml",
        3,
    )
    yield at(
        change("create products.loft", name={"default": "Loft"}, consents=["billing-create"]),
        "houses, all/products.yaml",
        12,
        id=None,
        unconfirmed=True,
    )
    yield at(
        change(
            "create members.ola",
            consents=["invites"],
        ),
        "people.yaml",
        5,
        id=None,
        inputs={"email": "ola@example.com", "name": "Ola", "language": "nb"},
    )
    yield at(
        change(
            "create bookings.summer-stay",
            reference="BM-2026-0001",
            currency="EUR",
            silent=False,
            consents=["notifies"],
            needs=["products.loft"],
            exchange_rate=1,
            secret="hunter2",
        ),
        "bookings.yaml",
        40,
        unconfirmed=True,
    )
    yield at(
        change(
            "create contact_bookings.jane-doe--summer-stay",
            contact_id=own_id("contacts.jane-doe"),
            booking_id=Pending(address("bookings.summer-stay")),
            needs=["contacts.jane-doe", "bookings.summer-stay"],
        ),
        "bookings.yaml",
        61,
    )
    yield at(
        change(
            "adopt coupons.early-bird",
            id=foreign_id(7),
            row={"id": foreign_id(7), "code": "EARLY"},
            before={"quota": 10, "description": BEFORE_TEXT},
            quota=15,
            description=AFTER_TEXT,
        ),
        "coupons.yaml",
        2,
    )
    yield at(
        change("rename coupons.last-minute", id=own_id("coupons.late"), row={"code": "LATE"}),
        "coupons.yaml",
        9,
    )
    yield at(
        change(
            "update products.villa-marina",
            id=foreign_id(8),
            before={
                "name": BEFORE_NAME,
                "description": {"default": LONG, "nl-NL": "Een licht huis"},
                "confirmation_message": {"default": BEFORE_TEXT},
                "hide_exact_address": False,
                "cooldown_time": None,
                "latest_arrival_time": "21:00:00",
                "currency": "EUR",
            },
            name=AFTER_NAME,
            description={"default": LONG.replace("eight", "nine"), "nl-NL": "Een licht huis"},
            confirmation_message={"default": AFTER_TEXT},
            hide_exact_address=True,
            cooldown_time=1,
            latest_arrival_time=None,
            currency=NASTY,
        ),
        "products.yaml",
        4,
    )
    yield at(
        change(
            "update contacts.ingrid",
            before={"notes": "allergic", "language": "nb", "meta": {"a": 1}},
            notes=None,
            language="en",
            meta={"a": 2},
            consents=["updates"],
        ),
        "contacts.yaml",
        20,
    )
    yield at(
        change(
            "update services.cleaning",
            before={"description": {"default": BEFORE_TEXT}, "order": 1, "fee": {"value": 40}},
            description=None,
            order=2,
            fee={"value": 45.5, "cadence": "once"},
        ),
        "services.yaml",
        7,
    )
    yield at(
        change(
            "update calendar_events.summer",
            before={"booking_id": foreign_id(3)},
            booking_id=own_id("contacts.jane-doe"),
            needs=["bookings.summer-stay"],
        ),
        "events.yaml",
        8,
    )
    yield at(
        change(
            "update webhooks.crm",
            before={"events": ["a", "b"], "endpoint": "https://old.example.com/hook"},
            events=["b", "c"],
            endpoint="https://crm.example.com/hooks/bookingmood/7f3a",
        ),
        "webhooks.yaml",
        3,
    )
    yield change(
        "delete contact_bookings",
        id=foreign_id(1),
        row={"id": foreign_id(1), "contact_id": foreign_id(2), "booking_id": foreign_id(3)},
        consents=["deletes"],
    )
    yield change(
        "delete contacts",
        id=foreign_id(2),
        row={"id": foreign_id(2), "email": "old@example.com"},
        consents=["deletes"],
    )
    yield change(
        "delete bookings",
        id=foreign_id(3),
        row={"id": foreign_id(3), "reference": "BM-OLD"},
        consents=["deletes", "referenced"],
        referenced_by=[("tasks", foreign_id(9))],
    )
    yield at(change("delete taxes.vat", row={"id": own_id("taxes.vat")}), "taxes.yaml", 11)
    yield at(
        change(
            "delete products.barn",
            row={"id": own_id("products.barn")},
            consents=["billing-delete", "cascade"],
        ),
        "products.yaml",
        90,
    )


def _many(number: int) -> Iterable[Change]:
    for i in range(number):
        place, line = f"part-{i % 40}.yaml", i // 40 * 9 + 1
        if i % 5 == 0:
            one = change(
                f"create contacts.guest-{i}", first_name="A", country_code="NO", language="nb"
            )
        elif i % 5 == 1:
            one = change(
                f"create bookings.stay-{i}",
                consents=["notifies"],
                reference=f"BM-{i}",
                currency="EUR",
                display_currency="NOK",
            )
        elif i % 5 == 2:
            guest, stay = f"contacts.guest-{i - 2}", f"bookings.stay-{i - 1}"
            one = change(
                f"create contact_bookings.guest-{i - 2}--stay-{i - 1}",
                contact_id=Pending(address(guest)),
                booking_id=Pending(address(stay)),
                needs=[guest, stay],
            )
        elif i % 5 == 3:
            one = change(
                f"update services.service-{i}",
                before={"description": {"default": LONG}, "order": i},
                description={"default": LONG.replace("eight", "ten")},
                order=i + 1,
            )
        else:
            one = change(f"delete tasks.task-{i}", row={"id": foreign_id(i)}, consents=["deletes"])
        yield at(one, place, line)


def at(one: Change, file: str, line: int, **other: object) -> Change:
    """Give a change its place in the YAML, and whatever else."""
    if isinstance(needs := other.get("needs"), list):
        other["needs"] = frozenset(map(address, needs))
    return replace(one, places=Told(Position(file, line, 3)), **other)  # type: ignore[arg-type]

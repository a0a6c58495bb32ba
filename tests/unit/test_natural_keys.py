"""What a person would call the same, kind by kind: which of two live rows a resource means."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from reconciler.catalogue import KeyPart, Kind
from reconciler.catalogue.natural import spellings
from reconciler.configuration.resource import IdReference, Resource, Value
from reconciler.live.rows import Question
from reconciler.values.canonical import canonical
from reconciler.values.column import JSON
from tests.builders import KINDS, foreign_id, live, resource, row, row_ref
from tests.matching import FOREIGN, match

VILLA, STAY, EVENT, INVOICE, OTHER = map(foreign_id, (11, 12, 13, 14, 15))
DAYS = {"start_date": "2026-04-01", "end_date": "2026-04-05", "product_id": VILLA}
BLOCKED = {**DAYS, "type": "blocked-period"}
NOTE = {**DAYS, "type": "note", "title": "Painter"}
LABEL: JSON = {"default": "Dog"}
ANSWER = {"booking_id": STAY, "name": LABEL}
REVIEW = {"author_name": "Jo", "source": "Google", "content": {"default": "Good"}}
PAID = {"invoice_id": INVOICE, "reference": "P1"}

SAME = [
    # the kind, what YAML says, what is live
    ("attribute_options", {"attribute_id": OTHER, "name": LABEL}, {"order": 3}),
    ("attributes", {"name": LABEL, "type": "single-select"}, {"type": "multi-select"}),
    ("booking_details", ANSWER, {"option_id": OTHER}),
    ("booking_details", {"calendar_event_id": EVENT, "name": LABEL}, {"booking_id": None}),
    ("bookings", {"reference": "BM-1"}, {}),
    ("bookings", {"reference": "BM-1 "}, {"reference": "BM-1"}),
    ("calendar_event_notes", {"calendar_event_id": EVENT, "note": "Key"}, {"note": "Key\n"}),
    ("calendar_events", {**DAYS, "booking_id": STAY}, {"end_date": "2026-04-09"}),
    ("calendar_events", {**BLOCKED, "uid": "a@feed"}, {"start_date": "2026-05-01"}),
    ("calendar_events", BLOCKED, {"booking_id": None, "uid": None, "title": "Closed"}),
    ("calendar_events", BLOCKED, {"uid": "a@feed"}),
    ("calendar_events", {**BLOCKED, "uid": "a@feed"}, {"uid": None}),
    ("calendar_events", BLOCKED, {"type": "blocked period"}),
    ("calendar_events", {**BLOCKED, "type": "blocked period"}, {"type": "blocked-period"}),
    ("calendar_events", NOTE, {"title": "Painter "}),
    ("capacity_groups", {"name": LABEL}, {}),
    ("contacts", {"email": "Jane@Example.com"}, {"email": "jane@example.com"}),
    ("contacts", {"email": " jane@example.com"}, {"email": "jane@example.com"}),
    ("coupons", {"code": "TEN"}, {"definition": {}}),
    ("external_calendars", {"product_id": VILLA, "name": "Airbnb"}, {"ical_url": "https://b.test"}),
    ("external_calendars", {"product_id": VILLA, "ical_url": "https://a.test"}, {"name": "Airbnb"}),
    ("invoices", {"reference": "2026-1"}, {"booking_id": STAY}),
    ("line_item_taxes", {"line_item_id": OTHER, "tax_id": VILLA}, {"percentage": 9}),
    ("message_templates", {"subject": LABEL, "type": "email"}, {"body": {}}),
    ("message_templates", {"type": "sms", "body": LABEL}, {"subject": {}}),
    ("payments", {"invoice_id": INVOICE, "reference": "P1"}, {"amount": 3}),
    ("payments", {"provider_id": "tr_1"}, {"invoice_id": INVOICE, "reference": "P1"}),
    ("price_calendar_entries", {"product_id": VILLA, "name": LABEL}, {"order": 1}),
    (
        "price_calendar_entries",
        {"product_id": VILLA, "intervals": "{[2026-04-01,2026-05-01)}"},
        {"intervals": "{[2026-04-01,2026-04-20),[2026-04-20,2026-05-01)}", "name": {}},
    ),
    ("pricing_widgets", {"title": "Prices", "product_id": VILLA}, {}),
    ("pricing_widgets", {"title": "Prices"}, {"product_id": VILLA}),
    ("products", {"name": {"default": "Caf\u00e9"}}, {"name": {"default": "Cafe\u0301"}}),
    ("refunds", {"invoice_id": INVOICE, "reference": "R1"}, {"amount": 3}),
    ("reply_to_addresses", {"email": "Desk@Example.com"}, {"email": "desk@example.com"}),
    ("review_widgets", {"title": "Home"}, {}),
    ("reviews", {"source_id": "7", "source": "Google"}, {"rating": 4}),
    ("reviews", {"source_url": "https://r.example/7"}, {"source_id": "7", "source": "Google"}),
    (
        "reviews",
        {"author_name": "Jo", "source": "own", "content": {"default": "Good"}},
        {"source_id": None, "source_url": None},
    ),
    ("seasons", {"name": LABEL}, {"value": None}),
    ("services", {"label": LABEL, "type": "checkbox"}, {"parent_id": None}),
    ("services", {"label": LABEL, "type": "checkbox", "parent_id": OTHER}, {}),
    ("site_nav_items", {"site_id": OTHER, "label": LABEL}, {"parent_id": None}),
    ("site_pages", {"site_id": OTHER, "slug": LABEL}, {}),
    ("sites", {"subdomain": "villa"}, {}),
    ("task_templates", {"product_id": VILLA, "label": "Clean"}, {}),
    ("tasks", {"calendar_event_id": EVENT, "label": "Clean"}, {}),
    ("taxes", {"label": LABEL}, {"percentage": 9}),
    ("user_profiles", {"email": "Owner@Example.com"}, {"email": "owner@example.com"}),
    ("webhooks", {"endpoint": "https://h.example"}, {}),
    ("widgets", {"title": "Home"}, {}),
]  # fmt: skip

OTHERS = [
    # both may be meant: money, bookings and people that no identifier tells to be the same
    ("bookings", {"currency": "EUR"}, {}),
    ("booking_details", {**ANSWER, "option_id": OTHER}, {"option_id": EVENT}),
    ("booking_details", {"calendar_event_id": EVENT, "name": LABEL}, {"booking_id": STAY}),
    ("calendar_events", {**DAYS, "booking_id": STAY}, {"booking_id": None}),
    ("calendar_events", {**DAYS, "type": "booking"}, {"booking_id": None}),
    ("calendar_events", BLOCKED, {"booking_id": STAY}),
    ("calendar_events", BLOCKED, {"product_id": OTHER}),
    ("calendar_events", BLOCKED, {"end_date": "2026-04-06"}),
    ("calendar_events", BLOCKED, {"type": "note"}),
    ("calendar_events", {**BLOCKED, "uid": "a@feed"}, {"uid": "b@feed"}),
    ("calendar_events", {**BLOCKED, "uid": "a@feed"}, {"uid": "A@feed"}),
    ("calendar_events", NOTE, {"title": "Plumber"}),
    ("calendar_events", {**NOTE, "title": ""}, {}),
    ("contacts", {"email": "", "first_name": "Jane"}, {}),
    ("coupons", {"code": "TEN"}, {"code": "ten"}),
    (
        "external_calendars",
        {"product_id": VILLA, "name": "Airbnb", "ical_url": "https://a.example"},
        {"name": "Vrbo"},
    ),
    ("invoices", {"reference": "", "booking_id": STAY}, {}),
    ("line_items", {"booking_id": STAY, "name": LABEL, "amount": 100}, {}),
    ("line_item_taxes", {"line_item_id": OTHER, "name": LABEL, "amount": 9}, {}),
    ("payments", {"invoice_id": INVOICE, "amount": 100, "reference": ""}, {}),
    ("payments", {**PAID, "provider_id": "t"}, {"reference": "P2"}),
    (
        "price_calendar_entries",
        {"product_id": VILLA, "intervals": "{}"},
        {"name": {}},
    ),
    ("pricing_widgets", {"title": "Prices", "product_id": VILLA}, {"product_id": OTHER}),
    ("refunds", {"invoice_id": INVOICE, "amount": 100}, {}),
    ("reviews", {"source_id": "7", "source": "Google"}, {"source": "Airbnb"}),
    ("reviews", {**REVIEW, "source_id": "7"}, {"source_id": "8"}),
    ("reviews", {**REVIEW, "source_url": "https://r.example/7"},
     {"source_url": "https://r.example/8"}),
    ("services", {"label": LABEL, "type": "checkbox"}, {"parent_id": OTHER}),
    ("services", {"label": LABEL, "type": "checkbox", "parent_id": OTHER}, {"parent_id": None}),
    ("taxes", {"label": {"nl-NL": "Btw"}}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "yaml", "live_row"), SAME)
def test_the_same(kind: str, yaml: dict[str, JSON], live_row: dict[str, JSON]) -> None:
    assert _meant(kind, yaml, live_row) == FOREIGN


@pytest.mark.parametrize(("kind", "yaml", "live_row"), OTHERS)
def test_not_the_same(kind: str, yaml: dict[str, JSON], live_row: dict[str, JSON]) -> None:
    assert _meant(kind, yaml, live_row) is None


def test_every_kind_is_in_the_table() -> None:
    tried = {kind for kind, _, _ in (*SAME, *OTHERS)}
    left = {k.name for k in KINDS.values() if k.in_yaml and not k.is_link} - tried
    assert left == {"members"}  # found through the profile: see test_identity_keys.py


def test_a_spelling_that_is_the_same_goes_first() -> None:
    jane = resource("contacts.jane", email="jane@example.com")
    rows = [
        row("contacts", foreign_id(n), email=e)
        for n, e in ((2, "Jane@example.com"), (1, "jane@example.com"))
    ]
    [question] = match(jane).questions
    [found] = match(jane, rows=live([question], contacts=rows)).found.values()
    assert found.id == FOREIGN


def test_an_address_is_asked_for_as_written_and_in_lower_case() -> None:
    asked = match(resource("contacts.jane", email="Jane@Example.com")).questions
    assert {q.value for q in asked} == {"Jane@Example.com", "jane@example.com"}
    assert {q.value for q in match(resource("coupons.a", code="Ten")).questions} == {"Ten"}


def test_no_secret_is_asked_for() -> None:
    """It would stand in a URL."""
    feed = resource(
        "external_calendars.a",
        product_id=row_ref("products", VILLA),
        ical_url="https://a.example/s3cr3t",
    )
    assert match(feed).questions == {Question("external_calendars", "product_id", VILLA)}


def _meant(name: str, yaml: dict[str, JSON], differing: dict[str, JSON]) -> str | None:
    """Ask the server all that it could be asked, and say which row was found."""
    kind = KINDS[name]
    one = _resource(kind, yaml)
    rows = {name: [row(name, FOREIGN, **{**yaml, **differing})]}
    asked: frozenset[Question] = frozenset()
    for _ in range(9):
        found = match(
            one, rows=live(asked, **(rows if _is_answer(kind, asked, rows[name]) else {}))
        )
        assert not found.problems
        if not found.questions:
            return next((f.id for f in found.found.values()), None)
        asked |= found.questions
    raise AssertionError("it asks and asks")


def _is_answer(kind: Kind, asked: Iterable[Question], rows: list[dict[str, JSON]]) -> bool:
    """Answer as the server does, which compares exactly."""
    return any(text == q.value for q in asked for text in _texts(kind, q.part, rows))


def _texts(kind: Kind, name: str, rows: list[dict[str, JSON]]) -> Iterator[str]:
    part = KeyPart.parse(name)
    for one in rows:
        value = one.get(part.column)
        if part.inside:
            value = value.get(part.inside) if isinstance(value, dict) else None
            yield str(value)
        elif value is not None:
            yield str(canonical(value, kind.columns[part.column].type))


def _resource(kind: Kind, values: dict[str, JSON]) -> Resource:
    given: dict[str, Value] = {}
    for name, value in values.items():
        target = kind.columns[name].reference
        # JSON is a Value; whether mypy sees that depends on the order in which it reads files
        plain: Any = value
        given[name] = IdReference(target.kind, str(value)) if target and value else plain
    return resource(f"{kind.name}.a", given)


def test_spellings_of_what_is_no_text_are_one() -> None:
    assert spellings(KINDS["products"].columns["id"], VILLA) == {VILLA}

"""The editor's schema in a real language server: what is completed, explained, and marked."""

from collections.abc import Iterator

import pytest

from .commandline import run
from .language_server import LanguageServer, yaml_language_server
from .sandbox_server import ROOT

EXAMPLES = ROOT / "examples"
FILE = "bookingmood.yaml"
OTHER = "guests.yaml"
MODELINE = "# yaml-language-server: $schema=.reconciler/schema.json\n"
WRITTEN = """
contacts:
  jane-doe: {email: jane@example.com}
  john: {email: john@example.com}
bookings:
  summer: {reference: BM-1}
taxes:
  vat: {percentage: 9}
capacity_groups:
  adults: {name: {default: Adults}}
templates:
  house:
    parameters: {title: {type: string}, guests: {type: integer, default: 4}}
    products: {"${key}": {name: {default: "${title}"}, rent_period: nightly, timezone: UTC}}
    capacities: [{product_id: "${key}", capacity_group_id: adults, max: "${guests}"}]
house: {villa-noord: {title: Noord}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    """A server for a folder as ``init`` leaves it, with some resources in it."""
    folder = tmp_path_factory.mktemp("editor") / "villa"
    assert run("init", folder, environment={}).code == 0
    (folder / OTHER).write_text(WRITTEN)
    schema = folder / ".reconciler" / "schema.json"
    assert run("schema", folder, "--write", schema, environment={}).code == 0
    with yaml_language_server(folder) as running:
        yield running


COMPLETIONS = [
    ("§", {"reconciler", "contacts", "contact_bookings"}, {"id", "api_requests"}),
    ("contacts:\n  a:\n    §", {"email", "$ignore", "$renamed_from"}, {"id", "name", "null"}),
    ("contacts:\n  a:\n    em§", {"email"}, set()),
    ("house:\n  a:\n    §", {"title", "guests", "$with"}, {"key", "email"}),
    ("templates:\n  a:\n    products:\n      b:\n        §", {"$when", "timezone"}, {"id"}),
    ("capacities:\n  - product_id: §\n", {"villa-noord"}, set()),
    ("contacts:\n  a:\n    email: §\n", set(), {"true", "false", "null"}),
    ("contacts:\n  a:\n    language: §\n", {"null"}, {"true", "false"}),
    ("contacts:\n  a:\n    $ignore: [§]\n", {"email", "notes"}, {"id", "jane-doe"}),
    ("contacts:\n  a:\n    $absent: §\n", {"true", "false"}, {"null"}),
    ("contact_bookings:\n  - {contact_id: §}\n", {"jane-doe", "john"}, {"summer", "null"}),
    ("contact_bookings:\n  - contact_id: j§\n", {"jane-doe", "john"}, {"summer"}),
    ("contact_bookings:\n  - contact_id: john\n    booking_id: §\n", {"summer"}, {"jane-doe"}),
    ("contact_bookings:\n  - §\n", {"contact_id", "booking_id"}, {"created_at"}),
    ("contact_bookings:\n  - contact_id:\n      §\n", {"lookup"}, {"email"}),
    ("contact_bookings:\n  - contact_id: {lookup: {e§}}\n", {"email"}, {"reference"}),
    ("services:\n  a:\n    fee: {taxes: [{tax_id: §}]}\n", {"vat"}, {"adults"}),
    ("coupons:\n  a:\n    definition:\n      value:\n        - occupancy_group_id: §\n",
     {"adults"}, {"vat"}),
    ("calendar_events:\n  a:\n    occupancy:\n      §", {"adults"}, {"vat"}),
    ("bookings:\n  a:\n    currency: §\n", {"EUR", "CHF"}, {"DEM", "true"}),
    ("contacts:\n  a:\n    country_code: §\n", {"NL", "XK"}, {"true", "UK"}),
    ("products:\n  a:\n    timezone: §\n", {"Europe/Amsterdam"}, {"true"}),
    ("widgets:\n  a:\n    date_visibility: §\n", {"all", "custom"}, {"null"}),
    ("widgets:\n  a:\n    show_reviews: §\n", {"true", "false"}, {"null"}),
    ("members:\n  a:\n    §", {"email", "name"}, {"user_id", "role"}),
    ("reconciler:\n  §", {"stack", "organization", "protect"}, set()),
    ("reconciler:\n  protect:\n    - §\n", {"products", "contacts.john"}, {"members_of"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "offered", "not_offered"), COMPLETIONS)
def test_what_can_be_written_is_completed(
    text: str, offered: set[str], not_offered: set[str], server: LanguageServer
) -> None:
    found = set(server.completions(FILE, MODELINE + text))
    assert offered <= found
    assert found & not_offered == set()


INSERTED = [
    ("§", "contacts", "contacts:\n  "),
    ("§", "contact_bookings", "contact_bookings:\n  - contact_id: $1\n    booking_id: $2"),
    ("contacts:\n  a:\n    §", "email", "email: "),
    ("contacts:\n  a:\n    §", "$renamed_from", "\\$renamed_from: "),
    ("contact_bookings:\n  - {contact_id: §}\n", "john", "john"),
]


@pytest.mark.parametrize(("text", "label", "inserted"), INSERTED)
def test_a_completion_is_what_one_would_type(
    text: str, label: str, inserted: str, server: LanguageServer
) -> None:
    assert server.completions(FILE, MODELINE + text)[label] == inserted


HOVERS = [
    ("conta§cts:\n  a: {email: x}\n", "A guest, or another person"),
    ("contacts:\n  a:\n    ema§il: x\n", "Mail address"),
    ("contact_bookings:\n  - {contact§_id: john, booking_id: summer}\n",
     "Takes a key of contacts, an id, or a lookup. Needed to create the row."),
    ("external_calendars:\n  a:\n    ical_§url: ${FEED}\n", "A secret: write ${NAME}"),
    ("members:\n  a:\n    na§me: x\n", "Only for the create"),
    ("widgets:\n  a:\n    date_vis§ibility: all\n", "`hide-unavailable`"),
    ("reconciler:\n  sta§ck: villa\n", "Never change it once it was applied."),
    ("contacts:\n  a:\n    $igno§re: [notes]\n", "Columns that somebody else owns"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), HOVERS)
def test_the_mouse_is_told_what_something_is(text: str, said: str, server: LanguageServer) -> None:
    assert said in server.hover(FILE, MODELINE + text).replace("\\", "")  # Markdown's escapes


WRONG = [
    ("contacts: [1]\n", ['2: Incorrect type. Expected one of object, null.']),
    ("contacts:\n  a:\n    email: [1]\n", ["4: Takes a text."]),
    ("contacts:\n  a:\n    email: {a: 1}\n", ["4: Takes a text."]),
    ("contacts:\n  a:\n    emial: x\n", ["4: Property emial is not allowed."]),
    ("contacts:\n  a:\n    id: x\n", ["4: Property id is not allowed."]),
    ("contacts:\n  A b: {}\n", ["3: Takes a name of a-z, 0-9, '_' and single '-'."]),
    ("contakts: {}\n", ["2: Property contakts is not allowed."]),
    ("products:\n  a:\n    name: x\n", ["4: Takes a mapping."]),
    ("taxes:\n  a:\n    percentage: nine\n", ["4: Takes a number such as 12 or 0.5, or ${NAME}."]),
    ("widgets:\n  a:\n    show_reviews: maybe\n", ["4: Takes true or false, or ${NAME}."]),
    ("calendar_events:\n  a:\n    start_date: 4 July\n",
     ["4: Takes a date such as 2026-07-04, or ${NAME}."]),
    ("widgets:\n  a:\n    initial_date: now\n",
     ['4: Value is not accepted. Valid values: "today", "next-open", "next-available".']),
    ("contact_bookings:\n  - {contact_id: Jane D, booking_id: b}\n",
     ["3: Takes a key of contacts, an id, or {lookup: {email: …}}."]),
    ("contact_bookings:\n  - {contact_id: john}\n", ['3: Missing property "booking_id".']),
    ("reconciler: {stack: Villa Marina}\n",
     ["2: Takes a name of 2 to 63 characters: a-z, 0-9 and '-', such as villa-marina-7f3a."]),
    ("reconciler: {stack: villa, team: x}\n", ["2: Property team is not allowed."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marked"), WRONG)
def test_what_is_wrong_is_marked(text: str, marked: list[str], server: LanguageServer) -> None:
    assert server.diagnostics(FILE, MODELINE + text) == marked


FINE = """
x-notes: anything
x-guest: &guest {city: Oslo, country_code: NO}
contacts:
  a: {<<: *guest, email: x@example.com, zip: 0123, notes: true, phone: "", language: ~}
  b:
  c: {first_name: "${NAME}", $ignore: [notes], $renamed_from: old}
  2026: {$absent: true}
contact_bookings:
  - {contact_id: new-one, booking_id: 2026}
  - {contact_id: "${CONTACT}", booking_id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37}
  - contact_id: {lookup: {email: x@example.com}}
    booking_id: {lookup: {reference: BM-1}}
widgets:
  a: {show_reviews: "true", date_visibility: "${V}", language: no, title: 1e3}
taxes:
  a: {percentage: "4.5", label: {default: VAT}}
calendar_events:
  a: {start_date: 2026-07-04, end_date: "${END}", occupancy: {adults: 2, dogs: "${DOGS}"}}
products:
  a: {latest_arrival_time: 21:00, deposit: null, fee: 12}
"""


def test_what_the_tool_takes_is_not_marked(server: LanguageServer) -> None:
    assert server.diagnostics(FILE, MODELINE + FINE) == []


@pytest.mark.parametrize("folder", ["links", "villa", "every-kind"])
def test_an_example_is_not_marked(folder: str, server: LanguageServer) -> None:
    for file in (EXAMPLES / folder).glob("*.yaml"):
        assert server.diagnostics(FILE, MODELINE + file.read_text()) == []


def test_files_without_a_modeline_are_known_by_the_settings(server: LanguageServer) -> None:
    assert "jane-doe" in server.completions(OTHER, "contact_bookings:\n  - contact_id: §\n")
    assert server.diagnostics(OTHER, "contacts: [1]\n") != []


def test_bindings_are_not_marked(server: LanguageServer) -> None:
    entry = "{id: 6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37, origin: owned}"
    assert server.diagnostics("bindings/x.yaml", f"contact_bookings.a--b: {entry}\n") == []
    assert server.diagnostics("bindings/x.yaml", "contacts.a: {origin: mine}\n") != []

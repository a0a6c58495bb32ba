"""What apply deletes, what it leaves, and what it asks for before."""

import pytest

from tests.commandline import Workspace
from tests.linked import LINKED, STAY
from tests.organization import Organization, Row


def test_what_is_no_longer_in_the_yaml_is_deleted_dependents_first(
    workspace: Workspace, organization: Organization
) -> None:
    foreign = organization.insert("contacts", email="guest@example.com")
    workspace.write(LINKED)
    workspace.apply()
    workspace.write("taxes: {}\n")
    kinds = [line.partition("[")[0] for line in workspace.actions()]
    assert kinds == ["delete contact_bookings", "delete bookings", "delete contacts"]
    refused = workspace.apply(code=4)
    assert "hint: add --allow deletes" in refused.err
    assert len(organization.ids("contacts")) == 2
    workspace.apply("--allow", "deletes")
    assert organization.ids("contacts") == [foreign["id"]]
    assert organization.ids("contact_bookings") == organization.ids("bookings") == []
    assert workspace.actions() == []


def test_a_run_that_is_limited_to_a_file_deletes_nothing(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n  john: {first_name: John}\n")
    workspace.apply()
    workspace.write("contacts:\n  jane: {first_name: Janet}\n")
    more = workspace.write("taxes:\n  vat: {percentage: 21}\n", "more.yaml")
    assert workspace.actions(path=more) == ["create taxes.vat"]
    workspace.apply(path=more)
    assert len(organization.ids("contacts")) == 2
    main = workspace.folder / "bookingmood.yaml"
    assert workspace.actions(path=main) == ["update contacts.jane"]
    assert len(workspace.actions()) == 2


@pytest.mark.parametrize("limit", [[], ["--target", "contacts.jane"], ["--kinds", "contacts"]])
def test_a_limited_run_deletes_not_even_what_is_marked_absent(
    workspace: Workspace, organization: Organization, limit: list[str]
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    main = workspace.write("contacts:\n  jane: {$absent: true}\n")
    path = workspace.folder if limit else main
    assert workspace.actions(*limit, path=path) == []
    notes = workspace.plan(*limit, path=path)["notes"]
    assert "contacts.jane stays for now: a run that is limited deletes nothing" in str(notes)
    workspace.apply(*limit, path=path)
    assert len(organization.ids("contacts")) == 1
    assert workspace.actions() == ["delete contacts.jane"]


def test_a_limited_run_takes_along_what_it_refers_to(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write(f"contacts:\n  jane: {{first_name: Jane}}\n  john: {{}}\n{STAY}")
    links = workspace.write(
        "contact_bookings:\n  - {contact_id: jane, booking_id: stay}\n", "links.yaml"
    )
    assert workspace.actions(path=links) == [
        "create bookings.stay",
        "create contacts.jane",
        "create contact_bookings.jane--stay",
    ]
    workspace.apply(path=links)
    assert workspace.actions() == ["create contacts.john"]


EVERYTHING = "deletes,referenced,cascade,billing-delete,billing-create"
PROTECTS = "reconciler: {{stack: villa-7f3a, protect: [{}]}}\n"


@pytest.mark.parametrize("protect", ["contacts", "contacts.jane"])
def test_what_is_protected_is_not_deleted_whatever_is_allowed(
    workspace: Workspace, organization: Organization, protect: str
) -> None:
    workspace.write(f"{PROTECTS.format(protect)}contacts:\n  jane: {{first_name: Jane}}\n")
    workspace.apply()
    before = organization.state()
    workspace.write(f"{PROTECTS.format(protect)}contacts:\n  jane: {{$absent: true}}\n")
    assert workspace.run("plan").code == 0
    done = workspace.apply("--allow", EVERYTHING, code=4)
    assert "protected, and never deleted: contacts.jane" in done.err
    assert organization.state() == before


@pytest.mark.parametrize("protect", ["contacts", "contacts.jane"])
def test_what_is_protected_stays_without_its_block_and_the_rest_goes_on(
    workspace: Workspace, organization: Organization, protect: str
) -> None:
    contacts = "contacts:\n  jane: {first_name: Jane}\n"
    workspace.write(f"{PROTECTS.format(protect)}{contacts}taxes:\n  vat: {{percentage: 9}}\n")
    workspace.apply()
    workspace.write(f"{PROTECTS.format(protect)}taxes:\n  vat: {{percentage: 21}}\n")
    assert workspace.actions() == ["update taxes.vat"]
    assert "it is protected, so it stays" in " ".join(workspace.apply().out.split())
    assert organization.one("taxes")["percentage"] == 21
    assert len(organization.ids("contacts")) == 1
    assert workspace.run("plan", "--detailed-exitcode").code == 0


VILLA = "products:\n  villa: {name: {default: Villa}, rent_period: daily, timezone: UTC}\n"


@pytest.mark.parametrize("protect", ["bookings", "bookings.stay", "calendar_events", "taxes"])
def test_what_would_take_something_protected_along_is_protected_too(
    workspace: Workspace, organization: Organization, protect: str
) -> None:
    settings = PROTECTS.format(protect) + STAY
    workspace.write(settings + VILLA)
    workspace.apply("--allow", EVERYTHING)
    week: Row = {"type": "booking", "start_date": "2026-07-01", "end_date": "2026-07-08"}
    [villa], [stay] = organization.ids("products"), organization.ids("bookings")
    organization.insert("calendar_events", product_id=villa, booking_id=stay, **week)
    workspace.write(settings)
    if protect == "taxes":
        assert workspace.actions() == ["delete products.villa"]
        return
    plan = workspace.plan()
    assert plan["changes"] == []
    assert "products.villa stays: deleting it would delete" in str(plan["notes"])
    workspace.write(f"{settings}products:\n  villa: {{$absent: true}}\n")
    before = organization.state()
    assert (
        "never deleted: products.villa (with" in workspace.apply("--allow", EVERYTHING, code=4).err
    )
    assert organization.state() == before


def test_a_row_that_a_guest_refers_to_asks_for_consent(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    organization.book_as(organization.ids("contacts")[0])
    before = organization.state()
    workspace.write("contacts: {}\n")
    assert "hint: add --allow referenced" in workspace.apply(code=4).err
    assert organization.state() == before
    # the server has the last word: it does not delete what is referenced
    done = workspace.apply("--allow", "referenced", code=1)
    assert "23503" in done.err
    assert organization.state() == before


def test_a_kind_that_may_reference_a_row_and_cannot_be_read_keeps_it(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("contacts:\n  jane: {first_name: Jane}\n")
    workspace.apply()
    workspace.write("contacts: {}\n")
    workspace.environment["BOOKINGMOOD_API_KEY"] = "no-links-key"
    plan = workspace.plan()
    assert plan["changes"] == []
    assert "stays: contact_bookings may reference it, but cannot be read" in str(plan["notes"])


def test_a_coupon_that_is_marked_as_deleted_is_brought_back_and_is_no_orphan(
    workspace: Workspace, organization: Organization
) -> None:
    workspace.write("coupons:\n  ten: {code: TEN}\n")
    workspace.apply()
    organization.change("coupons", organization.ids("coupons")[0], deleted_at="2026-01-01")
    assert workspace.actions() == ["update coupons.ten"]
    workspace.apply()
    assert organization.one("coupons")["deleted_at"] is None
    assert workspace.actions() == []
    organization.change("coupons", organization.ids("coupons")[0], deleted_at="2026-01-01")
    workspace.write("taxes: {}\n")
    assert workspace.actions() == []


@pytest.mark.parametrize("kind", ["services", "site_nav_items"])
def test_a_row_that_references_itself_is_deleted(
    workspace: Workspace, organization: Organization, kind: str
) -> None:
    given: dict[str, Row] = {
        "services": {"label": {"default": "Odd"}, "type": "checkbox"},
        "site_nav_items": {"label": {"default": "Odd"}, "site_id": organization.ids("sites")[0]},
    }
    made = organization.insert(kind, **given[kind])
    organization.change(kind, made["id"], parent_id=made["id"])
    workspace.write(f"{kind}: {{odd: {{$absent: true}}}}\n")
    file = workspace.folder / "bindings" / f"{organization.id}.yaml"
    file.parent.mkdir()
    file.write_text(f"{kind}.odd: {{id: {made['id']}, origin: adopted}}\n")
    workspace.apply()
    assert organization.ids(kind) == []

"""Reading the live organization: our own range, bound rows, questions, and who references what."""

from collections.abc import Mapping
from unittest import mock
from uuid import uuid4

import pytest

from reconciler.catalogue import tenant_of
from reconciler.diagnostics import PlanError, UsageError
from reconciler.ids import Owner
from reconciler.live.organization import probe, read_organization
from reconciler.live.referencing import UNREADABLE, read_referencing
from reconciler.live.rows import Live, Question, Wanted, ask, read_owned, read_whole_rows
from reconciler.values.address import Address
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.api import with_client
from tests.builders import KINDS
from tests.organization import Organization
from tests.server import Server

STACK = "villa-7f3a"


def owned(organization: Organization, kind: str, key: str, **values: JSON) -> str:
    """Create a row as our stack would; answers its id."""
    row_id = Owner(organization.id, STACK).id_of(Address(kind, key))
    organization.insert(kind, id=row_id, **values)
    return row_id


def read(organization: Organization, *wanted: Wanted, key: str | None = None) -> Live:
    owner = Owner(organization.id, STACK)
    return with_client(organization, lambda client: read_owned(client, owner, wanted), key)


def want(kind: str, *columns: str, ids: tuple[str, ...] = (), named: bool = True) -> Wanted:
    return Wanted(KINDS[kind], ("id", *columns), owned=True, ids=frozenset(ids), named=named)


# -- the organization -----------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [None, "same", "upper case"])
def test_the_organization_is_the_one_the_key_opens(
    organization: Organization, wanted: str | None
) -> None:
    named = {"same": organization.id, "upper case": organization.id.upper()}.get(wanted or "")
    found = with_client(organization, lambda c: read_organization(c, tenant_of(KINDS), named))
    assert found == organization.id


def test_the_key_of_another_organization_is_refused(
    organization: Organization, other_organization: Organization
) -> None:
    with pytest.raises(UsageError, match=f"{organization.id}, not of {other_organization.id}"):
        with_client(
            organization,
            lambda c: read_organization(c, tenant_of(KINDS), other_organization.id),
        )


def test_an_organization_that_the_configuration_is_not_for_is_refused(
    organization: Organization,
) -> None:
    with pytest.raises(UsageError, match=f"{organization.id} is one of the configuration"):
        with_client(
            organization,
            lambda c: read_organization(c, tenant_of(KINDS), None, {organization.id}),
        )


# -- our own rows ---------------------------------------------------------------------------------


def test_only_our_own_range_is_read(organization: Organization) -> None:
    mine = owned(organization, "contacts", "jane", first_name="Jane")
    organization.insert("contacts", first_name="Guest")
    other = Owner(organization.id, "other").id_of(Address("contacts", "jane"))
    organization.insert("contacts", id=other)
    found = read(organization, want("contacts", "first_name"))
    assert found.of_kind("contacts") == {mine: {"id": mine, "first_name": "Jane"}}


def test_bound_rows_are_read_too_and_none_twice(organization: Organization) -> None:
    mine = owned(organization, "contacts", "jane")
    bound = str(organization.insert("contacts")["id"])
    gone = str(uuid4())
    found = read(organization, want("contacts", ids=(bound, gone, mine)))
    assert sorted(found.of_kind("contacts")) == sorted([mine, bound])


def test_many_bound_rows_are_read_in_several_requests(organization: Organization) -> None:
    ids = tuple(str(row["id"]) for row in organization.insert_all("contacts", [{}] * 600))
    assert len(read(organization, want("contacts", ids=ids)).of_kind("contacts")) == 600


@pytest.mark.parametrize(("page", "requests"), [(1000, 3), (100, 8)])
def test_a_kind_is_read_whole_where_that_takes_fewer_requests(
    server: Server, organization: Organization, page: int, requests: int
) -> None:
    """900 bound rows of 1,100, by id in 6 requests: or 1 for the count and 2 pages."""
    ids = [str(row["id"]) for row in organization.insert_all("contacts", [{}] * 1100)]
    mine = owned(organization, "contacts", "jane")
    before = len(server.sandbox.requests())
    with mock.patch("reconciler.live.rows.PAGE", page):
        found = read(organization, want("contacts", ids=tuple(ids[:900])))
    assert sorted(found.of_kind("contacts")) == sorted([mine, *ids[:900]])
    assert len(server.sandbox.requests()) - before == requests


def test_every_kind_of_the_yaml_that_may_not_be_read_is_named(organization: Organization) -> None:
    with pytest.raises(PlanError) as caught:
        read(organization, want("contacts"), want("taxes"), key="no-contacts-key")
    [problem] = caught.value.problems
    assert problem.code == "unreadable-kind"
    assert problem.message.startswith("contacts cannot be read")


def test_another_kind_that_may_not_be_read_is_remembered(organization: Organization) -> None:
    found = read(organization, want("contacts", named=False), want("taxes"), key="no-contacts-key")
    assert list(found.unread) == ["contacts"]
    assert "contacts" not in found.rows
    assert found.of_kind("taxes") == {}


# -- questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "jane@example.com",
        "with,comma",
        'with"quote',
        "with(parentheses)",
        "back\\slash",
        "100%",
        "a+b c&d=e#f?g",
        "ünï¢ødé 🏖",
        "null",
        "*",
        " ",
        "line\nbreak\ttab",
    ],
)
def test_a_question_finds_exactly_the_value(organization: Organization, value: str) -> None:
    wanted = organization.insert("contacts", email=value)
    organization.insert("contacts", email=f"{value}x")
    organization.insert("contacts", email="")
    question = Question("contacts", "email", value)
    columns = {"contacts": ("id", "email")}
    found = with_client(
        organization,
        lambda c: ask(c, Live(organization.id), KINDS, columns, frozenset({question})),
    )
    assert list(found.of_kind("contacts")) == [wanted["id"]]
    assert found.asked == {question}


def test_a_question_may_be_about_a_text_inside_json(organization: Organization) -> None:
    wanted = organization.insert("taxes", percentage=9, label={"default": 'V"A,T'})
    organization.insert("taxes", percentage=9, label={"default": "VAT", "nl": 'V"A,T'})
    question = Question("taxes", "label->>default", 'V"A,T')
    found = with_client(
        organization,
        lambda c: ask(c, Live(organization.id), KINDS, {"taxes": ("id",)}, frozenset({question})),
    )
    assert list(found.of_kind("taxes")) == [wanted["id"]]


def test_answers_do_not_overwrite_what_was_read_before(organization: Organization) -> None:
    row = organization.insert("contacts", email="a")
    row_id = str(row["id"])
    before = Live(organization.id, {"contacts": {row_id: {"id": row_id, "notes": "whole"}}})
    question = frozenset({Question("contacts", "email", "a")})
    found = with_client(
        organization, lambda c: ask(c, before, KINDS, {"contacts": ("id",)}, question)
    )
    assert found.of_kind("contacts")[row_id] == {"id": row_id, "notes": "whole"}


def test_a_thousand_questions_are_few_requests(organization: Organization) -> None:
    organization.insert_all("contacts", [{"email": f"{n}@example.com"} for n in range(1000)])
    questions = frozenset(Question("contacts", "email", f"{n}@example.com") for n in range(1000))
    found = with_client(
        organization,
        lambda c: ask(c, Live(organization.id), KINDS, {"contacts": ("id",)}, questions),
    )
    assert len(found.of_kind("contacts")) == 1000


def test_a_question_about_a_kind_that_may_not_be_read_is_an_error(
    organization: Organization,
) -> None:
    questions = frozenset(Question("contacts", "email", str(n)) for n in range(3))
    with pytest.raises(PlanError) as caught:
        with_client(
            organization,
            lambda c: ask(c, Live(organization.id), KINDS, {"contacts": ("id",)}, questions),
            "no-contacts-key",
        )
    [problem] = caught.value.problems
    assert problem.message.startswith("contacts cannot be read")


# -- whole rows, and who references them ----------------------------------------------------------


def test_rows_to_be_deleted_are_read_whole(organization: Organization) -> None:
    row = organization.insert("contacts", email="a", meta={"x": [1]})
    ids = {"contacts": [str(row["id"]), str(uuid4())], "taxes": []}
    found = with_client(organization, lambda c: read_whole_rows(c, KINDS, ids))
    assert found["contacts"] == {row["id"]: organization.one("contacts")}


def referencing(
    organization: Organization, kind: str, *rows: Row, key: str | None = None
) -> Mapping[str, list[tuple[str, str]]]:
    """Ask who references rows; answers by id."""
    ids = {kind: [str(row["id"]) for row in rows]}
    found = with_client(organization, lambda c: read_referencing(c, KINDS, ids), key)
    assert {target for target, _ in found} <= {kind}
    return {row_id: sorted(sources) for (_, row_id), sources in found.items()}


def test_who_references_a_row_is_found_by_columns(organization: Organization) -> None:
    jane, john = organization.insert("contacts"), organization.insert("contacts")
    link = organization.book_as(jane["id"])
    found = referencing(organization, "contacts", jane, john)
    assert found == {jane["id"]: [("contact_bookings", link)]}


def test_a_row_of_the_same_kind_counts(organization: Organization) -> None:
    parent = organization.insert("services", type="checkbox")
    child = organization.insert("services", type="checkbox", parent_id=parent["id"])
    found = referencing(organization, "services", parent)
    assert found == {parent["id"]: [("services", child["id"])]}


def test_who_references_a_row_is_found_inside_json(organization: Organization) -> None:
    vat, free = (organization.insert("taxes", percentage=n) for n in (21, 0))
    fee: JSON = {"prices": [{"value": 5, "taxes": [{"tax_id": vat["id"]}]}]}
    service = organization.insert("services", type="checkbox", fee=fee)
    organization.insert("services", type="checkbox", fee={"value": 5})
    found = referencing(organization, "taxes", vat, free)
    assert found == {vat["id"]: [("services", service["id"])]}


def test_the_names_of_an_occupancy_map_count(organization: Organization) -> None:
    adults, children = (organization.insert("capacity_groups") for _ in range(2))
    event = organization.insert(
        "calendar_events",
        product_id=organization.product("Villa"),
        type="blocked-period",
        occupancy={str(adults["id"]): 2},
    )
    found = referencing(organization, "capacity_groups", adults, children)
    assert found == {adults["id"]: [("calendar_events", event["id"])]}


def test_the_servers_own_history_does_not_count(organization: Organization) -> None:
    stay = organization.booking()
    organization.insert_as_server("booking_updates", booking_id=stay["id"])
    assert referencing(organization, "bookings", stay) == {}


def test_a_kind_that_may_not_be_read_may_reference_every_row(organization: Organization) -> None:
    jane, john = organization.insert("contacts"), organization.insert("contacts")
    found = referencing(organization, "contacts", jane, john, key="no-links-key")
    unseen = ("contact_bookings", UNREADABLE)
    assert found == {jane["id"]: [unseen], john["id"]: [unseen]}


def test_no_rows_need_no_requests(organization: Organization) -> None:
    assert referencing(organization, "contacts") == {}


# -- what a key may read --------------------------------------------------------------------------


def test_a_probe_says_which_kinds_a_key_may_read(organization: Organization) -> None:
    kinds = [KINDS["contacts"], KINDS["taxes"]]
    found = with_client(organization, lambda c: probe(c, kinds), "no-contacts-key")
    assert found["taxes"] is None
    assert "refused" in str(found["contacts"])

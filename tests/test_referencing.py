"""Who references rows: asked by their ids, or of all rows where these are fewer requests."""

from collections.abc import Mapping

import pytest

from reconciler.live.referencing import UNREADABLE, read_referencing
from tests.api import ask
from tests.builders import KINDS, foreign_id
from tests.front import Forward, Reply, Request
from tests.organization import Organization, Row

STRANGERS = [foreign_id(number) for number in range(1200)]
"""So many ids take more requests than are worth it."""
Found = Mapping[tuple[str, str], frozenset[tuple[str, str]]]


class Rule:
    """Passes requests on, and remembers them; ``refused`` may not be read, nothing is counted."""

    def __init__(self, *, refused: str = "", counted: bool = True) -> None:
        self.seen: list[Request] = []
        self.refused = refused
        self.counted = counted

    def __call__(self, request: Request, forward: Forward) -> Reply:
        self.seen.append(request)
        if request.kind == self.refused:
            return Reply(403, b'{"code": "42501", "message": "permission denied"}')
        reply = forward(request)
        is_count = "limit=1" in request.query.split("&")
        return reply if self.counted or not is_count else Reply(reply.status, reply.body)


def referencing(organization: Organization, rule: Rule, **ids: list[str]) -> Found:
    found = ask(rule, lambda client: read_referencing(client, KINDS, ids), organization)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def linked(organization: Organization) -> list[str]:
    """Create contacts, two of them with a booking; answers their ids."""
    contacts = [str(row["id"]) for row in organization.insert_all("contacts", [{}] * 4)]
    for contact in contacts[:2]:
        organization.book_as(contact)
    return contacts


def test_of_many_rows_the_same_is_found_in_few_requests(
    organization: Organization, linked: list[str]
) -> None:
    few, many = Rule(), Rule()
    expected = referencing(organization, few, contacts=linked)
    assert expected.keys() == {("contacts", contact) for contact in linked[:2]}
    assert referencing(organization, many, contacts=[*linked, *STRANGERS]) == expected
    assert len(many.seen) <= 2 * len(few.seen)  # a count, and a page
    assert not any("not.is.null" in request.query for request in few.seen)
    assert not any("in.(" in request.query for request in many.seen)


def test_rows_that_reference_others_are_not_found(
    organization: Organization, linked: list[str]
) -> None:
    assert referencing(organization, Rule(), contacts=[linked[2], *STRANGERS]) == {}


def test_where_nobody_counts_each_id_is_asked_for(
    organization: Organization, linked: list[str]
) -> None:
    rule = Rule(counted=False)
    found = referencing(organization, rule, contacts=[*linked, *STRANGERS])
    assert found.keys() == {("contacts", contact) for contact in linked[:2]}
    assert not any("not.is.null" in request.query for request in rule.seen)


def test_more_rows_than_ids_are_not_read(organization: Organization, linked: list[str]) -> None:
    rule, contact = Rule(), linked[0]
    money: Row = {"currency": "EUR", "display_currency": "EUR", "exchange_rate": 1}
    bookings = organization.insert_all("bookings", [money] * 7000)
    links = [{"contact_id": contact, "booking_id": row["id"]} for row in bookings]
    organization.insert_all("contact_bookings", links)
    found = referencing(organization, rule, contacts=[linked[1], *STRANGERS])
    assert found.keys() == {("contacts", linked[1])}
    asked = [r.query for r in rule.seen if r.kind == "contact_bookings"]
    assert not any("not.is.null" in query for query in asked)


def test_what_may_not_be_read_may_reference_every_one_of_many(
    organization: Organization, linked: list[str]
) -> None:
    every = [*linked, *STRANGERS]
    found = referencing(organization, Rule(refused="contact_bookings"), contacts=every)
    unknown = frozenset({("contact_bookings", UNREADABLE)})
    assert found == {("contacts", contact): unknown for contact in every}

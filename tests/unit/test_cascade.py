"""Which rows the server would delete together with others."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from reconciler.catalogue import Kind
from reconciler.client.client import ApiReader
from reconciler.live.referencing import UNREADABLE
from reconciler.plan.change import Change
from reconciler.planning.cascade import read_cascaded
from tests.builders import KINDS, change, foreign_id, row
from tests.readable import readable

VILLA, BARN, STAY, VISIT = map(foreign_id, range(1, 5))
GONE = [change("delete products", id=VILLA), change("delete products", id=BARN)]
EVENTS = [
    row("calendar_events", foreign_id(11), product_id=VILLA, booking_id=STAY),
    row("calendar_events", foreign_id(12), product_id=VILLA, booking_id=VISIT),
    row("calendar_events", foreign_id(13), product_id=VILLA, booking_id=None),
    row("calendar_events", foreign_id(14), product_id=BARN, booking_id=STAY),
    row("calendar_events", foreign_id(15), product_id=foreign_id(9), booking_id=foreign_id(8)),
]
Found = Mapping[tuple[str, str], frozenset[tuple[str, str]]]


def cascaded(
    changes: list[Change],
    *only: str,
    refused: Collection[str] = (),
    events: int = len(EVENTS),
    kinds: Mapping[str, Kind] = KINDS,
) -> Found:
    async def run() -> Found:
        async with ApiReader(connection) as reader:
            return await read_cascaded(reader, kinds, changes, only)

    with readable({"calendar_events": EVENTS[:events]}, refused=refused) as connection:
        return asyncio.run(run())


def test_bookings_go_with_the_products_they_are_of() -> None:
    assert cascaded(GONE, "bookings", "taxes") == {
        ("products", VILLA): {("bookings", STAY), ("bookings", VISIT)},
        ("products", BARN): {("bookings", STAY)},
    }
    assert cascaded(GONE, "bookings", events=0) == {}


@pytest.mark.parametrize(
    ("changes", "only"),
    [
        ([], ["bookings"]),
        (GONE, []),
        (GONE, ["contacts"]),
        ([change("delete contacts", id=VILLA)], ["bookings"]),
        ([change("update products.villa", id=VILLA, timezone="UTC")], ["bookings"]),
    ],
)
def test_nothing_is_asked_where_nothing_can_go(changes: list[Change], only: list[str]) -> None:
    assert cascaded(changes, *only, refused=["calendar_events"]) == {}


@pytest.mark.parametrize("verbs", [["list"], ["create", "delete"], []])
def test_a_kind_that_cannot_be_read_or_only_be_read_joins_nothing(verbs: list[str]) -> None:
    events = KINDS["calendar_events"]
    few = replace(events, verbs={verb: events.verbs[verb] for verb in verbs})  # type: ignore[index, misc]  # words that are verbs
    assert cascaded(GONE, "bookings", kinds={**KINDS, "calendar_events": few}) == {}


def test_what_may_not_be_read_may_reference_anything() -> None:
    unknown = {("bookings", UNREADABLE)}
    assert cascaded(GONE, "bookings", refused=["calendar_events"]) == {
        ("products", VILLA): unknown,
        ("products", BARN): unknown,
    }


def test_whatever_is_asked_in_several_requests_may_not_be_read() -> None:
    many = [change("delete products", id=foreign_id(n)) for n in range(1000)]
    found = cascaded(many, "bookings", refused=["calendar_events"])
    assert set(found) == {("products", foreign_id(n)) for n in range(1000)}

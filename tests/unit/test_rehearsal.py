"""What a rehearsal copies: what the plan read, what the YAML names, and all that these refer to."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from reconciler.configuration.resource import Resource
from reconciler.diagnostics.errors import OddRowError
from reconciler.live.rows import read_whole_rows
from reconciler.rehearsal.rows import Recorder, rows_to_copy
from reconciler.values.column import JSON
from tests.builders import KINDS, configuration, foreign_id, ref, resource, row, row_ref
from tests.readable import readable

EVENT, BOOKING, PRODUCT, SITE, PAGE, TASK = map(foreign_id, range(1, 7))
NOWHERE = foreign_id(99)
ROWS: dict[str, list[dict[str, JSON]]] = {
    "tasks": [row("tasks", TASK, calendar_event_id=EVENT)],
    "calendar_events": [
        row("calendar_events", EVENT, booking_id=BOOKING, product_id=PRODUCT, creator_id=NOWHERE)
    ],
    "bookings": [row("bookings", BOOKING, site_id=SITE), row("bookings", foreign_id(50))],
    "products": [row("products", PRODUCT)],
    "sites": [row("sites", SITE)],
}


def copied(
    *resources: Resource,
    read: Mapping[str, Collection[str]] | None = None,
    rows: Mapping[str, Collection[dict[str, JSON]]] = ROWS,
    refused: Collection[str] = (),
) -> set[str]:
    """Name the ids of what is copied, after the plan has read some."""

    async def run() -> Mapping[str, Mapping[str, object]]:
        async with Recorder(connection, parallelism=2) as reader:
            await read_whole_rows(reader, KINDS, read or {})
            return await rows_to_copy(reader, KINDS, configuration(*resources))

    with readable(rows, refused=refused) as connection:
        found = asyncio.run(run())
    return {row_id for by_id in found.values() for row_id in by_id} - {
        str(one["id"]) for one in rows.get("organizations", [])
    }


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ({}, set()),
        ({"sites": [SITE]}, {SITE}),
        ({"bookings": [BOOKING]}, {BOOKING, SITE}),
        ({"calendar_events": [EVENT]}, {EVENT, BOOKING, PRODUCT, SITE}),
        ({"tasks": [TASK]}, {TASK, EVENT, BOOKING, PRODUCT, SITE}),
        ({"bookings": [NOWHERE]}, set()),
    ],
)
def test_what_the_plan_read_is_copied_with_all_that_it_refers_to(
    read: dict[str, list[str]], wanted: set[str]
) -> None:
    assert copied(read=read) == wanted


def test_what_the_yaml_names_by_its_id_is_copied_too() -> None:
    named = resource("tasks.new", calendar_event_id=row_ref("calendar_events", EVENT))
    assert copied(named) == {EVENT, BOOKING, PRODUCT, SITE}
    deep = resource("services.new", fee={"prices": [{"tax_id": row_ref("bookings", BOOKING)}]})
    assert copied(deep) == {BOOKING, SITE}
    assert copied(resource("tasks.new", calendar_event_id=ref("calendar_events.e"))) == set()


def test_rows_that_refer_to_each_other_round_are_copied_once() -> None:
    one, two = foreign_id(1), foreign_id(2)
    rows = {
        "services": [row("services", one, parent_id=two), row("services", two, parent_id=one)],
    }
    assert copied(read={"services": [one]}, rows=rows) == {one, two}


def test_a_kind_that_the_key_may_not_read_is_no_part_of_it() -> None:
    wanted = {EVENT, PRODUCT}
    assert copied(read={"calendar_events": [EVENT]}, refused=["bookings"]) == wanted


def test_an_odd_row_ends_it() -> None:
    """Without the row the rehearsal would be of another plan."""
    rows = {**ROWS, "sites": [row("sites", SITE, organization_id=17)]}
    with pytest.raises(OddRowError):
        copied(read={"bookings": [BOOKING]}, rows=rows)


def test_only_what_was_read_is_remembered() -> None:
    async def run() -> dict[str, set[str]]:
        async with Recorder(connection, parallelism=2) as reader:
            await read_whole_rows(reader, KINDS, {"sites": [SITE, NOWHERE]})
            await read_whole_rows(reader, KINDS, {"bookings": [BOOKING]})
            return reader.seen

    with readable(ROWS) as connection:
        assert asyncio.run(run()) == {"sites": {SITE}, "bookings": {BOOKING}}

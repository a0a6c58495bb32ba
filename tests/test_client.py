"""The client reads: page after page, and as many rows as the server counts."""

import asyncio
from collections.abc import Sequence
from contextlib import nullcontext

import orjson
import pytest

from reconciler.client.client import ApiReader
from reconciler.client.filters import Condition, equals, in_range, one_of
from reconciler.client.listening import Nobody
from reconciler.client.progress import PageProgress
from reconciler.diagnostics import IncompleteReadError
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.api import ask, connection_to
from tests.builders import KINDS, foreign_id
from tests.front import Forward, Reply, Request
from tests.organization import Organization

CONTACTS = KINDS["contacts"]


def test_more_rows_than_a_page_holds_are_all_read(organization: Organization) -> None:
    made = organization.insert_all("contacts", [{"notes": str(n)} for n in range(2500)])
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        return forward(request)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id", "notes"], []), organization)
    assert isinstance(rows, list)
    assert [row["id"] for row in rows] == sorted(str(row["id"]) for row in made)
    assert len(seen) == 3
    assert [" id=gt." in f" {r.query.replace('&', ' ')}" for r in seen] == [False, True, True]


@pytest.mark.parametrize("counted", [True, False])
def test_a_server_that_sends_fewer_rows_at_a_time_is_read_to_the_end(
    organization: Organization, counted: bool
) -> None:
    organization.insert_all("contacts", [{} for _ in range(1200)])

    def rule(request: Request, forward: Forward) -> Reply:
        target = request.target.replace("limit=1000", "limit=500")
        reply = forward(replace_target(request, target))
        return reply if counted else Reply(reply.status, reply.body)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert isinstance(rows, list)
    assert len({row["id"] for row in rows}) == len(rows) == 1200


class Counting(Nobody):
    """Counts the rows that arrive."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, int]] = []

    def arrived(self, kind: str, rows: int) -> None:
        self.pages.append((kind, rows))


def test_every_listener_hears_of_each_page_that_arrives(organization: Organization) -> None:
    organization.insert_all("contacts", [{} for _ in range(1200)])
    listeners = Counting(), Counting()
    connection = connection_to(organization)
    for listener in listeners:
        connection = connection.heard_by(listener)

    async def read() -> None:
        async with ApiReader(connection) as client:
            await client.read(CONTACTS, ["id"], [])
            await client.read(KINDS["bookings"], ["id"], [])

    asyncio.run(read())
    assert [one.pages for one in listeners] == [[("contacts", 1000), ("contacts", 200)]] * 2


def replace_target(request: Request, target: str) -> Request:
    return Request(
        request.method, request.kind, request.query, target, request.headers, request.body
    )


def counting(rows: int, total: int) -> Reply:
    body = orjson.dumps([{"id": foreign_id(n)} for n in range(rows)])
    return Reply(206, body, {"Content-Range": f"0-{rows}/{total}"})


def test_fewer_rows_than_the_server_counts_are_not_a_whole_read(
    organization: Organization,
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return (
            Reply(200, b"[]", {"Content-Range": "*/0"})
            if "gt." in request.query
            else counting(2, 3)
        )

    with pytest.raises(IncompleteReadError, match="counts 3 rows but sent 2") as caught:
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert "nothing is deleted" in str(caught.value.hint)


def test_rows_that_go_meanwhile_are_looked_at_once_more(organization: Organization) -> None:
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.query)
        if "gt." in request.query:
            return Reply(200, b"[]", {"Content-Range": "*/0"})
        return counting(2, 3 if len(seen) == 1 else 2)

    rows = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert isinstance(rows, list)
    assert len(rows) == 2
    assert len(seen) == 3


def ids(*numbers: int) -> list[dict[str, JSON]]:
    return [{"id": foreign_id(number)} for number in numbers]


LOW, HIGH = foreign_id(2), foreign_id(8)


@pytest.mark.parametrize(
    ("pages", "total"),
    [
        pytest.param([ids(2, 3, 3)], 3, id="twice-in-a-page"),
        pytest.param([ids(2, 4, 3)], 3, id="out-of-order"),
        pytest.param([ids(2, 3), ids(3)], 3, id="twice-over-pages"),
        pytest.param([ids(4, 5), ids(3)], 3, id="back-over-pages"),
        pytest.param([ids(2, 3), ids(2, 3)], "*", id="no-progress-without-a-total"),
        pytest.param([ids(2, 3), ids(2, 3)], 7, id="no-progress"),
        pytest.param([ids(1, 2)], 2, id="below-the-range"),
        pytest.param([ids(8, 9)], 2, id="above-the-range"),
    ],
)
def test_pages_whose_rows_are_out_of_their_place_are_not_a_whole_read(
    organization: Organization, pages: Sequence[Sequence[Row]], total: int | str
) -> None:
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        rows = pages["gt." in request.query]
        return Reply(206, orjson.dumps(rows), {"Content-Range": f"0-{len(rows)}/{total}"})

    with pytest.raises(IncompleteReadError) as caught:
        ask(rule, lambda c: c.read(CONTACTS, ["id"], in_range("id", LOW, HIGH)), organization)
    assert "nothing is deleted" in str(caught.value.hint)
    assert len(seen) == 2 * len(pages)  # read once more, and not for ever


def test_pages_that_are_right_the_second_time_are_a_whole_read(organization: Organization) -> None:
    answers = iter([ids(2, 2), ids(2, 3)])

    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(200, orjson.dumps(next(answers)), {"Content-Range": "0-1/2"})

    found = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert found == ids(2, 3)


@pytest.mark.parametrize(
    ("condition", "row", "fits"),
    [
        (one_of("id", [foreign_id(1), foreign_id(2)]), {}, True),
        (one_of("id", [foreign_id(1).upper()]), {}, True),
        (one_of("id", [foreign_id(2)]), {}, False),
        (one_of("email", ["a@b.test"]), {"email": "A@b.test"}, True),
        (one_of("email", ["a@b.test"]), {"email": "other@b.test"}, False),
        (equals("email", "a@b.test"), {"email": "other@b.test"}, False),
        (equals("email", "a@b.test"), {}, True),
        (equals("meta->>source", "web"), {"meta": {"source": "web"}}, True),
        (equals("meta->>source", "web"), {"meta": {"source": "fax"}}, False),
        (equals("created_at", "2026-01-01T00:00:00Z"), {"created_at": "2026-01-01"}, True),
        (Condition("email", "like", "a*"), {"email": "b"}, True),
    ],
)
def test_rows_that_were_not_asked_for_are_not_a_whole_read(
    condition: Condition, row: Row, fits: bool
) -> None:
    progress = PageProgress(CONTACTS, [condition])
    with nullcontext() if fits else pytest.raises(IncompleteReadError, match="not what was asked"):
        progress.check([{"id": foreign_id(1), **row}])


@pytest.mark.parametrize(
    ("kind", "rows", "whole"),
    [
        ("site_views", [{"id": 9}, {"id": 10}], True),
        ("site_views", [{"id": 10}, {"id": 9}], False),
        ("site_views", [{"id": "x"}], False),
        ("paddle_plans", [{"id": "b"}, {"id": "a"}], True),  # sorted as its database likes
        ("paddle_plans", [{"id": "b"}, {"id": "b"}], False),
    ],
)
def test_rows_are_in_the_order_of_their_type(kind: str, rows: Sequence[Row], whole: bool) -> None:
    with nullcontext() if whole else pytest.raises(IncompleteReadError):
        PageProgress(KINDS[kind], []).check(rows)

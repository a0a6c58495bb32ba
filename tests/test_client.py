"""The client reads: page after page, and as many rows as the server counts."""

import orjson
import pytest

from reconciler.errors import BadAnswerError, IncompleteReadError
from tests.api import ask
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


@pytest.mark.parametrize("total", ["7", "*"])
def test_a_server_that_leaves_out_our_filters_does_not_keep_us_for_ever(
    organization: Organization, total: str
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(206, b'[{"id": "a"}, {"id": "b"}]', {"Content-Range": f"0-1/{total}"})

    with pytest.raises(BadAnswerError, match="does not go on"):
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)

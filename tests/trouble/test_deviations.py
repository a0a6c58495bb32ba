"""A live API that lacks columns, or has more of them than the schemas."""

import re

import orjson
import pytest

from tests.commandline import Workspace, run
from tests.front import Forward, Reply, Request, front
from tests.organization import Organization
from tests.trouble.prepared import Refused

GONE = ("first_name", "notes")


def without_columns(request: Request, forward: Forward) -> Reply:
    """A server whose contacts never had some columns."""
    if request.kind == "contacts":
        for name in GONE:
            if re.search(rf"[=,]{name}\b", request.target):
                body = {"code": "42703", "message": f"column contacts.{name} does not exist"}
                return Reply(400, orjson.dumps(body))
    reply = forward(request)
    if request.kind == "contacts" and reply.status in {200, 206}:
        rows = [{**row, "nickname": ""} for row in orjson.loads(reply.body)]
        kept = [{n: v for n, v in row.items() if n not in GONE} for row in rows]
        return Reply(reply.status, orjson.dumps(kept), reply.headers)
    return reply


def test_a_column_that_live_lacks_is_said_at_every_place(
    refused: Refused, edited: Workspace, organization: Organization
) -> None:
    with front(without_columns, organization.url) as url:
        done = refused("--api-url", url)
    for line in (4, 5):
        place = f"{edited.folder}/bookingmood.yaml:{line}:"
        assert place in done["plan"].err, done["plan"].err
    assert "contacts.jane gives first_name, and the API has no such column" in done["plan"].err
    assert "[lacking-column]" in done["plan"].err
    assert "notes" not in done["plan"].err


@pytest.mark.parametrize("described", [True, False])
def test_the_doctor_lists_what_live_lacks_and_has_more(
    edited: Workspace, organization: Organization, described: bool
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        if request.kind:
            return without_columns(request, forward)
        if not described:
            return Reply(404, b"{}")
        reply = forward(request)
        document = orjson.loads(reply.body)
        columns = document["definitions"]["contacts"]["properties"]
        columns["nickname"] = {}
        for name in GONE:
            del columns[name]
        document["definitions"]["spells"] = {"properties": {"id": {}}}
        return Reply(200, orjson.dumps(document), reply.headers)

    with front(rule, organization.url) as url:
        done = run("doctor", "--api-url", url, environment=edited.environment)
    assert done.code == 0, done.all
    assert "contacts lacks first_name, notes" in done.out
    assert "contacts has more: nickname" in done.out
    assert ("does not know: spells" in done.out) == described
    assert ("unknown, since there is no row: " in done.out) == (not described)


def test_the_doctor_suggests_columns_that_the_server_moves(
    edited: Workspace, organization: Organization
) -> None:
    times = 0

    def rule(request: Request, forward: Forward) -> Reply:
        nonlocal times
        reply = forward(request)
        if request.kind != "contacts" or "limit=1000" not in request.target:
            return reply
        times += 1
        rows = [{**row, "city": f"place {times}"} for row in orjson.loads(reply.body)]
        return Reply(reply.status, orjson.dumps(rows), reply.headers)

    with front(rule, organization.url) as url:
        done = run("doctor", "--watch", "0", "--api-url", url, environment=edited.environment)
    assert "contacts.city moved in 2 rows though updated_at did not" in done.out
    assert "twice, 0 s apart" in done.out

"""What the client tries again and what it only says, and how many requests it has in flight."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from reconciler.client.client import ApiClient
from reconciler.client.filters import row_lock
from reconciler.client.limiter import Limiter
from reconciler.client.retries import LEAST_PAUSE, LONGEST_PAUSE, retry_after
from reconciler.diagnostics import ApiError, LostAnswerError, UnreachableError
from reconciler.values.sent import Row
from tests.api import ask
from tests.builders import KINDS, foreign_id
from tests.front import Cut, Forward, Reply, Request, Rule
from tests.organization import Organization

pytestmark = pytest.mark.usefixtures("impatient")

CONTACTS = KINDS["contacts"]
LEAST = LEAST_PAUSE * 0.002  # `impatient` makes seconds short

# -- what may pass --------------------------------------------------------------------------------


def failing(times: int, *replies: Reply | None) -> tuple[Rule, list[Request]]:
    """A rule that answers the first requests with something else; None cuts the connection."""
    seen: list[Request] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request)
        if len(seen) > times:
            return forward(request)
        reply = replies[(len(seen) - 1) % len(replies)]
        if reply is None:
            raise Cut
        return reply

    return rule, seen


BUSY = Reply(429, b'{"message": "too many"}', {"Retry-After": "0"})


@pytest.mark.parametrize(
    "reply",
    [
        BUSY,
        Reply(429),
        Reply(503, b"", {"Retry-After": "0"}),
        *(Reply(status) for status in (408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530)),
        Reply(504, b'{"code": "PGRST003", "message": "no connection was free"}'),
        *(Reply(500, b'{"code": "%s"}' % state) for state in (b"40001", b"08006", b"57014")),
        Reply(503, b'{"code": "53300", "message": "too many connections"}'),
        None,
    ],
)
def test_a_read_is_tried_again_where_the_trouble_may_pass(
    organization: Organization, reply: Reply | None
) -> None:
    row = organization.insert("contacts")
    rule, seen = failing(4, reply)
    found = ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert found == [{"id": row["id"]}]
    assert len(seen) == 5


@pytest.mark.parametrize(("reply", "error"), [(BUSY, ApiError), (None, UnreachableError)])
def test_a_read_is_not_tried_for_ever(
    organization: Organization, reply: Reply | None, error: type[ApiError]
) -> None:
    rule, seen = failing(1000, reply)
    with pytest.raises(error):
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert 1 < len(seen) < 200  # how many fit into the time depends on the machine


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 501, 505])
def test_what_will_not_pass_is_not_tried_again(organization: Organization, status: int) -> None:
    rule, seen = failing(1000, Reply(status, b'{"message": "no", "code": "X"}'))
    with pytest.raises(ApiError, match="no") as caught:
        ask(rule, lambda c: c.read(CONTACTS, ["id"], []), organization)
    assert caught.value.status == status
    assert len(seen) == 1


def test_a_write_that_was_surely_not_done_is_tried_again(organization: Organization) -> None:
    rule, seen = failing(2, BUSY)
    row: Row = {"id": foreign_id(1), "organization_id": organization.id}
    ask(rule, lambda c: c.create(CONTACTS, [row]), organization)
    assert len(seen) == 3
    assert organization.ids("contacts") == [foreign_id(1)]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(502),
        Reply(503),
        Reply(504),
        Reply(500, b"<html>oops</html>"),
        Reply(200, b"<html>welcome</html>"),
        Reply(201, b'[{"id": "cut'),
        Reply(201, b"[]", {"Content-Length": "500"}),
        Reply(201, b"zz\r\nnot chunked", {"Transfer-Encoding": "chunked"}),
        None,
    ],
)
def test_a_write_whose_answer_is_lost_is_not_repeated_but_said(
    organization: Organization, reply: Reply | None
) -> None:
    rule, seen = failing(1000, reply)
    row: Row = {"id": foreign_id(1), "organization_id": organization.id}
    with pytest.raises(LostAnswerError):
        ask(rule, lambda c: c.create(CONTACTS, [row]), organization)
    assert len(seen) == 1


def test_a_delete_on_a_connection_that_was_used_before_is_not_repeated_unseen(
    organization: Organization,
) -> None:
    """Its second answer would say that there was no such row; nobody would know of the first."""
    seen: list[str] = []

    def rule(request: Request, forward: Forward) -> Reply:
        seen.append(request.method)
        if request.method == "DELETE":
            raise Cut
        return forward(request)

    async def read_and_delete(client: ApiClient) -> None:
        await client.read(CONTACTS, ["id"], [])
        lock = row_lock(["id"], [], {"id": foreign_id(1)})
        await client.delete(CONTACTS, (lock,))

    with pytest.raises(LostAnswerError):
        ask(rule, read_and_delete, organization)
    assert seen == ["GET", "DELETE"]


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b"", b'{"id": null}', b"[{},{}]"])
def test_a_create_that_does_not_say_which_row_it_made_is_no_crash(
    organization: Organization, body: bytes
) -> None:
    def rule(request: Request, forward: Forward) -> Reply:
        return Reply(201, body)

    assert ask(rule, lambda c: c.create(CONTACTS, [{}]), organization) is None
    assert ask(rule, lambda c: c.create_one(CONTACTS, {}), organization) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("0", LEAST),
        ("-5", LEAST),
        ("2", 2.0),
        ("1.5", 1.5),
        ("3600", 3600.0),
        ("1e300", LONGEST_PAUSE),
        ("Wed, 21 Oct 2015 07:28:00 GMT", LEAST),
        ("Wed, 99 Oct 99999 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_is_read_as_a_date() -> None:
    tomorrow = format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True)
    assert 86390 < (retry_after(tomorrow) or 0) <= 86400


# -- how many at once -----------------------------------------------------------------------------


async def _most_at_once(limiter: Limiter, tasks: int, *, refused: bool = False) -> int:
    now = most = 0

    async def one() -> None:
        nonlocal now, most
        async with limiter.slot():
            now += 1
            most = max(most, now)
            for _ in range(3):
                await asyncio.sleep(0)
            now -= 1
        if refused:
            limiter.shrink(float("inf"), None)
        else:
            limiter.grow()

    await asyncio.gather(*(one() for _ in range(tasks)))
    return most


def test_the_number_in_flight_grows_with_good_answers_to_the_most() -> None:
    assert asyncio.run(_most_at_once(Limiter(8), 200)) == 8


def test_the_number_in_flight_never_passes_the_most() -> None:
    assert asyncio.run(_most_at_once(Limiter(2), 50)) == 2
    assert asyncio.run(_most_at_once(Limiter(1), 50)) == 1


def test_refusals_for_load_halve_the_number_down_to_one() -> None:
    limiter = Limiter(8)

    async def run() -> list[int]:
        limits = []
        for _ in range(5):
            limiter.shrink(float("inf"), None)
            limits.append(limiter.limit)
        for _ in range(100):
            limiter.grow()
        return [*limits, limiter.limit]

    assert asyncio.run(run()) == [2, 1, 1, 1, 1, 8]


def test_everybody_gets_through_while_refusals_come() -> None:
    assert asyncio.run(_most_at_once(Limiter(8), 50, refused=True)) <= 8

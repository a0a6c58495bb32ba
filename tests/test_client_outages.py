"""Outages: what was not sent is tried on, what cannot pass is told at once, and people hear."""

import asyncio
import itertools
from dataclasses import replace

import httpx
import orjson
import pytest

from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.client.transport import HopelessError, MistypedError
from reconciler.diagnostics import LostAnswerError, UnreachableError
from tests.builders import KINDS, foreign_id
from tests.commandline import run
from tests.scripted import Given, Script

pytestmark = pytest.mark.usefixtures("impatient")

CONTACTS = KINDS["contacts"]
ROW = {"id": foreign_id(1)}
GOOD = httpx.Response(200, headers={"content-range": "*/1"}, content=orjson.dumps([ROW]))
REFUSED = MistypedError("the connection was refused")
NO_ROUTE = httpx.ConnectError("no route to host")
CERTIFICATE = HopelessError("the certificate has expired")
DROPPED = httpx.ReadError("the connection was closed")


class Trial:
    """A client on a script of answers, and what it told."""

    def __init__(self, **settings: object) -> None:
        self.told: list[str] = []
        plain = Connection.checked("http://127.0.0.1:1", "key")
        self._connection = replace(plain, tell=self.told.append, **settings)  # type: ignore[arg-type]  # by name

    def read(self, *answers: Given, after: bool = False) -> list[str]:
        """Read once, or once more ``after`` a good answer; gives the methods that were sent."""
        script = Script({"GET": itertools.chain([GOOD] * after, answers)})

        async def use() -> None:
            async with ApiClient(self._connection, transport=script) as client:
                for _ in range(1 + after):
                    await client.read(CONTACTS, ["id"], [])

        asyncio.run(use())
        return script.sent[after:]

    def create(self, *answers: Given) -> list[str]:
        """Create a row after a good answer."""
        script = Script({"GET": iter([GOOD]), "POST": iter(answers)})

        async def use() -> None:
            async with ApiClient(self._connection, transport=script) as client:
                await client.read(CONTACTS, ["id"], [])
                await client.create(CONTACTS, [ROW])

        asyncio.run(use())
        return script.sent[1:]


@pytest.mark.parametrize("error", [REFUSED, NO_ROUTE])
def test_what_was_reached_once_is_waited_for(error: Exception) -> None:
    assert Trial().read(error, error, error, GOOD, after=True) == ["GET"] * 4
    assert Trial().create(error, error, error, GOOD) == ["POST"] * 4


@pytest.mark.parametrize(("error", "tries"), [(REFUSED, 1), (CERTIFICATE, 1)])
def test_what_was_never_reached_is_told_at_once(error: Exception, tries: int) -> None:
    with pytest.raises(UnreachableError, match="no connection to"):
        Trial().read(error)


def test_no_route_may_pass_even_at_the_start() -> None:
    assert Trial().read(NO_ROUTE, GOOD) == ["GET"] * 2


def test_who_asks_for_tries_gets_them_at_the_start_too() -> None:
    assert Trial(insists=True).read(REFUSED, REFUSED, GOOD) == ["GET"] * 3


@pytest.mark.parametrize("settings", [{}, {"insists": True}])
def test_a_bad_certificate_is_never_tried_again(settings: dict[str, object]) -> None:
    with pytest.raises(UnreachableError, match="the certificate has expired"):
        Trial(**settings).read(CERTIFICATE, after=True)


@pytest.mark.parametrize("error", [REFUSED, DROPPED, httpx.Response(520)])
def test_tries_have_an_end(error: Given) -> None:
    with pytest.raises(Exception, match=r"refused|closed|520"):
        Trial().read(*[error] * 10000, after=True)


def test_no_tries_at_all_are_allowed() -> None:
    with pytest.raises(UnreachableError):
        Trial(retry_for=0.0).read(REFUSED, after=True)


def test_a_write_that_was_dropped_is_lost_and_not_sent_again() -> None:
    with pytest.raises(LostAnswerError, match="the connection was closed"):
        Trial().create(DROPPED)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530])
def test_an_edge_error_of_a_write_is_a_lost_answer(status: int) -> None:
    with pytest.raises(LostAnswerError, match=str(status)):
        Trial().create(httpx.Response(status, content=b"<html>"))


def test_people_hear_of_an_outage_once_and_of_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.client.http.SECONDS_UNTOLD", 0.0)
    trial = Trial()
    trial.read(REFUSED, REFUSED, REFUSED, GOOD, after=True)
    assert trial.told == [
        "no connection to http://127.0.0.1:1: the connection was refused;"
        " trying again for up to 60 s (--retry-for)",
        "the server answers again",
    ]


def busy(seconds: float) -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": str(seconds)})


def test_a_wait_that_is_too_long_ends_the_run_before_it() -> None:
    trial = Trial(max_wait=300.0)
    with pytest.raises(UnreachableError, match=r"3,600 s .* more than --max-wait 300") as caught:
        trial.read(busy(3600))
    assert "run it again after" in str(caught.value.hint)
    assert trial.told == []


def test_many_short_waits_are_bounded_together() -> None:
    with pytest.raises(UnreachableError, match=r"--max-wait 0\.1"):
        Trial(max_wait=0.1).read(*[busy(0.03)] * 1000)


def test_a_long_wait_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.client.http.LONG_PAUSE", 0.01)
    trial = Trial()
    trial.read(busy(0.05), GOOD)
    [told] = trial.told
    assert "the server asks for 0 s; waiting until " in told
    assert "Ctrl-C stops safely" in told


@pytest.mark.parametrize("option", ["--timeout", "--retry-for", "--max-wait", "--watch"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1", "soon", "1e999", "999999"])
def test_times_have_bounds(option: str, value: str) -> None:
    done = run("doctor", option, value, environment={"BOOKINGMOOD_API_KEY": "key"})
    assert done.code == 1
    assert "is no number of seconds from" in done.err

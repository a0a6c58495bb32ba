"""A run that ends early: what waits for its turn then is not sent, and everything says so."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.execution.outcome import Outcome
from reconciler.journal.write import Journal
from tests.builders import change, own_id, row
from tests.executing import Execution, Heard, execute, words

KEYS = "abcd"
DONE = httpx.Response(204, headers={"content-range": "*/1"})
NO_KEY = httpx.Response(401, content=b'{"code": "PGRST301", "message": "JWT expired"}')
TOO_MANY = httpx.Response(204, headers={"content-range": "*/7"})


@dataclass
class Slow(httpx.AsyncBaseTransport):
    """Answers the first write once the next one is written down, and waits for its turn."""

    folder: Path
    answer: httpx.Response = DONE
    meanwhile: Callable[[], object] = lambda: None
    sent: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, headers={"content-range": "*/0"}, content=b"[]")
        self.sent.append(request.method)
        if len(self.sent) > 1:
            return DONE
        [journal] = (self.folder / "journal").glob("*.jsonl")
        while journal.read_bytes().count(b'"intent"') < 2:  # noqa: ASYNC110 (it is a file)
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        self.meanwhile()
        return self.answer


def run(folder: Path, slow: Slow, **given: object) -> Execution:
    """Change contacts, each by a request of its own, one at a time."""
    client = ApiClient(
        Connection.checked("http://127.0.0.1:1", "key"), parallelism=1, transport=slow
    )
    level = [
        change(
            f"update contacts.{key}",
            row=row("contacts", own_id(f"contacts.{key}"), first_name=""),
            before={"first_name": ""},
            first_name=key.upper(),
        )
        for key in KEYS
    ]
    return execute(client, folder, level, **given)  # type: ignore[arg-type]  # by name


def not_sent(why: str) -> list[str]:
    return [f"skipped {key} {why}" for key in KEYS[1:]]


def test_after_a_stop(tmp_path: Path) -> None:
    """Nobody drains the client but the run itself, as soon as it sees that it is stopped."""
    asked: list[bool] = []
    slow = Slow(tmp_path, meanwhile=lambda: asked.append(True))
    done = run(tmp_path, slow, stop=lambda: bool(asked))
    assert slow.sent == ["PATCH"]
    assert words(done) == [
        "done a",
        "skipped b the run was stopped before it was sent",
        "skipped c the run was stopped before",
        "skipped d the run was stopped before",
    ]
    assert done.answers == ["done", "refused"]
    assert {one.hint for one in done.report.outcomes[1:]} == {"apply again to go on"}
    assert (done.report.stopped, done.journal.stopped) == (True, True)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (NO_KEY, "PATCH /contacts was refused: JWT expired"),
        (TOO_MANY, "the server changed 7 rows where 1 were named"),
    ],
)
def test_after_an_answer_that_ends_the_run(
    answer: httpx.Response, why: str, tmp_path: Path
) -> None:
    slow = Slow(tmp_path, answer)
    done = run(tmp_path, slow)
    assert slow.sent == ["PATCH"]
    assert words(done)[0].startswith(f"failed a {why}")
    assert words(done)[1:] == not_sent(why)
    assert len(done.answers) == 2
    assert done.answers[1] == "refused"
    assert {one.hint for one in done.report.outcomes[1:]} == {"apply again once that is mended"}


def test_after_an_error_of_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(self: Journal, *given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Journal, "conclude", fails)
    slow = Slow(tmp_path)
    done = run(tmp_path, slow)
    assert slow.sent == ["PATCH"]
    why = str(done.report.local_write_error)
    assert "No space left on device" in why
    assert words(done) == ["done a", *not_sent(why)]


def test_after_nobody_listens_any_more(tmp_path: Path) -> None:
    class Deaf(Heard):
        def settled(self, outcome: Outcome) -> None:
            raise BrokenPipeError(32, "Broken pipe")

    slow = Slow(tmp_path)
    done = run(tmp_path, slow, listener=Deaf())
    assert slow.sent == ["PATCH"]
    assert words(done) == ["done a", *not_sent("what is done cannot be written: Broken pipe")]
    assert done.answers == ["done", "refused"]

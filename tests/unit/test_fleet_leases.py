"""Leases: one holder at a time, whatever becomes of it, and no write by one that lost its own."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
import pytest

from reconciler.diagnostics import NotSentError, UsageError
from reconciler.fleet.holders import is_gone, this_process
from reconciler.fleet.leases import Lease, Seen, leased

ELSEWHERE = "other-machine boot.1 77 1234"


def make(folder: Path, number: int, seconds: float = 30, holder: str = ELSEWHERE) -> Lease:
    return Lease(folder, number, holder, seconds, 0)


def age(folder: Path, number: int, seconds: float) -> None:
    """Let a lease have been renewed so long ago."""
    then = time.time() - seconds
    os.utime(folder / f"{number:08}.lease", (then, then))


def take(folder: Path, patience: float = 0, told: list[str] | None = None) -> int:
    """Take the lease and let it go again; gives its number. ``told`` hears of a wait."""
    heard: list[str] = [] if told is None else told

    async def taking() -> int:
        async with leased(
            folder, this_process(), grace=0, patience=patience, tell=heard.append
        ) as lease:
            lease.check()
            return lease.number

    return asyncio.run(taking())


def test_a_free_lease_is_taken_and_let_go(tmp_path: Path) -> None:
    assert [take(tmp_path / "a") for _ in range(3)] == [1, 2, 3]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["00000003.lease"]


def test_two_never_hold_one(tmp_path: Path) -> None:
    make(tmp_path, 1)
    with pytest.raises(FileExistsError):
        make(tmp_path, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["00000001.lease"]


def test_many_at_once_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.fleet.leases._PAUSE", 0.02)
    inside: list[int] = []

    async def one() -> None:
        async with leased(
            tmp_path, this_process(), grace=0, patience=60, tell=lambda text: None
        ) as lease:
            inside.append(lease.number)
            assert len(inside) == 1
            await asyncio.sleep(0.01)
            lease.check()
            inside.clear()

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(one())

    asyncio.run(all_of_them())
    seen = Seen.newest(tmp_path)
    assert seen and seen.number == 4 and seen.released


def test_a_holder_that_goes_on_is_not_disturbed(tmp_path: Path) -> None:
    lease = make(tmp_path, 1)
    with ExitStack() as stack:
        stack.enter_context(renewing(lease))
        with pytest.raises(UsageError, match="another run writes to the organization, on other-"):
            take(tmp_path)
    lease.check()


def renewing(lease: Lease) -> ExitStack:
    """Renew a lease in a thread, until the block is over."""
    over, stack = threading.Event(), ExitStack()

    def renew() -> None:
        while not over.wait(0.1):
            lease.renew()

    thread = threading.Thread(target=renew)
    thread.start()
    stack.callback(thread.join)
    stack.callback(over.set)
    return stack


def test_one_that_went_away_is_waited_for(tmp_path: Path) -> None:
    lease = make(tmp_path, 1, seconds=1)
    told: list[str] = []
    assert take(tmp_path, told=told) == 2
    assert len(told) == 1 and "a run on other-machine has its lease" in told[0]
    with pytest.raises(NotSentError):
        lease.check()


def test_one_that_ran_out_is_taken_at_once_and_never_renewed(tmp_path: Path) -> None:
    lease = make(tmp_path, 1)
    age(tmp_path, 1, 31)
    told: list[str] = []
    assert take(tmp_path, told=told) == 2
    assert told == []
    with pytest.raises(NotSentError, match="ran out"):
        lease.check()
    lease.renew()
    lease.release()
    seen = Seen.newest(tmp_path)
    assert seen and seen.number == 2


def test_a_clock_that_passed_its_time_ends_it_though_nobody_came(tmp_path: Path) -> None:
    lease = make(tmp_path, 1, seconds=0)
    with pytest.raises(NotSentError):
        lease.check()
    lease.renew()
    with pytest.raises(NotSentError):
        lease.check()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b'{"holder": "a", "lasts": 1e9, "released": false}',
        b'{"holder": "a", "lasts": -1, "released": false}',
    ],
)
def test_a_lease_that_nobody_can_read_is_nobody_s_to_take(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "00000001.lease").write_bytes(text)
    with pytest.raises(UsageError, match="cannot be read; nothing was changed"):
        take(tmp_path)


def test_where_nothing_can_be_written_there_is_no_lease(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="no lease can be taken"):
        take(tmp_path / "file")


@pytest.fixture
def other_process() -> Iterator[subprocess.Popen[str]]:
    """A process that says who it is, and waits for its end."""
    code = "import sys; from reconciler.fleet.holders import this_process as p; print(p(), flush=1)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}; sys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def test_a_process_that_died_here_is_not_waited_for(
    tmp_path: Path, other_process: "subprocess.Popen[str]"
) -> None:
    assert other_process.stdout
    holder = other_process.stdout.readline().strip()
    make(tmp_path, 1, holder=holder)
    assert not is_gone(holder)
    other_process.kill()
    other_process.wait()
    assert is_gone(holder)
    told: list[str] = []
    assert take(tmp_path, told=told) == 2
    assert told == []


@pytest.mark.parametrize(
    "holder",
    ["", "a b c", ELSEWHERE, this_process(), "a b c d e"],
    ids=["none", "no holder", "another machine", "this process", "too many words"],
)
def test_of_whom_nobody_knows_that_it_is_gone(holder: str) -> None:
    assert not is_gone(holder)


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    machine, boot, pid, began = this_process().split(" ")
    assert is_gone(f"{machine} {boot} {pid} {int(began) - 1}")


def test_what_a_lease_says(tmp_path: Path) -> None:
    make(tmp_path, 1)
    facts = orjson.loads((tmp_path / "00000001.lease").read_bytes())
    assert facts.keys() == {"holder", "expires", "lasts", "released"}
    assert (tmp_path / "00000001.lease").stat().st_mode & 0o777 == 0o600

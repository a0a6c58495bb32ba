"""Requests in flight share a sync of the journal, and none goes on before its line is synced."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from reconciler.journal import write
from reconciler.journal.write import Journal
from reconciler.plan.change import Change
from reconciler.plan.model import Plan
from tests.builders import ORGANIZATION, STACK, change

JANES = [change(f"create contacts.jane-{number}") for number in range(8)]


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Keep the size of the journal at the end of each sync."""
    sizes: list[int] = []
    real = write._sync_data

    def sync(file: int) -> None:
        size = os.fstat(file).st_size
        real(file)
        sizes.append(size)

    monkeypatch.setattr(write, "_sync_data", sync)
    return sizes


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    plan = Plan(STACK, ORGANIZATION, "sha256:0", levels=(), unchanged=0)
    with Journal(tmp_path / "journal", plan) as made:
        yield made


async def intend(journal: Journal, one: Change, synced: list[int]) -> bool:
    """Tell whether the line of an intent was on the disk when it was over."""
    await journal.intend([one], [{}], {})
    end = journal.path.read_bytes()[: synced[-1]] if synced else b""
    return f'"{one.name}"'.encode() in end


def test_intents_that_come_together_share_a_sync(journal: Journal, synced: list[int]) -> None:
    async def together() -> list[bool]:
        return await asyncio.gather(*(intend(journal, one, synced) for one in JANES))

    assert all(asyncio.run(together()))
    assert len(synced) == 1


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, coming: Callable[[], Coroutine[None, None, None]]
) -> None:
    """Let something come while the first sync goes on, after it has looked what is written."""
    counted = write._sync_data
    loop = asyncio.get_running_loop()
    begun: list[int] = []

    def sync(file: int) -> None:
        begun.append(file)
        if len(begun) == 1:
            asyncio.run_coroutine_threadsafe(coming(), loop).result(timeout=30)
        counted(file)

    monkeypatch.setattr(write, "_sync_data", sync)


def test_who_comes_during_a_sync_waits_for_the_next(
    journal: Journal, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def while_syncing() -> list[bool]:
        late: list[asyncio.Task[bool]] = []

        async def come() -> None:
            late.extend(asyncio.create_task(intend(journal, one, synced)) for one in JANES[1:])
            await asyncio.sleep(0)

        meanwhile(monkeypatch, come)
        return [await intend(journal, JANES[0], synced), *await asyncio.gather(*late)]

    assert asyncio.run(while_syncing()) == [True] * len(JANES)
    assert len(synced) == 2


def test_what_is_written_during_a_sync_is_not_taken_for_synced(
    journal: Journal, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def while_syncing() -> None:
        meanwhile(monkeypatch, lambda: journal.conclude(1, "done", [{}]))
        await intend(journal, JANES[0], synced)
        assert len(synced) == 1
        await journal.sync()

    asyncio.run(while_syncing())
    assert len(synced) == 2
    assert synced[-1] == journal.path.stat().st_size


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("odd")])
def test_an_error_of_the_disk_is_heard_by_all_who_wait(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(_: int) -> None:
        raise error

    monkeypatch.setattr(write, "_sync_data", fail)

    async def together() -> list[bool | BaseException]:
        waiting = (intend(journal, one, []) for one in JANES[:3])
        return await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 30)

    assert asyncio.run(together()) == [error] * 3


def test_after_an_error_of_the_disk_nothing_more_is_written(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write, "_sync_data", fail)

    async def twice() -> bytes:
        with pytest.raises(OSError, match="No space"):
            await intend(journal, JANES[0], [])
        before = journal.path.read_bytes()
        with pytest.raises(OSError, match="No space"):
            await intend(journal, JANES[1], [])
        return before

    assert asyncio.run(twice()) == journal.path.read_bytes()


@pytest.mark.parametrize(("alone", "syncs"), [(False, 1), (True, 2)])
def test_an_outcome_waits_for_the_disk_where_it_alone_names_the_row(
    journal: Journal, synced: list[int], alone: bool, syncs: int
) -> None:
    async def run() -> None:
        number = await journal.intend([JANES[0]], [{}], {})
        await journal.conclude(number, "done", [{}], names_alone=alone)

    asyncio.run(run())
    assert len(synced) == syncs
    assert b'"outcome"' in journal.path.read_bytes()

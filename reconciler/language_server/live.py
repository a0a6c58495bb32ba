"""The live organization beside what is typed: whoever starts the server switches it on.

Where it is asked, and with which key, comes from the command that started the server. No folder has
a say in it, nor has anything that an editor may take from a folder. A plan is made in a process of
its own, which writes nothing; nothing of what it finds is logged.
"""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ..plan.shape import ColumnDocument
from ..values.jsontext import dumps, loads

LONGEST = 120.0
"""Seconds that a look may take."""
EVERY = 20.0
"""Seconds from the end of a look at a folder to the next one."""
MOST_BYTES = 64_000_000
"""A longer answer is none."""
PIECE = 65_536


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """Where to look, with which key, and whether personal values are shown."""

    url: str
    key: str = field(repr=False)
    show_personal: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """What a plan would do to one resource, and the columns that differ."""

    action: str
    columns: Mapping[str, ColumnDocument] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: the resources that differ, by address, and the time of day."""

    at: str
    differing: Mapping[str, Differing] = field(repr=False)


class Looking:
    """Looks at folders, each in a process of its own, never twice at once at one of them."""

    def __init__(self, options: LiveOptions, found: Callable[[Path, Seen | None], None]) -> None:
        self._options = options
        self._found = found
        self._running: dict[Path, asyncio.Task[None]] = {}
        self._wanted: dict[Path, bytes] = {}
        self._processes: set[asyncio.subprocess.Process] = set()

    def look(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> None:
        """Look at a folder with its overlays soon; while one look lasts, the latest wish waits."""
        folder = paths[0]
        self._wanted[folder] = self._request(paths, variables)
        if folder not in self._running:
            self._running[folder] = asyncio.ensure_future(self._looked(folder))

    def close(self) -> None:
        """End what is under way."""
        for task in self._running.values():
            task.cancel()
        for process in self._processes:
            if process.returncode is None:
                process.kill()

    async def _looked(self, folder: Path) -> None:
        try:
            while request := self._wanted.pop(folder, None):
                self._found(folder, await self._seen(folder, request))
                await asyncio.sleep(EVERY)
        finally:
            self._running.pop(folder, None)

    async def _seen(self, folder: Path, request: bytes) -> Seen | None:
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", f"{__package__}.looking"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=folder.anchor,
            )
        except OSError:
            return None
        self._processes.add(process)
        try:
            answer = await asyncio.wait_for(_answer(process, request), LONGEST)
        except (TimeoutError, OSError):
            return None
        finally:
            if process.returncode is None:
                process.kill()
            self._processes.discard(process)
        return None if answer is None else Seen(f"{datetime.now():%H:%M}", _differing(answer))

    def _request(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> bytes:
        return dumps(
            {
                "paths": [str(path) for path in paths],
                "variables": dict(variables),
                "url": self._options.url,
                "key": self._options.key,
                "reveal": self._options.show_personal,
            }
        )


async def _answer(process: asyncio.subprocess.Process, request: bytes) -> bytes | None:
    """Ask a process, and give what it wrote; None where it failed, or wrote too much."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(request)
    await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while piece := await process.stdout.read(PIECE):
        answer += piece
        if len(answer) > MOST_BYTES:
            return None
    return None if await process.wait() else bytes(answer)


def _differing(answer: bytes) -> dict[str, Differing]:
    changes: Any = loads(answer)
    return {
        change["address"]: Differing(change["action"], change["columns"])
        for change in changes
        if change["address"]
    }

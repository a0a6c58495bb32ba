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

import orjson

from ..plan.shape import ColumnDocument

LONGEST = 120.0
"""Seconds that a look may take."""
EVERY = 20.0
"""Seconds between the beginnings of two looks at one folder."""
MOST_BYTES = 64_000_000


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
    """Looks at one folder after the other, never twice at once."""

    def __init__(self, options: LiveOptions, found: Callable[[Path, Seen | None], None]) -> None:
        self._options = options
        self._found = found
        self._running: dict[Path, asyncio.Task[None]] = {}
        self._again: set[Path] = set()
        self._processes: set[asyncio.subprocess.Process] = set()

    def look(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> None:
        """Look at a folder with its overlays soon; while one look lasts, another one waits."""
        folder = paths[0]
        if folder in self._running:
            self._again.add(folder)
            return
        task = asyncio.ensure_future(self._looked(paths, variables))
        self._running[folder] = task

    def close(self) -> None:
        """End what is under way."""
        for task in self._running.values():
            task.cancel()
        for process in self._processes:
            if process.returncode is None:
                process.kill()

    async def _looked(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> None:
        folder = paths[0]
        try:
            while True:
                self._again.discard(folder)
                self._found(folder, await self._seen(paths, variables))
                await asyncio.sleep(EVERY)
                if folder not in self._again:
                    return
        finally:
            self._running.pop(folder, None)

    async def _seen(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> Seen | None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", f"{__package__}.looking"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=paths[0].anchor,
        )
        self._processes.add(process)
        try:
            answer, _ = await asyncio.wait_for(
                process.communicate(self._request(paths, variables)), LONGEST
            )
        except TimeoutError:
            return None
        finally:
            if process.returncode is None:
                process.kill()
            self._processes.discard(process)
        if process.returncode or len(answer) > MOST_BYTES:
            return None
        return Seen(f"{datetime.now():%H:%M}", _differing(answer))

    def _request(self, paths: tuple[Path, ...], variables: Mapping[str, str]) -> bytes:
        return orjson.dumps(
            {
                "paths": [str(path) for path in paths],
                "variables": dict(variables),
                "url": self._options.url,
                "key": self._options.key,
                "reveal": self._options.show_personal,
            }
        )


def _differing(answer: bytes) -> dict[str, Differing]:
    return {
        change["address"]: Differing(change["action"], change["columns"])
        for change in orjson.loads(answer)
        if change["address"]
    }

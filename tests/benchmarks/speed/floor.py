"""What no program in Python can do without: reading the YAML, and fetching the pages.

``python floor.py events FOLDER`` consumes the events of PyYAML's parser in C, ``load`` makes values
with CSafeLoader. ``fetch URLS`` gets every address in a file with a bare client, and reads the
JSON; ``both FOLDER URLS`` is events and fetch.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

AT_ONCE = 8


def events(folder: Path) -> int:
    """Consume all events of all files."""
    parsed = (yaml.parse(path.read_bytes(), yaml.CSafeLoader) for path in _files(folder))
    return sum(1 for some in parsed for _ in some)


def load(folder: Path) -> int:
    """Make values of all files."""
    return sum(len(yaml.load(path.read_bytes(), yaml.CSafeLoader) or ()) for path in _files(folder))


async def fetch(addresses: list[str]) -> int:
    """Get every address, some at once, and read its JSON."""
    import aiohttp
    import orjson

    headers = {"Authorization": f"Bearer {os.environ['BOOKINGMOOD_API_KEY']}"}
    left = iter(addresses)
    rows = 0

    async def work(session: aiohttp.ClientSession) -> None:
        nonlocal rows
        for address in left:
            async with session.get(address) as answer:
                answer.raise_for_status()
                rows += len(orjson.loads(await answer.read()))

    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
        await asyncio.gather(*(work(session) for _ in range(AT_ONCE)))
    return rows


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.yaml")) if "bindings" not in path.parts)


def main(mode: str, *names: str) -> None:
    """Run as a program."""
    if mode == "load":
        load(Path(names[0]))
    if mode in ("events", "both"):
        events(Path(names[0]))
    if mode in ("fetch", "both"):
        asyncio.run(fetch(Path(names[-1]).read_text("utf-8").splitlines()))


if __name__ == "__main__":
    main(*sys.argv[1:])

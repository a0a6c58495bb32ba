"""How many requests large plans take, and how fast single PATCHes go, against a bare loop.

``python -m tests.benchmarks.apply [ROWS]`` prints a table; ROWS is 10,000 unless said. The bare
loop sends the same PATCHes with aiohttp alone: no plan, no journal, no retries. ApiClient, server
and database share the machine.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import aiohttp
import orjson

from reconciler.catalogue import load_kinds
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.configuration.read import read_configuration
from reconciler.execution import Outcome, Report, apply
from reconciler.plan.change import Change
from reconciler.plan.consents import MEANINGS
from reconciler.planning.approval import approve
from reconciler.planning.folder import plan_folder
from tests.benchmarks.figures import Figure
from tests.sandbox_server import RunningSandbox, running_sandbox

AT_ONCE = 8
KINDS = ("contacts", "taxes", "capacity_groups")
QUIET = {"Content-Type": "application/json", "Prefer": "return=minimal,count=exact"}


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None:
        """Hear that a change is under way."""

    def settled(self, outcome: Outcome) -> None:
        """Hear how a change ended."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How a configuration was applied: seconds for the plan, for its execution, and requests."""

    planning: float
    applying: float
    requests: Counter[str]

    @property
    def writes(self) -> int:
        """Count the requests that write."""
        return sum(n for name, n in self.requests.items() if not name.startswith("GET"))


@dataclass(slots=True)
class Bench:
    """A sandbox, and a folder that is applied to it."""

    sandbox: RunningSandbox
    folder: Path
    seen: int = 0

    def apply(self, text: str) -> Applied:
        """Apply a configuration, in this process."""
        block = "reconciler: {stack: benchmark-1a2b}\n"
        (self.folder / "bookingmood.yaml").write_text(block + text, encoding="utf-8")
        return asyncio.run(self._apply())

    async def _apply(self) -> Applied:
        kinds = load_kinds()
        connection = Connection.checked(self.sandbox.url, self.sandbox.key)
        began = time.perf_counter()
        desired = read_configuration([self.folder], kinds, variables={}, environment={})
        async with ApiClient(connection, parallelism=AT_ONCE) as client:
            planned = await plan_folder(desired.configuration, client, kinds)
            ready = time.perf_counter()
            self.requests()
            approved = approve(planned, kinds, consents=MEANINGS)
            report: Report = await apply(
                approved, client, kinds, self.folder / "journal", listener=Nobody()
            )
        assert report.complete, [o for o in report.outcomes if o.message][:3]
        done = time.perf_counter()
        return Applied(ready - began, done - ready, self.requests())

    def requests(self) -> Counter[str]:
        """Count the requests since the last time."""
        log = self.sandbox.requests()[self.seen :]
        self.seen += len(log)
        return Counter(f"{one['method']} {one['path']}" for one in log)

    async def patch_barely(self, word: str) -> float:
        """Change every contact by a PATCH of its own; gives the seconds."""
        headers = {"Authorization": f"Bearer {self.sandbox.key}"}
        connector = aiohttp.TCPConnector(limit=AT_ONCE)
        async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
            targets = await self._locks(session)
            began = time.perf_counter()
            numbered = iter(enumerate(targets))

            async def work() -> None:
                for number, target in numbered:
                    body = orjson.dumps({"notes": f"{word} {number}"})
                    async with session.patch(target, data=body, headers=QUIET) as answer:
                        await answer.read()
                        assert answer.status == 204

            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
            return time.perf_counter() - began

    async def _locks(self, session: aiohttp.ClientSession) -> Sequence[str]:
        targets: list[str] = []
        after = ""
        while True:
            url = f"{self.sandbox.url}/contacts?select=id,updated_at&order=id&limit=1000{after}"
            async with session.get(url) as answer:
                rows = orjson.loads(await answer.read())
            if not rows:
                return targets
            targets += [
                f"{self.sandbox.url}/contacts?id=eq.{row['id']}"
                f"&updated_at=eq.{quote(row['updated_at'])}"
                for row in rows
            ]
            after = f"&id=gt.{rows[-1]['id']}"


def contacts(number: int, notes: str) -> str:
    """Write contacts; ``#`` in the notes stands for their numbers."""
    rows = (
        f"  c{n}: {{email: c{n}@example.test, notes: {notes.replace('#', str(n))}}}\n"
        for n in range(number)
    )
    return "contacts:\n" + "".join(rows)


def three_kinds(number: int) -> str:
    """Write rows of three kinds."""
    share = (number + 2) // 3
    taxes = "".join(
        f"  t{n}: {{label: {{default: T{n}}}, percentage: {n % 90}, type: included}}\n"
        for n in range(share)
    )
    groups = "".join(f"  g{n}: {{name: {{default: G{n}}}}}\n" for n in range(share))
    return f"{contacts(share, 'x')}taxes:\n{taxes}capacity_groups:\n{groups}"


def line(what: str, rows: int, applied: Applied) -> None:
    """Print one line of the table."""
    writes = {name: n for name, n in applied.requests.items() if not name.startswith("GET")}
    print(
        f"{what:<34} plan {applied.planning:6.2f} s   apply {applied.applying:6.2f} s"
        f" {rows / applied.applying:8,.0f} rows/s   {writes}"
    )


def figures(number: int, created: Applied, equal: Applied, deleted: Applied) -> Iterator[Figure]:
    """Say what the page holds of them."""
    planned = f"plan of {number:,} resources, read and compared"
    yield Figure(planned, f"{equal.planning:.1f} s")
    many = f"create {number:,} rows in 3 kinds"
    yield Figure(many, f"{created.applying:.1f} s, {created.writes} write requests")
    yield Figure(f"change {number:,} rows in the same way", f"{equal.writes} write requests")
    yield Figure(f"delete {number:,} rows", f"{deleted.writes} write requests")


def main() -> list[Figure]:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "villa").mkdir()
        with running_sandbox(log=folder / "requests.jsonl") as sandbox:
            bench = Bench(sandbox, folder / "villa")
            created = bench.apply(three_kinds(number))
            line("create in 3 kinds", number, created)
            bench.apply(contacts(number, "none yet"))
            equal = bench.apply(contacts(number, "all the same"))
            line("one equal change", number, equal)
            first = asyncio.run(bench.patch_barely("bare"))
            bench.requests()
            different = bench.apply(contacts(number, "other '#'"))
            line("different changes, one PATCH each", number, different)
            second = asyncio.run(bench.patch_barely("bare again"))
            bare, ours = 2 * number / (first + second), number / different.applying
            print(f"bare aiohttp loop {bare:,.0f}/s, apply {ours:,.0f}/s: ratio {ours / bare:.2f}")
            deleted = bench.apply("taxes: {}")
            line("delete them all", number, deleted)
    single = f"{number:,} different changes, each a PATCH with its lock, journaled"
    than = "of what a bare aiohttp loop reaches without plan, retries and journal"
    found = Figure(single, f"{ours:,.0f}/s: {ours / bare:.2f} {than}")
    return [*figures(number, created, equal, deleted), found]


if __name__ == "__main__":
    main()

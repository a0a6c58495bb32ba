"""``python -m tests.soak --minutes N --seed S``: each minute SQL says whether all of it holds."""

import argparse
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import FrameType
from uuid import UUID

import orjson

from tests.faulting_proxy import FaultingProxy
from tests.killing_proxy import KillingProxy
from tests.organization import Organization
from tests.server import Server, running_server
from tests.soak.expected import live_rows
from tests.soak.home import Home, foreign_row
from tests.soak.measures import Measured, grown, measure
from tests.soak.tables import table
from tests.soak.writer import KEPT, BrokenError, Writer

ORGANIZATIONS = tuple(str(UUID(int=0x50AC << 112 | 0x4 << 76 | 0x8 << 60 | n)) for n in range(10))
WRITERS = ("w0", "w1", "w2")
MOST_BROKEN = 10
NEEDED = KEPT + 3
"""Journals of one folder: those kept, those that undo needs, and those since the last pruning."""
STRANGERS = 3
"""So many rows of each organization are in no YAML."""


class Gate:
    """Lets writers step, and the checker look while none does."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._closed = False
        self.over = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """Take a step, as soon as nobody looks."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def look(self) -> Iterator[None]:
        """Look, as soon as nobody steps."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()


@dataclass(slots=True)
class Soak:
    """All writers and organizations, and what was found."""

    server: Server
    organizations: Sequence[Organization]
    writers: Sequence[Writer]
    began: float
    gate: Gate = field(default_factory=Gate)
    strangers: dict[tuple[int, str, str], object] = field(default_factory=dict)
    measures: list[Measured] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    looks: int = 0

    def make_strangers(self, chance: Random) -> None:
        """Make rows that nobody may touch."""
        for number, organization in enumerate(self.organizations):
            for one in range(STRANGERS):
                kind, row_id = foreign_row(organization, one, chance)
                self.strangers[number, kind, row_id] = self._row(organization, kind, row_id)

    def _row(self, organization: Organization, kind: str, row_id: str) -> object:
        return next((r for r in live_rows(organization)[kind] if r["id"] == row_id), None)

    def work(self, writer: Writer) -> None:
        """Step until it is over."""
        while not self.gate.over:
            with self.gate.step():
                try:
                    writer.step()
                except BrokenError as error:
                    self.note(str(error))
                except Exception as error:
                    self.note(f"{writer.name}: {error!r}")
                writer.counts["steps"] += 1

    def note(self, words: str) -> None:
        """Keep what does not hold; too much of it ends the soak."""
        self.broken.append(words)
        print(f"BROKEN {words}", file=sys.stderr, flush=True)
        self.gate.over = self.gate.over or len(self.broken) >= MOST_BROKEN

    def look(self) -> None:
        """See that everything is as it should be, and measure."""
        self.looks += 1
        many = 0
        for number, organization in enumerate(self.organizations):
            rows = live_rows(organization)
            many += sum(map(len, rows.values()))
            for (where, kind, row_id), kept in self.strangers.items():
                if where == number and kept not in rows[kind]:
                    self.note(f"organization {number}: a row of {kind} that is nobody's: {row_id}")
        for writer in self.writers:
            for home in writer.homes:
                try:
                    writer.check(home)
                except BrokenError as error:
                    self.note(f"every minute: {home.folder.name}: {error}")
        folders = (home.folder for writer in self.writers for home in writer.homes)
        minute = (time.monotonic() - self.began) / 60
        self.measures.append(measure(minute, self.server.sandbox.pid, folders, many))

    def counts(self) -> Counter[str]:
        """Add up what all writers did."""
        return sum((writer.counts for writer in self.writers), Counter())

    def document(self, seed: int, minutes: float) -> dict[str, object]:
        """Sum up, for JSON."""
        differences = [writer.differences for writer in self.writers]
        return {
            "minutes": round(minutes, 1),
            "seed": seed,
            "writers": len(self.writers),
            "organizations": len(self.organizations),
            "counts": dict(sorted(self.counts().items())),
            "looks": self.looks,
            "doubled": sum(one.doubled for one in differences),
            "lost": sum(one.lost for one in differences),
            "unplanned": sum(one.unplanned for one in differences),
            "broken": self.broken,
            "grown": grown(self.measures, len(self.writers) * len(self.organizations) * NEEDED),
            "measures": [one.as_document() for one in self.measures],
        }


@contextmanager
def soaking(seed: int) -> Iterator[Soak]:
    """Start the sandbox, the proxies and the folders."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="soak-")))
        pairs = [f"{row_id}=soak-key-{n}" for n, row_id in enumerate(ORGANIZATIONS)]
        server = stack.enter_context(running_server(folder, pairs, "--unique", "coupons.code"))
        organizations = [server.organization(number) for number in range(len(ORGANIZATIONS))]
        writers = []
        for name in WRITERS:
            homes = [
                Home.made(name, organization, folder / f"{name}-{number}")
                for number, organization in enumerate(organizations)
            ]
            faulting = stack.enter_context(FaultingProxy.running(server.sandbox.url))
            killing = stack.enter_context(KillingProxy.running(server.sandbox.url))
            writers.append(Writer(name, homes, faulting, killing, Random(f"{seed}-{name}")))
        yield Soak(server, organizations, writers, time.monotonic())


def main() -> int:
    """Soak as long as the command line asks for; print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="write the summary into this file, as JSON")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # while it begins, like Ctrl-C
    with soaking(arguments.seed) as soak, _stopped_in_order(soak):
        soak.make_strangers(Random(arguments.seed))
        threads = [threading.Thread(target=soak.work, args=(writer,)) for writer in soak.writers]
        for thread in threads:
            thread.start()
        until = soak.began + 60 * arguments.minutes
        while time.monotonic() < until and not soak.gate.over:
            _wait(soak, min(until, time.monotonic() + 60))
            with soak.gate.look():
                soak.look()
            print(_line(soak), file=sys.stderr, flush=True)
        soak.gate.over = True
        for thread in threads:
            thread.join()
        document = soak.document(arguments.seed, (time.monotonic() - soak.began) / 60)
    if arguments.out:
        arguments.out.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    print(table(document))
    return 1 if document["broken"] or document["grown"] else 0


@contextmanager
def _stopped_in_order(soak: Soak) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the soak with its summary, and with nothing left behind."""

    def stop(number: int, frame: FrameType | None) -> None:
        soak.gate.over = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(soak: Soak, until: float) -> None:
    while time.monotonic() < until and not soak.gate.over:
        time.sleep(0.5)


def _line(soak: Soak) -> str:
    counts = ", ".join(f"{name} {many}" for name, many in sorted(soak.counts().items()))
    last = soak.measures[-1]
    return (
        f"{last.minute:.1f} min: {counts}; {last.rows} rows, {last.sandbox_memory} KiB,"
        f" {last.sandbox_files} files, {last.journals} journals; {len(soak.broken)} broken"
    )


if __name__ == "__main__":
    raise SystemExit(main())

"""Where the commands are measured: a sandbox with one organization, and folders of YAML."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import orjson

from tests.benchmarks.speed import data
from tests.benchmarks.speed.process import Launcher, Taken, launcher
from tests.benchmarks.speed.versions import Version, here
from tests.organization import Organization
from tests.server import FIRST, Server, environment_for, running_server

KINDS = ("contacts", "bookings", "contact_bookings")
COPY = "benchmark_copy"


@dataclass(slots=True)
class Stage:
    """A sandbox, its organization, and a configuration of ``size`` resources in ``yaml``."""

    home: Path
    server: Server
    organization: Organization
    start: Launcher
    size: int = 0
    state: str = ""
    read: int = 0
    kept: set[int] = field(default_factory=set)

    @property
    def yaml(self) -> Path:
        """The configuration; no command writes into it."""
        return self.home / str(self.size)

    def begin(self, size: int) -> None:
        """Write the configuration of a size, and forget what was live."""
        self.size, self.state = size, ""
        data.write(self.yaml, size)

    def run(self, words: list[str], *codes: int) -> Taken:
        """Run a program, and count what it asked."""
        self.new_requests()
        taken = self.start.run(words, *codes)
        asked = len(self.new_requests())
        return Taken(taken.cpu, taken.wall, taken.peak, asked)

    @property
    def log(self) -> Path:
        """The log of all requests."""
        assert self.server.sandbox.log is not None
        return self.server.sandbox.log

    def new_requests(self) -> list[dict[str, object]]:
        """Read what was asked since the last time."""
        with self.log.open("rb") as file:
            file.seek(self.read)
            body = file.read()
        self.read += len(body)
        return [orjson.loads(line) for line in body.splitlines()]

    def folder(self, name: str, source: Path | None = None) -> Path:
        """Give an empty folder, or a fresh copy of another."""
        path = self.home / name
        shutil.rmtree(path, ignore_errors=True)
        if source is not None:
            shutil.copytree(source, path)
        return path

    def empty(self) -> None:
        """Take all rows away."""
        if self.state != "empty":
            self.organization.empty()
            self.vacuum()
            self.state = "empty"

    def live(self) -> None:
        """Let the rows be as the configuration says."""
        if self.state == "live":
            return
        self.empty()
        if self.size in self.kept:
            self._put_back()
        else:
            self.apply(here(), self.folder("setup", self.yaml))
            self.keep()
        self.vacuum()
        self.state = "live"

    def apply(self, version: Version, folder: Path) -> Taken:
        """Apply a folder."""
        taken = self.run([*version.apply(folder.name)])
        self.state = "applied"
        return taken

    def keep(self) -> None:
        """Remember the rows as they are, to have them again soon."""
        with self.server.database.cursor() as cursor:
            for kind in KINDS:
                cursor.execute(f"drop table if exists {COPY}_{kind}".encode())
                cursor.execute(f"create table {COPY}_{kind} as table {self._table(kind)}".encode())
        self.kept = {self.size}

    def _put_back(self) -> None:
        with self.server.database.transaction(), self.server.database.cursor() as cursor:
            cursor.execute("set local session_replication_role = replica")
            for kind in KINDS:
                columns = ", ".join(f'"{name}"' for name in self._columns(kind))
                words = f"({columns}) select {columns} from {COPY}_{kind}"
                cursor.execute(f"insert into {self._table(kind)} {words}".encode())

    def _columns(self, kind: str) -> list[str]:
        schema, _, table = self._table(kind).partition(".")
        with self.server.database.cursor() as cursor:
            cursor.execute(
                "select column_name from information_schema.columns where table_schema = %s"
                " and table_name = %s and is_generated = 'NEVER'",
                (schema, table),
            )
            return [str(name) for (name,) in cursor.fetchall()]

    def _table(self, kind: str) -> str:
        return f"org_{UUID(self.organization.id).hex}.{kind}"

    def vacuum(self) -> None:
        """Clear away what was deleted, and let the planner of queries know the tables."""
        with self.server.database.cursor() as cursor:
            for kind in KINDS:
                cursor.execute(f"vacuum analyze {self._table(kind)}".encode())


@contextmanager
def staged() -> Iterator[Stage]:
    """Run a sandbox while the block lasts."""
    with TemporaryDirectory(prefix="reconciler-bench-") as name:
        home = Path(name)
        with running_server(home, [f"{FIRST}=key"]) as server:
            organization = server.organization(0)
            with launcher(home, environment_for(organization)) as start:
                yield Stage(home, server, organization, start)

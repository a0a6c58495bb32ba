"""A sandbox that can be told to misbehave, for the tests of one module."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import psycopg

from reconciler.sandbox.cluster import running_cluster
from tests.commandline import Document
from tests.conftest import FIRST, SECOND
from tests.organization import Organization
from tests.sandbox_server import RunningSandbox, running_sandbox

WRITES = "method=POST|PATCH|DELETE"


@dataclass(slots=True)
class FaultyServer:
    """A running sandbox, its faults, and the log of its requests."""

    sandbox: RunningSandbox
    database: psycopg.Connection
    http: httpx.Client
    seen: int = 0

    def organization(self, number: int = 0) -> Organization:
        """Give an organisation, emptied; there are no faults any more."""
        self.put()
        row_id, key = self.sandbox.organizations[number]
        found = Organization(row_id, key, self.sandbox.url, self.http, self.database)
        found.empty()
        return found

    def put(self, *specs: str) -> None:
        """Replace all faults, and forget the requests so far."""
        answer = self.http.put(self.sandbox.url.replace("/v1", "/admin/faults"), json=specs)
        assert answer.is_success, answer.text
        self.seen = len(self.sandbox.requests())

    def struck(self) -> int:
        """Count how often the faults struck."""
        faults = self.http.get(self.sandbox.url.replace("/v1", "/admin/faults")).json()
        return sum(fault["fired"] for fault in faults)

    def requests(self, *methods: str) -> Sequence[Document]:
        """Give the requests since the faults were put, of some methods."""
        log = cast("list[Document]", self.sandbox.requests()[self.seen :])
        return [one for one in log if not methods or one["method"] in methods]

    def writes(self) -> Sequence[Document]:
        """Give the write requests since the faults were put."""
        return self.requests("POST", "PATCH", "DELETE")


@contextmanager
def faulty_server(folder: Path) -> Iterator[FaultyServer]:
    """Run one while the block lasts; its log is in ``folder``."""
    pairs = (f"{FIRST}=first-key", f"{SECOND}=second-key")
    options = [word for pair in pairs for word in ("--organization", pair)]
    log = folder / "requests.jsonl"
    with (
        running_cluster(None) as url,
        running_sandbox("--database-url", url, "--admin", *options, log=log) as sandbox,
        psycopg.connect(url, autocommit=True) as database,
        httpx.Client(trust_env=False) as http,
    ):
        yield FaultyServer(sandbox, database, http)

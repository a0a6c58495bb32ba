"""A sandbox that can be told to misbehave, for the tests of one module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from tests.commandline import Document
from tests.organization import Organization
from tests.server import Server

WRITES = "method=POST|PATCH|DELETE"


@dataclass(slots=True)
class FaultyServer:
    """A running sandbox, its faults, and the log of its requests."""

    server: Server
    seen: int = 0

    def organization(self, number: int = 0) -> Organization:
        """Give an organization, emptied; there are no faults any more."""
        self.put()
        return self.server.organization(number)

    def put(self, *specs: str) -> None:
        """Replace all faults, and forget the requests so far."""
        sandbox = self.server.sandbox
        answer = self.server.http.put(sandbox.faults, json=specs, headers=sandbox.admin)
        assert answer.is_success, answer.text
        self.seen = len(sandbox.requests())

    def struck(self) -> int:
        """Count how often the faults struck."""
        sandbox = self.server.sandbox
        shown = self.server.http.get(sandbox.faults, headers=sandbox.admin).json()
        return sum(fault["fired"] for fault in shown)

    def requests(self, *methods: str) -> Sequence[Document]:
        """Give the requests since the faults were put, of some methods."""
        log = cast("list[Document]", self.server.sandbox.requests()[self.seen :])
        return [one for one in log if not methods or one["method"] in methods]

    def writes(self) -> Sequence[Document]:
        """Give the write requests since the faults were put."""
        return self.requests("POST", "PATCH", "DELETE")

"""A running sandbox for tests: the real program in a process of its own, on a spare port."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

ROOT = Path(__file__).parent.parent
PATIENCE = 180.0
"""Seconds: thousands of organizations leave 100,000 files behind, to be taken away at the end."""


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """Where it is: ``url`` ends in ``/v1``; ``organizations`` are pairs of an id and its key."""

    url: str
    organizations: tuple[tuple[str, str], ...]
    log: Path | None
    pid: int
    admin_token: str = ""

    @property
    def faults(self) -> str:
        """The address at which faults are switched."""
        return self.url.replace("/v1", "/admin/faults")

    @property
    def admin(self) -> dict[str, str]:
        """The headers that it asks for."""
        return {"Authorization": f"Bearer {self.admin_token}"}

    @property
    def organization(self) -> str:
        """The id of the first organization."""
        return self.organizations[0][0]

    @property
    def key(self) -> str:
        """The key of the first organization."""
        return self.organizations[0][1]

    def requests(self) -> list[dict[str, object]]:
        """Read the request log: method, path, query, status, rows, ms."""
        assert self.log is not None, "start it with log=…"
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]


@contextmanager
def running_sandbox(
    *options: str, log: Path | None = None, port: int = 0
) -> Iterator[RunningSandbox]:
    """Run ``python -m reconciler.sandbox`` with these options while the block lasts.

    ``options`` are as on the command line: ``"--organization", f"{id}={key}"``.
    """
    command = [sys.executable, "-m", "reconciler.sandbox", "--port", str(port), *options]
    if log is not None:
        command += ["--request-log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield _ready(process.stdout.readline(), log, process.pid)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _ready(line: bytes, log: Path | None, pid: int) -> RunningSandbox:
    if not line:
        raise RuntimeError("the sandbox did not start: see its words on stderr")
    ready = orjson.loads(line)
    organizations = tuple((one["id"], one["api_key"]) for one in ready["organizations"])
    return RunningSandbox(ready["url"], organizations, log, pid, ready.get("admin_token", ""))

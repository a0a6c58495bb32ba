"""Programs in processes of their own, measured: CPU seconds, peak memory, requests."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson

LAUNCHER = Path(__file__).with_name("launcher.py")
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a program took: seconds of CPU and of the clock, megabytes at most, requests."""

    cpu: float
    wall: float
    peak: float
    requests: int = 0

    def least(self, other: "Taken") -> "Taken":
        """Give the least time, as a machine that does other work only ever adds, and the most
        memory and requests.
        """
        return Taken(
            min(self.cpu, other.cpu),
            min(self.wall, other.wall),
            max(self.peak, other.peak),
            max(self.requests, other.requests),
        )


_AS_USERS = {"NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": ""}
"""An installed command has its bytecode; a shell that forbids it would measure the compiler."""


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts programs, in a folder, with the settings of an organization."""

    process: subprocess.Popen[bytes]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, words: Sequence[str], *codes: int) -> Taken:
        """Run a program that must end with one of these exit codes, or with 0."""
        output = self.folder / "output.txt"
        request = {
            "words": words,
            "environment": {**os.environ, **_AS_USERS, **self.environment},
            "cwd": str(self.folder),
            "output": str(output),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(orjson.dumps(request) + b"\n")
        self.process.stdin.flush()
        found = orjson.loads(self.process.stdout.readline())
        if found["code"] not in (0, *codes):
            said = output.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{' '.join(words)} ended with {found['code']}:\n{said}")
        return Taken(found["cpu"], found["wall"], found["peak"] / MEGABYTE)


@contextmanager
def launcher(folder: Path, environment: Mapping[str, str]) -> Iterator[Launcher]:
    """Run one while the block lasts."""
    words = [sys.executable, "-S", "-E", str(LAUNCHER)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        try:
            yield Launcher(process, folder, environment)
        finally:
            process.stdin.close()

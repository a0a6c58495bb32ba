"""Two trees of the code, each with a worker that runs its commands in a folder of its own."""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from reconciler import __version__
from tests.sandbox_server import ROOT

WORKER = Path(__file__).with_name("worker.py")
FOLDER = "villa"
PROGRESS = re.compile(r"^reading \w+: [\d,]+ rows?(, [\d,]+/s)?\n", re.MULTILINE)
"""Told where reading takes long: the one thing that depends on the time."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended: its exit code and all that it wrote, files included."""

    code: object
    out: str
    err: str
    files: Mapping[str, bytes]
    requests: Sequence[str]


@dataclass(slots=True)
class Tree:
    """The code of a commit, at work; ``home`` is the folder in which its commands run."""

    name: str
    root: Path
    home: Path
    process: subprocess.Popen[bytes]
    seconds: float = 0.0

    @property
    def folder(self) -> Path:
        """The configuration."""
        return self.home / FOLDER

    def send(self, words: Sequence[str], environment: Mapping[str, str]) -> None:
        """Begin a command."""
        assert self.process.stdin is not None
        request = {"words": words, "environment": environment}
        self.process.stdin.write(orjson.dumps(request) + b"\n")
        self.process.stdin.flush()

    def receive(self, written: Sequence[str]) -> Said:
        """Wait for its end; what it ``written`` is read, and taken away."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the worker of {self.name} ended: see its words above"
        found = orjson.loads(line)
        self.seconds += found["seconds"]
        files = {name: body for path in written for name, body in self._taken(path)}
        requests = _requests(files.pop("log.jsonl", b""))
        texts = [found[name].replace(str(self.root), "ROOT") for name in ("out", "err")]
        return Said(found["code"], texts[0], PROGRESS.sub("", texts[1]), files, requests)

    def _taken(self, name: str) -> Iterator[tuple[str, bytes]]:
        path = self.home / name
        inside = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for one in inside:
            yield str(one.relative_to(self.home)), one.read_bytes()
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _requests(log: bytes) -> Sequence[str]:
    """Give what was asked, without times; those in flight at once have no order."""
    lines = [orjson.loads(line) for line in log.splitlines()]
    return sorted(
        f"{line['method']} {line['path']} {' '.join(line['names'])} {line['status']}"
        for line in lines
        if line["event"] == "request"
    )


def unpack(reference: str, folder: Path) -> Path:
    """Write the files of a commit into a folder."""
    words = ["git", "archive", "--format=tar", reference]
    archive = subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    return folder


def take_version(root: Path) -> None:
    """Let a tree call itself what we are called: the version stands in plans and their digests."""
    path = root / "reconciler" / "__init__.py"
    line = f'__version__ = "{__version__}"'
    path.write_text(_VERSION.sub(line, path.read_text("utf-8")), "utf-8")


_VERSION = re.compile(r'^__version__ = ".*"$', re.MULTILINE)


@contextmanager
def at_work(name: str, root: Path, home: Path) -> Iterator[Tree]:
    """Run the commands of the tree at ``root`` while the block lasts."""
    (home / FOLDER).mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-P", str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(root), "NO_COLOR": "1", "COLUMNS": "100"},
    ) as process:
        try:
            yield Tree(name, root, home, process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)

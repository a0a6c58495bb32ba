"""The command ``reconciler`` as people run it, and a folder of YAML to run it on."""

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from unittest import mock

import orjson

from reconciler.cli import main
from reconciler.support.bug import UNEXPECTED
from reconciler.values.column import JSON
from tests.sandbox_server import ROOT

Document = dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Everything that was written."""
        return self.out + self.err


def run(*arguments: str | Path, environment: Mapping[str, str]) -> Finished:
    """Run the command in this process, through the function that makes errors exit codes."""
    out, err = io.StringIO(), io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["reconciler", *map(str, arguments)]),
        mock.patch.object(sys, "stdin", io.StringIO()),
        mock.patch.dict(os.environ, environment),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _exit_code()
    assert code != UNEXPECTED, err.getvalue()  # no test of this process wants one
    return Finished(code, out.getvalue(), err.getvalue())


def run_alone(*arguments: str | Path, environment: Mapping[str, str]) -> Finished:
    """Run the command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "reconciler", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def run_without(library: str, *words: str) -> Finished:
    """Run the command in a process of its own where a library is not installed."""
    without = f"import sys; sys.modules[{library!r}] = None; sys.argv[1:] = {[*words]!r}"
    done = subprocess.run(
        [sys.executable, "-c", f"{without}; from reconciler.cli import main; main()"],
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def failed_inside(words: str) -> bool:
    """Tell whether a command met an error that it does not know, by what it said."""
    return "Traceback" in words or "failed unexpectedly" in words


def _exit_code() -> int:
    try:
        main()
    except SystemExit as error:
        return cast("int", error.code)
    raise AssertionError("main always exits")


@dataclass(slots=True)
class Workspace:
    """A folder of configuration, and the settings of the commands that are run on it."""

    folder: Path
    environment: dict[str, str]
    stack: str = "villa-7f3a"
    options: tuple[str, ...] = field(default=())

    def write(self, text: str, file: str = "bookingmood.yaml") -> Path:
        """Write a file; the ``reconciler:`` block is put in front where there is none."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        block = f"reconciler: {{stack: {self.stack}}}\n"
        whole = text if "reconciler:" in text or path.name != "bookingmood.yaml" else block + text
        path.write_text(whole, encoding="utf-8")
        return path

    def run(self, command: str, *options: str | Path, path: Path | None = None) -> Finished:
        """Run a command on the folder, or on ``path``."""
        return run(command, path or self.folder, *options, environment=self.environment)

    def start(self, command: str, *options: str) -> subprocess.Popen[str]:
        """Start a command on the folder in a process of its own; what it says can be read."""
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", command, str(self.folder), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self.environment},
        )

    def plan(self, *options: str | Path, path: Path | None = None) -> Document:
        """Plan, as the documented JSON."""
        done = self.run("plan", "--format", "json", *options, path=path)
        assert done.code == 0, done.all
        return cast("Document", orjson.loads(done.out))

    def actions(self, *options: str | Path, path: Path | None = None) -> list[str]:
        """Plan, in one line per change: ``create contacts.jane``."""
        return list(lines_of(self.plan(*options, path=path)))

    def apply(self, *options: str | Path, path: Path | None = None, code: int = 0) -> Finished:
        """Apply without asking, and check the exit code."""
        done = self.run("apply", "--auto-approve", *options, path=path)
        assert done.code == code, done.all
        return done

    def refusal(self, command: str = "plan", *options: str | Path) -> str:
        """Run a command that must end with exit code 1; answers its words on stderr."""
        done = self.run(command, *options)
        assert done.code == 1, done.all
        assert not failed_inside(done.all)
        return done.err


def lines_of(plan: Document) -> Iterator[str]:
    """Write the changes of a plan: ``update contacts.jane``, by kind and id without a name."""
    for change in cast("list[Document]", plan["changes"]):
        name = change["address"] or f"{change['kind']}[{change['id']}]"
        yield f"{change['action']} {name}"

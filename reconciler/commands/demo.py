"""``reconciler demo``: the main job on a sandbox, typed as a user would type it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import click

from ..diagnostics import ReconcilerError
from ..render.out import say, show
from .local_sandbox import check_installed, running_sandbox

FOLDER = "villa"
CHANGES_PENDING = 2
_HEAD, _TAIL = 16, 8
_SELF = (sys.executable, "-m", "reconciler")


@click.command("demo")
def command() -> None:
    """Show the main job on a sandbox, start to end: nothing outside this machine is touched.

    Plans and applies an example, finds that nothing is left to do, repairs what somebody changed
    by hand, and deletes what was taken out of the YAML.

    \b
    Example:
      reconciler demo
    """
    check_installed("the demo")
    key = str(uuid4())
    with _ended_like_an_interrupt(), tempfile.TemporaryDirectory(prefix="reconciler-demo-") as name:
        folder = Path(name)
        shutil.copytree(example_folder() / FOLDER, folder / FOLDER)
        say("A sandbox starts: the whole API, on this machine, with an organization of its own.")
        with running_sandbox(str(uuid4()), key) as url:
            _tell(Shell(folder, url, key))
    show("\nThat is all. The sandbox and the folder are gone again.\n")


@dataclass(frozen=True, slots=True)
class Shell:
    """Where the commands are typed: a folder, and the organization that they are about."""

    folder: Path
    url: str
    key: str

    def run(self, *words: str, code: int = 0, head: int = _HEAD) -> None:
        """Run a command and show what it says; raises ReconcilerError where it ends otherwise.

        Of a long output the first ``head`` lines are shown, and a few of the last.
        """
        _styled(f"$ reconciler {' '.join(words)}", bold=True)
        environment = {
            **os.environ,
            "BOOKINGMOOD_API_URL": self.url,
            "BOOKINGMOOD_API_KEY": self.key,
            "PYTHONUTF8": "1",
        }
        ended = subprocess.run(  # noqa: S603 (our own program)
            [*_SELF, *words],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if ended.returncode != code:
            show(ended.stdout)
            raise ReconcilerError(
                f"`reconciler {' '.join(words)}` ended with {ended.returncode}, not with {code}",
                hint="that is a fault of the demo or of the reconciler: please report it",
            )
        show("".join(f"{line}\n" for line in shortened(ended.stdout.splitlines(), head)))
        if code:
            say(f"(exit code {code})")

    def change_behind_its_back(self, path: str, values: Mapping[str, object]) -> None:
        """Change rows as another program would: a PATCH past the reconciler."""
        request = urllib.request.Request(  # noqa: S310 (the sandbox's own address)
            self.url + urllib.parse.quote(path, safe="/?="),
            method="PATCH",
            data=json.dumps(values).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        past_proxies = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with past_proxies.open(request, timeout=30):
            say("", f"  PATCH {path} {json.dumps(values)}")


def _tell(shell: Shell) -> None:
    """Tell the whole story; every step ends as it says, or the demo does."""
    plan = ("plan", FOLDER, "--detailed-exitcode")
    apply = ("apply", FOLDER, "--auto-approve")

    _headline("1. Check the YAML: no key, no network.")
    shell.run("validate", FOLDER)
    _headline("2. What is to be done? This only looks, and writes nothing.")
    shell.run(*plan, code=CHANGES_PENDING)
    _headline("3. Do it. New houses change the subscription, so that has to be allowed by name.")
    shell.run(*apply, "--allow", "billing-create", head=1)
    _headline("4. Again: nothing is left to do.")
    shell.run(*plan)

    _headline("5. Somebody changes a tax by hand, past the YAML.")
    shell.change_behind_its_back("/taxes?label->>default=eq.Tourist tax", {"percentage": 6.5})
    _headline("6. The next plan finds it, and apply repairs it.")
    shell.run(*plan, code=CHANGES_PENDING)
    shell.run(*apply)
    shell.run(*plan)

    _headline("7. A discount ends: its block is taken out of the YAML, so its row is to go.")
    file = shell.folder / FOLDER / "prices.yaml"
    file.write_text(without_block(file.read_text("utf-8"), "welcome-back"), "utf-8")
    shell.run(*plan, code=CHANGES_PENDING)
    shell.run(*apply)
    shell.run(*plan)


def example_folder() -> Path:
    """Find the examples: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "examples"
    return inside if inside.is_dir() else package.parent / "examples"


def without_block(text: str, key: str) -> str:
    """Take one resource out of YAML: its key, and what is indented below it."""
    lines = text.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.strip() == f"{key}:")
    below = " " * (len(lines[start]) - len(lines[start].lstrip()) + 1)
    after = (
        number
        for number, line in enumerate(lines)
        if number > start and line.strip() and not line.startswith(below)
    )
    return "".join([*lines[:start], *lines[next(after, len(lines)) :]])


def shortened(lines: Sequence[str], head: int = _HEAD) -> list[str]:
    """Leave out the middle of what is too long to read, saying so."""
    left_out = len(lines) - head - _TAIL
    if left_out <= 1:
        return list(lines)
    return [*lines[:head], "", f"      … {left_out} more lines …", "", *lines[-_TAIL:]]


def _headline(text: str) -> None:
    _styled(text, fg="cyan", bold=True)


def _styled(text: str, *, bold: bool, fg: str | None = None) -> None:
    show(f"\n{click.style(text, fg=fg, bold=bold)}\n")


@contextlib.contextmanager
def _ended_like_an_interrupt() -> Iterator[None]:
    """Let SIGTERM clean up as Ctrl-C does."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

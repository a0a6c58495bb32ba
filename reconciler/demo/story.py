"""The main job from start to end: every step ends as it says, or the demo does."""

import contextlib
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from ..local_sandbox import running_sandbox
from ..render.out import say, show
from .examples import example_folder, without_block
from .shell import Shell, styled

FOLDER = "villa"
CHANGES_PENDING = 2


def play() -> None:
    """Start a sandbox, tell the whole story on it, and leave nothing behind."""
    key = str(uuid4())
    with _ended_like_an_interrupt(), tempfile.TemporaryDirectory(prefix="reconciler-demo-") as name:
        folder = Path(name)
        shutil.copytree(example_folder() / FOLDER, folder / FOLDER)
        say("A sandbox starts: the whole API, on this machine, with an organization of its own.")
        with running_sandbox(str(uuid4()), key) as url:
            _tell(Shell(folder, url, key))
    show("\nThat is all. The sandbox and the folder are gone again.\n")


def _tell(shell: Shell) -> None:
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


def _headline(text: str) -> None:
    styled(text, fg="cyan", bold=True)


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

"""The code of today, and an old commit with libraries of its own, as commands to be started."""

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.same_plans.trees import unpack
from tests.sandbox_server import ROOT

OLD = "ed4876b"
"""The commit that the goals are compared with: reconciler 0.1.0 before the work on its speed."""

CONSENTS = "deletes,updates,referenced"


@dataclass(frozen=True, slots=True)
class Version:
    """A tree of the code, and the Python that runs it; each speaks the words that it knows."""

    name: str
    root: Path
    python: str

    def command(self, *words: str) -> Sequence[str]:
        """Give the words that start the tool."""
        return [str(Path(self.python).with_name("reconciler")), *words]

    def apply(self, folder: str) -> Sequence[str]:
        """Give the words that apply a folder without asking."""
        return self.command("apply", folder, "--auto-approve", "--allow", CONSENTS)


def here() -> Version:
    """Give the code of today."""
    return Version("here", ROOT, sys.executable)


def old() -> Version:
    """Give the old commit; it is built once, below .venv, unless BENCH_OLD says where it is."""
    given = os.environ.get("BENCH_OLD")
    root = Path(given) if given else ROOT / ".venv" / OLD
    python = root / ".venv" / "bin" / "python"
    if not given and not (root / ".built").exists():
        sys.stdout.write(f"building {OLD} in {root}\n")
        _build(root, python)
    return Version("old", root, str(python))


def _build(root: Path, python: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    unpack(OLD, root)
    venv.create(root / ".venv", with_pip=True)
    words = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*words, "--editable", str(root)], check=True)
    (root / ".built").touch()

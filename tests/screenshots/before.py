"""The pages as an earlier commit wrote them; nothing where the history does not hold it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.sandbox_server import ROOT
from tests.screenshots.villa import Command

COMMIT = "93f14e2"
BEFORE = {("plan", "light"), ("plan", "narrow"), ("plan", "print"), ("fleet", "light"),
          ("graph", "light")}  # fmt: skip
_FLEET = (
    "from reconciler.render.fleet.page import fleet_html\n"
    "from tests.fleet_cases import DIGEST, fleet\n"
    "found = fleet(note='this key may read only')\n"
    "print(fleet_html(found, found.plan_of, digest=DIGEST))\n"
)


def pages_before(folder: Path, command: Command) -> Mapping[str, str]:
    """Write the pages by the code of that commit."""
    code = folder / "before"
    code.mkdir()
    archive = subprocess.run(
        ["git", "archive", COMMIT, "reconciler", "schemas", "tests"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if archive.returncode:
        print(f"no pictures of before: {COMMIT} is not in the history of this clone")
        return {}
    subprocess.run(["tar", "-x"], cwd=code, input=archive.stdout, check=True)

    def run(*words: str) -> str:
        return subprocess.run(
            [sys.executable, *words], cwd=code, check=True, capture_output=True, text=True,
            env={**os.environ, **command.environment, "PYTHONPATH": str(code)},
        ).stdout  # fmt: skip

    reconciler = ("-m", "reconciler")
    return {
        "plan": run(*reconciler, "show", str(folder / "plan.json"), "--format", "html"),
        "fleet": run("-c", _FLEET),
        "graph": run(*reconciler, "graph", str(folder / "villa"), "--format", "html"),
    }

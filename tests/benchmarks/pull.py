"""What a pull costs: 100 rows of 10,000 changed live, beside a plan of the same.

``python -m tests.benchmarks.pull [RESOURCES]`` prints the seconds of the processor of both, each in
a process of its own; the least of some runs counts. The files are those that were applied, in git.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

import httpx

from tests.benchmarks.figures import Figure
from tests.benchmarks.speed import data
from tests.ci.machine import GIT, git
from tests.sandbox_server import ROOT, RunningSandbox, running_sandbox

CHANGED = 100
RUNS = 5
ORGANIZATION = "aaaaaaaa-0000-4000-8000-000000000001"


def main(resources: int = 10_000) -> list[Figure]:
    """Measure both in turn."""
    with (
        TemporaryDirectory() as name,
        running_sandbox("--organization", f"{ORGANIZATION}=k") as one,
    ):
        folder = data.write(Path(name) / "villa", resources)
        environment = {
            **os.environ,
            **GIT,
            "BOOKINGMOOD_API_URL": one.url,
            "BOOKINGMOOD_API_KEY": "k",
        }
        _run("apply", folder, environment, "--auto-approve")
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "x")
        git(folder, "tag", f"applied/{ORGANIZATION}")
        _change(one)
        copies = [shutil.copytree(folder, Path(name) / str(number)) for number in range(RUNS)]
        planning = min(_run("plan", copy, environment) for copy in copies)
        pulling = min(_run("pull", copy, environment) for copy in copies)
        left = subprocess.run(
            [sys.executable, "-m", "reconciler", "plan", copies[0], "--detailed-exitcode"],
            cwd=ROOT, env=environment, capture_output=True, check=False,
        )  # fmt: skip
        assert left.returncode == 0, left.stdout
    found = f"{pulling:.2f} s of the processor, {pulling / planning:.2f} of a plan of the same"
    what = f"pull {CHANGED} changed rows into {resources:,} resources"
    sys.stdout.write(f"{what}: {found}\n")
    return [Figure(what, found)]


def _change(sandbox: RunningSandbox) -> None:
    """Change rows as somebody in the app would."""
    headers = {"Authorization": "Bearer k"}
    with httpx.Client(base_url=sandbox.url, headers=headers, trust_env=False) as client:
        rows = client.get(f"/contacts?select=id&order=email&limit={CHANGED}").json()
        for number, row in enumerate(rows):
            target = f"/contacts?id=eq.{row['id']}"
            assert client.patch(target, json={"notes": f"called {number}"}).is_success


def _run(command: str, folder: Path, environment: Mapping[str, str], *options: str) -> float:
    """Run a command; answers the seconds of the processor that it took."""
    before = _spent()
    words = [sys.executable, "-m", "reconciler", command, str(folder), *options]
    subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, check=True)
    return _spent() - before


def _spent() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))

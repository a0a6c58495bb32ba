"""The README is true: its tour is played against the sandbox, and every output compared."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli import COMMANDS
from reconciler.plan.consents import MEANINGS

from .sandbox_server import ROOT, running_sandbox

README = ROOT / "README.md"
ORGANIZATION = "5b1f4c5e-8a53-4d0c-9d7e-2f6f0c1a7e11"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def test_tour(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "links", tmp_path / "links")
    text = README.read_text("utf-8")
    before, tour, after = _cut(text)
    with running_sandbox("--organization", f"{ORGANIZATION}=my-key") as sandbox:
        played = BLOCK.sub(
            lambda block: "```console\n" + _play(block[1], tmp_path, sandbox.url) + "```\n", tour
        )
    if os.environ.get("UPDATE_CASES"):
        README.write_text(before + played + after, "utf-8")
    assert played == tour


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_is_listed(name: str) -> None:
    assert f"| `{name}" in README.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(MEANINGS))
def test_consent_is_listed(name: str) -> None:
    assert f"`{name}`" in README.read_text("utf-8")


def _cut(text: str) -> tuple[str, str, str]:
    start = text.index("<!-- tour -->")
    end = text.index("<!-- end of tour -->")
    return text[:start], text[start:end], text[end:]


def _play(block: str, folder: Path, url: str) -> str:
    return "".join(_lines(block, folder, url))


def _lines(block: str, folder: Path, url: str) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            yield line + "\n"
            yield _run(line.removeprefix("$ "), folder, url)


def _run(command: str, folder: Path, url: str) -> str:
    program = f"{sys.executable} -m reconciler"
    environment = {
        **os.environ,
        "BOOKINGMOOD_API_URL": url,
        "BOOKINGMOOD_API_KEY": "my-key",
        "NO_COLOR": "1",
        "COLUMNS": "80",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    environment.pop("CI", None)
    done = subprocess.run(
        command.replace("reconciler ", f"{program} ", 1),
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in {0, 2}, done.stderr
    return DIGEST.sub("sha256:…", done.stdout)

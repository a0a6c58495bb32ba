"""The findings are listed, their places in the code are there, and they read as shell scripts."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox_server import ROOT

FOLDER = ROOT / "findings"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
ROWS = re.findall(
    r"^\| \[([^]]+)]\((\S+)\) \| .+ \| `(\S+)` \|$", (FOLDER / "README.md").read_text(), re.M
)


def test_each_finding_is_listed_once_and_in_order() -> None:
    assert [(name, target) for name, target, _ in ROWS] == [
        (script.stem, script.name) for script in SCRIPTS
    ]


@pytest.mark.parametrize("place", sorted({place for _, _, place in ROWS}))
def test_what_relies_on_a_finding_is_there(place: str) -> None:
    assert (ROOT / place).is_file()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_finding_stops_at_an_error_and_cleans_up(script: Path) -> None:
    text = script.read_text()
    assert os.access(script, os.X_OK)
    assert text.startswith("#!/bin/sh\n# ")
    assert "\nset -eu\n" in text
    assert "\ntrap " in text or "/lib/postgresql.sh" in text


def test_shellcheck_has_nothing_to_say() -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    if not shellcheck.exists():
        pytest.skip("no shellcheck here: pip install -e '.[dev]'")
    files = [*SCRIPTS, *FOLDER.glob("lib/*.sh")]
    words: list[str | Path] = [shellcheck, "--external-sources", *files]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""

"""The README is true: its tour is played in one shell, and every output compared."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from .sandbox_server import ROOT

README = ROOT / "README.md"
TOUR = re.compile(r"(?<=<!-- tour -->\n).*(?=<!-- end of tour -->)", re.DOTALL)
BLOCK = re.compile(r"(?<=```console\n).*?(?=```\n)", re.DOTALL)
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
PORT = "8787"
LONGEST = 200
END = "-- end of command --"


def test_readme_is_short() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= LONGEST


def test_tour(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    tour = TOUR.findall(text)[0]
    commands = re.findall(r"^\$ (.*)\n", "".join(BLOCK.findall(tour)), re.MULTILINE)
    answers = iter(zip(commands, _play(commands, _clone(tmp_path)), strict=True))

    def again(block: re.Match[str]) -> str:
        asked = [line for line in block[0].splitlines() if line.startswith("$ ")]
        return "".join("$ {}\n{}".format(*next(answers)) for _ in asked)

    played = BLOCK.sub(again, tour)
    if os.environ.get("UPDATE_CASES"):
        README.write_text(text.replace(tour, played), "utf-8")
    assert played == tour


def _clone(folder: Path) -> Path:
    """Stand where a reader stands after the step before: in a clone, with the tool installed."""
    clone = folder / "reconciler"
    shutil.copytree(ROOT / "examples" / "links", clone / "examples" / "links")
    program = folder / "bin" / "reconciler"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reconciler "$@"\n')
    program.chmod(0o755)
    return clone


def _play(commands: list[str], clone: Path) -> list[str]:
    with socket.create_server(("127.0.0.1", 0)) as spare:
        port = str(spare.getsockname()[1])
    script = "trap 'kill $(jobs -p) || true; wait' EXIT\n" + "".join(
        f"{_runnable(command, port)}\necho '{END}'\n" for command in commands
    )
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=clone, env=_environment(clone), capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    said = DIGEST.sub("sha256:…", done.stdout).replace(f":{port}/", f":{PORT}/")
    return said.split(f"{END}\n")[:-1]


def _runnable(command: str, port: str) -> str:
    """Take a spare port, and wait for what runs in the background as a person would."""
    if not command.endswith(" &"):
        return command.replace(f":{PORT}/", f":{port}/")
    begun = f"{command.removesuffix(' &')} --port {port} > ../begun 2> ../begun.err &"
    return f"{begun}\nwhile [ ! -s ../begun ]; do kill -0 $!; sleep 0.1; done; cat ../begun"


def _environment(clone: Path) -> dict[str, str]:
    path = f"{clone.with_name('bin')}{os.pathsep}{os.environ['PATH']}"
    ours = {
        "PATH": path,
        "NO_COLOR": "1",
        "COLUMNS": "80",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith("BOOKINGMOOD")}
    return {name: text for name, text in (kept | ours).items() if name != "CI"}

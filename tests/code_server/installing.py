"""code-server from npm, and the package of our extension, in a folder that nothing else uses."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.field.installing import node_with
from tests.sandbox_server import ROOT

CODE_SERVER = "code-server@4.100.3"
NODE = "v20."
"""What this code-server needs: its own parts in C++ fit no other."""


def code_server_in(folder: Path) -> Path:
    """Install code-server where it is not there yet; gives the script that node runs."""
    version = done(["node", "--version"], folder)
    assert version.startswith(NODE), f"{CODE_SERVER} needs Node.js 20, not {version.strip()}"
    home = folder / "node" / "node_modules" / "code-server"
    code = home / "lib" / "vscode"
    if not (folder / "complete").exists():
        node_with(folder, CODE_SERVER)
        # Its own script after the install builds everything, Kerberos and a terminal, too. These
        # two are enough: the first is loaded at the start, without the second there are no logs.
        _build(folder / "node", "argon2")
        done(["npm", "install", "--omit=dev", "--ignore-scripts", "--loglevel=error"], code)
        _build(code, "@vscode/spdlog")
        (code / "node_modules.asar").symlink_to("node_modules")
        (folder / "complete").touch()
    return home / "out" / "node" / "entry.js"


def extension_in(folder: Path) -> Path:
    """Build the extension in a copy of its folder; gives the package that people install."""
    copy = folder / "extension"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(
        ROOT / "editors" / "vscode", copy, ignore=shutil.ignore_patterns("node_modules", "dist")
    )
    done(["npm", "ci", "--loglevel=error"], copy)
    done(["npm", "run", "package"], copy)
    return copy / "dist" / "reconciler.vsix"


def done(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a command that must end well; gives what it wrote."""
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert run.returncode == 0, f"{command[:4]}: {run.stdout[-900:]} {run.stderr[-900:]}"
    return run.stdout


def _build(folder: Path, package: str) -> None:
    done(["npm", "rebuild", "--loglevel=error", package], folder)

"""A running code-server of one story: its settings, its processes, and its logs."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import orjson

from reconciler.values.column import JSON
from tests.code_server.installing import done

OURS = "bookingmood-reconciler"
PATIENCE = 240.0
"""Seconds: an editor on a busy machine takes long to start."""
QUIET: Mapping[str, JSON] = {
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "workbench.enableExperiments": False,
    "workbench.startupEditor": "none",
    "remote.autoForwardPorts": False,
    "git.enabled": False,
    "files.autoSave": "afterDelay",
    "files.autoSaveDelay": 100,
    "security.workspace.trust.startupPrompt": "never",
}
"""What every story has among its user settings: no calls, no questions, and edits are saved."""


@dataclass(frozen=True, slots=True)
class CodeServer:
    """One that listens on this machine."""

    port: int
    pid: int
    data: Path

    def servers(self) -> list[str]:
        """Give the command lines of the language servers that run below it."""
        return sorted(one for one in _below(self.pid).values() if " lsp" in one)

    def errors(self) -> list[str]:
        """Give the lines of its logs that tell an error of our extension."""
        logs = [file for file in self.data.glob("logs/**/*.log") if "exthost" in str(file)]
        assert logs, f"no log of an extension host in {self.data / 'logs'}"
        lines = [(file, one) for file in logs for one in file.read_text().splitlines()]
        return [
            one
            for file, one in lines
            if "[error]" in one.lower() and (OURS in str(file.parent) or OURS in one)
        ]

    def activated(self) -> bool:
        """Whether its extension host says that it has started our extension."""
        logs = self.data.glob("logs/*/exthost*/remoteexthost.log")
        return any(f"_doActivateExtension {OURS}" in file.read_text() for file in logs)


@contextmanager
def code_server(
    script: Path, package: Path, data: Path, settings: Mapping[str, JSON]
) -> Iterator[CodeServer]:
    """Install the extension, and serve with these user settings; every process ends with it."""
    configure(data, settings)
    command = ["node", str(script), "--config", str(data / "config.yaml")]
    command += ["--user-data-dir", str(data), "--extensions-dir", str(data / "extensions")]
    (data / "config.yaml").write_text("auth: none\n")
    said = done([*command, "--install-extension", str(package)], data, _environment(data))
    assert "successfully installed" in said, said
    port = _free_port()
    options = ("--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry")
    with (data / "output").open("wb") as output:
        process = subprocess.Popen(
            [*command, *options, "--disable-update-check"],
            env=_environment(data), stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_for(port)
        yield CodeServer(port, process.pid, data)
    finally:
        _end(process)


def configure(data: Path, settings: Mapping[str, JSON]) -> None:
    """Write the user's settings: those of our extension belong to the machine that it runs on.

    To a browser, a code-server is another machine. What its user settings say with the scope
    ``machine`` counts as long as the extension is not read yet, and no longer afterwards.
    """
    own = {name: one for name, one in settings.items() if name.startswith("reconciler.")}
    others = {name: one for name, one in settings.items() if name not in own}
    for folder, written in {"Machine": own, "User": {**QUIET, **others}}.items():
        (data / folder).mkdir(parents=True, exist_ok=True)
        (data / folder / "settings.json").write_bytes(orjson.dumps(written))


def _environment(data: Path) -> dict[str, str]:
    """Nothing of ours: neither a key nor an address may come from there."""
    gallery = '{"serviceUrl": "", "itemUrl": "", "resourceUrlTemplate": ""}'
    home = str(data / "home")
    return {"PATH": os.environ["PATH"], "HOME": home, "EXTENSIONS_GALLERY": gallery}


def _below(pid: int) -> dict[int, str]:
    """Give the processes that a process started, and those that they started."""
    table = done(["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], Path("/"))
    rows = [line.split(None, 2) for line in table.splitlines()]
    found = {pid: ""}
    size = 0
    while size != len(found):
        size = len(found)
        found |= {int(one[0]): one[2] for one in rows if len(one) > 2 and int(one[1]) in found}
    return {number: line for number, line in found.items() if number != pid}


def _end(process: subprocess.Popen[bytes]) -> None:
    children = _below(process.pid)
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, line in children.items():
        if _still(pid, line):
            os.kill(pid, signal.SIGKILL)


def _still(pid: int, line: str) -> bool:
    """Whether this id is still the process that it was."""
    run = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return run.stdout.strip() == line.strip()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):
                return
        except OSError:
            assert time.monotonic() < end, "code-server does not answer"
            time.sleep(0.2)

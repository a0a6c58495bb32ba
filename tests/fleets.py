"""A fleet of six organizations on a sandbox: its folder, its keys, and the commands on it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import orjson

from tests.commandline import Document, Finished, run
from tests.organization import Organization
from tests.sandbox_server import ROOT
from tests.server import Server, running_server

NAMES = ("amalfi", "bergen", "cork", "delft", "evora", "fes")
OTHERS = NAMES[1:]
"""All but the canary."""
PAIRS = tuple(f"0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6{n}=secret-key-{n}" for n in range(6))
BASE = """\
reconciler: {stack: agency-1a2b}
contacts:
  jane: {first_name: Jane, last_name: "${LAST:-Doe}", notes: n1}
  ola: {first_name: Ola, notes: n1}
"""
CHANGED = BASE.replace("n1}", "n2}").replace("Ola,", "Ola, last_name: N,")
ONE = ("--jobs", "1")
"""In one process: it costs half as much to begin one."""


@dataclass(frozen=True, slots=True)
class FleetFolder:
    """A folder with a fleet, and the environment that has its keys."""

    path: Path
    server: Server
    environment: Mapping[str, str]

    @property
    def base(self) -> Path:
        """The folder that all organizations share."""
        return self.path / "base"

    def organization(self, name: str) -> Organization:
        """Give one of the organizations, as it is."""
        row_id, key = self.server.sandbox.organizations[NAMES.index(name)]
        return Organization(
            row_id, key, self.server.sandbox.url, self.server.http, self.server.database
        )

    def notes(self) -> dict[str, str]:
        """Read the notes of all contacts of each organization: what was written to it."""
        return {
            name: ",".join(
                sorted(str(row["notes"]) for row in self.organization(name).rows("contacts"))
            )
            for name in NAMES
        }

    def write(self, text: str) -> None:
        """Write the base anew."""
        (self.base / "bookingmood.yaml").write_text(text)

    def run(self, command: str, *options: str | Path, **environment: str) -> Finished:
        """Run a command of the fleet; variables may be set besides."""
        words = (command, self.path, *options)
        return run("fleet", *words, environment={**self.environment, **environment})

    def start(self, command: str, *options: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "reconciler", "fleet", command, str(self.path), *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self.environment},
        )

    def report(self, command: str, *options: str | Path, **environment: str) -> Document:
        """Run a command, and read its report."""
        done = self.run(command, *options, "--format", "json", **environment)
        return cast("Document", orjson.loads(done.out))

    def states(self, command: str, *options: str | Path, **environment: str) -> dict[str, str]:
        """Run a command, and say how each organization ended."""
        report = self.report(command, *options, **environment)
        ends = cast("list[dict[str, str]]", report["organizations"])
        return {one["name"]: one["state"] for one in ends}


@contextmanager
def fleet_server(folder: Path) -> Iterator[Server]:
    """Run a sandbox with the organizations of a fleet."""
    with running_server(folder, PAIRS) as running:
        yield running


def fleet_folder(server: Server, path: Path, waves: str = "[canary, {rest: 40 %}]") -> FleetFolder:
    """Make a folder for the fleet; its organizations are empty, and amalfi is the canary."""
    (path / "base").mkdir(parents=True)
    (path / "orgs").mkdir()
    (path / "orgs" / "bergen.yaml").write_text("contacts:\n  ola: {notes: bergen}\n")
    (path / "cork.env").write_text("LAST=Cork\n")
    more = {"amalfi": ", wave: canary", "bergen": ", overlays: [orgs/bergen.yaml]"}
    more["cork"] = ", var_file: cork.env, tags: [sea]"
    lines = [
        f"    {name}: {{organization: {server.organization(number).id}{more.get(name, '')}}}\n"
        for number, name in enumerate(NAMES)
    ]
    text = f"fleet:\n  base: base/\n  organizations:\n{''.join(lines)}  waves: {waves}\n"
    (path / "fleet.yaml").write_text(text)
    secrets = (pair.partition("=")[2] for pair in PAIRS)
    keys = {f"BM_KEY_{name.upper()}": key for name, key in zip(NAMES, secrets, strict=True)}
    settings = {"BOOKINGMOOD_API_URL": server.sandbox.url, "NO_COLOR": "1", **keys}
    folder = FleetFolder(path, server, settings)
    folder.write(BASE)
    return folder


def all_of(state: str, **others: str) -> dict[str, str]:
    """Say the same of all organizations, but for some."""
    return {**dict.fromkeys(NAMES, state), **others}


def ends(report: Document) -> list[Document]:
    """Give how each organization ended, as a report says it."""
    return cast("list[Document]", report["organizations"])

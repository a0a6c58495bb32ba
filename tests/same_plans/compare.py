"""Runs the same command in both trees, and keeps what was not alike."""

import difflib
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from tests.organization import Organization
from tests.same_plans.trees import Said, Tree
from tests.server import environment_for

LOG = "log.jsonl"
SHOWN = 40
"""So many lines of a difference are shown."""


@dataclass(slots=True)
class Pair:
    """The base and the current code, and what was found so far."""

    base: Tree
    here: Tree
    organization: Organization
    documents: bool = False
    """Compare exit codes and written files alone."""
    alike: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    different: Counter[str] = field(default_factory=Counter)
    first: dict[str, list[str]] = field(default_factory=dict)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Give both trees a configuration of these files, in place of the one before."""
        for tree in (self.base, self.here):
            shutil.rmtree(tree.folder, ignore_errors=True)
            for name, text in files.items():
                path = tree.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def rewrite(self, name: str, text: str) -> None:
        """Write one file anew in both; bindings stay."""
        for tree in (self.base, self.here):
            (tree.folder / name).write_text(text, "utf-8", newline="")

    def copy(self, folder: Path) -> None:
        """Give both trees a copy of a configuration."""
        for tree in (self.base, self.here):
            shutil.rmtree(tree.folder, ignore_errors=True)
            shutil.copytree(folder, tree.folder)

    def run(self, sort: str, *words: str, live: bool = True, written: tuple[str, ...] = ()) -> Said:
        """Run a command in both at once, and compare; answers what the current code said."""
        if live:
            words, written = (*words, "--log-file", LOG), (*written, LOG)
        environment = environment_for(self.organization)
        for tree in (self.base, self.here):
            tree.send(words, environment)
        was, now = (tree.receive(written) for tree in (self.base, self.here))
        if self.documents:
            was, now = (replace(said, out="", err="", requests=()) for said in (was, now))
        self.codes[f"{sort}: exit {now.code}"] += 1
        if was == now:
            self.alike[sort] += 1
        else:
            self.different[sort] += 1
            self._keep(sort, words, was, now)
        return now

    def only_here(self, *words: str) -> None:
        """Run a command with the current code, and give the base the folder that it left."""
        self.here.send(words, environment_for(self.organization))
        done = self.here.receive(())
        assert done.code in (0, 1), done.out + done.err
        shutil.rmtree(self.base.folder, ignore_errors=True)
        shutil.copytree(self.here.folder, self.base.folder)

    def _keep(self, sort: str, words: tuple[str, ...], was: Said, now: Said) -> None:
        if sort not in self.first:
            self.first[sort] = [f"reconciler {' '.join(words)}", *differences(was, now)]


def differences(was: Said, now: Said) -> Iterator[str]:
    """Show what differs: the part, then its lines."""
    for name in (one.name for one in fields(Said)):
        old, new = getattr(was, name), getattr(now, name)
        if old != new:
            lines = difflib.unified_diff(_lines(old), _lines(new), "base", "here", lineterm="", n=1)
            yield f"-- {name}"
            yield from [*lines][:SHOWN]


def _lines(value: object) -> list[str]:
    if isinstance(value, Mapping):
        bodies = ((name, body.decode("utf-8", "replace")) for name, body in value.items())
        return [f"{name}: {line}" for name, body in bodies for line in body.splitlines()]
    if isinstance(value, list):
        return [*map(str, value)]
    return str(value).splitlines()

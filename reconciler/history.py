"""What rows were called: their names in the YAML of the last commits, for people only.

A block that was taken out takes the row's name with it. Keys are public and in git, so the files
of HEAD, its first parent and the tag ``applied`` may still say it. Names decide nothing, and
whatever goes wrong here goes without a word.
"""

import os
import subprocess
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from shutil import which
from typing import NamedTuple

from .bindings import bindings_in, bindings_path
from .catalogue import Kind
from .configuration.expand import expand
from .configuration.load import Loaded, ProblemReport, Source, Variables
from .configuration.load.files import BINDINGS, YAML_SUFFIXES
from .configuration.load.parse import parse
from .configuration.validate.declared import declare
from .configuration.validate.suggest import Suggester
from .diagnostics import ReconcilerError
from .ids import Owner
from .values.address import Address

REVISIONS = ("HEAD", "HEAD^1", "refs/tags/applied")
MOST_SECONDS = 5.0
MOST_BYTES = 32 * 1024 * 1024
_QUIET = (
    "--no-pager", "--literal-pathspecs", "--no-optional-locks",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null",
    "-c", "protocol.allow=never",
)  # fmt: skip

Row = tuple[str, str]


class _Blob(NamedTuple):
    path: PurePosixPath
    id: str


def old_names(
    folder: Path, owner: Owner, kinds: Mapping[str, Kind], rows: Collection[Row]
) -> Mapping[Row, Address]:
    """Find what rows, as (kind, id), were called; git is asked only where there are any."""
    program = which("git") if rows else None
    if program is None:
        return {}
    git = _Git(program, folder, time.monotonic() + MOST_SECONDS)
    try:
        return _find(git, owner, kinds, frozenset(rows))
    except (OSError, ValueError, subprocess.SubprocessError, ReconcilerError):
        return {}


def _find(
    git: "_Git", owner: Owner, kinds: Mapping[str, Kind], rows: frozenset[Row]
) -> Mapping[Row, Address]:
    found: dict[Row, Address] = {}
    seen: set[str] = set()
    own = bindings_path(Path(), owner.organization)
    for revision in REVISIONS:
        tree = git.say("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}").strip()
        if not tree or tree in seen or rows <= found.keys():
            continue
        seen.add(tree)
        files = git.files(tree, own.as_posix())
        bound = bindings_in(files.pop(own.as_posix(), ""), own)
        for address in _declared(files, kinds):
            binding = bound.get(address)
            row = address.kind, binding.id if binding else owner.id_of(address)
            if row in rows:
                found.setdefault(row, address)
    return found


def _declared(files: Mapping[str, str], kinds: Mapping[str, Kind]) -> Iterator[Address]:
    parsed = {file: parse(text, file) for file, text in files.items()}
    sources = tuple(
        Source(Path(file), file, files[file], one.root, one.broken) for file, one in parsed.items()
    )
    loaded = Loaded(Path(), (sources,), None, None, Variables({}, {}), ())
    report, suggest = ProblemReport(), Suggester(0)
    expanded = expand(loaded, kinds, report, suggest.hint)
    yield from declare(expanded, kinds, report, suggest).by_address


class _Git(NamedTuple):
    """Asks git: without pager, hooks, network or locks, in little time, for not too much."""

    program: str
    folder: Path
    until: float

    def files(self, tree: str, own: str) -> dict[str, str]:
        """Read the YAML of the folder, and its file of bindings, by their paths from it."""
        listed = self.say("ls-tree", "-r", "-z", "--long", tree, "--", ".")
        found: list[_Blob] = []
        size = 0
        for entry in filter(None, listed.split("\0")):
            about, _, name = entry.partition("\t")
            mode, sort, name_of_blob, length = about.split()
            path = PurePosixPath(name)
            if sort == "blob" and mode != "120000" and (name == own or _counts(path)):
                size += int(length)
                found.append(_Blob(path, name_of_blob))
        if size > MOST_BYTES:
            raise ValueError("too much to read for a label")
        asked = "".join(f"{blob.id}\n" for blob in found).encode()
        rest = self.ask(asked, "cat-file", "--batch")
        texts: dict[str, str] = {}
        for blob in found:
            head, _, rest = rest.partition(b"\n")
            size = int(head.rpartition(b" ")[2])
            texts[str(blob.path)] = rest[:size].decode("utf-8-sig", "replace")
            rest = rest[size + 1 :]
        return texts

    def say(self, *words: str) -> str:
        """Ask, and take the answer as text."""
        return self.ask(b"", *words).decode("utf-8", "replace")

    def ask(self, asked: bytes, *words: str) -> bytes:
        """Run git in the folder; nothing where it fails."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment = {
            **kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1",
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603 (git, with words of ours)
            [self.program, *_QUIET, *words],
            cwd=self.folder,
            env=environment,
            input=asked,
            capture_output=True,
            timeout=max(0.01, self.until - time.monotonic()),
            check=False,
        )
        if len(done.stdout) > 2 * MOST_BYTES:
            raise ValueError("too much to read for a label")
        return done.stdout if done.returncode == 0 else b""


def _counts(path: PurePosixPath) -> bool:
    """Tell whether a file is part of the configuration, by its path in the folder."""
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in YAML_SUFFIXES and not hidden and path.parts[0] != BINDINGS

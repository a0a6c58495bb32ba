"""Where the key of each organization comes from; it is read at the moment of its use alone.

The environment gives ``BM_KEY_<NAME>``. A file of sources may say otherwise; it is no part of the
repository, since who writes it names files and commands of this machine.
"""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Literal

from ..client.keyfile import key_of_file
from ..configuration.load.files import FileReader, absolute, shown
from ..configuration.load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode
from ..configuration.load.problems import ProblemReport
from ..configuration.load.variables import KEY_PREFIX, is_key
from ..diagnostics import ConfigurationError, UsageError
from .members import Member

SECONDS = 10.0
MOST = 4096
Sort = Literal["env", "file", "command"]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one key comes from: a variable of the environment, a file, or what a command says."""

    sort: Sort
    words: tuple[str, ...]

    @property
    def identity(self) -> tuple[str, ...]:
        """What two sources of one key have in common."""
        words = (os.path.realpath(self.words[0]),) if self.sort == "file" else self.words
        return (self.sort, *words)

    def __str__(self) -> str:
        """Name the source; a command may hold anything, and is not shown."""
        named = {"env": "the variable", "file": "the file", "command": "the command"}[self.sort]
        return f"{named} {self.words[0]}"


def sources_of(
    members: Iterable[Member], file: Path | None, repository: Path
) -> Mapping[str, Source]:
    """Say where each key comes from; raises ConfigurationError, or UsageError.

    No two organizations have one source: a key opens one, so one of both would be another's.
    """
    members = tuple(members)
    given = read_sources(file, repository) if file else {}
    _check_known(given, members, file)
    found: dict[str, Source] = {}
    users: dict[tuple[str, ...], str] = {}
    for one in members:
        source = given.get(one.name) or Source("env", (variable_of(one.name),))
        other = users.setdefault(source.identity, one.name)
        if other != one.name:
            raise UsageError(
                f"{other} and {one.name} have one source of keys, {source}; nothing was asked",
                hint="a key opens one organization: give each a source of its own",
            )
        found[one.name] = source
    return found


def variable_of(name: str) -> str:
    """Name the variable of the environment that holds the key of an organization."""
    return KEY_PREFIX + name.upper().replace("-", "_")


def read_sources(file: Path, repository: Path) -> Mapping[str, Source]:
    """Read a file of sources; raises ConfigurationError with every problem, or UsageError."""
    path, root = Path(os.path.realpath(file)), Path(os.path.realpath(root_of(repository)))
    if path.is_relative_to(root):
        raise UsageError(
            f"the file of keys {shown(file)} lies in the repository {root}",
            hint="put it elsewhere: what a pull request can change must not say what is run",
        )
    report = ProblemReport()
    root_node = FileReader(report).read(absolute(file)).root
    found = {
        name: source
        for name, entry in (root_node.entries if root_node else {}).items()
        if (source := _source(entry, report))
    }
    if report.problems:
        raise ConfigurationError(report.problems)
    return found


def root_of(folder: Path) -> Path:
    """Find the root of the repository that a folder is in; else the folder itself."""
    for one in (folder, *folder.parents):
        if os.path.lexists(one / ".git"):
            return one
    return folder


def variables_of(sources: Iterable[Source]) -> frozenset[str]:
    """Name the variables of the environment that hold keys by a file of sources."""
    return frozenset(one.words[0] for one in sources if one.sort == "env")


def resolve(
    source: Source,
    environment: Mapping[str, str],
    tell: Callable[[str], None] = lambda text: None,
    *,
    keys: Container[str] = (),
) -> str:
    """Read a key; raises UsageError, which shows nothing of what was read.

    ``keys`` names variables that hold keys, besides those that do by their names. ``tell`` hears of
    files that others may read.
    """
    if source.sort == "env":
        key = environment.get(source.words[0], "")
    elif source.sort == "file":
        key = key_of_file(Path(source.words[0]), tell)
    else:
        plain = {k: v for k, v in environment.items() if not is_key(k) and k not in keys}
        key = _of_command(source.words, plain)
    if not key.strip():
        raise UsageError(f"no API key: {source} gives none", hint="set it, or see --keys")
    return key.strip()


def _of_command(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run a command without a shell; after its time it is ended with all that it began."""
    try:
        process = subprocess.Popen(  # noqa: S603 (of the file of keys, which no pull request writes)
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )
    except (OSError, ValueError):
        hint = "check its spelling, and that it may be run"
        raise UsageError(f"the command {words[0]} cannot be run", hint=hint) from None
    late = Timer(SECONDS, _end_group, [process])
    late.start()
    with process:
        assert process.stdout
        out = process.stdout.read(MOST + 1)
        if len(out) > MOST:
            _end_group(process)
        code = process.wait()
        in_time = late.is_alive()
        late.cancel()
        _end_group(process)
    if not in_time:
        hint = "try it by hand"
        raise UsageError(f"the command {words[0]} gave no key in {SECONDS:g} s", hint=hint)
    if code or len(out) > MOST:
        why = "said too much" if len(out) > MOST else f"ended with {code}"
        raise UsageError(f"the command {words[0]} {why}", hint="try it by hand")
    return out.decode("utf-8", "replace")


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End what a command began, and the command where it still runs."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # all of it is gone
        return


def _check_known(given: Mapping[str, Source], members: Sequence[Member], file: Path | None) -> None:
    strange = sorted(given.keys() - {one.name for one in members})
    if strange and not given.keys() & {one.name for one in members}:
        message = f"{file} names no organization of the fleet, but {strange[0]}"
        raise UsageError(message, hint="begin each entry with a name of fleet.yaml")


def _source(entry: Entry, report: ProblemReport) -> Source | None:
    """Read one entry: exactly one of ``env``, ``file`` and ``command``."""
    entries = entry.value.entries if isinstance(entry.value, MappingNode) else {}
    if len(entries) == 1:
        [(sort, given)] = entries.items()
        words = _words(given.value)
        if sort == "env" and len(words) == 1 and _NAME.match(words[0]):
            return Source("env", words)
        if sort == "file" and len(words) == 1 and Path(words[0]).is_absolute():
            return Source("file", words)
        if sort == "command" and words and isinstance(given.value, SequenceNode):
            return Source("command", words)
    report.error(
        "bad-keys",
        "this is no source of a key",
        entry.position,
        hint="write {env: NAME}, {file: /PATH} or {command: [PROGRAM, WORD]}",
    )
    return None


def _words(node: Node) -> tuple[str, ...]:
    items = node.items if isinstance(node, SequenceNode) else [node]
    words = tuple(item.text for item in items if isinstance(item, Scalar))
    return words if len(words) == len(items) and all(words) else ()

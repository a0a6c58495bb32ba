"""What rows were called: their names in the YAML of the last commits, for people only.

A block that was taken out takes the row's name with it. Keys are public and in git, so the files
of HEAD, its first parent and the tags of what was applied may still say it. Names decide nothing,
and whatever goes wrong here goes without a word.
"""

import subprocess
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from .bindings import bindings_in, bindings_path
from .catalogue import Kind
from .configuration.expand import expand
from .configuration.load import Loaded, ProblemReport, Source, Variables
from .configuration.load.files import BINDINGS, YAML_SUFFIXES
from .configuration.load.parse import parse
from .configuration.validate.declared import declare
from .configuration.validate.suggest import Suggester
from .diagnostics import ReconcilerError
from .git import Git
from .ids import Owner
from .values.address import Address

REVISIONS = ("HEAD", "HEAD^1", "refs/tags/applied")

Row = tuple[str, str]


def old_names(
    folder: Path, owner: Owner, kinds: Mapping[str, Kind], rows: Collection[Row]
) -> Mapping[Row, Address]:
    """Find what rows, as (kind, id), were called; git is asked only where there are any."""
    git = Git.at(folder) if rows else None
    if git is None:
        return {}
    try:
        return _find(git, owner, kinds, frozenset(rows))
    except (OSError, ValueError, subprocess.SubprocessError, ReconcilerError):
        return {}


def _find(
    git: Git, owner: Owner, kinds: Mapping[str, Kind], rows: frozenset[Row]
) -> Mapping[Row, Address]:
    found: dict[Row, Address] = {}
    seen: set[str] = set()
    own = PurePosixPath(bindings_path(Path(), owner.organization))
    for revision in (*REVISIONS, f"{REVISIONS[-1]}/{owner.organization.lower()}"):
        tree = git.tree(revision)
        if not tree or tree in seen or rows <= found.keys():
            continue
        seen.add(tree)
        contents = git.files(tree, lambda path: path == own or _counts(path))
        files = {str(path): data.decode("utf-8-sig", "replace") for path, data in contents.items()}
        bound = bindings_in(files.pop(str(own), ""), Path(own))
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


def _counts(path: PurePosixPath) -> bool:
    """Tell whether a file is part of the configuration, by its path in the folder."""
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in YAML_SUFFIXES and not hidden and path.parts[0] != BINDINGS

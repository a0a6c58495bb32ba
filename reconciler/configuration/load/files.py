"""Which files a path stands for, and their text; the only place of this stage that reads."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import NamedTuple

from ...diagnostics import Position, Problem
from ...files import leads_outside
from .nodes import MappingNode
from .parse import parse
from .problems import ProblemReport

YAML_SUFFIXES = frozenset({".yaml", ".yml"})
MAX_FILE = 10 * 1024 * 1024
MAX_TOTAL = 100 * 1024 * 1024
BINDINGS = "bindings"
POLICIES = "policies"
NO_CONFIGURATION = frozenset({BINDINGS, POLICIES})
"""What a folder may hold that is no configuration: folders with these names, right in it."""
UNFINISHED = ".export-"
"""How folders begin that hold files until they are moved to their places together."""
UNFINISHED_LIST = "ready.json"
"""What is in such a folder once all files are: from then on they are moved."""
UNFINISHED_PART = "part.json"
"""The same, where the list in another folder decides whether they are."""


class Source(NamedTuple):
    """One file: ``file`` is its name as people see it, ``root`` None where it holds nothing.

    ``broken`` means that not everything in it could be understood; ``made`` that a template made
    what it holds, so that none of it stands in the text.
    """

    path: Path
    file: str
    text: str
    root: MappingNode | None
    broken: bool
    made: bool = False


def absolute(path: Path) -> Path:
    """Make a path absolute and take ``..`` out of it, but leave links as they are."""
    return Path(os.path.normpath(Path.cwd() / path))


def shown(path: Path) -> str:
    """Name a file as people would from where they stand: relative if it lies below."""
    here = Path.cwd()
    name = path.relative_to(here) if path.is_relative_to(here) else path
    # A name may hold bytes that are no text; it must still be possible to print it.
    return os.fsencode(name).decode("utf-8", "replace")


def is_there(path: Path, report: ProblemReport) -> bool:
    """Tell whether a path is there, be it a link that leads nowhere; reports where it is not."""
    found = os.path.lexists(path)
    if not found:
        hint = "check the path and its spelling"
        report.error("no-such-path", f"{shown(path)} does not exist", hint=hint)
    return found


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder that can be reached."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def holder_of(path: Path) -> Path:
    """Give the folder that a path is, or the one that its file is in."""
    return path if is_folder(path) else path.parent


def is_yaml(path: Path) -> bool:
    """Tell whether a file counts as configuration by its name."""
    return path.suffix.lower() in YAML_SUFFIXES and not path.name.startswith(".")


def yaml_files(folder: Path, report: ProblemReport) -> Iterator[Path]:
    """Find the YAML files of a folder and the folders in it, in the order of their names.

    Hidden files and folders are left out, and so are the folder's own ``bindings/`` and
    ``policies/``.
    """
    yield from _walk(folder, (), report)


def stays_inside(path: Path, folder: Path, report: ProblemReport) -> bool:
    """Tell whether a path is in its folder, links followed; reports where it is not."""
    outside = leads_outside(path, folder)
    if outside:
        message = f"{shown(path)} is a link that leads out of the folder {shown(folder)}"
        hint = "put what it leads to into the folder, or give that as an overlay"
        report.error("link-outside", message, hint=hint)
    return not outside


def _walk(folder: Path, above: tuple[str, ...], report: ProblemReport) -> Iterator[Path]:
    real = os.path.realpath(folder)
    if real in above:
        message = f"{shown(folder)} is a link back to a folder above it"
        report.error("directory-loop", message, hint="take the link away")
        return
    try:
        children = sorted(folder.iterdir())
    except OSError as error:
        message = f"the folder {shown(folder)} cannot be read: {error.strerror}"
        report.error("unreadable", message, hint="check its permissions")
        return
    root = above[0] if above else real
    for child in children:
        enters = is_folder(child)
        hidden = child.name.startswith(".") or (child.name in NO_CONFIGURATION and not above)
        if hidden if enters else not is_yaml(child):
            continue
        if child.is_symlink() and not stays_inside(child, Path(root), report):
            continue
        if enters:
            yield from _walk(child, (*above, real), report)
        else:
            yield child


def is_unfinished(folder: Path) -> bool:
    """Tell whether files of a folder lie ready to be moved: it is partly old, partly new."""
    names = (UNFINISHED_LIST, UNFINISHED_PART)
    return any(True for name in names for _ in folder.glob(f"{UNFINISHED}*/{name}"))


class Kept(NamedTuple):
    """A file as it was read once, its size and its problems, for whoever reads it again."""

    source: Source
    size: int
    problems: tuple[Problem, ...]


class FileReader:
    """Reads files once each, and keeps count of how much was read.

    ``kept`` is shared by readers of one process: what one of them has read, no other reads again.
    It may hold what is given ``instead``, too.
    """

    def __init__(
        self,
        report: ProblemReport,
        instead: Mapping[Path, bytes] | None = None,
        known: Iterable[Source] = (),
        kept: MutableMapping[Path, Kept] | None = None,
    ) -> None:
        self.report = report
        self.instead = instead or {}
        self._kept = kept
        self._sources = {one.path: one for one in known if one.path not in self.instead}
        self._total = 0

    def instead_in(self, path: Path) -> Iterator[Path]:
        """Iterate over the files at a path, or below it, that are given instead of read."""
        return (file for file in self.instead if file.is_relative_to(path))

    def read(self, path: Path) -> Source:
        """Read and parse a file; what is wrong with it goes to the report, once."""
        if path not in self._sources:
            again = self._kept is not None and (path not in self.instead or path in self._kept)
            self._sources[path] = self._again(path) if again else self._read(path)
        return self._sources[path]

    def _again(self, path: Path) -> Source:
        """Read a file that many read; what is wrong with it is wrong for each of them."""
        assert self._kept is not None
        if path not in self._kept:
            once = FileReader(ProblemReport())
            self._kept[path] = Kept(once.read(path), once._total, once.report.problems)
        source, size, problems = self._kept[path]
        self.report.extend(problems)
        fits = self._fits(min(size, MAX_FILE), source.file, Position(source.file, 1, 1))
        return source if fits else source._replace(root=None, broken=True)

    def _read(self, path: Path) -> Source:
        file = shown(path)
        text = self.text(path, file)
        if text is None:
            return Source(path, file, "", None, broken=True)
        parsed = parse(text, file)
        self.report.extend(parsed.problems)
        return Source(path, file, text, parsed.root, parsed.broken)

    def text(self, path: Path, file: str) -> str | None:
        """Read a file; where it cannot be read, or is too large, that goes to the report."""
        top = Position(file, 1, 1)
        if path in self.instead:
            data = self.instead[path]
            return self._decode(data, file) if self._fits(len(data), file, top) else None
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                # Reading a pipe or a device might never end.
                self.report.error("unreadable", f"{file} is not a regular file", top)
                return None
            if not self._fits(status.st_size, file, top):
                return None
            data = path.read_bytes()
        except OSError as error:
            reason = "the link leads nowhere" if path.is_symlink() else error.strerror
            message = f"{file} cannot be read: {reason}"
            self.report.error("unreadable", message, top, hint="check the file and its permissions")
            return None
        return self._decode(data, file)

    def _fits(self, size: int, file: str, top: Position) -> bool:
        self._total += size
        if size > MAX_FILE:
            message = f"{file} is larger than {MAX_FILE >> 20} MiB"
            self.report.error("too-large", message, top, hint="split it into several files")
        elif self._total > MAX_TOTAL:
            message = f"with {file} the files are larger than {MAX_TOTAL >> 20} MiB together"
            hint = "split the configuration into several stacks, or give a folder with less in it"
            self.report.error("too-large", message, top, hint=hint)
        else:
            return True
        return False

    def _decode(self, data: bytes, file: str) -> str | None:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line = before.count(b"\n") + 1
            column = len(before) - (before.rfind(b"\n") + 1) + 1
            utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
            self.report.error(
                "not-utf8",
                f"{file} is not UTF-8 text: byte {error.start} is 0x{data[error.start]:02X}",
                Position(file, line, column),
                hint=f"save the file as UTF-8{'; it looks like UTF-16' if utf16 else ''}",
            )
            return None

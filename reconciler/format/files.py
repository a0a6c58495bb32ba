"""The files to be formatted: found, looked at one after the other, and written again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ..catalogue import Kind
from ..configuration.load import ProblemReport, paused_collector
from ..configuration.load.block import folder_of
from ..configuration.load.files import (
    FileReader,
    Source,
    absolute,
    is_folder,
    is_there,
    shown,
    stays_inside,
    yaml_files,
)
from ..configuration.load.parse import parse
from ..diagnostics import Problem, ReconcilerError
from ..files import write_file
from . import formatted, rewritten
from .foreign import is_foreign
from .reading import TextReading, plain, reading


class Change(NamedTuple):
    """A file that is not as it should be; its texts are empty where nobody wants them."""

    path: Path
    file: str
    before: str
    after: str


@dataclass(slots=True)
class Findings:
    """What was found out about files; those of no configuration are ``foreign``, by name.

    ``failed`` says of files why they have to stay as they are. ``broken`` are those with
    ``problems``; where there are any, not all of the others were looked at.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    failed: list[ReconcilerError] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    broken: list[Source] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()


def look_at(paths: Sequence[Path], kinds: Mapping[str, Kind], *, keep_texts: bool) -> Findings:
    """Look at every YAML file of some paths, each once, and keep only what is found out."""
    looking = _Looking(kinds, keep_texts, ProblemReport(), Findings())
    every = (file for path in paths for file in _files(absolute(path), looking.report))
    for path in dict.fromkeys(every):
        with paused_collector():
            looking.at(path)
    looking.findings.problems = looking.report.problems
    return looking.findings


def write_formatted(change: Change) -> None:
    """Replace a file at once, so that nobody ever sees half of it; raises ReconcilerError."""
    try:
        write_file(change.path.resolve(), change.after.encode())
    except OSError as error:
        raise ReconcilerError(f"{change.file} cannot be written: {error.strerror}") from error


class _Looking(NamedTuple):
    kinds: Mapping[str, Kind]
    keep_texts: bool
    report: ProblemReport
    findings: Findings

    def at(self, path: Path) -> None:
        """Look at a file; it is formatted as long as none has problems."""
        problems, file = ProblemReport(), shown(path)
        text = FileReader(problems).text(path, file)
        read = None if text is None or plain(text) != text else reading(text, file)
        source = _source(path, file, text, read, problems)
        if is_foreign(source, self.kinds):
            self.findings.foreign.append(file)
        elif problems.count:
            self.findings.broken.append(source)
            self.report.extend(problems.problems)
        elif not self.report.count:
            source = source._replace(root=None)  # it takes as much memory as the tree
            self._format(source, read)

    def _format(self, source: Source, read: TextReading | None) -> None:
        before = source.text
        try:
            if read is None:
                after = formatted(before, source.file, self.kinds)
            else:
                after = rewritten(before, read, self.kinds)
        except ReconcilerError as error:
            self.findings.failed.append(error)
            return
        if after == before:
            self.findings.unchanged += 1
        else:
            texts = (before, after) if self.keep_texts else ("", "")
            self.findings.changes.append(Change(source.path, source.file, *texts))


def _source(
    path: Path, file: str, text: str | None, read: TextReading | None, report: ProblemReport
) -> Source:
    """Make values of a file; what is wrong with it goes to the report."""
    if text is None:
        return Source(path, file, "", None, broken=True)
    parsed = parse(text, file) if read is None else read.values()
    report.extend(parsed.problems)
    return Source(path, file, text, parsed.root, parsed.broken)


def _files(path: Path, report: ProblemReport) -> Iterator[Path]:
    if is_folder(path):
        yield from yaml_files(path, report)
    elif is_there(path, report) and stays_inside(path, folder_of(path) or path.parent, report):
        yield path

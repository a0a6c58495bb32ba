"""The files to be formatted: found, read, and written again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..catalogue import Kind
from ..configuration.load import ProblemReport
from ..configuration.load.block import folder_of
from ..configuration.load.files import (
    FileReader,
    Source,
    absolute,
    is_folder,
    is_there,
    stays_inside,
    yaml_files,
)
from ..diagnostics import Problem, ReconcilerError
from ..files import write_file
from .foreign import is_foreign


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """Files that were read: ours, those of no configuration, and what cannot be read of ours."""

    ours: tuple[Source, ...]
    foreign: tuple[Source, ...]
    problems: tuple[Problem, ...]


def find(paths: Sequence[Path], kinds: Mapping[str, Kind]) -> FoundFiles:
    """Read every YAML file of some paths, each once."""
    report = ProblemReport()
    ours: list[Source] = []
    foreign: list[Source] = []
    for file in dict.fromkeys(file for path in paths for file in _files(absolute(path), report)):
        problems = ProblemReport()
        source = FileReader(problems).read(file)
        if is_foreign(source, kinds):
            foreign.append(source)
        else:
            ours.append(source)
            report.extend(problems.problems)
    return FoundFiles(tuple(ours), tuple(foreign), tuple(report.problems))


def write_formatted(source: Source, text: str) -> None:
    """Replace a file at once, so that nobody ever sees half of it; raises ReconcilerError."""
    try:
        write_file(source.path.resolve(), text.encode())
    except OSError as error:
        raise ReconcilerError(f"{source.file} cannot be written: {error.strerror}") from error


def _files(path: Path, report: ProblemReport) -> Iterator[Path]:
    if is_folder(path):
        yield from yaml_files(path, report)
    elif is_there(path, report) and stays_inside(path, folder_of(path) or path.parent, report):
        yield path

"""Read YAML files into nodes that know where they stand; whatever is wrong is collected.

The first path is a folder, or a file that stands for its folder; further paths are overlays.
"""

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ...diagnostics import Problem
from .block import BELOW, SETTINGS, find_settings, folder_of
from .files import (
    BINDINGS,
    NO_CONFIGURATION,
    POLICIES,
    FileReader,
    Kept,
    Source,
    absolute,
    is_folder,
    is_there,
    is_unfinished,
    is_yaml,
    shown,
    yaml_files,
)
from .nodes import Entry
from .problems import ProblemReport
from .variable_file import read_variable_file, read_variables
from .variables import Variables

__all__ = [
    "BELOW", "MOST_MADE", "SETTINGS", "Kept", "Loaded", "ProblemReport", "Source", "Variables",
    "load", "paused_collector", "read_variable_file", "read_variables",
]  # fmt: skip

MOST_MADE = 100_000
"""How many resources the templates of a configuration may make, unless a flag says more."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that was read, before it is understood.

    ``layers`` are the folder's files and then each overlay's; ``settings`` the ``reconciler:``
    block; ``limit`` the file that the run is limited to, where the first path is a file;
    ``most_made`` how many resources templates may make; ``overlays`` the paths of the overlays.
    """

    folder: Path
    layers: tuple[tuple[Source, ...], ...]
    settings: Entry | None
    limit: str | None
    variables: Variables
    problems: tuple[Problem, ...]
    most_made: int = MOST_MADE
    overlays: tuple[Path, ...] = ()

    @property
    def sources(self) -> Iterator[Source]:
        """All files, in the order they are laid over each other."""
        return (source for layer in self.layers for source in layer)

    @property
    def complete(self) -> bool:
        """Tell whether every file was understood, so that a missing name is really missing."""
        return not any(source.broken for source in self.sources)


def load(
    paths: Sequence[Path],
    *,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
    instead: Mapping[Path, bytes] | None = None,
    known: Iterable[Source] = (),
    most_made: int = MOST_MADE,
    kept: MutableMapping[Path, Kept] | None = None,
) -> Loaded:
    """Read the configuration at the first path and the overlays at the others.

    Of the ``environment`` only what :class:`Variables` says gets into values. ``instead`` gives
    what files of the folder and the overlays would hold, be they there or not; ``known`` are files
    that were read, and in which nothing was wrong: they are not read again.
    ``kept`` are files that were read already, for a process that reads them often.

    Never raises for what it finds; every problem of every file is in the result.
    """
    report = ProblemReport()
    reader = FileReader(report, instead, known, kept)
    first, *overlays = (absolute(path) for path in paths)
    with paused_collector():
        folder, base = _base(first, overlays, reader)
        layers = (base, *(_overlay(path, folder, reader) for path in overlays))
    return Loaded(
        folder=folder,
        layers=layers,
        settings=find_settings(folder, layers, report),
        limit=None if is_folder(first) else shown(first),
        variables=Variables(variables, environment),
        problems=report.problems,
        most_made=most_made,
        overlays=tuple(overlays),
    )


@contextmanager
def paused_collector() -> Iterator[None]:
    """Keep the garbage collector from walking millions of values that are all still in use.

    Reading 10,000 contacts takes twice as long with it; nothing made here has cycles.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _base(
    path: Path, overlays: Sequence[Path], reader: FileReader
) -> tuple[Path, tuple[Source, ...]]:
    if not is_there(path, reader.report):
        return path, ()
    holder = path if is_folder(path) else folder_of(path)
    folder = holder or path.parent
    # Where no stack is in sight, what else lies around a file need not be configuration.
    alone = [path] if is_yaml(path) else []
    files = list(yaml_files(folder, reader.report)) if holder else alone
    in_overlays = [file for overlay in overlays for file in reader.instead_in(overlay)]
    new = [f for f in reader.instead_in(folder) if f not in files and f not in in_overlays]
    files = sorted(files + new) if new else files
    if holder and is_unfinished(folder):
        message = f"a run was stopped while it put the files of {shown(folder)} in place"
        hint = f"if none is under way: `reconciler validate {shown(folder)}` finishes it first"
        reader.report.error("unfinished-export", message, hint=hint)
    if holder and not files:
        message = f"the folder {shown(folder)} holds no *.yaml or *.yml file"
        reader.report.error("no-files", message, hint="run `reconciler init` to begin one")
    elif path != folder and path not in files:
        message = f"{shown(path)} is not a file of the configuration in {shown(folder)}"
        hint = f"name it *.yaml, outside of {BINDINGS}/, {POLICIES}/ and hidden folders"
        reader.report.error("not-yaml", message, hint=hint)
    return folder, tuple(reader.read(file) for file in files)


def _overlay(path: Path, folder: Path, reader: FileReader) -> tuple[Source, ...]:
    given = list(reader.instead_in(path))
    if not given and not is_there(path, reader.report):
        return ()
    inside = path.relative_to(folder).parts if path.is_relative_to(folder) else (BINDINGS,)
    if not any(part.startswith(".") for part in inside) and not NO_CONFIGURATION & {*inside[:1]}:
        reader.report.error(
            "overlay-inside-folder",
            f"the overlay {shown(path)} lies inside {shown(folder)}, so it is part of it already",
            hint="move it beside the folder",
        )
        return ()
    files = list(yaml_files(path, reader.report)) if is_folder(path) else [path]
    new = [file for file in given if file not in files]
    files = sorted([*filter(os.path.lexists, files), *new]) if new else files
    return tuple(reader.read(file) for file in files)

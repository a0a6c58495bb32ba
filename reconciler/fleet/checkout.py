"""Whether a worker on another machine has the same files and variables as the coordinator.

It has a checkout of its own. An older one would plan, and write, what nobody asked for.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..catalogue import Catalogue
from ..configuration.grown import kinds_of
from ..configuration.load.files import BINDINGS, is_yaml, yaml_files
from ..configuration.load.problems import ProblemReport
from ..configuration.load.variables import PREFIX
from ..diagnostics import ReconcilerError, UsageError
from ..policies.folders import policy_folders
from ..transfers import FILES
from .tasks import Yaml

_SCHEMA = ".schema.json"


class Checkout:
    """The files and variables of one machine, as one run sees them: each is read once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        given = sorted((n, value) for n, value in environment.items() if n.startswith(PREFIX))
        self._variables = _digest(text for pair in given for text in pair)
        self._known: dict[Path, str] = {}
        self._beside: dict[str, tuple[Path, ...]] = {}

    def digest(self, yaml: Yaml) -> str:
        """Give what is the same only where the files and variables of a task are; raises OSError.

        Bindings are not among them: they are the coordinator's.
        """
        paths = (*yaml.paths, *map(Path, yaml.var_files), *self._read_besides(yaml))
        return _digest([self._variables, *map(self._of, paths)])

    def check(self, yaml: Yaml, expected: str) -> None:
        """See that all is as the coordinator has it; raises UsageError."""
        try:
            same = self.digest(yaml) == expected
        except OSError as error:
            raise UsageError(
                f"{error.filename} cannot be read where it was to be planned: {error.strerror}",
                hint="every worker needs the same checkout at the same path",
            ) from error
        if not same:
            raise UsageError(
                f"the files below {yaml.base}, or the variables, are not those of the coordinator",
                hint="every worker needs the same commit at the same path, and the same variables",
            )

    def _read_besides(self, yaml: Yaml) -> tuple[Path, ...]:
        """Find what else is read with a base: policies, and a catalogue."""
        if yaml.base not in self._beside:
            base, given = Path(yaml.base), [*map(Path, yaml.policies)]
            paths = [one.path for one in policy_folders(base, given)]
            try:
                kinds = kinds_of([base])
            except ReconcilerError:  # told by whoever plans
                kinds = None
            if isinstance(kinds, Catalogue) and kinds.origin.growth:
                paths.append(kinds.origin.growth.folder)
            self._beside[yaml.base] = tuple(paths)
        return self._beside[yaml.base]

    def _of(self, path: Path) -> str:
        if path not in self._known:
            self._known[path] = _digest(_parts(path))
        return self._known[path]


def _parts(path: Path) -> Iterator[bytes | str]:
    """Give the names and contents of the files at a path, in order."""
    if not path.is_dir():
        yield path.read_bytes()
        return
    for file in sorted({*yaml_files(path, ProblemReport()), *_others(path)}):
        yield str(file.relative_to(path))
        yield file.read_bytes()


def _others(path: Path) -> Iterator[Path]:
    """Find what is read apart: policies, catalogues, and rows that moved between folders."""
    for place, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            file = Path(place, name)
            inside = file.relative_to(path)
            own = inside.parts[0] == BINDINGS and inside not in FILES
            if (is_yaml(file) and not own) or name.endswith(_SCHEMA):
                yield file


def _digest(parts: Iterable[bytes | str]) -> str:
    found = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()

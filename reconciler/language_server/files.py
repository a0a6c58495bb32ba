"""The files of all folders as they were read, and kept until they change.

A file that is open counts as it is in the editor. One that is not is looked at each time: where its
time or size is another, it is read again. So nothing depends on an editor that tells of changes.
"""

from collections.abc import Iterator, MutableMapping
from os import stat_result
from pathlib import Path
from typing import NamedTuple

from ..configuration.load import Kept, ProblemReport
from ..configuration.load.files import FileReader
from .documents import Documents
from .text import Text


class _State(NamedTuple):
    """What tells whether a file is still the same: the open text, or what the disk says."""

    text: Text | None
    disk: tuple[int, int, int, int] | None


class Files(MutableMapping[Path, Kept]):
    """Keeps what files hold; those that :func:`load` puts here are looked at before each use."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kept: dict[Path, Kept] = {}
        self._states: dict[Path, _State] = {}

    def __contains__(self, path: object) -> bool:
        """Tell whether a file is kept as it is now; an open one is read here."""
        if not isinstance(path, Path):
            return False
        state, known = self._state(path), self._states.get(path)
        if known and known.text is state.text and known.disk == state.disk and path in self._kept:
            return True
        # what is told before a file is read is never newer than what is read
        self._states[path] = state
        if state.text is None:
            return False
        data = state.text.data()
        once = FileReader(ProblemReport(), {path: data})
        self._kept[path] = Kept(once.read(path), len(data), once.report.problems)
        return True

    def __getitem__(self, path: Path) -> Kept:
        """Give a file that is kept."""
        return self._kept[path]

    def __setitem__(self, path: Path, kept: Kept) -> None:
        """Keep a file that was just read from the disk."""
        self._kept[path] = kept

    def __delitem__(self, path: Path) -> None:
        """Forget a file."""
        del self._kept[path]
        self._states.pop(path, None)

    def __iter__(self) -> Iterator[Path]:
        """Iterate over the files that are kept."""
        return iter(tuple(self._kept))

    def __len__(self) -> int:
        """Count the files that are kept."""
        return len(self._kept)

    def forget(self, path: Path) -> None:
        """Read a file anew when it is needed next."""
        self._kept.pop(path, None)
        self._states.pop(path, None)

    def _state(self, path: Path) -> _State:
        document = self._documents.at(path)
        if document is not None:
            return _State(document.text, None)
        try:
            return _State(None, _told(path.stat()))
        except OSError:
            return _State(None, None)


def _told(status: stat_result) -> tuple[int, int, int, int]:
    return status.st_mtime_ns, status.st_size, status.st_ino, status.st_mode

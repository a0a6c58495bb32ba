"""What a task takes along to a worker that may be elsewhere, and what is taken home afterwards."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from ..bindings import bindings_path, make_folder, text_of
from ..diagnostics import ReconcilerError, UsageError
from ..files import write_file
from .checkout import Checkout
from .leases import Seen
from .results import PARTLY, Failure, Result
from .storage import Storage
from .tasks import WRITING, Sharing, Task

_UNBOUND = frozenset({"validate", "doctor"})
"""Verbs that look at no bindings."""


class Handover:
    """Makes the tasks of one run ready for workers, and brings their bindings into the folder."""

    def __init__(self, *, elsewhere: bool, environment: Mapping[str, str] = os.environ) -> None:
        """``elsewhere`` tells that workers may have files of their own."""
        self._checkout = Checkout(environment) if elsewhere else None
        self._tokens: dict[Path, str] = {}
        self._out: dict[str, Task] = {}

    def give(self, task: Task) -> Task:
        """Put into a task what its worker needs; raises UsageError where nobody could write."""
        folder = Path(task.writing.journal).parent
        writes = task.verb in WRITING
        if not (self._checkout or (writes and Storage.beside(folder).folder.is_dir())):
            return task
        try:
            sharing = Sharing(self._files(task), self._bindings(task))
        except ReconcilerError as error:  # of this organization: the others go on
            return replace(task, sharing=Sharing(problem=error.message))
        if writes:
            storage = Storage.beside(folder)
            if folder not in self._tokens:
                self._tokens[folder] = storage.prepare()
            sharing = replace(sharing, storage=str(storage.folder), token=self._tokens[folder])
        made = replace(task, sharing=sharing)
        self._out[task.name] = made
        return made

    def take(self, result: Result) -> Result:
        """Bring home what a worker bound; where that fails, the result says so."""
        task = self._out.pop(result.name, None)
        if task is None or not task.sharing.storage:
            return result
        try:
            _bring_home(task)
        except (OSError, ReconcilerError) as error:
            why = error.strerror if isinstance(error, OSError) else error.message
            failure: Failure = {
                "message": f"its bindings cannot be brought into {task.yaml.base}: {why}",
                "hint": "they wait in the shared storage: make the folder writable, apply again",
                "code": PARTLY,
            }
            return replace(result, code=PARTLY, state="failed", error=result.error or failure)
        return result

    def _files(self, task: Task) -> str:
        if self._checkout is None:
            return ""
        try:
            return self._checkout.digest(task.yaml)
        except OSError as error:
            message = f"{error.filename} cannot be read: {error.strerror}"
            raise UsageError(message, hint="check the path and its rights") from error

    def _bindings(self, task: Task) -> str | None:
        if task.verb in _UNBOUND:
            return None
        return text_of(bindings_path(Path(task.yaml.base), task.organization))


def _bring_home(task: Task) -> None:
    """Lay what was bound under leases that are over into the folder; else the next run does."""
    storage, organization = Storage(Path(task.sharing.storage)), task.organization
    seen = Seen.newest(storage.of(organization))
    if seen is None or not seen.released:
        return
    path = bindings_path(Path(task.yaml.base), organization)
    known = text_of(path)
    text = storage.text(organization, seen.number, known)
    if text != known:
        make_folder(path)
        write_file(path, text.encode())
    storage.brought_home(organization, seen.number)

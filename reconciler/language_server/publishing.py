"""What editors are told of problems: each file that has other ones than before."""

from collections.abc import Callable
from pathlib import Path

from lsprotocol import types

from .analysis import Analysis
from .diagnostics import Marker, Marks, joined
from .documents import uri_of
from .session import Session


class Publisher:
    """Tells problems, and remembers what it told."""

    def __init__(
        self,
        session: Session,
        send: Callable[[types.PublishDiagnosticsParams], None],
        link: Callable[[str], str | None],
    ) -> None:
        self._session = session
        self._send = send
        self._link = link
        self._marks: dict[Path, tuple[Analysis, Marks]] = {}
        self._told: dict[Path, tuple[int | None, list[types.Diagnostic]]] = {}

    def publish(self) -> None:
        """Analyse what changed, and tell what is new."""
        analyses = list(self._session.analyses())
        known, self._marks = self._marks, {}
        for analysis in analyses:
            before = known.get(analysis.folder)
            same = before is not None and before[0] is analysis
            self._marks[analysis.folder] = before if before and same else self._marked(analysis)
        found = joined(marks for _, marks in self._marks.values())
        ours = {path for analysis in analyses for path in analysis.paths}
        for path in dict.fromkeys([*found, *self._told, *self._open_in(ours)]):
            self._tell(path, found.get(path, []))

    def _marked(self, analysis: Analysis) -> tuple[Analysis, Marks]:
        marker = Marker(analysis, self._session.documents, self._link)
        return analysis, marker.marks(analysis.problems)

    def _open_in(self, paths: set[Path]) -> list[Path]:
        return [one.path for one in self._session.documents if one.path in paths]

    def _tell(self, path: Path, marks: list[types.Diagnostic]) -> None:
        document = self._session.documents.at(path)
        version = document.version if document else None
        if self._told.get(path) == (version, marks):
            return
        if marks or document is not None:
            self._told[path] = version, marks
        else:
            self._told.pop(path, None)
        uri = document.uri if document else uri_of(path)
        self._send(types.PublishDiagnosticsParams(uri, marks, version))

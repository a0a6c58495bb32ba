"""What editors are told of problems: each file that has other ones than before."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from ..diagnostics import Problem
from .analysis import Analysis
from .diagnostics import Marker, Marks, joined
from .documents import uri_of
from .judging import has_policies
from .session import Session


class _Found(NamedTuple):
    """What one folder says, and what its policies say of it; None while they are not judged."""

    analysis: Analysis
    marks: Marks
    judged: tuple[Problem, ...] | None
    policy_marks: Marks


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
        self._found: dict[Path, _Found] = {}
        self._told: dict[Path, tuple[int | None, list[types.Diagnostic]]] = {}

    def publish(self) -> None:
        """Analyse what changed, and tell what is new."""
        analyses = list(self._session.analyses())
        known, self._found = self._found, {}
        for analysis in analyses:
            before = known.get(analysis.folder)
            if before is None or before.analysis is not analysis:
                before = self._new(analysis, before)
            self._found[analysis.folder] = before
        self._tell_all()

    def unjudged(self) -> Analysis | None:
        """Give an analysis that policies are to be judged on."""
        waiting = (found.analysis for found in self._found.values() if found.judged is None)
        return next(waiting, None)

    def judged(self, analysis: Analysis, problems: tuple[Problem, ...]) -> None:
        """Tell what policies say of an analysis, unless it is not the last one any more."""
        found = self._found.get(analysis.folder)
        if found is not None and found.analysis is analysis:
            marks = self._marker(analysis).marks(problems)
            judged = found._replace(judged=problems, policy_marks=marks)
            self._found[analysis.folder] = judged
            self._tell_all()

    def _new(self, analysis: Analysis, before: _Found | None) -> _Found:
        marks = self._marker(analysis).marks((*analysis.problems, *analysis.notes))
        if not has_policies(analysis):
            return _Found(analysis, marks, (), {})
        return _Found(analysis, marks, None, _still_true(analysis, before) if before else {})

    def _live(self, analysis: Analysis) -> Marks:
        seen = self._session.live.get(analysis.folder)
        return self._marker(analysis).differing(seen) if seen else {}

    def _marker(self, analysis: Analysis) -> Marker:
        return Marker(analysis, self._session.documents, self._link)

    def _tell_all(self) -> None:
        found = joined(
            marks
            for one in self._found.values()
            for marks in (one.marks, one.policy_marks, self._live(one.analysis))
        )
        ours = {path for one in self._found.values() for path in one.analysis.paths}
        still_open = [one.path for one in self._session.documents if one.path in ours]
        for path in dict.fromkeys([*found, *self._told, *still_open]):
            self._tell(path, found.get(path, []))

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


def _still_true(analysis: Analysis, before: _Found) -> Marks:
    """Give what policies said of files that did not change since; more is not known yet."""
    if analysis.configuration is None:
        return {}
    texts = {source.path: source.text for source in analysis.sources.values()}
    known = {source.path: source.text for source in before.analysis.sources.values()}
    return {
        path: marks
        for path, marks in before.policy_marks.items()
        if path not in known or texts.get(path) is known[path]
    }

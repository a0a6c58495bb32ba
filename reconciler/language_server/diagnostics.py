"""Problems become what editors mark: at their places, with the places that they are about, too."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lsprotocol import types

from ..configuration.load.files import absolute
from ..diagnostics import Position, Problem
from ..values.address import Address
from .analysis import Analysis
from .documents import Documents, uri_of
from .live import Differing, Seen
from .text import Text

SOURCE = "reconciler"
DIFFERS = "differs-from-live"
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}

Marks = Mapping[Path, tuple[types.Diagnostic, ...]]
"""What is marked in each file."""


class Marker:
    """Makes marks of the problems of one analysis; ``link`` gives the page of a code."""

    def __init__(
        self, analysis: Analysis, documents: Documents, link: Callable[[str], str | None]
    ) -> None:
        self._analysis = analysis
        self._documents = documents
        self._link = link
        self._texts: dict[str, Text | None] = {}

    def marks(self, problems: Iterable[Problem]) -> Marks:
        """Mark each problem in its file; what is in no file is marked where the stack begins."""
        found: dict[Path, list[types.Diagnostic]] = {}
        for problem in problems:
            place = problem.position or self._begin()
            if place is not None:
                found.setdefault(self._path(place.file), []).append(self._mark(problem, place))
        return {path: tuple(marks) for path, marks in found.items()}

    def differing(self, seen: Seen) -> Marks:
        """Mark the resources that are not live as they stand here; no value is told."""
        found: dict[Path, list[types.Diagnostic]] = {}
        for name, differing in seen.differing.items():
            kind, _, key = name.partition(".")
            declared = self._analysis.declared.get(Address(kind, key))
            if declared is not None:
                place = declared.position
                mark = types.Diagnostic(
                    range=self._range(place),
                    message=differing_words(differing),
                    severity=types.DiagnosticSeverity.Information,
                    code=DIFFERS,
                    source=SOURCE,
                )
                found.setdefault(self._path(place.file), []).append(mark)
        return {path: tuple(marks) for path, marks in found.items()}

    def _mark(self, problem: Problem, place: Position) -> types.Diagnostic:
        link = self._link(problem.code)
        related = list(self._related(problem))
        return types.Diagnostic(
            range=self._range(place),
            message=f"{problem.message}\n{problem.hint}" if problem.hint else problem.message,
            severity=_SEVERITIES.get(problem.severity, types.DiagnosticSeverity.Error),
            code=problem.code,
            code_description=types.CodeDescription(link) if link else None,
            source=SOURCE,
            related_information=related or None,
            data={"address": problem.address, "hint": problem.hint},
        )

    def _related(self, problem: Problem) -> Iterator[types.DiagnosticRelatedInformation]:
        for other in problem.others:
            yield self._information(other, "this one, too")
        made_by = problem.position.made_by if problem.position else None
        if made_by is not None:
            place = Position(made_by.file, made_by.line, made_by.column)
            yield self._information(place, f"the template {made_by.template} made it here")

    def _information(self, place: Position, message: str) -> types.DiagnosticRelatedInformation:
        path = self._path(place.file)
        document = self._documents.at(path)
        uri = document.uri if document else uri_of(path)
        return types.DiagnosticRelatedInformation(types.Location(uri, self._range(place)), message)

    def _begin(self) -> Position | None:
        loaded = self._analysis.loaded
        if loaded is None:
            return None
        if loaded.settings is not None:
            return loaded.settings.origin.position(loaded.settings.key)
        first = next(loaded.sources, None)
        return Position(first.file, 1, 1) if first else None

    def _path(self, file: str) -> Path:
        source = self._analysis.sources.get(file)
        return source.path if source else absolute(Path(file))

    def _range(self, place: Position) -> types.Range:
        if place.file not in self._texts:
            self._texts[place.file] = self._text(place.file)
        text = self._texts[place.file]
        if text is not None:
            return text.span(place)
        start = types.Position(place.line - 1, place.column - 1)
        if place.end_line is None or place.end_column is None:
            return types.Range(start, start)
        return types.Range(start, types.Position(place.end_line - 1, place.end_column - 1))

    def _text(self, file: str) -> Text | None:
        """Give the text that a place is in; the open one has the mark that the loader drops."""
        document = self._documents.at(self._path(file))
        if document is not None:
            return document.text
        return self._analysis.text(file, self._documents.encoding)


def differing_words(differing: Differing) -> str:
    """Say how a resource differs from live, without values."""
    match differing.action:
        case "create":
            return "not live yet"
        case "delete":
            return "live, and to be deleted"
    return f"differs from live: {', '.join(differing.columns)}"


def joined(all_marks: Iterable[Marks]) -> dict[Path, list[types.Diagnostic]]:
    """Put the marks of several stacks together; what two tell of one file is told once."""
    found: dict[Path, list[types.Diagnostic]] = {}
    for marks in all_marks:
        for path, some in marks.items():
            known = found.setdefault(path, [])
            known += [mark for mark in some if mark not in known] if known else some
    return found

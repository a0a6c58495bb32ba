"""Actions for problems that have one right answer."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from ...diagnostics import Problem
from ..feature import Feature
from ..fixes import Fix, fixes
from ..session import Session, View


def code_actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Answer what may be done about the problems in a range."""
    view = session.view(params.text_document.uri, params.range.start)
    wanted = params.context.only
    if view is None or (wanted and types.CodeActionKind.QuickFix not in wanted):
        return None
    stop = view.document.text.offset(params.range.end)
    return [
        _action(view, fix, problem, params.context.diagnostics)
        for problem, fix in _found(view, view.offset, stop)
    ]


def _found(view: View, start: int, stop: int) -> Iterator[tuple[Problem, Fix]]:
    text = view.document.text
    for problem in view.analysis.problems:
        place = problem.position
        source = view.analysis.sources.get(place.file) if place else None
        if place is None or source is None or source.path != view.document.path or place.made_by:
            continue
        marked = text.span(place)
        begin, end = text.offset(marked.start), text.offset(marked.end)
        if begin <= stop and start <= end:
            for fix in fixes(problem, text, begin, end):
                yield problem, fix


def _action(
    view: View,
    fix: Fix,
    problem: Problem,
    shown: Sequence[types.Diagnostic],
) -> types.CodeAction:
    document = view.document
    edit = types.TextEdit(document.text.range(fix.start, fix.stop), fix.text)
    item = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    change = types.TextDocumentEdit(item, [edit])
    about = [one for one in shown if one.code == problem.code]
    return types.CodeAction(
        fix.title,
        types.CodeActionKind.QuickFix,
        diagnostics=about or None,
        is_preferred=True,
        edit=types.WorkspaceEdit(document_changes=[change]),
    )


FEATURES = (
    Feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        code_actions,
        types.CodeActionOptions([types.CodeActionKind.QuickFix]),
    ),
)

"""Rename a key in all files, overlays and bindings at once."""

from pathlib import Path

from lsprotocol import types

from ...diagnostics import ConfigurationError, Problem, UsageError
from ..documents import uri_of
from ..feature import Feature, RefusedError
from ..index import Site
from ..renaming import Edits, rename_key
from ..session import Session, View
from ..text import Text

MOST_TOLD = 3


def prepare(session: Session, params: types.PrepareRenameParams) -> types.Range | None:
    """Answer what would be renamed; nothing where no key is under the cursor."""
    view = session.view(params.text_document.uri, params.position)
    site = _site(view) if view else None
    if view is None or site is None:
        return None
    shift = view.document.text.shift
    return view.document.text.range(_begin(site) + shift, site.stop + shift)


def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Answer the edits of every file; refuses where the files would not say the same after it."""
    view = session.view(params.text_document.uri, params.position)
    site = _site(view) if view else None
    if view is None or site is None:
        return None
    try:
        edits = rename_key(view.analysis, site.address, params.new_name)
    except (ConfigurationError, UsageError) as error:
        raise RefusedError(_told(error)) from None
    folder = view.analysis.folder
    for path in edits.new:
        _check_able(session, types.ResourceOperationKind.Create, f"make {path.relative_to(folder)}")
    edited = [*_inside(session, view, edits), *_beside(session, view, edits)]
    # files are made first: where an editor cannot, nothing is changed yet
    made = [_made(folder, path) for path in edits.new]
    return types.WorkspaceEdit(document_changes=[*made, *edited])


def _check_able(session: Session, kind: types.ResourceOperationKind, what: str) -> None:
    if kind not in session.able:
        raise RefusedError(f"this editor cannot {what}: use `reconciler mv`")


def _made(folder: Path, path: Path) -> types.CreateFile:
    """Ask for a new file; some editors make none in a folder that is not there."""
    name = path.relative_to(folder)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise RefusedError(f"{name.parent} cannot be made: {error.strerror}") from None
    return types.CreateFile(uri_of(path))


def _site(view: View) -> Site | None:
    """Find the key under the cursor; the key of a link is its pair, and has no name of its own."""
    site = view.analysis.index.at(view.document.path, view.at)
    return None if site is None or site.mention.pair else site


def _begin(site: Site) -> int:
    """Say where the key begins; before it may stand the kind, as in ``protect``."""
    return site.start + (len(site.address.kind) + 1 if site.mention.whole else 0)


def _inside(session: Session, view: View, edits: Edits) -> list[types.TextDocumentEdit]:
    found = []
    for path, pieces in edits.pieces.items():
        document = session.documents.at(path)
        file = next(s.file for s in view.analysis.sources.values() if s.path == path)
        text = document.text if document else view.analysis.text(file, view.encoding)
        assert text is not None
        changes = [
            types.TextEdit(text.range(start + text.shift, stop + text.shift), new)
            for start, stop, new in pieces
        ]
        version = document.version if document else None
        uri = document.uri if document else uri_of(path)
        item = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        found.append(types.TextDocumentEdit(item, list(changes)))
    return found


def _beside(
    session: Session, view: View, edits: Edits
) -> list[types.TextDocumentEdit | types.DeleteFile]:
    found: list[types.TextDocumentEdit | types.DeleteFile] = []
    for path, (before, after) in edits.beside.items():
        name = path.relative_to(view.analysis.folder)
        document = session.documents.at(path)
        if document is not None and document.text.whole != (before or ""):
            raise RefusedError(f"save {name} first: the rename changes it, too")
        if not after:
            _check_able(session, types.ResourceOperationKind.Delete, f"delete {name}")
            found.append(types.DeleteFile(uri_of(path)))
            continue
        item = types.OptionalVersionedTextDocumentIdentifier(uri_of(path), None)
        found.append(types.TextDocumentEdit(item, [_difference(before or "", after, view)]))
    return found


def _difference(before: str, after: str, view: View) -> types.TextEdit:
    """Make one edit of what lies between the beginning and the end that are the same."""
    start, most = 0, min(len(before), len(after))
    while start < most and before[start] == after[start]:
        start += 1
    end = 0
    while end < most - start and before[-1 - end] == after[-1 - end]:
        end += 1
    text = Text(before, view.encoding)
    return types.TextEdit(text.range(start, len(before) - end), after[start : len(after) - end])


def _told(error: ConfigurationError | UsageError) -> str:
    if isinstance(error, UsageError):
        return str(error)
    told = [_line(problem) for problem in error.problems[:MOST_TOLD]]
    more = len(error.problems) - len(told)
    return "; ".join([*told, *([f"and {more} more"] if more else [])])


def _line(problem: Problem) -> str:
    return f"{problem.message}: {problem.hint}" if problem.hint else problem.message


FEATURES = (
    Feature(types.TEXT_DOCUMENT_PREPARE_RENAME, prepare),
    Feature(types.TEXT_DOCUMENT_RENAME, rename, types.RenameOptions(prepare_provider=True)),
)

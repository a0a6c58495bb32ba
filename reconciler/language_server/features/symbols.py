"""What a file holds, as an outline; and every resource of all folders, by its name."""

from collections.abc import Iterator

from lsprotocol import types

from ...configuration.expand import TEMPLATES
from ...configuration.load import SETTINGS
from ...values.address import LINK_SEPARATOR
from ...yamltext.tree import Collection, Node, Scalar, entries, name_of
from ..documents import uri_of
from ..feature import Feature
from ..session import Session, View
from ..text import Text

MOST = 500
"""How many resources are found at once; who types on sees the others."""


def outline(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """Answer the kinds of a file, and in each the keys."""
    view = session.view(params.text_document.uri)
    tree = view.analysis.index.tree(view.document.path) if view else None
    if view is None or tree is None or tree.root is None:
        return None
    text = view.document.text
    return [
        _symbol(text, key, value, types.SymbolKind.Namespace, list(_inside(view, key, value)))
        for key, value in entries(tree.root)
        if isinstance(key, Scalar)
    ]


def find(session: Session, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
    """Answer the resources whose address holds what was typed."""
    typed, found = params.query.lower(), list[types.WorkspaceSymbol]()
    for analysis in session.analyses():
        for address, declared in analysis.declared.items():
            if typed not in f"{address.kind}.{address.key}":
                continue
            place = declared.position
            source, text = analysis.sources.get(place.file), None
            if source is not None:
                text = analysis.text(place.file, session.documents.encoding)
            if source is None or text is None:
                continue
            where = types.Location(uri_of(source.path), text.span(place))
            found.append(
                types.WorkspaceSymbol(
                    where, address.key, types.SymbolKind.Object, container_name=address.kind
                )
            )
            if len(found) == MOST:
                return found
    return found


def _inside(view: View, key: Scalar, value: Node) -> Iterator[types.DocumentSymbol]:
    text, kinds = view.document.text, view.analysis.kinds or {}
    kind = kinds.get(key.text)
    what = types.SymbolKind.Class if key.text == TEMPLATES else types.SymbolKind.Object
    what = types.SymbolKind.Property if key.text == SETTINGS else what
    for inner, item in entries(value):
        if isinstance(inner, Scalar):
            yield _symbol(text, inner, item, what, [])
    is_list = isinstance(value, Collection) and not value.mapping
    for item in value.children if is_list and isinstance(value, Collection) and kind else ():
        columns = {name_of(one): other for one, other in entries(item)}
        pair = [columns.get(part.column) for part in kind.natural_key] if kind else []
        name = LINK_SEPARATOR.join(one.text for one in pair if isinstance(one, Scalar))
        if name and isinstance(item, Collection):
            whole = _range(text, item.start, item.stop)
            first = types.Range(whole.start, whole.start)
            yield types.DocumentSymbol(name, types.SymbolKind.Object, whole, first)


def _symbol(
    text: Text, key: Scalar, value: Node, kind: types.SymbolKind, inside: list[types.DocumentSymbol]
) -> types.DocumentSymbol:
    whole = _range(text, key.start, max(key.stop, value.stop))
    chosen = _range(text, key.start, key.stop)
    return types.DocumentSymbol(key.text or "''", kind, whole, chosen, children=inside or None)


def _range(text: Text, start: int, stop: int) -> types.Range:
    """Give a range of the text; what is written last ends before the line's end."""
    begin, end = start + text.shift, stop + text.shift
    written = len(text.whole[begin:end].rstrip())
    return text.range(begin, begin + written)


FEATURES = (
    Feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, outline),
    Feature(types.WORKSPACE_SYMBOL, find),
)

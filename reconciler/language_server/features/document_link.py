"""Links from the settings of a folder to what they name: overlays, variables, the catalogue."""

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from ...configuration.load.files import absolute
from ...configuration.load.nodes import Node, Scalar, SequenceNode, locate, span
from ..documents import uri_of
from ..feature import Feature
from ..session import Session, View

_PATHS = (("editor", "overlays"), ("editor", "var_files"), ("catalogue", "path"))


def links(session: Session, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Answer each path that leads to a file or a folder; what is not there is no link."""
    view = session.view(params.text_document.uri)
    return list(_links(view)) if view else None


def _links(view: View) -> Iterator[types.DocumentLink]:
    loaded, text = view.analysis.loaded, view.document.text
    settings = loaded.settings if loaded else None
    source = view.analysis.sources.get(settings.origin.name) if settings else None
    if settings is None or source is None or source.path != view.document.path:
        return
    for path in _PATHS:
        for node in _scalars(locate(settings.value, path)):
            target = _there(view.analysis.folder, node.text)
            if target is not None:
                start, stop = span(node)
                where = text.range(start + text.shift, stop + text.shift)
                yield types.DocumentLink(where, uri_of(target))


def _scalars(node: Node) -> Iterator[Scalar]:
    for one in node.items if isinstance(node, SequenceNode) else [node]:
        if isinstance(one, Scalar) and one.text:
            yield one


def _there(folder: Path, name: str) -> Path | None:
    try:
        path = absolute(folder / name)
        return path if path.exists() else None
    except (OSError, ValueError):
        return None


FEATURES = (Feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, links),)

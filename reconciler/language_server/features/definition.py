"""Go to the definition of a key, and find every use of it."""

from collections.abc import Iterable

from lsprotocol import types

from ..documents import uri_of
from ..feature import Feature
from ..index import Site
from ..session import Session, View


def definition(session: Session, params: types.DefinitionParams) -> list[types.Location] | None:
    """Answer where the key under the cursor is given, in the folder and in each overlay."""
    view = session.view(params.text_document.uri, params.position)
    site = _site(view) if view else None
    if view is None or site is None:
        return None
    return locations(session, view, view.analysis.index.definitions(site.address))


def references(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """Answer every place that uses the key under the cursor; with its own where that is wanted."""
    view = session.view(params.text_document.uri, params.position)
    site = _site(view) if view else None
    if view is None or site is None:
        return None
    index = view.analysis.index
    own = params.context.include_declaration
    found = index.sites(site.address) if own else index.references(site.address)
    return locations(session, view, found)


def locations(session: Session, view: View, sites: Iterable[Site]) -> list[types.Location]:
    """Say where places are, as the protocol counts them."""
    found = []
    for site in sites:
        document = session.documents.at(site.path)
        text = document.text if document else view.analysis.text(site.file, view.encoding)
        if text is not None:
            where = text.range(site.start + text.shift, site.stop + text.shift)
            found.append(types.Location(document.uri if document else uri_of(site.path), where))
    return found


def _site(view: View) -> Site | None:
    return view.analysis.index.at(view.document.path, view.at)


FEATURES = (
    Feature(types.TEXT_DOCUMENT_DEFINITION, definition),
    Feature(types.TEXT_DOCUMENT_REFERENCES, references),
)

"""How often each resource is referred to, above its key."""

from lsprotocol import types

from ...diagnostics.words import count
from ..feature import Feature
from ..index import Site
from ..session import Session


def lenses(session: Session, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Answer one for each key that is given in a document."""
    view = session.view(params.text_document.uri)
    if view is None:
        return None
    counts, text = view.analysis.index.counts(), view.document.text
    found = []
    for mention in view.analysis.index.in_file(view.document.path):
        if mention.own:
            site = Site(view.document.path, "", mention)
            title = count(counts.get(site.address, 0), "reference")
            place = text.range(site.start + text.shift, site.stop + text.shift)
            found.append(types.CodeLens(place, types.Command(title, "")))
    return found


FEATURES = (Feature(types.TEXT_DOCUMENT_CODE_LENS, lenses, types.CodeLensOptions()),)

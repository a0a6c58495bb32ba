"""Formatting: a document as ``fmt`` would write it."""

from lsprotocol import types

from ...diagnostics import ReconcilerError
from ...format import formatted
from ..feature import Feature
from ..session import Session


def format_document(
    session: Session, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Answer one edit of the whole; nothing where the text cannot be formatted."""
    view = session.view(params.text_document.uri)
    if view is None or view.analysis.kinds is None:
        return None
    text = view.document.text
    try:
        after = formatted(text.whole, view.document.path.name, view.analysis.kinds)
    except ReconcilerError:
        return None  # the problems are marked already
    if after == text.whole:
        return []
    return [types.TextEdit(text.range(0, len(text.whole)), after)]


FEATURES = (Feature(types.TEXT_DOCUMENT_FORMATTING, format_document),)

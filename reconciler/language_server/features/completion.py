"""Completion: kinds, columns, choices, keys, parameters, variables, and whole resources."""

from lsprotocol import types

from ..context import Context, context_at
from ..feature import Feature
from ..offers import Offer, Offering
from ..session import Session, View

MOST = 200
"""How many are sent at once; editors ask again when more is typed."""
TRIGGERS = (":", " ", "-", "{", ",", "$", ".", "\n")


def completion(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """Answer what may be written at the cursor, the likely first."""
    view = session.glance(params.text_document.uri, params.position)
    if view is None or view.analysis.kinds is None:
        return None
    context = context_at(view.document.text, view.offset)
    if context is None:
        return None
    offering = Offering(view.analysis, context)
    typed = offering.typed
    offers = sorted(offering.all(), key=lambda offer: _distance(offer, typed))
    items = [_item(offer, context, view) for offer in offers[:MOST]]
    return types.CompletionList(is_incomplete=len(offers) >= MOST, items=items)


def _distance(offer: Offer, typed: str) -> int:
    """Say how far an offer is from what is typed: the nearest are sent, and the editor sorts."""
    shown = offer.shown.lower()
    return 0 if shown.startswith(typed) else 1 if typed in shown or offer.snippet else 2


def _item(offer: Offer, context: Context, view: View) -> types.CompletionItem:
    return types.CompletionItem(
        label=offer.shown,
        kind=offer.icon,
        detail=offer.detail or None,
        documentation=offer.about or None,
        sort_text=f"{offer.sort}{offer.shown}",
        filter_text=offer.shown,
        insert_text_format=(
            types.InsertTextFormat.Snippet if offer.snippet else types.InsertTextFormat.PlainText
        ),
        insert_text_mode=types.InsertTextMode.AdjustIndentation,
        text_edit=_edit(offer, context, view),
    )


def _edit(offer: Offer, context: Context, view: View) -> types.TextEdit:
    text = view.document.text
    start = context.start if offer.before is None else view.offset - offer.before
    stop = context.stop
    written = offer.shown if offer.written is None else offer.written
    if offer.after is not None:
        stop = view.offset + offer.after
        if text.whole[stop - 1 : stop] != "}":
            stop -= 1
    elif written.endswith((": ", ":\n  ")) and text.whole[stop : stop + 1] == ":":
        written = offer.shown  # the colon is there
    elif context.word[:1] in {'"', "'"} and not offer.snippet:
        written = context.word[0] + written
    return types.TextEdit(text.range(start, stop), written)


FEATURES = (
    Feature(
        types.TEXT_DOCUMENT_COMPLETION,
        completion,
        types.CompletionOptions(trigger_characters=TRIGGERS),
    ),
)

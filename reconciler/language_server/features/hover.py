"""What is known of the word under the cursor."""

from collections.abc import Iterator

from lsprotocol import types

from ...catalogue import Kind
from ...values.address import Address
from .. import about
from ..analysis import Analysis
from ..context import Context, context_at
from ..feature import Feature
from ..flow import ITEM
from ..session import Session, View

_MARKDOWN = types.MarkupKind.Markdown


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Answer in Markdown: the resource behind a key, what a kind or a column means, its value."""
    view = session.view(params.text_document.uri, params.position)
    if view is None or view.analysis.kinds is None:
        return None
    parts = [part for part in _parts(session, view) if part]
    if not parts:
        return None
    return types.Hover(types.MarkupContent(_MARKDOWN, about.joined(dict.fromkeys(parts))))


def _parts(session: Session, view: View) -> Iterator[str | None]:
    site = view.analysis.index.at(view.document.path, view.at)
    if site is not None:
        told = about.of_resource(view.analysis, site.address)
        yield told
        seen = session.live.get(view.analysis.folder)
        if told and seen:
            yield about.of_live(seen, site.address)
    context = context_at(view.document.text, view.offset)
    if context is not None and not (site and site.mention.own):
        yield from _of_path(view.analysis, _path(view, context), view)


def _path(view: View, context: Context) -> tuple[str, ...]:
    if context.value or (not context.word and context.start == context.stop):
        return context.path
    word = view.document.text.whole[context.start : context.stop].strip("\"' ")
    return (*context.path, word) if word else context.path


def _of_path(analysis: Analysis, path: tuple[str, ...], view: View) -> Iterator[str | None]:
    kinds = analysis.walker.kinds
    number = next((n for n, step in enumerate(path) if step in kinds), None)
    if not path:
        return
    template = analysis.walker.templates.get(path[0])
    if template and len(path) == 3:
        yield about.of_parameter(template, path[2])
    elif number is None or path[0] not in ("templates", "defaults", path[number]):
        yield analysis.walker.at(path).description or None
    else:
        yield from _of_kind(analysis, kinds[path[number]], path, number, view)


def _of_kind(
    analysis: Analysis, kind: Kind, path: tuple[str, ...], number: int, view: View
) -> Iterator[str | None]:
    rest = path[number + 1 :]
    if not rest:
        yield about.of_kind(kind)
        return
    name = rest[0] if path[0] == "defaults" else rest[1] if len(rest) > 1 else None
    if name is None:
        return
    told = about.of_column(kind, name) if len(rest) < 4 else None
    yield told or analysis.walker.at(path).description or None
    if told and number == 0:
        yield _overlay(analysis, kind, rest, view)


def _overlay(analysis: Analysis, kind: Kind, rest: tuple[str, ...], view: View) -> str | None:
    """Tell what an overlay says of a column, where it says something else than this file."""
    if rest[0] == ITEM:
        return None
    file = next((n for n, s in analysis.sources.items() if s.path == view.document.path), "")
    return about.from_overlay(analysis, Address(kind.name, rest[0]), rest[1], file)


FEATURES = (Feature(types.TEXT_DOCUMENT_HOVER, hover),)

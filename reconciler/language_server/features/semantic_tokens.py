"""Colours for what YAML itself does not know: keys of resources, references, and variables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lsprotocol import types

from ..context import in_comment
from ..feature import Feature
from ..session import Session, View

LEGEND = types.SemanticTokensLegend(
    token_types=[types.SemanticTokenTypes.Variable, types.SemanticTokenTypes.Parameter],
    token_modifiers=[types.SemanticTokenModifiers.Declaration],
)
_RESOURCE, _VARIABLE = 0, 1
_DECLARATION = 1
_NAMED = re.compile(r"(?<!\$)\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}\n]*)?\}")


class _Token(NamedTuple):
    start: int
    stop: int
    type: int
    modifiers: int


def tokens(session: Session, params: types.SemanticTokensParams) -> types.SemanticTokens | None:
    """Answer the tokens of a document, each as the distance to the one before it."""
    view = session.view(params.text_document.uri)
    if view is None:
        return None
    data: list[int] = []
    line = character = 0
    for token in sorted(_tokens(view)):
        place = view.document.text.range(token.start, token.stop)
        start, stop = place.start, place.end
        if start.line != stop.line:
            continue
        if start.line != line:
            character = 0
        data += (
            start.line - line,
            start.character - character,
            stop.character - start.character,
            token.type,
            token.modifiers,
        )
        line, character = start.line, start.character
    return types.SemanticTokens(data)


def _tokens(view: View) -> Iterator[_Token]:
    text, index, path = view.document.text, view.analysis.index, view.document.path
    for mention in index.in_file(path):
        node = mention.node
        if "${" not in node.text:
            quote = 1 if node.style in {'"', "'"} else 0
            start, stop = node.start + quote + text.shift, node.stop - quote + text.shift
            yield _Token(start, stop, _RESOURCE, _DECLARATION if mention.own else 0)
    for found in _NAMED.finditer(text.whole):
        row, column = text.lines.place(found.start())
        if not in_comment(text.line(row)[:column]):
            yield _Token(found.start(), found.end(), _VARIABLE, 0)


FEATURES = (Feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, tokens, LEGEND),)

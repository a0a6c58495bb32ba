"""Other values in a file of variables, each where the old one stands; the rest stays."""

import io
import re
from collections.abc import Iterator, Mapping

from ...yamltext.edits import Text
from ...yamltext.quotes import double_quoted, inline, single_quoted
from ...yamltext.spots import find
from ...yamltext.tree import Scalar, anchor_of

_BEFORE = re.compile(
    r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*=(?:[^\S\r\n]+(?=#)|[^\S\r\n]*)"
)
_SINGLE = re.compile(r"'(?:\\.|[^'\\])*'", re.DOTALL)
_DOUBLE = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)
_UNQUOTED = re.compile(r"[^\r\n]*?(?=[^\S\r\n]*(?:[^\S\r\n]#[^\r\n]*)?(?:[\r\n]|\Z))")
_SAFE = re.compile(r"[\w@%+=:,./-]*\Z")
"""What a shell, too, takes without quotes for just that."""
_WORD = re.compile(r"[-+]?[\w.]+\Z", re.ASCII)
"""What is a plain value in YAML; in such a file each is a text."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def edited_lines(text: str, values: Mapping[str, str]) -> str | None:
    """Edit a ``.env`` file; None where a name is not there."""
    from dotenv.parser import parse_stream  # it is slow to import, and few runs need it

    starts: dict[str, int] = {}
    at = 0
    for binding in parse_stream(io.StringIO(text, newline="")):
        if binding.key in values:
            starts[str(binding.key)] = at
        at += len(binding.original.string)
    if starts.keys() != values.keys():
        return None
    for name, start in sorted(starts.items(), key=lambda item: -item[1]):
        before = _BEFORE.match(text, start)
        if before is None:
            return None
        place = before.end()
        stop, written = _line_value(text, place, values[name])
        text = text[:place] + written + text[stop:]
    return text


def _line_value(text: str, place: int, value: str) -> tuple[int, str]:
    """Say where a value ends, and write another as it is written."""
    for pattern, quote in ((_SINGLE, _in_single), (_DOUBLE, _in_double)):
        found = pattern.match(text, place)
        if found:
            return found.end(), quote(value)
    unquoted = _UNQUOTED.match(text, place)
    empty = text[place : place + 1] == "#" and text[place - 1 : place].isspace()
    stop = place if empty or unquoted is None else unquoted.end()
    behind = " " if empty else ""
    plain = _SAFE.match(value) or (
        not _SAFE.match(text[place:stop]) and value.strip() == value and value.isprintable()
        and value[:1] not in "'\"#" and " #" not in value
    )  # fmt: skip
    if plain:
        return stop, value + behind
    return stop, (_in_single if value.isprintable() else _in_double)(value) + behind


def _in_single(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _in_double(value: str) -> str:
    return '"' + "".join(_ESCAPES.get(character, character) for character in value) + '"'


def edited_yaml(text: str, values: Mapping[str, str]) -> str | None:
    """Edit a YAML mapping; None where a name is not there, or others use its value."""
    edited = Text(text)
    for name, value in values.items():
        found = find(edited.tree.root, name)
        node = found.value if found else None
        if found is None or not isinstance(node, Scalar) or anchor_of(node) in edited.tree.aliased:
            return None
        written = next(_yaml_values(node, value, flow=found.parent.flow), None)
        if written is None:
            return None
        edited.replace(node.start, node.stop, written if node.size else f" {written}")
    return edited.changed()


def _yaml_values(node: Scalar, value: str, *, flow: bool) -> Iterator[str]:
    """Write a value as the old one is written: a plain number stays plain."""
    if node.style == '"':
        yield double_quoted(value)
    elif node.style == "'" and value.isprintable():
        yield single_quoted(value)
    elif node.plain and _WORD.match(value) and _WORD.match(node.text):
        yield value
    yield inline(value, flow=flow)

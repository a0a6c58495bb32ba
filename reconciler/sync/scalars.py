"""Another text in the place of a scalar, in the style that people gave it.

What they chose stays: the quotes, ``|`` or ``>`` with its comment, the depth of the lines, and
every line that says the same.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ..values.column import JSON
from ..yamltext.block import depth
from ..yamltext.emit import INDENT, LONG, WIDTH, wrapped
from ..yamltext.quotes import double_quoted, inline, single_quoted
from ..yamltext.read import read
from ..yamltext.spots import find
from ..yamltext.tree import Node, Scalar

_HEADER = re.compile(r"[|>][0-9+-]*")
_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_MOST_LINES = 2_000
_NARROWEST = 40


def in_style(source: str, node: Node, value: JSON, column: int, *, flow: bool) -> str | None:
    """Write a value as a scalar is written; None where its style is not for that value.

    ``column`` is where its key or its dash stands.
    """
    if not isinstance(value, str) or not isinstance(node, Scalar):
        return None
    if node.is_block:
        if _became_short(node, value) and not comment_of(source, node):
            return None
        written = source[node.start : node.stop].replace("\r\n", "\n")
        blocks = (_folded, _literal) if node.style == ">" else (_literal,)
        tries = (block(written, node.text, value, column) for block in blocks)
        return next((text for text in tries if text and _says(text, value, column)), None)
    if "\n" in value and "\n" not in node.text:
        return None
    if len(value) > LONG >= len(node.text):
        return None
    if node.style == "'" and value.isprintable():
        return single_quoted(value)
    if node.style == '"':
        return double_quoted(value)
    return inline(value, flow=flow)


def _became_short(node: Scalar, value: str) -> bool:
    return "\n" in node.text and "\n" not in value and len(value) <= LONG


def comment_of(source: str, node: Node) -> str:
    """Give the comment behind ``|`` or ``>``, with the spaces before it."""
    if not isinstance(node, Scalar) or not node.is_block:
        return ""
    found = _COMMENT.search(source[node.start : node.stop].partition("\n")[0])
    return found[0].rstrip() if found else ""


def _literal(written: str, said: str, value: str, column: int) -> str | None:
    header, _, body = written.partition("\n")
    old = body.split("\n")
    deep = _depth(old, said, column)
    new = value.removesuffix("\n").split("\n") if value else []
    lines = list(_kept_lines(old, [line[deep:] for line in old], new, " " * deep))
    return "\n".join((_header(header, "|", value, deep - column, new), *lines))


def _kept_lines(
    old: Sequence[str], said: Sequence[str], new: Sequence[str], pad: str
) -> Iterator[str]:
    """Write lines; those that were there keep every space, also where nothing else is on them."""
    if len(old) + len(new) > _MOST_LINES:
        said = []
    matcher = SequenceMatcher(None, said, new, autojunk=False)
    for verb, start, stop, new_start, new_stop in matcher.get_opcodes():
        if verb == "equal":
            yield from old[start:stop]
        else:
            yield from (pad + line if line else "" for line in new[new_start:new_stop])


def _folded(written: str, said: str, value: str, column: int) -> str | None:
    """Write paragraphs; lines that say the same stay, the others are filled anew."""
    header, _, body = written.partition("\n")
    old = body.split("\n")
    deep = _depth(old, said, column)
    stripped = [line[deep:] for line in old]
    if any(line.startswith((" ", "\t")) for line in stripped):
        return None
    known = _paragraphs(stripped)
    width = max([WIDTH - deep, _NARROWEST, *map(len, stripped)])
    lines: list[str] = []
    for number, part in enumerate(re.split(r"(\n+)", value.rstrip("\n"))):
        if number % 2:
            lines += [""] * len(part)
        elif part:
            near = min(number // 2, len(known) - 1)
            lines += known.get(part) or _filled(
                list(known.values())[near] if known else [], part, width
            )
    head = _header(header, ">", value, deep - column, lines)
    kept = ["" for _ in range(len(value) - len(value.rstrip("\n")) - 1)]
    return "\n".join((head, *(" " * deep + line if line else "" for line in lines), *kept))


def _paragraphs(lines: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    part: list[str] = []
    for line in (*lines, ""):
        if line.strip():
            part.append(line)
        elif part:
            found.setdefault(" ".join(part), part)
            part = []
    return found


def _filled(old: list[str], text: str, width: int) -> list[str]:
    """Fill lines with words; the old ones at the beginning and the end that fit stay."""
    first: list[str] = []
    for line in old:
        if not text.startswith(f"{line} "):
            break
        first.append(line)
        text = text[len(line) + 1 :]
    last: list[str] = []
    for line in reversed(old[len(first) :]):
        if not text.endswith(f" {line}"):
            break
        last.insert(0, line)
        text = text[: -len(line) - 1]
    return [*first, *wrapped(text, width), *last]


def _depth(old: Sequence[str], said: str, column: int) -> int:
    deep = depth(old, said) if said.strip() else 0
    return deep if deep > column else column + INDENT


def _header(header: str, mark: str, value: str, step: int, lines: Sequence[str]) -> str:
    """Write the line of ``|`` or ``>``: what it says stays, where it still fits."""
    found = _HEADER.match(header)
    marks = found[0][1:] if found else ""
    rest = header[len(marks) + 1 :]
    begins_deep = next((line for line in lines if line), "").startswith(" ")
    digit = "".join(filter(str.isdigit, marks)) or (str(step) if begins_deep else "")
    chomp = "".join(sign for sign in marks if sign in "+-")
    if not value.endswith("\n"):
        chomp = "-"
    elif value.endswith("\n\n") or value == "\n":
        chomp = "+"
    elif chomp == "-":
        chomp = ""
    return f"{mark}{digit}{chomp}{rest}"


def _says(text: str, value: str, column: int) -> bool:
    """Tell whether a block at a column would be read as a value."""
    said = find(read(f"{' ' * column}k: {text}\n").root, "k")
    return said is not None and isinstance(said.value, Scalar) and said.value.text == value

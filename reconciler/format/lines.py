"""Scalars of more than one line: their lines stay as they are, but for their indentation."""

from collections.abc import Iterable, Iterator
from enum import Enum

from ..yamltext.block import depth, is_blank
from ..yamltext.tree import Scalar, anchor_of

STEP = 2
_SPACE = " \t\r"


class Mark(Enum):
    """What is no line: an empty one, where it may be; the end of a text that keeps empty lines."""

    BLANK = "blank"
    KEPT = "kept"


Line = str | Mark


def settled(lines: Iterable[Line]) -> Iterator[str]:
    """Write empty lines, but not below a text that would take them for its own."""
    kept = False
    for line in lines:
        if isinstance(line, str):
            kept = False
            yield line
        elif line is Mark.KEPT:
            kept = True
        elif not kept:
            yield ""


def folded_lines(scalar: Scalar, raw: str, head: str, beside: str, indent: int) -> Iterator[str]:
    """Write a plain or quoted text that goes over several lines."""
    first, *others = raw.split("\n")
    lines = [f"{head} {_anchor(scalar)}{first}"]
    # Only these are space to YAML: a U+2028 at the end of a line is part of the text.
    lines += [" " * indent + line.lstrip(" \t") if line.strip(_SPACE) else "" for line in others]
    if not scalar.style:
        lines = [line.rstrip(_SPACE) for line in lines]
    yield from lines[:-1]
    yield lines[-1] + beside


def block_lines(scalar: Scalar, raw: str, head: str, beside: str, indent: int) -> Iterator[Line]:
    """Write a text of lines (``|`` or ``>``) below its key."""
    header, newline, content = raw.partition("\n")
    marks = header.split("#")[0].strip()
    keep = "".join(mark for mark in marks if mark in "+-")
    if scalar.text and not scalar.text.endswith("\n"):
        keep = "-"  # said, or the file ends without a line break
    lines = content.split("\n") if newline else []
    deep = depth(lines, scalar.text)
    while lines and is_blank(lines[-1], deep) and keep != "+":
        lines.pop()
    lines = [line[deep:] for line in lines]
    explicit = str(STEP) if next(filter(None, lines), "").startswith(" ") else ""
    yield f"{head} {_anchor(scalar)}{marks[0]}{explicit}{keep}{beside}"
    for line in lines:
        yield f"{' ' * indent}{line}" if line else ""
    if keep == "+":
        yield Mark.KEPT


def _anchor(scalar: Scalar) -> str:
    name = anchor_of(scalar)
    return f"&{name} " if name else ""

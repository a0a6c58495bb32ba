"""What an editor may do about a problem, where there is one right answer."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ..configuration.validate.suggest import meant
from ..diagnostics import Code, Problem
from ..yamltext.quotes import double_quoted, inline
from .text import Text

_TAG = re.compile(r"!\S*[ \t]*")
_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^{}\n]*)?\}")
_SPACES = "  "


class Fix(NamedTuple):
    """Characters that others take the place of, and what to call that."""

    title: str
    start: int
    stop: int
    text: str


class _Wrong(NamedTuple):
    problem: Problem
    text: Text
    start: int
    stop: int

    @property
    def written(self) -> str:
        """What stands there."""
        return self.text.whole[self.start : self.stop]

    def by(self, title: str, new: str, *, start: int | None = None, stop: int | None = None) -> Fix:
        """Put something else there, or in the place of a part."""
        begin = self.start if start is None else start
        return Fix(title, begin, self.stop if stop is None else stop, new)


def fixes(problem: Problem, text: Text, start: int, stop: int) -> Iterator[Fix]:
    """Iterate over what may be done about a problem that is marked between two offsets."""
    wrong = _Wrong(problem, text, start, stop)
    name = meant(problem.hint or "")
    if name is not None:
        yield _replace(wrong, name)
    fix = _OF_CODES.get(problem.code)
    if fix is not None:
        yield from fix(wrong)


def _replace(wrong: _Wrong, name: str) -> Fix:
    quote = wrong.written[:1] if wrong.written[:1] in {'"', "'"} else ""
    written = f"{quote}{name}{quote}" if quote else inline(name, flow=True)
    return wrong.by(f"Write {name}", written)


def _without_tag(wrong: _Wrong) -> Iterator[Fix]:
    found = _TAG.match(wrong.text.whole, wrong.start)
    if found:
        yield wrong.by("Take the tag away", "", stop=found.end())


def _quoted_variable(wrong: _Wrong) -> Iterator[Fix]:
    found = _VARIABLE.match(wrong.text.whole, wrong.start)
    if found:
        yield wrong.by("Put quotes around it", double_quoted(found[0]), stop=found.end())


def _spaces(wrong: _Wrong) -> Iterator[Fix]:
    """Write spaces for the tabs that a line begins with."""
    starts = wrong.text.lines.starts
    row, _ = wrong.text.lines.place(wrong.start)
    line = wrong.text.line(row)
    lead = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in lead:
        new = lead.replace("\t", _SPACES)
        begin = starts[row]
        yield wrong.by("Write spaces for tabs", new, start=begin, stop=begin + len(lead))


def _without_block(wrong: _Wrong) -> Iterator[Fix]:
    """Take a key away, with all lines that stand below it."""
    text, starts = wrong.text, wrong.text.lines.starts
    row, column = text.lines.place(wrong.start)
    if text.line(row)[:column].strip():
        return  # in brackets, or behind a dash: other commas and dashes would be left
    last = row + 1
    while last < len(starts) and _is_inside(text.line(last), column):
        last += 1
    stop = starts[last] if last < len(starts) else len(text.whole)
    yield wrong.by(f"Take {wrong.written} out", "", start=starts[row], stop=stop)


def _is_inside(line: str, column: int) -> bool:
    indent = len(line) - len(line.lstrip(" "))
    return bool(line.strip()) and (indent > column or line[indent : indent + 2] == "- ")


_OF_CODES: Mapping[Code, Callable[[_Wrong], Iterator[Fix]]] = {
    "read-only-kind": _without_block,
    "server-column": _without_block,
    "tab": _spaces,
    "tag": _without_tag,
    "yaml-syntax": _quoted_variable,
}

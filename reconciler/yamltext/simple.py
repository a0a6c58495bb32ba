"""The lines that most files consist of, found by regular expressions instead of the C parser.

    contacts:                                  contact_bookings:
      jane-doe:                                  - contact_id: jane-doe
        first_name: Jane                           booking_id: summer-stay
        phone: "+31 6 12345678"                  - {contact_id: jane-doe, booking_id: winter-stay}

A *block* is a key or a dash with a mapping of names and single values: plain, or in quotes without
an escape, or, on a line of its own, an empty list or mapping. Everything else is *odd*, and is for
the parser: so is all that is only doubtful. What an odd part is cut out of goes on below it, since
a block begins a line that no value can continue to: if the parser can read the part alone, it reads
the same in the whole text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_ODD = "\0-\x1f\x7f-\xa0\u2028\u2029\ud800-\uffff\U000f0000-\U0010ffff"
"""What is left to the parser: controls, ends of lines to anybody, and all that is rare.

Wide spaces are letters to YAML. Patterns say what they do not take: `re` looks at each character of
a range when it compiles one, and the ranges that they take are ten times as wide.
"""
_INSIDE = rf"[^{_ODD} #:]"
_PLAIN = rf"(?:[^{_ODD} !-#%-')*,:-@\[-^`{{-~-]|-(?=\w)){_INSIDE}*+(?:(?: ++|:){_INSIDE}++)*+"
_QUOTED = rf"\"[^{_ODD}\"\\]*+\"|'[^{_ODD}']*+'"
_VALUE = rf"(?:{_PLAIN}|{_QUOTED}|\[\]|\{{\}})"
_IN_BRACES = r"(?:[\w/+(.][\w@./+()-]*+|\"[\w @./+()-]*+\")"
_NAME = "[a-z][a-z0-9_]{,99}"
_COLUMNS = rf"((?:(?:(?<= )|(?<=\n)    ){_NAME}: {_VALUE}\n)++)"
_FLOW = rf"(\{{{_NAME}: {_IN_BRACES}(?:, {_NAME}: {_IN_BRACES})*+\}})\n"

_MANY = 100
_DOUBTFUL = "\r\x85\u2028\u2029\ufeff"
"""Where these are, lines may begin elsewhere than it seems."""
_GAP = re.compile(rf"(?: *+(?:#[^{_ODD}]*+)?\n)*+")
_SECTION = re.compile(rf"({_NAME}):\n")
_KEYED = re.compile(rf"  ([a-z0-9][a-z0-9_-]{{,254}}):(?:\n    {_COLUMNS}| {_FLOW})")
_ITEM = re.compile(rf"  (-) (?:{_COLUMNS}|{_FLOW})")
_TOP = re.compile(r"\n(?=[^\s#])")
_INNER = re.compile(r"\n(?=(?:  )?[^\s#])")
_BELOW = re.compile(r"  [^\s#]")
_AT_TOP = re.compile(r"^[^\s#]", re.MULTILINE)
_FIRST_KEY = re.compile(r"  [a-z0-9][a-z0-9_-]*+:")


class Shape:
    """The names of a block, in their order; all blocks of a text that have them share it.

    Once many have it, a pattern takes their values out: in half the time, but it has to be made.
    """

    __slots__ = ("_in_braces", "_pattern", "_used", "names")

    def __init__(self, names: tuple[str, ...], *, in_braces: bool) -> None:
        self.names = names
        self._in_braces = in_braces
        self._used = 0
        self._pattern: re.Pattern[str] | None = None

    def values(self, text: str, place: int, stop: int) -> Sequence[str]:
        """Give the values of a block as they are written, in quotes or plain."""
        if self._pattern and (found := self._pattern.match(text, place)):
            return found.groups()
        lines, _, _ = lines_of(text, place, stop)
        return [line.partition(": ")[2] for line in lines]

    def count(self) -> None:
        """Count a block that has it, for which no pattern was needed."""
        self._used += 1
        if self._used == _MANY:
            self._pattern = re.compile(self._written())

    def _written(self) -> str:
        if self._in_braces:
            return rf"\{{{', '.join(f'{name}: ([^,}}]*)' for name in self.names)}\}}"
        return "\n    ".join(f"{name}: (.*)" for name in self.names)

    def fits(self, text: str, place: int, stop: int) -> bool:
        """Tell whether a block is surely of this shape."""
        found = self._pattern and self._pattern.match(text, place)
        return bool(found and found.end() == stop)


class Block(NamedTuple):
    """One mapping of single values, and its key (of an item ``-``), which begins at ``start``.

    The mapping begins at ``place``, and ends before ``stop``.
    """

    key: str
    start: int
    place: int
    stop: int
    shape: Shape


class Odd(NamedTuple):
    """Whole lines that the parser has to read, none of which a block before or behind needs."""

    start: int
    stop: int


class Section(NamedTuple):
    """A name at the beginning of a line with what stands below, which is a list or a mapping."""

    name: str
    start: int
    is_list: bool
    parts: list[Block | Odd]

    @property
    def place(self) -> int:
        """Where what stands below begins: two spaces into its first line."""
        first = self.parts[0]
        return first.start if isinstance(first, Block) else first.start + 2


class _DoubtError(Exception):
    """The text is for the parser."""


def sections(text: str) -> list[Section | Odd] | None:
    """Cut a text into sections of blocks and odd parts; None where the parser must read it all."""
    if any(character in text for character in _DOUBTFUL):
        return None
    try:
        return list(_Cutter(text).cut())
    except _DoubtError:
        return None


class Blocks:
    """Finds single blocks of a text, where a resource is known to begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        doubtful = any(character in text for character in _DOUBTFUL)
        self._tops = [] if doubtful else [found.start() for found in _AT_TOP.finditer(text)]

    def span(self, start: int) -> tuple[int, int] | None:
        """Give where the lines of a block begin and end, whose key begins at a place.

        None where it is for the parser. Its section begins with a plain key, so that it is no part
        of anything in brackets.
        """
        text, begin, number = self._text, start - 2, bisect_right(self._tops, start) - 1
        head = _SECTION.match(text, self._tops[number]) if number >= 0 else None
        first = _GAP.match(text, head.end()) if head else None
        if not (first and _FIRST_KEY.match(text, first.end())):
            return None
        found = _KEYED.match(text, begin) if text[begin - 1 : begin] == "\n" else None
        rest = _GAP.match(text, found.end()) if found else None
        if not (found and rest) or text.startswith("   ", rest.end()):
            return None  # it goes on with lines that are not simple
        return begin, found.end()


def lines_of(text: str, place: int, stop: int) -> tuple[list[str], int, int]:
    """Give the ``name: value`` of a block's mapping, where the first is, and what is between."""
    if text[place] == "{":
        return text[place + 1 : stop - 1].split(", "), place + 1, 2
    return text[place:stop].split("\n    "), place, 5


class _Cutter:
    def __init__(self, text: str) -> None:
        self._text = text
        self._shapes: dict[tuple[bool, tuple[str, ...]], Shape] = {}
        self._last = Shape((), in_braces=False)

    def cut(self) -> Iterator[Section | Odd]:
        text = self._text
        at = self._gap(0)
        while at < len(text):
            if text[at].isspace() or text[at] in "#?":
                raise _DoubtError  # no name begins here
            head = _SECTION.match(text, at)
            below = self._gap(head.end()) if head else at
            if head and _BELOW.match(text, below):
                parts, end = self._parts(below)
                yield Section(head[1], at, text[below + 2] == "-", parts)
            else:
                end = self._end(_TOP, at)
                yield Odd(at, end)
            at = end

    def _parts(self, at: int) -> tuple[list[Block | Odd], int]:
        """Cut what is two spaces deep, up to the next line that is not."""
        text, size = self._text, len(self._text)
        pattern = _ITEM if text[at + 2] == "-" else _KEYED
        parts: list[Block | Odd] = []
        while at < size and ((found := pattern.match(text, at)) or _BELOW.match(text, at)):
            block = self._block(found) if found else None
            end = self._gap(found.end()) if found and block else at
            if block is not None and not text.startswith("   ", end):
                parts.append(block)
            else:
                if text[at + 2] == "?":
                    raise _DoubtError
                end = self._end(_INNER, at)
                last = parts[-1] if parts else None
                if isinstance(last, Odd):
                    parts[-1] = Odd(last.start, end)
                else:
                    parts.append(Odd(at, end))
            at = end
        return parts, at

    def _block(self, found: re.Match[str]) -> Block | None:
        """Make a block; None where a name is given twice."""
        place, stop = found.span(2) if found[2] else found.span(3)
        stop -= bool(found[2])
        if not self._last.fits(self._text, place, stop):
            lines, _, _ = lines_of(self._text, place, stop)
            names = tuple([line.partition(":")[0] for line in lines])
            if len(set(names)) < len(names):
                return None
            key = bool(found[3]), names
            self._last = self._shapes.setdefault(key, Shape(names, in_braces=key[0]))
            self._last.count()
        return Block(found[1], found.start(1), place, stop, self._last)

    def _gap(self, at: int) -> int:
        """Go over comments and empty lines."""
        found = _GAP.match(self._text, at)
        return found.end() if found else at

    def _end(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.search(self._text, at)
        return found.end() if found else len(self._text)

r"""PyYAML's C scanner, for YAML 1.2 as editors and JSON see it.

It speaks YAML 1.1: U+0085, U+2028 and U+2029 are line breaks to it, a text of lines may not begin
with a tab, and ``\ud83d\ude00`` is no character. Before it reads a text, these are exchanged for
characters that stand nowhere in it, one for one, so that every mark is right as it is; in what it
gives back they are put in again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from yaml import Event, ScalarEvent, YAMLError
from yaml._yaml import CParser

_SEPARATORS = re.compile("[\x85\u2028\u2029]")
_PAIR = re.compile(
    r"(?<!\\)((?:\\\\)*)\\(u[dD][89abAB][0-9a-fA-F]{2})\\(u[dD][c-fC-F][0-9a-fA-F]{2})"
)
_TAB_FIRST = re.compile(
    r"((?:[-:?]|(?:^|\s)[&!]\S+)[ \t]+[|>][-+0-9]{0,2}[ \t]*(?:#[^\n]*)?\r?\n(?: *\r?\n)* +)\t",
    re.MULTILINE,
)
_CONFLICT = re.compile(
    r"^<{7}(?: [^\n]*)?\r?$(?=[\s\S]*?^(?:={7}|>{7}(?: [^\n]*)?)\r?$)", re.MULTILINE
)
_BLOCK = ("|", ">")
_FIRST_FREE, _LAST_FREE = 0xF0000, 0xFFFFD


class Parser(Protocol):
    """What reads a text, event by event; raises YAMLError where it is not YAML."""

    def get_event(self) -> Event | None:
        """Give the next event, or None at the end."""


def parser_of(text: str) -> Parser:
    """Make a parser of a text; marks and values of its events are those of the text."""
    exchange = _exchange(text)
    return _Restoring(exchange) if exchange.text != text else CParser(text)


def find_conflict(text: str) -> int | None:
    """Find where git left the marks of a merge that nobody resolved: the line, from 0."""
    found = _CONFLICT.search(text) if "<<<<<<<" in text else None
    return text.count("\n", 0, found.start()) if found else None


@dataclass(frozen=True, slots=True)
class _Exchange:
    """A text for the scanner, and which character of it stands for which."""

    text: str
    plain: dict[int, str]
    tab: str
    half: str

    def restored(self, event: ScalarEvent) -> str:
        value = str(event.value)
        if self.half in value:
            if event.style == '"':
                pair = f"{self.half}u(....){self.half}u(....)"
                value = re.sub(pair, _joined, value)
            value = value.replace(self.half, "\\")
        return value.translate(self.plain)


class _Restoring:
    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange
        self._parser = CParser(exchange.text)

    def get_event(self) -> Event | None:
        event: Event | None = self._parser.get_event()
        if isinstance(event, ScalarEvent):
            event.value = self._exchange.restored(event)
        return event


def _exchange(text: str) -> _Exchange:
    separators = not text.isascii() and _SEPARATORS.search(text) is not None
    pairs = "\\u" in text and _PAIR.search(text) is not None
    tabs = "\t" in text and _TAB_FIRST.search(text) is not None
    if not (separators or pairs or tabs):
        return _Exchange(text, {}, "", "")
    free = _free(text)
    tab, half = next(free), next(free)
    plain = {ord(tab): "\t"}
    if separators:
        for character in "\x85\u2028\u2029":
            place = next(free)
            text = text.replace(character, place)
            plain[ord(place)] = character
    if pairs:
        text = _PAIR.sub(rf"\1{half}\2{half}\3", text)
    if tabs:
        with_tabs = _Exchange(_TAB_FIRST.sub(rf"\1{tab}", text), plain, tab, half)
        if _tabs_begin_blocks(with_tabs):
            return with_tabs
    return _Exchange(text, plain, tab, half)


def _tabs_begin_blocks(exchange: _Exchange) -> bool:
    """Tell whether no tab was exchanged in quotes, where it would have meant nothing."""
    parser = CParser(exchange.text)
    try:
        while (event := parser.get_event()) is not None:
            if (
                isinstance(event, ScalarEvent)
                and event.style not in _BLOCK
                and exchange.tab in event.value
            ):
                return False
    except YAMLError:
        pass  # it is reported when the text is read
    return True


def _free(text: str) -> Iterator[str]:
    """Find characters that a text has neither as such nor as an escape."""
    lower = text.lower() if "\\" in text else ""
    for number in range(_FIRST_FREE, _LAST_FREE):
        if chr(number) not in text and f"{number:x}" not in lower:
            yield chr(number)


def _joined(match: re.Match[str]) -> str:
    high, low = int(match[1], 16), int(match[2], 16)
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

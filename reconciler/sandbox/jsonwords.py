"""What is wrong with a JSON text, in the words of the JSON library that PostgREST is built with.

It reads nothing: it is asked only about texts that something else could not read. Of nested
places the outermost is named, as there.
"""

import re
from typing import NamedTuple

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?").match
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"').match
_SHORT = "not enough input"
_NOT_SHOWN = str.maketrans("", "", '\t\r "/\\')


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, at: int, what: str, expected: str | None = None) -> None:
        super().__init__(what)
        self.at, self.what, self.expected = at, what, expected


class _Place(NamedTuple):
    text: str
    at: int

    @property
    def here(self) -> str:
        """The next character that is no blank; raises at the end."""
        if self.at >= len(self.text):
            raise _Wrong(self.at, _SHORT)
        return self.text[self.at]

    def move(self, to: int) -> "_Place":
        while to < len(self.text) and self.text[to] in " \n\r\t":
            to += 1
        return _Place(self.text, to)


def json_problem(text: str) -> str | None:
    """Say what is wrong with a text that is no JSON; None of one that is."""
    try:
        end = _value(_Place(text, 0).move(0))
        if end.at == len(text):
            return None
        raise _Wrong(end.at, "endOfInput")
    except _Wrong as wrong:
        expected = f". Expecting {wrong.expected}" if wrong.expected else ""
        rest = text[wrong.at :].encode()[:100].decode(errors="replace")
        shown = rest.translate(_NOT_SHOWN).partition("\n")[0]
        return f"Error in $: {wrong.what}{expected}" + (f" at '{shown}'" if shown else "")


def _value(place: _Place) -> _Place:
    here = place.here
    if here in "{[":
        return _inside(place, here)
    if here == '"':
        return _matched(place, _STRING(place.text, place.at))
    if here in "-0123456789":
        return _matched(place, _NUMBER(place.text, place.at))
    for word in ("true", "false", "null"):
        if here == word[0]:
            if place.text.startswith(word, place.at):
                return place.move(place.at + len(word))
            raise _Wrong(place.at, "string")
    raise _Wrong(place.at, "Failed reading: not a valid json value")


def _inside(place: _Place, bracket: str) -> _Place:
    end = "}" if bracket == "{" else "]"
    place = place.move(place.at + 1)
    if place.here == end:
        return place.move(place.at + 1)
    while True:
        place = _pair(place) if bracket == "{" else _labelled("json list value", place)
        if place.at >= len(place.text):
            raise _Wrong(place.at, _SHORT, f"',' or '{end}'")
        if place.here not in f",{end}":
            raise _Wrong(place.at, "Failed reading: satisfy", f"',' or '{end}'")
        done, place = place.here == end, place.move(place.at + 1)
        if done:
            return place


def _pair(place: _Place) -> _Place:
    if place.at >= len(place.text):
        raise _Wrong(place.at, _SHORT, "object key")
    if place.here != '"':
        raise _Wrong(place.at, "Failed reading: satisfy", "object key")
    place = _labelled("object key", place)
    if place.at >= len(place.text):
        raise _Wrong(place.at, _SHORT, "':'")
    if place.here != ":":
        raise _Wrong(place.at, "Failed reading: satisfy", "':'")
    return _labelled("object value", place.move(place.at + 1))


def _labelled(name: str, place: _Place) -> _Place:
    try:
        return _value(place)
    except _Wrong as wrong:
        raise _Wrong(wrong.at, wrong.what, name) from None


def _matched(place: _Place, found: re.Match[str] | None) -> _Place:
    if found is None:
        raise _Wrong(len(place.text), _SHORT)
    return place.move(found.end())

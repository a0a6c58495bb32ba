"""What is wrong with a JSON text, in the words of the JSON library that PostgREST is built with.

It reads nothing: it is asked only about texts that something else could not read. Of nested
places the outermost is named, as there. Two of its habits are kept: it looks at plain ASCII in
another way than at texts with escapes or other bytes, and only there sees control characters.
Compared with the library itself (aeson 2.0.3) on the texts in the tests.
"""

import re
from typing import NamedTuple

_NUMBER = re.compile(rb"-?(?:(0\d)|\d+)").match
_FRACTION = re.compile(rb"\.(\d*)").match
_EXPONENT = re.compile(rb"[eE][+-]?\d+").match
_PLAIN = re.compile(rb'[^"\\\x00-\x1f\x80-\xff]*').match
_SLOW = re.compile(rb'(?:[^"\\]|\\.)*', re.DOTALL).match
_ESCAPES = re.compile(
    rb"""\\(?:u[dD](?:([89abAB])|([c-fC-F]))[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt]|(.))""",
    re.DOTALL,
).finditer
"""Groups: the first half of a surrogate pair, the second half, no escape at all."""
_SHORT = "not enough input"
_UNDECODABLE = (
    "Failed reading: Cannot decode input: "
    "Data.Text.Internal.Encoding.decodeUtf8: Invalid UTF-8 stream"
)
_NOT_SHOWN = b'\t\r "/\\'


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    def __init__(self, at: int, what: str, expected: str | None = None) -> None:
        super().__init__(what)
        self.at, self.what, self.expected = at, what, expected


class _Place(NamedTuple):
    text: bytes
    at: int

    @property
    def here(self) -> bytes:
        """The next byte that is no blank; raises at the end."""
        if self.at >= len(self.text):
            raise _Wrong(self.at, _SHORT)
        return self.text[self.at : self.at + 1]

    def move(self, to: int) -> "_Place":
        while to < len(self.text) and self.text[to] in b" \n\r\t":
            to += 1
        return _Place(self.text, to)


def json_problem(text: bytes) -> str | None:
    """Say what is wrong with a text that is no JSON; None of one that is."""
    try:
        end = _value(_Place(text, 0).move(0))
        if end.at == len(text):
            return None
        raise _Wrong(end.at, "endOfInput")
    except _Wrong as wrong:
        expected = f". Expecting {wrong.expected}" if wrong.expected else ""
        rest = text[wrong.at : wrong.at + 100].translate(None, _NOT_SHOWN).partition(b"\n")[0]
        shown = rest.decode(errors="replace")
        return f"Error in $: {wrong.what}{expected}" + (f" at '{shown}'" if shown else "")


def _value(place: _Place) -> _Place:
    here = place.here
    if here in b"{[":
        return _inside(place, here)
    if here == b'"':
        return _string(place)
    if here in b"-0123456789":
        return _number(place)
    for word in (b"true", b"false", b"null"):
        if here == word[:1]:
            return _word(place, word)
    raise _Wrong(place.at, "Failed reading: not a valid json value")


def _word(place: _Place, word: bytes) -> _Place:
    rest = place.text[place.at : place.at + len(word)]
    if rest == word:
        return place.move(place.at + len(word))
    raise _Wrong(place.at, _SHORT if word.startswith(rest) else "string")


def _string(place: _Place) -> _Place:
    text = place.text
    start = place.at + 1
    end = _end(_PLAIN(text, start))
    if end == len(text):
        raise _Wrong(end, "Failed reading: string without end")
    if text[end] < 0x20:
        raise _Wrong(end, "Failed reading: unescaped control character")
    if text[end : end + 1] != b'"':
        end = _end(_SLOW(text, end))
        if end >= len(text) or text[end : end + 1] == b"\\":
            raise _Wrong(len(text), _SHORT)
        if not _is_decodable(text[start:end]):
            raise _Wrong(end + 1, _UNDECODABLE)
    return place.move(end + 1)


def _is_decodable(inside: bytes) -> bool:
    try:
        inside.decode()
    except UnicodeDecodeError:
        return False
    second_at = -1
    for found in _ESCAPES(inside):
        first, second, none = found.groups()
        is_due = second_at >= 0
        if none or is_due != bool(second) or (is_due and second_at != found.start()):
            return False
        second_at = found.end() if first else -1
    return second_at < 0


def _number(place: _Place) -> _Place:
    text = place.text
    found = _NUMBER(text, place.at)
    if found is None:
        raise _Wrong(
            place.at + 1, _SHORT if place.at + 1 == len(text) else "Failed reading: takeWhile1"
        )
    end = found.end()
    if found[1]:
        digits = re.compile(rb"\d*").match(text, end)
        raise _Wrong(_end(digits), "Failed reading: leading zero")
    fraction = _FRACTION(text, end)
    if fraction is not None:
        end = fraction.end()
        if not fraction[1]:
            raise _Wrong(end, _SHORT if end == len(text) else "Failed reading: takeWhile1")
    exponent = _EXPONENT(text, end)
    return place.move(exponent.end() if exponent else end)


def _inside(place: _Place, bracket: bytes) -> _Place:
    end = b"}" if bracket == b"{" else b"]"
    place = place.move(place.at + 1)
    if place.here == end:
        return place.move(place.at + 1)
    expected = f"',' or '{end.decode()}'"
    while True:
        place = _pair(place) if bracket == b"{" else _labelled("json list value", place)
        if place.at >= len(place.text):
            raise _Wrong(place.at, _SHORT, expected)
        if place.here not in (b",", end):
            raise _Wrong(place.at, "Failed reading: satisfy", expected)
        done, place = place.here == end, place.move(place.at + 1)
        if done:
            return place


def _pair(place: _Place) -> _Place:
    if place.at >= len(place.text):
        raise _Wrong(place.at, _SHORT, "object key")
    if place.here != b'"':
        raise _Wrong(place.at, "Failed reading: satisfy", "object key")
    place = _labelled("object key", place)
    if place.at >= len(place.text):
        raise _Wrong(place.at, _SHORT, "':'")
    if place.here != b":":
        raise _Wrong(place.at, "Failed reading: satisfyWith", "':'")
    return _labelled("object value", place.move(place.at + 1))


def _labelled(name: str, place: _Place) -> _Place:
    try:
        return _value(place)
    except _Wrong as wrong:
        raise _Wrong(wrong.at, wrong.what, name) from None


def _end(found: re.Match[bytes] | None) -> int:
    assert found is not None, "the pattern matches nothing, too"
    return found.end()

"""CSV as a body, read as the library that PostgREST is built with reads it (cassava 0.5.3).

A quoted field that is not ended reaches to the end, and its last byte is taken for the quote.
"""

import re
from collections.abc import Iterator

from .mismatch import shown

Row = dict[str, str | None]

_PLAIN = re.compile(rb'[^",\r\n]*').match
_QUOTED = re.compile(rb'"((?:[^"]|"")*"?)').match
_LINE_END = re.compile(rb"\r\n|\n|\r").match
_SHOWN = 100


def read_csv(body: bytes) -> list[Row]:
    """Make an object of each line; the text NULL, and nothing else, is null.

    Fields without a name are dropped, lines of nothing are passed over. Raises ValueError, with
    the words for it; of bytes that are no text, UnicodeDecodeError.
    """
    lines = _lines(body)
    header = [field.decode() for field in next(lines)]
    values = ([None if field == b"NULL" else field.decode() for field in line] for line in lines)
    return [dict(zip(header, line, strict=False)) for line in values if line != [""]]


def _lines(body: bytes) -> Iterator[list[bytes]]:
    """Split into lines of fields; the first one has to be ended by a newline."""
    at, is_first = 0, True
    while True:
        fields, at = _line(body, at)
        ended = _LINE_END(body, at)
        if ended is None and at < len(body):
            raise _wrong("Failed reading: satisfy", body[at:])
        if ended is None and is_first:
            raise _wrong("not enough input", b"")
        yield fields
        if ended is None:
            return
        at, is_first = ended.end(), False


def _line(body: bytes, at: int) -> tuple[list[bytes], int]:
    fields: list[bytes] = []
    while True:
        field, at = _field(body, at)
        fields.append(field)
        if body[at : at + 1] != b",":
            return fields, at
        at += 1


def _field(body: bytes, at: int) -> tuple[bytes, int]:
    quoted = _QUOTED(body, at)
    if quoted is None:
        plain = _PLAIN(body, at)
        assert plain is not None, "the pattern matches nothing, too"
        return plain[0], plain.end()
    inside = quoted[1][:-1]
    if inside.count(b'"') % 2:
        raise _wrong("Failed reading: insufficient input", body[quoted.end() :])
    return inside.replace(b'""', b'"'), quoted.end()


def _wrong(what: str, rest: bytes) -> ValueError:
    text = rest.decode("latin-1")  # the library shows bytes
    at = shown(text) if len(text) <= _SHOWN else f"{text[:_SHOWN]} (truncated)"
    return ValueError(f"parse error ({what}) at {at}")

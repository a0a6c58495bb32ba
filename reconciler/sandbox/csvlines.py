"""CSV as a body, read as strictly as the library that PostgREST is built with reads it."""

import re
from collections.abc import Iterator

from .mismatch import shown

Row = dict[str, str | None]

_FIELD = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)').match
_SHOWN = 100


def read_csv(text: str) -> list[Row]:
    """Make an object of each line; the text NULL, and nothing else, is null.

    Fields without a name are dropped, lines of nothing are passed over. Raises ValueError, with
    the words for it.
    """
    lines = _lines(text)
    header = next(lines)
    values = ([None if field == "NULL" else field for field in line] for line in lines)
    return [dict(zip(header, line, strict=False)) for line in values if line != [""]]


def _lines(text: str) -> Iterator[list[str]]:
    """Split into lines of fields; the first one has to be ended by a newline."""
    at, fields, is_first = 0, list[str](), True
    while True:
        found = _FIELD(text, at)
        if found is None:
            rest = text[text.index('"', at) :]
            raise _wrong("Failed reading: satisfy" if is_first else "endOfInput", rest)
        quoted, plain, end = found.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if end == ",":
            continue
        if not end and is_first:
            raise _wrong("not enough input", "")
        yield fields
        if not end:
            return
        fields, is_first = [], False


def _wrong(what: str, rest: str) -> ValueError:
    rest = rest.encode().decode("latin-1")  # the library shows bytes
    at = shown(rest) if len(rest) <= _SHOWN else f"{rest[:_SHOWN]} (truncated)"
    return ValueError(f"parse error ({what}) at {at}")

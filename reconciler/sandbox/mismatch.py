"""Where parsing stopped and why, and how Parsec puts that into words."""

from typing import NamedTuple

UNEXPECTED_TOKEN, UNEXPECTED, EXPECTED, FREE = range(4)


class Mismatch(NamedTuple):
    """Where parsing stopped (a 0-based offset) and what was unexpected or expected there."""

    at: int
    messages: tuple[tuple[int, str], ...]


def describe(mismatch: Mismatch) -> str:
    """Say what was unexpected and what was expected, on one line."""
    by_kind = [_texts(mismatch, kind) for kind in range(4)]
    token, unexpected, expected, free = by_kind
    parts: list[str] = []
    if unexpected:
        parts.append("unexpected " + _alternatives(unexpected))
    elif token:
        parts.append("unexpected " + (token[0] or "end of input"))
    if any(expected):
        parts.append("expecting " + _alternatives(expected))
    if any(free):
        parts.append(_alternatives(free))
    return " ".join(parts) if mismatch.messages else "unknown parse error"


def place(mismatch: Mismatch, text: str) -> tuple[int, int]:
    """Turn an offset into line and column, both from 1; a tab moves to the next stop of 8."""
    line, column = 1, 1
    for char in text[: mismatch.at]:
        if char == "\n":
            line, column = line + 1, 1
        elif char == "\t":
            column += 8 - (column - 1) % 8
        else:
            column += 1
    return line, column


def merged(one: Mismatch, other: Mismatch) -> Mismatch:
    """Keep the mismatch that says something, else the further one, else both."""
    if not other.messages:
        return one if one.messages else other
    if not one.messages or one.at < other.at:
        return other
    if one.at > other.at:
        return one
    return Mismatch(one.at, one.messages + other.messages)


def unexpected_at(text: str, at: int) -> Mismatch:
    """Name the character at a place; an empty name is the end of the input."""
    return Mismatch(at, ((UNEXPECTED_TOKEN, shown(text[at]) if at < len(text) else ""),))


def shown(text: str) -> str:
    """Write a text as a Haskell string literal."""
    return '"' + "".join(_escaped(char, '"') for char in text) + '"'


def shown_char(found: str) -> str:
    """Write a character as a Haskell character literal."""
    return f"'{_escaped(found, chr(39))}'"


_CONTROLS = """
NUL SOH STX ETX EOT ENQ ACK a b t n v f r SO SI
DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US
""".split()  # noqa: SIM905 - it is read as a list of words
_ESCAPES = {"\\": "\\\\", "\x7f": "\\DEL"} | {
    chr(number): f"\\{name}" for number, name in enumerate(_CONTROLS)
}


def _escaped(found: str, quote: str) -> str:
    if found == quote:
        return "\\" + quote
    if found in _ESCAPES:
        return _ESCAPES[found]
    return found if " " <= found <= "~" else f"\\{ord(found)}"


def _texts(mismatch: Mismatch, kind: int) -> list[str]:
    found = (text for message, text in mismatch.messages if message == kind)
    return list(dict.fromkeys(found))


def _alternatives(names: list[str]) -> str:
    names = [name for name in names if name]
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + " or " + names[-1]

"""Small words that several texts share."""

import re
from collections.abc import Mapping

from ..change import Action

SYMBOLS: Mapping[Action, str] = {
    Action.CREATE: "+",
    Action.ADOPT: "=",
    Action.RENAME: ">",
    Action.UPDATE: "~",
    Action.DELETE: "-",
    Action.NO_OP: " ",
}
COLOURS: Mapping[Action, str] = {
    Action.CREATE: "green",
    Action.ADOPT: "cyan",
    Action.RENAME: "cyan",
    Action.UPDATE: "yellow",
    Action.DELETE: "red",
}
PAST: Mapping[Action, str] = {
    Action.CREATE: "created",
    Action.ADOPT: "adopted",
    Action.RENAME: "renamed",
    Action.UPDATE: "updated",
    Action.DELETE: "deleted",
}
ARROW = "→"
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\U000e0000-\U000e007f]"
)
_ROW = re.compile(r"\[[^\]]{2,}([^\]]{12})\]$")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def visible(text: str) -> str:
    r"""Write what nobody sees, or what would steer a terminal, as ``\n`` or ``\u202e``.

    Values come from guests, too.
    """
    return _UNSEEN.sub(_escape, text)


def visible_lines(text: str) -> str:
    """Make everything in a text visible but its line breaks."""
    return "\n".join(map(visible, text.split("\n")))


def short(name: str) -> str:
    """Shorten the id in ``kind[id]`` to its end: all rows of a stack begin the same."""
    return _ROW.sub(r"[…\1]", name)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    number = ord(character)
    return _SHORT.get(character) or (f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")

"""Small words that several texts share."""

import re
from collections.abc import Mapping

from ..plan.change import Action

SYMBOLS: Mapping[Action, str] = {
    Action.CREATE: "+",
    Action.ADOPT: "=",
    Action.RENAME: ">",
    Action.RELEASE: "<",
    Action.UPDATE: "~",
    Action.DELETE: "-",
    Action.NO_OP: " ",
}
COLOURS: Mapping[Action, str] = {
    Action.CREATE: "green",
    Action.ADOPT: "cyan",
    Action.RENAME: "cyan",
    Action.RELEASE: "cyan",
    Action.UPDATE: "yellow",
    Action.DELETE: "red",
}
PAST: Mapping[Action, str] = {
    Action.CREATE: "created",
    Action.ADOPT: "adopted",
    Action.RENAME: "renamed",
    Action.RELEASE: "released",
    Action.UPDATE: "updated",
    Action.DELETE: "deleted",
}
ARROW = "→"
_ROW = re.compile(r"\[[^\]]{2,}([^\]]{12})\]$")


def short(name: str) -> str:
    """Shorten the id in ``kind[id]`` to its end: all rows of a stack begin the same."""
    return _ROW.sub(r"[…\1]", name)

"""Small words that several texts share."""

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


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"

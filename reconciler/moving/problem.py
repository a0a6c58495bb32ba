"""What stands in the way of a move, in words."""

from collections.abc import Iterable

from ..diagnostics import ConfigurationError, Position, Problem
from ..values.address import Address


def cannot_move(
    message: str,
    hint: str | None,
    address: Address | None = None,
    position: Position | None = None,
) -> Problem:
    """Say why something cannot be moved."""
    about = None if address is None else str(address)
    return Problem("cannot-move", message, position=position, address=about, hint=hint)


def refused(problems: Iterable[Problem]) -> ConfigurationError:
    """Give the error of a run that writes nothing."""
    return ConfigurationError(tuple(problems))

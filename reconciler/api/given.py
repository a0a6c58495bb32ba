"""What programs give, as the stages take it."""

from collections.abc import Iterable, Mapping

NO_VARIABLES: Mapping[str, str] = {}


def untold(text: str) -> None:
    """Tell nobody that a lock is waited for: a program without a connection has no listener."""


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """Take one name for a list of one: to Python a text is a list of its letters."""
    return (names,) if isinstance(names, str) else tuple(names)

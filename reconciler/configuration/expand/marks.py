"""``${name}`` inside templates: a parameter, and nothing else."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

MARK = re.compile(r"\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{[^}]*\}?")
"""An escape, a name, or what is neither."""
_ALONE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")


class Named(NamedTuple):
    """What a text names: ``name`` is None where nothing that could be one stands there."""

    name: str | None
    written: str


def named_in(text: str) -> Iterator[Named]:
    """Find everything that a text names."""
    for match in MARK.finditer(text) if "${" in text else ():
        if match[0] != "$${":
            yield Named(match[1], match[0])


def alone(text: str) -> str | None:
    """Give the name of a parameter that is all of a text."""
    found = _ALONE.match(text)
    return found[1] if found else None


def put_in(text: str, value: Callable[[str], str]) -> str:
    """Put arguments into a text; what variables they name is filled in later.

    ``$`` at the end of one does not become the mark of a variable with what comes after it.
    """
    parts: list[str] = []
    at = 0
    for match in MARK.finditer(text):
        if match[1] is None:
            continue
        for part in (text[at : match.start()], value(match[1])):
            if parts and parts[-1].endswith("$") and part.startswith("{"):
                parts.append("$")
            if part:
                parts.append(part)
        at = match.end()
    rest = text[at:]
    if parts and parts[-1].endswith("$") and rest.startswith("{"):
        parts.append("$")
    return "".join([*parts, rest])

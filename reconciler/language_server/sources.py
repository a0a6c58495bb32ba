"""What an editor is to read besides a folder: what is read of it, and what is not, and why."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..configuration.load.nodes import Entry, locate
from ..configuration.load.variable_file import Sources
from ..diagnostics import Position, Problem, UsageError
from .settings import SETTING, Chosen, is_plain_file

_PLACE = re.compile(r":(\d+)(?::(\d+))?: ")


def read_variables(
    chosen: Chosen, texts: Mapping[Path, bytes], settings: Entry | None
) -> tuple[dict[str, str], list[Problem]]:
    """Read the files of variables, those that are open as they are; tell what is wrong with them.

    No message holds a value.
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for path in chosen.var_files:
        try:
            if path not in texts and not is_plain_file(path):
                raise UsageError(f"{path} is not a file", hint="check the path and its spelling")
            values.update(Sources(files=(path,)).values(texts))
        except UsageError as error:
            place = _place(str(error), path) or _begin(settings)
            message = _message(error, path)
            problems.append(Problem("bad-variable", message, place, hint=error.hint))
    return values, problems


def refused(chosen: Chosen, settings: Entry | None) -> Iterator[Problem]:
    """Tell what is not read, since it lies too far away."""
    for name in chosen.refused:
        message = f"editors do not read {name}: it is neither in a folder that is open nor beside"
        hint = "open a folder that holds it, too; a link must not lead out of there"
        yield Problem("bad-settings", message, _begin(settings), hint=hint, severity="warning")


def _begin(settings: Entry | None) -> Position | None:
    if settings is None:
        return None
    return settings.origin.position(locate(settings.value, [SETTING]))


def _place(message: str, path: Path) -> Position | None:
    """Find the line and the column that a message names."""
    found = _PLACE.match(message, len(str(path))) if message.startswith(str(path)) else None
    return Position(str(path), int(found[1]), int(found[2] or 1)) if found else None


def _message(error: UsageError, path: Path) -> str:
    found = _PLACE.match(str(error), len(str(path)))
    return str(error)[found.end() :] if found and str(error).startswith(str(path)) else str(error)

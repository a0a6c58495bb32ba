"""What was called, as it may be told: versions, the command, the names of its options; no value."""

import platform
import sys
from collections.abc import Iterator, Sequence

import click

from .. import __version__


def versions() -> dict[str, str]:
    """Name the versions that a report of a problem needs."""
    return {
        "reconciler": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def called(group: click.Group, words: Sequence[str] | None = None) -> tuple[str, list[str]]:
    """Find the command and the names of its options in a command line.

    Only words that are options of the command count; whatever else stands there is a value.
    """
    words = sys.argv[1:] if words is None else words
    context = click.Context(group)
    name = next((word for word in words if word in group.list_commands(context)), "")
    command = group.get_command(context, name) if name else None
    known = set(_options(group)) | set(_options(command))
    given = (word.partition("=")[0] for word in words)
    return name, [word for word in dict.fromkeys(given) if word in known or _is_short(word, known)]


def _options(command: click.Command | None) -> Iterator[str]:
    for option in command.params if command else ():
        if isinstance(option, click.Option):
            yield from (*option.opts, *option.secondary_opts)


def _is_short(word: str, known: set[str]) -> bool:
    """Tell whether a word is short options in one, such as ``-vv``."""
    return word[:1] == "-" and word[1:2] != "-" and all(f"-{sign}" in known for sign in word[1:])

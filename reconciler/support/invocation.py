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
    """Find the command, such as ``fleet plan``, and the names of its options in a command line.

    Only words that are options of the command count; whatever else stands there is a value.
    """
    words = sys.argv[1:] if words is None else words
    commands = [*_commands(group, words)]
    known = {option for command in (group, *commands) for option in _options(command)}
    given = (word.partition("=")[0] for word in words)
    said = [word for word in dict.fromkeys(given) if word in known or _is_short(word, known)]
    return " ".join(command.name or "" for command in commands), said


def _commands(command: click.Command | None, words: Sequence[str]) -> Iterator[click.Command]:
    """Follow the words from a group to the command that they call."""
    while isinstance(command, click.Group):
        context = click.Context(command)
        names = command.list_commands(context)
        place = next((n for n, word in enumerate(words) if word in names), None)
        if place is None or (command := command.get_command(context, words[place])) is None:
            return
        yield command
        words = words[place + 1 :]


def _options(command: click.Command) -> Iterator[str]:
    for option in command.params:
        if isinstance(option, click.Option):
            yield from (*option.opts, *option.secondary_opts)


def _is_short(word: str, known: set[str]) -> bool:
    """Tell whether a word is short options in one, such as ``-vv``."""
    return word[:1] == "-" and word[1:2] != "-" and all(f"-{sign}" in known for sign in word[1:])

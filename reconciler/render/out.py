"""The one way out: whatever a command says goes through here, so no value in it can act.

==================  =========================================================================
``say``, ``tell``   lines, each an argument: a line end inside one is a value's, and is escaped
``show``            a text that :mod:`reconciler.render` wrote, with line ends and colours of ours
``hand_over``       a document for programs: JSON, HTML, YAML; kept to the letter
==================  =========================================================================
"""

from collections.abc import Iterable

import click

from ..values.portions import in_portions
from .visible import harmless, visible

AT_ONCE = 1000


def say(*lines: str, err: bool = False) -> None:
    """Say lines to people, on stdout or stderr."""
    for line in lines:
        click.echo(harmless(visible(line)), err=err)


def tell(*lines: str) -> None:
    """Tell people what is not the result of the command, on stderr."""
    say(*lines, err=True)


def tell_notes(notes: Iterable[str]) -> None:
    """Tell people what they should know of the result, on stderr."""
    tell(*(f"Note: {note}" for note in notes))


def show(text: str, *, err: bool = False) -> None:
    """Show people a text of lines."""
    click.echo(harmless(text), err=err, nl=False)


def show_lines(lines: Iterable[str]) -> None:
    """Show people lines like :func:`show`, however many: some at a time."""
    for some in in_portions(lines, AT_ONCE):
        show("\n".join(some) + "\n")


def hand_over(document: str) -> None:
    """Write a document for programs, on stdout."""
    click.echo(document, nl=False)

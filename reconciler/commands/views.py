"""The options of the views of a plan, which ``plan`` and ``show`` share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..render.views import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


def view_options(command: Command) -> Command:
    """Add ``--format`` and ``--compact``."""
    command = click.option("--compact", is_flag=True, help="text: one line per change.")(command)
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help="json: the documented plan. markdown: for a pull request. html: a page to look"
        " through, one file. github: annotations on the YAML. Only text ever holds personal data.",
    )(command)

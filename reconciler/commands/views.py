"""The views of a plan that ``plan`` and ``show`` share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..plan.document import text_of
from ..plan.shape import PlanDocument
from ..render.facts import from_here
from ..render.github import below_workspace
from ..render.out import hand_over, show

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("text", "json", "markdown", "html", "github")


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


def show_view(
    document: PlanDocument, form: str, folder: Path | None = None, *, compact: bool
) -> None:
    """Write a plan in one of the formats; all but JSON name files from where we stand.

    ``folder`` is the one that the plan names them from.
    """
    if form == "json":
        hand_over(text_of(document))
        return
    document = from_here(document, folder)
    if form == "markdown":
        from ..render.markdown import plan_markdown

        show(plan_markdown(document))
    elif form == "html":
        from ..render.html import plan_html

        hand_over(plan_html(document))
    elif form == "github":
        from ..render.github import plan_github

        hand_over(plan_github(document, below=below_workspace()))
    else:
        from ..render.plan_text import plan_text

        show(plan_text(document, compact=compact))

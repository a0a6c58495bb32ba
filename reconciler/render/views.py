"""The views of a plan: each is loaded when it is wanted."""

from pathlib import Path

from ..plan.document import text_of
from ..plan.shape import PlanDocument
from .facts import from_here
from .github import below_workspace
from .out import hand_over, show

FORMATS = ("text", "json", "markdown", "html", "github")


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
        from .markdown import plan_markdown

        show(plan_markdown(document))
    elif form == "html":
        from .html import plan_html

        hand_over(plan_html(document))
    elif form == "github":
        from .github import plan_github

        hand_over(plan_github(document, below=below_workspace()))
    else:
        from .plan_text import plan_text

        show(plan_text(document, compact=compact))

"""The views of a plan: each is loaded when it is wanted."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..catalogue import Kind
from ..plan.document import flowing_document_of, parts_of_text, undigested_document_of
from ..plan.model import Plan
from ..plan.shape import PlanDocument
from .facts import from_here
from .out import hand_over, show, show_lines


def show_plan(
    plan: Plan,
    kinds: Mapping[str, Kind],
    form: str = "text",
    *,
    reveal: bool = False,
    compact: bool = False,
    apply_line: str | None = None,
) -> None:
    """Write a plan as :func:`show_view` does; ``reveal`` is whether people see personal values."""
    if form == "text" and not reveal:
        document, digest = undigested_document_of(plan, kinds)
        _show_text(from_here(document, plan.folder), compact=compact, digest=digest)
    else:
        document = flowing_document_of(plan, kinds, reveal=reveal)
        show_view(document, form, plan.folder, compact=compact, apply_line=apply_line)


def show_view(
    document: PlanDocument,
    form: str,
    folder: Path | None = None,
    *,
    compact: bool,
    apply_line: str | None = None,
) -> None:
    """Write a plan in one of the formats; all but JSON name files from where we stand.

    ``folder`` is the one that the plan names them from; ``apply_line`` is the command that applies
    it, as far as that is known, without consents.
    """
    if form == "json":
        for text in parts_of_text(document):
            hand_over(text)
        return
    document = from_here(document, folder)
    if form == "markdown":
        from .markdown import plan_markdown

        show(plan_markdown(document))
    elif form == "html":
        from .html import plan_html

        hand_over(plan_html(document, apply_line))
    elif form == "github":
        from .github import below_workspace, plan_github

        hand_over(plan_github(document, below=below_workspace()))
    else:
        _show_text(document, compact=compact)


def _show_text(
    document: PlanDocument, *, compact: bool, digest: Callable[[], str] | None = None
) -> None:
    from .plan_text import plan_lines

    show_lines(plan_lines(document, compact=compact, digest=digest))

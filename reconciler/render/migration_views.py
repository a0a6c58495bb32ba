"""The views of a migration: as text, or as one page; each is loaded when it is wanted."""

from collections.abc import Mapping

from ..catalogue import Kind
from ..diagnostics.words import count
from ..migration import Prospect, Task, left_out
from ..plan.document import document_of
from ..plan.model import Plan
from .migration_text import migration_text
from .out import hand_over, show, tell
from .views import show_plan


def show_prospect(task: Task, prospect: Prospect, *, page: bool) -> None:
    """Show what would be moved, and what would not."""
    plan, left = prospect.planned.plan, left_out(prospect.moving, task.sources)
    if not page:
        show_plan(plan, task.kinds)
    show_migration(left, task.kinds, plan, page=page)


def show_left(task: Task, prospect: Prospect, *, page: bool) -> None:
    """Show what cannot be moved: people have to decide about it."""
    show_migration(left_out(prospect.moving, task.sources), task.kinds, page=page)


def show_migration(
    report: Mapping[str, object],
    kinds: Mapping[str, Kind],
    plan: Plan | None = None,
    *,
    page: bool,
) -> None:
    """Show the report of a migration, or the part of it that is known; a page has the plan, too."""
    if not page:
        show(migration_text(report))
        return
    from .html.migration_page import migration_html

    hand_over(migration_html(report, document_of(plan, kinds) if plan else None))


def tell_unread(task: Task) -> None:
    """Name the kinds of the source that cannot be read."""
    for name, why in task.unread.items():
        tell(f"{name} of the source cannot be read: {why}")


def tell_others(prospect: Prospect) -> None:
    """Count the rows there that stay, since nobody knows whether they went here."""
    if prospect.others:
        rows = count(prospect.others, "row")
        tell(f"{rows} there of this folder's stack stay: not known to be gone here")

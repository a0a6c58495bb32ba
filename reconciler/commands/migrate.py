"""``reconciler migrate``: one organization's content into another, and compare both."""

import os
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import click

from ..api.waiting import awaited
from ..catalogue import load_kinds
from ..catalogue.names import split_names
from ..execution import Report
from ..execution.people import execute_plan
from ..journal.records import DEFAULT_FOLDER
from ..migration import (
    REPORT_FOLDER,
    Ends,
    Prospect,
    Task,
    Wishes,
    export_source,
    move,
    open_ends,
    plan_on,
    prepare,
)
from ..migration.run import check_decided, waiting_for_people
from ..planning.planned import Planned
from ..render.migration_views import (
    show_left,
    show_migration,
    show_prospect,
    tell_others,
    tell_unread,
)
from ..render.out import say
from ..render.progress.reading import ReadingProgress
from .execution import ApprovalOptions
from .inputs import Access, Workplace
from .options import (
    allow_option,
    auto_approve_option,
    diagnosis_options,
    gathered,
    kinds_option,
    lock_option,
    page_option,
    parallelism_option,
    readable_keys_option,
    waiting_options,
)
from .types import PathType


def _sides(
    access: Access,
    from_key_file: Path,
    to_key_file: Path,
    from_url: str | None,
    to_url: str | None,
) -> tuple[Access, Access]:
    """Say how to reach the source, and how the target."""
    return (
        replace(access, api_url=from_url, api_key_file=from_key_file),
        replace(access, api_url=to_url, api_key_file=to_key_file),
    )


@click.command("migrate")
@click.option("--from-key-file", required=True, type=PathType(), help="Key of the source.")
@click.option("--to-key-file", required=True, type=PathType(), help="Key of the target.")
@click.option("--from-url", metavar="URL", help="Where the source is; else as --api-url elsewhere.")
@click.option("--to-url", metavar="URL", help="Where the target is; else as --api-url elsewhere.")
@click.option(
    "--out",
    type=PathType(file_okay=False),
    help="Folder of the migration; else migrate-<from>-<to>. Keep it: a second run goes on there.",
)
@kinds_option
@readable_keys_option
@click.option("--plan-only", is_flag=True, help="Stop after the plan; the target is not written.")
@click.option(
    "--match",
    "matches",
    multiple=True,
    metavar="SOURCE=TARGET",
    help="Which row there a row stands for: its address or id here, the id there. Repeatable.",
)
@click.option(
    "--leave",
    multiple=True,
    metavar="ADDRESS",
    help="A row (or a whole kind) that stays behind, or as it is there. Repeatable.",
)
@click.option(
    "--theirs",
    multiple=True,
    metavar="ADDRESS",
    help="A row that is to be as in the source, whatever people changed there. Repeatable.",
)
@auto_approve_option
@allow_option
@parallelism_option
@waiting_options
@diagnosis_options
@lock_option
@page_option("html: one page on stdout, in place of the plan and the report as text.")
@gathered(
    access=Access,
    sides=_sides,
    wishes=Wishes,
    approval=ApprovalOptions.given,
    workplace=Workplace,
)
def command(
    sides: tuple[Access, Access],
    out: Path | None,
    kind_names: tuple[str, ...],
    readable_keys: tuple[str, ...],
    plan_only: bool,
    wishes: Wishes,
    approval: ApprovalOptions,
    workplace: Workplace,
    parallelism: int,
    form: str,
) -> int:
    """Move the content of one organization into another, then compare both row by row.

    The source is only read. Rows of the target that match a natural key are adopted, not doubled;
    others there are not touched, nor what people changed there after a first run. Run it again
    after an interruption or later: it does the rest.

    \b
    Examples:
      reconciler migrate --from-key-file old.key --to-key-file new.key --plan-only
      reconciler migrate --from-key-file a --to-key-file b --format html > m.html
      reconciler migrate --from-key-file old --to-key-file new --allow notifies
      reconciler migrate --from-key-file old --to-key-file new \\
        --match products.villa=0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d
    """
    kinds = load_kinds()
    names = frozenset(split_names(kind_names, kinds))
    readable = frozenset(split_names(readable_keys, kinds))
    options = replace(
        approval,
        approved=approval.approved or plan_only,
        advisory=frozenset(),
        page=form == "html",
    )
    options.check_terminal()
    source, target = (side.connection(kinds) for side in sides)

    async def run() -> int:
        async with AsyncExitStack() as stack:
            ends = await open_ends(stack, source, target, kinds, parallelism)
            folder = out or ends.folder
            stack.enter_context(workplace.locked(folder))
            with ReadingProgress() as reading:
                exported = await export_source(
                    ends, kinds, folder, names, reading.tell, readable_keys=readable
                )
            task = await prepare(ends, kinds, folder, exported, wishes, names, os.environ)
            prospect = await plan_on(task, ends.target)
            if plan_only:
                show_prospect(task, prospect, page=options.page)
            elif waiting_for_people(prospect):
                show_left(task, prospect, page=options.page)
            tell_unread(task)
            check_decided(task, prospect)
            return 0 if plan_only else await _move(task, ends, prospect, options)

    return awaited(run())


async def _move(task: Task, ends: Ends, prospect: Prospect, options: ApprovalOptions) -> int:
    """Execute plan after plan, look back, and say what was found."""
    tell_others(prospect)
    journal = task.folder / DEFAULT_FOLDER

    async def execute(planned: Planned) -> Report | None:
        return await execute_plan(planned, ends.target, task.kinds, options, journal)

    migrated = await move(task, ends, prospect, execute)
    if migrated.found:
        show_migration(migrated.found.as_json(), task.kinds, page=options.page)
        say(f"Report and id map: {task.folder / REPORT_FOLDER}", err=options.page)
    return migrated.exit_code

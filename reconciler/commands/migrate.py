"""``reconciler migrate``: one organization's content into another, with proof."""

import asyncio
import secrets
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import click

from ..apply import Outcome, State
from ..bindings import bindings_path, read_bindings
from ..catalogue import Kind, load_kinds, tenant_of
from ..client import Client, Connection, Reader
from ..configuration.load import load
from ..configuration.load.nodes import MappingNode, Scalar
from ..diagnostics import UsageError
from ..export import Exported, Options, Selection, export
from ..journal import DEFAULT_FOLDER
from ..live import read_organization
from ..migrate import causes_of, left_out, write_report, write_written
from ..plan import document_of
from ..plan.change import Action
from ..planning.consent import parse_allowed
from ..render.facts import from_here
from ..render.migration_text import migration_text
from ..render.plan_text import plan_text
from ..render.words import count
from .carrying_out import INTERRUPTED, Terms, carry_out, finish
from .init import FILE, check_free
from .migrating import REPORT_FOLDER, Ends, Prospect, Task, Wishes, look_back, plan_on, prepare
from .options import (
    PathType,
    allow_option,
    auto_approve_option,
    diagnosis_options,
    kinds_option,
    lock_option,
    locked_folder,
    parallelism_option,
    read_connection,
    split_names,
    timeout_option,
)
from .out import say, show
from .pipeline import Planned
from .progress import Reading

NOT_PROVEN = 5
PASSES = 3
"""The server makes rows itself (an invited member's profile); a next pass finds them."""


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
@timeout_option
@diagnosis_options
@lock_option
def command(
    from_key_file: Path,
    to_key_file: Path,
    from_url: str | None,
    to_url: str | None,
    out: Path | None,
    kind_names: tuple[str, ...],
    plan_only: bool,
    matches: tuple[str, ...],
    leave: tuple[str, ...],
    theirs: tuple[str, ...],
    auto_approve: bool,
    allow: tuple[str, ...],
    parallelism: int,
) -> int:
    """Move the content of one organization into another, then compare both row by row.

    The source is only read. Rows of the target that match a natural key are adopted, not doubled;
    others there are not touched, nor what people changed there after a first run. Run it again
    after an interruption or later: it does the rest.

    \b
    Examples:
      reconciler migrate --from-key-file old.key --to-key-file new.key --plan-only
      reconciler migrate --from-key-file old --to-key-file new --allow notifies
      reconciler migrate --from-key-file old --to-key-file new \\
        --match products.villa=0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d
    """
    kinds = load_kinds()
    names = frozenset(split_names(kind_names, kinds))
    terms = Terms(
        parse_allowed(allow),
        auto_approve or plan_only,
        show_personal=False,
        advisory=frozenset(),
        together=True,
    )
    terms.check_terminal()
    source = read_connection(from_url, from_key_file)
    target = read_connection(to_url, to_key_file)
    wishes = Wishes(leave, matches, theirs)

    async def move() -> int:
        async with AsyncExitStack() as stack:
            ends = await _open(stack, source, target, kinds, parallelism)
            folder = out or Path(f"migrate-{ends.source_id[:8]}-{ends.target_id[:8]}")
            stack.enter_context(locked_folder(folder))
            exported = await _export(ends, kinds, folder, names)
            task = await prepare(ends, kinds, folder, exported, wishes, names)
            prospect = await plan_on(task, ends.target)
            if plan_only:
                plan = prospect.planned.plan
                show(plan_text(from_here(document_of(plan, kinds), plan.folder)))
                show(migration_text(left_out(prospect.moving, task.sources)))
            _check_decided(task, prospect, tell=not plan_only)
            return 0 if plan_only else await _move(task, ends, prospect, terms)

    return asyncio.run(move())


def _check_decided(task: Task, prospect: Prospect, *, tell: bool) -> None:
    """Stop before anything is written where a person has to decide first."""
    waiting = [address for address, one in prospect.moving.open.items() if one.stops]
    if waiting and tell:
        show(migration_text(left_out(prospect.moving, task.sources)))
    for name, why in task.unread.items():
        say(f"{name} of the source cannot be read: {why}", err=True)
    if waiting or task.unread:
        what = count(len(waiting), "row") if waiting else count(len(task.unread), "kind")
        raise UsageError(
            f"{what} cannot be moved without a decision; nothing was written",
            hint="--match ADDRESS=ID says which row there is meant, --leave ADDRESS (or KIND)"
            " leaves it behind",
        )


async def _move(task: Task, ends: Ends, prospect: Prospect, terms: Terms) -> int:
    """Carry out plan after plan, as long as there is something new in it, and look back."""
    journal, code = task.folder / DEFAULT_FOLDER, 0
    outcomes: dict[str, Outcome] = {}
    _tell_others(prospect)
    for _ in range(PASSES):
        undone = {name for name, outcome in outcomes.items() if outcome.state is not State.DONE}
        planned = _only_new(prospect.planned, undone)
        if outcomes and not planned.plan.changes:
            break
        report = await carry_out(planned, ends.target, task.kinds, terms, journal)
        code = max(code, finish(report))
        if code == INTERRUPTED:
            return code
        outcomes |= {o.change.name: o for o in (report.outcomes if report else ())}
        prospect = await plan_on(task, ends.target)
        if not report:
            break
    found = await look_back(task, ends, prospect, causes_of(outcomes.values()))
    folder = task.folder / REPORT_FOLDER
    try:
        write_written(folder, task.sides.written)
        write_report(folder, found)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}") from error
    show(migration_text(found.as_json()))
    say(f"Report and id map: {folder}")
    return code or (0 if found.proven else NOT_PROVEN)


def _only_new(planned: Planned, undone: Collection[str]) -> Planned:
    """Leave what was tried in vain to the next run, and what waits for it."""
    if not undone:
        return planned
    changes = planned.plan.changes
    waiting = {c.address for c in changes if c.action is Action.CREATE and c.name in undone}
    levels = (
        tuple(c for c in level if c.name not in undone and not c.needs & waiting)
        for level in planned.plan.levels
    )
    plan = replace(planned.plan, levels=tuple(level for level in levels if level))
    return replace(planned, plan=plan)


def _tell_others(prospect: Prospect) -> None:
    if prospect.others:
        rows = count(prospect.others, "row")
        say(f"{rows} there of this folder's stack stay: not known to be gone here", err=True)


async def _open(
    stack: AsyncExitStack,
    source: Connection,
    target: Connection,
    kinds: Mapping[str, Kind],
    parallelism: int,
) -> Ends:
    reader = await stack.enter_async_context(Reader(source, parallelism=parallelism))
    client = await stack.enter_async_context(Client(target, parallelism=parallelism))
    tenant = tenant_of(kinds)
    source_id = await read_organization(reader, tenant, None)
    target_id = await read_organization(client, tenant, None)
    if source_id == target_id:
        raise UsageError(
            f"both keys are of organization {source_id}", hint="give the key of another as target"
        )
    return Ends(reader, source_id, client, target_id)


async def _export(
    ends: Ends, kinds: Mapping[str, Kind], folder: Path, names: frozenset[str]
) -> Exported:
    """Export the source; a folder of an earlier run keeps its keys and its stack."""
    stack = _stack(folder, ends)
    bound = read_bindings(bindings_path(folder, ends.source_id))
    known: dict[str, dict[str, str]] = {}
    for address, binding in bound.items():
        known.setdefault(address.kind, {})[binding.id] = address.key
    options = Options(
        folder=folder,
        stack=stack,
        selection=Selection(names),
        known=known,
        overwrite=True,
    )
    with Reading() as reading:
        return await export(ends.source, kinds, ends.source_id, options, reading.tell)


def _stack(folder: Path, ends: Ends) -> str:
    """Take the stack of an earlier run, else a new one; a folder of other YAML is refused."""
    made, found = f"migrated-{ends.source_id[:8]}-", stack_of(folder)
    if found is None:
        check_free(folder / FILE)
        return made + secrets.token_hex(2)
    if not found.startswith(made):
        raise UsageError(
            f"{folder} holds the stack {found}, which no migration from {ends.source_id} wrote",
            hint="name another folder with --out; everything in it would be written anew",
        )
    return found


def stack_of(folder: Path) -> str | None:
    """Find the stack of an earlier run, also where that was cut off while it wrote."""
    if not folder.is_dir():
        return None
    settings = load([folder], variables={}, environment={}).settings
    if settings is None or not isinstance(settings.value, MappingNode):
        return None
    stack = settings.value.entries.get("stack")
    return stack.value.text if stack and isinstance(stack.value, Scalar) else None

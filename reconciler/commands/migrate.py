"""``reconciler migrate``: one organization's content into another, with proof."""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from ..apply import State
from ..bindings import bindings_path, read_bindings
from ..client import Client, Connection, Reader
from ..consent import parse_allowed
from ..errors import PlanError, UsageError
from ..export import Exported, Options, Selection, export
from ..journal import DEFAULT_FOLDER
from ..kind import Kind, load_kinds, tenant_of
from ..live import read_organization
from ..load import load
from ..load.nodes import MappingNode, Scalar
from ..migrate import MigrationReport, Moved, Moving, narrow, settle, verify, write_report
from ..plan import document_of
from ..render.migration_text import migration_text
from ..render.plan_text import plan_text
from ..resource import Address
from .carrying_out import INTERRUPTED, Terms, carry_out, finish
from .init import FILE, check_free
from .options import (
    allow_option,
    auto_approve_option,
    kinds_option,
    lock_option,
    locked_folder,
    parallelism_option,
    read_connection,
    split_names,
    timeout_option,
)
from .out import say, show
from .pipeline import Limits, Planned, make_plan, read_configuration
from .progress import Reading

REPORT_FOLDER = "migration"
NOT_PROVEN = 5
PASSES = 3
"""The server makes rows itself (an invited member's profile); a next pass finds them."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Both organizations: the source can only be read."""

    source: Reader
    source_id: str
    target: Client
    target_id: str


@click.command("migrate")
@click.option(
    "--from-key-file", required=True, type=click.Path(path_type=Path), help="Key of the source."
)
@click.option(
    "--to-key-file", required=True, type=click.Path(path_type=Path), help="Key of the target."
)
@click.option("--from-url", metavar="URL", help="Where the source is; else as --api-url elsewhere.")
@click.option("--to-url", metavar="URL", help="Where the target is; else as --api-url elsewhere.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the migration; else migrate-<from>-<to>. Keep it: a second run goes on there.",
)
@kinds_option
@click.option("--plan-only", is_flag=True, help="Stop after the plan; the target is not written.")
@auto_approve_option
@allow_option
@parallelism_option
@timeout_option
@lock_option
def command(
    from_key_file: Path,
    to_key_file: Path,
    from_url: str | None,
    to_url: str | None,
    out: Path | None,
    kind_names: tuple[str, ...],
    plan_only: bool,
    auto_approve: bool,
    allow: tuple[str, ...],
    parallelism: int,
) -> int:
    """Move the content of one organization into another, then compare both row by row.

    The source is only read. Rows of the target that match a natural key are adopted, not doubled;
    others there are not touched. Run it again after an interruption or later: it does the rest.

    \b
    Examples:
      reconciler migrate --from-key-file old.key --to-key-file new.key --plan-only
      reconciler migrate --from-key-file old --to-key-file new --allow notifies
    """
    kinds = load_kinds()
    names = frozenset(split_names(kind_names, kinds))
    terms = Terms(parse_allowed(allow), auto_approve or plan_only, False, advisory=frozenset())
    terms.check_terminal()
    source = read_connection(from_url, from_key_file)
    target = read_connection(to_url, to_key_file)

    async def move() -> int:
        async with AsyncExitStack() as stack:
            ends = await _open(stack, source, target, kinds, parallelism)
            folder = out or Path(f"migrate-{ends.source_id[:8]}-{ends.target_id[:8]}")
            stack.enter_context(locked_folder(folder))
            exported = await _export(ends, kinds, folder, names)
            everything = _to_move(folder, kinds)
            moving, planned = await _plan(everything, ends.target, kinds)
            if plan_only:
                show(plan_text(document_of(planned.plan, kinds)))
                show(migration_text(_left_out(moving)))
                return 0
            journal, code = folder / DEFAULT_FOLDER, 0
            for _ in range(PASSES):
                report = await carry_out(planned, ends.target, kinds, terms, journal)
                code = finish(report)
                if code == INTERRUPTED:
                    return code
                moving, planned = await _plan(everything, ends.target, kinds)
                if not planned.plan.changes or not (report and report.count(State.DONE)):
                    break
            found = await _conclude(ends, kinds, folder, exported, moving, planned)
            return code or (0 if found.proven else NOT_PROVEN)

    return asyncio.run(move())


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


def _to_move(folder: Path, kinds: Mapping[str, Kind]) -> Moving:
    """Read what was exported; references to rows that are not in it are cleared at once."""
    desired = read_configuration([folder], {}, kinds, Limits())
    return narrow(Moving(desired.configuration), kinds, {})


async def _plan(
    moving: Moving, target: Client, kinds: Mapping[str, Kind]
) -> tuple[Moving, Planned]:
    """Plan on the target, leaving out what turns out not to be movable there."""
    while True:
        try:
            planned = await make_plan(moving.configuration, target, kinds)
        except PlanError as error:
            narrowed = settle(moving, kinds, error)
            if narrowed is None:
                raise
            moving = narrowed
            continue
        narrowed = settle(moving, kinds, PlanError((), planned.plan.notes))
        if narrowed is None:
            return moving, planned
        moving = narrowed


async def _conclude(
    ends: Ends,
    kinds: Mapping[str, Kind],
    folder: Path,
    exported: Exported,
    moving: Moving,
    planned: Planned,
) -> MigrationReport:
    """Compare both organizations, write the report, and show it."""
    moved = tuple(_moved(exported, moving, planned))
    foreign = frozenset(row_id for ids in exported.keys.values() for row_id in ids)
    found = await verify(ends.source, ends.target, kinds, moved, foreign | {ends.source_id})
    entries = planned.bindings.entries.items()
    report = MigrationReport(
        source=ends.source_id,
        target=ends.target_id,
        moved=moved,
        adopted=frozenset(address for address, binding in entries if binding.origin == "adopted"),
        skipped=moving.skipped,
        cleared=moving.cleared,
        unmoved={kind.name: _why_not(kind) for kind in kinds.values() if not _movable(kind)},
        secrets=tuple(_secrets(kinds)),
        verification=found,
    )
    write_report(folder / REPORT_FOLDER, report)
    show(migration_text(report.as_json()))
    say(f"Report and id map: {folder / REPORT_FOLDER}")
    return report


def _moved(exported: Exported, moving: Moving, planned: Planned) -> list[Moved]:
    """Put the ids of both sides together; what was not created is not moved."""
    cleared: dict[Address, set[str]] = {}
    for one in moving.cleared:
        cleared.setdefault(one.address, set()).add(one.column)
    waiting = {change.address for change in planned.plan.changes if change.row is None}
    there = {address: row_id for row_id, address in planned.plan.names.items()}
    moved: list[Moved] = []
    for kind, keys in exported.keys.items():
        for source, key in keys.items():
            address = Address(kind, key)
            target = there.get(str(address))
            if target and address not in waiting and address in moving.configuration.resources:
                moved.append(Moved(address, source, target, frozenset(cleared.get(address, ()))))
    return moved


def _left_out(moving: Moving) -> dict[str, object]:
    return {
        "skipped": [{"address": str(a), "reason": r} for a, r in moving.skipped.items()],
        "cleared": [
            {"address": str(c.address), "column": c.column, "referred_to": c.to}
            for c in moving.cleared
        ],
    }


def _movable(kind: Kind) -> bool:
    return kind.in_yaml and kind.can_list


def _why_not(kind: Kind) -> str:
    return "it cannot be read" if not kind.can_list else "the API only lists it"


def _secrets(kinds: Mapping[str, Kind]) -> list[str]:
    return [
        f"{kind.name}.{column.name}"
        for kind in kinds.values()
        for column in kind.columns.values()
        if _movable(kind) and column.sensitive
    ]

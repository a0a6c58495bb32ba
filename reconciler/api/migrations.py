"""Move one organization's content into another."""

from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from ..catalogue import load_kinds
from ..catalogue.names import split_names
from ..client.connection import Connection
from ..execution import Report
from ..execution import apply as execute
from ..execution.run import Nobody
from ..journal.records import DEFAULT_FOLDER
from ..locking import locked
from ..migration import Wishes, export_source, open_ends, plan_on, prepare
from ..migration.run import Migrated, check_decided, move
from ..planning import approval
from ..planning.consent import parse_allowed
from ..planning.planned import Planned
from .given import NO_VARIABLES, listed
from .waiting import waiting


async def migrate_async(
    source: Connection,
    target: Connection,
    folder: str | Path,
    *,
    kinds: Iterable[str] = (),
    wishes: Wishes | None = None,
    consents: Iterable[str] = (),
    readable_keys: Iterable[str] = (),
    environment: Mapping[str, str] = NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Migrated:
    """Move the content of one organization into another, and compare both row by row.

    The source is only read. ``folder`` is kept: a second run goes on there. Every consent that a
    plan needs must be in ``consents``, those that are only told elsewhere, too. New keys of
    ``readable_keys``, which are kinds, may hold names of people.

    Raises UsageError where people have to decide first, ConsentError where a consent is missing.
    """
    path, known = Path(folder), load_kinds()
    given, names = listed(consents), frozenset(split_names(listed(kinds), known))
    readable = frozenset(split_names(listed(readable_keys), known))
    parse_allowed(given)  # before anything is read

    async with AsyncExitStack() as stack:
        ends = await open_ends(stack, source, target, known, parallelism)
        stack.enter_context(locked(path, "migrate", patience=lock_timeout, tell=target.tell))
        exported = await export_source(
            ends, known, path, names, lambda kind, rows: None, readable_keys=readable
        )
        task = await prepare(ends, known, path, exported, wishes or Wishes(), names, environment)
        prospect = await plan_on(task, ends.target)
        check_decided(task, prospect)

        async def execute_pass(planned: Planned) -> Report | None:
            approved = approval.approve(planned, known, consents=given, advisory=frozenset())
            if not planned.plan.changes:
                return None
            journal = path / DEFAULT_FOLDER
            return await execute(approved, ends.target, known, journal, listener=Nobody())

        return await move(task, ends, prospect, execute_pass)


migrate = waiting(migrate_async)

"""Approve a plan, and execute it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from ..catalogue import tenant_of
from ..client.client import ApiClient
from ..client.connection import Connection, check_api
from ..execution import Report
from ..execution import apply as execute
from ..execution.again import drop_managed_again
from ..execution.run import ChangeListener, Nobody
from ..journal.records import DEFAULT_FOLDER
from ..live.organization import read_organization
from ..locking import locked
from ..plan.shape import PlanDocument
from ..planning import approval
from ..planning.approval import ApprovedPlan
from ..planning.planned import Planned
from .waiting import waiting


def approve(
    planned: Planned, *, consents: Iterable[str] = (), reviewed: PlanDocument | None = None
) -> ApprovedPlan:
    """Approve a plan on the given consents, the names that ``--allow`` takes.

    ``reviewed`` is a plan that people looked at: the fresh one must not do anything else.

    Raises ConsentError where a consent is missing, something protected would be deleted or a policy
    is broken, StaleError where the reviewed plan is not what would be done now.
    """
    return approval.approve(planned, planned.kinds, consents=consents, reviewed=reviewed)


async def apply_async(
    approved: ApprovedPlan,
    connection: Connection,
    *,
    journal_folder: Path | None = None,
    listener: ChangeListener | None = None,
    stop: Callable[[], bool] = lambda: False,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Report:
    """Execute an approved plan, journaled, each row locked at what the plan saw.

    The report says how every change ended; ``listener`` hears it as it happens. ``stop`` is asked
    before every request. No other run writes in the folder meanwhile: ``lock_timeout`` is how
    many seconds to wait for it. The journal is in ``.reconciler/journal`` beside the YAML, or in
    ``journal_folder``.

    Raises ConsentError or UsageError before anything is written, also where the key is of another
    organization than the plan; ApiError where it cannot be asked. Afterwards the report tells all.
    """
    known, plan, again = approved.planned.kinds, approved.plan, approved.planned.again
    check_api(known, connection.url)
    folder = plan.folder or Path()
    with locked(folder, "apply", patience=lock_timeout, tell=connection.tell):
        async with ApiClient(connection, parallelism=parallelism) as client:
            # the connection need not be the one that was planned with
            await read_organization(client, tenant_of(known), plan.organization)
            report = await execute(
                approved,
                client,
                known,
                journal_folder or folder / DEFAULT_FOLDER,
                listener=listener or Nobody(),
                stop=stop,
            )
        unwritten = drop_managed_again(folder, again) if again and report.complete else None
        return replace(report, local_write_error=report.local_write_error or unwritten)


apply = waiting(apply_async)

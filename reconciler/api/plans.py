"""Plan, forward and back; nothing is written."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from ..client.client import ApiReader
from ..client.connection import Connection, check_api
from ..configuration.resource import Configuration
from ..journal.records import DEFAULT_FOLDER
from ..planning.folder import plan_folder
from ..planning.planned import Planned
from ..planning.undo import find_run
from ..planning.undo import plan_undo as plan_back
from ..policies.policing import Policing, policing_in
from .waiting import waiting


async def make_plan_async(
    configuration: Configuration,
    connection: Connection,
    *,
    policies: Iterable[str | Path] = (),
    unmanaged: bool = False,
    parallelism: int = 8,
) -> Planned:
    """Compare the configuration with the live organization; nothing is written.

    ``unmanaged`` also counts the live rows that are in no YAML, in ``plan.unmanaged``; the
    configuration must not be limited then. The plan is judged by the policies beside the YAML, and
    by those in the folders ``policies``, which win; ``approve`` refuses a plan that breaks one.

    Raises PlanError with every problem, ApiError where the server refuses or cannot be reached,
    ConfigurationError where a policy is wrong.
    """
    policing = _policing(configuration, policies)
    check_api(configuration.kinds, connection.url)
    async with ApiReader(connection, parallelism=parallelism) as reader:
        planned = await plan_folder(configuration, reader, configuration.kinds, unmanaged=unmanaged)
    return await asyncio.to_thread(policing.judged, planned, configuration)


async def plan_undo_async(
    configuration: Configuration,
    connection: Connection,
    *,
    run: str | None = None,
    journal_folder: Path | None = None,
    policies: Iterable[str | Path] = (),
    parallelism: int = 8,
) -> Planned:
    """Plan to take a run of apply back: the last one that changed something, or the named one.

    Approve and apply it like any plan. What was changed since stays, with a note. It is judged by
    the policies about changes and plans.

    Raises UsageError where there is no such run, ConfigurationError where a policy is wrong.
    """
    policing = _policing(configuration, policies)
    folder = journal_folder or configuration.folder / DEFAULT_FOLDER
    past = find_run(folder, run, configuration.kinds)
    check_api(configuration.kinds, connection.url)
    async with ApiReader(connection, parallelism=parallelism) as reader:
        planned = await plan_back(past, folder, configuration, reader, configuration.kinds)
    return await asyncio.to_thread(policing.judged_back, planned, configuration)


def _policing(configuration: Configuration, given: Iterable[str | Path]) -> Policing:
    """Read the policies that hold; raises ConfigurationError where they are wrong."""
    folders = [Path(one) for one in ((given,) if isinstance(given, str | Path) else given)]
    return policing_in(configuration.folder, folders, configuration.kinds).checked()


make_plan = waiting(make_plan_async)
plan_undo = waiting(plan_undo_async)

"""The functions that Python programs call: the stages of the command line, one by one.

Each has a twin whose name ends in ``_async``, for programs that have an event loop. Everything
that can go wrong is a :class:`~reconciler.diagnostics.ReconcilerError`.
"""

import asyncio
import functools
from collections.abc import (
    Awaitable,
    Callable,
    Container,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from .catalogue import load_kinds, tenant_of
from .catalogue.names import split_names
from .client.client import ApiClient, ApiReader
from .client.connection import Connection, check_api
from .configuration.begin import stack_name
from .configuration.grown import kinds_of
from .configuration.load.files import holder_of
from .configuration.load.variable_file import Sources
from .configuration.read import Limits, read_configuration
from .configuration.resource import Configuration
from .diagnostics import ConfigurationError, UsageError
from .execution import Outcome, Report
from .execution import apply as execute
from .execution.again import drop_managed_again
from .execution.run import ChangeListener
from .exporting import Exported, Options, Selection, Spool
from .journal.records import DEFAULT_FOLDER
from .live.organization import read_organization
from .locking import locked
from .migration import Wishes, export_source, open_ends, plan_on, prepare
from .migration.run import Migrated, check_decided, move
from .plan.change import Change
from .plan.shape import PlanDocument
from .planning import approval
from .planning.approval import ApprovedPlan
from .planning.consent import parse_allowed
from .planning.forward import make_plan as plan_forward
from .planning.planned import Planned
from .planning.undo import find_run
from .planning.undo import plan_undo as plan_back
from .pulling.choosing import Choices, decide
from .pulling.pull import Pulled, foreseen, look, write
from .pulling.pull import Wishes as Sought
from .staging import opened
from .sync.folder import export_into, layer_of
from .sync.update import Updated

_P = ParamSpec("_P")
_T = TypeVar("_T")
_NO_VARIABLES: Mapping[str, str] = {}


class _Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None:
        """Do nothing."""

    def settled(self, outcome: Outcome) -> None:
        """Do nothing."""


def load_configuration(
    *paths: str | Path,
    variables: Mapping[str, str] = _NO_VARIABLES,
    environment: Mapping[str, str] = _NO_VARIABLES,
    targets: Iterable[str] = (),
    kinds: Iterable[str] = (),
) -> Configuration:
    """Read and check the YAML of a folder (or one file of it), with overlays at further paths.

    ``variables`` are what ``--var`` gives; of ``environment`` only ``RECONCILER_VAR_…`` and
    ``BOOKINGMOOD_ORGANIZATION_ID`` get into values. ``targets`` (addresses) and ``kinds`` limit
    what is planned; what that refers to is planned, too.

    Raises ConfigurationError with every problem and its place, UsageError for a wrong limit.
    """
    if not paths:
        raise UsageError("no path was given", hint="name the folder of the YAML")
    desired = read_configuration(
        [Path(path) for path in paths],
        kinds_of([Path(path) for path in paths]),
        variables=variables,
        environment=environment,
        limits=Limits(_listed(targets), _listed(kinds)),
    )
    return desired.configuration


async def make_plan_async(
    configuration: Configuration,
    connection: Connection,
    *,
    policies: Iterable[str | Path] = (),
    parallelism: int = 8,
) -> Planned:
    """Compare the configuration with the live organization; nothing is written.

    The plan is judged by the policies beside the YAML, and by those in the folders ``policies``,
    which win; ``approve`` refuses a plan that breaks one.

    Raises PlanError with every problem, ApiError where the server refuses or cannot be reached,
    ConfigurationError where a policy is wrong.
    """
    judge = _judge(configuration, policies, {"resource", "change", "plan"})
    check_api(configuration.kinds, connection.url)
    async with ApiReader(connection, parallelism=parallelism) as reader:
        planned = await plan_forward(configuration, reader, configuration.kinds)
    return await asyncio.to_thread(judge, planned)


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
                listener=listener or _Nobody(),
                stop=stop,
            )
        unwritten = drop_managed_again(folder, again) if again and report.complete else None
        return replace(report, local_write_error=report.local_write_error or unwritten)


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
    judge = _judge(configuration, policies, {"change", "plan"})
    folder = journal_folder or configuration.folder / DEFAULT_FOLDER
    past = find_run(folder, run, configuration.kinds)
    check_api(configuration.kinds, connection.url)
    async with ApiReader(connection, parallelism=parallelism) as reader:
        planned = await plan_back(past, folder, configuration, reader, configuration.kinds)
    return await asyncio.to_thread(judge, planned)


async def export_async(
    folder: str | Path,
    connection: Connection,
    *,
    kinds: Iterable[str] = (),
    stack: str | None = None,
    redact: bool = False,
    overlays: Sequence[str | Path] = (),
    into: str | Path | None = None,
    readable_keys: Iterable[str] = (),
    variables: Mapping[str, str] = _NO_VARIABLES,
    var_files: Sequence[str | Path] = (),
    update_var_file: str | Path | None = None,
    environment: Mapping[str, str] = _NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Exported | Updated:
    """Write the live organization into a new folder, or bring an edited one in line with it.

    ``stack`` and ``redact`` are for new folders alone. New keys of ``readable_keys``, which are
    kinds, may hold names of people. ``overlays`` are laid over the folder; each value goes back to
    the path that gives it, and what is new ``into`` one of these paths: else the last overlay.
    ``var_files`` set what ``variables`` do not; ``update_var_file`` is the one to get live values.
    ``whole`` of the answer is false where rows or columns were left out.

    Raises UsageError, ConfigurationError or PlanError where it does not fit; it is as it was then.
    """
    path, known = Path(folder), kinds_of([Path(folder)])
    update = Path(update_var_file) if update_var_file is not None else None
    sources = Sources(variables, tuple(map(Path, var_files)), update)
    over = [Path(overlay) for overlay in overlays]
    check_api(known, connection.url)
    selection = Selection(frozenset(split_names(_listed(kinds), known)))
    folders = [path, *map(holder_of, over), *sources.folders]
    with opened(folders, "export", patience=lock_timeout, tell=connection.tell):
        named = () if redact else split_names(_listed(readable_keys), known)
        options = Options(
            path,
            stack_name(stack, path),
            selection,
            redact=redact,
            readable_keys=frozenset(named),
        )
        async with ApiReader(connection, parallelism=parallelism) as reader:
            return await export_into(
                reader,
                known,
                options,
                lambda: read_configuration(
                    [path, *over], known, variables=sources.values(), environment=environment
                ),
                only_new="redact" if redact else "stack" if stack else None,
                overlays=over,
                into=Path(into) if into is not None else None,
                sources=sources,
            )


async def pull_async(
    folder: str | Path,
    connection: Connection,
    *,
    overlays: Sequence[str | Path] = (),
    base: str | None = None,
    keep_files: Iterable[str] = (),
    take_live: Iterable[str] = (),
    check: bool = False,
    into: str | Path | None = None,
    variables: Mapping[str, str] = _NO_VARIABLES,
    var_files: Sequence[str | Path] = (),
    update_var_file: str | Path | None = None,
    environment: Mapping[str, str] = _NO_VARIABLES,
    parallelism: int = 8,
    lock_timeout: float = 0.0,
) -> Pulled:
    """Take what changed live, since it was applied, into the files of a folder and its overlays.

    What was changed on both sides is among the ``conflicts`` of the answer, and stays, unless
    ``keep_files`` or ``take_live`` name it: an address, or ``address.column``. ``base`` names the
    commit that was applied, else its tag does. ``check`` writes nothing, and tells what would come.

    Raises UsageError, ConfigurationError or PlanError where nobody knows what was applied, or the
    files cannot be edited; then they are as they were.
    """
    path, over = Path(folder), [Path(overlay) for overlay in overlays]
    known = kinds_of([path])
    update = Path(update_var_file) if update_var_file is not None else None
    sources = Sources(variables, tuple(map(Path, var_files)), update)
    choices = Choices(frozenset(_listed(keep_files)), frozenset(_listed(take_live)))
    layer = layer_of(path, over, Path(into) if into is not None else None)
    check_api(known, connection.url)
    folders = [path, *map(holder_of, over), *sources.folders]
    with opened(folders, "pull", patience=lock_timeout, tell=connection.tell), Spool() as spool:
        desired = read_configuration(
            [path, *over], known, variables=sources.values(), environment=environment
        )
        choices.check(desired.configuration)
        async with ApiReader(connection, parallelism=parallelism) as reader:
            compared = await look(reader, known, desired, sources, Sought(base), spool)
        decision = decide(compared.divergences.all, choices, desired.configuration)
        if check or not decision.changes:
            return foreseen(compared, decision)
        return write(compared, decision, known, into=layer)


async def migrate_async(
    source: Connection,
    target: Connection,
    folder: str | Path,
    *,
    kinds: Iterable[str] = (),
    wishes: Wishes | None = None,
    consents: Iterable[str] = (),
    readable_keys: Iterable[str] = (),
    environment: Mapping[str, str] = _NO_VARIABLES,
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
    given, names = _listed(consents), frozenset(split_names(_listed(kinds), known))
    readable = frozenset(split_names(_listed(readable_keys), known))
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
            return await execute(approved, ends.target, known, journal, listener=_Nobody())

        return await move(task, ends, prospect, execute_pass)


def _judge(
    configuration: Configuration, given: Iterable[str | Path], abouts: Container[str]
) -> Callable[[Planned], Planned]:
    """Read the policies that hold; gives what puts their verdicts into a plan."""
    from .policies.judge import judged
    from .policies.read import read_policies

    kinds = configuration.kinds
    folders = [Path(one) for one in ((given,) if isinstance(given, str | Path) else given)]
    found = read_policies(configuration.folder, folders, kinds)
    if found.are_wrong:
        raise ConfigurationError(found.problems)
    policies = [policy for policy in found.all if policy.about in abouts]
    return lambda planned: judged(planned, policies, configuration, kinds)


def _listed(names: Iterable[str]) -> tuple[str, ...]:
    """Take one name for a list of one: to Python a text is a list of its letters."""
    return (names,) if isinstance(names, str) else tuple(names)


def _waiting(work: Callable[_P, Coroutine[object, object, _T]]) -> Callable[_P, _T]:
    """Make the twin of a function that waits for its end; raises UsageError in an event loop."""

    @functools.wraps(work)
    def wait(*arguments: _P.args, **options: _P.kwargs) -> _T:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            found: list[_T] = []
            asyncio.run(_put(found, work(*arguments, **options)))
            return found[0]
        raise UsageError("an event loop runs already", hint=f"await {work.__name__}(…) there")

    wait.__name__ = wait.__qualname__ = work.__name__.removesuffix("_async")
    return wait


async def _put(found: list[_T], work: Awaitable[_T]) -> None:
    """Put aside what comes: of what a task returns, asyncio.run makes the repr, all its changes."""
    found.append(await work)


make_plan = _waiting(make_plan_async)
apply = _waiting(apply_async)
plan_undo = _waiting(plan_undo_async)
export = _waiting(export_async)
pull = _waiting(pull_async)
migrate = _waiting(migrate_async)

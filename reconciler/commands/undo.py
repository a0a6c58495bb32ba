"""``reconciler undo``: take a past run back."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from ..apply import Report
from ..bindings import Binding, Bindings, bindings_path
from ..catalogue import Kind, load_kinds, tenant_of
from ..client import Client, Connection
from ..configuration.resource import Configuration
from ..diagnostics import Problem, UsageError
from ..ids import Owner
from ..journal import PastRun, past_runs, read_run
from ..live import Wanted, read_organization, read_owned, read_whole_rows
from ..plan import Plan
from ..plan.change import Change
from ..plan.model import sha256
from ..planning.consent import Protection, parse_allowed, with_consents
from ..planning.order import order
from ..planning.reverse import (
    Effect,
    Rows,
    effects_of,
    reverse,
    rows_needed,
    without_id,
    without_lost,
)
from ..render.words import count
from ..values.address import Address
from ..values.sent import Row
from .carrying_out import Terms, carry_out, finish
from .options import (
    PathType,
    allow_option,
    auto_approve_option,
    connection_options,
    journal_folder,
    journal_option,
    lock_option,
    locked_folder,
    parallelism_option,
    read_connection,
)
from .out import say
from .pipeline import Planned, without_unseen
from .progress import Reading, TellingClient
from .pruned import prune_journals
from .reading import read_loosely


@click.command("undo")
@click.argument("path", type=PathType())
@connection_options
@click.option("--run", "run_name", metavar="ID", help="Which run; else the last one.")
@click.option("--list", "list_only", is_flag=True, help="List the runs that can be undone.")
@click.option("--prune", is_flag=True, help="Remove old journals, and undo nothing.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="With --prune: how many of the last journals stay, besides those that are needed.",
)
@auto_approve_option
@allow_option
@journal_option
@lock_option
@parallelism_option
@click.option("--show-personal-data", is_flag=True, help="Show personal values in the plan.")
def command(
    path: Path,
    api_url: str | None,
    api_key_file: Path | None,
    run_name: str | None,
    list_only: bool,
    prune: bool,
    keep: int,
    auto_approve: bool,
    allow: tuple[str, ...],
    journal: Path | None,
    parallelism: int,
    show_personal_data: bool,
) -> int:
    """Take back what a run of apply did in the folder at PATH: shows the reverse plan, asks.

    Rows that were changed since stay as they are, and are named. Mails that were sent, rows that
    went with others, and ids that the server chooses cannot be taken back.

    \b
    Examples:
      reconciler undo villa/ --list
      reconciler undo villa/ --run 20260701T101500123456-ab12
    """
    kinds = load_kinds()
    configuration = read_loosely(path, kinds)
    folder = journal_folder(configuration.folder, journal)
    if list_only:
        _list(folder)
        return 0
    if prune:
        with locked_folder(configuration.folder):
            prune_journals(folder, keep)
        return 0
    allowed, connection = parse_allowed(allow), read_connection(api_url, api_key_file)
    with locked_folder(configuration.folder):
        run = _find(folder, run_name)
        again = f"undo with --run {run.run}"
        terms = Terms(allowed, auto_approve, show_personal_data, again=again)
        terms.check_terminal()
        say(f"taking back run {run.run}, started {run.started}", err=True)
        return asyncio.run(_take_back(run, configuration, connection, parallelism, terms, folder))


async def _take_back(
    run: PastRun,
    configuration: Configuration,
    connection: Connection,
    parallelism: int,
    terms: Terms,
    folder: Path,
) -> int:
    reading, kinds = Reading(), load_kinds()
    async with TellingClient(connection, reading, parallelism=parallelism) as client:
        with reading:
            broken = tuple(_broken(folder, run))
            planned = await _plan(run, broken, configuration, client, kinds)
        report: Report | None = None
        if planned.plan.changes:
            report = await carry_out(planned, client, kinds, terms, folder, undoes=run.run)
        else:
            _say_nothing_is_left(planned.plan)
        return finish(report)


def _broken(folder: Path, run: PastRun) -> Iterator[PastRun]:
    """Find the undos of a run that were cut off."""
    for path in past_runs(folder):
        if path.stem > run.run:
            with suppress(UsageError):  # one that is spoilt says nothing
                other = read_run(path)
                if other.undoes == run.run and not other.ended:
                    yield other


async def _plan(
    run: PastRun,
    broken: tuple[PastRun, ...],
    configuration: Configuration,
    client: Client,
    kinds: Mapping[str, Kind],
) -> Planned:
    organization = await read_organization(client, tenant_of(kinds), run.organization)
    path = bindings_path(configuration.folder, organization)
    bound = Bindings.read(path)
    bindings = bound.entries
    effects = effects_of(run, kinds, broken)
    ids: dict[str, list[str]] = {}
    for effect in effects:
        if effect.kind.can_list:
            ids.setdefault(effect.kind.name, []).append(effect.id)
    live = await read_whole_rows(client, kinds, ids)
    rows = {**live, **_unseen(effects, bindings)}
    reversed_changes, notes = reverse(effects, rows, bindings, bound.stored)
    possible, lost = await _possible(client, kinds, reversed_changes)
    owner = Owner(organization, run.stack)
    protection = Protection.of(configuration, owner, {}, bindings)
    wished = {change.address for change in possible}
    changes, kept = await without_unseen(client, kinds, possible, protection, wished)
    counts = await _counts(client, owner, [kinds[name] for name in ids])
    plan = Plan(
        stack=run.stack,
        organization=organization,
        folder=configuration.folder,
        configuration=sha256(run.run.encode()),
        levels=order(with_consents(changes, owned_rows=counts), kinds),
        unchanged=0,
        protect=configuration.protect,
        notes=(*without_id(run, kinds), *notes, *lost, *kept),
    )
    return Planned(plan, bound)


async def _possible(
    client: Client, kinds: Mapping[str, Kind], changes: tuple[Change, ...]
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """Leave out what refers to rows that are not there and do not come back."""
    needed = rows_needed(changes, kinds)
    there = await read_whole_rows(client, kinds, needed)
    lost = {(k, i) for k, ids in needed.items() for i in ids if i not in there.get(k, {})}
    return without_lost(changes, kinds, lost)


def _unseen(effects: Iterable[Effect], bindings: Mapping[Address, Binding]) -> Rows:
    """Give the rows of kinds that cannot be listed: the bindings say which are there."""
    rows: dict[str, dict[str, Row]] = {}
    for effect in effects:
        binding = bindings.get(effect.address) if effect.address else None
        if binding and binding.id == effect.id and not effect.kind.can_list:
            rows.setdefault(effect.kind.name, {})[effect.id] = {effect.kind.id_column: effect.id}
    return rows


async def _counts(client: Client, owner: Owner, kinds: list[Kind]) -> Mapping[str, int]:
    wanted = [
        Wanted(kind, (kind.id_column,), owned=True, named=False) for kind in kinds if kind.can_list
    ]
    live = await read_owned(client, owner, wanted)
    return {name: len(rows) for name, rows in live.rows.items()}


def _find(folder: Path, name: str | None) -> PastRun:
    """Find a run by its name, or the last one that changed something."""
    for path in reversed(past_runs(folder)):
        if name in {None, path.stem}:
            run = read_run(path)
            if name or run.changed_something:
                return run
    what = f"no run {name}" if name else "no run that changed anything"
    raise UsageError(
        f"there is {what} in {folder}",
        hint="`reconciler undo PATH --list` shows the runs; --journal names another folder",
    )


def _say_nothing_is_left(plan: Plan) -> None:
    for note in plan.notes:
        say(f"! {note.message}")
    say("Nothing to take back: no row is as that run left it.")


def _list(folder: Path) -> None:
    for path in past_runs(folder):
        try:
            run = read_run(path)
        except UsageError as error:  # one that is spoilt must not hide the others
            say(error.message, err=True)
            continue
        undoes = f", undid {run.undoes}" if run.undoes else ""
        say(f"{run.run}  {run.started}  {_counted(run)}, {_state(run)}{undoes}")


def _counted(run: PastRun) -> str:
    """Count the rows that a run changed, and those of which nobody knows."""
    effects = effects_of(run, load_kinds())
    certain = sum(effect.certain for effect in effects)
    unknown = len(effects) - certain + sum(1 for _ in without_id(run, load_kinds()))
    told = f", {unknown:,} not known to be done" if unknown else ""
    return f"{count(certain, 'row')} changed{told}"


def _state(run: PastRun) -> str:
    if not run.ended:
        return "cut off"
    return "stopped" if run.stopped else "ended"

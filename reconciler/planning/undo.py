"""Plan to take a past run back: read its rows as they are now, and reverse what it did."""

import shlex
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ..bindings import Binding, Bindings
from ..catalogue import Kind, tenant_of
from ..client.protocols import Reader
from ..configuration.resource import Configuration
from ..diagnostics import Problem, UsageError
from ..identity.letting_go import known_as_released
from ..ids import Owner
from ..journal.read import past_runs, read_run
from ..journal.records import PastRun
from ..live.organization import read_organization
from ..live.rows import Wanted, read_owned, read_whole_rows
from ..plan.change import Change
from ..plan.model import Plan, sha256
from ..remembered import Remembered, remembered_in
from ..spans import stage
from ..values.address import Address
from ..values.sent import Row
from .consent import Protection
from .effects import Effect, effects_of, without_id
from .finish import finish
from .planned import Planned
from .reverse import Rows, reverse, rows_needed, without_lost


def find_run(folder: Path, name: str | None, kinds: Mapping[str, Kind]) -> PastRun:
    """Find a run by its name, or the last one that changed something; raises UsageError."""
    for path in reversed(past_runs(folder)):
        if name in {None, path.stem}:
            run = read_run(path, kinds)
            if name or run.changed_something:
                return run
    what = f"no run {name}" if name else "no run that changed anything"
    hint = "`reconciler undo PATH --list` shows the runs; --journal names another folder"
    if any(folder.glob(f"*/{name or '*'}.jsonl")):
        hint = (
            "`reconciler fleet undo` takes back what a fleet wrote; of one organization alone:"
            f" --journal {shlex.quote(str(folder))}/ORGANIZATION"
        )
    raise UsageError(f"there is {what} in {folder}", hint=hint)


def fleet_wrote_since(run: PastRun, folder: Path) -> Path | None:
    """Find the journals of runs of a fleet on the organization of a run that came after it."""
    own = folder / run.organization
    return own if any(path.stem > run.run for path in past_runs(own)) else None


async def plan_undo(
    run: PastRun,
    journal_folder: Path,
    configuration: Configuration,
    client: Reader,
    kinds: Mapping[str, Kind],
    bindings: Bindings | None = None,
) -> Planned:
    """Plan to take a run back; what was changed since stays, with a note.

    ``bindings`` are read from the folder, unless others are given.
    ``journal_folder`` is where the undos of this run that were cut off left their journals.
    """
    with stage("plan") as planning:
        organization = await read_organization(client, tenant_of(kinds), run.organization)
        remembered = remembered_in(configuration.folder, organization, run.stack, bindings)
        broken = tuple(_cut_off(journal_folder, run, kinds))
        planned = await _planned(run, broken, configuration, remembered, client, kinds)
        planning.count(changes=len(planned.plan.changes), notes=len(planned.plan.notes))
    return planned


async def _planned(
    run: PastRun,
    broken: Iterable[PastRun],
    configuration: Configuration,
    remembered: Remembered,
    client: Reader,
    kinds: Mapping[str, Kind],
) -> Planned:
    """Compare what a run did with the live rows; ``broken`` are its undos that were cut off."""
    owner, bindings = remembered.owner, remembered.bindings
    every = effects_of(run, kinds, broken)
    last = known_as_released(owner)
    effects = tuple(effect for effect in every if not _is_let_go(effect, owner, last))
    released = [effect.name for effect in every if _is_let_go(effect, owner, last)]
    ids: dict[str, list[str]] = {}
    for effect in effects:
        if effect.kind.can_list:
            ids.setdefault(effect.kind.name, []).append(effect.id)
    with stage("read") as reading:
        live = await read_whole_rows(client, kinds, ids)
        reading.count(kinds=len(live), rows=sum(map(len, live.values())))
    rows = {**live, **_unlisted(effects, bindings.entries)}
    changes, notes = reverse(effects, rows, bindings.entries, bindings.stored)
    possible, lost = await _possible(client, kinds, changes)
    finished = await finish(
        client,
        kinds,
        possible,
        Protection.of(configuration, owner, {}, bindings.entries),
        wished={change.address for change in possible},
        owned_rows=await _counts(client, owner, [kinds[name] for name in ids]),
    )
    plan = Plan(
        stack=run.stack,
        organization=owner.organization,
        folder=configuration.folder,
        configuration=sha256(run.run.encode()),
        levels=finished.levels,
        unchanged=0,
        protect=configuration.protect,
        notes=(*without_id(run, kinds), *_let_go(released), *notes, *lost, *finished.kept),
    )
    return Planned(plan, remembered, undoes=run.run, kinds=kinds)


def _is_let_go(effect: Effect, owner: Owner, last: Container[Address | None]) -> bool:
    """Tell whether a row is no longer this folder's: another one may have it by now."""
    if effect.kind.server_chooses_id:
        return effect.address in last
    return effect.id in owner.released


def _let_go(names: Iterable[str]) -> Iterator[Problem]:
    for name in names:
        message = f"{name} is no longer managed here; it stays as it is"
        yield Problem("no-longer-managed", message, address=name, severity="warning")


def _cut_off(folder: Path, run: PastRun, kinds: Mapping[str, Kind]) -> Iterator[PastRun]:
    """Find the undos of a run that were cut off."""
    for path in past_runs(folder):
        if path.stem > run.run:
            with suppress(UsageError):  # one that is spoilt says nothing
                other = read_run(path, kinds)
                if other.undoes == run.run and not other.ended:
                    yield other


async def _possible(
    client: Reader, kinds: Mapping[str, Kind], changes: tuple[Change, ...]
) -> tuple[tuple[Change, ...], tuple[Problem, ...]]:
    """Leave out what refers to rows that are not there and do not come back."""
    needed = rows_needed(changes, kinds)
    there = await read_whole_rows(client, kinds, needed)
    lost = {(k, i) for k, ids in needed.items() for i in ids if i not in there.get(k, {})}
    return without_lost(changes, kinds, lost)


def _unlisted(effects: Iterable[Effect], bindings: Mapping[Address, Binding]) -> Rows:
    """Give the rows of kinds that cannot be listed: the bindings say which are there."""
    rows: dict[str, dict[str, Row]] = {}
    for effect in effects:
        binding = bindings.get(effect.address) if effect.address else None
        if binding and binding.id == effect.id and not effect.kind.can_list:
            rows.setdefault(effect.kind.name, {})[effect.id] = {effect.kind.id_column: effect.id}
    return rows


async def _counts(client: Reader, owner: Owner, kinds: list[Kind]) -> Mapping[str, int]:
    wanted = [
        Wanted(kind, (kind.id_column,), owned=True, named=False) for kind in kinds if kind.can_list
    ]
    live = await read_owned(client, owner, wanted)
    return {name: len(rows) for name, rows in live.rows.items()}

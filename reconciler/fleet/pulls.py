"""What changed live in one organization comes into its files; the base is of all, and stays."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ..configuration.load.variable_file import Sources
from ..diagnostics import UsageError
from ..diagnostics.words import count
from ..exporting.spool import Spool
from ..pulling.choosing import Choices, Decision, decide
from ..pulling.pull import CONFLICTS_LEFT, WOULD_CHANGE, Sought, look, write
from .results import Failure, Result
from .work import Work

MOST_NAMED = 20
"""So many resources are named; the others are counted."""


async def pull_task(work: Work) -> Result:
    """Compare three sides, and edit the overlays; tasks that do so run one after the other."""
    task, wishes = work.task, work.task.pulling
    desired = work.anew()
    choices = Choices(frozenset(wishes.keep_files), frozenset(wishes.take_live))
    choices.check(desired.configuration)
    files = tuple(map(Path, task.yaml.var_files))
    sources, sought = Sources(task.yaml.variables, files), Sought(wishes.base)
    with Spool() as spool:
        async with work.client() as client:
            compared = await look(client, work.kinds, desired, sources, sought, spool)
        decision = decide(compared.divergences.all, choices, desired.configuration)
        notes = [*_named(decision), *compared.divergences.left]
        if decision.changes and not wishes.check:
            if not task.yaml.overlays:
                raise UsageError(
                    f"{task.name} has no overlay, and the base is of all organizations",
                    hint="give it an overlay in fleet.yaml: what differs goes there",
                )
            notes += write(compared, decision, work.kinds, into=len(task.yaml.overlays)).notes
    return _ended(work, decision, notes)


def _ended(work: Work, decision: Decision, notes: Sequence[str]) -> Result:
    task, check = work.task, work.task.pulling.check
    taken = len(decision.taken) + len(decision.removed)
    counts = {"taken": taken, "conflicts": len(decision.conflicts), "kept": decision.kept}
    result = Result(task.name, task.organization, 0, "unchanged", notes=tuple(notes))
    result = replace(result, counts={name: number for name, number in counts.items() if number})
    if decision.conflicts:
        failure: Failure = {
            "message": f"{count(len(decision.conflicts), 'conflict')} left",
            "hint": "look at them with `reconciler pull`, and decide there",
            "code": CONFLICTS_LEFT,
            "reasons": [one.name for one in decision.conflicts[:MOST_NAMED]],
        }
        return replace(result, code=CONFLICTS_LEFT, state="pending", error=failure)
    if taken and check:
        return replace(result, code=WOULD_CHANGE, state="pending")
    return replace(result, state="done") if taken else result


def _named(decision: Decision) -> Iterator[str]:
    """Name what comes into the files; values may be personal, and are not shown."""
    named = [f"{one}: {', '.join(sorted(columns))}" for one, columns in decision.taken.items()]
    named += [f"{one}: its row is gone" for one in decision.removed]
    yield from sorted(named)[:MOST_NAMED]
    if len(named) > MOST_NAMED:
        yield f"and {len(named) - MOST_NAMED:,} more"

"""Which deletes may be: none that nobody can judge, and none that takes a protected row along."""

from collections.abc import Container, Mapping, Sequence

from ..catalogue import Kind
from ..client.protocols import Reader
from ..diagnostics import Problem
from ..diagnostics.words import few
from ..live.referencing import UNREADABLE, read_referencing
from ..plan.change import Action, Change
from ..values.address import Address
from ..values.fixpoint import Progress
from .cascade import read_cascaded
from .consent import Protection
from .order import with_references_to


async def judge_deletes(
    client: Reader,
    kinds: Mapping[str, Kind],
    changes: Sequence[Change],
    protection: Protection,
    wished: Container[Address | None],
) -> tuple[tuple[Change, ...], list[Problem]]:
    """Ask who references the rows to be deleted, and leave out deletes that must not be.

    Those are deletes that nobody can judge, and those of orphans that would take a protected row
    along. What is in ``wished`` is deleted because somebody says so: there it is for
    :func:`~reconciler.planning.approval.approve` to refuse.
    """
    ids: dict[str, list[str]] = {}
    for change in changes:
        if change.action is Action.DELETE:
            ids.setdefault(change.kind, []).append(str(change.id))
    if not ids:
        return tuple(changes), []
    references_to = await read_referencing(client, kinds, ids)
    cascaded = await read_cascaded(client, kinds, changes, protection.names)
    kept: list[Problem] = []
    settled, progress = tuple(changes), Progress("judging the deletes")
    while True:  # what stays may reference others; each round leaves out at least one delete
        progress.insist(len(kept))
        settled = protection.judge(with_references_to(settled, references_to), kinds, cascaded)
        notes = {id(change): note for change in settled if (note := _stays(change, wished))}
        if not notes:
            return settled, kept
        kept += notes.values()
        settled = tuple(change for change in settled if id(change) not in notes)


def _stays(change: Change, wished: Container[Address | None]) -> Problem | None:
    unreadable = sorted(kind for kind, row_id in change.referenced_by if row_id == UNREADABLE)
    if unreadable:
        return _kept(change, unreadable)
    if not change.takes or change.address in wished:
        return None
    taken = few(sorted(f"{kind}[{row_id}]" for kind, row_id in change.takes), 1)
    return Problem(
        "kept-protected",
        f"{change.name} stays: deleting it would delete {taken}, which is protected",
        address=change.name,
        hint="to delete it, take that out of reconciler: protect:",
        severity="warning",
    )


def _kept(change: Change, unreadable: list[str]) -> Problem:
    return Problem(
        "kept-unseen",
        f"{change.name} stays: {', '.join(unreadable)} may reference it, but cannot be read",
        position=change.position,
        address=change.name,
        hint="use a key that may read there",
        severity="warning",
    )

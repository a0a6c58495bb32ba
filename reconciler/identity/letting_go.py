"""Rows that a folder let go: they stay, and the plan says so in few words."""

from collections.abc import Iterator, Mapping

from ..bindings import Binding
from ..catalogue import Kind, is_deleted
from ..configuration.resource import Resource
from ..diagnostics import Problem
from ..diagnostics.words import count, few
from ..ids import Owner, Release
from ..live.rows import Live
from ..values.address import Address

_NAMED = 5
"""So many are named, of those that went one way."""

Claims = Mapping[str, Mapping[str, Address]]


def known_as_released(owner: Owner) -> frozenset[Address]:
    """Give the addresses that rows had when they were let go: bindings may still name them."""
    return frozenset(way.last for way in owner.released.values())


def tell_released(
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
    kinds: Mapping[str, Kind],
    claims: Claims,
) -> Iterator[Problem]:
    """Say which rows are let go and still there, and which have a block again."""
    gone: dict[str | None, dict[str, str]] = {}
    again: dict[str, str] = {}
    for row_id, way in sorted(owner.released.items(), key=lambda one: one[1].last):
        bound = bindings.get(way.last)
        found = bound.id if bound else row_id
        if found in claims.get(way.last.kind, {}):
            again[str(way.last)] = found
        elif _is_there(kinds.get(way.last.kind), live, found):
            gone.setdefault(way.to, {})[str(way.last)] = found
    for to, rows in gone.items():
        yield _no_longer_managed(to, rows)
    if again:
        yield _managed_again(again)


def departed(owner: Owner) -> Mapping[Address, Release]:
    """Give the addresses that mean no row here any more, with the way that their rows went.

    A row may have been made under another address than it had last. An address that was received
    has another row since.
    """
    received = owner.transfers.received
    gone: dict[Address, Release] = {}
    for former, way in owner.transfers.released.items():
        if former.stack == owner.stack and (way.to or way.last != former.address):
            gone[former.address] = way
        if way.to:
            gone.setdefault(way.last, way)
    return {address: way for address, way in gone.items() if address not in received}


def moved_away(resource: Resource, release: Release, row_id: str) -> Problem:
    """Refuse a block for a row that another stack or another address has by now."""
    if release.to:
        says = f"its row was moved to the stack {release.to}"
        hint = "move it back from there with `reconciler mv`, or give this block another key"
    else:
        says = f"its row became {release.last}, and was let go"
        hint = f"give this block another key; or {release.last.key}, if it means that row"
    return Problem(
        "moved-away",
        f"{resource.address}: {says}",
        position=resource.position,
        address=str(resource.address),
        hint=hint,
        rows=(row_id,),
    )


def _is_there(kind: Kind | None, live: Live, row_id: str) -> bool:
    row = live.of_kind(kind.name).get(row_id) if kind else None
    return kind is not None and row is not None and not is_deleted(kind, row)


def _no_longer_managed(to: str | None, rows: Mapping[str, str]) -> Problem:
    where = f" here, since moved to the stack {to}" if to else ", and never deleted"
    return Problem(
        "no-longer-managed",
        f"{count(len(rows), 'row')} no longer managed{where}: {few(list(rows), _NAMED)}",
        hint="bindings/released.yaml lists them",
        rows=tuple(rows.values()),
        severity="warning",
    )


def _managed_again(rows: Mapping[str, str]) -> Problem:
    return Problem(
        "managed-again",
        f"{count(len(rows), 'row')} managed again, having a block: {few(list(rows), _NAMED)}",
        hint="an apply of the folder itself takes the entry out of bindings/released.yaml",
        rows=tuple(rows.values()),
        severity="warning",
    )

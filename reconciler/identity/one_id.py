"""Addresses that would share one row: after a rename, the old name computes the id of the new."""

from collections.abc import Iterator, Mapping

from ..bindings import Binding
from ..catalogue import Kind
from ..configuration.resource import Configuration, Resource
from ..diagnostics import Problem
from ..ids import Former, Owner
from ..live.rows import Live
from ..values.address import Address
from .found import Found
from .problems import two_claims


def rows_left_out(
    configuration: Configuration,
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
) -> Mapping[tuple[str, str], Resource]:
    """Give the rows, by kind and id, of what a limited run leaves out: nobody else means them."""
    rows: dict[tuple[str, str], Resource] = {}
    for other in configuration.others:
        kind = other.address.kind
        row_id = _known_id(other.address, owner, bindings)
        if other.renamed_from is not None and row_id not in live.of_kind(kind):
            row_id = _known_id(Address(kind, other.renamed_from), owner, bindings)
        rows[kind, row_id] = other
    return rows


def _known_id(address: Address, owner: Owner, bindings: Mapping[Address, Binding]) -> str:
    return bindings[address].id if address in bindings else owner.id_of(address)


def made_twice(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    owner: Owner,
    bindings: Mapping[Address, Binding],
    live: Live,
    found: Mapping[Address, Found],
) -> Iterator[Problem]:
    """Find rows that two blocks would make under one id, where neither has its row yet."""
    received = owner.transfers.received
    if not received:
        return
    others = {other.address: other for other in configuration.others}
    every = {**others, **configuration.resources}
    for new, former in received.items():
        old = former.address
        kind = kinds.get(new.kind)
        numbered = kind is None or kind.server_chooses_id or "create" not in kind.verbs
        mine = former == Former(owner.stack, old) and old not in received
        both = (new, old)
        if numbered or not mine or not all(one in every for one in both):
            continue
        row_id = owner.id_of(new)
        has_row = any(one in found or one in bindings for one in both)
        has_row = has_row or row_id in live.of_kind(new.kind)
        if not has_row and any(one in configuration.resources for one in both):
            yield two_claims(every[old], every[new], row_id, had_before=True)

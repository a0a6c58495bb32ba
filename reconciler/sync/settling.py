"""What an update decides before it edits: which rows are new, which blocks go, which keys hold."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from ..bindings import Binding
from ..catalogue import Kind
from ..configuration.resource import Configuration
from ..exporting.choosing import (
    leave_out_deleted,
    leave_out_doubles,
    leave_out_of_others,
    leave_out_released,
)
from ..exporting.export import origin_of
from ..exporting.keys import Keys, make_keys
from ..exporting.spool import Spool
from ..ids import Owner
from ..plan.change import Change
from ..values.address import Address
from .matching import Matched, differing, without_row

Ids = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Settled:
    """``removed`` blocks go. ``selected`` are the rows, by kind, that the export is about.

    ``keys`` are those of all rows that are in the YAML or will be; ``new`` only of those that
    will be. ``whole`` tells that the export is about everything, so that things may go.
    """

    removed: frozenset[Address]
    selected: Ids
    keys: Mapping[str, Mapping[str, str]]
    new: Keys
    whole: bool

    def concerns(self, change: Change) -> bool:
        """Tell whether a resource shall be edited."""
        wanted = str(change.id) in self.selected.get(change.kind, ())
        return wanted and change.address not in self.removed


def settle(
    spool: Spool,
    kinds: Mapping[str, Kind],
    matched: Matched,
    everything: Configuration,
    bindings: Mapping[Address, Binding],
    owner: Owner,
    *,
    whole: bool,
    prune: bool,
    had_rows: Container[Address] = (),
    shared: bool = False,
    readable_keys: Container[str] = (),
    removed: frozenset[Address] | None = None,
) -> Settled:
    """Decide; afterwards the spool holds only rows that are new.

    ``removed`` are the blocks that go, where that is decided already.

    ``everything`` is what the folder says, of which only a part may have been matched.
    ``had_rows`` are resources that are known to have had a row, beside those with a binding.
    ``shared`` tells that blocks may stay, marked as absent, so that their keys are taken.
    New keys of ``readable_keys``, which are kinds, may hold names of people.
    """
    selected = {name: frozenset(ids) for name, ids in spool.ids.items()}
    if removed is None:
        gone = without_row(matched, kinds, known=not prune, had_rows=had_rows) if whole else set()
        removed = frozenset(gone | set(_of_other_pairs(matched, kinds)))
    keep_new(spool, kinds, matched, removed, owner)
    leave_out_released(spool, owner, bindings, everything.resources)
    in_yaml, reserved = known_keys(everything, matched, removed, bindings, owner, shared=shared)
    named = _come_back(spool, kinds, everything, bindings)
    known = {
        name: {**in_yaml.get(name, {}), **reserved.get(name, {}), **named.get(name, {})}
        for name in kinds
    }
    new = make_keys(spool, kinds, known, readable=readable_keys)
    keys = {name: {**in_yaml.get(name, {}), **new.get(name, {})} for name in kinds}
    return Settled(removed, selected, keys, new, whole)


def settle_bindings(
    settled: Settled,
    kinds: Mapping[str, Kind],
    matched: Matched,
    bindings: Mapping[Address, Binding],
    owner: Owner,
) -> dict[Address, Binding]:
    """Give the bindings as they must be once the folder is edited."""
    entries = {address: b for address, b in bindings.items() if address not in settled.removed}
    if settled.whole:
        for address in [a for a in entries if _is_left_over(a, entries[a], matched)]:
            del entries[address]
    come: dict[Address, Binding] = {}
    for address, found in matched.identities.found.items():
        if found.bind and found.id in settled.selected.get(address.kind, ()):
            come[address] = Binding(found.id, found.bind)
    for name, by_id in settled.new.items():
        for row_id, key in by_id.items():
            if owner.id_of(Address(name, key)) != row_id:
                come[Address(name, key)] = Binding(row_id, origin_of(kinds[name], row_id, owner))
    taken = {(address.kind, binding.id) for address, binding in come.items()}
    kept = {a: b for a, b in entries.items() if (a.kind, b.id) not in taken}
    return {**kept, **come}


def _of_other_pairs(matched: Matched, kinds: Mapping[str, Kind]) -> Iterator[Address]:
    """Find the links that were bound and link other rows now: they have other keys, then."""
    for change in differing(matched, kinds):
        kind = kinds[change.kind]
        pair = kind.is_link and any(part.column in change.columns for part in kind.natural_key)
        if change.address and pair:
            yield change.address


def keep_new(
    spool: Spool,
    kinds: Mapping[str, Kind],
    matched: Matched,
    removed: Container[Address],
    owner: Owner,
) -> None:
    """Leave out what is in the YAML, and what never gets there."""
    claimed: dict[str, set[str]] = {}
    for address, found in matched.identities.found.items():
        if address not in removed:
            claimed.setdefault(address.kind, set()).add(found.id)
    leave_out_deleted(spool, kinds)
    leave_out_doubles(spool, kinds, first=claimed)
    for name, ids in claimed.items():
        spool.leave_out(name, ids)
    leave_out_of_others(spool, owner)


def known_keys(
    everything: Configuration,
    matched: Matched,
    removed: Container[Address],
    bindings: Mapping[Address, Binding],
    owner: Owner,
    *,
    shared: bool = False,
) -> tuple[Keys, Keys]:
    """Give the keys that can be referred to, by kind and id, and those that are taken besides."""
    in_yaml: Keys = {}
    reserved: Keys = {}
    for address, resource in everything.resources.items():
        if address in removed:
            if shared:
                reserved.setdefault(address.kind, {})[f"removed {address.key}"] = address.key
            continue
        binding = bindings.get(address)
        row_id = matched.row_of(address) or (binding.id if binding else owner.id_of(address))
        if resource.absent:
            reserved.setdefault(address.kind, {})[f"absent {address.key}"] = address.key
        else:
            in_yaml.setdefault(address.kind, {})[row_id] = address.key
    return in_yaml, reserved


def _come_back(
    spool: Spool,
    kinds: Mapping[str, Kind],
    everything: Configuration,
    bindings: Mapping[Address, Binding],
) -> Keys:
    """Give the keys of bound rows whose blocks were taken out: they come back as they were."""
    keys: Keys = {}
    for address, binding in bindings.items():
        kind = kinds.get(address.kind)
        if kind and address not in everything.resources and spool.has(kind.name, binding.id):
            keys.setdefault(kind.name, {})[binding.id] = address.key
    return keys


def _is_left_over(address: Address, binding: Binding, matched: Matched) -> bool:
    """Tell whether an entry is of no use: neither its block nor its row is there any more."""
    if address.kind in matched.live.odd:
        return False
    rows = matched.live.rows.get(address.kind)
    in_yaml = address in matched.configuration.resources
    return not in_yaml and rows is not None and binding.id not in rows

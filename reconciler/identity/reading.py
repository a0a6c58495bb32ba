"""What must be read before rows can be matched, compared, locked and deleted."""

from collections.abc import Iterable, Iterator, Mapping

from ..bindings import Binding
from ..catalogue import KeyPart, Kind
from ..configuration.resource import Configuration, Lookup
from ..live.rows import Wanted
from ..values.address import Address


def kinds_to_read(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    bindings: Mapping[Address, Binding],
    columns: Mapping[str, tuple[str, ...]],
    outside: Iterable[tuple[str, str]] = (),
) -> Iterator[Wanted]:
    """Say which rows to read first: our own range and bound rows, kind by kind.

    ``outside`` are rows, as kind and id, that were received or let go, and lie in another range.

    Orphans are looked for in every kind that can be deleted, whether or not YAML names it; a run
    that is limited to some addresses deletes nothing, so it reads only the kinds it names.
    """
    named = {address.kind for address in configuration.resources}
    bound: dict[str, set[str]] = {}
    for address, binding in bindings.items():
        bound.setdefault(address.kind, set()).add(binding.id)
    for name, row_id in outside:
        bound.setdefault(name, set()).add(row_id)
    for kind in kinds.values():
        may_hold_orphans = "delete" in kind.verbs and configuration.limited is None
        owned = "create" in kind.verbs and not kind.server_chooses_id
        ids = frozenset(bound.get(kind.name, ()))
        if kind.can_list and (kind.name in named or may_hold_orphans) and (owned or ids):
            yield Wanted(kind, columns[kind.name], owned, ids, named=kind.name in named)


def columns_to_read(
    configuration: Configuration, kinds: Mapping[str, Kind]
) -> Mapping[str, tuple[str, ...]]:
    """Choose the columns of each kind's ``select``: what is compared, locked or followed."""
    given: dict[str, dict[str, None]] = {name: {} for name in kinds}
    for resource in configuration.resources.values():
        kind = kinds[resource.address.kind]
        given[kind.name].update(dict.fromkeys(resource.values))
        for rule in kind.relations:  # the other half of what one speaks of is live
            if not resource.values.keys().isdisjoint(rule.columns):
                given[kind.name].update(dict.fromkeys(rule.columns))
        for reference in resource.references:
            if isinstance(reference, Lookup):
                names = [KeyPart.parse(name).column for name, _ in reference.criteria]
                mark = kinds[reference.kind].soft_delete
                given[reference.kind].update(dict.fromkeys([*names, mark] if mark else names))
    for kind in kinds.values():
        for part in (part for key in kind.natural_keys for part in key):
            target = kind.columns[part.column].reference
            if part.through and target:
                given[target.kind][part.through] = None
    named = {address.kind for address in configuration.resources}
    return {
        name: tuple(dict.fromkeys((*_always(kind, named=name in named), *given[name])))
        for name, kind in kinds.items()
    }


def _always(kind: Kind, *, named: bool) -> Iterator[str]:
    yield kind.id_column
    yield from kind.primary_key
    if not named:
        return
    yield from (name for name in (kind.version, kind.soft_delete) if name)
    parts = (part.column for key in kind.natural_keys for part in key)
    yield from (name for name in parts if not kind.columns[name].sensitive)
    yield from (column.name for column in kind.references if not column.unconfirmed)
    if kind.version is None:
        yield from (column.name for column in kind.lock_columns)

"""Take one live row over by hand: its id goes into the bindings, its columns into the YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..bindings import Binding
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.load import Loaded
from ..configuration.resource import Configuration, with_references
from ..configuration.words import RENAMED_FROM
from ..diagnostics import UsageError
from ..exporting.keys import link_key
from ..exporting.reading import read_profiles
from ..exporting.spool import Spool
from ..exporting.values import Writing
from ..ids import Owner, is_computed
from ..live.rows import read_whole_rows
from ..remembered import Remembered
from ..staging import Changes
from ..values.address import KEY_PATTERN, LINK_SEPARATOR, UUID_PATTERN, Address
from ..values.sent import Row
from .editing import Editor
from .files import Files
from .finishing import NOTHING, Bindings, Folder, finish
from .matching import Matched, match
from .settling import Settled, known_keys, settle_bindings

_MARK = 13
"""So many characters of an id say which stack made it."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What was written: a block where there was none, and what the reader should know."""

    wrote_block: bool
    notes: tuple[str, ...]


def parse_address(text: str, kinds: Mapping[str, Kind]) -> Address:
    """Read ``kind.key`` of a row that YAML can hold; raises UsageError."""
    name, dot, key = text.partition(".")
    kind = kinds.get(name)
    if not dot or kind is None:
        raise UsageError(f"{text} is not KIND.KEY", hint="such as contacts.jane-doe")
    if not (kind.in_yaml and kind.can_list):
        raise UsageError(f"{name} cannot be imported: the API does not let them be managed")
    parts = key.split(LINK_SEPARATOR) if kind.is_link else [key]
    good = all(KEY_PATTERN.match(p) or (kind.is_link and UUID_PATTERN.match(p)) for p in parts)
    if not good or len(parts) != (len(kind.natural_key) if kind.is_link else 1):
        hint = "FIRST--SECOND, each a key or an id" if kind.is_link else "a-z, 0-9, '_', single '-'"
        raise UsageError(f"{key!r} is not a key of {name}", hint=hint)
    if not kind.is_link and UUID_PATTERN.match(key):
        raise UsageError(f"{key!r} is an id, not a key", hint="give a name first, then the id")
    return Address(name, key)


async def adopt(
    client: Reader,
    kinds: Mapping[str, Kind],
    remembered: Remembered,
    loaded: Loaded,
    configuration: Configuration,
    address: Address,
    row_id: str,
    *,
    besides: Mapping[Path, Changes] = NOTHING,
) -> Adopted:
    """Bind an address to a row, and write its block where YAML has none; raises UsageError.

    ``remembered`` says whose the row is from then on; ``besides`` is what else is written with it.
    """
    kind, row_id = kinds[address.kind], row_id.lower()
    owner, bindings = remembered.owner, remembered.bindings.entries
    row = await _read_row(client, kind, row_id, owner, bindings.get(address))
    folder = Folder(loaded, configuration, owner, lambda whole: _of_kind(whole, kind))
    matched = await match(client, folder.part(configuration), kinds, remembered)
    _check_claims(matched, bindings, address, row_id)
    keys = known_keys(configuration, matched, (), bindings, owner)[0]
    if kind.is_link:
        _check_pair(kind, row, keys, address)
    in_yaml = address in configuration.resources
    settled = Settled(
        removed=frozenset(),
        selected={},
        keys={**keys, kind.name: {**keys.get(kind.name, {}), row_id: address.key}},
        new={kind.name: {row_id: address.key}},
        whole=False,
    )
    with Spool() as spool:
        spool.add(kind, [row])
        profiles = await read_profiles(client, spool, kinds)
        editor = Editor(kinds, settled, Writing(kinds, settled.keys, profiles))
        files = Files.of(loaded)
        if not in_yaml:
            editor.add(files, spool, single_file=False)
        matched = matched.with_rows(spool, kinds)
    after = settle_bindings(settled, kinds, matched, bindings, owner)
    finish(folder, editor, files, matched, (), bindings, after, besides)
    return Adopted(not in_yaml, tuple(editor.writing.notes()))


def _of_kind(whole: Configuration, kind: Kind) -> Configuration:
    """Limit a configuration to what may claim the row, and what the row may refer to."""
    kinds = {kind.name, *(column.reference.kind for column in kind.references if column.reference)}
    addresses = frozenset(address for address in whole.resources if address.kind in kinds)
    return with_references(replace(whole, limited=addresses))


async def _read_row(
    client: Reader, kind: Kind, row_id: str, owner: Owner, bound: Binding | None
) -> Row:
    """Read the row; refuses one that cannot be taken over, and an address that has another."""
    if not UUID_PATTERN.match(row_id):
        example = "6f1c0a9e-3b52-4c8d-9a70-2f5d8e1b4c37"
        raise UsageError(f"{row_id!r} is not an id", hint=f"such as {example}")
    if is_computed(row_id) and not owner.owns(row_id):
        raise UsageError(
            f"the row {row_id} belongs to another stack: its mark is {row_id[:_MARK]}",
            hint="take it over: --take-over --from FOLDER, the folder of that stack; or refer to it"
            " by its id",
        )
    ids = {row_id, bound.id} if bound else {row_id}
    rows = await read_whole_rows(client, {kind.name: kind}, {kind.name: ids})
    found = rows.get(kind.name, {})
    row = found.get(row_id)
    if row is None:
        raise UsageError(f"there is no row {row_id} in {kind.name}", hint="check the id")
    if kind.soft_delete and row.get(kind.soft_delete):
        raise UsageError(f"the row {row_id} is marked as deleted")
    if bound and bound.id != row_id and bound.id in found:
        raise UsageError(
            f"the bindings say that this address is the row {bound.id}",
            hint="give another key, or remove that entry from the bindings",
        )
    return row


def _check_claims(matched: Matched, bindings: Bindings, address: Address, row_id: str) -> None:
    """Refuse a row that another address means, and an address that means another row."""
    resource = matched.configuration.resources.get(address)
    if resource and resource.absent:
        raise UsageError(f"{address} is marked `$absent: true`", hint="take the mark out first")
    meant = matched.row_of(address)
    if meant not in (None, row_id):
        raise UsageError(
            f"{address} is the row {meant} already",
            hint="give another key, or remove that block and its binding first",
        )
    for other, found in matched.identities.found.items():
        if other.kind == address.kind and found.id == row_id and other != address:
            raise UsageError(
                f"the row {row_id} is {other} already", hint=f"rename it with {RENAMED_FROM}"
            )
    for other, binding in bindings.items():
        if other.kind == address.kind and other != address and binding.id == row_id:
            raise UsageError(
                f"the row {row_id} is bound to {other}, which has no block any more",
                hint=f"import it as {other}, or remove that entry from the bindings",
            )


def _check_pair(
    kind: Kind, row: Row, keys: Mapping[str, Mapping[str, str]], address: Address
) -> None:
    pair = link_key(kind, row, keys)
    if pair != address.key:
        raise UsageError(
            f"the row {row[kind.id_column]} does not link what {address} says",
            hint=f"its address is {kind.name}.{pair}",
        )

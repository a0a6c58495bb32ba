"""The whole export, from the first page to the last file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from ..bindings import Binding, bindings_path, write_bindings
from ..change import Row
from ..client import Reader
from ..errors import UsageError
from ..ids import Owner
from ..kind import JSON, Kind
from ..resource import Address
from .keys import Keys, make_keys
from .redact import Redactor
from .selection import Selection
from .spool import Spool, Tell, read_into
from .values import Writing
from .writing import write_kind, write_links

SETTINGS_FILE = "bookingmood.yaml"


@dataclass(frozen=True, slots=True)
class Options:
    """How to write: into which folder, under which stack, and what is left out or replaced.

    ``known`` are keys that rows have already and keep, by kind and id. ``overwrite`` allows a
    folder that was exported before: its files are written anew, those of other people stay.
    """

    folder: Path
    stack: str
    selection: Selection = field(default_factory=Selection)
    single_file: bool = False
    omit_defaults: bool = False
    redact: bool = False
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows by kind, the keys they got, and what the reader should know."""

    counts: Mapping[str, int]
    keys: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]


async def export(
    client: Reader,
    kinds: Mapping[str, Kind],
    organization: str,
    options: Options,
    tell: Tell = lambda kind, rows: None,
) -> Exported:
    """Write a new folder, or one exported before; raises UsageError where neither is so."""
    if not options.overwrite:
        _check_new(options.folder)
    with Spool() as spool:
        await read_into(spool, client, kinds, options.selection, tell)
        keys = make_keys(spool, kinds, options.known, neutral=options.redact)
        writing = Writing(
            kinds,
            keys,
            await _profiles(client, spool, kinds),
            Redactor() if options.redact else None,
            options.omit_defaults,
        )
        try:
            counts = _write_files(spool, kinds, keys, writing, options)
            _remove_left_over(kinds, counts, options)
            if not options.redact:
                _write_ids(kinds, keys, organization, options)
        except OSError as error:
            raise UsageError(f"{error.filename} cannot be written: {error.strerror}") from error
        notes = (*_unread(spool), *_unknown_columns(spool, kinds))
    return Exported(counts, keys, tuple(notes))


def _check_new(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty", hint="name a new folder with --out")


def _write_files(
    spool: Spool, kinds: Mapping[str, Kind], keys: Keys, writing: Writing, options: Options
) -> dict[str, int]:
    options.folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with (options.folder / SETTINGS_FILE).open("w", encoding="utf-8") as settings:
        settings.write(f"reconciler:\n  stack: {options.stack}\n")
        for kind in kinds.values():
            if not keys.get(kind.name):
                continue
            if options.single_file:
                settings.write("\n")
                counts[kind.name] = _write_kind(settings, kind, spool, keys, writing)
            else:
                with (options.folder / f"{kind.name}.yaml").open("w", encoding="utf-8") as file:
                    counts[kind.name] = _write_kind(file, kind, spool, keys, writing)
    return counts


def _remove_left_over(
    kinds: Mapping[str, Kind], counts: Mapping[str, int], options: Options
) -> None:
    """Remove the files of an earlier export whose kinds have no rows any more."""
    for name in kinds:
        if options.overwrite and (options.single_file or name not in counts):
            (options.folder / f"{name}.yaml").unlink(missing_ok=True)


def _write_kind(stream: TextIO, kind: Kind, spool: Spool, keys: Keys, writing: Writing) -> int:
    write = write_links if kind.is_link else write_kind
    return write(stream, kind.name, _entries(kind, spool, keys[kind.name], writing))


def _entries(
    kind: Kind, spool: Spool, keys: Mapping[str, str], writing: Writing
) -> Iterator[tuple[str, dict[str, JSON]]]:
    for row in spool.rows(kind.name):
        key = keys[str(row[kind.id_column])]
        yield key, dict(writing.columns(kind, key, row))


def _write_ids(kinds: Mapping[str, Kind], keys: Keys, organization: str, options: Options) -> None:
    """Write the ids of all rows; one that cannot be deleted is adopted, the others are owned."""
    owner = Owner(organization, options.stack)
    path = bindings_path(options.folder, organization)
    entries: dict[Address, Binding] = {}
    for name, by_id in keys.items():
        for row_id, key in by_id.items():
            address = Address(name, key)
            if owner.id_of(address) != row_id:
                origin = "owned" if "delete" in kinds[name].verbs else "adopted"
                entries[address] = Binding(row_id, "owned" if origin == "owned" else "adopted")
    write_bindings(path, entries)


async def _profiles(
    client: Reader, spool: Spool, kinds: Mapping[str, Kind]
) -> Mapping[str, Mapping[str, Row]]:
    """Read the rows that inputs stand for, such as the profiles of members."""
    wanted = {
        column.reference.kind
        for name in spool.ids
        for item in kinds[name].inputs.values()
        if (column := kinds[name].columns.get((item.stands_for or "").partition(".")[0]))
        and column.reference
    }
    return {
        name: {
            str(row[kinds[name].id_column]): row
            for row in await client.read(kinds[name], ["*"], [])
        }
        for name in wanted
    }


def _unread(spool: Spool) -> Iterator[str]:
    for kind, reason in spool.unread.items():
        yield f"{kind} is left out: {reason}"


def _unknown_columns(spool: Spool, kinds: Mapping[str, Kind]) -> Iterator[str]:
    for name in spool.ids:
        first = next(spool.rows(name), {})
        unknown = sorted(first.keys() - kinds[name].columns.keys())
        if unknown:
            yield f"{name}: columns that this version does not know: {', '.join(unknown)}"

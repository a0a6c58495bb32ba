"""The whole export into a new folder, from the first page to the last file."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..bindings import Origin, bindings_path, write_many_bindings
from ..catalogue import Kind
from ..client.protocols import Reader
from ..configuration.load import ProblemReport
from ..configuration.load.files import BINDINGS, yaml_files
from ..diagnostics import UsageError
from ..editor import schema_text, write_schema
from ..editor.begin import SCHEMA, missing
from ..ids import Owner, is_computed
from ..staging import finish_stopped, staged
from ..values.address import Address
from ..values.column import JSON
from .choosing import is_whole, leave_out_unmakeable, notes_of, read_rows
from .columnwise import blocks
from .cycles import closing
from .keys import make_keys
from .reading import read_profiles
from .redact import Redactor
from .selection import Selection
from .spool import Spool, Tell
from .values import Writing
from .writing import WrittenFiles, left_over, write_files


@dataclass(frozen=True, slots=True)
class Options:
    """How to write: into which folder, under which stack, and what is left out or replaced.

    ``readable_keys`` are the kinds whose keys may hold what is personal. ``known`` are keys that
    rows have already and keep, by kind and id. ``overwrite`` allows a folder that was exported
    before: its files are written anew, those of other people stay. ``prune`` is for updates:
    blocks without a row go, even if none of theirs is known to be gone.
    """

    folder: Path
    stack: str
    selection: Selection = field(default_factory=Selection)
    single_file: bool = False
    omit_defaults: bool = False
    redact: bool = False
    readable_keys: frozenset[str] = frozenset()
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    overwrite: bool = False
    prune: bool = False

    def __post_init__(self) -> None:
        """Refuse names of people in files without any; raises UsageError."""
        if self.redact and self.readable_keys:
            hint = "give one of the two: redacted files hold no names"
            raise UsageError("--redact and --readable-keys contradict each other", hint=hint)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows by kind, the keys they got, and what the reader should know.

    ``unread`` says of kinds why they could not be read. ``whole`` tells that no row or column was
    left out for being otherwise than it should be; ``odd`` are the kinds with such rows.
    """

    counts: Mapping[str, int]
    keys: Mapping[str, Mapping[str, str]]
    notes: tuple[str, ...]
    unread: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True
    odd: frozenset[str] = frozenset()


async def export(
    client: Reader,
    kinds: Mapping[str, Kind],
    organization: str,
    options: Options,
    tell: Tell = lambda kind, rows: None,
) -> Exported:
    """Write a folder that holds no configuration yet, or one exported before.

    Raises UsageError where it is neither, or cannot be written.
    """
    finish_stopped(options.folder)
    if not options.overwrite and holds_yaml(options.folder):
        raise UsageError(f"{options.folder} holds YAML already", hint="name a new folder")
    with Spool() as spool:
        await read_rows(spool, client, kinds, options.selection, tell)
        if options.redact:
            leave_out_unmakeable(spool, kinds)
        writing = await _prepare(spool, client, kinds, options)
        try:
            with staged(options.folder) as stage:
                aside = replace(options, folder=stage.folder)
                written = _write(spool, kinds, writing, organization, aside)
                if not options.redact:
                    _write_ids(kinds, writing.keys, organization, aside)
                _write_beside(options.folder, stage.folder, kinds)
                if options.overwrite:
                    stage.gone += left_over(options.folder, kinds, written)
        except OSError as error:
            message = f"{options.folder} cannot be written: {error.strerror}"
            raise UsageError(message, hint="fix that, then export again") from error
        notes = (*notes_of(spool, kinds), *writing.notes(), *written.notes())
        whole = is_whole(spool, kinds)
        odd = frozenset(row.kind for row in spool.odd)
        return Exported(written.counts, writing.keys, notes, dict(spool.unread), whole, odd)


def holds_yaml(folder: Path) -> bool:
    """Tell whether a folder (or a file in its place) holds what might be configuration."""
    if not folder.is_dir():
        return folder.exists()
    return any(True for _ in yaml_files(folder, ProblemReport())) or (folder / BINDINGS).exists()


async def _prepare(
    spool: Spool, client: Reader, kinds: Mapping[str, Kind], options: Options
) -> Writing:
    profiles = await read_profiles(client, spool, kinds)
    redactor = Redactor() if options.redact else None
    if redactor:
        for name in spool.ids:
            redactor.learn(kinds[name], spool.rows(name))
        for name, rows in profiles.items():
            redactor.learn(kinds[name], rows.values())
    cleaned = redactor.cleaned if redactor else None
    keys = make_keys(spool, kinds, options.known, readable=options.readable_keys, cleaned=cleaned)
    return Writing(
        kinds,
        keys,
        profiles,
        redactor=redactor,
        omit_defaults=options.omit_defaults,
        closing=closing(spool, kinds),
    )


def _write(
    spool: Spool,
    kinds: Mapping[str, Kind],
    writing: Writing,
    organization: str,
    options: Options,
) -> WrittenFiles:
    """Write every kind that has rows; what was redacted must not come back to its own rows."""
    settings: dict[str, JSON] = {"stack": options.stack}
    if options.redact:
        settings["forbidden_organizations"] = [organization]
    entries = (
        (kind, blocks(kind, spool.pages(kind.name, writing.keys[kind.name]), writing))
        for kind in kinds.values()
        if spool.ids.get(kind.name)
    )
    return write_files(options.folder, settings, entries, single_file=options.single_file)


def _write_ids(
    kinds: Mapping[str, Kind],
    keys: Mapping[str, Mapping[str, str]],
    organization: str,
    options: Options,
) -> None:
    owner = Owner(organization, options.stack)
    bound = {
        name: {
            key: row_id
            for row_id, key in by_id.items()
            if not owner.owns(row_id) or owner.id_of(Address(name, key)) != row_id
        }
        for name, by_id in keys.items()
    }
    path = bindings_path(options.folder, organization)
    write_many_bindings(path, bound, lambda name, row_id: origin_of(kinds[name], row_id, owner))


def _write_beside(folder: Path, aside: Path, kinds: Mapping[str, Kind]) -> None:
    """Write what editors and git want beside the YAML; what is there already stays."""
    for path, text in missing(folder).items():
        (aside / path).parent.mkdir(exist_ok=True)
        (aside / path).write_text(text, "utf-8")
    if not os.path.lexists(folder / SCHEMA):
        write_schema(aside / SCHEMA, schema_text(kinds, {}))


def origin_of(kind: Kind, row_id: str, owner: Owner) -> Origin:
    """Say whether a row that is exported is owned from then on.

    One that cannot be deleted, or that another stack made, is only adopted.
    """
    of_others = is_computed(row_id) and not owner.owns(row_id)
    return "adopted" if of_others or "delete" not in kind.verbs else "owned"

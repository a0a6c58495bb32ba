"""``defaults:`` columns for all resources of a kind: of the folder, or of one file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...catalogue import Kind
from ..load import SETTINGS, Loaded
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from ..words import IGNORE
from .names import DEFAULTS
from .tell import Tell

Columns = Mapping[str, Mapping[str, Entry]]
"""Columns by kind."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The defaults of the folder, and those of each file by its name."""

    folder: Columns
    files: Mapping[str, Columns]

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.folder or self.files)

    @property
    def every(self) -> Iterator[tuple[str, str, Node]]:
        """Everything that is given anywhere: kind, column and value."""
        for columns in (self.folder, *self.files.values()):
            for kind, entries in columns.items():
                yield from ((kind, name, entry.value) for name, entry in entries.items())

    def of(self, kind: str, file: str) -> Mapping[str, Entry]:
        """Give the columns that a resource of a file gets; those of its file are stronger."""
        return {**self.folder.get(kind, {}), **self.files.get(file, {}).get(kind, {})}

    def under(self, kind: str, file: str, node: MappingNode) -> MappingNode:
        """Lay a resource of a file over its defaults; what it ignores has none."""
        given = self.of(kind, file)
        if not given:
            return node
        entries = node.entries
        ignore = entries[IGNORE].value if IGNORE in entries else None
        items = ignore.items if isinstance(ignore, SequenceNode) else []
        ignored = {item.text for item in items if isinstance(item, Scalar)}
        kept = {name: entry for name, entry in given.items() if name not in ignored}
        return MappingNode({**kept, **entries}, node.place) if kept else node


def read_defaults(loaded: Loaded, kinds: Mapping[str, Kind], tell: Tell) -> Defaults:
    """Read the defaults of all files; what is wrong is reported, and left out."""
    folder: Columns = {}
    files: dict[str, Columns] = {}
    for source in loaded.sources:
        entry = source.root.entries.get(DEFAULTS) if source.root else None
        if entry is None or source.root is None:
            continue
        columns = dict(_columns(entry, kinds, tell))
        if SETTINGS in source.root.entries:
            folder = columns
        else:
            files[source.file] = columns
    return Defaults(folder, files)


def _columns(
    entry: Entry, kinds: Mapping[str, Kind], tell: Tell
) -> Iterator[tuple[str, Mapping[str, Entry]]]:
    example = "write defaults: {contacts: {country_code: NL}}"
    if not isinstance(entry.value, MappingNode):
        if not is_null(entry.value):
            tell.error(
                "bad-defaults", "`defaults` takes a mapping of kinds", entry.position, example
            )
        return
    for name, section in entry.value.entries.items():
        place = section.origin.position(section.key)
        kind = kinds.get(name)
        if kind is None:
            hint = tell.hint(name, kinds, example)
            tell.error("bad-defaults", f"defaults: there is no kind {name!r}", place, hint)
        elif not isinstance(section.value, MappingNode):
            if not is_null(section.value):
                message = f"defaults: {name} takes a mapping of columns"
                tell.error("bad-defaults", message, place, example)
        else:
            yield name, _known(kind, section.value, tell)


def _known(kind: Kind, node: MappingNode, tell: Tell) -> Mapping[str, Entry]:
    """Check the names once, not for each resource that gets them."""
    known = {c.name for c in (*kind.columns.values(), *kind.inputs.values()) if c.writable}
    found: dict[str, Entry] = {}
    for name, entry in node.entries.items():
        if name in known:
            found[name] = entry
            continue
        hint = tell.hint(name, known, f"`reconciler explain {kind.name}` lists its columns")
        place = entry.origin.position(entry.key)
        message = f"defaults: {kind.name} has no column {name!r} that can be given"
        tell.error("bad-defaults", message, place, hint)
    return found

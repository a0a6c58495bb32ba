"""The files of a folder and its overlays while they are edited: nothing is written yet."""

from codecs import BOM_UTF8
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ..catalogue import Kind
from ..configuration.load import Loaded, Source
from ..configuration.load.files import is_folder, shown
from ..configuration.provenance import BASE, Provenance, provenance_of
from ..diagnostics import Position, UsageError
from ..exporting.writing import FULL, SETTINGS_FILE, Entry, block
from ..yamltext.edits import Text
from ..yamltext.spots import Spot
from .blocks import append, begin, can_append, can_begin


@dataclass(slots=True)
class Files:
    """The files of all layers, as they were read; ``new`` are those changed so far, by path."""

    loaded: Loaded
    new: dict[Path, bytes]
    _sources: Mapping[str, Source] = field(default_factory=dict)
    _read: Mapping[Path, str] = field(default_factory=dict)
    _texts: dict[Path, Text] = field(default_factory=dict)
    _provenance: Provenance | None = None

    @classmethod
    def of(cls, loaded: Loaded, new: dict[Path, bytes] | None = None) -> "Files":
        """Take over the files that were read."""
        sources = {source.file: source for source in loaded.sources}
        read = {source.path: source.text for source in loaded.sources}
        return cls(loaded, {} if new is None else new, sources, read)

    def provenance(self, kinds: Mapping[str, Kind]) -> Provenance:
        """Find out, once and only if somebody asks, which layer gives what."""
        if self._provenance is None:
            self._provenance = provenance_of(self.loaded, kinds)
        return self._provenance

    def spot(self, position: Position) -> tuple[Text, Spot] | None:
        """Find where a resource stands, among the others."""
        text = self._text_of(position)
        spot = text.spot(position.line - 1, position.column - 1) if text else None
        return (text, spot) if text and spot else None

    def block(self, position: Position) -> tuple[Text, Spot] | None:
        """Find where a resource stands, to edit it inside: the others need not be in the spot."""
        text = self._text_of(position)
        spot = text.block(position.line - 1, position.column - 1) if text else None
        return (text, spot) if text and spot else None

    def _text_of(self, position: Position) -> Text | None:
        source = self._sources.get(position.file)
        return self.text(source.path) if source else None

    def add(
        self, kind: Kind, entries: Iterable[Entry], *, single_file: bool, layer: int = BASE
    ) -> None:
        """Add resources where their kind is, and begin files for it where there is no room.

        An overlay that is a file takes them all.
        """
        holder = (self.loaded.folder, *self.loaded.overlays)[layer]
        if not is_folder(holder):
            self._add(holder, kind, list(entries))
            return
        waiting = deque(entries)
        for path in self.places(kind, holder, layer, single_file=single_file):
            if not waiting:
                return
            self._add(path, kind, _take(waiting, kind, FULL - len(self.text(path).text)))

    def _add(self, path: Path, kind: Kind, batch: Sequence[Entry]) -> None:
        text = self.text(path)
        if not batch:
            return
        if can_append(text, kind):
            append(text, kind, batch)
        elif can_begin(text, kind):
            begin(text, kind, batch)
        else:
            hint = "write it in lines, with each kind at the beginning of a line"
            raise UsageError(f"{path} has no room for {kind.name}", hint=hint)

    def collect(self) -> bool:
        """Put the files that were changed, if any, among the new ones."""
        changed = {path: text for path, text in self._texts.items() if text.is_changed}
        for path, text in changed.items():
            mark = BOM_UTF8 if self._data(path).startswith(BOM_UTF8) else b""
            self.new[path] = mark + text.changed().encode()
        return bool(changed)

    def text(self, path: Path) -> Text:
        """Give a file to be edited, as it was read; one that is not there is empty."""
        if path not in self._texts:
            read = None if path in self.new else self._read.get(path)
            self._texts[path] = Text(self._data(path).decode("utf-8-sig") if read is None else read)
        return self._texts[path]

    def places(self, kind: Kind, folder: Path, layer: int, *, single_file: bool) -> Iterator[Path]:
        """Give the files with room for a kind: named after it, then holding it, then new ones."""
        sources = reversed(self.loaded.layers[layer])
        holding = [s.path for s in sources if s.root and kind.name in s.root.entries]
        named = (folder / f"{kind.name}.yaml").resolve()
        for path in sorted(holding, key=lambda path: path.resolve() != named):
            text = self.text(path)
            if can_append(text, kind) and len(text.text) < FULL:
                yield path
        names = [SETTINGS_FILE] if single_file else []
        more = (f"{kind.name}-{number}.yaml" for number in range(2, 1_000_000))
        for name in chain(names, [f"{kind.name}.yaml"], more):
            text = self.text(folder / name)
            if can_begin(text, kind) and len(text.text) < FULL:
                yield folder / name

    def _data(self, path: Path) -> bytes:
        if path in self.new:
            return self.new[path]
        return path.read_bytes() if path.exists() else b""


def check_as_read(loaded: Loaded, paths: Iterable[Path]) -> None:
    """Refuse to replace files that somebody saved after they were read; raises UsageError."""
    texts = {source.path: source.text for source in loaded.sources}
    changed = [path for path in paths if _text_now(path) != texts.get(path)]
    if changed:
        named = ", ".join(map(shown, sorted(changed)))
        raise UsageError(
            f"{named} was changed since this run read it",
            hint="nothing was written; run it again",
        )


def _text_now(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return None


def _take(waiting: deque[Entry], kind: Kind, room: int) -> list[Entry]:
    """Take as many resources as there is room for, and at least one."""
    taken: list[Entry] = []
    while waiting and (room > 0 or not taken):
        taken.append(waiting.popleft())
        room -= len(block(kind, *taken[-1]))
    return taken

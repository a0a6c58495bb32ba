"""The files of a folder while they are edited: read when needed, nothing written."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ..catalogue import Kind
from ..configuration.load import Loaded, Source
from ..diagnostics import Position
from ..exporting.writing import FULL, SETTINGS_FILE, Entry, block
from ..yamltext.edits import Text
from ..yamltext.spots import Spot
from .blocks import append, begin, can_append, can_begin

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Files:
    """The files of one folder, as they were read; ``new`` are those changed so far, by path."""

    folder: Path
    sources: Mapping[str, Source]
    new: dict[Path, bytes]
    _texts: dict[Path, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, loaded: Loaded, new: dict[Path, bytes] | None = None) -> "Files":
        """Take over the files that were read."""
        sources = {source.file: source for source in loaded.layers[0]}
        return cls(loaded.folder, sources, {} if new is None else new)

    def spot(self, position: Position) -> tuple[Text, Spot] | None:
        """Find where a resource stands."""
        source = self.sources.get(position.file)
        if source is None:
            return None
        text = self._text(source.path)
        spot = text.spot(position.line - 1, position.column - 1)
        return (text, spot) if spot else None

    def add(self, kind: Kind, entries: Iterable[Entry], *, single_file: bool) -> None:
        """Add resources where their kind is, and begin files for it where there is no room."""
        waiting = deque(entries)
        for path in self._places(kind, single_file=single_file):
            if not waiting:
                return
            text = self._text(path)
            batch = _take(waiting, kind, FULL - len(text.text))
            if can_append(text, kind):
                append(text, kind, batch)
            else:
                begin(text, kind, batch)

    def collect(self) -> bool:
        """Put the files that were changed, if any, among the new ones."""
        changed = {path: text for path, text in self._texts.items() if text.is_changed}
        for path, text in changed.items():
            mark = _BOM if self._data(path).startswith(_BOM) else b""
            self.new[path] = mark + text.changed().encode()
        return bool(changed)

    def _places(self, kind: Kind, *, single_file: bool) -> Iterator[Path]:
        """Give the files with room for a kind: named after it, then holding it, then new ones."""
        sources = reversed(tuple(self.sources.values()))
        holding = [s.path for s in sources if s.root and kind.name in s.root.entries]
        named = (self.folder / f"{kind.name}.yaml").resolve()
        for path in sorted(holding, key=lambda path: path.resolve() != named):
            text = self._text(path)
            if can_append(text, kind) and len(text.text) < FULL:
                yield path
        names = [SETTINGS_FILE] if single_file else []
        more = (f"{kind.name}-{number}.yaml" for number in range(2, 1_000_000))
        for name in chain(names, [f"{kind.name}.yaml"], more):
            text = self._text(self.folder / name)
            if can_begin(text, kind) and len(text.text) < FULL:
                yield self.folder / name

    def _text(self, path: Path) -> Text:
        if path not in self._texts:
            self._texts[path] = Text(self._data(path).decode("utf-8-sig"))
        return self._texts[path]

    def _data(self, path: Path) -> bytes:
        if path in self.new:
            return self.new[path]
        return path.read_bytes() if path.exists() else b""


def _take(waiting: deque[Entry], kind: Kind, room: int) -> list[Entry]:
    """Take as many resources as there is room for, and at least one."""
    taken: list[Entry] = []
    while waiting and (room > 0 or not taken):
        taken.append(waiting.popleft())
        room -= len(block(kind, *taken[-1]))
    return taken

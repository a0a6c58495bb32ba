"""The files of a folder while they are edited: read when needed, written together or not at all."""

import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from ..errors import Position
from ..kind import Kind
from ..load import Source
from .blocks import append, begin, can_append, can_begin
from .source import Spot
from .text import Text
from .writing import FULL, SETTINGS_FILE, Entry, block

_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Files:
    """The files of one folder, as they were read and as they shall be."""

    folder: Path
    sources: Mapping[str, Source]
    _texts: dict[Path, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, sources: Iterable[Source]) -> "Files":
        """Take over files that were read."""
        return cls(folder, {source.file: source for source in sources})

    def spot(self, position: Position) -> tuple[Text, Spot] | None:
        """Find where a resource stands."""
        source = self.sources.get(position.file)
        if source is None:
            return None
        text = self._text(source.path)
        spot = text.source.spots.get((position.line - 1, position.column - 1))
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

    def write(self, before: dict[Path, bytes | None]) -> bool:
        """Write what was changed, if anything; what was there goes into ``before`` first."""
        changed = {path: text for path, text in self._texts.items() if text.is_changed}
        new: dict[Path, bytes] = {}
        for path, text in changed.items():
            data = path.read_bytes() if path.exists() else None
            before.setdefault(path, data)
            mark = _BOM if (data or b"").startswith(_BOM) else b""
            new[path] = mark + text.changed().encode()
        _write(new)
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
            text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
            self._texts[path] = Text(text)
        return self._texts[path]


def _take(waiting: deque[Entry], kind: Kind, room: int) -> list[Entry]:
    """Take as many resources as there is room for, and at least one."""
    taken: list[Entry] = []
    while waiting and (room > 0 or not taken):
        taken.append(waiting.popleft())
        room -= len(block(kind, *taken[-1]))
    return taken


def restore(before: Mapping[Path, bytes | None]) -> None:
    """Write files as they were."""
    for path, data in before.items():
        if data is None:
            path.unlink(missing_ok=True)
    _write({p: data for p, data in before.items() if data is not None and p.read_bytes() != data})


def _write(files: Mapping[Path, bytes]) -> None:
    """Write files so that readers see the old ones or the new ones; links stay links.

    All are written aside before the first takes its place, lest the disk is full half way.
    """
    aside: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            real = path.resolve()
            new = aside[real] = real.with_name(f".{real.name}.new")
            new.write_bytes(data)
            if real.exists():
                shutil.copymode(real, new)
        for real, new in aside.items():
            new.replace(real)
    finally:
        for new in aside.values():
            new.unlink(missing_ok=True)

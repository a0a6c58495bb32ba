"""Everything that is open: documents, folders, and the stacks that are in them."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types

from ..configuration.load.block import SETTINGS, folder_of, holds_block
from ..configuration.load.files import is_yaml
from .analysis import Analysis
from .documents import Document, Documents, path_of
from .files import Files
from .live import Seen
from .settings import EditorSettings
from .stack import Stack
from .text import Encoding

MOST_FOLDERS = 5_000
"""How many folders are looked through for stacks, below one that is open."""
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages"})


@dataclass(frozen=True, slots=True)
class View:
    """What a feature sees: a document as it is now, an offset in it, and what its folder says."""

    document: Document
    offset: int
    analysis: Analysis

    @property
    def at(self) -> int:
        """The offset as the loader and its nodes count: without a mark at the beginning."""
        return max(self.offset - self.document.text.shift, 0)

    @property
    def encoding(self) -> Encoding:
        """How columns are counted."""
        return self.document.text.encoding


@dataclass(slots=True)
class Session:
    """What an editor has open; it changes with each message, and only here."""

    documents: Documents = field(default_factory=Documents)
    folders: tuple[Path, ...] = ()
    wished: EditorSettings = field(default_factory=EditorSettings)
    able: frozenset[types.ResourceOperationKind] = frozenset()
    """What the editor does to whole files when an edit asks for it."""
    live: dict[Path, Seen] = field(default_factory=dict)
    """What was seen live for each stack, where that is switched on."""
    stacks: dict[Path, Stack] = field(default_factory=dict)
    changed: set[Path] = field(default_factory=set)
    """The folders of stacks that must be analysed again."""
    files: Files = field(init=False)

    def __post_init__(self) -> None:
        """Keep what is read beside the documents."""
        self.files = Files(self.documents)

    def open_folders(self, folders: Iterable[Path]) -> None:
        """Say which folders are open; all stacks in them are looked for."""
        self.folders = tuple(folders)
        for folder in self.folders:
            for found in stacks_below(folder):
                self.stack(found)
        self._drop_strangers()

    def stack(self, folder: Path) -> Stack:
        """Give the stack of a folder; a new one is to be analysed."""
        if folder not in self.stacks:
            self.stacks[folder] = Stack(folder, self.documents, self.files)
            self.changed.add(folder)
        return self.stacks[folder]

    def touch(self, path: Path) -> None:
        """Say that a file changed, in the editor or on the disk."""
        document = self.documents.at(path)
        quiet = document is not None and SETTINGS not in document.text.whole
        if is_yaml(path) and not (quiet and self.stack_of(path)):
            folder = folder_of(path, self._texts_above(path))
            if folder is not None:
                self.stack(folder)
        for stack in self.stacks.values():
            if stack.holds(path) or stack.reads(path):
                self.changed.add(stack.folder)

    def touch_all(self) -> None:
        """Say that anything may have changed."""
        self.changed |= self.stacks.keys()
        self._drop_strangers()

    def stack_of(self, path: Path) -> Stack | None:
        """Find the stack of a file: the nearest folder, else one that it is an overlay of."""
        holding = [stack for stack in self.stacks.values() if stack.holds(path)]
        within = [stack for stack in holding if path.is_relative_to(stack.folder)]
        return max(within, key=lambda one: len(one.folder.parts), default=None) or next(
            iter(holding), None
        )

    def analyses(self) -> Iterator[Analysis]:
        """Iterate over what all stacks say now; only what changed is read again."""
        for stack in tuple(self.stacks.values()):
            yield self.analysis(stack)

    def analysis(self, stack: Stack) -> Analysis:
        """Give what a stack says now."""
        if stack.last is None or stack.folder in self.changed:
            self.changed.discard(stack.folder)
            return stack.analyse(self.wished, self.folders)
        return stack.last

    def view(self, uri: str, position: types.Position | None = None) -> View | None:
        """Give what a feature sees; None where a document is not open, or is of no stack.

        Its analysis is of this very text. See :meth:`glance` for what must be fast.
        """
        return self._view(uri, position, now=True)

    def glance(self, uri: str, position: types.Position | None = None) -> View | None:
        """Give the same with the last analysis: the document may have changed since."""
        return self._view(uri, position, now=False)

    def _view(self, uri: str, position: types.Position | None, *, now: bool) -> View | None:
        path = path_of(uri)
        document = self.documents.at(path) if path else None
        stack = self._found(document.path) if document else None
        if document is None or stack is None:
            return None
        last = None if now else stack.last
        offset = document.text.offset(position) if position else 0
        return View(document, offset, last or self.analysis(stack))

    def _found(self, path: Path) -> Stack | None:
        """Find the stack of a file; which overlays a folder has, only its analysis knows."""
        found = self.stack_of(path)
        if found is None and self.changed:
            list(self.analyses())
            found = self.stack_of(path)
        return found

    def _texts_above(self, path: Path) -> dict[Path, bytes]:
        return {
            document.path: document.text.data()
            for document in self.documents
            if document.path.parent in path.parents
        }

    def _drop_strangers(self) -> None:
        """Forget stacks that are gone, or that are in no open folder and have no open file."""
        for folder in tuple(self.stacks):
            open_files = [d.path for d in self.documents if d.path.is_relative_to(folder)]
            is_open = any(folder.is_relative_to(root) for root in self.folders)
            texts = {d.path: d.text.data() for d in self.documents if d.path.parent == folder}
            holds = holds_block(folder, {}) or holds_block(folder, texts)
            if not (is_open or open_files) or not holds:
                del self.stacks[folder]
                self.changed.discard(folder)


def stacks_below(root: Path) -> Iterator[Path]:
    """Find the folders that hold a stack, in bounds; what is below a stack belongs to it."""
    for number, (place, names, _) in enumerate(os.walk(root)):
        if number >= MOST_FOLDERS:
            return
        folder = Path(place)
        if holds_block(folder, {}):
            names.clear()
            yield folder
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in _SKIPPED)

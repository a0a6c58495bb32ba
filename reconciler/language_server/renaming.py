"""A key renamed wherever it is named, as ``reconciler mv`` does it, in the texts of an editor.

The bindings follow, and ``bindings/received.yaml`` remembers under which address a row was made:
so the rows keep their ids, and the next plan finds nothing to change.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..bindings import bindings_path, bindings_text, read_bindings, read_stored, text_of
from ..configuration.load import load
from ..configuration.load.files import BINDINGS
from ..configuration.resource import Configuration
from ..configuration.validate import examine
from ..configuration.validate.suggest import Suggester
from ..diagnostics import ConfigurationError
from ..moving.problem import cannot_move, refused
from ..moving.rename import Renames, compared, new_text, not_written, with_made
from ..moving.workspace import in_its_quotes
from ..transfers import FILES, Changing, read_transfers, texts_of
from ..values.address import KEY_PATTERN, UUID_PATTERN, Address
from .analysis import Analysis


class Replaced(NamedTuple):
    """Characters of a text that others take the place of."""

    start: int
    stop: int
    text: str


@dataclass(frozen=True, slots=True)
class Edits:
    """What a rename changes: pieces of files that were read, and files beside them, whole.

    ``beside`` gives the text before (None: there is no such file) and after.
    """

    pieces: Mapping[Path, tuple[Replaced, ...]]
    beside: Mapping[Path, tuple[str | None, str]]

    @property
    def new(self) -> tuple[Path, ...]:
        """The files that are not there yet."""
        return tuple(path for path, (before, _) in self.beside.items() if before is None)


def rename_key(analysis: Analysis, old: Address, key: str) -> Edits:
    """Rename a resource, or an instance of a template; raises ConfigurationError, UsageError.

    What the texts say afterwards is read and compared: but for addresses it must be the same.
    """
    before = analysis.configuration
    if before is None or analysis.loaded is None:
        raise refused([cannot_move("the files have errors", "fix them first, then rename")])
    new = Address(old.kind, key)
    _check(analysis, before, old, new)
    pieces = dict(_pieces(analysis, {old: new}))
    changed = compared(before, _again(analysis, pieces))
    return Edits(pieces, dict(_beside(analysis.folder, before.stack, changed)))


def _check(analysis: Analysis, before: Configuration, old: Address, new: Address) -> None:
    if not KEY_PATTERN.match(new.key) or UUID_PATTERN.match(new.key):
        hint = "write a-z, 0-9, '_' and single '-', such as summer-stay"
        raise refused([cannot_move(f"{new.key!r} cannot be a key", hint)])
    if next(analysis.index.definitions(old), None) is None:
        known = before.resources.keys()
        raise refused([not_written(before, old, known, Suggester())])
    taken = new in before.resources or next(analysis.index.definitions(new), None)
    if taken and new != old:
        message = f"{old} cannot become {new}, which is there already"
        raise refused([cannot_move(message, "take another name")])


def _pieces(analysis: Analysis, renames: Renames) -> Iterator[tuple[Path, tuple[Replaced, ...]]]:
    kinds, index = analysis.kinds or {}, analysis.index
    everywhere = with_made(index.mentions, renames)
    keys = {address.key for address in everywhere}
    for source in analysis.sources.values():
        if "\\" not in source.text and not any(key in source.text for key in keys):
            continue
        found = []
        for mention in index.in_file(source.path):
            text = new_text(mention, everywhere, kinds)
            if text is not None:
                node = mention.node
                found.append(Replaced(node.start, node.stop, in_its_quotes(node, text)))
        if found:
            yield source.path, tuple(found)


def _again(analysis: Analysis, pieces: Mapping[Path, tuple[Replaced, ...]]) -> Configuration:
    """Read what the texts would say; what is not edited is not read again."""
    loaded = analysis.loaded
    assert loaded is not None
    by_path = {source.path: source for source in loaded.sources}
    instead = {path: edited(by_path[path].text, found).encode() for path, found in pieces.items()}
    again = load(
        (loaded.folder, *loaded.overlays),
        variables=loaded.variables.given,
        environment=os.environ,
        instead=instead,
        known=[source for source in loaded.sources if source.path not in instead],
    )
    memory = analysis.right.fork()
    examined = examine(again, analysis.kinds or {}, unset_is_error=False, memory=memory)
    if examined.configuration is None:
        raise ConfigurationError(examined.problems)
    return examined.configuration


def edited(text: str, pieces: tuple[Replaced, ...]) -> str:
    """Give a text with its pieces replaced; they are in order, and none lies in another."""
    parts, at = [], 0
    for start, stop, new in pieces:
        parts += [text[at:start], new]
        at = stop
    return "".join([*parts, text[at:]])


def _beside(
    folder: Path, stack: str, changed: Renames
) -> Iterator[tuple[Path, tuple[str | None, str]]]:
    """Give the bindings of every organization, and what remembers former addresses."""
    for file in sorted((folder / BINDINGS).glob("*.yaml")):
        if UUID_PATTERN.match(file.stem):
            path = bindings_path(folder, file.stem)
            entries = read_bindings(path)
            renamed = {changed.get(address, address): one for address, one in entries.items()}
            if renamed != entries:
                yield path, (text_of(path), bindings_text(renamed, read_stored(path)))
    transfers = Changing(stack, read_transfers(folder))
    transfers.rename(changed)
    after = texts_of(transfers.now)
    for name in FILES:
        before = text_of(folder / name)
        if before != after[name]:
            yield folder / name, (before or None, after[name])

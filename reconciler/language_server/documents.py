"""What is open in the editor: texts that count before what is on the disk."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lsprotocol import types
from pygls import uris

from .text import Encoding, Text

MOST_CHARACTERS = 20_000_000
"""Longer texts are not kept: a file of the configuration has 10 MiB at most."""


@dataclass(frozen=True, slots=True)
class Document:
    """An open document, as the editor last told it."""

    uri: str
    path: Path
    version: int
    text: Text


class Documents:
    """The open documents that are files, by their paths."""

    def __init__(self) -> None:
        self.encoding: Encoding = types.PositionEncodingKind.Utf16
        self._open: dict[Path, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        """Iterate over all of them."""
        return iter(tuple(self._open.values()))

    def at(self, path: Path) -> Document | None:
        """Find an open document."""
        return self._open.get(path)

    def open(self, item: types.TextDocumentItem) -> Path | None:
        """Keep a document; gives its path, or None where it is no file."""
        path = path_of(item.uri)
        if path is not None:
            text = Text(item.text[:MOST_CHARACTERS], self.encoding)
            self._open[path] = Document(item.uri, path, item.version, text)
        return path

    def change(
        self,
        item: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> Path | None:
        """Change a document; gives its path, or None where it is not open."""
        path = path_of(item.uri)
        document = self._open.get(path) if path else None
        if document is None or path is None:
            return None
        text = document.text
        for change in changes:
            text = text.edited(change)
        if len(text.whole) > MOST_CHARACTERS:
            text = Text(text.whole[:MOST_CHARACTERS], self.encoding)
        self._open[path] = replace(document, version=item.version, text=text)
        return path

    def close(self, uri: str) -> Path | None:
        """Forget a document; gives its path, or None where it was not open."""
        path = path_of(uri)
        if path is None or self._open.pop(path, None) is None:
            return None
        return path

    def texts(self) -> Mapping[Path, bytes]:
        """Give what the files would hold if all were saved."""
        return {document.path: document.text.data() for document in self}


def path_of(uri: str) -> Path | None:
    """Give the path of a URI; None where it is no file of this machine."""
    try:
        path = uris.to_fs_path(uri)
    except ValueError:  # such as a host in brackets that is no address
        return None
    if not path or "\0" in path or not path.startswith("/") or path.startswith("//"):
        return None
    return Path(os.path.normpath(path))


def uri_of(path: Path) -> str:
    """Give the URI of a path."""
    return path.as_uri()

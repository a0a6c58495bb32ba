"""What one value of ``fleet.yaml`` or of its CSV file may be; what is wrong is reported."""

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from ..configuration.load.files import absolute, shown
from ..configuration.load.nodes import Entry, MappingNode, Node, Scalar
from ..configuration.load.problems import ProblemReport
from ..diagnostics import Position
from ..diagnostics.words import shortened
from ..values.address import UUID_PATTERN

FILE = "fleet.yaml"
ORGANIZATIONS = "organizations"
MEMBERS = "members"
"""Words of documents of a fleet; kinds have the same names, and are not meant."""
LONGEST_NAME = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")


def what_name_takes(text: str) -> str | None:
    """Say what is wrong with a name of an organization, a wave or a tag; None: nothing.

    A name becomes one of the environment, where ``-`` is ``_`` and all letters are capitals: so
    that no two of them are the same there, a name has neither.
    """
    if len(text) > LONGEST_NAME:
        return f"it is longer than {LONGEST_NAME} characters"
    return None if _NAME.match(text) else "it takes small letters, digits and - alone"


class Words:
    """Reads values that stand in one folder."""

    def __init__(self, folder: Path, report: ProblemReport) -> None:
        self._folder = folder
        self._root = os.path.realpath(folder)
        self._report = report
        self._known: dict[str, Path] = {}

    def wrong(self, message: str, position: Position, hint: str) -> None:
        """Report what is wrong."""
        self._report.error("bad-fleet", message, position, hint=hint)

    def entries(self, entry: Entry, names: Collection[str]) -> Mapping[str, Entry]:
        """Give the entries of a mapping; those that nobody knows are reported."""
        if not isinstance(entry.value, MappingNode):
            self.wrong("this is no mapping", entry.position, f"it takes {', '.join(names)}")
            return {}
        entries = entry.value.entries
        for name in (one for one in entries if one not in names):
            place = entry.origin.position(entries[name].key)
            message = f"{shortened(name)!r} is no setting here"
            self.wrong(message, place, f"there are {', '.join(names)}")
        return entries

    def text(self, entry: Entry) -> str:
        """Give a single value."""
        if isinstance(entry.value, Scalar):
            return entry.value.text
        self.wrong("this is no single value", entry.position, "write one value")
        return ""

    def organization(self, text: str, position: Position) -> str | None:
        """Give the id of an organization, in small letters."""
        if UUID_PATTERN.match(text):
            return text.lower()
        self.wrong("this is no id of an organization", position, "write the UUID that doctor shows")
        return None

    def tag(self, node: Node, entry: Entry) -> str | None:
        """Give a tag of a list."""
        text = node.text if isinstance(node, Scalar) else ""
        return self.tag_at(text, entry.origin.position(node))

    def tag_at(self, text: str, position: Position) -> str | None:
        """Give a tag that stands somewhere."""
        wrong = what_name_takes(text)
        if wrong:
            message = f"{shortened(text)!r} is no tag: {wrong}"
            self.wrong(message, position, "write a tag such as it")
        return None if wrong else text

    def path(self, node: Node, entry: Entry) -> Path | None:
        """Give a path of a list, or of a setting."""
        text = node.text if isinstance(node, Scalar) else ""
        return self.path_at(text, entry.origin.position(node))

    def path_at(self, text: str, position: Position) -> Path | None:
        """Give a path in the folder; a pull request may write any, and none leads out of there.

        Many organizations may name one path: it is looked at once, if it is right.
        """
        if text not in self._known:
            path = self._path_at(text, position)
            if path is None:
                return None
            self._known[text] = path
        return self._known[text]

    def _path_at(self, text: str, position: Position) -> Path | None:
        if not text or "\0" in text or Path(text).is_absolute() or ".." in Path(text).parts:
            hint = "write it from the folder of this file, without `..`"
            self.wrong("this is no path below the folder of this file", position, hint)
            return None
        path = absolute(self._folder / text)
        real = os.path.realpath(path)
        if os.path.commonpath((real, self._root)) != self._root:
            message = f"{shown(path)} is a link that leads out of {shown(self._folder)}"
            hint = "put what it leads to into the folder"
            self._report.error("link-outside", message, position, hint=hint)
            return None
        if self._is_hidden(path, real):
            hint = "give it a name without a dot before it"
            self.wrong("hidden files may hold secrets, and are not read", position, hint)
            return None
        if not os.path.lexists(path):
            hint = "check the path and its spelling"
            self._report.error("no-such-path", f"{shown(path)} does not exist", position, hint=hint)
            return None
        return path

    def _is_hidden(self, path: Path, real: str) -> bool:
        """Tell whether a path leads to what is hidden in the folder, links followed or not."""
        parts = (*path.relative_to(self._folder).parts, *Path(real).relative_to(self._root).parts)
        return any(part.startswith(".") for part in parts)

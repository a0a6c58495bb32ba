"""``$ignore``, ``$absent``, ``$renamed_from``: said about a resource, not about its row."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ...catalogue import Kind
from ...diagnostics import Code, Position
from ...values.address import KEY_PATTERN, UUID_PATTERN, Address
from ..load.nodes import Entry, Node, Scalar, SequenceNode
from ..load.problems import ProblemReport
from ..words import ABSENT, IGNORE, RENAMED_FROM
from .cell import describe
from .declaration import Declared
from .suggest import Suggester

_KNOWN = (IGNORE, ABSENT, RENAMED_FROM)
_EARLIER = {"$was": RENAMED_FROM}
"""Names of an earlier version, and what they are called now."""


class Directives(NamedTuple):
    """The ``$`` entries of one resource."""

    ignore: frozenset[str] = frozenset()
    absent: bool = False
    renamed_from: str | None = None


def read_directives(
    declared: Declared,
    kind: Kind,
    addresses: Collection[Address],
    report: ProblemReport,
    suggest: Suggester,
) -> Directives:
    """Read the ``$`` entries of one resource; the wrong ones are reported and left out."""
    entries = declared.columns.entries
    if not any(name.startswith("$") for name in entries):
        return Directives()
    reader = _Reader(declared, entries, kind, addresses, report, suggest)
    reader.refuse_unknown()
    return Directives(frozenset(reader.ignore()), reader.absent(), reader.renamed_from())


class _Reader(NamedTuple):
    declared: Declared
    entries: Mapping[str, Entry]
    kind: Kind
    addresses: Collection[Address]
    report: ProblemReport
    suggest: Suggester

    def refuse_unknown(self) -> None:
        for name, entry in self.entries.items():
            if name.startswith("$") and name not in _KNOWN:
                now = _EARLIER.get(name)
                hint = f"write {now}" if now else f"there are {', '.join(_KNOWN)}"
                message = f"{name!r} is not known"
                self._refuse("unknown-directive", entry.origin.position(entry.key), message, hint)

    def ignore(self) -> Iterator[str]:
        entry = self.entries.get(IGNORE)
        if entry is None:
            return
        if not isinstance(entry.value, SequenceNode):
            message = f"$ignore takes a list of columns, not {describe(entry.value)}"
            self._refuse("bad-ignore", entry.position, message, "such as $ignore: [notes]")
            return
        for item in entry.value.items:
            name = self._ignored(item, entry)
            if name is not None:
                yield name

    def _ignored(self, item: Node, entry: Entry) -> str | None:
        place = entry.origin.position(item)
        if not isinstance(item, Scalar):
            message = f"$ignore takes names of columns, not {describe(item)}"
            self._refuse("bad-ignore", place, message, "such as $ignore: [notes]")
            return None
        name = item.text
        column = self.kind.columns.get(name)
        if column is None or not column.writable:
            writable = [c.name for c in self.kind.columns.values() if c.writable]
            message = f"$ignore: {self.kind.name} has no column {name!r} that can be given"
            self._refuse("bad-ignore", place, message, self.suggest.hint(name, writable))
            return None
        if name in self.entries:
            given = self.entries[name].position
            message = f"{name} is ignored and also given, at {given}"
            self._refuse("bad-ignore", place, message, "do one or the other")
            return None
        return name

    def absent(self) -> bool:
        entry = self.entries.get(ABSENT)
        if entry is None:
            return False
        if isinstance(entry.value, Scalar) and entry.value.text in ("true", "false"):
            return self.declared.absent
        message = f"{ABSENT} takes true or false, not {describe(entry.value)}"
        self._refuse("bad-absent", entry.position, message, "write $absent: true")
        return False

    def renamed_from(self) -> str | None:
        entry = self.entries.get(RENAMED_FROM)
        if entry is None:
            return None
        reason = self._wrong_key(entry.value)
        if reason is None and isinstance(entry.value, Scalar):
            return entry.value.text
        hint = "give the key that it had before, or take $renamed_from out once it was applied"
        if self.kind.is_link:
            hint = "take it out"
        self._refuse("bad-renamed-from", entry.position, f"$renamed_from {reason}", hint)
        return None

    def _wrong_key(self, node: Node) -> str | None:
        if self.kind.is_link:
            return f"cannot be: the key of {self.kind.name} is its pair"
        key = node.text if isinstance(node, Scalar) else ""
        if not KEY_PATTERN.match(key) or UUID_PATTERN.match(key):
            return f"takes a key, not {describe(node)}"
        if key == self.declared.address.key:
            return "is the key that the resource has now"
        old = Address(self.kind.name, key)
        return (
            f"names {old}, which is still in the configuration" if old in self.addresses else None
        )

    def _refuse(self, code: Code, place: Position, message: str, hint: str | None) -> None:
        address = str(self.declared.address)
        self.report.error(code, message, place, address=address, hint=hint)

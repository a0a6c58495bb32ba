"""Rows that changed their address or their stack: what of their ids cannot be computed any more.

``bindings/received.yaml`` says under which stack and address the row of an address was made;
``bindings/released.yaml`` which rows this folder let go. Both are for every organization, since a
computed id follows from stack and address.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .bindings import address_of, text_of, with_cure
from .configuration.load.nodes import Entry, MappingNode, Node, Scalar
from .configuration.load.parse import parse
from .diagnostics import ConfigurationError, Problem
from .ids import Former, Release, Transfers
from .values.address import Address
from .yamltext.quotes import inline

RECEIVED = Path("bindings", "received.yaml")
RELEASED = Path("bindings", "released.yaml")
FILES = (RECEIVED, RELEASED)

_STACK = re.compile(r"[a-z0-9][a-z0-9-]{1,62}\Z")
_RECEIVED_HEADER = (
    "# Addresses whose rows were made under another address or stack, in every organization.\n"
    "# Written by reconciler; keep it in git.\n"
)
_RELEASED_HEADER = (
    "# Rows that this folder let go, in every organization: they stay, and nothing here deletes\n"
    "# them. By the stack and the address that they were made under. Written by reconciler; keep\n"
    "# it in git.\n"
)
_RESTORE = "restore the file from git; it is written by mv, forget and import"


def read_transfers(folder: Path) -> Transfers:
    """Read both files of a folder; those that are not there are empty.

    Raises ConfigurationError with every entry that is wrong, and UsageError where a file cannot
    be read.
    """
    return transfers_in({name: text_of(folder / name) for name in FILES}, folder)


def transfers_in(texts: Mapping[Path, str], folder: Path) -> Transfers:
    """Read the texts of both files, by their paths in the folder; raises ConfigurationError."""
    problems: list[Problem] = []
    received = dict(_received(_entries(texts, RECEIVED, folder, problems), problems))
    released = dict(_released(_entries(texts, RELEASED, folder, problems), problems))
    _check_once(received, released, folder, problems)
    if problems:
        raise ConfigurationError(tuple(problems))
    return Transfers(received, released)


def texts_of(transfers: Transfers) -> Mapping[Path, str]:
    """Give what the two files hold, by their paths in the folder; nothing where one is needless."""
    return {RECEIVED: _received_text(transfers), RELEASED: _released_text(transfers)}


class Changing:
    """The transfers of one folder while addresses move; :attr:`now` is what they come to."""

    def __init__(self, stack: str, transfers: Transfers) -> None:
        self.stack = stack
        self.received = dict(transfers.received)
        self.released = dict(transfers.released)
        self._by_former = {former: address for address, former in self.received.items()}

    @property
    def now(self) -> Transfers:
        """What the files shall hold."""
        return Transfers(self.received, self.released)

    def former(self, address: Address) -> Former:
        """Say under which stack and address the row of an address was made."""
        return self.received.get(address) or Former(self.stack, address)

    def rename(self, renamed: Mapping[Address, Address]) -> None:
        """Let each old address have its row under a new one; all at once, so they may swap."""
        formers = {old: self.former(old) for old in renamed}
        for old in renamed:
            self._drop(old)
        for old, new in renamed.items():
            self.receive(new, formers[old])

    def receive(self, address: Address, former: Former) -> None:
        """Let an address have a row from now on, and no other address."""
        self.released.pop(former, None)
        self._drop(address)
        if former in self._by_former:
            self._drop(self._by_former[former])
        if former != Former(self.stack, address):
            self.received[address] = former
            self._by_former[former] = address

    def forget(self, address: Address) -> None:
        """Let the row of an address be; should it have a block again, that means the same row."""
        self.released[self.former(address)] = Release(address)

    def give_away(self, address: Address, stack: str) -> Former:
        """Let the row of an address go to another stack; answers how it was made."""
        former = self.former(address)
        self._drop(address)
        self.released.pop(former, None)
        if former.stack != stack:  # else it is back where it was made
            self.released[former] = Release(address, stack)
        return former

    def _drop(self, address: Address) -> None:
        former = self.received.pop(address, None)
        if former is not None:
            self._by_former.pop(former, None)


def _entries(
    texts: Mapping[Path, str], name: Path, folder: Path, problems: list[Problem]
) -> Iterator[tuple[str, Entry]]:
    parsed = parse(texts.get(name, ""), str(folder / name))
    problems += map(with_cure, parsed.problems)
    return iter(parsed.root.entries.items() if parsed.root else ())


def _received(
    entries: Iterator[tuple[str, Entry]], problems: list[Problem]
) -> Iterator[tuple[Address, Former]]:
    for name, entry in entries:
        address, words = address_of(name), _words(entry.value, {"from", "stack"}) or {}
        former, stack = address_of(words.get("from", "")), words.get("stack", "")
        if address and former and former.kind == address.kind and _is_stack(stack):
            yield address, Former(stack, former)
        else:
            problems.append(_bad(entry, f"{name} is not {{from: KIND.KEY, stack: NAME}}"))


def _released(
    entries: Iterator[tuple[str, Entry]], problems: list[Problem]
) -> Iterator[tuple[Former, Release]]:
    for stack, rows in entries:
        if not _is_stack(stack) or not isinstance(rows.value, MappingNode):
            problems.append(_bad(rows, f"{stack} is not the name of a stack with its addresses"))
            continue
        for name, entry in rows.value.entries.items():
            address, words = address_of(name), _words(entry.value, {"last", "to"})
            last = address_of(words.get("last", name)) if words is not None else None
            to = words.get("to") if words else None
            fits = address and last and last.kind == address.kind
            if address and last and fits and (to is None or _is_stack(to)):
                yield Former(stack, address), Release(last, to)
            else:
                problems.append(_bad(entry, f"{name} is not {{last: KIND.KEY, to: STACK}}"))


def _check_once(
    received: Mapping[Address, Former],
    released: Mapping[Former, Release],
    folder: Path,
    problems: list[Problem],
) -> None:
    """Refuse a row that two addresses have, or that went to another stack and is here as well.

    A merge of two branches can make both.
    """
    seen: dict[Former, Address] = {}
    path = folder / RECEIVED
    for address, former in received.items():
        other, way = seen.setdefault(former, address), released.get(former)
        message = ""
        if other != address:
            message = f"{path}: {other} and {address} have the same row, {former.address}"
            hint = "keep the one that has a block"
        elif way and way.to:
            message = f"{path}: the row of {address} is in {RELEASED}, too, as moved to {way.to}"
            hint = f"take the entry out there; or the one here, and the block, if {way.to} has it"
        if message:
            problems.append(Problem("bad-binding", message, address=str(address), hint=hint))


def _words(node: Node, known: set[str]) -> dict[str, str] | None:
    """Read a mapping of known names to texts; None where it is anything else."""
    if not isinstance(node, MappingNode) or not node.entries.keys() <= known:
        return None
    values = {name: entry.value for name, entry in node.entries.items()}
    if not all(isinstance(value, Scalar) for value in values.values()):
        return None
    return {name: value.text for name, value in values.items() if isinstance(value, Scalar)}


def _is_stack(text: str) -> bool:
    return bool(_STACK.match(text))


def _bad(entry: Entry, message: str) -> Problem:
    place = entry.origin.position(entry.key)
    return Problem("bad-binding", message, position=place, hint=_RESTORE)


def _received_text(transfers: Transfers) -> str:
    lines = (
        f"{address}: {{from: {former.address}, stack: {inline(former.stack, flow=True)}}}\n"
        for address, former in sorted(transfers.received.items())
    )
    text = "".join(lines)
    return f"{_RECEIVED_HEADER}{text}" if text else ""


def _released_text(transfers: Transfers) -> str:
    stacks: dict[str, list[str]] = {}
    for (stack, address), way in sorted(transfers.released.items()):
        words = [f"last: {way.last}"] if way.last != address else []
        words += [f"to: {inline(way.to, flow=True)}"] if way.to else []
        stacks.setdefault(stack, []).append(f"  {address}: {{{', '.join(words)}}}\n")
    text = "".join(f"{inline(stack)}:\n{''.join(lines)}" for stack, lines in stacks.items())
    return f"{_RELEASED_HEADER}{text}" if text else ""

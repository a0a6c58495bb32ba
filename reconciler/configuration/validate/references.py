"""References: a key of the configuration, an id, or a lookup; checked without the server."""

import re
from collections.abc import Mapping
from functools import cached_property

from ...catalogue import Kind
from ...diagnostics.words import shortened
from ...values.address import KEY_PATTERN, UUID_PATTERN, Address
from ..load.nodes import Node, Scalar
from ..resource import IdReference, KeyReference
from .cell import Bad, Cell
from .declaration import Declared
from .suggest import Suggester


class References:
    """Knows every address of the configuration, and says what a text refers to.

    ``complete`` is False where a file could not be read: then a missing key proves nothing.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        addresses: Mapping[Address, Declared],
        absent: frozenset[Address],
        suggest: Suggester,
        *,
        complete: bool,
    ) -> None:
        self._kinds = kinds
        self._addresses = addresses
        self._absent = absent
        self._suggest = suggest
        self._complete = complete

    def sure(self, text: str, kind: str) -> KeyReference | IdReference | None:
        """Give what a text refers to, where that is right whoever refers to it; else None."""
        found = self._addresses.get(Address(kind, text))
        if found is not None:
            return None if found.address in self._absent else KeyReference(found.address)
        return IdReference(kind, text.lower()) if UUID_PATTERN.match(text) else None

    def resolve(
        self, text: str, kind: str, node: Node, cell: Cell
    ) -> KeyReference | IdReference | Bad:
        """Turn a key or an id into a reference; one that leads nowhere is reported."""
        address = Address(kind, text)
        if address in self._addresses:
            if address in self._absent and cell.address not in self._absent:
                return self._refuse_absent(address, node, cell)
            return KeyReference(address)
        if UUID_PATTERN.match(text):
            return IdReference(kind, text.lower())
        if not self._complete:
            return KeyReference(address)
        return self._refuse_unknown(address, node, cell)

    def _refuse_absent(self, address: Address, node: Node, cell: Cell) -> Bad:
        message = f"{cell.name} refers to {address}, which is marked `$absent: true`"
        hint = f"take the mark from {address}, or refer to something else"
        return cell.refuse("absent-reference", node, message, hint)

    def _refuse_unknown(self, address: Address, node: Node, cell: Cell) -> Bad:
        column, kind = cell.name, address.kind
        target = self._kinds.get(kind)
        if target is None or not target.in_yaml:
            message = f"{column} refers to {kind}, which cannot be in the configuration"
            hint = f"give the row's id, or {_LOOKUP}"
            return cell.refuse("unknown-reference", node, message, hint)
        shown = _public(address.key, node)
        message = f"{column} refers to {kind}.{shown}, which is not in the configuration"
        if shown is None:
            message = f"{column} is neither a key of {kind} nor an id"
        return cell.refuse("unknown-reference", node, message, self._hint(address, column))

    def _hint(self, address: Address, column: str) -> str:
        kind, key = address
        own = key.removeprefix(f"{kind}.")
        if own != key and own in self._keys.get(kind, ()):
            return f"write {own!r}: the column says which kind is meant"
        if address in self._renamed:
            return f"write {self._renamed[address]!r}: it was renamed"
        near = self._suggest.slip(key, self._keys.get(kind, ()))
        if near:
            return f"did you mean {near!r}?"
        others = self._kinds_by_key.get(key)
        if others:
            return f"there is {others[0]}.{key}, but {column} refers to {kind}"
        return f"give a key of {kind}, the id of a row, or {_LOOKUP}"

    @cached_property
    def _renamed(self) -> Mapping[Address, str]:
        """What resources were called before, by ``$renamed_from``, and are called now."""
        found = ((one.renamed_from, address) for address, one in self._addresses.items())
        return {Address(now.kind, before): now.key for before, now in found if before}

    @cached_property
    def _keys(self) -> Mapping[str, list[str]]:
        keys: dict[str, list[str]] = {}
        for kind, key in self._addresses:
            keys.setdefault(kind, []).append(key)
        return keys

    @cached_property
    def _kinds_by_key(self) -> Mapping[str, list[str]]:
        kinds: dict[str, list[str]] = {}
        for kind, key in self._addresses:
            kinds.setdefault(key, []).append(kind)
        return kinds


def _public(key: str, node: Node) -> str | None:
    """Say a key as written; what no key can look like may be somebody's mail address."""
    if isinstance(node, Scalar) and "${" in node.text:
        return node.text if _VARIABLE.fullmatch(node.text) else None
    return shortened(key) if KEY_PATTERN.match(key) else None


_VARIABLE = re.compile(r"\$\{\w+\}")
_LOOKUP = "{lookup: {column: value}}"

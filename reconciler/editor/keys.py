"""The keys that a folder's own files give, to be completed; no value is read."""

from collections.abc import Iterator, Mapping

from ..catalogue import Kind
from ..configuration.expand import expand
from ..configuration.load import Loaded, ProblemReport
from ..configuration.load.nodes import MappingNode, Scalar, SequenceNode
from ..configuration.validate.suggest import Suggester
from ..values.address import KEY_PATTERN, LINK_SEPARATOR, Address

Keys = Mapping[str, tuple[str, ...]]
"""The keys of each kind that has some, in the order of the files."""


def keys_of(loaded: Loaded, kinds: Mapping[str, Kind]) -> Keys:
    """Find the keys of every kind, made by templates or not; what is no valid key is left out."""
    loaded = expand(loaded, kinds, ProblemReport(), Suggester(0).hint).loaded
    keys: dict[str, dict[str, None]] = {}
    for address in _addresses(loaded, kinds):
        if KEY_PATTERN.match(address.key.replace(LINK_SEPARATOR, "-")):
            keys.setdefault(address.kind, {})[address.key] = None
    return {kind: tuple(found) for kind, found in keys.items()}


def _addresses(loaded: Loaded, kinds: Mapping[str, Kind]) -> Iterator[Address]:
    for source in loaded.sources:
        for name, entry in source.root.entries.items() if source.root else ():
            kind = kinds.get(name)
            if kind is None:
                continue
            if kind.is_link and isinstance(entry.value, SequenceNode):
                yield from _links(kind, entry.value)
            elif isinstance(entry.value, MappingNode) and not kind.is_link:
                yield from (Address(name, key) for key in entry.value.entries)


def _links(kind: Kind, node: SequenceNode) -> Iterator[Address]:
    for item in node.items:
        if not isinstance(item, MappingNode):
            continue
        pair = [item.entries[p.column].value for p in kind.natural_key if p.column in item.entries]
        texts = [part.text for part in pair if isinstance(part, Scalar)]
        if len(texts) == len(kind.natural_key):
            yield Address(kind.name, LINK_SEPARATOR.join(texts))

"""From one file's text to nodes: quickly what stands on simple lines, by the parser the rest."""

from collections.abc import Mapping

from ...yamltext.read import MAX_DEPTH, read
from ...yamltext.simple import Block, Odd, Section, sections
from ...yamltext.tree import MERGE, Collection
from .nodes import BlockNode, BlocksNode, Entry, MappingNode, Node, Origin, Scalar, SequenceNode
from .problems import ProblemReport
from .resolve import Parsed, Resolver, StoppedError, values_of

_ABOVE = 2
"""How many collections the deepest odd part stands in."""


def parse(text: str, file: str) -> Parsed:
    """Read one file's text; never raises for bad text, it is all in the problems."""
    root = quickly(Origin(file, text))
    return values_of(read(text), file) if root is None else Parsed(root, False, ())


def quickly(origin: Origin) -> MappingNode | None:
    """Read a text of sections; None where it has none, or is not sure to be read aright."""
    found = sections(origin.text)
    if not found or all(isinstance(section, Odd) for section in found):
        return None
    entries: dict[str, Entry] = {}
    for section in found:
        made = _odd(section, origin) if isinstance(section, Odd) else _section(section, origin)
        if made is None or not entries.keys().isdisjoint(made):
            return None
        entries.update(made)
    return MappingNode(entries, found[0].start)


def _section(section: Section, origin: Origin) -> Mapping[str, Entry] | None:
    node = _list(section, origin) if section.is_list else _blocks(section, origin)
    if node is None:
        return None
    key = Scalar(section.name, "", section.start, len(section.name))
    return {section.name: Entry(key, node, origin)}


def _list(section: Section, origin: Origin) -> SequenceNode | None:
    items: list[Node] = []
    for part in section.parts:
        if isinstance(part, Block):
            _, _, place, stop, shape = part
            items.append(BlockNode(origin, place, 0, stop - place, shape))
            continue
        found = _alone(part, origin)
        if not isinstance(found, SequenceNode):
            return None
        items += found.items
    return SequenceNode(items, section.place)


def _blocks(section: Section, origin: Origin) -> BlocksNode | None:
    by_key: dict[str, BlockNode | Entry] = {}
    count = 0
    for part in section.parts:
        if isinstance(part, Block):
            key, start, place, stop, shape = part
            by_key[key] = BlockNode(origin, place, place - start, stop - place, shape)
            count += 1
            continue
        found = _odd(part, origin)
        if found is None:
            return None
        by_key.update(found)
        count += len(found)
    return BlocksNode(origin, by_key, section.place) if count == len(by_key) else None


def _odd(part: Odd, origin: Origin) -> Mapping[str, Entry] | None:
    found = _alone(part, origin)
    return found.entries if isinstance(found, MappingNode) else None


def _alone(part: Odd, origin: Origin) -> Node | None:
    """Read a part of a text; None where it may say something else as a part of the whole."""
    text = origin.text[part.start : part.stop]
    if MERGE in text:
        return None  # a merge, or the marks of one that nobody resolved
    tree = read(text)
    if tree.stopped or tree.explicit or not isinstance(tree.root, Collection) or tree.root.flow:
        return None
    resolver = Resolver(origin, ProblemReport())
    try:
        root = resolver.value(tree.root)
        if resolver.report.count or resolver.anchors:
            return None
        return _moved(root, part.start, MAX_DEPTH - _ABOVE, origin)
    except StoppedError:
        return None


def _moved(node: Node, by: int, deepest: int, origin: Origin) -> Node:
    """Place a node where it stands in the whole text; raises StoppedError where it is too deep."""
    if isinstance(node, Scalar):
        return node._replace(start=node.start + by)
    if not deepest:
        raise StoppedError
    if isinstance(node, SequenceNode):
        items = [_moved(item, by, deepest - 1, origin) for item in node.items]
        return SequenceNode(items, node.place + by)
    entries: dict[str, Entry] = {}
    for name, (key, value, _) in node.entries.items():
        key = key._replace(start=key.start + by)
        entries[name] = Entry(key, _moved(value, by, deepest - 1, origin), origin)
    return MappingNode(entries, node.place + by)

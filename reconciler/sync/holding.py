"""What variables give stays: a value is set around them, and what they cannot say is told."""

from collections.abc import Iterator
from typing import NamedTuple

from ..configuration.load.nodes import MappingNode, Node, Scalar, SequenceNode
from ..configuration.load.variables import names_in
from ..values.alignment import alignment
from ..values.column import JSON
from ..values.jsonform import same_json
from ..yamltext.quotes import as_it_is


class Need(NamedTuple):
    """What stands where a variable does; ``live`` is what it should come to, if it ``differs``.

    ``node`` is a text with a variable, or more than that, which has one inside of it.
    """

    node: Node
    live: JSON
    differs: bool


class Held(NamedTuple):
    """A value for a column, in which what variables give is as it was.

    ``written`` is the same with the variables in it; ``needs`` are all of them.
    """

    value: JSON
    written: JSON
    needs: tuple[Need, ...] = ()


def variables_in(node: Node) -> Iterator[str]:
    """Name the variables that stand anywhere in a value."""
    if isinstance(node, Scalar):
        yield from names_in(node.text) if "${" in node.text else ()
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from variables_in(item)
    else:
        for entry in node.entries.values():
            yield from variables_in(entry.value)


def hold(node: Node, given: object, live: JSON) -> Held:
    """Make a value live, but for what variables give in it; ``given`` is what it says now."""
    if not any(True for _ in variables_in(node)):
        return Held(live, live)
    if isinstance(node, MappingNode) and isinstance(given, dict) and isinstance(live, dict):
        return _hold_entries(node, given, live)
    if isinstance(node, SequenceNode) and isinstance(given, list) and isinstance(live, list):
        return _hold_items(node, given, live)
    return _whole(node, given, live)


def as_written(node: Node) -> JSON:
    """Give a value to be written as it stands: variables and plain values stay what they are."""
    if isinstance(node, SequenceNode):
        return [as_written(item) for item in node.items]
    if isinstance(node, MappingNode):
        return {name: as_written(entry.value) for name, entry in node.entries.items()}
    return as_it_is(node.text, plain=node.plain)


def _whole(node: Node, given: object, live: JSON) -> Held:
    said: JSON = given  # type: ignore[assignment]
    return Held(said, as_written(node), (Need(node, live, not same_json(given, live)),))


def _hold_entries(node: MappingNode, given: dict[str, JSON], live: dict[str, JSON]) -> Held:
    entries = node.entries
    held = {name: entry for name, entry in entries.items() if any(variables_in(entry.value))}
    if not held.keys() <= given.keys():
        return _whole(node, given, live)  # what it is called here is not what it is called there
    value: dict[str, JSON] = {}
    written: dict[str, JSON] = {}
    needs: list[Need] = []
    for name in dict.fromkeys((*(n for n in given if n in live or n in held), *live)):
        if name in held:
            node_here = entries[name].value
            inner = (
                hold(node_here, given[name], live[name])
                if name in live
                else Held(
                    given[name], as_written(node_here), (Need(node_here, None, differs=True),)
                )
            )
            value[name], written[name] = inner.value, inner.written
            needs += inner.needs
        else:
            value[name] = written[name] = live[name]
    return Held(value, written, tuple(needs))


def _hold_items(node: SequenceNode, given: list[JSON], live: list[JSON]) -> Held:
    found = alignment(given, live)
    gone = set(range(len(given))) - set(found)
    if len(node.items) != len(given) or any(any(variables_in(node.items[n])) for n in gone):
        return _whole(node, given, live)
    inner = [
        Held(new, new) if was is None else hold(node.items[was], given[was], new)
        for was, new in zip(found, live, strict=True)
    ]
    return Held(
        [each.value for each in inner],
        [each.written for each in inner],
        tuple(need for each in inner for need in each.needs),
    )

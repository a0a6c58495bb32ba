"""A configuration as plain YAML: overlays laid over, templates and defaults written out."""

from collections.abc import Iterator, Mapping

from ..catalogue import Kind
from ..values.column import JSON
from ..yamltext.emit import INDENT, entry, item, lines
from ..yamltext.quotes import Bare, Quoted, Raw, inline, stands_alone
from .expand import expand
from .load import SETTINGS, Loaded, ProblemReport
from .load.nodes import MappingNode, Node, Scalar, is_null
from .validate.declaration import Declared
from .validate.declared import declare
from .validate.suggest import Suggester


def plain_yaml(loaded: Loaded, kinds: Mapping[str, Kind]) -> Iterator[str]:
    """Write a valid configuration, line by line, in one file; variables stay what they are."""
    report, suggest = ProblemReport(), Suggester(0)
    expanded = expand(loaded, kinds, report, suggest.hint)
    if loaded.settings is not None:
        yield entry(SETTINGS, _value(loaded.settings.value), 0)
    by_kind: dict[str, list[Declared]] = {}
    for declared in declare(expanded, kinds, report, suggest).by_address.values():
        by_kind.setdefault(declared.address.kind, []).append(declared)
    for name, resources in by_kind.items():
        yield f"{name}:"
        for resource in resources:
            columns = {n: _value(e.value) for n, e in resource.columns.entries.items()}
            if kinds[name].is_link:
                yield item(columns, INDENT)
            elif columns:
                yield f"{' ' * INDENT}{inline(resource.address.key)}:"
                yield from lines(columns, 2 * INDENT)
            else:
                yield f"{' ' * INDENT}{inline(resource.address.key)}: {{}}"


def _value(node: Node) -> JSON:
    """Give a node as what is written again: what was plain stays so, for its column to read."""
    if isinstance(node, Scalar):
        if is_null(node):
            return None
        if node.plain and stands_alone(node.text.lstrip("-")) and "\n" not in node.text:
            return Bare(node.text) if "${" in node.text else Raw(node.text)
        return Quoted(node.text) if "${" in node.text else node.text
    if isinstance(node, MappingNode):
        return {name: _value(each.value) for name, each in node.entries.items()}
    return [_value(each) for each in node.items]

"""Make the resources of an instance: arguments into the template, then ``$with`` over it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...catalogue import Kind
from ...diagnostics import Position
from ...diagnostics.words import few, shortened
from ...values.address import LINK_SEPARATOR
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from .marks import alone, put_in
from .names import KEY, WHEN, WITH
from .origin import Made, Place
from .override import laid_over
from .part import Part
from .tell import Tell
from .template import Template, rows_of


class Argument(NamedTuple):
    """What stands for a parameter; ``place`` is where it is given, if it is."""

    node: Node
    place: Place | None = None


class NullInTextError(Exception):
    """An argument that is null, or no single value, stands in a text."""


class Instance(NamedTuple):
    """A use of a template; ``place`` is where people find it, inside of other templates, too."""

    template: Template
    key: Scalar
    node: Node
    place: Place


class Filling(NamedTuple):
    """Puts the arguments of an instance into the nodes of its template."""

    arguments: Mapping[str, Argument]
    made: Made

    def text(self, text: str) -> str:
        """Put arguments into a text; raises NullInTextError."""
        return put_in(text, self._text_of)

    def node(self, node: Node) -> Node:
        """Put arguments into everything that a node holds."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, SequenceNode):
            return SequenceNode([self.node(item) for item in node.items], node.place)
        filled = map(self.entry, node.entries.values())
        return MappingNode({entry.key.text: entry for entry in filled}, node.place)

    def row(self, node: Node) -> Node:
        """Put arguments into a row, of which ``$when`` is no part."""
        filled = self.node(node)
        if not isinstance(filled, MappingNode) or WHEN not in filled.entries:
            return filled
        kept = {name: entry for name, entry in filled.entries.items() if name != WHEN}
        return MappingNode(kept, filled.place)

    def entry(self, entry: Entry) -> Entry:
        """Put arguments into a key and its value."""
        key = entry.key._replace(text=self.text(entry.key.text), properties=None)
        name = alone(entry.value.text) if isinstance(entry.value, Scalar) else None
        place = self.arguments[name].place if name else None
        origin = self.made.giving(place, entry.value.place) if place else self.made
        return Entry(key, self.node(entry.value), origin)

    def item(self, entry: Entry) -> Entry:
        """Put arguments into the key of a row and its columns."""
        key = entry.key._replace(text=self.text(entry.key.text), properties=None)
        return Entry(key, self.row(entry.value), self.made)

    def makes(self, row: Node) -> bool:
        """Tell whether ``$when`` lets a row be made."""
        when = row.entries.get(WHEN) if isinstance(row, MappingNode) else None
        name = alone(when.value.text) if when and isinstance(when.value, Scalar) else None
        decides = self.arguments[name].node if name else None
        return not isinstance(decides, Scalar) or decides.text == "true"

    def _scalar(self, scalar: Scalar) -> Node:
        scalar = scalar._replace(properties=None)
        if "${" not in scalar.text:
            return scalar
        name = alone(scalar.text)
        if name is None:
            # beside other characters a parameter is a text, whatever it holds
            filled = self.text(scalar.text)
            return scalar if filled == scalar.text else scalar._replace(text=filled, style='"')
        return _moved(self.arguments[name].node, scalar.start)

    def _text_of(self, name: str) -> str:
        node = self.arguments[name].node
        if not isinstance(node, Scalar) or is_null(node):
            raise NullInTextError(name)
        return node.text


class Maker(NamedTuple):
    """Makes instances; what is wrong with one is reported, and nothing is made of it."""

    templates: Mapping[str, Template]
    kinds: Mapping[str, Kind]
    tell: Tell

    def make(self, instance: Instance) -> list[Part]:
        """Make the resources of an instance."""
        made = Made(instance.place, instance.template.name, instance.template.entry.origin)
        arguments = self._arguments(instance, made)
        if arguments is None:
            return []
        try:
            parts = list(self._parts(instance, Filling(arguments, made)))
        except NullInTextError as error:
            says = f"{error} stands in a text, and is no single value here"
            self._wrong(instance, says, instance.place.position, "give it a value")
            return []
        entries = instance.node.entries if isinstance(instance.node, MappingNode) else {}
        if WITH in entries:
            return laid_over(parts, entries[WITH], self.kinds, self.tell)
        return parts

    def _parts(self, instance: Instance, filling: Filling) -> Iterator[Part]:
        for name, section in instance.template.sections.items():
            for item, row, _ in rows_of(section):
                if not filling.makes(row):
                    continue
                if name in self.templates and item is not None:
                    inner = filling.item(item)
                    yield from self.make(
                        Instance(self.templates[name], inner.key, inner.value, instance.place)
                    )
                elif item is not None:
                    entry = filling.item(item)
                    yield Part(name, entry.key.text, entry, is_link=False)
                else:
                    entry = Entry(section.key, filling.row(row), filling.made)
                    yield Part(name, _pair(self.kinds[name], entry.value), entry, is_link=True)

    def _arguments(self, instance: Instance, made: Made) -> Mapping[str, Argument] | None:
        template, node = instance.template, instance.node
        before = self.tell.report.count
        if not isinstance(node, MappingNode) and not is_null(node):
            hint = f"write {template.name}: {{{instance.key.text}: {{…}}}}"
            self._wrong(instance, "takes a mapping of arguments", instance.place.position, hint)
            return None
        given = dict(node.entries) if isinstance(node, MappingNode) else {}
        found = {KEY: Argument(Scalar(instance.key.text, '"', instance.key.start, 0))}
        for name, parameter in template.parameters.items():
            entry = given.pop(name, None)
            if entry is not None:
                read = self._argument(instance, name, entry)
                if read is not None:
                    found[name] = read
            elif parameter.default is not None:
                found[name] = Argument(parameter.default)
            else:
                place = made.position(parameter.entry.key)
                hint = "give it, or a default in the template"
                self._wrong(instance, f"lacks {name}", place, hint)
        for name, entry in given.items():
            if name != WITH:
                names = (*template.parameters, WITH)
                there_are = f"there are {few([shortened(one) for one in names])}"
                near = self.tell.hint(name, names, there_are)
                place = entry.origin.position(entry.key)
                self._wrong(instance, f"has no parameter {shortened(name)!r}", place, near)
        if self.tell.report.count > before:
            return None
        self._check_switches(instance, found)
        return found if self.tell.report.count == before else None

    def _argument(self, instance: Instance, name: str, entry: Entry) -> Argument | None:
        parameter = instance.template.parameters[name]
        read = parameter.read(entry.value)
        if isinstance(read, str):
            declared = parameter.entry.origin.position(parameter.entry.key)
            says = f"{name} takes {read}, as {declared} says"
            self._wrong(instance, says, entry.position)
            return None
        if isinstance(entry.origin, Made):
            return Argument(read, entry.origin.argument)
        return Argument(read, Place.of(entry.value, entry.origin))

    def _check_switches(self, instance: Instance, found: Mapping[str, Argument]) -> None:
        for name in instance.template.switches:
            node = found[name].node
            if not isinstance(node, Scalar) or node.text not in ("true", "false"):
                says = f"{name} decides what is made, so it takes true or false"
                hint = "a variable is a value, never structure"
                place = found[name].place or instance.place
                self._wrong(instance, says, place.position, hint)

    def _wrong(
        self, instance: Instance, says: str, place: Position, hint: str | None = None
    ) -> None:
        name = f"{instance.template.name}.{instance.key.text}"
        self.tell.error("bad-argument", f"{name}: {says}", place, hint)


def _pair(kind: Kind, node: Node) -> str:
    """Give the key of a link by which ``$with`` means it: its pair, where that are keys."""
    entries = node.entries if isinstance(node, MappingNode) else {}
    pair = [entries[p.column].value for p in kind.natural_key if p.column in entries]
    return LINK_SEPARATOR.join(each.text for each in pair if isinstance(each, Scalar))


def _moved(node: Node, place: int) -> Node:
    """Place an argument where its parameter stands in the template."""
    if isinstance(node, Scalar):
        return node._replace(start=place, size=0, properties=None)
    if isinstance(node, SequenceNode):
        return SequenceNode([_moved(item, place) for item in node.items], place)
    entries = {
        name: entry._replace(key=entry.key._replace(start=place), value=_moved(entry.value, place))
        for name, entry in node.entries.items()
    }
    return MappingNode(entries, place)

"""Parameters of templates: what they take, and the arguments that are given for them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from ...diagnostics import Position
from ...diagnostics.words import few, shortened
from ...values.core import Plain, read_core
from ...values.types import TYPES
from ...values.unreadable import UnreadableError
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from ..load.variables import NAME
from .names import KEY, MOST_CHOICES, MOST_PARAMETERS, PARAMETERS
from .tell import Tell

_RULES = ("type", "default", "description")
_BOUNDS, _ENUM = ("minimum", "maximum"), ("enum",)
Number: TypeAlias = int | float | Decimal


def _number(text: str) -> Plain:
    value = read_core(text)
    if isinstance(value, bool) or not isinstance(value, Number):
        raise UnreadableError("a number")
    return value


class ParameterType(NamedTuple):
    """A type: what it is called, what reads a single value (None: it takes a list or mapping).

    ``rules`` are those that only some types have.
    """

    expects: str
    read: Callable[[str], Plain] | None = None
    node: type = Scalar
    rules: tuple[str, ...] = ()


PARAMETER_TYPES: Mapping[str, ParameterType] = {
    "string": ParameterType("a text", TYPES["text"].read, rules=_ENUM),
    "integer": ParameterType("a whole number", TYPES["bigint"].read, rules=(*_BOUNDS, *_ENUM)),
    "number": ParameterType("a number", _number, rules=(*_BOUNDS, *_ENUM)),
    "boolean": ParameterType("true or false", TYPES["boolean"].read, rules=_ENUM),
    "array": ParameterType("a list", None, SequenceNode),
    "object": ParameterType("a mapping", None, MappingNode),
}


class Parameter(NamedTuple):
    """What a template takes under a name; ``place`` is where its file declares it."""

    name: str
    type: str
    entry: Entry
    default: Node | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    choices: tuple[Plain, ...] = ()

    def read(self, node: Node) -> Node | str:
        """Read an argument: gives the node that stands for it, or says what is expected.

        What a variable will be is not known yet: it is read where it comes to stand.
        """
        kind = PARAMETER_TYPES[self.type]
        if is_null(node):
            return node
        if not isinstance(node, kind.node):
            return kind.expects
        if not isinstance(node, Scalar) or kind.read is None:
            return node
        text = node.text
        if "${" not in text:
            try:
                value = kind.read(text)
            except UnreadableError:
                return kind.expects
            if wrong := self._out_of_bounds(value):
                return wrong
            text = text if self.type in ("string", "number") else _written(value)
        # quotes keep a text a text, wherever it comes to stand
        return node._replace(text=text, style='"' if self.type == "string" else "")

    def _out_of_bounds(self, value: Plain) -> str | None:
        if self.choices and value not in self.choices:
            return f"one of {few([shortened(_written(one)) for one in self.choices])}"
        if isinstance(value, Number) and not isinstance(value, bool):
            if self.minimum is not None and value < self.minimum:
                return f"a number not under {self.minimum}"
            if self.maximum is not None and value > self.maximum:
                return f"a number not over {self.maximum}"
        return None


def _written(value: Plain) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_parameters(template: str, entry: Entry | None, tell: Tell) -> dict[str, Parameter]:
    """Read what a template declares; what is wrong is reported, and left out."""
    if entry is None or is_null(entry.value):
        return {}
    if not isinstance(entry.value, MappingNode):
        message = f"template {template}: `{PARAMETERS}` takes a mapping of names"
        tell.error("bad-template", message, entry.position, "write title: {type: string}")
        return {}
    found: dict[str, Parameter] = {}
    entries = entry.value.entries
    if len(entries) > MOST_PARAMETERS:
        message = f"template {template}: more than {MOST_PARAMETERS} parameters"
        tell.error("bad-template", message, entry.position, "make it several templates")
        return {}
    for name, item in entries.items():
        parameter = _Reader(template, name, item, tell).read()
        if parameter is not None:
            found[name] = parameter
    return found


class _Reader(NamedTuple):
    template: str
    name: str
    entry: Entry
    tell: Tell

    def read(self) -> Parameter | None:
        if not NAME.match(self.name) or self.name == KEY:
            reason = "is the key of each instance" if self.name == KEY else "is no name"
            hint = "a name has letters, digits and _, no digit first, and is not `key`"
            place = self.entry.origin.position(self.entry.key)
            message = f"template {self.template}: the parameter {shortened(self.name)!r} {reason}"
            self.tell.error("bad-template", message, place, hint)
            return None
        node = self.entry.value
        rules = dict(node.entries) if isinstance(node, MappingNode) else {}
        type_node = rules["type"].value if "type" in rules else None
        name = type_node.text if isinstance(type_node, Scalar) else ""
        if name not in PARAMETER_TYPES:
            hint = (
                f"write {self.name}: {{type: string}}; the types are {', '.join(PARAMETER_TYPES)}"
            )
            self._wrong("needs one `type`", self.entry.origin.position(type_node or node), hint)
            return None
        known = (*_RULES, *PARAMETER_TYPES[name].rules)
        for rule, item in rules.items():
            if rule not in known:
                near = self.tell.hint(rule, known, f"for type {name} there are {', '.join(known)}")
                place = item.origin.position(item.key)
                self._wrong(f"has no rule {shortened(rule)!r}", place, near)
        parameter = Parameter(
            self.name, name, self.entry,
            minimum=self._bound(rules.get("minimum")),
            maximum=self._bound(rules.get("maximum")),
            choices=self._choices(PARAMETER_TYPES[name], rules.get("enum")),
        )  # fmt: skip
        default = rules.get("default")
        if default is None:
            return parameter
        read = parameter.read(default.value)
        if isinstance(read, str):
            self._wrong(f"takes {read}: its default is not", default.position)
            return parameter
        return parameter._replace(default=read)

    def _bound(self, entry: Entry | None) -> Number | None:
        if entry is None:
            return None
        try:
            value = _number(entry.value.text) if isinstance(entry.value, Scalar) else None
        except UnreadableError:
            value = None
        if not isinstance(value, Number):
            self._wrong(f"takes a number as its {entry.key.text}", entry.position)
            return None
        return value

    def _choices(self, kind: ParameterType, entry: Entry | None) -> tuple[Plain, ...]:
        """Read the values as arguments are read: ``1`` and ``1.0`` are the same number."""
        if entry is None or kind.read is None:
            return ()
        items = entry.value.items if isinstance(entry.value, SequenceNode) else []
        scalars = [item for item in items if isinstance(item, Scalar)]
        if not items or len(scalars) < len(items):
            self._wrong("takes a list of single values as its enum", entry.position)
            return ()
        if len(scalars) > MOST_CHOICES:
            self._wrong(f"takes at most {MOST_CHOICES} values as its enum", entry.position)
            return ()
        found = []
        for item in scalars:
            place = entry.origin.position(item)
            if "${" in item.text:
                self._wrong("takes no variables in its enum", place)
                continue
            try:
                found.append(kind.read(item.text))
            except UnreadableError:
                says = f"takes {kind.expects}: {shortened(item.text)!r} in its enum is not"
                self._wrong(says, place)
        return tuple(found)

    def _wrong(self, message: str, place: Position, hint: str | None = None) -> None:
        whole = f"template {self.template}: the parameter {self.name} {message}"
        self.tell.error("bad-template", whole, place, hint)

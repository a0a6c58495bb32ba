"""Parameters of templates: what they take, and the arguments that are given for them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from ...diagnostics import Position
from ...values.core import Plain, read_core
from ...values.types import TYPES
from ...values.unreadable import UnreadableError
from ..load.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, is_null
from ..load.variables import NAME
from .names import KEY, PARAMETERS
from .tell import Tell

_RULES = ("type", "default", "minimum", "maximum", "enum", "description")
Number: TypeAlias = int | float | Decimal


def _number(text: str) -> Plain:
    value = read_core(text)
    if isinstance(value, bool) or not isinstance(value, Number):
        raise UnreadableError("a number")
    return value


class ParameterType(NamedTuple):
    """A type: what it is called, what reads a single value (None: it takes a list or mapping)."""

    expects: str
    read: Callable[[str], Plain] | None = None
    node: type = Scalar


PARAMETER_TYPES: Mapping[str, ParameterType] = {
    "string": ParameterType("a text", TYPES["text"].read),
    "integer": ParameterType("a whole number", TYPES["bigint"].read),
    "number": ParameterType("a number", _number),
    "boolean": ParameterType("true or false", TYPES["boolean"].read),
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
    choices: tuple[str, ...] = ()

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
            text = text if self.type in ("string", "number") else str(value).lower()
        # quotes keep a text a text, wherever it comes to stand
        return node._replace(text=text, style='"' if self.type == "string" else "")

    def _out_of_bounds(self, value: Plain) -> str | None:
        if self.choices and str(value).lower() not in {choice.lower() for choice in self.choices}:
            return f"one of {', '.join(self.choices)}"
        if isinstance(value, Number) and not isinstance(value, bool):
            if self.minimum is not None and value < self.minimum:
                return f"a number not under {self.minimum}"
            if self.maximum is not None and value > self.maximum:
                return f"a number not over {self.maximum}"
        return None


def read_parameters(template: str, entry: Entry | None, tell: Tell) -> dict[str, Parameter]:
    """Read what a template declares; what is wrong is reported, and left out."""
    if entry is None or is_null(entry.value):
        return {}
    if not isinstance(entry.value, MappingNode):
        message = f"template {template}: `{PARAMETERS}` takes a mapping of names"
        tell.error("bad-template", message, entry.position, "write title: {type: string}")
        return {}
    found: dict[str, Parameter] = {}
    for name, item in entry.value.entries.items():
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
            message = f"template {self.template}: the parameter {self.name!r} {reason}"
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
        for rule, item in rules.items():
            if rule not in _RULES:
                near = self.tell.hint(rule, _RULES, f"there are {', '.join(_RULES)}")
                self._wrong(f"has no rule {rule!r}", item.origin.position(item.key), near)
        parameter = Parameter(
            self.name, name, self.entry,
            minimum=self._bound(rules.get("minimum")),
            maximum=self._bound(rules.get("maximum")),
            choices=self._choices(rules.get("enum")),
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

    def _choices(self, entry: Entry | None) -> tuple[str, ...]:
        if entry is None:
            return ()
        items = entry.value.items if isinstance(entry.value, SequenceNode) else []
        if not items or not all(isinstance(item, Scalar) for item in items):
            self._wrong("takes a list of single values as its enum", entry.position)
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def _wrong(self, message: str, place: Position, hint: str | None = None) -> None:
        whole = f"template {self.template}: the parameter {self.name} {message}"
        self.tell.error("bad-template", whole, place, hint)

"""From nodes to values: the column decides the type."""

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter

from ...catalogue import Kind
from ...values.column import Target
from ...values.core import LEADING_ZERO, read_core
from ...values.types import TYPES
from ...values.unreadable import UnreadableError
from ..load.nodes import MappingNode, Node, Scalar, SequenceNode, is_null
from ..load.variables import Filled, UnsetError, VariableError, Variables, fill
from ..resource import IdMap, Lookup, Reference, Unknown, Value
from .cell import BAD, Bad, Cell, Read
from .coded import report_code, wrong_code
from .references import References
from .schema import accepts
from .shape import Shape
from .suggest import Suggester
from .zones import reader_of

_LOOKUP = "lookup"
_WITH_BRACKETS = frozenset({"text", "range", "ranges"})


class ValueReader:
    """Reads the nodes of columns; what cannot be read is reported and answered with ``BAD``."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        references: References,
        variables: Variables,
        suggest: Suggester,
        *,
        unset_is_error: bool,
    ) -> None:
        self._kinds = kinds
        self.references = references
        self._variables = variables
        self._suggest = suggest
        self._unset_is_error = unset_is_error

    def read(self, cell: Cell) -> Read:
        """Read one column's value."""
        node, column = cell.entry.value, cell.column
        if is_null(node):
            return self._null(node, cell)
        if column.reference:
            return self._reference(node, column.reference, cell)
        if column.type.form == "json":
            return self._json_column(node, cell)
        if column.type.item:
            return self._list(node, cell)
        return self._scalar(node, cell)

    def _null(self, node: Node, cell: Cell) -> Bad | None:
        if cell.column.nullable:
            return None
        message = f"{cell.column.name} cannot be empty (null)"
        hint = "leave the column out if it is not yours to set"
        is_text = cell.column.type.form == "text" and not cell.column.sensitive
        if is_text and accepts(cell.column, ""):
            hint += "; an empty text is ''"
        return cell.refuse("null-not-allowed", node, message, hint)

    def _text(self, node: Scalar, cell: Cell) -> Filled | Unknown | Bad:
        """Put variables into a text."""
        if "\0" in node.text:
            return cell.expects(node, "text without the NUL character")
        if "${" not in node.text:
            return Filled(node.text) if node.text else self._empty(Filled(""), node, cell)
        try:
            filled = fill(node.text, self._variables, sensitive=cell.column.sensitive)
        except UnsetError as error:
            # a secret that is not at hand is only needed where the row is created
            if not self._unset_is_error or cell.column.sensitive:
                return Unknown(error.name, error.hint)
            return cell.refuse(error.code, node, error.message, error.hint)
        except VariableError as error:
            return cell.refuse(error.code, node, error.message, error.hint)
        if "\0" in filled.text:
            return cell.expects(node, "text without the NUL character")
        return self._empty(filled, node, cell)

    def _empty(self, filled: Filled, node: Scalar, cell: Cell) -> Filled | Unknown | Bad:
        """Send no empty secret: where CI has no secret of a name, the variable is empty."""
        about = next(iter(filled.empty), "")
        if not cell.column.sensitive:
            if about:
                hint = "give it a value, or write '' where an empty text is meant"
                cell.warn("empty-variable", node, f"the variable {about} is empty", hint)
            return filled
        if filled.text and not about:
            return filled
        message = f"the variable {about} is empty" if about else "an empty text is no secret"
        otherwise = "write null to clear" if cell.column.nullable else "leave the column out"
        hint = f"set it, or {otherwise}"
        if self._unset_is_error:
            return cell.refuse("empty-secret", node, f"{cell.name}: {message}", hint)
        cell.warn("empty-secret", node, f"{cell.name}: {message}", hint)
        return Unknown(about, hint)

    def _scalar(self, node: Node, cell: Cell) -> Read:
        if not isinstance(node, Scalar):
            quotable = isinstance(node, SequenceNode) and cell.column.type.form in _WITH_BRACKETS
            hint = "put quotes around the value" if quotable else None
            return cell.expects(node, "one value", hint=hint)
        filled = self._text(node, cell)
        if not isinstance(filled, Filled):
            return filled
        try:
            value = reader_of(cell.column)(filled.text)
        except UnreadableError as error:
            return _unreadable(error, node, cell)
        wrong = wrong_code(cell.column, value)
        bad = wrong and report_code(wrong, filled.text, node, cell, self._suggest)
        return bad or value

    def _list(self, node: Node, cell: Cell) -> Read:
        if not isinstance(node, SequenceNode):
            return cell.expects(node, "a list", hint="such as [a, b]; [] is an empty list")
        values: list[Value] = []
        bad = False
        for item in node.items:
            if is_null(item):
                value: Read = cell.expects(item, "a list without null in it")
            else:
                value = self._scalar(item, cell)
            if isinstance(value, Bad):
                bad = True
            else:
                values.append(value)
        return BAD if bad else values

    def _json_column(self, node: Node, cell: Cell) -> Read:
        by_name = {p.property: p.target for p in cell.column.places if p.property}
        keys = next((p.target for p in cell.column.places if not p.property), None)
        if keys and isinstance(node, MappingNode):
            return self._id_map(node, keys, by_name, cell)
        return self._json(node, Shape(cell.column.schema, by_name), cell)

    def _json(self, node: Node, shape: Shape, cell: Cell) -> Read:
        if isinstance(node, Scalar):
            return self._json_scalar(node, shape, cell)
        if isinstance(node, SequenceNode):
            items = [self._json(item, shape.item, cell) for item in node.items]
            good = [item for item in items if not isinstance(item, Bad)]
            return good if len(good) == len(items) else BAD
        values: dict[str, Value] = {}
        bad = False
        for name, entry in node.entries.items():
            value = self._json_entry(name, entry.value, shape, cell)
            if isinstance(value, Bad) or self._is_no_key(name, entry.key, cell):
                bad = True
            else:
                values[name] = value
        return BAD if bad else values

    def _json_entry(self, name: str, node: Node, shape: Shape, cell: Cell) -> Read:
        target = shape.places.get(name)
        if target and not is_null(node) and (isinstance(node, Scalar) or _is_lookup(node)):
            return self._reference(node, target, cell._replace(inside=name))
        return self._json(node, shape.entry(name), cell)

    def _json_scalar(self, node: Scalar, shape: Shape, cell: Cell) -> Read:
        if is_null(node):
            return None
        filled = self._text(node, cell)
        if not isinstance(filled, Filled):
            return filled
        if not node.plain or (filled.used and not filled.text):
            return filled.text
        if LEADING_ZERO.match(filled.text):
            if shape.takes_text:
                return filled.text
            message = f"{cell.name}: a number that begins with 0 loses it"
            hint = "put quotes around it if it is a text; take the 0 away if it is a number"
            cell.warn("leading-zero", node, message, hint)
        try:
            return read_core(filled.text)
        except UnreadableError as error:
            cure = error.hint if shape.takes_text or "type" not in shape.schema else None
            return cell.expects(node, error.expects, reason=error.reason, hint=cure)

    def _id_map(
        self, node: MappingNode, target: Target, places: Mapping[str, Target], cell: Cell
    ) -> Read:
        items: list[tuple[Reference, Value]] = []
        bad = False
        for name, entry in node.entries.items():
            if self._is_no_key(name, entry.key, cell):
                bad = True
                continue
            reference = self.references.resolve(name, target.kind, entry.key, cell)
            value = self._json(entry.value, Shape(cell.column.schema, places).entry(name), cell)
            if isinstance(reference, Bad) or isinstance(value, Bad):
                bad = True
            else:
                items.append((reference, value))
        return BAD if bad else IdMap(tuple(items))

    def _is_no_key(self, name: str, key: Node, cell: Cell) -> bool:
        if "\0" in name:
            cell.expects(key, "names without the NUL character")
            return True
        if "${" not in name:
            return False
        message = "a variable cannot be a key: variables are values, never structure"
        cell.refuse("variable-in-key", key, message, "write the key out")
        return True

    def _reference(self, node: Node, target: Target, cell: Cell) -> Read:
        if isinstance(node, MappingNode):
            return self._lookup(node, target, cell)
        if not isinstance(node, Scalar):
            return cell.expects(node, f"a key of {target.kind}, an id, or a lookup")
        filled = self._text(node, cell)
        if not isinstance(filled, Filled):
            return filled
        return self.references.resolve(filled.text, target.kind, node, cell)

    def _lookup(self, node: MappingNode, target: Target, cell: Cell) -> Lookup | Bad:
        if not _is_lookup(node):
            message = f"{cell.name} takes a key of {target.kind}, an id, or a lookup"
            return cell.refuse("bad-lookup", node, message, "write {lookup: {column: value}}")
        criteria = node.entries[_LOOKUP].value
        kind = self._kinds.get(target.kind)
        if not isinstance(criteria, MappingNode) or not criteria.entries or kind is None:
            message = f"a lookup takes the values of columns of {target.kind}"
            return cell.refuse("bad-lookup", criteria, message, _example(kind))
        read: list[tuple[str, Value]] = []
        for name, entry in criteria.entries.items():
            inner = cell._replace(entry=entry)
            value = self._criterion(name, kind, entry.key, inner)
            if not isinstance(value, Bad):
                read.append((name, value))
        if len(read) < len(criteria.entries):
            return BAD
        return Lookup(kind.name, tuple(sorted(read, key=itemgetter(0))))

    def _criterion(self, name: str, kind: Kind, key: Scalar, cell: Cell) -> Read:
        """Read one value of a lookup; ``name->>default`` names a text inside a JSON column."""
        outer, arrow, inside = name.partition("->>")
        column = kind.columns.get(outer)
        if column is None:
            hint = self._suggest.hint(outer, kind.columns, _example(kind))
            return cell.refuse("bad-lookup", key, f"{kind.name} has no column {outer!r}", hint)
        form = column.type.form
        if (form == "json") != bool(arrow and inside) or form == "search":
            message = f"a lookup cannot compare {name}"
            return cell.refuse("bad-lookup", key, message, _example(kind))
        node = cell.entry.value
        if is_null(node) or (isinstance(node, Scalar) and not node.text):
            message = f"a lookup by an empty {name} finds nothing in particular"
            return cell.refuse("bad-lookup", node, message, "give a value that one row has")
        private = column.private or cell.column.private
        # its values go into requests: a secret has no place there
        read_as = TYPES["text"] if arrow else column.type
        typed = replace(column, type=read_as, pii=private, sensitive=False)
        value = self._scalar(node, cell._replace(column=typed))
        if value == "":
            message = f"a lookup by an empty {name} finds nothing in particular"
            return cell.refuse("bad-lookup", node, message, "give a value that one row has")
        return value


def _is_lookup(node: Node) -> bool:
    return isinstance(node, MappingNode) and list(node.entries) == [_LOOKUP]


def _example(kind: Kind | None) -> str:
    part = kind.natural_key[0] if kind and kind.natural_key else "column"
    return f"write {{lookup: {{{part}: value}}}}"


def _unreadable(error: UnreadableError, node: Scalar, cell: Cell) -> Bad:
    return cell.expects(node, error.expects, reason=error.reason, hint=error.hint)

"""Blocks of simple lines become values in one go; whatever is not right is left to the others.

What is read here would be read the same by ``values`` and judged the same by ``schema``. These also
know what is wrong with a value, and say so; nothing is reported here.
"""

from operator import getitem
from typing import TypeAlias

import jsonschema_rs

from ...catalogue import Kind
from ...catalogue.rules import Relation
from ...values.codes import CHECKS
from ...values.column import Column
from ...values.plain import read_text
from ...yamltext.simple import Shape
from ..load.nodes import EMPTY_LIST, EMPTY_MAPPING, NULLS, QUOTES, BlockNode
from ..resource import Value
from .references import References
from .relations import first_broken, relations_among
from .schema import schema_of
from .zones import reader_of

_Shape: TypeAlias = tuple[str, Shape]
"""A kind, and the columns that a block gives."""
_KNOWN = 4096
"""How many texts of a column are remembered: many columns have few different ones."""
_COLLECTIONS = ("json", "list")
"""Forms of columns of which only the empty ones are read here."""
_NOTHING = NULLS | {EMPTY_LIST, EMPTY_MAPPING}
"""What is no text where it stands without quotes."""
_SAYS_NOTHING = frozenset({"type", "title", "description", "default", "examples", "deprecated"})
"""What is in a schema besides rules, and the type, which the column's reader gives."""


class _Values(dict[str, Value]):
    """The values of a column by their texts as written; what it does not know yet it reads.

    Raises ValueError where a text is not simply right.
    """

    def __init__(self, kind: Kind, column: Column, references: References) -> None:
        super().__init__()
        self._column = column
        self._references = references
        self._target = column.reference.kind if column.reference else None
        self._is_collection = column.type.form in _COLLECTIONS
        self._read = reader_of(column)
        self._judge = _judge_of(kind, column)
        is_text = self._read is read_text and column.reference is None
        self._is_text = is_text and self._judge is None
        self._check = CHECKS.get(column.code or "")

    def __missing__(self, raw: str) -> Value:
        plain = raw[0] not in QUOTES and raw not in _NOTHING and "$" not in raw
        value = raw if plain and self._is_text else self._value(raw)
        if self._judge is not None and not self._judge.is_valid(value):
            raise ValueError("the schema refuses it")
        if self._check is not None and isinstance(value, str) and value and self._check(value):
            raise ValueError("it is no such code, or hardly meant")
        if len(self) < _KNOWN and not isinstance(value, list | dict):  # of these each has its own
            self[raw] = value
        return value

    def _value(self, raw: str) -> Value:
        if raw in _NOTHING:
            return self._nothing(raw)
        if "${" in raw or self._is_collection:
            raise ValueError("it takes more than reading")
        text = raw[1:-1] if raw[0] in QUOTES else raw
        if not text and self._column.sensitive:
            raise ValueError("an empty text is no secret")
        if self._target is None:
            return self._read(text)
        reference = self._references.sure(text, self._target)
        if reference is None:
            raise ValueError("it may lead nowhere")
        return reference

    def _nothing(self, raw: str) -> Value:
        """Give null, an empty list, or an empty mapping whose names would be no ids."""
        column, form = self._column, self._column.type.form
        if raw in NULLS and column.nullable:
            return None
        if raw == EMPTY_LIST and self._is_collection:
            return []
        if raw == EMPTY_MAPPING and form == "json" and not column.places:
            return {}
        raise ValueError("it takes a value")


class QuickReader:
    """Reads blocks, by one tuple of columns for all that have the same names."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._columns: dict[str, dict[str, _Values]] = {}
        self._shapes: dict[_Shape, tuple[_Values, ...] | None] = {}
        self._relations: dict[_Shape, tuple[Relation, ...]] = {}

    def read(self, kind: Kind, block: BlockNode) -> dict[str, Value] | None:
        """Read the values of a block; None where any of them is not simply right."""
        names = block.shape.names
        shape = kind.name, block.shape
        if shape not in self._shapes:
            self._shapes[shape] = self._columns_of(kind, names)
            self._relations[shape] = relations_among(kind, frozenset(names))
        columns = self._shapes[shape]
        if columns is None:
            return None
        try:
            values = dict(zip(names, map(getitem, columns, block.texts), strict=True))
        except ValueError:
            return None
        relations = self._relations[shape]
        return None if relations and first_broken(relations, kind.columns, values) else values

    def _columns_of(self, kind: Kind, names: tuple[str, ...]) -> tuple[_Values, ...] | None:
        known = self._columns.setdefault(kind.name, {})
        for name in names:
            column = None if name in kind.inputs else kind.columns.get(name)
            if column is None or not column.writable:
                return None
            if name not in known:
                known[name] = _Values(kind, column, self._references)
        return tuple(known[name] for name in names)


def _judge_of(kind: Kind, column: Column) -> jsonschema_rs.Draft202012Validator | None:
    """Compile what is to be said of a column, where it is more than the type that is read."""
    told = column.schema.get("type")
    types = told if isinstance(told, list) else [told]
    is_told = column.schema.keys() <= _SAYS_NOTHING and column.type.json[0] in types
    has_rules = any(rule.column == column.name for rule in kind.insides)
    if column.reference or (is_told and not has_rules and column.type.form not in _COLLECTIONS):
        return None
    return jsonschema_rs.Draft202012Validator(schema_of(kind, column, "error", "warning"))

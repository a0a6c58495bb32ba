"""The schema of a file, walked along a path: what may stand at a place, and what is said of it.

It is the one that ``reconciler schema`` writes for other editors, without the keys of the folder:
these are asked for where they are needed, since they change with each edit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

from ..catalogue import Kind
from ..editor.schema import editor_schema
from ..editor.templates import Templates
from ..values.column import JSON
from .flow import ITEM

Schema = Mapping[str, JSON]
_DEEPEST = 40
_REFERENCE = re.compile(r"#/definitions/reference-(\w+)\Z")
_NAMES = re.compile(r"#/definitions/json-(?:.*-)?names-(\w+)\Z")
_DEFINITION = "#/definitions/"


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand somewhere: one schema for each way to write it, the names of refs kept.

    ``references`` are the kinds whose keys may stand there, ``names`` those whose keys are names.
    """

    schemas: tuple[Schema, ...]
    references: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """What the outermost schema says."""
        found = (schema.get("description") for schema in self.schemas)
        return next((str(one) for one in found if one), "")

    @property
    def properties(self) -> dict[str, Schema]:
        """The names that may stand there, each with its schema."""
        found: dict[str, Schema] = {}
        for schema in self.schemas:
            for name, inner in _mapping(schema.get("properties")).items():
                found.setdefault(name, _mapping(inner))
        return found

    @property
    def choices(self) -> tuple[JSON, ...]:
        """The values that may stand there, where they are named; the same twice is once."""
        found: dict[str, JSON] = {}
        for schema in self.schemas:
            given = schema.get("enum")
            for one in given if isinstance(given, list) else ():
                found.setdefault(repr(one), one)
            if schema.get("type") == "boolean" or schema.get("type") == ["boolean", "string"]:
                found |= {"True": True, "False": False}
            if schema.get("type") == "null":
                found.setdefault("None", None)
        return tuple(found.values())

    @property
    def takes_own_names(self) -> bool:
        """Tell whether names of one's own choice may stand there, as keys of resources do."""
        return any(isinstance(s.get("additionalProperties"), dict) for s in self.schemas)


@dataclass(frozen=True)
class Walker:
    """Walks the schema of a folder with these kinds and templates."""

    kinds: Mapping[str, Kind] = field(repr=False)
    templates: Templates = field(repr=False)

    @cached_property
    def whole(self) -> Schema:
        """The schema; it takes some ten milliseconds to build."""
        return editor_schema(self.kinds, {}, self.templates)

    def at(self, path: tuple[str, ...]) -> Place:
        """Follow a path; nothing may stand where it leads nowhere."""
        schemas: list[Schema] = [self.whole]
        for step in path[:_DEEPEST]:
            there = self._opened(schemas)
            schemas = [inner for schema in there.schemas for inner in _below(schema, step)]
        return self._opened(schemas)

    def _opened(self, schemas: list[Schema]) -> Place:
        """Follow references and alternatives until schemas stand for themselves."""
        found: list[Schema] = []
        references: dict[str, None] = {}
        names: dict[str, None] = {}
        seen: set[str] = set()
        waiting = schemas[::-1]
        while waiting:
            schema = waiting.pop()
            name = schema.get("$ref")
            if isinstance(name, str):
                if name in seen:
                    continue
                seen.add(name)
                references.update(dict.fromkeys(_REFERENCE.findall(name)))
                names.update(dict.fromkeys(_NAMES.findall(name)))
                definitions = _mapping(self.whole["definitions"])
                waiting.append(_mapping(definitions.get(name.removeprefix(_DEFINITION))))
                continue
            found.append(schema)
            waiting.extend(reversed([*_alternatives(schema)]))
        return Place(tuple(found), tuple(references), tuple(names))


def _alternatives(schema: Schema) -> Iterator[Schema]:
    for word in ("anyOf", "allOf", "oneOf"):
        given = schema.get(word)
        yield from map(_mapping, given if isinstance(given, list) else ())
    for word in ("then", "else"):
        if isinstance(schema.get(word), dict):
            yield _mapping(schema[word])


def _below(schema: Schema, step: str) -> Iterator[Schema]:
    if step == ITEM:
        if isinstance(schema.get("items"), dict):
            yield _mapping(schema["items"])
        return
    named = _mapping(schema.get("properties"))
    if step in named:
        yield _mapping(named[step])
        return
    for pattern, inner in _mapping(schema.get("patternProperties")).items():
        if re.search(pattern, step):
            yield _mapping(inner)
            return
    if isinstance(schema.get("additionalProperties"), dict):
        yield _mapping(schema["additionalProperties"])


def _mapping(value: object) -> Schema:
    return cast("Schema", value) if isinstance(value, dict) else {}

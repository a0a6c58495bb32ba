"""What a server says of itself: its OpenAPI document, as PostgREST writes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

import orjson

from ..values.column import JSON, Target

Object = Mapping[str, JSON]

_TARGET = re.compile(r"<fk table='(\w{1,63})' column='(\w{1,63})'/>")
_KEY = "<pk/>"


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """One column: its type as PostgreSQL calls it, and what it points to."""

    type: str
    is_key: bool
    is_needed: bool
    target: Target | None


@dataclass(frozen=True, slots=True)
class DescribedKind:
    """One kind: its columns by name, and the methods that its path takes, in lower case."""

    columns: Mapping[str, DescribedColumn]
    methods: frozenset[str]


def kinds_described(body: bytes) -> Mapping[str, DescribedKind] | None:
    """Read the kinds of an OpenAPI document; None where it is none."""
    try:
        content: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    document = _object(content)
    paths = _object(document.get("paths"))
    described = {
        name: DescribedKind(_columns(_object(one)), frozenset(_object(paths.get(f"/{name}"))))
        for name, one in _object(document.get("definitions")).items()
        if _is_object(_object(one).get("properties"))
    }
    return described or None


def _columns(definition: Object) -> Mapping[str, DescribedColumn]:
    needed = definition.get("required")
    names = needed if isinstance(needed, list) else []
    return {
        name: _column(_object(said), is_needed=name in names and "default" not in _object(said))
        for name, said in _object(definition.get("properties")).items()
    }


def _column(said: Object, *, is_needed: bool) -> DescribedColumn:
    notes = said.get("description")
    text = notes if isinstance(notes, str) else ""
    found = _TARGET.search(text)
    target = Target(found[1], found[2]) if found else None
    return DescribedColumn(str(said.get("format") or ""), _KEY in text, is_needed, target)


def _object(value: object) -> Object:
    return value if _is_object(value) else {}


def _is_object(value: object) -> TypeGuard[Object]:
    return isinstance(value, dict)

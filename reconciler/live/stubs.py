"""Schema files to begin with, for what live has and the catalogue lacks. They hold no value."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson

from ..catalogue import Kind
from ..catalogue.growth.words import NAME
from ..files import cannot_write, write_file
from ..values.column import JSON
from ..values.types import TYPES
from .comparing import Compared, LiveColumn, LiveKind

Stub = dict[str, JSON]
_VERBS = {"get": "list", "post": "create", "patch": "update", "delete": "delete"}
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NOT_DESCRIBED = "Found live; say here what it is."


def stubs_of(found: Compared, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, Stub]]:
    """Write a stub for each kind that has something new: its name and the schema.

    Columns of unknown types, and names that no file may have, are left out.
    """
    there = kinds.keys() | {kind.name for kind in found.differ if kind.is_new}
    for kind in found.differ:
        columns = {c.name: _column(c, there) for c in kind.new if c.type and NAME.fullmatch(c.name)}
        if not columns or not NAME.fullmatch(kind.name):
            continue
        if not kind.is_new:
            yield kind.name, {"x-kind": kind.name, "properties": dict(columns)}
        elif keys := _keys(kind.new, columns):
            yield kind.name, _kind(kind, keys, columns)


def write_stub(file: Path, stub: Stub) -> bool:
    """Write a stub, and tell whether it was: a file that is there stays. Raises UsageError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        text = orjson.dumps(stub, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        write_file(file, text, new=True)
    except FileExistsError:
        return False
    except OSError as error:
        raise cannot_write(file, file, error) from error
    return True


def _keys(new: Sequence[LiveColumn], columns: Mapping[str, Stub]) -> list[str]:
    keys = [c.name for c in new if c.described and c.described.is_key and c.name in columns]
    return keys[:2] or (["id"] if "id" in columns else [])


def _kind(kind: LiveKind, keys: Sequence[str], columns: Mapping[str, Stub]) -> Stub:
    id_column = "id" if "id" in columns else keys[0]
    writable = columns[id_column]["x-type"] == "uuid"
    verbs: dict[str, JSON] = {
        verb: "documented-2026"
        for method, verb in _VERBS.items()
        if verb == "list" or (method in kind.methods and writable)
    }
    created = {"x-id": "client"} if "create" in verbs else {}
    recognised: Stub = {"x-natural-key": []} if {"create", "update"} & verbs.keys() else {}
    primary = {**columns[id_column], "readOnly": True}
    return {
        "$schema": _DRAFT,
        "$id": f"{kind.name}.schema.json",
        "title": kind.name.replace("_", " ").capitalize(),
        "description": _NOT_DESCRIBED,
        "type": "object",
        "x-kind": kind.name,
        "x-area": "Other",
        "x-verbs": verbs,
        "x-primary-key": list(keys),
        **recognised,
        **created,
        "properties": {**columns, id_column: primary},
        "additionalProperties": False,
    }


def _column(column: LiveColumn, there: set[str]) -> Stub:
    kind, said = TYPES[column.type or "text"], column.described
    types: list[JSON] = list(kind.json)
    stub: Stub = {"description": _NOT_DESCRIBED, "type": types[0] if len(types) == 1 else types}
    if not (said and said.is_needed) and not (said and said.is_key):
        stub["type"] = [*types, "null"]
    if kind.item:
        stub["items"] = {"type": kind.item.json[0]}
    stub["x-type"] = kind.name
    if said and said.target and said.target.kind in there and kind.name in {"uuid", "text"}:
        stub["x-references"] = f"{said.target.kind}.{said.target.column}"
    if said and said.is_needed and not said.is_key:
        stub["x-required-on-create"] = True
    return stub

"""Look at JSON once, so that it can be read as what a type says: a ``TypedDict`` and its parts."""

from collections.abc import Callable, Mapping
from functools import cache
from types import UnionType
from typing import Literal, NotRequired, TypeGuard, get_args, get_origin, is_typeddict

from ..diagnostics import UsageError
from .shape import KindSchema

Check = Callable[[object], str | None]
"""Says where a value is wrong, and how: `.title is not a text`; None where it is not."""

_CALLED: dict[object, str] = {str: "a text", bool: "true or false", int: "a whole number"}


def checked(schema: object) -> KindSchema:
    """Take a schema that has the shape of one; raises UsageError where it has not."""
    if _is_kind(schema):
        return schema
    name = schema.get("x-kind", "a kind") if isinstance(schema, dict) else "a kind"
    raise UsageError(
        f"the schema of {name} is wrong: it{_kind_check()(schema)}",
        hint="schemas/kind.schema.json says how one is written",
    )


def _is_kind(schema: object) -> TypeGuard[KindSchema]:
    return _kind_check()(schema) is None


@cache
def _kind_check() -> Check:
    return _check(KindSchema)


def _check(hint: object) -> Check:
    """Make the check of a type; there are few types and many values."""
    if isinstance(hint, type) and is_typeddict(hint):
        return _entries(hint)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is NotRequired:
        return _check(parts[0])
    if origin is Literal:
        return lambda value: None if value in parts else f" is not {' or '.join(parts)}"
    if origin is UnionType:
        return _any(*map(_check, parts))
    if origin is list:
        return _items(_check(parts[0]))
    if origin is dict:
        return _map(*map(_check, parts))
    if isinstance(hint, type):
        return lambda value: None if isinstance(value, hint) else f" is not {_CALLED[hint]}"
    return lambda _: (
        None
    )  # JSON, which is a text among the types: what is in a file is nothing else


def _entries(shape: type) -> Check:
    hints: Mapping[str, object] = shape.__annotations__
    checks = {name: _check(hint) for name, hint in hints.items()}
    needed = {name for name, hint in hints.items() if get_origin(hint) is not NotRequired}

    def check(value: object) -> str | None:
        if not isinstance(value, dict):
            return " is not a mapping"
        for name, entry in value.items():
            if name in checks and (found := checks[name](entry)):
                return f".{name}{found}"
        missing = sorted(needed - value.keys())
        return f" has no {missing[0]}" if missing else None

    return check


def _items(item: Check) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return " is not a list"
        found = ((number, item(entry)) for number, entry in enumerate(value))
        return next((f"[{number}]{wrong}" for number, wrong in found if wrong), None)

    return check


def _map(key: Check, item: Check) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, dict):
            return " is not a mapping"
        found = ((name, key(name) or item(entry)) for name, entry in value.items())
        return next((f".{name}{wrong}" for name, wrong in found if wrong), None)

    return check


def _any(*checks: Check) -> Check:
    def check(value: object) -> str | None:
        found = [one(value) for one in checks]
        return None if None in found else found[0]

    return check

"""The texts that are sent a thousand times, read by regular expressions.

Every function gives exactly what the grammar gives, or None wherever there is anything that
only the grammar can decide: quotes with escapes, blanks, JSON paths, quantifiers, mistakes. A
test compares both on random texts.
"""

import re
from typing import Literal, cast

from ..query import Compare, Condition, Field, Filter, In, Is, Logic, Operation, Path, Truth

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_OPERATOR = "eq|neq|gte|gt|lte|lt|like|ilike|match|imatch|cs|cd|ov|sl|sr|nxr|nxl|adj"
_NEGATION = r"(?P<negated>not\.)?"
_IS = r"is\.(?P<truth>null|true|false|unknown)"

_plain_name = re.compile(_NAME).fullmatch
_operation = re.compile(
    rf"{_NEGATION}(?:(?P<operator>{_OPERATOR})\.(?P<value>.*)|(?P<list>in\.\()|{_IS})", re.DOTALL
).match
_leaf = re.compile(
    rf"(?P<name>{_NAME})\.{_NEGATION}"
    rf'(?:(?P<operator>{_OPERATOR})\.(?:"(?P<quoted>[^"\\]*)"|(?P<value>[^,(){{"][^,)]*)?)'
    rf"|(?P<list>in\.\()|{_IS})(?P<end>[,)]?)"
).match
_branch = re.compile(r"(?P<negated>not\.)?(?P<operator>and|or)\(").match
_item = re.compile(r'(?:"([^"\\]*)"|([^,()"\s][^,()"]*)?)([,)])').match


def quick_tree_path(text: str) -> tuple[Path, Field] | None:
    """Read a plain column's name."""
    return ((), Field(text)) if _plain_name(text) else None


def quick_operation(text: str) -> tuple[bool, Operation] | None:
    """Read ``not.eq.1``, ``in.(a,"b")`` or ``is.null``."""
    found = _operation(text)
    if found is None:
        return None
    negated = found["negated"] is not None
    if found["operator"]:
        return negated, Compare(found["operator"], found["value"])
    if found["truth"]:
        return negated, Is(cast("Truth", found["truth"]))
    listed = _list(text, found.end())
    return (negated, In(listed[0])) if listed and listed[1] == len(text) else None


def quick_logic(text: str) -> Condition | None:
    """Read a tree of ``and``, ``or`` and plain filters."""
    read = _tree(text, 0)
    return read[0] if read else None


def _tree(text: str, at: int) -> tuple[Condition, int] | None:
    found = _branch(text, at)
    if found is None:
        return None
    children: list[Condition] = []
    at = found.end()
    while True:
        child = _filter(text, at) or _tree(text, at)
        if child is None:
            return None
        children.append(child[0])
        at = child[1] + 1
        end = text[at - 1 : at]
        if end == ")":
            operator = cast('Literal["and", "or"]', found["operator"])
            tree = Logic(found["negated"] is not None, operator, tuple(children))
            return tree, at
        if end != ",":
            return None


def _filter(text: str, at: int) -> tuple[Condition, int] | None:
    found = _leaf(text, at)
    if found is None:
        return None
    name, negated, operator, quoted, value, listed, truth, end = found.groups()
    if listed:
        items = _list(text, found.end() - len(end))
        operation: Operation = In(items[0]) if items else In(())
        if items is None:
            return None
        return Filter(Field(name), negated is not None, operation), items[1]
    if not end:
        return None
    if operator:
        operation = Compare(operator, quoted if quoted is not None else value or "")
    else:
        operation = Is(cast("Truth", truth))
    return Filter(Field(name), negated is not None, operation), found.end() - 1


def _list(text: str, at: int) -> tuple[tuple[str, ...], int] | None:
    items: list[str] = []
    while found := _item(text, at):
        quoted, plain, end = found.groups()
        items.append(quoted if quoted is not None else plain or "")
        at = found.end()
        if end == ")":
            return tuple(items), at
    return None

"""What a policy is, and what it may name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..diagnostics import Position
from .words import Words

About: TypeAlias = Literal["resource", "change", "plan"]

MAX_SOURCE = 4 * 1024
"""The most bytes that an expression may have."""

NAMES: Mapping[About, tuple[str, ...]] = {
    "resource": ("kind", "key", "after", "related", "today", "weekday"),
    "change": (
        "kind", "key", "action", "before", "after", "related", "counts", "today", "weekday",
    ),
    "plan": ("counts", "today", "weekday"),
}  # fmt: skip
"""What an expression may name, by what it is about."""

Given: TypeAlias = Mapping[str, object]
"""What an expression sees: plain JSON, by name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test of a policy: what it is given, and what it must find."""

    name: str
    given: Given = field(repr=False)
    expect: str
    position: Position


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule. It is kept where ``expression`` is true, and broken by anything else.

    ``trusted`` tells that ``--policies`` gave it: it sees personal columns, and may say that
    ``--allow policy:NAME`` lets it pass (``may_allow``). ``words`` are those of the expression.
    ``quiet`` tells that a personal column is seen or named: the engine's words are not repeated.
    """

    name: str
    message: str
    severity: str
    about: About
    expression: str
    position: Position
    words: Words = field(repr=False)
    trusted: bool = False
    may_allow: bool = False
    quiet: bool = True
    cases: tuple[Case, ...] = ()

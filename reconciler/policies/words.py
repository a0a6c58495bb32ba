"""The tokens of an expression in CEL, and what it names.

The engine compiles names that nobody gives, so they are looked for here. This is a help for people
and a way to give less; what a policy may not see is never given, whatever its expression says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .child import OUR_SIZE

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
    |(?P<text>[bB]?[rR][bB]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')
        |[bB]?(?:\"{3}(?:\\.|[^\\])*?\"{3}|'{3}(?:\\.|[^\\])*?'{3}
        |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    |(?P<number>[0-9](?:[\w.]*[0-9a-zA-Z])?)
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>[=!<>]=|&&|\|\||.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"""(["'])([^"'\\]*)\1\Z""")

WORDS = frozenset({"true", "false", "null", "in"})
MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})
TYPES = frozenset({"int", "uint", "double", "string", "bytes"})
_TYPE_NAMES = TYPES | {"bool", "list", "map", "null_type", "type"}
FUNCTIONS = TYPES | {"size", "timestamp", "duration", "type", "dyn", "has", "matches"}
METHODS = MACROS | {
    "size", "contains", "startsWith", "endsWith", "matches", "getFullYear", "getMonth", "getDate",
    "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes", "getSeconds",
    "getMilliseconds",
}  # fmt: skip


class Token(NamedTuple):
    """A token: its sort (``text``, ``number``, ``name``, ``sign``), and where it stands."""

    sort: str
    text: str
    start: int

    @property
    def plain(self) -> str | None:
        """The content of a text without escapes; None of anything else."""
        found = _PLAIN.match(self.text) if self.sort == "text" else None
        return found[2] if found else None


class Selected(NamedTuple):
    """A field that is selected by name from something that was given, such as ``after.price``."""

    owner: str
    name: str
    start: int


@dataclass(frozen=True)
class Words:
    """The tokens of one expression."""

    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, expression: str) -> "Words":
        """Split an expression; text that is no CEL makes odd tokens, which the engine refuses."""
        found = (m for m in _TOKEN.finditer(expression) if m.lastgroup != "space")
        return cls(tuple(Token(m.lastgroup or "", m[0], m.start()) for m in found))

    @cached_property
    def names(self) -> tuple[Token, ...]:
        """The names that must be given: neither selected, nor called, nor bound by a macro."""
        bound = {*self._bound(), *WORDS, *_TYPE_NAMES}
        return tuple(
            token
            for number, token in enumerate(self.tokens)
            if token.sort == "name"
            and token.text not in bound
            and not self._is(number - 1, ".")
            and not self._is(number + 1, "(")
        )

    @cached_property
    def calls(self) -> tuple[tuple[Token, bool], ...]:
        """The functions that are called, each with whether it is called on something."""
        return tuple(
            (token, self._is(number - 1, "."))
            for number, token in enumerate(self.tokens)
            if token.sort == "name" and token.text not in WORDS and self._is(number + 1, "(")
        )

    @cached_property
    def selected(self) -> tuple[Selected, ...]:
        """The fields that are selected from what is given, by name or as ``after["price"]``."""
        return tuple(filter(None, map(self._selected, range(len(self.tokens)))))

    @cached_property
    def compared(self) -> tuple[tuple[str, Token], ...]:
        """The names that are compared with a text, such as ``kind == "products"``."""
        return tuple(
            (self.tokens[number].text, self.tokens[number + 2])
            for number in range(len(self.tokens) - 2)
            if self.tokens[number].sort == "name"
            and not self._is(number - 1, ".")
            and self.tokens[number + 1].text in {"==", "!="}
            and self.tokens[number + 2].plain is not None
        )

    @cached_property
    def only_kind(self) -> str | None:
        """The kind of ``kind != "KIND" || …``: of all others the expression is true.

        It is so whatever follows, since CEL takes ``true || error`` for true; but not where the
        whole is the condition of a ``? :``.
        """
        begins = tuple(token.text for token in self.tokens[:2]) == ("kind", "!=")
        if not begins or not self._is(3, "||") or self._is_conditional():
            return None
        return self.tokens[2].plain

    def fields(self, owner: str) -> frozenset[str] | None:
        """Name the fields of something given that are all that is used of it; None: maybe more."""
        uses = sum(token.text == owner for token in self.names)
        found = [one.name for one in self.selected if one.owner == owner]
        return frozenset(found) if len(found) == uses else None

    @property
    def only_counts_related(self) -> bool:
        """Tell whether of related rows only their number is used."""
        return all(
            self._is(number - 2, "size") and self._is(number - 1, "(") and self._is(number + 3, ")")
            for number, token in enumerate(self.tokens)
            if token.text == "related" and not self._is(number - 1, ".")
        )

    def _is_conditional(self) -> bool:
        depth = 0
        for token in self.tokens:
            if token.sort == "sign":
                depth += (token.text in "([{") - (token.text in ")]}")
                if token.text == "?" and depth <= 0:
                    return True
        return False

    def _is(self, number: int, text: str) -> bool:
        return 0 <= number < len(self.tokens) and self.tokens[number].text == text

    def _bound(self) -> Iterator[str]:
        for number, token in enumerate(self.tokens):
            if token.text in MACROS and self._is(number - 1, ".") and self._is(number + 3, ","):
                yield self.tokens[number + 2].text

    def _selected(self, number: int) -> Selected | None:
        token = self.tokens[number]
        if token.sort != "name" or self._is(number - 1, ".") or number + 2 >= len(self.tokens):
            return None
        field = self.tokens[number + 2]
        if self._is(number + 1, ".") and field.sort == "name" and not self._is(number + 3, "("):
            return Selected(token.text, field.text, field.start)
        if self._is(number + 1, "[") and field.plain is not None and self._is(number + 3, "]"):
            return Selected(token.text, field.plain, field.start)
        return None


def for_engine(expression: str, words: Words) -> str:
    """Let ``size`` of what may be a text be ours; everything stays in its place."""
    text = list(expression)
    for number, token in enumerate(words.tokens):
        if token.text == "size" and token.sort == "name" and _may_be_text(words.tokens, number):
            text[token.start : token.start + len(OUR_SIZE)] = OUR_SIZE
    return "".join(text)


def _may_be_text(tokens: tuple[Token, ...], number: int) -> bool:
    """Tell whether a size may be that of a text: related rows are many, and are none."""
    if number + 1 >= len(tokens) or tokens[number + 1].text != "(":
        return False
    if number and tokens[number - 1].text == ".":
        return not _from_related(tokens, number - 2)
    return number + 2 >= len(tokens) or tokens[number + 2].text != "related"


def _from_related(tokens: tuple[Token, ...], number: int) -> bool:
    """Tell whether what ends at a token is ``related.KIND``, or a selection of such rows."""
    depth = 0
    while number >= 0:
        text = tokens[number].text
        depth += (text in ")]") - (text in "([") if tokens[number].sort == "sign" else 0
        if depth < 0:
            return False
        begins = not number or tokens[number - 1].text != "."
        if depth == 0 and tokens[number].sort == "name" and begins:
            return text == "related"
        if depth == 0 and tokens[number].sort == "sign" and text not in ".([":
            return False
        number -= 1
    return False

"""Natural keys: what a person would call the same thing, in YAML or live.

A kind may have several, the surest first: a calendar event is known by its booking, else by the
``uid`` of its feed, else by its dates. Two things are the same when the first key that both have
whole is the same; a later one then says nothing. Texts are compared composed (NFC) and without
white space around, e-mail addresses without regard to case, everything else in its canonical form.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ..values.canonical import canonical
from ..values.column import JSON, Column
from . import KeyPart, Kind

Parts = tuple[str | None, ...]
"""One text for each part of a key, as written; None for null."""

_T = TypeVar("_T")


def text_of_part(kind: Kind, part: KeyPart, value: JSON) -> str | None:
    """Write one part of a natural key as text; None where there is none."""
    if part.inside:
        inner = value.get(part.inside) if isinstance(value, dict) else None
        return inner if isinstance(inner, str) else None
    if value is None:
        return None
    column = kind.columns[part.column]
    text = str(canonical(value, column.type))
    if part.values:
        return part.values[0] if text in part.values else None
    return None if text == column.type.nothing else text


def whole(key: tuple[KeyPart, ...], texts: Parts) -> bool:
    """Tell whether every part has a text that says something; optional ones may be null."""
    for part, text in zip(key, texts, strict=True):
        if not (part.optional or (text and not text.isspace())):
            return False
    return True


def whole_keys(kind: Kind, text_of: Callable[[KeyPart], str | None]) -> Iterator[tuple[int, Parts]]:
    """Give the natural keys that are whole, each with its place among the kind's."""
    for number, key in enumerate(kind.natural_keys):
        texts = tuple(text_of(part) for part in key)
        if whole(key, texts):
            yield number, texts


def whole_keys_of_row(kind: Kind, row: Mapping[str, JSON]) -> Iterator[tuple[int, Parts]]:
    """Give the natural keys of a live row that are whole."""
    return whole_keys(kind, lambda part: text_of_part(kind, part, row.get(part.column)))


def column_of(kind: Kind, part: KeyPart) -> Column:
    """Give the column whose values a part holds: of one that leads through a reference, its input.

    An input is what YAML gives in place of the reference, such as the e-mail of a new member.
    """
    name = str(part)
    inputs = (column for column in kind.inputs.values() if column.stands_for == name)
    return next(inputs, kind.columns[part.column]) if part.through else kind.columns[part.column]


def same_form(column: Column, text: str) -> str:
    """Bring a text of a key to the form in which it is compared."""
    if not column.type.free:
        return text
    text = (text if text.isascii() else unicodedata.normalize("NFC", text)).strip()
    return text.lower() if column.is_email else text


def spellings(column: Column, text: str) -> frozenset[str]:
    """Give the forms of a text to ask a server for, which compares exactly."""
    if not column.type.free:
        return frozenset({text})
    trimmed = text.strip()
    if trimmed == text and text.isascii() and not (column.is_email and text != text.lower()):
        return frozenset({text})  # nearly all
    forms = {text, trimmed}
    if not text.isascii():
        forms |= {unicodedata.normalize(form, trimmed) for form in ("NFC", "NFD")}
    return frozenset(forms | {form.lower() for form in forms} if column.is_email else forms)


@dataclass(slots=True)
class Alike(Generic[_T]):
    """Things of one kind by their natural keys."""

    kind: Kind
    _columns: tuple[tuple[Column, ...], ...] = field(init=False)
    _groups: dict[tuple[int, Parts], dict[int, list[_T]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look the columns of the keys up once."""
        self._columns = tuple(
            tuple(column_of(self.kind, part) for part in key) for key in self.kind.natural_keys
        )

    def add(self, thing: _T, keys: Iterator[tuple[int, Parts]]) -> None:
        """Add something with the keys that it has whole."""
        found = list(keys)
        mask = sum(1 << number for number, _ in found)
        for number, parts in found:
            group = self._groups.setdefault((number, self._form(number, parts)), {})
            group.setdefault(mask, []).append(thing)

    def find(self, number: int, parts: Parts, better: int) -> list[_T]:
        """Find what has a key, and none of the ``better`` ones (a bit each) that tells it apart."""
        if not self._groups:
            return []
        group = self._groups.get((number, self._form(number, parts)), {})
        surer = better & ((1 << number) - 1)
        return [one for mask, things in group.items() if not mask & surer for one in things]

    def _form(self, number: int, parts: Parts) -> Parts:
        return tuple(
            None if text is None else same_form(column, text)
            for column, text in zip(self._columns[number], parts, strict=True)
        )

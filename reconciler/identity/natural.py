"""Natural keys against the live rows: what to ask the server, and what it cannot know yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ..catalogue import KeyPart, Kind, is_deleted
from ..catalogue.natural import Alike, Parts, same_form, spellings, text_of_part, whole_keys_of_row
from ..configuration.resource import Resource
from ..live.rows import Live, Question
from ..values.column import JSON, Column
from ..values.sent import Row

_LONG = 300
"""Characters of a value that is asked for only where nothing shorter can be."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The key depends on rows that have not been asked for yet."""

    questions: frozenset[Question]


class Unmatched:
    """No live row can have this key: it is empty, or names a row that does not exist yet."""


UNMATCHED = Unmatched()


def index_of(kind: Kind, rows: Mapping[str, Row], claimed: Mapping[str, object]) -> Alike[str]:
    """Index the unclaimed rows of a kind that are not soft-deleted by their natural keys."""
    alike = Alike[str](kind)
    for row_id, row in rows.items():
        if row_id not in claimed and not is_deleted(kind, row):
            alike.add(row_id, whole_keys_of_row(kind, row))
    return alike


def as_written(kind: Kind, row: Row, number: int, parts: Parts) -> bool:
    """Tell whether a row has a key in the very same spelling."""
    return (number, parts) in whole_keys_of_row(kind, row)


def gets_another_key(kind: Kind, key: tuple[KeyPart, ...], resource: Resource, row: Row) -> bool:
    """Tell whether a resource asks for another natural key than its row has."""
    for part in key:
        value = resource.values.get(part.column)
        if isinstance(value, str | dict) and not part.through:
            text = text_of_part(kind, part, cast("JSON", value))
            if text is not None and not _same(kind, part, row.get(part.column), text):
                return True
    return False


def questions_for(kind: Kind, key: tuple[KeyPart, ...], parts: Parts) -> frozenset[Question]:
    """Choose what to ask: one part that is not null, secret or long; the rest is matched here."""
    if len(key) == 1:  # nearly all
        [part], [text] = key, parts
        column = kind.columns[part.column]
        if text is not None and not (part.values or part.inside or column.sensitive):
            return asked_as(kind, part.column, spellings(column, text))
    given = [
        (part, text)
        for part, text in zip(key, parts, strict=True)
        if text is not None and not kind.columns[part.column].sensitive
    ]
    telling = [(part, text) for part, text in given if not part.values and len(text) <= _LONG]
    part, text = (telling or given)[0]
    column = kind.columns[part.column]
    texts = frozenset(part.values) or spellings(column, text)
    return asked_as(kind, f"{part.column}->>{part.inside}" if part.inside else part.column, texts)


def asked_as(kind: Kind, name: str, texts: frozenset[str]) -> frozenset[Question]:
    """Ask for each of some spellings of one value."""
    return frozenset(Question(kind.name, name, text) for text in texts)


def through_value(
    kinds: Mapping[str, Kind], live: Live, kind: Kind, part: KeyPart, resource: Resource
) -> str | Waiting | Unmatched | None:
    """Find the id of a referenced row by the value of an input, such as a member's e-mail."""
    target = kind.columns[part.column].reference
    value = next(
        (
            resource.inputs.get(name)
            for name, column in kind.inputs.items()
            if column.stands_for == str(part)
        ),
        None,
    )
    if target is None or part.through is None or not isinstance(value, str) or not value.strip():
        return None
    there = kinds[target.kind]
    column = there.columns[part.through]
    questions = asked_as(there, part.through, spellings(column, value)) - live.asked
    if questions:
        return Waiting(questions)
    rows = live.of_kind(target.kind).values()
    same = [row for row in rows if _has(row, column, value)]
    exact = [row for row in same if row.get(part.through) == value] or same
    return str(exact[0][target.column]) if len(exact) == 1 else UNMATCHED


def _has(row: Row, column: Column, value: str) -> bool:
    there = row.get(column.name)
    return isinstance(there, str) and same_form(column, there) == same_form(column, value)


def rows_with(
    kind: Kind, rows: Mapping[str, Row], criteria: list[tuple[KeyPart, str]]
) -> list[str]:
    """Find the rows that are not deleted and have some texts, those in the same spelling first."""
    same = [
        row_id
        for row_id, row in rows.items()
        if not is_deleted(kind, row)
        and all(_same(kind, part, row.get(part.column), text) for part, text in criteria)
    ]
    exact = [
        row_id
        for row_id in same
        if all(text_of_part(kind, p, rows[row_id].get(p.column)) == t for p, t in criteria)
    ]
    return exact or same


def _same(kind: Kind, part: KeyPart, value: JSON, text: str) -> bool:
    found, column = text_of_part(kind, part, value), kind.columns[part.column]
    return found is not None and same_form(column, found) == same_form(column, text)

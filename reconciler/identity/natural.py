"""Natural keys: what a person would call the same thing."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..canonical import canonical
from ..change import Row, is_deleted
from ..kind import JSON, KeyPart, Kind
from ..live import Live, Question
from ..resource import Resource

NaturalKey = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """The key depends on rows that have not been asked for yet."""

    questions: frozenset[Question]


class Unmatched:
    """No live row can have this key: it is empty, or names a row that does not exist yet."""


UNMATCHED = Unmatched()


def key_of_row(kind: Kind, row: Row) -> NaturalKey | None:
    """Read the natural key of a live row; None where it is empty."""
    values: list[str | None] = []
    for part in kind.natural_key:
        text = text_of_part(kind, part, row.get(part.column))
        if not text and not part.optional:
            return None
        values.append(text or None)
    return tuple(values)


def index_of(
    kind: Kind, rows: Mapping[str, Row], claimed: Mapping[str, object]
) -> dict[NaturalKey, list[str]]:
    """Index the unclaimed rows of a kind that are not soft-deleted by their natural keys."""
    index: dict[NaturalKey, list[str]] = {}
    for row_id, row in rows.items():
        if row_id in claimed or is_deleted(kind, row):
            continue
        key = key_of_row(kind, row)
        if key is not None:
            index.setdefault(key, []).append(row_id)
    return index


def question_for(kind: Kind, key: NaturalKey) -> Question:
    """Choose what to ask the server: the first part that is not null; the rest is matched here."""
    part, value = next(
        (part, value)
        for part, value in zip(kind.natural_key, key, strict=True)
        if value is not None
    )
    name = f"{part.column}->>{part.inside}" if part.inside else part.column
    return Question(kind.name, name, value)


def through_value(
    kinds: Mapping[str, Kind], live: Live, kind: Kind, part: KeyPart, resource: Resource
) -> str | Waiting | Unmatched:
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
    if target is None or part.through is None or not isinstance(value, str) or not value:
        return UNMATCHED
    question = Question(target.kind, part.through, value)
    if question not in live.asked:
        return Waiting(frozenset({question}))
    rows = live.of_kind(target.kind).values()
    ids = [str(row[target.column]) for row in rows if row.get(part.through) == value]
    return ids[0] if len(ids) == 1 else UNMATCHED


def text_of_part(kind: Kind, part: KeyPart, value: JSON) -> str | None:
    """Write one part of a natural key as text; None where there is none."""
    if part.inside:
        inner = value.get(part.inside) if isinstance(value, dict) else None
        return inner if isinstance(inner, str) else None
    if value is None:
        return None
    return str(canonical(value, kind.columns[part.column].type))

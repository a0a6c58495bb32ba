"""Look whether the server stored what it was sent, and remember in what form of its own it does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..bindings import Bindings
from ..catalogue import Kind
from ..client.filters import Locks, lock_query
from ..plan.change import Change
from ..values.column import JSON, Column
from ..values.jsontext import dumps
from ..values.sent import Row
from ..values.stored import Form, as_sent, form_between
from .batches import Batch

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class StoredOtherwise:
    """A column whose values are stored otherwise: by which form, and where that was seen first.

    ``form`` is None where no rule explains it.
    """

    column: str
    form: Form | None
    first: str


@dataclass(slots=True)
class Watch:
    """What one run saw; the forms that are new go into the bindings.

    ``unseen`` are writes whose answer did not show what is stored.
    """

    bindings: Bindings
    seen: dict[tuple[str, Form | None], StoredOtherwise] = field(default_factory=dict)
    unseen: list[tuple[Change, Mapping[str, JSON]]] = field(default_factory=list)

    @property
    def knows_forms(self) -> bool:
        """Tell whether the server is known to store any column in a form of its own."""
        return bool(self.bindings.stored)

    def look(
        self,
        kind: Kind,
        change: Change,
        sent: Mapping[str, JSON],
        row: Row,
        names: Sequence[str] | None = None,
    ) -> str | None:
        """Compare what was sent with what is stored; says what is new about it, or nothing.

        ``names`` are the columns to look at, where the caller knows them.
        """
        forms, columns = self.knows_forms, kind.columns
        notes = [
            note
            for name in (to_look_at(kind, sent) if names is None else names)
            if name in row and (forms or not as_sent(sent[name], row[name], columns[name]))
            for note in self._look_at(kind, change, columns[name], sent[name], row[name])
        ]
        return "; ".join(notes) or None

    def miss(self, batch: Batch) -> None:
        """Note that a write did not show its rows; of equal values one is as good as all."""
        if to_look_at(batch.kind, batch.values):
            self.unseen.append((batch.changes[0], batch.values))

    def _look_at(
        self, kind: Kind, change: Change, column: Column, sent: JSON, stored: JSON
    ) -> Iterator[str]:
        place = f"{kind.name}.{column.name}"
        known = self.bindings.stored.get(place)
        if as_sent(sent, stored, column):
            if known and not as_sent(known.of(sent), stored, column):
                self.bindings.unlearn(place)  # the server takes values as they are, after all
            return
        if known and known.explains(column, sent, stored):
            return
        form = None if known else form_between(column, sent, stored)
        if form:
            self.bindings.learn(place, form)
        self.seen.setdefault((place, form), StoredOtherwise(place, form, change.name))
        yield _note(column, sent, stored, form)


def differs(kind: Kind, sent: Mapping[str, JSON], row: Row) -> bool:
    """Tell whether a row holds another value than was sent."""
    given = ((name, sent[name]) for name in sent if name in row and name in kind.columns)
    return any(not as_sent(value, row[name], kind.columns[name]) for name, value in given)


def to_answer(kind: Kind, locks: Locks, values: Mapping[str, JSON], bound: int) -> tuple[str, ...]:
    """Choose what an update shall answer of its row; nothing where it cannot.

    A server applies ``or`` and ``and`` to the answer once more, when the lock's columns have moved
    on: then it shows no row, or refuses the request.
    """
    query, columns = lock_query(locks), to_look_at(kind, values)
    if not columns or query.startswith(("or=", "and=")):
        return ()
    names = tuple(dict.fromkeys((kind.id_column, *columns)))
    return names if len(f"/{kind.name}?{query}&select={','.join(names)}") <= bound else ()


def to_look_at(kind: Kind, values: Mapping[str, JSON]) -> tuple[str, ...]:
    """Name the columns of a write to look at: all but secrets, and what moves by itself."""
    given = (kind.columns[name] for name in values if name in kind.columns)
    return tuple(c.name for c in given if not (c.sensitive or c.volatile))


def _note(column: Column, sent: JSON, stored: JSON, form: Form | None) -> str:
    how = f"by the form {form}" if form else "by no form that is known"
    if column.private:
        return f"{column.name} is stored as another value than was sent, {how}"
    return f"{column.name} is stored as {_short(stored)}, not {_short(sent)}, {how}"


def _short(value: JSON) -> str:
    text = dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""What a past run did to each row, all its requests together."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ..bindings import Binding
from ..catalogue import Kind
from ..diagnostics import Problem
from ..journal.records import JournalEntry, PastRun
from ..plan.change import Action
from ..values.address import Address
from ..values.column import JSON
from ..values.sent import Row


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run did to one row, all its requests together.

    ``expected`` are the values that the row must still have for the effect to be undone;
    ``binding`` is what the bindings held of it before, under the address ``bound_as``; ``certain``
    tells that the server answered so. ``left`` is what an undo that was cut off has written.
    ``doubtful`` are columns of which nobody knows whether they hold ``after``, or still this.
    """

    kind: Kind
    action: Action
    id: str
    address: Address | None
    before: Row | None
    after: Row
    expected: Row
    binding: Binding | None
    bound_as: Address | None
    certain: bool
    left: tuple[Row, ...] = ()
    doubtful: Row = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The address, or kind and id where there is no name."""
        return str(self.address) if self.address else f"{self.kind.name}[{self.id}]"


def effects_of(
    run: PastRun, kinds: Mapping[str, Kind], broken: Iterable[PastRun] = ()
) -> tuple[Effect, ...]:
    """Put the entries of a journal together, row by row; what the server refused is left out.

    ``broken`` are undos of this run that were cut off: what they left half done is ours, too.
    """
    rows: dict[tuple[str, str], list[JournalEntry]] = {}
    for entry in run.entries:
        row_id = _id_of(entry, kinds[entry.kind])
        if entry.may_be_done and row_id:
            rows.setdefault((entry.kind, row_id), []).append(entry)
    left: dict[tuple[str, str], list[Row]] = {}
    for entry in (e for other in broken for e in other.entries if e.may_be_done and e.id):
        left.setdefault((entry.kind, str(entry.id)), []).append(entry.after)
    return tuple(
        replace(_effect(kinds[kind], row_id, es), left=tuple(left.get((kind, row_id), ())))
        for (kind, row_id), es in rows.items()
    )


def without_id(run: PastRun, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """Name the creates that may have been done, but nobody knows as which row."""
    for entry in run.entries:
        if entry.may_be_done and entry.address and not _id_of(entry, kinds[entry.kind]):
            name = str(entry.address)
            message = f"{name}: whether it was created, and as which row, is not known; it stays"
            yield Problem("undo-unknown", message, address=name, severity="warning")


def _id_of(entry: JournalEntry, kind: Kind) -> str | None:
    if entry.stored is not None and kind.id_column in entry.stored:
        return str(entry.stored[kind.id_column])
    return entry.id


def _effect(kind: Kind, row_id: str, entries: list[JournalEntry]) -> Effect:
    first, last = entries[0], entries[-1]
    after: dict[str, JSON] = {}
    expected: dict[str, JSON] = {}
    for entry in entries:
        after |= entry.after
        expected |= {**entry.after, **(entry.stored or {})}
    if len(entries) > 1 and kind.version:
        expected.pop(kind.version, None)  # a later request of the same run has moved it
    address = next((entry.address for entry in entries if entry.address), None)
    deleted = last.action is Action.DELETE
    inputs = set(kind.inputs)
    return Effect(
        kind=kind,
        action=Action.DELETE if deleted else first.action,
        id=row_id,
        address=address,
        before=first.before,
        after={name: value for name, value in after.items() if name not in inputs},
        expected={name: value for name, value in expected.items() if name not in inputs},
        binding=first.binding,
        bound_as=first.bound_as,
        certain=any(entry.answer == "done" for entry in entries),
        doubtful=_doubtful(entries),
    )


def _doubtful(entries: Iterable[JournalEntry]) -> Row:
    """Find what a row held before the last write of each column, where that was not answered."""
    held: dict[str, JSON] = {}
    doubtful: dict[str, JSON] = {}
    for entry in entries:
        held = {**(entry.before or {}), **held}
        for name, value in entry.after.items():
            if entry.answer == "done":
                doubtful.pop(name, None)
                held[name] = value
            elif name in held:
                doubtful[name] = held[name]
    return doubtful

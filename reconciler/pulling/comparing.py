"""Compare three sides: what was applied, what the files say, and what is live."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..catalogue import Kind
from ..configuration.resource import (
    KeyReference,
    Lookup,
    Resource,
    Unknown,
    Value,
    references,
)
from ..diagnostics import Position
from ..identity.resolve import Resolver
from ..plan.change import Change
from ..planning.diff import as_stored
from ..sync.matching import Matched, differing, without_row
from ..values.address import Address
from ..values.column import JSON, Column
from ..values.sent import Sent, pending
from ..values.stored import Form
from .base import Base
from .sides import Alike, Applied, Verdict, judge, judge_gone


@dataclass(frozen=True, slots=True)
class Divergence:
    """What is not live as the files say: one column of a resource, or its row that is gone.

    ``column`` is None where the row is gone. ``applied`` is None where nobody knows what was
    applied. The values may be personal, so no ``repr`` holds them.
    """

    address: Address
    column: Column | None
    verdict: Verdict
    place: Position
    applied: Applied | None = None
    applied_place: Position | None = None
    files: Sent = field(default=None, repr=False)
    live: JSON = field(default=None, repr=False)

    @property
    def name(self) -> str:
        """The address, with the column where it is about one."""
        return f"{self.address}.{self.column.name}" if self.column else str(self.address)


@dataclass(frozen=True, slots=True)
class Divergences:
    """All of them, the rows that differ, and what is left as it is besides."""

    all: tuple[Divergence, ...]
    changes: tuple[Change, ...]
    left: tuple[str, ...]


def compare(
    matched: Matched,
    kinds: Mapping[str, Kind],
    base: Base | None,
    had_rows: Collection[Address] = (),
) -> Divergences:
    """Judge everything that differs; without a ``base`` nobody knows who changed it.

    ``had_rows`` are resources that are known to have had a row.
    """
    comparison = _Comparison(matched, kinds, base)
    found: list[Divergence] = []
    changes = tuple(differing(matched, kinds))
    for change in changes:
        if change.address:
            resource = matched.configuration.resources[change.address]
            found += comparison.columns(change, resource)
    found += comparison.gone(had_rows)
    return Divergences(tuple(found), changes, tuple(comparison.left))


@dataclass(slots=True)
class _Comparison:
    matched: Matched
    kinds: Mapping[str, Kind]
    base: Base | None
    left: list[str] = field(default_factory=list)
    by_row: Mapping[tuple[str, str], Resource] | None = None

    def columns(self, change: Change, resource: Resource) -> Iterator[Divergence]:
        kind, past = self.kinds[change.kind], self._past(resource, str(change.id))
        names = [name for name in change.columns if name in resource.values]
        if kind.is_link and any(part.column in names for part in kind.natural_key):
            self.left.append(
                f"{resource.address}: its row links other rows now; export writes that"
            )
            return
        for name in names:
            column, difference = kind.columns[name], change.columns[name]
            if column.sensitive:
                self.left.append(f"{resource.address}.{name}: a secret is never written to files")
                continue
            applied = self._applied(past, resource, name, difference.after)
            alike = _alike(column, self.matched.stored.get(f"{kind.name}.{name}"))
            yield Divergence(
                resource.address,
                column,
                judge(applied, difference.after, cast("Sent", difference.before), alike),
                resource.place(name),
                applied,
                past.places.of(name) if past and applied else None,
                difference.after,
                difference.before,
            )

    def gone(self, had_rows: Collection[Address]) -> Iterator[Divergence]:
        """Judge the blocks whose rows are not there."""
        known: Collection[Address] = ()
        if self.base is None:
            known = without_row(self.matched, self.kinds, known=True, had_rows=had_rows)
        for address in sorted(without_row(self.matched, self.kinds, known=False)):
            resource = self.matched.configuration.resources[address]
            past = self._named(resource)
            was_applied: bool | None = past is not None and not past.absent
            if self.base is None:
                was_applied = None if address in known else False
            unchanged = past is not None and past.values == resource.values
            verdict = judge_gone(
                was_applied=was_applied, unchanged=unchanged and not self._unknown(address)
            )
            place = past.position if past else None
            yield Divergence(address, None, verdict, resource.position, applied_place=place)

    def _applied(
        self, past: Resource | None, resource: Resource, name: str, files: Sent
    ) -> Applied | None:
        """Give what was applied to a column, as far as it is known."""
        if self.base is None or past is None or name not in past.values:
            return None
        if name in self._unknown(past.address) or resource.place(name).file in self.base.untracked:
            return None
        value = past.values[name]
        if value == resource.values[name]:
            return Applied(files)
        return self._resolved(value, self.base)

    def _resolved(self, value: Value, base: Base) -> Applied | None:
        identities = self.matched.identities
        ids: dict[Address, str | None] = {}
        for reference in references(value):
            if isinstance(reference, Lookup) and reference not in identities.lookups:
                return None
            if isinstance(reference, KeyReference):
                address = reference.address
                ids[address] = identities.ids.get(address) or base.id_of(address)
        if isinstance(value, Unknown):
            return None
        return Applied(Resolver(ids, identities.lookups).value(value))

    def _unknown(self, address: Address) -> Collection[str]:
        return self.base.unknown.get(address, ()) if self.base else ()

    def _past(self, resource: Resource, row_id: str) -> Resource | None:
        """Find what a resource was: by its address, else by its row, which keeps its id."""
        if self.base is None:
            return None
        past = self._named(resource)
        if past is not None:
            return past
        if self.by_row is None:
            base = self.base
            self.by_row = {(a.kind, base.id_of(a)): one for a, one in base.resources.items()}
        return self.by_row.get((resource.address.kind, row_id))

    def _named(self, resource: Resource) -> Resource | None:
        if self.base is None:
            return None
        past = self.base.resources.get(resource.address)
        if past is None and resource.renamed_from:
            past = self.base.resources.get(Address(resource.address.kind, resource.renamed_from))
        return past


def _alike(column: Column, form: Form | None) -> Alike:
    def alike(written: Sent, other: Sent) -> bool:
        if any(pending(other)):
            return written == other
        return as_stored(column, cast("JSON", other), written, form)

    return alike

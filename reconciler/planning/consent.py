"""What a plan may not do without being told to: consents, and what is never deleted.

``plan`` shows them; only ``apply`` refuses, before anything is written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..bindings import Binding
from ..catalogue import Kind, Verb
from ..catalogue.names import listed
from ..configuration.resource import Configuration
from ..diagnostics import UsageError
from ..identity.found import Identities
from ..ids import Owner
from ..live.rows import Live
from ..plan.change import Action, Change, Difference, RowName
from ..plan.consents import MEANINGS
from ..plan.verdicts import PREFIX
from ..values.address import Address
from ..values.column import JSON
from ..values.sent import Row

SHARE = 0.3
FEWEST_DELETES = 2
FEWEST_UPDATES = 10


def parse_allowed(values: Iterable[str]) -> frozenset[str]:
    """Read ``--allow NAME,…``; raises UsageError for a name that is none."""
    names = set(listed(values))
    policies = {name for name in names if name.startswith(PREFIX)}  # known once they are judged
    unknown = sorted(names - MEANINGS.keys() - policies)
    if unknown:
        raise UsageError(
            f"there is no consent called {', '.join(unknown)}",
            hint=f"the names are {', '.join(MEANINGS)}, and {PREFIX}NAME",
        )
    return frozenset(names)


def with_consents(
    changes: Iterable[Change],
    *,
    owned_rows: Mapping[str, int],
) -> tuple[Change, ...]:
    """Add to each change the consents that depend on how much the whole plan does.

    ``owned_rows`` counts the owned and bound live rows of each kind.
    """
    changes = tuple(changes)
    sweeping = _sweeping(changes, owned_rows)
    return tuple(
        replace(change, consents=(*change.consents, *extra))
        if (extra := [name for name in _extra(change, sweeping) if name not in change.consents])
        else change
        for change in changes
    )


@dataclass(frozen=True, slots=True)
class Protection:
    """What is never deleted: kinds, and rows as (kind, id)."""

    kinds: frozenset[str] = frozenset()
    rows: frozenset[RowName] = frozenset()

    @classmethod
    def of(
        cls,
        configuration: Configuration,
        owner: Owner,
        ids: Mapping[Address, str | None],
        bindings: Mapping[Address, Binding],
    ) -> "Protection":
        """Find the rows of protected addresses, with or without a block."""
        rows: set[RowName] = set()
        whole: set[str] = set()
        for text in configuration.protect:
            kind, dot, key = text.partition(".")
            if not dot:
                whole.add(kind)
            else:
                address = Address(kind, key)
                bound = bindings.get(address)
                found = (owner.id_of(address), bound.id if bound else None, ids.get(address))
                rows.update((kind, row_id) for row_id in found if row_id)
        return cls(frozenset(whole), frozenset(rows))

    def covers(self, row: RowName) -> bool:
        """Tell whether a row is protected."""
        return row[0] in self.kinds or row in self.rows

    @property
    def names(self) -> frozenset[str]:
        """The kinds of which anything is protected."""
        return self.kinds | {kind for kind, _ in self.rows}

    def judge(
        self,
        changes: Iterable[Change],
        kinds: Mapping[str, Kind],
        cascaded: Mapping[RowName, frozenset[RowName]],
    ) -> tuple[Change, ...]:
        """Say of each delete which protected rows the server would delete with it.

        ``cascaded`` are rows that go with others; what references a row goes with it too.
        """
        return tuple(self._judged(change, kinds, cascaded) for change in changes)

    def _judged(
        self,
        change: Change,
        kinds: Mapping[str, Kind],
        cascaded: Mapping[RowName, frozenset[RowName]],
    ) -> Change:
        if change.action is not Action.DELETE:
            return change
        takes = frozenset(filter(self.covers, _going(change, kinds, cascaded)))
        return change if takes == change.takes else replace(change, takes=takes)


def _going(
    change: Change, kinds: Mapping[str, Kind], cascaded: Mapping[RowName, frozenset[RowName]]
) -> Iterable[RowName]:
    referencing = change.referenced_by if kinds[change.kind].cascades else frozenset()
    return referencing | cascaded.get((change.kind, str(change.id)), frozenset())


def count_owned(
    kinds: Mapping[str, Kind], owner: Owner, identities: Identities, live: Live
) -> dict[str, int]:
    """Count the live rows of each kind that are owned or bound, and not let go."""
    others = {
        name: [i for i in live.of_kind(name) if not owner.owns(i) or i in owner.released]
        for name in kinds
    }
    counted = {name: len(live.of_kind(name)) - len(rows) for name, rows in others.items()}
    if any(others.values()):
        bound = {(address.kind, found.id) for address, found in identities.found.items()}
        bound |= {(orphan.kind, orphan.id) for orphan in identities.orphans}
        for name, rows in others.items():
            counted[name] += sum((name, row_id) in bound for row_id in rows)
    return counted


def _sweeping(
    changes: tuple[Change, ...], owned_rows: Mapping[str, int]
) -> frozenset[tuple[str, Action]]:
    """Find the (kind, action) pairs that touch too large a share of what is there."""
    deletes = Counter(c.kind for c in changes if c.action is Action.DELETE)
    updates = Counter(c.kind for c in changes if c.columns and c.action is not Action.CREATE)
    many_deleted = _too_many(deletes.total(), sum(owned_rows.values()), FEWEST_DELETES)
    found = {
        (kind, Action.DELETE)
        for kind, count in deletes.items()
        if many_deleted or _too_many(count, owned_rows.get(kind, 0), FEWEST_DELETES)
    }
    found |= {
        (kind, Action.UPDATE)
        for kind, count in updates.items()
        if _too_many(count, owned_rows.get(kind, 0), FEWEST_UPDATES)
    }
    return frozenset(found)


def _too_many(count: int, of: int, fewest: int) -> bool:
    return count >= fewest and count > SHARE * of


def _extra(change: Change, sweeping: frozenset[tuple[str, Action]]) -> tuple[str, ...]:
    if change.action is Action.DELETE:
        many = ("deletes",) if (change.kind, Action.DELETE) in sweeping else ()
        return (*many, "referenced") if change.referenced_by else many
    changed = change.columns and change.action is not Action.CREATE
    return ("updates",) if changed and (change.kind, Action.UPDATE) in sweeping else ()


def consents_of(
    kind: Kind, verb: Verb, columns: Mapping[str, Difference], row: Row
) -> tuple[str, ...]:
    """Name the consents that a kind wants for one of its rows."""
    return tuple(
        rule.name
        for rule in kind.consents.get(verb, ())
        if (not rule.columns or any(name in columns for name in rule.columns))
        and not (rule.unless and all(_holds(columns, row, k, v) for k, v in rule.unless.items()))
    )


def _holds(columns: Mapping[str, Difference], row: Row, name: str, value: JSON) -> bool:
    """Tell whether a row will have a value once its columns are changed."""
    return (columns[name].after if name in columns else row.get(name)) == value

"""Rows that are not of the form their kind has: an error where YAML means them, else left alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..catalogue import KeyPart, Kind
from ..catalogue.natural import column_of, same_form, text_of_part
from ..client.forms import OddRow
from ..configuration.resource import IdReference, KeyReference, Lookup, Resource, Unknown
from ..diagnostics import Problem
from ..live.rows import Live
from ..values.address import Address
from .found import Identities, Orphan

MOST_NAMED = 5
_HINT = "nothing is guessed: fix the row, or look what stands between here and the API"

Ids = Mapping[Address, str | None]


def meant_and_odd(
    resource: Resource, kinds: Mapping[str, Kind], live: Live, ids: Ids, known: tuple[str, ...]
) -> Iterator[Problem]:
    """Refuse a resource whose row is odd, or may be.

    ``known`` are the ids that its row has where it exists; none where it was found otherwise.
    """
    kind = kinds[resource.address.kind]
    for row_id in known:
        row = live.odd_row(kind.name, row_id)
        if row:
            yield _problem(resource, row, "is not as it should be")
    for row in live.odd.get(kind.name, {}).values():
        if row.id not in known and _may_mean(kind, resource, row, ids):
            yield _problem(resource, row, "may be its row, and is not as it should be")
    for part in {part for key in kind.natural_keys for part in key}:
        target = kind.columns[part.column].reference
        if part.through and target:
            for row in live.odd.get(target.kind, {}).values():
                yield _problem(resource, row, f"may be its {part.column}, and is not readable")


def looked_up_and_odd(
    user: Resource, lookup: Lookup, kinds: Mapping[str, Kind], live: Live
) -> Iterator[Problem]:
    """Refuse a lookup that may mean a row that is odd."""
    kind = kinds[lookup.kind]
    wanted = [(KeyPart.parse(name), value) for name, value in lookup.criteria]
    for row in live.odd.get(lookup.kind, {}).values():
        if not any(_differs(kind, part, value, row, {}) for part, value in wanted):
            yield _problem(user, row, "may be meant by its lookup, and is not as it should be")


def leaving_odd(
    identities: Identities,
    resources: Mapping[Address, Resource],
    odd: Iterable[OddRow],
    kinds: Mapping[str, Kind],
    spared: frozenset[str] | None,
) -> Identities:
    """Delete nothing of a kind whose rows turn out odd when they are read whole.

    An odd row that would be deleted is refused: it could not be brought back as it was.
    ``spared`` are the kinds and addresses that stay anyhow; None: whatever has no block.
    """
    by_kind: dict[str, dict[str, OddRow]] = {}
    for one in odd:
        by_kind.setdefault(one.kind, {})[one.id] = one
    if not by_kind:
        return identities
    refused = (
        *(
            _problem(resources[address], row, "is not as it should be")
            for address, found in identities.found.items()
            if (row := by_kind.get(address.kind, {}).get(found.id))
        ),
        *(
            _without_block(orphan, row)
            for orphan in identities.orphans
            if (row := by_kind.get(orphan.kind, {}).get(orphan.id))
            and spared is not None
            and not {orphan.kind, str(orphan.address)} & spared
        ),
    )
    return replace(
        identities,
        orphans=tuple(orphan for orphan in identities.orphans if orphan.kind not in by_kind),
        problems=(*identities.problems, *refused),
        notes=(*identities.notes, *left_alone(by_kind, kinds)),
    )


def left_alone(
    odd: Mapping[str, Mapping[str, OddRow]], kinds: Mapping[str, Kind]
) -> Iterator[Problem]:
    """Say which odd rows are left out, and what that means for their kind."""
    for name, rows in sorted(odd.items()):
        for row in list(rows.values())[:MOST_NAMED]:
            yield _note(f"{row}; it is left out")
        more = len(rows) - MOST_NAMED
        tail = f" ({more:,} more rows of it are odd)" if more > 0 else ""
        if "delete" in kinds[name].verbs:
            yield _note(f"nothing of {name} is deleted while rows of it are odd{tail}")


def _may_mean(kind: Kind, resource: Resource, row: OddRow, ids: Ids) -> bool:
    """Tell whether one of the natural keys may be the same, for all that is known of the row."""
    return any(
        not any(
            _differs(kind, part, resource.values.get(part.column), row, ids)
            for part in key
            if not part.through
        )
        for key in kind.natural_keys
    )


def _differs(kind: Kind, part: KeyPart, value: object, row: OddRow, ids: Ids) -> bool:
    """Tell whether a row surely has another value than is wanted."""
    if part.column not in row.row:
        return False
    if isinstance(value, KeyReference):
        value = ids.get(value.address)
    elif isinstance(value, IdReference):
        value = value.id
    if isinstance(value, Lookup | Unknown):
        return False
    there = text_of_part(kind, part, row.row[part.column])
    asked = part.inside and isinstance(value, str)
    here = value if asked else text_of_part(kind, part, value)  # type: ignore[arg-type]  # JSON now
    if here is None or there is None:
        return here is not there
    column = column_of(kind, part)
    return same_form(column, str(here)) != same_form(column, there)


def _problem(resource: Resource, row: OddRow, what: str) -> Problem:
    return Problem(
        "odd-row",
        f"{resource.address}: {row} ({row.kind}[{row.id}] {what})",
        position=resource.position,
        address=str(resource.address),
        hint=_HINT,
    )


def _without_block(orphan: Orphan, row: OddRow) -> Problem:
    name = str(orphan.address) if orphan.address else f"{orphan.kind}[{orphan.id}]"
    return Problem(
        "odd-row",
        f"{name} has no block any more, and its row cannot be deleted: {row}",
        address=name,
        hint=f"{_HINT}; to keep it for now, take it into reconciler: protect:",
    )


def _note(message: str) -> Problem:
    return Problem("odd-row", message, hint=_HINT, severity="warning")

"""What can be wrong between the configuration and the live rows, in words."""

from ..bindings import Binding
from ..catalogue import KeyPart, Kind
from ..configuration.resource import Lookup, Resource, references
from ..configuration.words import RENAMED_FROM
from ..diagnostics import Code, Position, Problem
from ..values.address import Address


def row_gone(resource: Resource, binding: Binding) -> Problem:
    """Warn of a binding whose row is no more."""
    return Problem(
        "binding-gone",
        f"{resource.address} is bound to {binding.id}, but that row is gone",
        position=resource.position,
        address=str(resource.address),
        hint="it is looked for again, else created; import it by hand if it has another id now",
        severity="warning",
    )


def unused_binding(address: Address, binding: Binding, kind: Kind | None) -> Problem:
    """Warn of a binding that no resource uses."""
    if kind is not None and not kind.can_list:
        reason, cure = "its kind cannot be read", "delete the row by hand, then this entry"
    elif binding.origin == "adopted":
        reason, cure = "it was adopted, so the row stays", "remove the entry to forget the row"
    else:
        reason, cure = "no such row could be read", "remove the entry"
    return Problem(
        "unused-binding",
        f"the bindings name {address}, which is not in the configuration: {reason}",
        address=str(address),
        hint=cure,
        severity="warning",
    )


def two_claims(resource: Resource, other: Resource, row_id: str, *, had_before: bool) -> Problem:
    """Refuse two resources that mean one row.

    ``had_before``: the row was created under the key of ``resource`` and renamed to ``other``.
    """
    hint = "remove one of them, or give them different natural keys"
    if had_before:
        hint = f"that row was renamed to {other.address.key}, so give the new one another key"
    return Problem(
        "two-claims",
        f"{resource.address} and {other.address} ({other.position}) both mean the row {row_id}",
        position=resource.position,
        address=str(resource.address),
        hint=hint,
    )


def both_exist(resource: Resource, old: str, own: str) -> Problem:
    """Refuse ``$renamed_from`` where both the old and the new row exist."""
    return Problem(
        "renamed-from-exists",
        f"{resource.address}: both its row {own} and that of {resource.renamed_from} ({old}) exist",
        position=resource.place(RENAMED_FROM),
        address=str(resource.address),
        hint="remove $renamed_from, or move one of the two to a key of its own",
    )


def maybe_renamed(
    kind: Kind, number: int, resource: Resource, owner: Resource, row_id: str
) -> Problem:
    """Note a new resource that has the natural key of a row which gets another one."""
    names = " and ".join(str(part) for part in kind.natural_keys[number] if not part.optional)
    return Problem(
        "maybe-renamed",
        f"{resource.address} is new, with the {names} that the row of {owner.address} ({row_id})"
        " has until this plan changes it",
        position=resource.position,
        address=str(resource.address),
        hint=f"fine if it is another one; if {owner.address.key} was renamed, say $renamed_from: "
        f"{owner.address.key} there, and give the other one a new key",
        severity="warning",
    )


def ambiguous(key: tuple[KeyPart, ...], resource: Resource, ids: list[str]) -> Problem:
    """Refuse a natural key that several live rows have."""
    names = " and ".join(map(str, key))
    return Problem(
        "ambiguous-match",
        f"{resource.address}: {len(ids)} live rows have the same {names}: {', '.join(sorted(ids))}",
        position=resource.position,
        address=str(resource.address),
        hint="say which one is meant with `reconciler import`, or remove the double",
        rows=tuple(sorted(ids)),
    )


def of_another_stack(key: tuple[KeyPart, ...], resource: Resource, row_id: str) -> Problem:
    """Refuse a row that another stack made."""
    names = " and ".join(map(str, key))
    return Problem(
        "other-stack",
        f"{resource.address}: the row with the same {names} ({row_id}) belongs to another stack",
        position=resource.position,
        address=str(resource.address),
        hint="where this stack had another name, give it that again; else take the row over with "
        "`reconciler import --take-over`, or refer to it with {lookup: …} instead",
        rows=(row_id,),
    )


def lookup_of_own(user: Resource, lookup: Lookup, owner: Address | None) -> Problem:
    """Refuse a lookup that finds a row which this plan decides about."""
    hint = f"write its key: {owner.key}" if owner else "the row is about to be deleted"
    return Problem(
        "lookup-of-own",
        f"{user.address}: the lookup finds {owner or 'an owned row'}, which this plan changes",
        position=_place_of(lookup, user),
        address=str(user.address),
        hint=hint,
    )


def lookup_failed(user: Resource, lookup: Lookup, ids: list[str]) -> Problem:
    """Refuse a lookup that finds no row, or several."""
    names = ", ".join(name for name, _ in lookup.criteria)
    code: Code = "ambiguous-lookup" if ids else "lookup-finds-nothing"
    if ids:
        message = f"the lookup by {names} finds {len(ids)} {lookup.kind}: {', '.join(sorted(ids))}"
        hint = "add a column that tells them apart"
    else:
        message = f"the lookup by {names} finds no live row of {lookup.kind}"
        hint = "a lookup finds rows that exist; for others use the key"
    return Problem(
        code,
        f"{user.address}: {message}",
        position=_place_of(lookup, user),
        address=str(user.address),
        hint=hint,
    )


def _place_of(lookup: Lookup, user: Resource) -> Position:
    columns = (name for name, value in user.values.items() if lookup in references(value))
    return user.place(next(columns, ""))

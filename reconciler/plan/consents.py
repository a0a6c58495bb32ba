"""What a plan may not do without being told to, and which consents its changes need."""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from .change import Action, Change

ADVISORY = frozenset({"notifies"})
"""Consents that are shown always but asked for only where one organization is copied."""


MEANINGS = MappingProxyType(
    {
        "deletes": "more than 30 % of a kind's rows, or of the stack's, or rows that another stack"
        " made, would be deleted (another configuration with this stack name?)",
        "updates": "more than 30 % of a kind's rows would be changed",
        "referenced": "a row that is not of this stack still references a row to be deleted",
        "billing-create": "products are created: the Bookingmood subscription changes",
        "billing-delete": "products are deleted: the Bookingmood subscription changes",
        "cascade": "deleting a product deletes its bookings",
        "invites": "members are created: each gets an invitation by e-mail",
        "notifies": "guests, members or other systems may be sent a message",
    }
)


@dataclass(frozen=True, slots=True)
class Needed:
    """One consent that a plan needs, with the kinds and the number of changes it is about."""

    name: str
    meaning: str
    kinds: tuple[str, ...]
    changes: int


def needed(changes: Iterable[Change]) -> tuple[Needed, ...]:
    """List the consents that changes need, in the order of the documentation."""
    changes = tuple(changes)
    return tuple(
        Needed(name, meaning, tuple(sorted({c.kind for c in about})), len(about))
        for name, meaning in MEANINGS.items()
        if (about := [change for change in changes if name in change.consents])
    )


def missing(
    changes: Iterable[Change], allowed: frozenset[str], *, advisory: frozenset[str] = ADVISORY
) -> tuple[Needed, ...]:
    """List the consents that are needed and not given; ``advisory`` ones are not asked for."""
    return tuple(n for n in needed(changes) if n.name not in allowed | advisory)


def protected(changes: Iterable[Change], protect: frozenset[str]) -> tuple[Change, ...]:
    """List the deletes of what is never to be deleted, whatever is allowed."""
    return tuple(
        change
        for change in changes
        if change.action is Action.DELETE
        and (change.kind in protect or str(change.address) in protect or change.takes)
    )

"""What a comparison refuses, in words."""

from ..configuration.resource import Resource, Unknown
from ..diagnostics import Problem
from ..plan.change import Change


def impossible(change: Change, resource: Resource) -> Problem:
    """Refuse a reference to what is not there and cannot be made."""
    return Problem(
        "reference-to-missing",
        f"{change.name} refers to {resource.address}, which does not exist and cannot be created",
        position=change.position,
        address=change.name,
        hint="make it in the Bookingmood app, or correct what recognises it (its natural key)",
    )


def same_pair(change: Change, other: Change) -> Problem:
    """Refuse the second of two new links of the same rows."""
    return Problem(
        "two-claims",
        f"{change.name} and {other.name} ({other.position}) link the same rows",
        position=change.position,
        address=change.name,
        hint="remove one of them",
    )


def missing(resource: Resource, missing: tuple[str, ...]) -> Problem:
    """Refuse to create a row without what it needs."""
    return Problem(
        "missing-column",
        f"{resource.address} would be created, but {', '.join(missing)} is not given",
        position=resource.position,
        address=str(resource.address),
        hint="give a value",
    )


def unset(resource: Resource, name: str, value: Unknown) -> Problem:
    """Refuse to create a row with a secret that is not at hand."""
    return Problem(
        "unset-variable",
        f"{resource.address} would be created, but {name} needs ${{{value.variable}}}",
        position=resource.place(name),
        address=str(resource.address),
        hint=value.hint,
    )

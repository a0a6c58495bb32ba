"""Leave out what cannot be moved, and what cannot be without it.

A reference to a row that is not moved becomes null where the column allows it; where it does not,
its row is not moved either. Everything left out is named with its reason.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ..catalogue import Kind
from ..configuration.resource import (
    Configuration,
    IdMap,
    IdReference,
    KeyReference,
    Lookup,
    Reference,
    Resource,
    Value,
    references,
)
from ..diagnostics import Code, PlanError
from ..values.address import Address
from ..values.fixpoint import Progress

CANNOT_GO: Mapping[Code, str] = {
    "cannot-create": "the API cannot create it, and nothing there matches it",
    "unset-variable": "it needs a secret that an export does not hold",
}
"""Why whole kinds stay behind: nobody has to decide about their rows."""
TO_DECIDE: Mapping[Code, str] = {
    "missing-column": "a column that a create needs has no value",
    "ambiguous-match": "several rows there have its natural key",
    "other-stack": "a row there that belongs to another stack has its natural key",
}
"""Why a row waits for a person, with what it is called in reports."""
SAME_ROW: Code = "same-row"
GONE_THERE: Code = "gone-there"
NEEDS: Code = "needs"
LEFT: Code = "left"
ODD: Code = "odd-row"
_REASONS: Mapping[Code, str] = {
    **CANNOT_GO,
    **TO_DECIDE,
    SAME_ROW: "another row of the source stands for the same row there",
    GONE_THERE: "it was moved before, and deleted there since",
    LEFT: "it was named in --leave",
    ODD: "its row there is, or may be, one that is not as it should be",
}
_SHARED_KEY: Code = "two-claims"
"""Rows that share a natural key: the first is taken for the row there, the others are new."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a row is left out; ``rows`` are the ids there that one may be chosen from.

    ``detail`` says of an odd row there what is odd, without any value.
    """

    code: Code
    reason: str
    rows: tuple[str, ...] = ()
    detail: str = ""

    @classmethod
    def of(cls, code: Code, rows: tuple[str, ...] = (), detail: str = "") -> "Skipped":
        """Give the reason its words."""
        return cls(code, _REASONS[code], rows, detail)

    @property
    def is_open(self) -> bool:
        """Tell whether a person has to decide: match it, or leave it behind."""
        return self.stops or self.code == GONE_THERE

    @property
    def stops(self) -> bool:
        """Tell whether nothing shall be written before that is decided."""
        return self.code in TO_DECIDE or self.code == SAME_ROW


@dataclass(frozen=True, slots=True)
class Cleared:
    """A reference that became null because its row is not moved."""

    address: Address
    column: str
    to: str


@dataclass(frozen=True, slots=True)
class Moving:
    """What is to be moved, and what was left out on the way there.

    ``kept`` are columns that stay as people made them there, ``conflicts`` those of them that
    changed in the source, too. ``unsure`` are columns that stay for the row that they refer to is
    odd there, with its address.
    """

    configuration: Configuration
    skipped: Mapping[Address, Skipped] = field(default_factory=dict)
    cleared: tuple[Cleared, ...] = ()
    kept: frozenset[tuple[Address, str]] = frozenset()
    conflicts: frozenset[tuple[Address, str]] = frozenset()
    unsure: Mapping[tuple[Address, str], str] = field(default_factory=dict)

    @property
    def open(self) -> Mapping[Address, Skipped]:
        """The rows that are left out and that nobody has decided about."""
        return {address: one for address, one in self.skipped.items() if one.is_open}

    @property
    def odd(self) -> Mapping[Address, str]:
        """The rows that cannot be compared, for their row there is odd; with what is odd."""
        return {address: one.detail for address, one in self.skipped.items() if one.code == ODD}

    @property
    def decided(self) -> int:
        """How much was left out or settled so far; it only ever grows."""
        return len(self.skipped) + len(self.configuration.skip_natural_key) + len(self.kept)

    def keeping(self, kept: Collection[tuple[Address, str]]) -> "Moving":
        """Take columns out of the configuration, so that they are not compared."""
        resources = dict(self.configuration.resources)
        for address, column in kept:
            values = {n: v for n, v in resources[address].values.items() if n != column}
            resources[address] = replace(resources[address], values=values)
        configuration = replace(self.configuration, resources=resources)
        return replace(self, configuration=configuration, kept=self.kept | frozenset(kept))


def exclude(
    moving: Moving, kinds: Mapping[str, Kind], missing: Mapping[Address, Skipped]
) -> Moving:
    """Leave out resources, and whatever cannot be without them.

    References to rows that the configuration does not hold are cleared in the same way; those to
    a row that is odd there stay as they are there.
    """
    skipped = {**moving.skipped, **missing}
    cleared, unsure = list(moving.cleared), dict(moving.unsure)
    resources = {a: r for a, r in moving.configuration.resources.items() if a not in skipped}
    odd = {str(address) for address, one in skipped.items() if one.code == ODD}
    progress = Progress("leaving out what cannot be moved")
    while True:
        progress.insist(len(skipped) + len(unsure))
        excluded: dict[Address, Skipped] = {}
        again = False
        for address, resource in list(resources.items()):
            lost = _lost_columns(resource, resources)
            fatal = [n for n in lost if not _may_be_null(kinds[address.kind], n)]
            if fatal:
                reason = f"{fatal[0]} refers to {lost[fatal[0]]}, which is not moved"
                excluded[address] = Skipped(NEEDS, reason)
            elif open_ := {name: to for name, to in lost.items() if to in odd}:
                values = {n: v for n, v in resource.values.items() if n not in open_}
                resources[address] = replace(resource, values=values)
                unsure |= {(address, name): to for name, to in open_.items()}
                again = True
            elif lost:
                resources[address] = _cleared(resource, kinds[address.kind], resources)
                cleared += [Cleared(address, name, to) for name, to in lost.items()]
        if not excluded and not again:
            break
        skipped |= excluded
        resources = {a: r for a, r in resources.items() if a not in excluded}
    configuration = replace(moving.configuration, resources=resources)
    return replace(
        moving,
        configuration=configuration,
        skipped=skipped,
        cleared=tuple(cleared),
        unsure=unsure,
    )


def settle(moving: Moving, kinds: Mapping[str, Kind], error: PlanError) -> Moving | None:
    """Leave out what stood in the way of a plan; None where nothing more can be left out."""
    known: dict[str, Address] = {str(a): a for a in moving.configuration.resources}
    missing: dict[Address, Skipped] = {}
    apart: set[Address] = set()
    for problem in (*error.problems, *error.notes):
        address = known.get(problem.address or "")
        if address is None:
            continue
        if problem.code in CANNOT_GO or problem.code in TO_DECIDE:
            missing[address] = Skipped.of(problem.code, problem.rows)
        elif problem.code == ODD:
            missing[address] = Skipped.of(ODD, detail=problem.message.removeprefix(f"{address}: "))
        elif problem.code == _SHARED_KEY and address in moving.configuration.skip_natural_key:
            missing[address] = Skipped.of(SAME_ROW)
        elif problem.code == _SHARED_KEY:
            apart.add(address)
    if not missing and not apart:
        return None
    skip_natural_key = moving.configuration.skip_natural_key | apart
    configuration = replace(moving.configuration, skip_natural_key=frozenset(skip_natural_key))
    return exclude(replace(moving, configuration=configuration), kinds, missing)


def _lost_columns(resource: Resource, resources: Mapping[Address, Resource]) -> dict[str, str]:
    """Name the columns that refer to what is not moved, with what that is."""
    lost: dict[str, str] = {}
    for name, value in resource.values.items():
        for reference in references(value):
            if not _is_moved(reference, resources):
                lost[name] = _name(reference)
    return lost


def _is_moved(reference: Reference, resources: Mapping[Address, Resource]) -> bool:
    return isinstance(reference, KeyReference) and reference.address in resources


def _name(reference: Reference) -> str:
    match reference:
        case KeyReference(address):
            return str(address)
        case IdReference(kind, row_id):
            return f"{kind}[{row_id}]"
        case Lookup(kind):
            return f"a row of {kind}"


def _may_be_null(kind: Kind, name: str) -> bool:
    column = kind.columns[name]
    return column.nullable if column.reference else True


def _cleared(resource: Resource, kind: Kind, resources: Mapping[Address, Resource]) -> Resource:
    values = {
        name: _without(value, resources)
        if kind.columns[name].places or kind.columns[name].reference
        else value
        for name, value in resource.values.items()
    }
    return replace(resource, values=values)


def _without(value: Value, resources: Mapping[Address, Resource]) -> Value:
    """Put null where a value refers to what is not moved."""
    match value:
        case KeyReference() | IdReference() | Lookup():
            return value if _is_moved(value, resources) else None
        case IdMap(items):
            kept = ((n, _without(v, resources)) for n, v in items if _is_moved(n, resources))
            return IdMap(tuple(kept))
        case list():
            return [_without(item, resources) for item in value]
        case dict():
            return {name: _without(item, resources) for name, item in value.items()}
        case _:
            return value

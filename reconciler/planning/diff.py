"""Compare desired and live, brought to one canonical form by column type.

Nothing here decides about ownership: that was settled by :mod:`reconciler.identity`. A verb that
a kind lacks makes a note, not a change that would be pending for ever.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..catalogue import Kind, is_deleted
from ..configuration.places import Places, PointedAt
from ..configuration.resource import (
    Configuration,
    IdReference,
    KeyReference,
    Resource,
    Unknown,
    Value,
)
from ..configuration.validate import missing_on_create
from ..configuration.words import ABSENT
from ..diagnostics import Code, Problem
from ..identity.found import Found, Identities, Orphan
from ..identity.resolve import Resolver
from ..plan.change import Action, Change, Difference
from ..values.address import Address
from ..values.canonical import same
from ..values.column import JSON, Column
from ..values.sent import Pending, Row, Sent
from ..values.stored import Form, Forms
from .consent import consents_of
from .created import Created
from .refused import impossible, missing, same_pair, unset
from .rules import broken_in_create, broken_in_update

Rows = Mapping[str, Mapping[str, Row]]
_NUMBERS = frozenset({int, float})
_NONE: frozenset[Address] = frozenset()


@dataclass(slots=True)
class Differences:
    """The changes that make live as desired, not yet ordered, and what is to be said.

    ``unmet`` are the resources that are not as desired, and that no verb of the API can help;
    ``unchanged`` counts those whose rows were read, and are as desired: no change stands for them.
    """

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    unmet: set[Address] = field(default_factory=set)


def diff(
    configuration: Configuration,
    kinds: Mapping[str, Kind],
    identities: Identities,
    whole_rows: Rows,
    stored: Forms | None = None,
) -> Differences:
    """Compare every resource with its live row.

    ``whole_rows`` are the rows that may be deleted, with all their columns; ``stored`` are the
    forms of its own in which the server stores columns.
    """
    limited = configuration.limited is not None
    comparison = _Comparison(kinds, identities, whole_rows, limited, stored or {})
    for resource in configuration.resources.values():
        comparison.compare(resource)
    comparison.check_references(configuration)
    comparison.check_links()
    for orphan in identities.orphans:
        comparison.remove(orphan, configuration.protect)
    return comparison.result


@dataclass(slots=True)
class _Comparison:
    kinds: Mapping[str, Kind]
    identities: Identities
    whole_rows: Rows
    limited: bool
    stored: Forms
    result: Differences = field(default_factory=Differences)
    resolver: Resolver = field(init=False)
    address_of: Mapping[str, Address] = field(init=False)
    impossible: set[Address] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.resolver = Resolver(self.identities.ids, self.identities.lookups)
        self.address_of = {i: a for a, i in self.identities.ids.items() if i is not None}

    def compare(self, resource: Resource) -> None:
        kind = self.kinds[resource.address.kind]
        found = self.identities.found.get(resource.address)
        if resource.absent:
            if found and self.limited:
                message = "stays for now: a run that is limited deletes nothing"
                self._note(resource, message, code="kept-limited", hint="plan the whole folder")
            elif found:
                self._delete(kind, resource.address, found.id, resource)
        elif found is None:
            self._create(kind, resource)
        else:
            self._update(kind, resource, found)

    def remove(self, orphan: Orphan, protect: frozenset[str]) -> None:
        if orphan.kind in protect or str(orphan.address) in protect:
            self._keep(orphan)
        else:
            # nothing but a line in bindings/ says that the row was handed over
            extra = ("deletes",) if orphan.received else ()
            self._delete(self.kinds[orphan.kind], orphan.address, orphan.id, consents=extra)

    def _keep(self, orphan: Orphan) -> None:
        """Say that a row without a block stays, if it is there at all."""
        kind, row = self.kinds[orphan.kind], self.whole_rows.get(orphan.kind, {}).get(orphan.id)
        if row is None or is_deleted(kind, row):
            return
        name = str(orphan.address) if orphan.address else f"{orphan.kind}[{orphan.id}]"
        self.result.notes.append(
            Problem(
                "kept-protected",
                f"{name} has no block any more; it is protected, so it stays",
                address=name,
                hint="to delete it, take it out of reconciler: protect:",
                severity="warning",
            )
        )

    def check_references(self, configuration: Configuration) -> None:
        """Refuse references to what neither exists nor can be created."""
        for change in self.result.changes if self.impossible else ():
            for address in sorted(change.needs & self.impossible):
                resource = configuration.resources[address]
                self.result.problems.append(impossible(change, resource))

    def check_links(self) -> None:
        """Refuse two new links of the same rows: one may name by its id what the other calls."""
        first: dict[tuple[object, ...], Change] = {}
        for change in self.result.changes:
            kind = self.kinds[change.kind]
            if change.action is Action.CREATE and kind.is_link:
                pair = (change.columns[part.column].after for part in kind.natural_key)
                other = first.setdefault((kind.name, *pair), change)
                if other is not change:
                    self.result.problems.append(same_pair(change, other))

    def _create(self, kind: Kind, resource: Resource) -> None:
        if "create" not in kind.verbs:
            message = f"does not exist, and the API cannot create {kind.name}"
            self._note(resource, message, code="cannot-create")
            self.result.unmet.add(resource.address)
            self.impossible.add(resource.address)
            return
        lacking = missing_on_create(kind, resource)
        if lacking:
            self.result.problems.append(missing(resource, lacking))
        unknown = dict(_unknown(resource.values))
        for name, value in unknown.items():
            self.result.problems.append(unset(resource, name, value))
        self._tell(broken_in_create(kind, resource))
        given = _known(resource.values) if unknown else resource.values
        columns = Created(given, self.resolver)
        inputs = {name: self.resolver.value(value) for name, value in resource.inputs.items()}
        forgotten = resource.address in self.identities.gone  # its binding must name the new row
        lasting = forgotten or not kind.can_list or kind.server_chooses_id
        self.result.changes.append(
            Change(
                kind=kind.name,
                action=Action.CREATE,
                address=resource.address,
                id=self.identities.ids[resource.address],
                columns=columns,
                inputs=inputs,
                binding="owned" if lasting else None,
                consents=consents_of(kind, "create", columns, {}),
                places=resource.places,
                unconfirmed=kind.unconfirmed("create"),
                needs=self._needs(resource),
            )
        )

    def _update(self, kind: Kind, resource: Resource, found: Found) -> None:
        row = found.row
        columns = dict(self._differences(kind, resource, row)) if row is not None else {}
        if row is not None and not columns and found.bind is None:
            self.result.unchanged += 1
            return
        if columns and "update" not in kind.verbs:
            names = ", ".join(columns)
            self._note(resource, f"differs in {names}, and the API cannot change {kind.name}")
            self.result.unmet.add(resource.address)
            columns = {}
        if columns and row is not None and kind.relations:
            self._tell(broken_in_update(kind, resource, row, columns))
        action = Action.UPDATE if columns else Action.NO_OP
        if found.bind:
            action = Action.RENAME if found.renamed else Action.ADOPT
        self.result.changes.append(
            Change(
                kind=kind.name,
                action=action,
                address=resource.address,
                id=found.id,
                columns=columns,
                row=row,
                binding=found.bind,
                consents=consents_of(kind, "update", columns, row or {}) if columns else (),
                places=_places(resource, columns),
                unconfirmed=bool(columns) and kind.unconfirmed("update"),
                needs=self._needs(resource),
                reason=found.how,
            )
        )

    def _tell(self, broken: Iterable[Problem]) -> None:
        """Refuse what cannot be; note what is only doubtful."""
        for problem in broken:
            (self.result.problems if problem.is_error else self.result.notes).append(problem)

    def _differences(
        self, kind: Kind, resource: Resource, row: Row
    ) -> Iterator[tuple[str, Difference]]:
        unlike = self._unlike(resource.values, row)
        for name, secret in _unknown(unlike):
            message = f"is not compared in {name}: ${{{secret.variable}}} is not set"
            self._note(resource, message, hint=secret.hint)
        for name, value in _known(unlike).items():
            after, before = self.resolver.value(value), row.get(name)
            form = self.stored.get(f"{kind.name}.{name}")
            if not as_stored(kind.columns[name], before, after, form):
                yield name, Difference(before, after)
                if kind.columns[name].volatile:
                    self._note_volatile(resource, name)
        mark = kind.soft_delete
        if mark and row.get(mark) and mark not in resource.values.keys() | resource.ignore:
            yield mark, Difference(row[mark], None)  # the row is wanted, so it is brought back

    def _unlike(self, values: Mapping[str, Value], row: Row) -> Mapping[str, Value]:
        """Give the values that are not at first sight those of the row: nearly all are."""
        ids = self.identities.ids
        unlike: dict[str, Value] = {}
        for name, value in values.items():
            before = row.get(name)
            if type(value) is str:
                same = value == before
            elif type(value) is KeyReference:
                same = before is not None and before == ids.get(value.address)
            elif not value or value is True:
                same = type(value) is type(before) and value == before
            else:
                same = value == before if _is_number(value) and _is_number(before) else False
            if not same:
                unlike[name] = value
        return unlike

    def _delete(
        self,
        kind: Kind,
        address: Address | None,
        row_id: str,
        wish: Resource | None = None,
        *,
        consents: tuple[str, ...] = (),
    ) -> None:
        row = self.whole_rows.get(kind.name, {}).get(row_id)
        if not kind.can_list:
            row = {kind.id_column: row_id}  # it cannot be read: the binding says that it is there
        if row is None or is_deleted(kind, row):
            return  # it went by itself, or is marked as deleted already
        if "delete" not in kind.verbs:
            name = str(address) if address else f"{kind.name}[{row_id}]"
            if address and wish:  # an orphan is nobody's wish
                self.result.unmet.add(address)
            self.result.notes.append(
                Problem(
                    "cannot-delete",
                    f"{name} is no longer wanted, and the API cannot delete {kind.name}",
                    position=wish.place(ABSENT) if wish else None,
                    address=name,
                    severity="warning",
                )
            )
            return
        self.result.changes.append(
            Change(
                kind=kind.name,
                action=Action.DELETE,
                address=address,
                id=row_id,
                row=row,
                consents=(*consents_of(kind, "delete", {}, row), *consents),
                places=PointedAt(wish.place(ABSENT), wish.places) if wish else None,
                unconfirmed=kind.unconfirmed("delete"),
            )
        )

    def _needs(self, resource: Resource) -> frozenset[Address]:
        needed: set[Address] = set()
        for reference in resource.references:
            if isinstance(reference, KeyReference):
                needed.add(reference.address)
            elif isinstance(reference, IdReference) and reference.id in self.address_of:
                needed.add(self.address_of[reference.id])
        return frozenset(needed) if needed else _NONE

    def _note_volatile(self, resource: Resource, name: str) -> None:
        self.result.notes.append(
            Problem(
                "volatile-column",
                f"{resource.address} gives {name}, which the server moves by itself",
                position=resource.place(name),
                address=str(resource.address),
                hint="it will differ again and again: take it out of the YAML",
                severity="warning",
            )
        )

    def _note(
        self,
        resource: Resource,
        message: str,
        *,
        code: Code = "verb-missing",
        hint: str | None = "do it in the Bookingmood app",
    ) -> None:
        self.result.notes.append(
            Problem(
                code,
                f"{resource.address} {message}",
                position=resource.position,
                address=str(resource.address),
                hint=hint,
                severity="warning",
            )
        )


def _places(resource: Resource, columns: Iterable[str]) -> Places:
    """Say where a change stands: in the overlay, where only that gives what changes."""
    if not any(map(resource.places.apart, columns)):
        return resource.places
    places = sorted(filter(None, map(resource.places.of, columns)))
    files = {place.file for place in places}
    elsewhere = len(files) == 1 and resource.position.file not in files
    return PointedAt(places[0], resource.places) if elsewhere else resource.places


def _known(values: Mapping[str, Value]) -> Mapping[str, Value]:
    return {n: value for n, value in values.items() if not isinstance(value, Unknown)}


def _unknown(values: Mapping[str, Value]) -> Iterator[tuple[str, Unknown]]:
    """Name the secret columns whose variable nobody has set, with the variable."""
    for name, value in values.items():
        if isinstance(value, Unknown):
            yield name, value


def _is_number(value: object) -> bool:
    """Tell whether a value is a number to JSON and to Python: to Python true is 1, too."""
    return type(value) in _NUMBERS


def as_stored(column: Column, before: JSON, after: Sent, form: Form | None) -> bool:
    """Tell whether live is as desired, if in the form in which the server stores the column."""
    if isinstance(after, Pending):
        return False
    wanted = cast("JSON", after)
    if same(before, wanted, column):
        return True
    return form is not None and form.explains(column, wanted, before)

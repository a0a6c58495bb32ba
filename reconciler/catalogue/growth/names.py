"""What a schema names must be there: columns of its own kind, and kinds that it references."""

from collections.abc import Iterator, Mapping

from ..kind import Kind
from .files import Complaint


def wrong_names(kind: Kind, kinds: Mapping[str, Kind], tenant: str | None) -> Iterator[Complaint]:
    """Find names of a kind that nothing has; all kinds are given."""
    for word, names in _named(kind):
        for name in names:
            if name not in kind.columns:
                yield Complaint([word], f"{word} names {name}, which is no column of {kind.name}")
    yield from _wrong_keys(kind, kinds)
    yield from _wrong_references(kind, kinds, tenant)
    id_column = kind.columns.get(kind.id_column)
    if id_column and kind.in_yaml and id_column.type.name != "uuid":
        message = f"{id_column.name} identifies the rows, so its x-type is uuid"
        yield Complaint(["properties", id_column.name], message)


def _named(kind: Kind) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "x-primary-key", kind.primary_key
    yield "x-natural-key", tuple(part.column for key in kind.natural_keys for part in key)
    yield "x-label", tuple(part.column for part in kind.label)
    yield "x-order", kind.first
    yield "x-version", (kind.version,) if kind.version else ()
    yield "x-initial", tuple(kind.initial or ())
    yield "x-soft-delete", (kind.soft_delete,) if kind.soft_delete else ()
    yield "x-calendar", kind.calendar.columns if kind.calendar else ()
    yield "x-unique", tuple(name for key in kind.unique for name in key)
    rules = [rule for some in kind.consents.values() for rule in some]
    yield "x-consents", tuple(name for rule in rules for name in (*rule.columns, *rule.unless))


def _wrong_keys(kind: Kind, kinds: Mapping[str, Kind]) -> Iterator[Complaint]:
    for key in (*kind.natural_keys, kind.label):
        for part in key:
            column = kind.columns.get(part.column)
            if column is None:
                continue
            if part.inside and column.type.form != "json":
                yield Complaint(["x-natural-key"], f"{part}: {part.column} holds no JSON")
            if part.through and column.reference:
                target = kinds.get(column.reference.kind)
                if target is None or part.through not in target.columns:
                    yield Complaint(["x-natural-key"], f"{part} is no column of a row")
            if part.through and not column.reference:
                yield Complaint(["x-natural-key"], f"{part}: {part.column} references nothing")
            if kind.is_link and not column.reference:
                yield Complaint(["x-natural-key"], f"{part} of a link is no reference")


def _wrong_references(
    kind: Kind, kinds: Mapping[str, Kind], tenant: str | None
) -> Iterator[Complaint]:
    for column in kind.columns.values():
        steps = ["properties", column.name]
        targets = [
            *([column.reference] if column.reference else []),
            *(p.target for p in column.places),
        ]
        for target in targets:
            other = kinds.get(target.kind)
            if other is None or target.column not in other.columns:
                message = (
                    f"{column.name} references {target.kind}.{target.column}, which is not there"
                )
                yield Complaint(steps, message)
        if column.filled and column.reference and column.reference.kind != tenant:
            message = (
                f"{column.name} is filled with the organization, but references no organization"
            )
            yield Complaint([*steps, "x-filled"], message, "see reconciler.catalogue.tenant")

"""Compare resources with rows, for tests of the comparing."""

from collections.abc import Iterable, Mapping

from reconciler.configuration.resource import Lookup, Resource
from reconciler.identity.found import Found, Identities, Orphan
from reconciler.plan.change import Change
from reconciler.planning.diff import Differences, diff
from reconciler.values.column import JSON
from reconciler.values.sent import Row
from tests.builders import KINDS, address, configuration, line_of, own_id, row


def identities(
    *resources: Resource,
    found: Mapping[str, Found] | None = None,
    orphans: Iterable[Orphan] = (),
    lookups: Mapping[Lookup, str] | None = None,
) -> Identities:
    """The answer of the matching: what is not found will be created with its computed id."""
    there = {address(name): one for name, one in (found or {}).items()}
    ids: dict[object, str | None] = {}
    for one in resources:
        chosen_by_server = KINDS[one.address.kind].server_chooses_id
        ids[one.address] = None if chosen_by_server else own_id(str(one.address))
    ids.update({name: one.id for name, one in there.items()})
    return Identities(
        found=there,
        ids=ids,  # type: ignore[arg-type]
        lookups=lookups or {},
        orphans=tuple(orphans),
        gone=frozenset(),
        questions=frozenset(),
        problems=(),
        notes=(),
    )


def compare(
    *resources: Resource,
    found: Mapping[str, Found] | None = None,
    orphans: Iterable[Orphan] = (),
    rows: Iterable[tuple[str, Row]] = (),
    lookups: Mapping[Lookup, str] | None = None,
    protect: Iterable[str] = (),
) -> Differences:
    known = identities(*resources, found=found, orphans=orphans, lookups=lookups)
    whole: dict[str, dict[str, Row]] = {}
    for kind, one in rows:
        whole.setdefault(kind, {})[str(one[KINDS[kind].id_column])] = one
    return diff(configuration(*resources, protect=protect), KINDS, known, whole)


def there(name: str, **values: JSON) -> dict[str, Found]:
    """A live row found by its computed id."""
    kind = name.partition(".")[0]
    return {name: Found(own_id(name), row(kind, own_id(name), **values), "id")}


def lines(differences: Differences) -> list[str]:
    return [
        *(line_of(one) for one in differences.changes),
        *([f"{differences.unchanged} unchanged"] if differences.unchanged else []),
    ]


def only(differences: Differences) -> Change:
    assert not differences.problems
    [change] = differences.changes
    return change

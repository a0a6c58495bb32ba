"""Which plans do the same: what differs from organization to organization alone does not count."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..plan.model import sha256
from ..plan.shape import ChangeDocument, ColumnDocument, PlanDocument
from ..values.jsonform import canonical_json
from .results import Result

_OF_ORGANIZATION = frozenset({"id", "fingerprint", "file", "line", "template", "referenced_by"})


def likeness_of(document: PlanDocument) -> str:
    """Compute what is the same for plans whose changes are: ids, places and old names left out."""
    changes = [_plain(change) for change in document["changes"]]
    return sha256(canonical_json([changes, document["unmet"]]))


def _plain(change: ChangeDocument) -> Mapping[str, object]:
    kept = {k: v for k, v in change.items() if k not in _OF_ORGANIZATION}
    kept["columns"] = {name: _column(column) for name, column in change["columns"].items()}
    return kept


def _column(column: ColumnDocument) -> Mapping[str, object]:
    """Put the address for an id that stands for it.

    Of a hidden value nobody sees whether it is the same; one that an overlay gives is not.
    """
    left_out = _DIFFERENCES if "hidden" in column else _PLACES
    plain: dict[str, object] = {k: v for k, v in column.items() if k not in left_out}
    if "refers_to" in column:
        plain["after"] = column["refers_to"]
    if "referred_to" in column:
        plain["before"] = column["referred_to"]
    return plain


_DIFFERENCES = frozenset({"differences"})
_PLACES = _DIFFERENCES | {"file", "line"}


class Group(NamedTuple):
    """Organizations that ended in the same way, with plans that do the same."""

    first: Result
    names: tuple[str, ...]


def groups_of(results: Iterable[Result]) -> Iterator[Group]:
    """Put together what ended alike, the most frequent first."""
    found: dict[tuple[object, ...], list[Result]] = {}
    for one in results:
        error = one.error["message"] if one.error else ""
        counts = tuple(sorted(one.outcomes.items()))
        found.setdefault((one.state, one.code, one.likeness, error, counts), []).append(one)
    groups = (Group(alike[0], tuple(one.name for one in alike)) for alike in found.values())
    yield from sorted(groups, key=lambda group: -len(group.names))

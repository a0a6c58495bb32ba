"""The places where a JSON column differs, for programs that read a plan.

They follow from *before* and *after*, so they are worked out when a plan is written, and neither
its digest nor its being stale goes by them.
"""

from typing import Literal, NotRequired, TypedDict

from ..values.column import JSON
from ..values.jsondiff import JsonDifference, differences

MOST_PLACES = 200
"""A column with more has none listed: before and after say it all."""


class PlaceDocument(TypedDict):
    """One place that differs; its indices count as those of ``jsondiff.Difference`` do.

    ``before`` is left out of what was added, ``after`` of what was removed, both of what moved.
    """

    path: list[str | int]
    change: Literal["added", "removed", "moved", "changed"]
    before: NotRequired[JSON]
    after: NotRequired[JSON]
    moved_from: NotRequired[int]


def places(before: JSON, after: JSON) -> list[PlaceDocument]:
    """List the places where two mappings or two lists differ; none of other values, or too many."""
    if not (
        (isinstance(before, dict) and isinstance(after, dict))
        or (isinstance(before, list) and isinstance(after, list))
    ):
        return []
    found = differences(before, after)
    return list(map(_place, found)) if len(found) <= MOST_PLACES else []


def _place(found: JsonDifference) -> PlaceDocument:
    path = [step.at for step in found.path]
    if found.moved_from is not None:
        return {"path": path, "change": "moved", "moved_from": found.moved_from}
    if found.added:
        return {"path": path, "change": "added", "after": found.after}
    if found.removed:
        return {"path": path, "change": "removed", "before": found.before}
    return {"path": path, "change": "changed", "before": found.before, "after": found.after}

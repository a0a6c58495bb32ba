"""Whether a reviewed plan is still what would be done."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from ..catalogue import Kind
from ..plan.change import Action
from ..plan.model import Plan
from ..plan.shape import ChangeDocument, ColumnDocument, PlanDocument, name_of
from ..plan.writing import changes_of, unknown_id
from ..values.jsonform import same_json


def stale_against(reviewed: PlanDocument, plan: Plan, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Say of each change of a fresh plan why it is not what was reviewed; none: go on.

    Changes of the reviewed plan that are done already are no longer in the fresh one.
    """
    if plan.stack != reviewed["stack"]:
        return (f"it is of the stack {reviewed['stack']}, the configuration of {plan.stack}",)
    if plan.configuration != reviewed["configuration"]:
        return ("the configuration is not the one that was reviewed",)
    by_name = {name_of(change): change for change in reviewed["changes"]}
    return tuple(_stale(changes_of(plan, kinds), by_name, _placeholders(reviewed, plan)))


def _stale(
    fresh: Iterable[ChangeDocument],
    by_name: Mapping[str, ChangeDocument],
    placeholders: Mapping[str, str],
) -> Iterator[str]:
    for change in fresh:
        seen = by_name.get(name_of(change))
        now = cast("ChangeDocument", {**change, "columns": _put(change["columns"], placeholders)})
        seen = seen and cast("ChangeDocument", {**seen, "columns": _anywhere(seen["columns"])})
        now["columns"] = _anywhere(now["columns"])
        if seen is None:
            yield f"{name_of(change)}: to {change['action']}, which the reviewed plan does not"
        elif not (_same(seen, now) or _second_half(seen, now)):
            yield f"{name_of(change)}: {_reason(seen, now)}"
        elif new := sorted({*now["referenced_by"]} - {*seen["referenced_by"]}):
            yield f"{name_of(change)}: {new[0]} refers to it, which the reviewed plan does not say"


def _placeholders(reviewed: PlanDocument, plan: Plan) -> Mapping[str, str]:
    """Write ids that were not known yet when the plan was reviewed as it wrote them."""
    unknown = {change["address"] for change in reviewed["changes"] if change["id"] is None}
    return {
        row_id: unknown_id(address) for row_id, address in plan.names.items() if address in unknown
    }


def _anywhere(columns: Mapping[str, ColumnDocument]) -> dict[str, ColumnDocument]:
    """Leave out where columns stand, for lines move, and what follows from their values."""
    places = {"file", "line", "differences"}
    return {
        name: cast("ColumnDocument", {k: v for k, v in column.items() if k not in places})
        for name, column in columns.items()
    }


def _put(value: object, placeholders: Mapping[str, str]) -> object:
    """Put placeholders for ids, wherever they stand."""
    if isinstance(value, str):
        return placeholders.get(value, value)
    if isinstance(value, list):
        return [_put(item, placeholders) for item in value]
    if isinstance(value, dict):
        return {_put(name, placeholders): _put(item, placeholders) for name, item in value.items()}
    return value


def _same(seen: ChangeDocument, now: ChangeDocument) -> bool:
    parts = ("kind", "id", "action", "columns", "fingerprint")
    one = {part: seen[part] for part in parts}  # type: ignore[literal-required]
    other = {part: now[part] for part in parts}  # type: ignore[literal-required]
    return same_json(one, other)


def _second_half(seen: ChangeDocument, now: ChangeDocument) -> bool:
    """Tell whether a change of two steps was cut off between them, and only the rest is left.

    Creates of rows that the server numbers set most columns by an update; what was found by its
    natural key is bound after it was changed.
    """
    if seen["action"] == now["action"] and Action(now["action"]).binds:
        return not now["columns"]
    if seen["action"] != Action.CREATE or now["action"] != Action.UPDATE:
        return False
    return all(
        name in seen["columns"]
        and same_json(seen["columns"][name].get("after"), column.get("after"))
        for name, column in now["columns"].items()
    )


def _reason(seen: ChangeDocument, now: ChangeDocument) -> str:
    if seen["action"] != now["action"]:
        return f"the plan was to {seen['action']} it, now it is to {now['action']} it"
    if seen["fingerprint"] != now["fingerprint"]:
        return "the row was changed since the plan"
    return "the change is no longer the one that was reviewed"

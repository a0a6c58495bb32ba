"""A plan in a file: what was reviewed, and whether it is still what would be done."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import orjson

from ..catalogue import Kind, schema_folder
from ..diagnostics import UsageError
from ..files import write_file
from ..values.canonical import canonical_json
from ..values.jsontext import loads
from .change import Action
from .document import (
    FORMAT_VERSION,
    ChangeDocument,
    ColumnDocument,
    PlanDocument,
    digest_of_document,
    document_of,
    name_of,
    text_of,
    unknown_id,
)
from .model import Plan

MAX_FILE = 256 * 1024 * 1024


def write_plan(path: Path, document: PlanDocument) -> None:
    """Write a plan file whole or not at all; raises UsageError."""
    try:
        write_file(path, text_of(document).encode())
    except OSError as error:
        raise UsageError(f"the plan file {path} cannot be written: {error.strerror}") from error


def read_plan(path: Path) -> PlanDocument:
    """Read a plan file; raises UsageError where it is none, is newer, or was edited."""
    document = _json(path)
    version = document.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UsageError(
            f"the plan file {path} has format {version}, this reconciler reads {FORMAT_VERSION}",
            hint="apply it with the reconciler that made it, or update this one",
        )
    _check_shape(path, document)
    plan = cast("PlanDocument", document)
    if digest_of_document(plan) != plan["digest"]:
        raise UsageError(
            f"the plan file {path} was edited: its digest does not fit",
            hint="plan again, and review that",
        )
    return plan


def stale_against(reviewed: PlanDocument, plan: Plan, kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Say of each change of a fresh plan why it is not what was reviewed; none: go on.

    Changes of the reviewed plan that are done already are no longer in the fresh one.
    """
    if plan.stack != reviewed["stack"]:
        return (f"it is of the stack {reviewed['stack']}, the configuration of {plan.stack}",)
    if plan.configuration != reviewed["configuration"]:
        return ("the configuration is not the one that was reviewed",)
    by_name = {name_of(change): change for change in reviewed["changes"]}
    fresh = document_of(plan, kinds)["changes"]
    return tuple(_stale(fresh, by_name, _placeholders(reviewed, plan)))


def _stale(
    fresh: list[ChangeDocument],
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
        elif new := sorted({*now["held_by"]} - {*seen["held_by"]}):
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
    return canonical_json(one) == canonical_json(other)  # to Python 0 is False


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
        and canonical_json(seen["columns"][name].get("after"))
        == canonical_json(column.get("after"))
        for name, column in now["columns"].items()
    )


def _reason(seen: ChangeDocument, now: ChangeDocument) -> str:
    if seen["action"] != now["action"]:
        return f"the plan was to {seen['action']} it, now it is to {now['action']} it"
    if seen["fingerprint"] != now["fingerprint"]:
        return "the row was changed since the plan"
    return "the change is no longer the one that was reviewed"


def _json(path: Path) -> Mapping[str, object]:
    try:
        with path.open("rb") as file:
            content = loads(file.read(MAX_FILE))
    except OSError as error:
        raise UsageError(f"the plan file {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is not a plan: it is not JSON", hint=_MAKE) from error
    if not isinstance(content, dict):
        raise UsageError(f"{path} is not a plan", hint=_MAKE)
    return content


def _check_shape(path: Path, document: Mapping[str, object]) -> None:
    from jsonschema_rs import validator_for

    schema = orjson.loads((schema_folder() / "plan.schema.json").read_bytes())
    error = next(iter(validator_for(schema).iter_errors(document)), None)
    if error is not None:
        place = "/".join(map(str, error.instance_path))
        raise UsageError(f"{path} is not a plan: {place or 'it'} is not as documented", hint=_MAKE)


_MAKE = "make one with `reconciler plan PATH --out FILE`"

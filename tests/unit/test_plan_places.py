"""The places where a JSON column differs, in the plan that programs read: true, short, no more."""

from pathlib import Path
from typing import cast

import orjson
import pytest
from hypothesis import given, settings
from jsonschema_rs import validator_for

from reconciler.catalogue import schema_folder
from reconciler.plan.digesting import digest_of_document
from reconciler.plan.document import document_of, text_of
from reconciler.plan.model import Plan
from reconciler.plan.places import PlaceDocument, places
from reconciler.plan.saved import read_plan, write_plan
from reconciler.plan.shape import ColumnDocument, PlanDocument
from reconciler.planning.staleness import stale_against
from reconciler.values.column import JSON
from reconciler.values.jsondiff import JsonDifference, Step
from reconciler.values.jsonform import canonical_json
from reconciler.values.jsontext import loads
from reconciler.values.sent import Sent
from tests.builders import KINDS, ORGANIZATION, STACK, change, foreign_id, row
from tests.jsonvalues import applied, pairs
from tests.properties import examples
from tests.render_cases import everything

FIRST: JSON = {"duration": 1, "rate": 90}
RATES: list[JSON] = [{"duration": days, "rate": 100 * days} for days in range(2, 32)]
ROOMS: list[JSON] = [{"id": n, "beds": 2} for n in range(3)]
MANY: list[JSON] = list(range(201))


@pytest.mark.parametrize(
    ("before", "after", "listed"),
    [
        (RATES, [FIRST, *RATES], [{"path": [0], "change": "added", "after": FIRST}]),
        ([FIRST, *RATES], RATES, [{"path": [0], "change": "removed", "before": FIRST}]),
        (ROOMS, [*ROOMS[1:], ROOMS[0]], [{"path": [2], "change": "moved", "moved_from": 0}]),
        ({"a": [None]}, {"a": [0], "b": None}, [
            {"path": ["a", 0], "change": "changed", "before": None, "after": 0},
            {"path": ["b"], "change": "added", "after": None}]),
        ([], MANY[:200], [{"path": [n], "change": "added", "after": n} for n in MANY[:200]]),
        ([], MANY, None),
        (None, [1], None),
        ({}, [], None),
        ("a", "b", None),
    ],
)  # fmt: skip
def test_what_is_listed(before: JSON, after: JSON, listed: JSON) -> None:
    [column] = columns(updated(before, after))
    assert column.get("differences") == listed
    assert (column["before"], column["after"]) == (before, after)


@settings(max_examples=examples(40))
@given(pairs())
def test_what_is_listed_applied_to_before_gives_after(pair: tuple[JSON, JSON]) -> None:
    before, after = pair
    found = places(before, after)
    if found:
        assert canonical_json(applied(before, list(map(difference, found)))) == canonical_json(
            after
        )
    else:
        lists = (isinstance(before, kind) and isinstance(after, kind) for kind in (list, dict))
        assert canonical_json(before) == canonical_json(after) or not any(lists)


def test_masked_columns_list_nothing() -> None:
    hidden = [column for column in columns(everything()) if "hidden" in column]
    assert hidden
    assert all(column.keys() == {"hidden"} for column in hidden)


def test_they_are_as_documented_and_no_part_of_the_digest() -> None:
    plan = updated(RATES, [FIRST, *ROOMS])
    schema = orjson.loads((schema_folder() / "plan.schema.json").read_bytes())
    written = loads(text_of(plan).encode())
    assert list(validator_for(schema).iter_errors(written)) == []
    assert digest_of_document(cast("PlanDocument", written)) == plan["digest"]


@pytest.mark.parametrize("edit", ["", "gone", "false"])
def test_a_saved_plan_is_as_true_with_them_as_without(tmp_path: Path, edit: str) -> None:
    plan, file = plan_of(RATES, [FIRST, *RATES]), tmp_path / "plan.json"
    write_plan(file, document_of(plan, KINDS))
    text = file.read_text()
    written = orjson.loads(text)
    [column] = written["changes"][0]["columns"].values()
    if edit == "gone":  # as it was written before there were any
        del column["differences"]
    elif edit == "false":
        column["differences"] = [{"path": [], "change": "changed", "before": 1, "after": 2}]
    file.write_bytes(orjson.dumps(written))
    reviewed = read_plan(file)
    assert stale_against(reviewed, plan, KINDS) == ()
    assert text_of(reviewed) == text
    assert "differences" not in str(document_of(plan, KINDS))


def plan_of(before: JSON, after: JSON) -> Plan:
    """Make a plan that changes one JSON column."""
    one = change(
        "update price_calendar_entries.summer",
        row=row("price_calendar_entries", foreign_id(1), updated_at="2026-07-01T14:00:00+00:00"),
        before={"rates": before},
        rates=cast("Sent", after),
    )
    return Plan(
        stack=STACK,
        organization=ORGANIZATION,
        configuration="sha256:" + "c" * 64,
        levels=((one,),),
        unchanged=0,
    )


def updated(before: JSON, after: JSON) -> PlanDocument:
    """Write a plan that changes one JSON column."""
    return document_of(plan_of(before, after), KINDS)


def columns(plan: PlanDocument) -> list[ColumnDocument]:
    """Read the columns of a plan as programs do, from its text."""
    written = cast("PlanDocument", loads(text_of(plan).encode()))
    return [column for one in written["changes"] for column in one["columns"].values()]


def difference(found: PlaceDocument) -> JsonDifference:
    """Read a place as the difference that it tells of."""
    return JsonDifference(
        tuple(map(Step, found["path"])),
        found.get("before"),
        found.get("after"),
        removed=found["change"] == "removed",
        added=found["change"] == "added",
        moved_from=found.get("moved_from"),
    )

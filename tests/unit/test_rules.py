"""Rules about several columns: what breaks them offline, and where the other half is live."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.catalogue import Kind
from reconciler.catalogue.rules import Given, Needed, Order, Relation, is_broken, sentence
from reconciler.configuration.load import load
from reconciler.configuration.resource import Resource
from reconciler.configuration.validate import validate
from reconciler.exporting.fitness import Fitness
from reconciler.identity.reading import columns_to_read
from reconciler.planning.diff import Differences
from reconciler.values.column import JSON
from tests.builders import KINDS, configuration, resource
from tests.differing import compare, there
from tests.sandbox_server import ROOT
from tests.validating import check

EXAMPLES = ROOT / "examples"
ENTRY, EVENT, SERVICE = KINDS["price_calendar_entries"], KINDS["calendar_events"], KINDS["services"]
LENGTHS = Order(("min_duration", "max_duration"), "error", "inferred")
DAYS = Order(("start_date", "end_date"), "error", "inferred")
ONE = Given(("attachment", "parent_id"), 1, 1, "error", "inferred")
ANY = Given(("attachment", "parent_id"), 1, 2, "error", "inferred")
FEW = Given(("attachment", "label"), 0, 1, "error", "inferred")
PARENT = Needed(("parent_id", "type"), {"type": ("name", "time")}, "error", "inferred")


@pytest.mark.parametrize(
    ("kind", "rule", "values", "broken"),
    [
        (ENTRY, LENGTHS, (9, 3), True),
        (ENTRY, LENGTHS, (3, 3), False),
        (ENTRY, LENGTHS, (10, 9), True),
        (ENTRY, LENGTHS, (None, 3), False),
        (EVENT, DAYS, ("2026-07-08", "2026-07-01"), True),
        (EVENT, DAYS, ("2026-07-01", "2026-07-01"), False),
        (EVENT, DAYS, ("9999-12-31", "10000-01-01"), False),
        (EVENT, DAYS, ("0044-03-15 BC", "0001-01-01"), False),
        (EVENT, DAYS, ("infinity", "2026-07-01"), False),
        (SERVICE, ONE, ("a", None), False),
        (SERVICE, ONE, ("a", "b"), True),
        (SERVICE, ONE, ("", None), True),
        (SERVICE, ANY, ("a", "b"), False),
        (SERVICE, ANY, (None, None), True),
        (SERVICE, FEW, ("a", {"default": ""}), False),
        (SERVICE, FEW, ("a", {"default": "b"}), True),
        (SERVICE, FEW, (None, {}), False),
        (SERVICE, PARENT, (None, "time"), True),
        (SERVICE, PARENT, ("a", "time"), False),
        (SERVICE, PARENT, (None, "phone"), False),
    ],
)
def test_what_breaks_a_rule(
    kind: Kind, rule: Relation, values: tuple[JSON, JSON], broken: bool
) -> None:
    row = dict(zip(rule.columns, values, strict=True))
    assert is_broken(rule, kind.columns, row) == broken


@pytest.mark.parametrize(
    ("kind", "rule", "says"),
    [
        (ENTRY, LENGTHS, "max_duration is under min_duration"),
        (EVENT, DAYS, "end_date is before start_date"),
        (SERVICE, ONE, "exactly 1 of attachment, parent_id should have a value"),
        (SERVICE, ANY, "at least 1 of attachment, parent_id should have a value"),
        (SERVICE, FEW, "at most 1 of attachment, label should have a value"),
        (SERVICE, PARENT, "parent_id is needed where type is name or time"),
    ],
)
def test_what_is_said_of_a_broken_rule(kind: Kind, rule: Relation, says: str) -> None:
    assert sentence(rule, kind.columns) == says


@pytest.mark.parametrize(
    "block",
    [
        "  a:\n    min_duration: 9\n    max_duration: 3\n",  # plain lines are read in one go
        "  a: {min_duration: 9, max_duration: 3}\n",
    ],
)
def test_a_block_is_refused_however_it_is_written(block: str, tmp_path: Path) -> None:
    _, problems = check("price_calendar_entries:\n" + block, folder=tmp_path)
    (problem,) = (one for one in problems if one.is_error)
    assert (problem.code, problem.message) == (
        "columns-disagree", "max_duration is under min_duration",
    )  # fmt: skip


def test_what_a_variable_will_say_is_not_judged(tmp_path: Path) -> None:
    text = "price_calendar_entries:\n  a: {min_duration: '${NIGHTS}', max_duration: 3}\n"
    _, problems = check(text, folder=tmp_path)
    assert [one.code for one in problems if one.is_error] == []
    _, problems = check(text, folder=tmp_path, NIGHTS="4")
    assert [one.code for one in problems if one.is_error] == ["columns-disagree"]


# -- in a plan ------------------------------------------------------------------------------------

SUMMER = "price_calendar_entries.summer"


def said(differences: Differences) -> list[tuple[str, str]]:
    return [
        (one.severity, one.message.partition(": ")[2])
        for one in (*differences.problems, *differences.notes)
        if one.code in ("columns-disagree", "doubtful-value")
    ]


def test_an_update_is_compared_with_what_is_live() -> None:
    live = there(SUMMER, min_duration=5, max_duration=9)
    found = compare(resource(SUMMER, max_duration=3), found=live)
    assert said(found) == [("error", "max_duration is under min_duration (min_duration is 5 live)")]
    assert said(compare(resource(SUMMER, max_duration=7), found=live)) == []


def test_what_is_given_whole_was_judged_with_the_yaml() -> None:
    live = there(SUMMER, min_duration=5, max_duration=9)
    assert said(compare(resource(SUMMER, min_duration=4, max_duration=3), found=live)) == []


def test_what_is_live_already_is_left_alone() -> None:
    live = there(SUMMER, min_duration=9, max_duration=3, color="#fff")
    found = compare(resource(SUMMER, max_duration=3, color="#000"), found=live)
    assert said(found) == []
    assert len(found.changes) == 1


def test_a_create_is_compared_with_what_the_server_fills_in() -> None:
    found = compare(resource(SUMMER, min_duration=40))
    assert said(found) == [
        ("error", "max_duration is under min_duration (max_duration is 30 by default)")
    ]


def test_what_is_only_doubtful_is_a_note() -> None:
    found = compare(resource("services.blue", type="multiple-choice-option"))
    assert said(found) == [
        ("warning", "parent_id is needed where type is multiple-choice-option"
                    " (parent_id has no value by default)")
    ]  # fmt: skip
    assert len(found.changes) == 1


def test_the_value_of_a_private_column_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {**ENTRY.columns, "min_duration": replace(ENTRY.columns["min_duration"], pii=True)}
    monkeypatch.setattr(
        "tests.differing.KINDS", {**KINDS, ENTRY.name: replace(ENTRY, columns=columns)}
    )
    live = there(SUMMER, min_duration=77, max_duration=99)
    ((_, message),) = said(compare(resource(SUMMER, max_duration=3), found=live))
    assert "77" not in message


def test_the_other_half_of_a_rule_is_read_where_one_is_given() -> None:
    def read(entry: Resource) -> tuple[str, ...]:
        return columns_to_read(configuration(entry), KINDS)[ENTRY.name]

    assert "min_duration" in read(resource(SUMMER, max_duration=3))
    assert "min_duration" not in read(resource(SUMMER, color="#fff"))


# -- in an export ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "unfit"),
    [
        ({"min_duration": 9, "max_duration": 3, "order": 1}, {"min_duration", "max_duration"}),
        ({"min_duration": 1, "max_duration": 3}, set()),
        ({"color": "gren", "order": 1}, {"color"}),
        ({"color": "", "order": 1}, set()),
        ({"rates": [340]}, {"rates"}),
        ({"rates": [{"rate": 340}]}, set()),  # only doubtful
    ],
)
def test_an_export_leaves_out_what_would_be_refused(
    values: dict[str, JSON], unfit: set[str]
) -> None:
    assert Fitness().unfit(ENTRY, values) == unfit


# -- no false alarms ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in EXAMPLES.rglob("bookingmood.yaml"))
)
def test_nothing_is_said_of_the_examples(folder: Path) -> None:
    loaded = load([folder], variables={}, environment={})
    _, problems = validate(loaded, KINDS, unset_is_error=False)
    alarms = {"invalid-value", "columns-disagree", "doubtful-value"}
    assert [one.message for one in problems if one.code in alarms] == []

"""One organization into another: whole, proven, resumable, and nothing doubled."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from reconciler.values.column import JSON

from .generated import Row
from .two_organizations import SOURCE, TARGET, Two, two_organizations

ROWS = 400
UNMOVABLE = {
    "external_calendars": "it needs a secret that an export does not hold",
    "sites": "the API cannot create it, and nothing there matches it",
}


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with two_organizations(tmp_path, ROWS) as made:
        yield made


def test_everything_that_can_go_goes_and_a_second_run_finds_nothing_to_do(two: Two) -> None:
    code, out = two.migrate()
    assert code == 0, out
    report = two.report()
    assert (report["from"], report["to"], report["verified"]) == (SOURCE, TARGET, True)
    assert (report["missing"], report["differing"], report["ids_left"]) == ([], [], [])
    _check_reasons(report)
    for kind in ("contacts", "products", "contact_bookings", "services", "calendar_events"):
        assert len(two.rows(kind)) == len(two.rows(kind, "source"))
    code, out = two.migrate()
    assert (code, "No changes: " in out) == (0, True), out


def test_the_plan_alone_writes_nothing(two: Two) -> None:
    before = two.state()
    code, out = two.migrate("--plan-only")
    assert (code, "to create" in out, "Not moved: " in out) == (0, True, True)
    assert two.state() == before


def test_rows_that_are_there_already_are_adopted_not_doubled(two: Two) -> None:
    names: list[JSON] = [row["email"] for row in two.rows("contacts", "source")]
    there: list[Row] = [
        {"organization_id": TARGET, "email": email} for email in sorted(set(map(str, names)))
    ]
    own: Row = {"organization_id": TARGET, "email": "somebody-else@example.com", "city": "Oslo"}
    two.insert("contacts", [{**row, "city": "x"} for row in there] + [own])
    code, out = two.migrate()
    assert code == 0, out
    contacts = two.rows("contacts")
    assert len(contacts) == len(names) + 1
    assert [row["city"] for row in contacts if row["email"] == own["email"]] == ["Oslo"]
    moved = two.report()["kinds"]
    assert isinstance(moved, dict)
    assert moved["contacts"] == {"created": len(names) - len(there), "adopted": len(there)}


def test_a_text_that_holds_an_id_of_the_source_is_named(two: Two) -> None:
    first = two.rows("contacts", "source")[0]["id"]
    there: Row = {"email": "text@example.com", "notes": f"see {first}"}
    two.insert("contacts", [{"organization_id": SOURCE, **there}], "source")
    code, out = two.migrate("--kinds", "contacts")
    assert (code, "change these texts in the source, then run it again" in out) == (5, True), out
    report = two.report()
    assert (report["verified"], report["missing"], report["differing"]) == (False, [], [])
    [left] = cast("list[dict[str, str]]", report["ids_left"])
    assert left["column"] == "notes"


def test_a_killed_migration_is_finished_by_the_next(tmp_path: Path) -> None:
    kill_at(tmp_path, random.Random(3), trials=1)


def kill_at(folder: Path, dice: random.Random, *, trials: int) -> None:
    """Kill a migration at random moments until it ends by itself; the result is the same."""
    undisturbed = folder / "undisturbed"
    undisturbed.mkdir()
    with two_organizations(undisturbed, ROWS) as two:
        assert two.migrate()[0] == 0
        wanted = two.state()
    disturbed = folder / "disturbed"
    disturbed.mkdir()
    with two_organizations(disturbed, ROWS) as two:
        for _ in range(trials):
            two.migrate(kill_after=dice.uniform(0.3, 2.5))
        code, out = two.migrate()
        assert code == 0, out
        assert two.report()["verified"] is True
        assert two.state() == wanted


def test_both_keys_of_one_organization_are_refused(two: Two) -> None:
    (two.folder / "target.key").write_text("source")
    code, out = two.migrate()
    assert (code, "both keys are of organization" in out) == (1, True)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("moved/bookingmood.yaml", "holds the stack villa-7f3a, which no migration from"),
        ("bookingmood.yaml", "holds a `reconciler:` block already"),
    ],
)
def test_the_yaml_of_people_is_not_written_over(two: Two, file: str, words: str) -> None:
    theirs = two.folder / file
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("reconciler: {stack: villa-7f3a}\ncontacts: {jane: {email: a@b.example}}\n")
    before = theirs.read_text()
    code, out = two.migrate("--plan-only")
    assert (code, f"{theirs} {words}" in out) == (1, True), out
    assert theirs.read_text() == before


def _check_reasons(report: dict[str, JSON]) -> None:
    skipped = report["skipped"]
    assert isinstance(skipped, list)
    for one in skipped:
        assert isinstance(one, dict)
        kind = str(one["address"]).partition(".")[0]
        reason = str(one["reason"])
        assert reason == UNMOVABLE.get(kind) or reason.endswith("which is not moved"), one

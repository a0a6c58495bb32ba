"""What a migration reports, and the causes it puts together: no server."""

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from reconciler.diagnostics import Code
from reconciler.execution import Outcome, State
from reconciler.migration import (
    Cleared,
    MigrationReport,
    Moved,
    Moving,
    Skipped,
    Verification,
    causes_of,
    left_out,
    write_report,
)
from reconciler.migration.exclude import LEFT, ODD, SAME_ROW
from reconciler.migration.verify import KindCount
from reconciler.plan.change import Change
from reconciler.values.column import JSON
from tests.builders import address, change, configuration, foreign_id

JANE, JOHN = address("contacts.jane"), address("contacts.john")
ROW = Moved(JANE, foreign_id(1), foreign_id(2))
NOTHING = Moving(configuration())

WELL = MigrationReport(
    source="here",
    target="there",
    moved=(ROW,),
    adopted=frozenset(),
    moving=NOTHING,
    sources={JANE: foreign_id(1)},
    unmoved={},
    secrets=(),
    errors={},
    stayed=(),
    verification=Verification(kinds={"contacts": KindCount(expected=1, compared=1)}),
)


def skipping(code: Code) -> Moving:
    return Moving(configuration(), {JOHN: Skipped.of(code, (foreign_id(9),), "it is odd")})


@pytest.mark.parametrize(
    ("report", "proven"),
    [
        pytest.param(WELL, True, id="all there"),
        pytest.param(replace(WELL, moving=skipping(LEFT)), True, id="left on purpose"),
        pytest.param(replace(WELL, moving=skipping(SAME_ROW)), False, id="to be decided"),
        pytest.param(replace(WELL, moving=skipping(ODD)), False, id="odd"),
        pytest.param(replace(WELL, stayed=(JANE,)), False, id="stayed there"),
        *(
            pytest.param(replace(WELL, verification=found), proven, id=name)
            for name, proven, found in [
                ("missing", False, Verification(missing=[JANE])),
                ("differing", False, Verification(differing=[(JANE, "city")])),
                ("repaired", True, Verification(repaired=[(JANE, "city")])),
                ("conflict", False, Verification(conflicts=[(JANE, "city")])),
                ("an id left", False, Verification(left=[(JANE, "notes")])),
                ("not read", False, Verification(unread={"reviews": "no right"})),
                ("odd here", False, Verification(odd_here=["contacts[1]: no text"])),
                ("odd there", False, Verification(odd={JANE: "no text"})),
            ]
        ),
    ],
)
def test_it_is_proven_only_where_everything_was_looked_at_and_nothing_found(
    report: MigrationReport, proven: bool
) -> None:
    assert report.proven is proven
    assert report.as_json()["verified"] is proven


def test_everything_that_was_found_is_in_it() -> None:
    counts = KindCount(3, 1, 1, 1, Counter(left=2))
    found = Verification(
        kinds={"taxes": KindCount(), "contacts": counts},
        missing=[JANE],
        differing=[(JANE, "city")],
        repaired=[(JOHN, "city")],
        conflicts=[(JOHN, "email")],
        left=[(JANE, "notes")],
        unread={"reviews": "no right"},
        odd_here=["contacts[1]: no text"],
        odd={JOHN: "no text"},
    )
    moving = replace(skipping(SAME_ROW), cleared=(Cleared(JANE, "parent_id", "services.top"),))
    report = replace(
        WELL,
        moved=(ROW, Moved(JOHN, foreign_id(3), foreign_id(4))),
        adopted=frozenset({JOHN}),
        moving=moving,
        sources={JOHN: foreign_id(3)},
        unmoved={"reviews": "no right"},
        secrets=("webhooks.signing_secret",),
        errors={"failed: no": 2},
        stayed=(JANE,),
        verification=found,
    )
    reason = Skipped.of(SAME_ROW).reason
    nothing: dict[str, JSON] = {
        "expected": 0, "compared": 0, "missing": 0, "differing": 0, "left_out": {},
    }  # fmt: skip
    assert report.as_json() == {
        "from": "here",
        "to": "there",
        "verified": False,
        "kinds": {"contacts": {"created": 1, "adopted": 1}},
        "compared": {"contacts": 1},
        "rows": {
            "contacts": {
                "expected": 3, "compared": 1, "missing": 1, "differing": 1, "left_out": {"left": 2},
            },
            "taxes": nothing,
        },
        "skipped": [{"address": "contacts.john", "reason": reason}],
        "decisions": [
            {
                "address": "contacts.john",
                "reason": reason,
                "source_id": foreign_id(3),
                "target_ids": [foreign_id(9)],
            }
        ],
        "cleared": [
            {"address": "contacts.jane", "column": "parent_id", "referred_to": "services.top"}
        ],
        "not_moved": {"reviews": "no right"},
        "not_read": {"reviews": "no right"},
        "odd_in_source": ["contacts[1]: no text"],
        "not_comparable": [{"address": "contacts.john", "reason": "no text"}],
        "secrets_not_moved": ["webhooks.signing_secret"],
        "errors": [{"reason": "failed: no", "count": 2}],
        "missing": ["contacts.jane"],
        "differing": [{"address": "contacts.jane", "column": "city"}],
        "repaired": [{"address": "contacts.john", "column": "city"}],
        "conflicts": [
            {"address": "contacts.john", "column": "email"},
            {"address": "contacts.jane", "column": None},
        ],
        "ids_left": [{"address": "contacts.jane", "column": "notes"}],
    }  # fmt: skip


def test_what_is_odd_there_is_not_skipped_but_not_comparable() -> None:
    moving = replace(skipping(ODD), unsure={(JANE, "parent_id"): "services.top"})
    said = left_out(moving, {})
    assert said["skipped"] == said["decisions"] == []
    assert said["not_comparable"] == [
        {"address": "contacts.john", "reason": "it is odd"},
        {"address": "contacts.jane.parent_id", "reason": "it refers to services.top"},
    ]


def test_the_map_of_ids_is_written_for_people_and_for_programs(tmp_path: Path) -> None:
    folder = tmp_path / "migration"
    write_report(folder, WELL)
    assert orjson.loads((folder / "report.json").read_bytes()) == WELL.as_json()
    with (folder / "id-map.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["kind", "key", "from", "to"],
            ["contacts", "jane", foreign_id(1), foreign_id(2)],
        ]
    ids: Mapping[str, JSON] = orjson.loads((folder / "id-map.json").read_bytes())
    assert ids == {"contacts": {foreign_id(1): foreign_id(2)}}


# -- causes ---------------------------------------------------------------------------------------


def outcome(name: str, state: State, message: str) -> Outcome:
    made: Change = change(f"create {name}")
    return Outcome(made, state, made.id, message)


@pytest.mark.parametrize(
    ("outcomes", "causes"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([outcome("contacts.a", State.DONE, "was there")], [], id="all done"),
        pytest.param(
            [outcome("contacts.a", State.FAILED, "no contacts.a today"),
             outcome("contacts.b", State.FAILED, "no contacts.b today")],
            [("failed: no contacts.a today", 2)], id="only the address differs"),
        pytest.param(
            [outcome("contacts.a", State.FAILED, f"no contacts[{foreign_id(1)}]"),
             outcome("contacts.b", State.FAILED, "no contacts.b-1, taxes.vat")],
            [(f"failed: no contacts[{foreign_id(1)}]", 2)], id="an id is an address too"),
        pytest.param(
            [outcome("contacts.a", State.FAILED, "no"), outcome("taxes.b", State.FAILED, "no")],
            [("failed: no", 1), ("failed: no", 1)], id="another kind fails for itself"),
        pytest.param(
            [outcome("contacts.a", State.SKIPPED, "it needs x.y"),
             outcome("taxes.b", State.SKIPPED, "it needs x.z")],
            [("skipped: it needs x.y", 2)], id="kinds are skipped together"),
        pytest.param(
            [outcome("contacts.a", State.FAILED, "no"), outcome("contacts.b", State.STALE, "no")],
            [("failed: no", 1), ("stale: no", 1)], id="another state"),
        pytest.param(
            [outcome("contacts.a", State.FAILED, "no"), outcome("contacts.b", State.FAILED, "yes")],
            [("failed: no", 1), ("failed: yes", 1)], id="other words"),
    ],
)  # fmt: skip
def test_what_failed_alike_is_said_once(
    outcomes: list[Outcome], causes: list[tuple[str, int]]
) -> None:
    assert [(one.reason, one.count) for one in causes_of(outcomes)] == causes

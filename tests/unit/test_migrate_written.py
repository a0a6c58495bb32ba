"""What is known of a run that was cut off: a write without an answer may be done, or not."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.journal.records import Answer, JournalEntry, PastRun
from reconciler.migration import WrittenBefore, read_written, write_written
from reconciler.plan.change import Action
from reconciler.values.column import JSON
from tests.builders import KINDS, address

JANE = address("contacts.jane")
ID = "0d9cbb5e-62a4-4f0e-8d7b-1c2f3a4b5c6d"
NAME = KINDS["contacts"].columns["first_name"]


def entry(
    action: Action, answer: Answer | None, before: str | None, after: str | None
) -> JournalEntry:
    held: Mapping[str, JSON] | None = {"id": ID, "first_name": before} if before else None
    sent: Mapping[str, JSON] = {"first_name": after} if after else {}
    return JournalEntry("contacts", action, JANE, ID, held, sent, None, answer, None, None)


def absorbed(*entries: JournalEntry) -> WrittenBefore:
    written = WrittenBefore()
    written.absorb(PastRun("1", "villa", "o", "now", False, None, entries), KINDS)
    return written


UPDATE = Action.UPDATE


@pytest.mark.parametrize(
    ("entries", "ours"),
    [
        ([entry(UPDATE, "done", "old", "new")], {"new"}),
        ([entry(UPDATE, None, "old", "new")], {"old", "new"}),
        ([entry(UPDATE, "lost", "old", "new")], {"old", "new"}),
        ([entry(UPDATE, "done", "old", "aside"), entry(UPDATE, None, "old", "new")],
         {"aside", "new"}),
        ([entry(UPDATE, None, "old", "new"), entry(UPDATE, "done", "old", "new")], {"new"}),
        ([entry(Action.ADOPT, None, "old", "new")], {"old", "new"}),
    ],
)  # fmt: skip
def test_a_value_that_may_be_ours_is_nobody_elses(
    entries: list[JournalEntry], ours: set[str], tmp_path: Path
) -> None:
    write_written(tmp_path, absorbed(*entries))
    written = read_written(tmp_path)
    values = ("old", "aside", "new", "theirs")
    assert {value for value in values if written.was(JANE, ID, NAME, value)} == ours
    written.put(JANE, ID, NAME, "seen")
    assert [value for value in (*values, "seen") if written.was(JANE, ID, NAME, value)] == ["seen"]


@pytest.mark.parametrize(("answer", "known"), [("done", False), (None, True), ("lost", True)])
def test_a_delete_without_an_answer_is_tried_again(answer: Answer | None, known: bool) -> None:
    made = entry(Action.CREATE, "done", None, "new")
    written = absorbed(made)
    delete = entry(Action.DELETE, answer, "new", None)
    written.absorb(PastRun("2", "villa", "o", "now", False, None, (delete,)), KINDS)
    assert (JANE in written.rows) is known

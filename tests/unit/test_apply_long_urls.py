"""What does not fit into a URL: requests are halved, and a single row is written by its id."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.builders import change, foreign_id, own_id, row
from tests.executing import contacts, edit, execute, on, remove, words
from tests.unruly import SILENT, UNREACHABLE, Step, Unruly, loses, refuses

GONE, CHANGED = "the row is gone", "the row was changed since the plan"
LEFT = "the server left the row as it was, and gave no reason"
KEEPS = "the row keeps being changed by somebody else"
LOST = loses(done=False).error


def test_a_request_that_is_too_long_is_halved_and_the_length_is_learned(tmp_path: Path) -> None:
    api, number = Unruly(), range(1, 121)
    api.put("contacts", *(row("contacts", foreign_id(n), first_name="x") for n in number))
    some = [
        change(f"update contacts.k{n}", id=foreign_id(n), before={"first_name": "x"},
               row=api.rows["contacts"][foreign_id(n)], first_name="y")
        for n in number
    ]  # fmt: skip
    api.longest = 3000
    done = execute(api, tmp_path, some[:40], some[40:80], some[80:])
    assert done.report.complete
    counts = [len(given) - 1 for _, given in api.sent if isinstance(given, list)]
    assert counts == [40, 20, 20, 40, 20, 20, 20, 20]
    too_long = [len(f"/contacts?{query}") > 3000 for query in api.locked]
    assert too_long == [True, False, False, True, False, False, False, False]


@pytest.mark.parametrize(
    ("meanwhile", "script", "reads", "end", "requests"),
    [
        pytest.param(None, [], [], "done a locked by its id only: its old values do not fit into"
                     " a URL", 1, id="compared before, then by the id"),
        pytest.param(edit("a", city="Y"), [], [], f"stale a {KEEPS}", 0, id="it was changed"),
        pytest.param(edit("a", first_name="other"), [], [], f"stale a {CHANGED}", 0,
                     id="it holds another value"),
        pytest.param(edit("a", first_name="new"), [], [], "done a was so already", 0,
                     id="it is so already"),
        pytest.param(remove("a"), [], [], f"stale a {GONE}", 0, id="it is gone"),
        pytest.param(None, [loses(done=True)], [], "done a", 1, id="lost, and done"),
        pytest.param(None, [loses(done=False)], [], "done a locked by its id only: its old values"
                     " do not fit into a URL", 2, id="lost, and not done"),
        pytest.param(None, [Step(LOST, done=False, first=edit("a", city="Y"))], [],
                     "done a locked by its id only: its old values do not fit into a URL", 2,
                     id="lost, and of no concern"),
        pytest.param(None, [Step(LOST, done=False, first=edit("a", first_name="other"))], [],
                     f"stale a {CHANGED}", 1, id="lost, and changed"),
        pytest.param(None, [refuses("22003")], [], "failed a no [22003]", 1, id="refused"),
        pytest.param(None, [Step(done=False)], [], f"failed a {LEFT}", 1, id="it is left"),
        pytest.param(None, [Step(first=edit("a", first_name="new"), done=False)], [],
                     "done a was so already", 1, id="somebody else did it in between"),
        pytest.param(None, [Step(first=remove("a"))], [], f"stale a {GONE}", 1,
                     id="gone in between"),
        pytest.param(None, [Step(count=lambda _: 2)], [],
                     "failed a the server changed 2 rows where 1 were named", 1, id="too many"),
        pytest.param(None, [SILENT], [], "done a locked by its id only: its old values do not fit"
                     " into a URL", 1, id="the server does not count"),
        pytest.param(None, [], [UNREACHABLE], "failed a no connection", 0, id="it cannot be read"),
    ],
)  # fmt: skip
def test_a_row_whose_lock_does_not_fit_is_written_by_its_id(
    meanwhile: Callable[[Unruly], None] | None,
    script: list[Step],
    reads: Sequence[Step],
    end: str,
    requests: int,
    tmp_path: Path,
) -> None:
    api = contacts({"update contacts": script, "look contacts": [*reads]}, keys="abcd")
    changes = [on(api, "update contacts.a", first_name="new")]
    by_id = f"id=eq.{own_id('contacts.a')}"
    api.longest = len(f"/contacts?{by_id}")
    if meanwhile:
        meanwhile(api)
    done = execute(api, tmp_path, changes)
    assert words(done) == [end]
    assert api.locked[1:] == [by_id] * requests
    assert done.report.outcomes[0].change is changes[0]


def test_a_row_that_is_deleted_by_its_id(tmp_path: Path) -> None:
    api = contacts(keys="abcd")
    changes = [on(api, f"delete contacts.{key}") for key in "ab"]
    by_id = len(f"/contacts?id=eq.{own_id('contacts.a')}")
    api.longest = by_id
    done = execute(api, tmp_path, changes)
    note = "locked by its id only: its old values do not fit into a URL"
    assert words(done) == [f"done a {note}", f"done b {note}"]
    assert set(api.rows["contacts"]) == {own_id("contacts.c"), own_id("contacts.d")}

"""How rows are updated and deleted: locked, looked at after a miss, and halved."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.client.filters import encoded
from reconciler.diagnostics import BadAnswerError
from reconciler.plan.change import Change
from tests.builders import change, foreign_id, own_id, row
from tests.executing import contacts, edit, execute, remove, seen, words
from tests.unruly import BAD, GOOD, SILENT, UNREACHABLE, Step, Unruly, loses, refusal, refuses

GONE, CHANGED = "the row is gone", "the row was changed since the plan"
LEFT = "the server left the row as it was, and gave no reason"
KEEPS = "the row keeps being changed by somebody else"
LOST = loses(done=False).error
ROLLED_BACK = refuses("40001", 500)
UNKNOWN = "no answer, and it cannot be looked at: no connection"


def updates(api: Unruly, names: str, to: str = "new") -> list[Change]:
    """Give contacts another first name; ``a!`` one that is refused, alone in its request."""
    return [
        change(
            f"update contacts.{name[0]}",
            row=seen(api, name[0]),
            before={"first_name": name[0]},
            first_name=BAD if name.endswith("!") else to,
        )
        for name in names.split()
    ]


def deletes(api: Unruly, names: str) -> list[Change]:
    return [change(f"delete contacts.{name}", row=seen(api, name)) for name in names.split()]


def ids(names: str) -> list[str]:
    return [own_id(f"contacts.{name}") for name in names.split()]


def asked(api: Unruly) -> list[str]:
    """Write each request by the keys of its rows."""
    keys = {own_id(f"contacts.{key}"): key for key in "abcd"}
    return [
        " ".join(keys[one] for one in given if isinstance(one, str))
        for _, given in api.sent
        if isinstance(given, list)
    ]


# -- updates --------------------------------------------------------------------------------------


def test_equal_updates_are_one_request_and_locked(tmp_path: Path) -> None:
    api = contacts(keys="abcd")
    changes = updates(api, "a b")
    versions = [str((one.row or {})["updated_at"]).replace("+00:00", "Z") for one in changes]
    done = execute(api, tmp_path, changes)
    assert words(done) == ["done a", "done b"]
    assert api.sent == [("update contacts", [*ids("a b"), {"first_name": "new"}])]
    assert all(encoded(version) in api.locked[0] for version in versions)
    assert [seen(api, key)["first_name"] for key in "abc"] == ["new", "new", "c"]
    assert [(e.answer, dict(e.after), e.before) for e in done.journal.entries] == [
        ("done", {"first_name": "new"}, one.row) for one in changes
    ]


@pytest.mark.parametrize(
    ("meanwhile", "script", "end", "requests", "answers"),
    [
        pytest.param(edit("a", city="Y"), [], "done a", 2, ["missed", "done"],
                     id="a column of no concern: the lock is refreshed"),
        pytest.param(edit("a", first_name="new"), [], "done a was so already", 1, ["missed"],
                     id="it is so already"),
        pytest.param(edit("a", first_name="other"), [], f"stale a {CHANGED}", 1, ["missed"],
                     id="it holds another value"),
        pytest.param(remove("a"), [], f"stale a {GONE}", 1, ["missed"], id="it is gone"),
        pytest.param(edit("a", city="Y"), [GOOD, Step(first=edit("a", city="Z"))],
                     f"stale a {KEEPS}", 2, ["missed", "missed"], id="it keeps being changed"),
        pytest.param(None, [Step(done=False)], f"failed a {LEFT}", 1, ["missed"],
                     id="the server leaves it"),
        pytest.param(None, [SILENT], "done a", 1, ["done"], id="the server does not count"),
        pytest.param(None, [Step(done=False, count=lambda _: None)],
                     f"failed a {LEFT}", 1, ["done"], id="nor does it anything"),
        pytest.param(None, [loses(done=True)], "done a", 1, ["lost"], id="lost, and done"),
        pytest.param(None, [loses(done=False)], "done a", 2, ["lost", "done"],
                     id="lost, and not done"),
        pytest.param(None, [loses(done=False)] * 9, "failed a no answer", 5, ["lost"] * 5,
                     id="lost again and again"),
        pytest.param(edit("a", city="Y"), [loses(done=False), GOOD], "done a", 2,
                     ["lost", "done"], id="lost, and of no concern"),
        pytest.param(edit("a", city="Y"),
                     [loses(done=False), Step(first=edit("a", city="Z")), GOOD], "done a", 3,
                     ["lost", "missed", "done"], id="lost, then the lock is refreshed"),
        pytest.param(None, [ROLLED_BACK], "done a", 2, ["refused", "done"], id="rolled back"),
        pytest.param(None, [ROLLED_BACK] * 9, "failed a no [40001]", 5, ["refused"] * 5,
                     id="rolled back again and again"),
        pytest.param(None, [ROLLED_BACK, Step(first=edit("a", city="Z"))], "done a", 3,
                     ["refused", "missed", "done"], id="rolled back, then the lock is refreshed"),
        pytest.param(None, [refuses("22003")], "failed a no [22003]", 1, ["refused"],
                     id="refused"),
        pytest.param(None, [refuses(None, 503)], "done a", 2, ["lost", "done"],
                     id="nobody knows what was done"),
        pytest.param(None, [Step(count=lambda _: 2)],
                     "failed a the server changed 2 rows where 1 were named", 1, ["done"],
                     id="too many"),
    ],
)  # fmt: skip
def test_what_becomes_of_an_update(
    meanwhile: Callable[[Unruly], None] | None,
    script: list[Step],
    end: str,
    requests: int,
    answers: list[str],
    tmp_path: Path,
) -> None:
    api = contacts({"update contacts": script}, keys="abcd")
    changes = updates(api, "a")
    if meanwhile:
        meanwhile(api)
    done = execute(api, tmp_path, changes)
    assert words(done) == [end]
    assert asked(api) == ["a"] * requests
    assert done.answers == answers
    [outcome] = done.report.outcomes
    assert outcome.change is changes[0]
    hint = {"stale": "run plan again and look at it", "done": None}.get(outcome.state.value)
    if outcome.state.value in {"stale", "done"}:
        assert outcome.hint == hint


@pytest.mark.parametrize(
    ("script", "hint"),
    [
        ([Step(done=False)], "the API key may lack the right to write there"),
        ([loses(done=False)] * 9, "look"),
        ([refuses("22003")], "theirs"),
        ([refuses(None, 503)] * 9, "theirs"),
        ([Step(count=lambda _: 1234)], "it, or a proxy before it, leaves out our filter: see what"
         " it did to other rows of the kind"),
    ],
)  # fmt: skip
def test_what_is_said_to_do_about_a_failed_update(
    script: list[Step], hint: str, tmp_path: Path
) -> None:
    api = contacts({"update contacts": script}, keys="abcd")
    [outcome] = execute(api, tmp_path, updates(api, "a")).report.outcomes
    assert outcome.hint == hint


@pytest.mark.parametrize(
    ("rows", "meanwhile", "script", "ends", "requests"),
    [
        pytest.param("a b c", edit("b", first_name="other"), [],
                     ["stale b " + CHANGED, "done a", "done c"], ["a b c"], id="one was changed"),
        pytest.param("a b c", edit("b", city="Y"), [], ["done a", "done b", "done c"],
                     ["a b c", "b"], id="one lock is refreshed"),
        pytest.param("a b", None, [refuses("22003"), GOOD, refuses("22003")],
                     ["done a", "failed b no [22003]"], ["a b", "a", "b"], id="one is bad"),
        pytest.param("a b c", None, [refuses("22003"), GOOD, refuses("23514"), GOOD, GOOD],
                     ["done a", "done b", "done c"], ["a b c", "a", "b c", "b", "c"],
                     id="halves of halves"),
        pytest.param("a b", None, [refuses("42501", 403)],
                     ["failed a no [42501]", "failed b no [42501]"], ["a b"], id="not about rows"),
        pytest.param("a b", edit("b", city="Y"), [refuses("22003")],
                     ["done a", "done b"], ["a b", "a", "b", "b"], id="a half is refreshed"),
        pytest.param("a b", None, [loses(done=False), GOOD], ["done a", "done b"], ["a b", "a b"],
                     id="both are sent again"),
        pytest.param("a b", remove("a"), [loses(done=False), GOOD],
                     ["stale a " + GONE, "done b"], ["a b", "b"], id="one is gone, one sent again"),
        pytest.param("a b c", None, [Step(count=lambda _: 1234)],
                     [f"failed {key} the server changed 1,234 rows where 3 were named"
                      for key in "abc"], ["a b c"], id="too many"),
    ],
)  # fmt: skip
def test_what_becomes_of_several_updates(
    rows: str,
    meanwhile: Callable[[Unruly], None] | None,
    script: list[Step],
    ends: list[str],
    requests: list[str],
    tmp_path: Path,
) -> None:
    api = contacts({"update contacts": script}, keys="abcd")
    changes = updates(api, rows)
    if meanwhile:
        meanwhile(api)
    done = execute(api, tmp_path, changes)
    found = [end.replace(" was so already", "") for end in words(done)]
    assert sorted(found) == sorted(ends)
    assert asked(api) == requests


def test_a_row_that_was_done_by_us_in_a_batch_is_not_said_to_have_been_so(tmp_path: Path) -> None:
    api = contacts(keys="abcd")
    changes = updates(api, "a b")
    edit("b", first_name="new")(api)
    assert words(execute(api, tmp_path, changes)) == ["done a", "done b"]
    api = contacts(keys="abcd")
    changes = updates(api, "a b")
    edit("a", first_name="new")(api)
    edit("b", first_name="new")(api)
    assert words(execute(api, tmp_path, changes)) == [
        "done a was so already",
        "done b was so already",
    ]


def test_the_search_for_bad_rows_ends_when_it_has_cost_enough(tmp_path: Path) -> None:
    """Rows whose version cannot be read have short locks: so many go into one URL."""
    api, many = Unruly(), range(1, 130)
    api.put("contacts", *(row("contacts", foreign_id(n), first_name="x") for n in many))
    bad = [
        change(f"update contacts.k{n}", row={"id": foreign_id(n)}, id=foreign_id(n), first_name=BAD)
        for n in many
    ]
    done = execute(api, tmp_path, bad)
    assert {one.state.value for one in done.report.outcomes} == {"failed", "skipped"}
    assert len(api.sent) == 201  # the first, and two for each of 100 splits
    assert any("of which at least one is bad" in end for end in done.ends)


@pytest.mark.parametrize("action", ["update", "delete"])
def test_what_can_neither_be_known_nor_read_is_said_to_be_unknown(
    action: str, tmp_path: Path
) -> None:
    for script, why in (
        ([loses(done=True)], "no answer"),
        ([SILENT], "the server changed no such row"),
        ([Step(done=False)], "the server changed no such row"),
    ):
        api = contacts({f"{action} contacts": script, "look contacts": [UNREACHABLE]}, keys="abcd")
        changes = (updates if action == "update" else deletes)(api, "a")
        done = execute(api, tmp_path, changes)
        assert words(done) == [f"failed a {why}, and it cannot be looked at: no connection"]
        assert done.report.outcomes[0].hint == "plug it in"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (refusal(None, 500), "PATCH /x got 500: nobody knows whether it is done"),
        (refusal(None, 499), "no"),
        (refusal("XX000", 500), "no [XX000]"),
        (BadAnswerError("cut JSON", method="PATCH", path="/x", status=200),
         "cut JSON: nobody knows whether it is done"),
        (BadAnswerError("cut JSON", method="PATCH", path="/x"),
         "cut JSON: nobody knows whether it is done"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_of_the_api_leaves_open_what_was_done(
    error: BaseException, says: str, tmp_path: Path
) -> None:
    for action in ("update", "delete"):
        api = contacts({f"{action} contacts": [Step(error, done=False)] * 9}, keys="a")
        changes = (updates if action == "update" else deletes)(api, "a")
        done = execute(api, tmp_path, changes)
        assert words(done) == [f"failed a {says}"]
        is_open = says.endswith("done")
        assert done.answers == (["lost"] * 5 if is_open else ["refused"])
        assert done.report.wrote is is_open


# -- deletes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meanwhile", "script", "end", "requests"),
    [
        pytest.param(None, [], "done a", 1, id="deleted"),
        pytest.param(remove("a"), [], "done a was so already", 1, id="gone before"),
        pytest.param(edit("a", city="Y"), [], f"stale a {CHANGED}", 1,
                     id="a changed row is not deleted"),
        pytest.param(None, [Step(done=False)], f"failed a {LEFT}", 1, id="the server leaves it"),
        pytest.param(None, [SILENT], "done a", 1, id="the server does not count"),
        pytest.param(None, [loses(done=True)], "done a", 1, id="lost, and done"),
        pytest.param(None, [loses(done=False)], "done a", 2, id="lost, and not done"),
        pytest.param(None, [loses(done=False)] * 9, "failed a no answer", 5, id="lost for good"),
        pytest.param(edit("a", city="Y"), [loses(done=False)], f"stale a {CHANGED}", 1,
                     id="lost, and changed"),
        pytest.param(None, [refuses("23503", 409)], "failed a no [23503]", 1, id="refused"),
        pytest.param(None, [ROLLED_BACK], "done a", 2, id="rolled back"),
        pytest.param(None, [Step(count=lambda _: 7)],
                     "failed a the server changed 7 rows where 1 were named", 1, id="too many"),
    ],
)  # fmt: skip
def test_what_becomes_of_a_delete(
    meanwhile: Callable[[Unruly], None] | None,
    script: list[Step],
    end: str,
    requests: int,
    tmp_path: Path,
) -> None:
    api = contacts({"delete contacts": script}, keys="abcd")
    changes = deletes(api, "a")
    if meanwhile:
        meanwhile(api)
    done = execute(api, tmp_path, changes)
    assert words(done) == [end]
    assert api.sent == [("delete contacts", ids("a"))] * requests
    assert [(entry.action.value, dict(entry.after)) for entry in done.journal.entries] == [
        ("delete", {})
    ] * requests


@pytest.mark.parametrize("mark", [None, "2026-01-02T00:00:00+00:00"])
def test_a_row_that_is_only_marked_counts_as_deleted(mark: str | None, tmp_path: Path) -> None:
    api = Unruly()
    api.put("coupons", row("coupons", own_id("coupons.a"), code="A"))
    there = dict(api.rows["coupons"][own_id("coupons.a")])
    api.put("coupons", {**there, "deleted_at": mark})
    done = execute(api, tmp_path, [change("delete coupons.a", row=there)])
    assert done.ends == ["done coupons.a was so already" if mark else f"stale coupons.a {CHANGED}"]
    # to an update, a mark is a change like any other
    [one] = [change("update coupons.a", row=there, before={"code": "A"}, code="B")]
    api.put("coupons", {**there, "code": "C", "deleted_at": mark})
    assert execute(api, tmp_path, [one]).ends == [f"stale coupons.a {CHANGED}"]


# -- how it is stored -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "answered"),
    [
        pytest.param([], True, id="shown at once"),
        pytest.param([Step(shows=False)], False, id="read afterwards"),
    ],
)
def test_a_value_that_is_stored_otherwise_is_remembered(
    script: list[Step], answered: bool, tmp_path: Path
) -> None:
    api = contacts({"update contacts": script}, keys="abcd")
    api.stores = lambda values: {**values, "first_name": str(values["first_name"]).lower()}
    done = execute(api, tmp_path, updates(api, "a", "NEW"))
    said = "first_name is stored as another value than was sent, by the form lower"
    assert words(done) == [f"done a {said}" if answered else "done a"]
    [column] = done.report.stored
    assert (column.column, str(column.form), column.first) == (
        "contacts.first_name", "lower", "contacts.a")  # fmt: skip
    assert {name: str(form) for name, form in done.bindings.stored.items()} == {
        "contacts.first_name": "lower"
    }
    [entry] = done.journal.entries
    assert (entry.stored is not None) is answered
    if entry.stored is not None:
        assert entry.stored == {"id": own_id("contacts.a"), "first_name": "new"}


def test_a_value_that_is_stored_otherwise_is_seen_after_a_lost_answer(tmp_path: Path) -> None:
    api = contacts({"update contacts": [loses(done=True)]}, keys="abcd")
    api.stores = lambda values: {**values, "first_name": str(values["first_name"]).lower()}
    done = execute(api, tmp_path, updates(api, "a", "NEW"))
    said = "first_name is stored as another value than was sent, by the form lower"
    assert words(done) == [f"done a {said}"]
    assert [column.first for column in done.report.stored] == ["contacts.a"]


def test_what_was_so_already_may_be_stored_otherwise_too(tmp_path: Path) -> None:
    api = contacts(keys="a")
    changes = updates(api, "a", "NEW")
    edit("a", first_name="new")(api)
    said = "first_name is stored as another value than was sent, by the form lower"
    assert words(execute(api, tmp_path, changes)) == [f"done a was so already; {said}"]


def test_a_run_that_is_stopped_sends_no_more(tmp_path: Path) -> None:
    api = contacts({"update contacts": [refuses("22003")]}, keys="abcd")
    changes = updates(api, "a b")
    done = execute(api, tmp_path, changes, stop=lambda: len(api.sent) > 0)
    assert words(done) == [f"skipped {key} the run was stopped before" for key in "ab"]
    assert asked(api) == ["a b"]

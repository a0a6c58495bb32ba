"""Unique values that move inside one plan, on a server that takes none twice."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from reconciler.plan.change import Change
from reconciler.values.column import JSON
from tests.builders import change, foreign_id, own_id, row
from tests.executing import Execution, bindings_in, execute
from tests.unruly import GOOD, UNREACHABLE, Step, Unruly, refusal, refuses

ASIDE = "; it holds a third value for now, since another row of the plan was to have its own"


def third(row_id: str) -> str:
    """The value that a row takes for a moment."""
    return "MOVING" + sha256(row_id.encode()).hexdigest()[:12].upper()


def server(script: dict[str, list[Step]] | None = None, /, **codes: str) -> Unruly:
    """Have coupons with these codes."""
    api = Unruly(script)
    for key, code in codes.items():
        api.put("coupons", row("coupons", own_id(f"coupons.{key}"), code=code))
    return api


def there(api: Unruly, key: str) -> dict[str, JSON]:
    return dict(api.rows["coupons"][own_id(f"coupons.{key}")])


def to(api: Unruly, **codes: str) -> list[Change]:
    """Give coupons other codes."""
    return [
        change(f"update coupons.{key}", row=there(api, key), code=code,
               before={"code": there(api, key)["code"]})
        for key, code in codes.items()
    ]  # fmt: skip


def new(key: str, code: str) -> Change:
    return change(f"create coupons.{key}", code=code)


def delete(api: Unruly, key: str) -> Change:
    return change(f"delete coupons.{key}", row=there(api, key))


def codes(api: Unruly) -> dict[str, JSON]:
    """Give the codes as they are now, by key."""
    keys = {own_id(f"coupons.{key}"): key for key in "abcd"}
    return {keys[row_id]: one["code"] for row_id, one in sorted(api.rows["coupons"].items())}


def tried(api: Unruly) -> list[str]:
    """List the codes that were sent, as they were."""
    found = []
    for _, given in api.sent:
        last = given[-1] if isinstance(given, list) else None
        if isinstance(last, dict):
            found.append("THIRD" if str(last["code"]).startswith("MOVING") else str(last["code"]))
    return found


def ends(done: Execution) -> list[str]:
    return [
        line.replace("coupons.", "").replace(
            " (Key (organization_id, code)=(x, y) already exists.)", ""
        )
        for line in done.ends
    ]


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        pytest.param({"a": "X", "b": "Y"}, {"a": "Y", "b": "X"}, "Y X THIRD Y X", id="two swap"),
        pytest.param({"a": "X", "b": "Y", "c": "Z"}, {"a": "Y", "b": "Z", "c": "X"},
                     "Y Z X THIRD Y X Z", id="three in a circle"),
        pytest.param({"a": "X", "b": "Y"}, {"a": "Y", "b": "Z"}, "Y Z Y", id="one waits"),
        pytest.param({"a": "X", "b": "Y", "c": "Z"}, {"a": "Y", "b": "Z", "c": "W"},
                     "Y Z W Z Y", id="two wait"),
        pytest.param({"a": "X", "b": "Y"}, {"b": "Z", "a": "Y"}, "Z Y", id="nobody waits"),
        pytest.param({"a": "X", "b": "Y", "c": "V", "d": "W"},
                     {"a": "Y", "b": "X", "c": "W", "d": "V"},
                     "Y X W V THIRD Y X THIRD W V", id="two pairs"),
    ],
)  # fmt: skip
def test_codes_move_in_an_order_that_the_server_takes(
    before: dict[str, str], after: dict[str, str], sent: str, tmp_path: Path
) -> None:
    api = server(**before)
    changes = to(api, **after)
    done = execute(api, tmp_path, changes)
    assert done.report.complete
    assert [one.change for one in done.report.outcomes] == changes
    assert {one.message for one in done.report.outcomes} == {None}
    assert codes(api) == dict(
        sorted({**before, **after}.items(), key=lambda i: own_id(f"coupons.{i[0]}"))
    )
    assert tried(api) == sent.split()
    assert sorted(done.events) == sorted(
        f"{what} coupons.{key}" for key in after for what in ("started", "done")
    )


def test_the_journal_holds_every_step_with_the_row_before_it(tmp_path: Path) -> None:
    api = server(a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"))
    aside = third(own_id("coupons.b"))
    a, b = own_id("coupons.a"), own_id("coupons.b")
    assert [
        (one.id, one.answer, (one.before or {})["code"], one.after["code"])
        for one in done.journal.entries
    ] == [
        (a, "refused", "X", "Y"),
        (b, "refused", "Y", "X"),
        (b, "done", "Y", aside),
        (a, "done", "X", "Y"),
        (b, "done", aside, "X"),
    ]


def test_a_new_row_takes_the_code_of_one_that_moves_on(tmp_path: Path) -> None:
    api = server(b="Y")
    done = execute(api, tmp_path, [new("a", "Y"), *to(api, b="Z")])
    assert done.report.complete
    assert tried(api) == ["Y", "Z", "Y"]
    assert codes(api) == codes(server(a="Y", b="Z"))


def test_a_new_row_takes_the_code_of_one_that_is_deleted_later(tmp_path: Path) -> None:
    api = server(b="Y")
    done = execute(api, tmp_path, [new("a", "Y")], [delete(api, "b")])
    assert ends(done) == ["done a", "done b"]
    assert tried(api) == ["Y", "THIRD", "Y"]
    assert codes(api) == {"a": "Y"}
    [deleted] = [e for e in done.journal.entries if e.action.value == "delete"]
    assert (deleted.before or {})["code"] == third(own_id("coupons.b"))


def test_a_row_that_was_to_be_deleted_and_was_not_is_said_to_hold_a_third_value(
    tmp_path: Path,
) -> None:
    api = server({"delete coupons": [refuses("22003")]}, b="Y")
    done = execute(api, tmp_path, [new("a", "Y")], [delete(api, "b")])
    assert ends(done) == ["done a", f"failed b no [22003]{ASIDE}"]
    assert codes(api)["b"] == third(own_id("coupons.b"))


def test_where_the_new_row_is_refused_the_other_gets_its_code_back(tmp_path: Path) -> None:
    api = server({"create coupons": [GOOD, refuses("22003")]}, b="Y")
    done = execute(api, tmp_path, [new("a", "Y")], [delete(api, "b")])
    assert ends(done) == ["failed a no [22003]", "done b"]
    assert tried(api) == ["Y", "THIRD", "Y", "Y"]
    api = server(
        {"create coupons": [GOOD, refuses("22003")], "delete coupons": [refuses("22003")]}, b="Y"
    )
    done = execute(api, tmp_path, [new("a", "Y")], [delete(api, "b")])
    assert ends(done) == ["failed a no [22003]", "failed b no [22003]"]
    assert codes(api) == {"b": "Y"}


@pytest.mark.parametrize(
    ("script", "sent", "expected", "after"),
    [
        pytest.param([GOOD, GOOD, GOOD, refuses("22003")], "Y X THIRD Y Y",
                     ["failed a no [22003]",
                      "failed b taken [23505]; a has that code, and a was not done"],
                     {"a": "X", "b": "Y"}, id="the third value is taken back"),
        pytest.param([GOOD, GOOD, GOOD, GOOD, refuses("22003")], "Y X THIRD Y X",
                     ["done a", f"failed b no [22003]{ASIDE}"], {"a": "Y", "b": "THIRD"},
                     id="it cannot be taken back, since another has the old one"),
        pytest.param([GOOD, GOOD, refuses("22003")], "Y X THIRD Y",
                     ["failed a taken [23505]; b has that code, and no [22003]",
                      "failed b taken [23505]; a has that code, and a was not done"],
                     {"a": "X", "b": "Y"}, id="no third value is taken"),
        pytest.param([GOOD, GOOD, GOOD, refuses("22003"), refuses("22003")], "Y X THIRD Y Y",
                     ["failed a no [22003]",
                      f"failed b taken [23505]; a has that code, and a was not done"
                      f"{ASIDE}"], {"a": "X", "b": "THIRD"}, id="nor is it taken back"),
    ],
)  # fmt: skip
def test_what_is_left_where_a_step_fails(
    script: list[Step], sent: str, expected: list[str], after: dict[str, str], tmp_path: Path
) -> None:
    api = server({"update coupons": script}, a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"))
    assert ends(done) == expected
    assert {
        k: "THIRD" if str(v).startswith("MOVING") else v for k, v in codes(api).items()
    } == after


def test_where_the_row_cannot_be_read_any_more_it_is_said(tmp_path: Path) -> None:
    api = server({"look coupons": [UNREACHABLE]}, a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"))
    assert ends(done)[0] == (
        "failed a taken [23505]; b has that code, and it cannot be read any more"
    )


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (True, None),
        (False, "b has that code, and nothing but that value tells which row it is"),
    ],
)
def test_only_a_row_that_is_known_by_its_id_takes_a_third_value(
    bound: bool, said: str | None, tmp_path: Path
) -> None:
    api = server(a="X")
    api.put("coupons", row("coupons", foreign_id(5), code="Y"))
    held = dict(api.rows["coupons"][foreign_id(5)])
    other = change("update coupons.b", id=foreign_id(5), row=held, before={"code": "Y"}, code="X")
    bindings = bindings_in(
        tmp_path, **({"coupons__b": (foreign_id(5), "adopted")} if bound else {})
    )
    done = execute(api, tmp_path, [*to(api, a="Y"), other], bindings=bindings)
    assert done.report.complete is bound
    if said:
        assert ends(done)[0] == f"failed a taken [23505]; {said}"
        assert done.report.outcomes[0].hint == (
            "apply in two steps: give coupons.b another code (or let it go), then coupons.a this"
            " one"
        )


def emails(api: Unruly, **given: str) -> list[Change]:
    """Give contacts other addresses."""
    return [
        change(f"update contacts.{key}", row=dict(api.rows["contacts"][own_id(f"contacts.{key}")]),
               before={"email": f"{key}@x.net"}, email=email)
        for key, email in given.items()
    ]  # fmt: skip


def test_a_value_that_means_something_is_never_replaced_for_a_moment(tmp_path: Path) -> None:
    details = "Key (email)=(x) already exists."
    taken = Step(refusal("23505", 409, "taken", details), done=False)
    api = Unruly({"update contacts": [taken, taken, taken]})
    for key in "ab":
        api.put("contacts", row("contacts", own_id(f"contacts.{key}"), email=f"{key}@x.net"))
    done = execute(api, tmp_path, emails(api, a="b@x.net", b="a@x.net"))
    said = [str(one.message) for one in done.report.outcomes]
    assert said[0].endswith("; contacts.b has that email, and a third email is not safe")
    assert said[1].endswith("; contacts.a has that email, and a third email is not safe")
    assert len(api.sent) == 2


def test_a_code_that_nobody_of_the_plan_lets_go_is_refused_as_it_is(tmp_path: Path) -> None:
    """That another column of the other row changes is no help."""
    api = server(a="X", b="Y")
    other = change("update coupons.b", row=there(api, "b"), description="new")
    for changes in (to(api, a="Y"), [*to(api, a="Y"), other]):
        done = execute(api, tmp_path, changes)
        assert ends(done)[0] == "failed a taken [23505]"
        assert codes(api) == codes(server(a="X", b="Y"))
    assert there(api, "b")["description"] == "new"


@pytest.mark.parametrize("word", ["THIRD", "X"])
def test_once_begun_it_is_not_stopped(word: str, tmp_path: Path) -> None:
    api = server(a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"), [new("c", "Z")],
                   stop=lambda: tried(api).count("Y") + tried(api).count("THIRD") > 1)  # fmt: skip
    assert ends(done) == ["done a", "done b", "skipped c the run was stopped before"]
    assert done.report.stopped
    assert word in tried(api)


def test_before_it_begins_it_may_be_stopped(tmp_path: Path) -> None:
    api = server(a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"), stop=lambda: len(api.sent) == 2)
    assert ends(done) == ["failed a taken [23505]", "failed b taken [23505]"]
    assert len(api.sent) == 2


def test_nothing_is_moved_once_the_run_is_given_up(tmp_path: Path) -> None:
    expired = refuses("PGRST301", 401, "JWT expired")
    api = server({"update coupons": [GOOD, GOOD, expired]}, a="X", b="Y", c="Z")
    done = execute(api, tmp_path, to(api, a="Y", b="X", c="W"))
    assert ends(done) == [
        "failed a taken [23505]",
        "failed b taken [23505]",
        "failed c JWT expired [PGRST301]",
    ]


def edit(key: str, **values: JSON) -> Callable[[Unruly], None]:
    return lambda api: api.put("coupons", {**there(api, key), **values})


def test_a_row_that_moved_is_locked_as_this_run_left_it(tmp_path: Path) -> None:
    """Somebody else's change of it in between is seen."""
    steps = [GOOD, GOOD, GOOD, Step(first=edit("b", code="OTHER"))]
    api = server({"update coupons": steps}, a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"))
    assert ends(done) == ["done a", f"stale b the row was changed since the plan{ASIDE}"]
    assert codes(api)["b"] == "OTHER"
    [_, second] = done.report.outcomes
    assert second.change.columns["code"].before == "Y"  # as the plan has it, for people


def test_a_row_whose_value_moves_may_change_other_columns_too(tmp_path: Path) -> None:
    api = server(a="X", b="Y")
    first, second = to(api, a="Y", b="X")
    more = change("update coupons.b", description="new").columns
    both = replace(second, columns={**second.columns, **more})
    done = execute(api, tmp_path, [first, both])
    assert done.report.complete
    assert there(api, "b")["description"] == "new"


@pytest.mark.parametrize("step", [2, 3, 4])
def test_another_column_that_somebody_changes_in_between_is_no_hindrance(
    step: int, tmp_path: Path
) -> None:
    """The lock is refreshed: the code is still what the plan, or this run, left there."""
    steps = [GOOD] * step + [Step(first=edit("b" if step != 3 else "a", description="z"))]
    api = server({"update coupons": steps}, a="X", b="Y")
    done = execute(api, tmp_path, to(api, a="Y", b="X"))
    assert done.report.complete
    assert codes(api) == codes(server(a="Y", b="X"))


def test_a_code_is_given_back_although_another_column_was_changed(tmp_path: Path) -> None:
    steps = [GOOD, GOOD, GOOD, refuses("22003"), Step(first=edit("b", description="z"))]
    api = server({"update coupons": steps}, a="X", b="Y")
    execute(api, tmp_path, to(api, a="Y", b="X"))
    assert codes(api) == codes(server(a="X", b="Y"))

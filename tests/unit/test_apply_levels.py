"""How a plan is walked: level by level, what waits for what, what is bound, and what is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.diagnostics import ReconcilerError
from reconciler.execution import Report, State
from reconciler.execution.outcome import Outcome
from reconciler.plan.change import Change
from reconciler.spans import Fact, Span, heard_by
from tests.builders import KINDS, change, foreign_id, own_id
from tests.executing import contacts, create, execute, on, words
from tests.unruly import UNREACHABLE, Step, Unruly, loses, refuses

A = own_id("contacts.a")
WRONG = "the server changed 9 rows where 1 were named"
TOO_MANY = Step(count=lambda _: 9)


# -- levels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "script", "ends"),
    [
        pytest.param([[create("a")], [create("b", needs="a")]], {}, ["done a", "done b"],
                     id="a level after the other"),
        pytest.param([[create("a")], [create("b", needs="a"), create("c")]],
                     {"create contacts": [refuses("22003")]},
                     ["failed a no [22003]", "skipped b it needs a, which was not done", "done c"],
                     id="what needs a failed one is skipped, the rest goes on"),
        pytest.param([[create("a")], [create("b", needs="a")], [create("c", needs="b")]],
                     {"create contacts": [refuses("22003")]},
                     ["failed a no [22003]", "skipped b it needs a, which was not done",
                      "skipped c it needs b, which was not done"], id="and so on"),
        pytest.param([[create("b"), create("a")], [create("c", needs="a b d")]],
                     {"create contacts": [refuses("42501", 403)]},
                     ["failed b no [42501]", "failed a no [42501]",
                      "skipped c it needs a, b, which was not done"], id="two at once"),
        pytest.param([[create("a")], [create("b")]],
                     {"create contacts": [refuses("PGRST301", 401, "JWT expired")]},
                     ["failed a JWT expired [PGRST301]", "skipped b JWT expired"],
                     id="the key is refused"),
        pytest.param([[create("a")], [create("b", needs="a"), create("c")]],
                     {"create contacts": [refuses("PGRST301", 401, "JWT expired")]},
                     ["failed a JWT expired [PGRST301]",
                      "skipped b it needs a, which was not done", "skipped c JWT expired"],
                     id="the key is refused, and one would have been skipped anyway"),
        pytest.param([[create("a")], [create("b")]], {"create contacts": [UNREACHABLE]},
                     ["failed a no connection", "skipped b no connection"],
                     id="there is no network"),
        pytest.param([[create("a")], [create("b")]],
                     {"create contacts": [Step(ReconcilerError("odd", hint="do"), done=False)]},
                     ["failed a odd", "done b"], id="any other error ends nothing else"),
        pytest.param([[create("a")], [create("b")]],
                     {"create contacts": [loses(done=False), loses(done=True)]},
                     ["done a", "done b"], id="a lost answer ends nothing"),
    ],
)  # fmt: skip
def test_what_becomes_of_the_levels(
    levels: list[list[Change]], script: dict[str, list[Step]], ends: list[str], tmp_path: Path
) -> None:
    done = execute(contacts(script), tmp_path, *levels)
    assert [end.replace("contacts.", "") for end in done.ends] == ends
    settled = [end.partition(" ")[0] for end in ends]
    assert [done.report.count(state) for state in State] == [
        settled.count(state.value) for state in State
    ]
    hints = {"skipped": "apply again once that is mended"}
    for outcome in done.report.outcomes:
        assert outcome.hint == hints.get(outcome.state.value, outcome.hint)


def test_other_requests_of_a_level_are_not_sent_once_a_run_is_given_up(tmp_path: Path) -> None:
    api = contacts({"update contacts": [TOO_MANY]}, keys="ab")
    changes = [on(api, "update contacts.a", first_name="x"),
               on(api, "update contacts.b", first_name="y"),
               on(api, "update contacts.b", last_name="z")]  # fmt: skip
    done = execute(api, tmp_path, changes, [create("c")])
    assert words(done)[0] == f"failed a {WRONG}"
    assert words(done)[2:] == [f"skipped b {WRONG}", f"skipped c {WRONG}"]
    assert "started contacts.c" not in done.events


def test_an_update_that_failed_holds_nothing_up(tmp_path: Path) -> None:
    """Only a row that was not made is missing."""
    api = contacts({"update contacts": [refuses("22003")]}, keys="a")
    one = on(api, "update contacts.a", first_name="x")
    done = execute(api, tmp_path, [one], [create("b", needs="a")])
    assert words(done) == ["failed a no [22003]", "done b"]


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (ReconcilerError("odd", hint="do"), "odd", "do"),
        (UNREACHABLE.error, "no connection", "plug it in"),
    ],
)
def test_what_a_request_raises_is_said_with_what_to_do(
    error: BaseException, message: str, hint: str, tmp_path: Path
) -> None:
    """A look that fails before a product is made."""
    api = Unruly({"look products": [Step(error)]})
    one = replace(change("create products.villa", name={"default": "Villa"}), id=None)
    done = execute(api, tmp_path, [one], [create("a")])
    first, second = done.report.outcomes
    assert (first.state, first.message, first.hint) == (State.FAILED, message, hint)
    goes_on = error is not UNREACHABLE.error
    assert second.state is (State.DONE if goes_on else State.SKIPPED)
    assert second.message == (None if goes_on else "no connection")


@pytest.mark.parametrize(
    ("after", "ends"),
    [
        (0, ["a", "b", "c", "d"]),
        (1, ["b", "c", "d"]),
        (2, ["c", "d"]),
        (3, []),
    ],
)
def test_a_run_may_be_stopped_before_each_request(
    after: int, ends: list[str], tmp_path: Path
) -> None:
    api = contacts()
    changes = [[create("a")], [create("b", needs="a")], [create("c"), create("d", needs="b")]]
    done = execute(api, tmp_path, *changes, stop=lambda: len(api.sent) >= after)
    assert [one for one in words(done) if "skipped" in one] == [
        f"skipped {key} the run was stopped before" for key in ends
    ]
    assert len(api.sent) == after
    assert (done.report.stopped, done.journal.stopped, done.journal.ended) == (True, True, True)
    assert done.report.complete is (not ends)
    assert done.report.in_vain is (after == 0)


def test_a_run_to_the_end_is_not_stopped(tmp_path: Path) -> None:
    done = execute(contacts(), tmp_path, [create("a")])
    assert (done.report.stopped, done.journal.stopped, done.journal.ended) == (False, False, True)


# -- what is told ---------------------------------------------------------------------------------


class Stages:
    """Hears the parts of a run."""

    def __init__(self) -> None:
        self.reached_: list[tuple[str, dict[str, Fact]]] = []

    def begun(self, span: Span) -> None: ...

    def ended(self, span: Span) -> None:
        if not span.is_request:
            self.reached_.append((span.name, span.facts))


def test_each_change_is_told_to_begin_once_and_to_end(tmp_path: Path) -> None:
    api = contacts({"create contacts": [refuses("22003"), loses(done=False)]})
    stages = Stages()
    with heard_by(stages):
        done = execute(api, tmp_path, [create("a"), create("b")], [create("c", needs="x")])
    started = [one for one in done.events if one.startswith("started")]
    assert started == ["started contacts.a", "started contacts.b", "started contacts.c"]
    assert sorted(set(done.events) - set(started)) == [f"done contacts.{key}" for key in "abc"]
    counts = {"done": 3, "failed": 0, "stale": 0, "skipped": 0}
    assert stages.reached_ == [("approve", {}), ("apply", counts)]


def test_what_needs_no_request_does_not_begin(tmp_path: Path) -> None:
    api = contacts(keys="a")
    one = replace(on(api, "adopt contacts.a"), binding="adopted")
    done = execute(api, tmp_path, [one], [create("b"), create("c", needs="b")])
    assert done.events[0] == "done contacts.a"
    assert "started contacts.a" not in done.events


def counted(**states: int) -> Report:
    outcomes = (Outcome(create("a"), State(state)) for state, n in states.items() for _ in range(n))
    return Report(tuple(outcomes), stopped=False, wrote=bool(states.get("done")))


@pytest.mark.parametrize(
    ("report", "complete", "in_vain", "code"),
    [
        (counted(done=2), True, False, 0),
        (counted(done=1, failed=1), False, False, 5),
        (counted(failed=1), False, True, 1),
        (replace(counted(failed=1), wrote=True), False, False, 5),
        (replace(counted(done=1, stale=1), wrote=False), False, False, 5),
        (replace(counted(failed=1), stopped=True), False, True, 130),
        (counted(), True, False, 0),
    ],
)
def test_a_report_sums_up(report: Report, complete: bool, in_vain: bool, code: int) -> None:
    assert (report.complete, report.in_vain, report.exit_code) == (complete, in_vain, code)


@pytest.mark.parametrize(
    ("script", "wrote"),
    [
        ([], True),
        ([Step(done=False)], False),
        ([refuses("22003")], False),
        ([loses(done=False)] * 9, True),
        ([Step(done=False, count=lambda _: None)], True),  # it may have been
    ],
)
def test_whether_anything_was_written_is_known(
    script: list[Step], wrote: bool, tmp_path: Path
) -> None:
    api = contacts({"update contacts": script}, keys="a")
    done = execute(api, tmp_path, [on(api, "update contacts.a", first_name="x")])
    assert done.report.wrote is wrote


def test_what_was_written_once_stays_written(tmp_path: Path) -> None:
    for script in ([Step(), refuses("22003")], [loses(done=True), refuses("22003")]):
        done = execute(
            contacts({"create contacts": script}), tmp_path, [create("a")], [create("b")]
        )
        assert done.report.wrote


# -- who refers to what is deleted ----------------------------------------------------------------


def referring(api: Unruly, *numbers: int) -> None:
    """Have somebody make links to the contact a."""
    for number in numbers:
        api.put("contact_bookings", {"id": foreign_id(number), "contact_id": A})


def link(number: int) -> str:
    return f"contact_bookings[{foreign_id(number)}]"


@pytest.mark.parametrize(
    ("there", "known", "says"),
    [
        ([], [], None),
        ([1], [1], None),
        ([1, 2], [1], f"it is referenced by {link(2)}, which the plan did not list"),
        ([1, 2, 3], [], f"it is referenced by {link(1)}, {link(2)}, {link(3)}, which the plan did"
         " not list"),
        ([1, 2, 3, 4], [], f"it is referenced by {link(1)}, {link(2)}, {link(3)} and 1 more, which"
         " the plan did not list"),
        ([5, 4, 3, 2, 1], [], f"it is referenced by {link(1)}, {link(2)}, {link(3)} and 2 more,"
         " which the plan did not list"),
    ],
)  # fmt: skip
def test_who_came_since_the_plan_holds_a_row(
    there: list[int], known: list[int], says: str | None, tmp_path: Path
) -> None:
    api = contacts(keys="ab")
    referring(api, *there)
    listed = frozenset(("contact_bookings", foreign_id(number)) for number in known)
    deletes = [replace(on(api, "delete contacts.a"), referenced_by=listed),
               on(api, "delete contacts.b")]  # fmt: skip
    done = execute(api, tmp_path, deletes)
    assert words(done) == [f"stale a {says}" if says else "done a", "done b"]
    assert set(api.rows["contacts"]) == ({A} if says else set())


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ([1], "contact_bookings.l1"),
        ([1, 2, 3], "contact_bookings.l1, contact_bookings.l2, contact_bookings.l3"),
        ([4, 1, 2, 3], "contact_bookings.l1, contact_bookings.l2, contact_bookings.l3 and 1 more"),
    ],
)
def test_what_the_plan_was_to_delete_and_did_not_holds_a_row(
    numbers: list[int], names: str, tmp_path: Path
) -> None:
    api = contacts({"delete contact_bookings": [refuses("42501", 403)]}, keys="a")
    referring(api, *numbers)
    links = [
        change(f"delete contact_bookings.l{n}", id=foreign_id(n),
               row=dict(api.rows["contact_bookings"][foreign_id(n)]))
        for n in numbers
    ]  # fmt: skip
    done = execute(api, tmp_path, links, [on(api, "delete contacts.a")])
    assert done.ends[-1] == f"skipped contacts.a it is still referenced by {names}"
    assert A in api.rows["contacts"]


def test_a_row_that_refers_to_itself_holds_nobody(tmp_path: Path) -> None:
    api = Unruly()
    own = own_id("contacts.a")
    column = next(
        (kind, c) for kind in KINDS.values() for c in kind.columns.values()
        if c.reference and c.reference.kind == kind.name and kind.can_list
        and not c.unconfirmed and not kind.delete_action and kind.verbs.keys() - {"list"}
    )  # fmt: skip
    kind, reference = column
    api.put(kind.name, {kind.id_column: own, reference.name: own})
    one = change(f"delete {kind.name}.a", id=own, row=dict(api.rows[kind.name][own]))
    assert execute(api, tmp_path, [one]).report.complete


def test_rows_that_nobody_can_say_are_free_are_not_deleted(tmp_path: Path) -> None:
    api = contacts({"read contact_bookings": [UNREACHABLE]}, keys="ab")
    done = execute(api, tmp_path, [on(api, "delete contacts.a"), on(api, "delete contacts.b")])
    why = "nobody knows what references it: no connection"
    assert words(done) == [f"skipped a {why}", f"skipped b {why}"]
    assert api.sent == []

"""What apply makes of answers that a sandbox does not give: a server that is a function."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from reconciler.bindings import Binding, Bindings
from reconciler.catalogue.kind import Kind
from reconciler.client.client import ApiClient
from reconciler.client.connection import Connection
from reconciler.client.transport import HopelessError
from reconciler.execution import Outcome, Report, State, apply
from reconciler.execution.batches import values_of
from reconciler.journal.read import past_runs, read_run
from reconciler.journal.records import PastRun
from reconciler.plan.change import Action, Change
from reconciler.plan.consents import MEANINGS
from reconciler.plan.model import Plan
from reconciler.planning.approval import approve
from reconciler.planning.effects import effects_of, without_id
from reconciler.planning.planned import Planned
from reconciler.values.column import JSON
from reconciler.values.sent import Sent
from tests.builders import (
    KINDS,
    ORGANIZATION,
    STACK,
    address,
    change,
    foreign_id,
    own_id,
    remembered,
    row,
)
from tests.readable import whole
from tests.scripted import Given, Script

SEEN = "2026-01-01T00:00:00+00:00"
LATER = "2026-01-02T00:00:00+00:00"
LOST = httpx.ReadError("the connection was closed")
NO_NETWORK = HopelessError("it is not valid")


class Nobody:
    """Listens to nothing."""

    def started(self, change: Change) -> None: ...

    def settled(self, outcome: Outcome) -> None: ...


def executed(
    changes: Sequence[Change],
    folder: Path,
    entries: Bindings | None = None,
    then: Sequence[Change] = (),
    **answers: Sequence[Given],
) -> Report:
    """Apply changes, all in one level, to a server that gives these answers, one by one."""
    script = {method: iter(given) for method, given in answers.items()}
    bindings = entries or Bindings(folder / "bindings.yaml", {})
    plan = Plan(STACK, ORGANIZATION, "sha256:0", (tuple(changes), tuple(then)), 0)

    async def run() -> Report:
        connection = Connection.checked("http://127.0.0.1:1", "key")
        async with ApiClient(connection, transport=Script(script)) as client:
            approved = approve(Planned(plan, remembered(bindings)), KINDS, consents=MEANINGS)
            return await apply(approved, client, KINDS, folder / "journal", listener=Nobody())

    report = asyncio.run(run())
    assert [next(rest, None) for rest in script.values()] == [None] * len(script)  # all were asked
    return report


def rows(*found: Mapping[str, JSON]) -> httpx.Response:
    """httpx.Response a list of whole rows; what is not given is empty."""
    content = orjson.dumps([whole(_kind_of(one), one) for one in found])
    return httpx.Response(200, headers={"content-range": f"*/{len(found)}"}, content=content)


def _kind_of(one: Mapping[str, JSON]) -> Kind:
    """Tell a row's kind by what it holds."""
    return KINDS["contacts" if "first_name" in one else "coupons" if "code" in one else "products"]


def changed(count: int | None) -> httpx.Response:
    """httpx.Response a write, with the number of rows that it changed where the server says it."""
    return httpx.Response(204, headers={} if count is None else {"content-range": f"*/{count}"})


def error(status: int, code: str | None, message: str = "no") -> httpx.Response:
    """httpx.Response an error."""
    words = {"message": message, "details": None, "hint": None}
    content = {**words, "code": code} if code else {"message": message}
    return httpx.Response(status, content=orjson.dumps(content))


def jane(name: str, version: str) -> dict[str, JSON]:
    return row("contacts", own_id("contacts.jane"), first_name=name, updated_at=version)


def update() -> Change:
    before = jane("Jane", SEEN)
    return change(
        "update contacts.jane", row=before, before={"first_name": "Jane"}, first_name="Janet"
    )


def delete() -> Change:
    return change("delete contacts.jane", row=jane("Jane", SEEN))


def create() -> Change:
    return change("create contacts.jane", first_name="Jane")


def last_run(folder: Path) -> PastRun:
    """Read the journal of the last run back."""
    return read_run(past_runs(folder / "journal")[-1])


def only(report: Report) -> tuple[State, str | None]:
    [outcome] = report.outcomes
    return outcome.state, outcome.message


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait as good as never."""
    monkeypatch.setattr("reconciler.client.retries._SECOND", 0.0004)


# -- updates and deletes ------------------------------------------------------------------------


def test_a_row_that_the_server_leaves_as_it_was_may_not_be_written(tmp_path: Path) -> None:
    report = executed([update()], tmp_path, PATCH=[changed(0)], GET=[rows(jane("Jane", SEEN))])
    assert only(report) == (State.FAILED, "the server left the row as it was, and gave no reason")
    assert "right to write" in str(report.outcomes[0].hint)


@pytest.mark.parametrize(
    ("found", "ending"),
    [
        (jane("Janet", LATER), (State.DONE, None)),
        (jane("Joan", LATER), (State.STALE, "the row was changed since the plan")),
    ],
)
def test_a_server_that_does_not_count_is_read_again(
    tmp_path: Path, found: dict[str, JSON], ending: tuple[State, str | None]
) -> None:
    report = executed([update()], tmp_path, PATCH=[changed(None)], GET=[rows(found)])
    assert only(report) == ending


def test_a_lock_is_refreshed_once_only(tmp_path: Path) -> None:
    moved = [rows(jane("Jane", LATER)), rows(jane("Jane", "2026-01-03T00:00:00+00:00"))]
    report = executed([update()], tmp_path, PATCH=[changed(0), changed(0)], GET=[*moved])
    assert only(report) == (State.STALE, "the row keeps being changed by somebody else")


def test_a_lost_answer_is_looked_after_as_often_as_it_is_lost(tmp_path: Path) -> None:
    report = executed(
        [update()],
        tmp_path,
        PATCH=[LOST, LOST, LOST, changed(1)],
        GET=[rows(jane("Jane", SEEN))] * 3,
    )
    assert only(report) == (State.DONE, None)


def test_what_can_neither_be_known_nor_read_is_said_to_be_unknown(tmp_path: Path) -> None:
    report = executed([update()], tmp_path, PATCH=[LOST], GET=[NO_NETWORK])
    state, message = only(report)
    assert state is State.FAILED
    assert "no answer to PATCH /contacts" in str(message)
    assert "and it cannot be looked at: no connection" in str(message)


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_two_transactions_in_each_others_way_are_tried_again(tmp_path: Path, code: str) -> None:
    clash = error(500, code, "deadlock detected")
    report = executed([update()], tmp_path, PATCH=[clash, clash, changed(1)])
    assert only(report) == (State.DONE, None)
    stored = rows(jane("Jane", SEEN))
    report = executed([create()], tmp_path, POST=[clash, stored])
    assert only(report) == (State.DONE, None)


def test_a_delete_whose_answer_is_lost(tmp_path: Path) -> None:
    assert only(executed([delete()], tmp_path, DELETE=[LOST], GET=[*held(), rows()])) == (
        State.DONE,
        None,
    )


def test_a_row_that_is_only_marked_as_deleted_counts_as_deleted(tmp_path: Path) -> None:
    marked = row("coupons", own_id("coupons.a"), code="A", updated_at=LATER, deleted_at=LATER)
    one = change("delete coupons.a", row={**marked, "updated_at": SEEN, "deleted_at": None})
    report = executed([one], tmp_path, DELETE=[LOST], GET=[*held("coupons"), rows(marked)])
    assert only(report) == (State.DONE, None)
    seen = row("products", foreign_id(5), updated_at=SEEN, deleted_at=None)
    one = change("delete products.villa", id=foreign_id(5), row=seen)
    gone = rows({**seen, "updated_at": LATER, "deleted_at": LATER})
    answers = [*held("products"), rows(seen), gone]
    report = executed([one], tmp_path, DELETE=[changed(1)], GET=answers)
    assert only(report) == (State.DONE, None)


def held(target: str = "contacts") -> list[httpx.Response]:
    """httpx.Response that nothing references a row: one question for each column that could."""
    columns = [
        column
        for kind in KINDS.values()
        if kind.can_list and kind.verbs.keys() - {"list"}
        for column in kind.columns.values()
        if not column.unconfirmed
        and target in {t.kind for t in (column.reference, *(p.target for p in column.places)) if t}
    ]
    return [rows() for _ in columns]


def test_rows_that_nobody_can_say_are_free_are_not_deleted(tmp_path: Path) -> None:
    report = executed([delete()], tmp_path, GET=[NO_NETWORK] * len(held()))
    state, message = only(report)
    assert state is State.SKIPPED
    assert "nobody knows what references it: no connection" in str(message)


@pytest.mark.parametrize(
    ("patch", "get"),
    [
        pytest.param([changed(900)], [], id="a lock"),
        pytest.param(
            [error(414, None), changed(900)], [rows(jane("Jane", SEEN))], id="a lock by the id only"
        ),
    ],
)
def test_a_server_that_leaves_out_our_filter_is_sent_no_more(
    patch: list[httpx.Response], get: list[httpx.Response], tmp_path: Path
) -> None:
    other = change("update taxes.vat", row=row("taxes", own_id("taxes.vat")), percentage=1)
    report = executed([update()], tmp_path, then=[other], PATCH=patch, GET=get)
    assert [outcome.state for outcome in report.outcomes] == [State.FAILED, State.SKIPPED]
    assert "the server changed 900 rows where 1 were named" in str(report.outcomes[0].message)


# -- creates ------------------------------------------------------------------------------------


def test_a_create_whose_answer_is_lost_is_found_by_its_id(tmp_path: Path) -> None:
    report = executed([create()], tmp_path, POST=[LOST], GET=[rows(jane("Jane", SEEN))])
    assert only(report) == (State.DONE, None)


def test_a_create_that_was_lost_before_it_was_done_is_sent_again(tmp_path: Path) -> None:
    stored = rows(jane("Jane", SEEN))
    report = executed([create()], tmp_path, POST=[LOST, stored], GET=[rows()])
    assert only(report) == (State.DONE, None)


def test_a_server_that_gives_ids_of_its_own_is_believed(tmp_path: Path) -> None:
    stored = rows(row("contacts", foreign_id(7), first_name="Jane", updated_at=SEEN))
    bindings = Bindings(tmp_path / "bindings.yaml", {})
    report = executed([create()], tmp_path, bindings, POST=[stored])
    assert report.outcomes[0].id == foreign_id(7)
    assert bindings.entries == {address("contacts.jane"): Binding(foreign_id(7), "owned")}
    assert foreign_id(7) in (tmp_path / "bindings.yaml").read_text()


def test_a_taken_id_whose_row_is_another_is_refused(tmp_path: Path) -> None:
    report = executed(
        [create()],
        tmp_path,
        POST=[error(409, "23505", "duplicate key")],
        GET=[rows(jane("Somebody", SEEN))],
    )
    state, message = only(report)
    assert (state, "[23505]" in str(message)) == (State.FAILED, True)


def test_a_key_that_is_refused_ends_the_run(tmp_path: Path) -> None:
    other = change("create taxes.vat", percentage=1)
    expired = error(401, "PGRST301", "JWT expired")
    report = executed([create(), other], tmp_path, POST=[expired])
    assert [one.state for one in report.outcomes] == [State.FAILED, State.SKIPPED]


def test_nothing_is_sent_any_more_once_a_key_is_refused(tmp_path: Path) -> None:
    later = change("create taxes.vat", percentage=1)
    expired = error(401, "PGRST301", "JWT expired")
    report = executed([create()], tmp_path, then=[later], POST=[expired])
    assert [one.state for one in report.outcomes] == [State.FAILED, State.SKIPPED]
    assert all("JWT expired" in str(one.message) for one in report.outcomes)


def test_a_right_that_a_key_lacks_ends_nothing_else(tmp_path: Path) -> None:
    later = change("create contacts.john", first_name="John")
    stored = rows(row("contacts", own_id("contacts.john"), first_name="John"))
    lacking = error(403, "42501", "permission denied")
    report = executed([create()], tmp_path, then=[later], POST=[lacking, stored])
    assert [one.state for one in report.outcomes] == [State.FAILED, State.DONE]


def test_ids_are_looked_for_anew_after_a_lost_answer(tmp_path: Path) -> None:
    """None of them was taken, then an answer is lost: now they may be our own rows."""
    a, b, c, d = (
        change(f"create contacts.{name}", id=foreign_id(at), first_name=name)
        for at, name in enumerate("abcd", 1)
    )
    taken = error(409, "23505", "duplicate key")
    report = executed(
        [a, b, c, d],
        tmp_path,
        POST=[taken, LOST, taken, stored_rows(c, d)],
        GET=[rows(), rows(), stored_rows(a, b)],
    )
    assert [one.state for one in report.outcomes] == [State.DONE] * 4


def test_how_many_rows_a_server_takes_is_learned_for_the_rest_of_the_run(tmp_path: Path) -> None:
    first = [change(f"create contacts.a{n}", first_name="x") for n in range(4)]
    later = [change(f"create contacts.b{n}", first_name="x") for n in range(4)]
    halves = [stored_rows(*some[at : at + 2]) for some in (first, later) for at in (0, 2)]
    too_large = error(413, None, "too large")
    report = executed(first, tmp_path, then=later, POST=[too_large, *halves])
    assert report.complete


def stored_rows(*changes: Change) -> httpx.Response:
    """httpx.Response the rows that creates made, as they were sent."""
    made = (row("contacts", str(one.id), **values_of(one, {})) for one in changes)
    return rows(*made)


def test_a_product_whose_answer_is_lost_is_never_made_twice(tmp_path: Path) -> None:
    name: Sent = {"default": "Villa"}
    named = change("create products.villa", name=name, rent_period="daily", timezone="UTC")
    one = replace(named, id=None)
    found = row("products", foreign_id(5), name={"default": "Villa"}, updated_at=SEEN)
    bindings = Bindings(tmp_path / "bindings.yaml", {})
    report = executed([one], tmp_path, bindings, POST=[LOST], GET=[rows(), rows(found)])
    assert report.outcomes[0].state is State.DONE
    assert bindings.entries == {address("products.villa"): Binding(foreign_id(5), "owned")}
    [effect] = effects_of(last_run(tmp_path), KINDS)
    assert (effect.action, effect.id) == (Action.CREATE, foreign_id(5))
    report = executed([one], tmp_path, POST=[LOST], GET=[rows(), rows()])
    assert report.outcomes[0].state is State.FAILED
    assert "look whether the row exists" in str(report.outcomes[0].hint)
    assert effects_of(last_run(tmp_path), KINDS) == ()
    [note] = without_id(last_run(tmp_path), KINDS)
    assert note.address == "products.villa"
    report = executed([one], tmp_path, POST=[LOST], GET=[rows(), NO_NETWORK])
    assert "no answer to POST /products" in str(report.outcomes[0].message)
    assert "and it cannot be looked at" in str(report.outcomes[0].message)


def test_a_product_that_somebody_made_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    name: Sent = {"default": "Villa"}
    one = change("create products.villa", name=name, rent_period="daily", timezone="UTC")
    found = row("products", foreign_id(5), name={"default": "Villa"}, updated_at=SEEN)
    report = executed([one], tmp_path, GET=[rows(found)])
    assert only(report) == (State.STALE, f"a row like it came since the plan: {foreign_id(5)}")


def test_the_journal_says_of_each_request_how_it_ended(tmp_path: Path) -> None:
    executed([update()], tmp_path, PATCH=[LOST, changed(1)], GET=[rows(jane("Jane", SEEN))])
    [path] = (tmp_path / "journal").glob("*.jsonl")
    run = read_run(path)
    assert [
        (entry.answer, entry.before and entry.before["updated_at"]) for entry in run.entries
    ] == [
        ("lost", SEEN),
        ("done", SEEN),
    ]
    assert run.ended
